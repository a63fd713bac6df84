import { error, type Fault } from '../fault'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import type { Data } from './graph/graph'
import type { Execution, RunData } from './runtime'

export interface TrainingRun {
  /** Of a program whose outputs are scalars per step, `loss` among them (the loss before the step), as `trainingProgram` makes it. */
  readonly execution: Execution
  /** Steps of one call, as the program was compiled. */
  readonly stepsPerCall?: number
  /** At least one. Steps are rounded up to whole calls; seconds are counted over all parts of a resumed run. */
  readonly budget: { readonly steps?: number; readonly seconds?: number }
  /** What a call brings whose first step is number `step`: the same for the same number, so that a resumed run sees what it would have seen. Default: nothing. */
  readonly inputs?: (step: number) => Readonly<Record<string, ArrayLike<number>>>
  /** Seconds that only grow. */
  readonly clock: () => number
  readonly run: Run
  /** Steps between two copies of the state that divergence falls back to. Default 100. */
  readonly snapshotSteps?: number
  /** Called after each call with the steps done: pictures, errors against solutions. */
  readonly afterCall?: (step: number, outputs: Readonly<Record<string, RunData>>) => void | Promise<void>
}

/** State by name, with the number of steps that led to it and its loss. */
export interface Snapshot {
  readonly step: number
  readonly loss: number
  readonly state: Readonly<Record<string, Data>>
}

export interface TrainingResult {
  readonly steps: number
  readonly seconds: number
  /** Every scalar output of every step, in order: `loss`, `gradientNorm`, `rate`, … */
  readonly series: Readonly<Record<string, Float64Array>>
  /** After the last step; after divergence, the last copy that had a finite loss. */
  readonly state: Readonly<Record<string, Data>>
  /** The copy with the smallest loss. For losses over changing samples this is the luckiest one, not the best. */
  readonly best: Snapshot
  /** `learning-diverged`, in one sentence, when the loss stopped being finite. */
  readonly fault?: Fault
}

/**
 * Runs a training program for a budget. Stops between calls when the run is cancelled, stores what is needed to go on with the same bits, and ends when the loss is NaN or infinite.
 * Checkpoints hold the state in double precision, which is exact for both precisions, the curves so far and the copies kept for divergence.
 */
export async function train({ execution, stepsPerCall = 1, budget, inputs = () => ({}), clock, run, snapshotSteps = 100, afterCall }: TrainingRun): Promise<TrainingResult> {
  const progress = run.resumed ? restored(run.resumed, execution) : { done: 0, seconds: 0, series: new Map<string, Series>(), best: undefined, last: undefined }
  let { done, best, last } = progress
  const { series } = progress
  const started = clock() - progress.seconds
  const seconds = (): number => clock() - started
  const store = (): Checkpoint => stored({ done, seconds: seconds(), series, best, last }, execution.state())
  const limit = Math.ceil((budget.steps ?? Infinity) / stepsPerCall) * stepsPerCall
  let fault: Fault | undefined
  let pending: { readonly step: number; readonly state: Readonly<Record<string, Data>> } | undefined
  try {
    while (!fault && done < limit && seconds() < (budget.seconds ?? Infinity)) {
      run.throwIfCancelled()
      if (done % snapshotSteps < stepsPerCall && last?.step !== done) pending = { step: done, state: execution.state() }
      const outputs = await execution.run(inputs(done))
      for (const [name, values] of Object.entries(outputs)) if (values.length === stepsPerCall) seriesNamed(series, name).push(values)
      const bad = outputs.loss.findIndex(value => !Number.isFinite(value))
      // A copy counts once the loss that its state gives is known to be finite.
      if (pending && bad !== 0) {
        last = { ...pending, loss: outputs.loss[0] }
        if (!best || last.loss < best.loss) best = last
      }
      pending = undefined
      if (bad >= 0) fault = diverged(seriesNamed(series, 'loss').values(), done + bad)
      for (let k = 0; k < outputs.loss.length; k++) run.series('loss', done + k, outputs.loss[k])
      done += stepsPerCall
      await afterCall?.(done, outputs)
      run.progress({ step: done, ...(budget.steps === undefined ? {} : { steps: limit }), fraction: Math.min(1, Math.max(done / limit, seconds() / (budget.seconds ?? Infinity))), stage: 'training' })
      if (!fault) run.checkpoint(store)
    }
  } catch (reason) {
    if (reason instanceof Cancelled) run.checkpoint(store, true)
    throw reason
  }
  const state = fault && last ? last.state : execution.state()
  const loss = seriesNamed(series, 'loss').values()
  return {
    steps: done, seconds: seconds(), state, best: best ?? { step: done, loss: loss.length > 0 ? loss[loss.length - 1] : NaN, state },
    series: Object.fromEntries([...series].map(([name, s]) => [name, s.values()])), ...(fault ? { fault } : {}),
  }
}

function diverged(loss: Float64Array, step: number): Fault {
  const before = step > 0 ? `the last finite value was ${loss[step - 1].toExponential(3)} at step ${step}` : 'it never had a finite value'
  return error('learning-diverged', `The loss is ${String(loss[step])} at step ${step + 1}; ${before}.`, {
    tip: step === 0 ? 'Check the data and the initial weights: something divides by zero or leaves the range of its function.' : 'Lower the learning rate, or let it climb to its value over a warm-up.',
  })
}

/** A list of numbers that grows. */
interface Series {
  push(values: ArrayLike<number>): void
  values(): Float64Array
}

function growing(first: Float64Array = new Float64Array(0)): Series {
  let [buffer, length] = [first.slice(), first.length]
  return {
    push(values) {
      if (length + values.length > buffer.length) {
        const larger = new Float64Array(2 * (length + values.length))
        larger.set(buffer.subarray(0, length))
        buffer = larger
      }
      buffer.set(values, length)
      length += values.length
    },
    values: () => buffer.slice(0, length),
  }
}

function seriesNamed(all: Map<string, Series>, name: string): Series {
  const found = all.get(name) ?? growing()
  all.set(name, found)
  return found
}

interface Progress {
  readonly done: number
  readonly seconds: number
  readonly series: Map<string, Series>
  readonly best: Snapshot | undefined
  readonly last: Snapshot | undefined
}

function stored({ done, seconds, series, best, last }: Progress, state: Readonly<Record<string, Data>>): Checkpoint {
  const named = (prefix: string, values: Readonly<Record<string, ArrayLike<number>>>) => Object.entries(values).map(([name, data]) => [`${prefix}/${name}`, Float64Array.from(data)])
  const snapshot = (prefix: string, kept: Snapshot | undefined) => (kept ? named(prefix, kept.state) : [])
  return {
    scalars: { done, seconds, ...(best ? { 'best/step': best.step, 'best/loss': best.loss } : {}), ...(last ? { 'last/step': last.step, 'last/loss': last.loss } : {}) },
    arrays: Object.fromEntries([
      ...named('state', state), ...[...series].map(([name, s]) => [`series/${name}`, s.values()]), ...snapshot('last', last),
      // Mostly the same copy: its state is then not stored twice.
      ...(best && best.step !== last?.step ? snapshot('best', best) : []),
    ]) as Record<string, Float64Array>,
  }
}

function restored({ scalars, arrays }: Checkpoint, execution: Execution): Progress {
  const named = (prefix: string) => Object.fromEntries(Object.entries(arrays).flatMap(([name, values]) => (name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), values]] : [])))
  execution.restore(named('state'))
  const snapshot = (prefix: string): Snapshot | undefined => (scalars[`${prefix}/step`] === undefined ? undefined : { step: Number(scalars[`${prefix}/step`]), loss: Number(scalars[`${prefix}/loss`]), state: named(prefix) })
  const last = snapshot('last')
  const best = scalars['best/step'] === scalars['last/step'] ? last : snapshot('best')
  return { done: Number(scalars.done), seconds: Number(scalars.seconds), series: new Map(Object.entries(named('series')).map(([name, values]) => [name, growing(values)])), best, last }
}
