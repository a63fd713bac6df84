import type { Run, Team } from '../../kernels/team'
import type { EvolutionEquation } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { evolve, type StepChoice } from '../time/evolve'
import { uniformGrid } from '../time/grid'
import { readTimeOptions } from '../time/options'
import { createExponentialStepper } from './exponential'
import { degreeIn } from './polynomial'
import { createSpectralRungeKutta } from './runge-kutta'
import { createSpectralSystem } from './system'

/** Relative time error over the whole run when nothing is asked for: far below what a resolved field shows. */
const defaultTolerance = 1e-9

/** ∂ₜu = F(x, t, u, ∂u, …) on a periodic box: derivatives by wavenumbers, F at the nodes, the constant-coefficient linear part exactly (ETDRK4) or with the rest (RK4). */
export function evolveSpectral(request: SolveRequest, equation: EvolutionEquation, team: Team, run: Run): Solution {
  const { problem, times, libm } = request
  const grid = uniformGrid(problem.axes, request.resolution)
  const time = readTimeOptions(request.options)
  const degree = degreeIn(equation.spectralRemainder, new Set(equation.jet.map(entry => entry.name)))
  const nonlinear = degree !== undefined && degree >= 2
  const dealias = typeof request.options.dealias === 'boolean' ? request.options.dealias : nonlinear
  const exponential = time.method !== 'rk4'
  const system = createSpectralSystem(problem, equation, grid, dealias, exponential, team, libm)
  const exact = exponential && !system.hasRemainder
  const choice: StepChoice = time.dt !== undefined || exact
    ? { kind: 'fixed', dt: time.dt ?? Infinity }
    : { kind: 'tolerance', tolerance: time.tolerance ?? defaultTolerance, first: firstStep(times) }
  const stepper = exponential ? createExponentialStepper(system, team, libm, choice.kind === 'fixed' ? 1 : 3) : createSpectralRungeKutta(system, team)
  run.log('info', `Fourier on ${request.resolution.join(' × ')} nodes${dealias ? ', 2/3 dealiasing' : ''}; ${stepper.name}, ${exact ? 'exact in time' : choice.kind === 'tolerance' ? `time tolerance ${choice.tolerance}` : `time step ${time.dt}`}.`)
  const { values, steps, smallestStep, largestStep } = evolve({ unknown: problem.unknown, grid, times, choice }, stepper, team, run)
  const metrics: Record<string, number> = { unknowns: request.resolution.reduce((n, m) => n * m, 1), steps }
  if (steps > 0) Object.assign(metrics, { dt: smallestStep, dt_largest: largestStep })
  return { fields: [{ name: problem.unknown, grid, times: times.slice(), values }], arrays: [], metrics, converged: true, faults: [] }
}

/** The step size control starts here and halves or doubles from it. */
const firstStep = (times: Float64Array): number => (times[times.length - 1] - times[0]) / 256
