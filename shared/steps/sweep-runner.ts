import type { StepEnvelope } from '../experiment/document'
import { FaultError, error, type Fault } from '../fault'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import type { Execution, LearningRuntime } from '../learning/runtime'
import { analyse } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import type { StepContext, StepKind, StepOutput, StepRunner } from './step-kind'
import { appliedTo, planSweep, type PlannedRun, type SweepPlan } from './sweep-plan'
import { groupMetrics, sweepTable, thinned, type Row, type RunCurve } from './sweep-table'

/**
 * Runs the targets' own runners one after the other, each with its options and seed put in. A run that fails is a row without numbers and a warning. Stopped, it leaves the table of the runs that are
 * done; its checkpoint holds their rows and what the run in progress has stored, so it goes on in the middle of one. Arrays: see `sweepTable`. Metrics: `runs`, `failed`, and the medians of groups.
 */
export function sweepRunner(kindOf: (step: StepEnvelope | undefined) => StepKind | undefined): StepRunner {
  return {
    async run(context) {
      const { document, step, run } = context
      const plan = planSweep(step, document)
      run.keepsWhenStopped?.()
      const rows: Row[] = run.resumed ? storedRows(run.resumed) : []
      const faults: Fault[] = []
      let stopped = false
      const warn = (planned: PlannedRun, failure: string): void => void (faults.length < 20 && faults.push({ severity: 'warning', code: 'run-failed', message: `${runName(plan, planned)} failed: ${failure}` }))
      rows.forEach((row, r) => row.failure !== undefined && warn(plan.runs[r], row.failure))
      for (let r = rows.length; r < plan.runs.length && !stopped; r++) {
        const planned = plan.runs[r]
        const name = runName(plan, planned)
        let inner = run.resumed && r === Number(run.resumed.scalars.rows) ? ofInner(run.resumed) : undefined
        const whole = (): Checkpoint => ({ scalars: { rows: r, ...prefixed(inner?.scalars ?? {}), ...rowScalars(rows) }, arrays: { ...prefixed(inner?.arrays ?? {}), ...rowArrays(rows) } })
        const within: Run = {
          ...run, resumed: inner,
          progress: update => run.progress({ ...update, fraction: (r + (update.fraction ?? 0)) / plan.runs.length, stage: `run ${r + 1} of ${plan.runs.length}: ${name}${update.stage ? ` · ${update.stage}` : ''}` }),
          // What a run has to say besides, hundreds would say.
          log: (severity, message) => severity !== 'info' && run.log(severity, `${name}: ${message}`),
          checkpoint: (make, force) => run.checkpoint(() => {
            inner = make()
            return whole()
          }, force),
        }
        try {
          run.throwIfCancelled()
          const output = await runOne(context, plan, planned, within, kindOf)
          if (output.stopped) {
            stopped = true
            break
          }
          rows.push({ metrics: output.metrics, curves: thinned(output.arrays), converged: output.converged })
          run.log('info', `${name}: ${summary(output)}`)
        } catch (reason) {
          if (reason instanceof Cancelled) {
            run.checkpoint(whole, true)
            if (rows.length === 0) throw reason
            stopped = true
            break
          }
          if (!(reason instanceof FaultError)) throw reason
          const failure = reason.faults[0].message
          rows.push({ metrics: {}, curves: {}, converged: false, failure })
          warn(planned, failure)
          run.log('warning', `${name}: ${failure}`)
        }
        inner = undefined
        run.checkpoint(() => ({ scalars: { rows: rows.length, ...rowScalars(rows) }, arrays: rowArrays(rows) }))
      }
      if (stopped && rows.length === 0) throw new Cancelled()
      const failed = rows.filter(row => row.failure !== undefined).length
      if (failed === rows.length) throw new FaultError(error('all-runs-failed', `All ${failed} runs failed; the first: ${rows[0].failure}`, { where: { path: 'of' } }))
      if (stopped) faults.push({ severity: 'info', code: 'stopped', message: `Stopped after ${rows.length} of ${plan.runs.length} runs: the table holds those.` })
      return {
        fields: [], arrays: sweepTable(plan, plan.runs, rows), metrics: { runs: rows.length, failed, ...groupMetrics(plan, plan.runs, rows) },
        converged: !stopped && rows.every(row => row.converged), ...(stopped ? { stopped: true as const } : {}), faults,
      }
    },
  }
}

async function runOne(context: StepContext, plan: SweepPlan, planned: PlannedRun, run: Run, kindOf: (step: StepEnvelope) => StepKind | undefined): Promise<StepOutput> {
  const { document, team, learning } = context
  const { target, problem } = appliedTo(document, plan, planned)
  const runner = await kindOf(target)!.load()
  const mark = team.arena.mark()
  const { runtime, dispose } = collected(learning)
  const steps = document.steps.map(other => (other.id === target.id ? target : other))
  try {
    return await runner.run({
      // Not spread: the host makes parts of it when they are first asked for.
      step: target, seed: planned.seed, run, learning: runtime, team,
      document: { ...document, seed: planned.seed, steps, ...(problem ? { problem } : {}) },
      problem: problem === document.problem ? context.problem : analysed(problem, context),
      get libm() { return context.libm },
      now: () => context.now(), input: id => context.input(id), foreign: (...asked) => context.foreign(...asked),
    })
  } finally {
    dispose()
    team.arena.release(mark)
  }
}

function analysed(problem: StepContext['document']['problem'], { libm }: StepContext): AnalysedProblem | undefined {
  const analysis = problem && analyse(problem, libm)
  const wrong = analysis?.faults.filter(fault => fault.severity === 'error') ?? []
  if (wrong.length > 0) throw new FaultError(wrong)
  return analysis?.problem
}

/** A runtime whose programs all end with the run: hundreds of runs would fill the memory. */
function collected(learning: LearningRuntime): { readonly runtime: LearningRuntime; dispose(): void } {
  const open = new Set<Execution>()
  return {
    runtime: {
      async prepare(program) {
        const execution = await learning.prepare(program)
        open.add(execution)
        return {
          backend: execution.backend, run: inputs => execution.run(inputs), state: () => execution.state(), restore: state => execution.restore(state),
          dispose() {
            if (open.delete(execution)) execution.dispose()
          },
        }
      },
    },
    dispose() {
      for (const execution of open) execution.dispose()
      open.clear()
    },
  }
}

/** `lbfgs, seed 3`, `width 16, seed 1`; without the seed where there is one. */
function runName({ groups, runs }: SweepPlan, { group, seed }: PlannedRun): string {
  return runs.some(other => other.seed !== seed) ? `${groups[group]}, seed ${seed}` : groups[group]
}

function summary({ metrics, converged }: StepOutput): string {
  const name = ['relative_l2_spacetime', 'relative_l2', 'loss', 'residual'].find(metric => metrics[metric] !== undefined)
  return `${name === undefined ? 'done' : `${name} ${metrics[name].toExponential(3)}`}${converged ? '' : ', not converged'}`
}

const innerPrefix = 'run/'
const prefixed = <T>(named: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(named).map(([name, value]) => [innerPrefix + name, value]))
const unprefixed = <T>(named: Readonly<Record<string, T>>, prefix = innerPrefix): Record<string, T> => Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])))

/** What the run in progress had stored; undefined where it had not. */
function ofInner({ scalars, arrays }: Checkpoint): Checkpoint | undefined {
  const inner = { scalars: unprefixed(scalars), arrays: unprefixed(arrays) }
  return Object.keys(inner.scalars).length + Object.keys(inner.arrays).length > 0 ? inner : undefined
}

const rowScalars = (rows: readonly Row[]): Record<string, number | string> =>
  Object.fromEntries(rows.flatMap((row, r) => [[`row${r}/converged`, Number(row.converged)], ...(row.failure === undefined ? [] : [[`row${r}/failure`, row.failure]])] as [string, number | string][]))

const rowArrays = (rows: readonly Row[]): Record<string, Float64Array> => Object.fromEntries(rows.flatMap((row, r) => [
  ...Object.entries(row.metrics).map(([name, value]) => [`row${r}/metric/${name}`, Float64Array.of(value)] as const),
  ...Object.entries(row.curves).flatMap(([name, { at, values }]) => [[`row${r}/at/${name}`, at], [`row${r}/curve/${name}`, values]] as const),
]))

function storedRows({ scalars, arrays }: Checkpoint): Row[] {
  return Array.from({ length: Number(scalars.rows) }, (_, r): Row => {
    const own = unprefixed(arrays, `row${r}/`)
    const failure = scalars[`row${r}/failure`]
    return {
      metrics: Object.fromEntries(Object.entries(unprefixed(own, 'metric/')).map(([name, value]) => [name, value[0]])),
      curves: Object.fromEntries(Object.entries(unprefixed(own, 'curve/')).map(([name, values]): [string, RunCurve] => [name, { at: own[`at/${name}`], values }])),
      converged: scalars[`row${r}/converged`] === 1, ...(typeof failure === 'string' ? { failure } : {}),
    }
  })
}
