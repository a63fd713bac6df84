import { error, FaultError } from '../../fault'
import { gridSize, type Grid } from '../../fields/field'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { createAdditiveRungeKutta } from '../time/additive'
import { createComposition } from '../time/composition'
import { dop853 } from '../time/dop853'
import { evolveKeeping, failureFaults } from '../time/evolve'
import { uniformGrid } from '../time/grid'
import { readTimeOptions } from '../time/options'
import { evolvedFields, fieldsOf, gridOutput, storedComponents, type StateOutput, type StepChoice } from '../time/request'
import { createExplicitRungeKutta } from '../time/runge-kutta'
import type { Stepper } from '../time/stepper'
import { ark436, rk4, tsit5 } from '../time/tableaux'
import { conservedQuantities } from './conserved'
import { createExponentialStepper } from './exponential'
import { degreeIn } from './polynomial'
import { watchResolution } from './resolution'
import { damps, semiDiscrete, splitFlows } from './semi-discrete'
import { createSpectralSystem, type SpectralSystem } from './system'

/** Relative time error over the whole run when nothing is asked for: far below what a resolved field shows. */
const defaultTolerance = 1e-9

/** The degree of the nonlinear parts in the jets; undefined: no polynomial. */
export function nonlinearDegree({ problem }: Pick<SolveRequest, 'problem'>): number | undefined {
  const names = new Set(problem.system.jet.map(entry => entry.name))
  return problem.system.remainder.reduce<number | undefined>((most, e) => {
    const degree = degreeIn(e, names)
    return most === undefined || degree === undefined ? undefined : Math.max(most, degree)
  }, 0)
}

/** ∂ₜe = L e + N(x, t, e, a, …) with constraints, on a periodic box: derivatives by wavenumbers, N at the nodes, the constant-coefficient linear part exactly, implicitly or with the rest. */
export function evolveSpectral(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, times, libm } = request
  const grid = uniformGrid(problem.axes, request.resolution)
  const time = readTimeOptions(request.options)
  const method = time.method === 'auto' ? 'etdrk4' : time.method
  const degree = nonlinearDegree(request)
  const filter = request.options.filter === true
  const dealias = typeof request.options.dealias === 'boolean' ? request.options.dealias : !filter && degree !== undefined && degree >= 2
  const system = createSpectralSystem(problem, grid, { window: dealias ? 'two-thirds' : filter ? 'exponential' : 'none', splitDiffusion: method === 'etdrk4' || method === 'imex' }, team, libm)
  const exact = !system.hasRemainder && (method === 'etdrk4' || method === 'strang' || method === 'yoshida')
  const embedded = method === 'tsit5' || method === 'dop853' || method === 'imex'
  const first = (times[times.length - 1] - times[0]) / (embedded ? 4096 : 256)
  const choice: StepChoice = time.dt !== undefined || exact
    ? { kind: 'fixed', dt: time.dt ?? Infinity }
    : { kind: embedded ? 'embedded' : 'tolerance', tolerance: time.tolerance ?? defaultTolerance, first }
  const stepper = createStepper(method, system, choice.kind === 'fixed' ? 1 : 3, team, request)
  const watched = degree === 0 || degree === 1 ? stepper : watchResolution(stepper, system, problem.system.components.filter((_, i) => problem.system.rows[i].kind === 'rate').map(component => component.unknown), choice.kind, team)
  const fields = fieldsOf(problem)
  run.log('info', `Fourier on ${request.resolution.join(' × ')} nodes${dealias ? ', 2/3 dealiasing' : filter ? ', exponential filter' : ''}; ${stepper.name}, ${exact ? 'exact in time' : time.dt === undefined ? `time tolerance ${time.tolerance ?? defaultTolerance}` : `time step ${time.dt}`}.`)
  const evolved = evolveKeeping({ unknown: problem.unknowns.map(u => u.name).join(', '), times, choice, output: gridOutput(grid, everyComponent(problem)) }, watched, team, run)
  const metrics: Record<string, number> = { unknowns: request.resolution.reduce((n, m) => n * m, problem.system.components.length), steps: evolved.steps }
  if (evolved.steps > 0) Object.assign(metrics, { dt: evolved.smallestStep, dt_largest: evolved.largestStep })
  const conserved = conservedQuantities(problem, grid, evolved, team, libm)
  return {
    fields: evolvedFields({ ...evolved, values: stored(evolved.values, evolved.times.length, problem, grid) }, fields, { grid }),
    arrays: conserved.arrays, metrics: { ...metrics, ...conserved.metrics }, converged: !evolved.failure, faults: failureFaults(evolved),
  }
}

function createStepper(method: string, system: SpectralSystem, kept: number, team: Team, { libm }: SolveRequest): Stepper {
  switch (method) {
    case 'etdrk4': return createExponentialStepper(system, team, libm, kept)
    case 'rk4': return createExplicitRungeKutta(rk4, semiDiscrete(system, team, libm), team)
    case 'tsit5': return createExplicitRungeKutta(tsit5, semiDiscrete(system, team, libm), team)
    case 'dop853': return createExplicitRungeKutta(dop853, semiDiscrete(system, team, libm), team)
    case 'imex': return createAdditiveRungeKutta(ark436, semiDiscrete(system, team, libm), team)
    case 'strang':
    case 'yoshida': {
      if (method === 'yoshida' && damps(system.symbol)) {
        throw new FaultError(error('unsupported-splitting', 'The Yoshida splitting takes steps back in time, in which the damping of this equation grows without bound.', { where: { path: 'time.method' }, tip: 'Use "strang" or "etdrk4".' }))
      }
      const { size, parts, initial, impose, nodalValues } = semiDiscrete(system, team, libm)
      return createComposition(method, splitFlows(system, team, libm), { size, parts, initial, impose, nodalValues }, team)
    }
    default: throw new FaultError(error('unknown-time-method', `The Fourier method has no time method "${method}".`, { where: { path: 'time.method' } }))
  }
}

/** The driver keeps every component, internal velocities too: conserved quantities need them. */
const everyComponent = ({ system }: AnalysedProblem): StateOutput['fields'] => system.components.map(({ name }) => ({ name }))

/** [time, component, node] of the declared unknowns' components. */
function stored(values: Float64Array, times: number, problem: AnalysedProblem, grid: Grid): Float64Array {
  const kept = storedComponents(problem)
  const all = problem.system.components.length
  if (kept.length === all && kept.every((component, i) => component === i)) return values
  const nodes = gridSize(grid)
  const out = new Float64Array(times * kept.length * nodes)
  for (let k = 0; k < times; k++) kept.forEach((component, i) => out.set(values.subarray((k * all + component) * nodes, (k * all + component + 1) * nodes), (k * kept.length + i) * nodes))
  return out
}
