import { FaultError, error } from '../../fault'
import type { Checkpoint } from '../../kernels/team'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'
import type { ForwardSolver, Identification, IdentificationHost, IdentificationRequest } from '../method'
import { scalarMetrics, undetermined, valueCurve } from '../report'
import { scatter, type ScatteredData } from '../observations'
import { firstValues, withParameters } from '../unknowns'
import type { AdjointOptions } from './descriptor'
import { levenbergMarquardt, type LeastSquares, type LeastSquaresState } from './least-squares'
import { createSampler } from './sampler'
import { refuseSingular } from './uncertainty'

/**
 * Scalar parameters by nonlinear least squares: min_λ ½ Σ_c Σ_n |u_c(x_n, t_n; λ) − d_cn|² / s_c² with s_c the standard deviation of the data of a component. u is the classical solution of the statement with
 * these parameters; sensitivities are central differences of solutions.
 */
export async function identifyScalars(request: IdentificationRequest, options: AdjointOptions, host: IdentificationHost): Promise<Identification> {
  const { libm, unknown, random } = request
  const statement = request.statement!
  const data = scatter(request.observations, request.points, random.child('points'))
  const start = firstValues(request)
  const at = (values: Float64Array): AnalysedProblem => {
    const { problem, faults } = analyse(withParameters(statement, Object.fromEntries(unknown.map((name, k) => [name, values[k]]))), libm)
    if (!problem) throw new FaultError(faults.filter(f => f.severity === 'error'))
    return problem
  }
  const own = solverOptions(options)
  const first = atStart(() => at(start), request, start)
  const solver = await host.solver(first, own, data.times && solverTimes(data.times, first.time![0]))
  host.run.log('info', `${data.values[0].length} points; solutions by ${solver.method} on ${solver.request.resolution.join(' × ')} nodes${solver.request.times.length > 0 ? ` at ${solver.request.times.length} times` : ''}.`)
  const model = predictions(solver, data, first, request)
  const { run } = host
  let started = false
  let solves = 0
  let iteration = 0
  const problem: LeastSquares = {
    names: unknown,
    scales: start.map(v => (v === 0 ? 1 : Math.abs(v))),
    residual(values, purpose) {
      run.throwIfCancelled()
      run.progress({ step: iteration, steps: options.iterations, stage: `solution ${++solves}: ${purpose}` })
      const found = started ? model(at(values)) : atStart(() => model(at(values)), request, values)
      started = true
      return found
    },
  }
  const resumed = run.resumed && storedState(run.resumed, unknown.length)
  const history: number[][] = resumed?.history ?? []
  const result = levenbergMarquardt(problem, resumed ?? { values: start }, options, state => {
    if (state.iteration === 0) refuseSingular(unknown, state.jacobian, problem.scales, { path: 'unknown' })
    iteration = state.iteration
    record(state, history, unknown, run)
    run.checkpoint(() => checkpointOf(state, history))
  })
  if (history.length <= result.iteration) record(result, history, unknown, run)
  const metrics = scalarMetrics(request, result, { iterations: result.iteration, solutions: solves })
  const faults = [...(result.converged ? [] : [notConverged(result, options.iterations)]), ...undetermined(unknown, metrics)]
  const display = await host.solver(at(result.values), own, undefined)
  run.progress({ stage: 'the fitted solution' })
  const solution = display.solve(at(result.values))
  return {
    fields: solution.fields,
    arrays: [
      ...unknown.map((name, k) => ({ name: valueCurve(name), values: Float64Array.from(history, row => row[k]) })),
      { name: 'misfit', values: Float64Array.from(history, row => row[unknown.length]) },
      ...data.coordinates.map((values, a) => ({ name: `point_${first.axes[a].name}`, values })), ...(data.times ? [{ name: 'point_t', values: data.times }] : []),
      { name: 'residual', values: result.residual },
    ],
    metrics, converged: result.converged, faults,
    ran: { method: solver.method, ...(solver.reason === undefined ? {} : { reason: solver.reason }), resolution: solver.request.resolution },
  }
}

/** Options of the solve step that finds the solutions. */
const solverOptions = ({ solver, resolution }: AdjointOptions): Readonly<Record<string, unknown>> => ({ ...solver, ...(resolution ? { resolution } : {}) })

/** Whatever is wrong with the first values is said with them. */
function atStart<T>(work: () => T, { unknown }: IdentificationRequest, start: Float64Array): T {
  try {
    return work()
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
    const values = unknown.map((name, k) => `${name} = ${start[k]}`).join(', ')
    throw new FaultError(error('first-values', `With the first values ${values} the statement cannot be solved: ${reason.faults[0].message}`, { where: { path: 'start' }, tip: 'Give other first values in "start".' }))
  }
}

/** The initial time and every time of the data, once. */
function solverTimes(times: Float64Array, initial: number): Float64Array {
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  const span = sorted[sorted.length - 1] - initial
  return Float64Array.from([initial, ...sorted.filter(t => t > initial + 1e-10 * span)])
}

/** r = (u − d) / s at the points of the data where the solution has values, component after component. */
function predictions(solver: ForwardSolver, data: ScatteredData, problem: AnalysedProblem, { libm }: IdentificationRequest): (problem: AnalysedProblem) => Float64Array {
  const order = typeof solver.request.options.order === 'number' ? solver.request.options.order : 2
  const sampler = createSampler(data, problem, solver.method, order, libm)
  const count = data.values[0].length
  let inside: Uint8Array | undefined
  return own => {
    const solution = solver.solve(own)
    const failed = solution.faults.filter(f => f.severity === 'error')
    if (failed.length > 0) throw new FaultError(failed)
    const values = sampler(solution.fields)
    inside ??= pointsInside(values, count)
    return Float64Array.from({ length: values.length * count }, (_, i) => {
      const [c, p] = [Math.floor(i / count), i % count]
      if (!inside![p]) return 0
      const r = (values[c][p] - data.values[c][p]) / data.deviations[c]
      if (!Number.isFinite(r)) throw new FaultError(error('non-finite-solution', 'The solution has no finite value at a point of the data.'))
      return r
    })
  }
}

/** Nodes of data may lie on the rim of a curved domain, where a grid has no values; data that lie elsewhere are another matter. */
function pointsInside(values: readonly Float64Array[], count: number): Uint8Array {
  const inside = Uint8Array.from({ length: count }, (_, p) => (values.every(column => Number.isFinite(column[p])) ? 1 : 0))
  const out = inside.reduce((n, v) => n + 1 - v, 0)
  if (out > 0.2 * count) throw new FaultError(error('data-outside', `At ${out} of the ${count} points of the data the statement has no solution: they lie outside of its domain, or its solution is not finite.`, { where: { path: 'data' }, tip: 'Give data inside of the domain, or other first values in "start".' }))
  return inside
}

function record({ iteration, values, residual }: LeastSquaresState, history: number[][], names: readonly string[], run: IdentificationHost['run']): void {
  const misfit = Math.sqrt(residual.reduce((sum, r) => sum + r * r, 0) / residual.length)
  history[iteration] = [...values, misfit]
  names.forEach((name, k) => run.series(valueCurve(name), iteration, values[k]))
  run.series('misfit', iteration, misfit)
  run.log('info', `Iteration ${iteration}: ${names.map((name, k) => `${name} = ${values[k].toPrecision(7)}`).join(', ')}, misfit ${misfit.toExponential(3)}.`)
}

const checkpointOf = ({ values, damping, iteration }: LeastSquaresState, history: readonly number[][]): Checkpoint => ({ scalars: { damping, iteration }, arrays: { values: values.slice(), history: Float64Array.from(history.flat()) } })

function storedState({ scalars, arrays }: Checkpoint, count: number): { values: Float64Array; damping: number; iteration: number; history: number[][] } | undefined {
  if (arrays.values?.length !== count || !arrays.history) return undefined
  const rows = arrays.history.length / (count + 1)
  return { values: arrays.values, damping: Number(scalars.damping), iteration: Number(scalars.iteration), history: Array.from({ length: rows }, (_, i) => [...arrays.history.subarray(i * (count + 1), (i + 1) * (count + 1))]) }
}

const notConverged = ({ iteration }: LeastSquaresState, most: number) => ({
  severity: 'warning' as const, code: 'not-converged', message: iteration >= most ? `After ${iteration} iterations the values still change.` : `After ${iteration} iterations no step makes the misfit smaller, and the values have not settled.`,
  where: { path: 'start' }, tip: iteration >= most ? 'Allow more "iterations", or start nearer.' : 'Start nearer, or take a finer "resolution".',
})

