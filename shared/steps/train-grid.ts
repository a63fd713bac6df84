import { FaultError } from '../fault'
import type { Run } from '../kernels/team'
import type { NetworkStatement } from '../learning/formulations/formulation'
import type { AnalysedProblem } from '../problems/analysed'
import { methods } from '../solvers/registry'
import { measureAgainstExact } from './measure'
import { solveRequest } from './solve-options'
import { resolveRequest } from './solve-runner'
import type { NamedArray, StepContext } from './step-kind'
import { valuesOfFields, type Reference } from './train-reference'

/** What a classical solver reaches beside a training. */
export interface GridBeside {
  /** `grid_unknowns` and `grid_relative_l2` by resolution. */
  readonly arrays: readonly NamedArray[]
  /** Of each solve, for provenance. */
  readonly seconds: readonly number[]
}

/** Intervals along the longest axis, from the coarsest grid on. */
const coarsest = 8
/** Finest grids by dimension: steady and linear, steady and nonlinear, in time. */
const finest = { linear: [4096, 1024, 64], nonlinear: [1024, 128, 16], evolution: [512, 64, 16] } as const
/** Operations that a node costs, most of them for measuring the error: 3 µs where a training does some 2·10¹⁰ in a second. */
const perNode = 6e4
/** Share of the training's work that all grids together may take. */
const share = 0.2
/** Seconds after which no further grid is begun, whatever was planned. */
const most = 10

/** Operations of a training, roughly: what it is allowed to spend on grids is counted in them, so that the same document has the same grids on every machine. */
export function trainingWork({ steps, rows, columns, solvesLeastSquares }: { readonly steps: number; readonly rows: number; readonly columns: number; readonly solvesLeastSquares: boolean }): number {
  return steps * rows * columns * (solvesLeastSquares ? 60 + 28 * columns : 60)
}

/**
 * The classical solver `auto` at growing resolutions, doubling, with its error and its seconds: which grids is decided by the work of the training (a fifth of it) and the class of the statement, never by the clock, except that
 * none is begun after ten seconds. Undefined where there is nothing to measure against, no method on a grid, or too little work to compare with.
 */
export async function gridBeside(context: StepContext, problem: AnalysedProblem, statement: NetworkStatement, reference: Reference | undefined, work: number): Promise<GridBeside | undefined> {
  if (problem.cube || problem.eigenvalue || (!problem.exact && !reference)) return undefined
  const { run, libm, team, now } = context
  const quiet: Run = { ...run, resumed: undefined, progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, throwIfCancelled: () => run.throwIfCancelled() }
  const levels = gridLevels(problem, work)
  if (levels.length === 0) return undefined
  const [unknowns, errors, seconds]: number[][] = [[], [], []]
  const started = now()
  try {
    const stepAt = (resolution: readonly number[]) => ({ id: 'grid', kind: 'solve', method: 'auto', resolution: [...resolution], ...(problem.time ? { times: 2 } : {}) })
    const { method, options } = await resolveRequest(stepAt(levels.at(-1)!), problem, quiet, libm)
    const implementation = await methods.find(m => m.descriptor.id === method)!.load()
    for (const resolution of levels) {
      // The next grid takes some four to eight times as long.
      if ((now() - started) / 1000 + 4 * (seconds.at(-1) ?? 0) > most) break
      run.progress({ stage: `a grid of ${resolution.join(' × ')} for comparison` })
      const { request } = solveRequest({ ...options, ...stepAt(resolution), method }, problem, libm)
      const mark = team.arena.mark()
      try {
        if (implementation.check(request).some(f => f.severity === 'error')) continue
        const from = now()
        const solution = implementation.solve(request, team, quiet)
        const took = (now() - from) / 1000
        const error = reference ? await reference.distance(valuesOfFields(solution.fields, problem, statement, libm)) : measureAgainstExact(solution, method, request, team, quiet).relative_l2
        if (!solution.converged || !Number.isFinite(error)) continue
        unknowns.push(solution.metrics.unknowns ?? resolution.reduce((n, m) => n * m, 1))
        errors.push(error)
        seconds.push(took)
      } finally {
        team.arena.release(mark)
      }
    }
    if (errors.length > 0) run.log('info', `A grid for comparison (${method}) reaches a relative L² error of ${errors.at(-1)!.toExponential(1)} with ${unknowns.at(-1)} unknowns.`)
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
  }
  if (errors.length === 0) return undefined
  return { arrays: [{ name: 'grid_unknowns', values: Float64Array.from(unknowns) }, { name: 'grid_relative_l2', values: Float64Array.from(errors) }], seconds }
}

/** Nodes per axis of the grids, coarsest first. */
export function gridLevels(problem: AnalysedProblem, work: number): readonly (readonly number[])[] {
  const dimension = problem.axes.length
  const kind = problem.time ? 'evolution' : problem.properties.linear ? 'linear' : 'nonlinear'
  const longest = Math.max(...problem.axes.map(axis => axis.upper - axis.lower))
  const levels: number[][] = []
  let left = share * work
  for (let n = coarsest; n <= finest[kind][dimension - 1]; n *= 2) {
    const resolution = problem.axes.map(axis => {
      const intervals = Math.max(4, 4 * Math.round((n * (axis.upper - axis.lower)) / longest / 4))
      return axis.periodic ? intervals : intervals + 1
    })
    const nodes = resolution.reduce((product, m) => product * m, problem.system.components.length)
    left -= nodes * perNode * (problem.time ? n / 4 : kind === 'nonlinear' ? 10 : 1)
    if (left < 0) break
    levels.push(resolution)
  }
  return levels
}
