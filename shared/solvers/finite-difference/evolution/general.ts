import { FaultError, error, type Fault } from '../../../fault'
import type { Run, Team } from '../../../kernels/team'
import type { Solution, SolveRequest } from '../../method'
import { evolveKeeping, failureFaults, type StepChoice } from '../../time/evolve'
import { uniformGrid } from '../../time/grid'
import { readTimeOptions } from '../../time/options'
import { evolvedFields, fieldsOf, gridOutput } from '../../time/request'
import type { Stepper } from '../../time/stepper'
import { conservedQuantities } from './conserved'
import { createJetSystem, keptComponents, type JetSystem } from './jet-system'
import { chooseMethod, createSystemStepper, type Method } from './methods'
import { recogniseFluxes } from './fluxes'
import { withDensityJets } from './density-jets'
import { withVelocityConditions } from './velocity-conditions'

/** Stable steps are taken up to this part of the limit; of shock-capturing steps less, since waves grow faster there. */
const safety = 0.9
const shockSafety = 0.6

/** ∂ₜu_c = row_c for any number of components, second order in time as velocities, constraints solved with every stage: differences of order 2 or 4 in one to three dimensions, holes and masks included. */
export function evolveSystem(request: SolveRequest, team: Team, run: Run): Solution {
  const { times, libm, options, resolution } = request
  const problem = withDensityJets(withVelocityConditions(request.problem))
  const mark = team.arena.mark()
  try {
    run.progress({ stage: 'difference formulas' })
    const grid = uniformGrid(problem.axes, resolution)
    const order = options.order === 4 ? 4 : 2
    const time = readTimeOptions(options)
    const asked = options.flux === 'central' || options.flux === 'weno5' ? options.flux : 'auto'
    const fluxes = asked === 'central' ? undefined : recogniseFluxes(problem, libm, asked === 'weno5')
    const system = createJetSystem(problem, grid, order, team, libm, times[0])
    checkInitial(system, team)
    const duration = times[times.length - 1] - times[0]
    const { method, reason, warnings } = chooseMethod(system, fluxes !== undefined, time.method, duration, times[0], team, libm)
    const stepper = createSystemStepper(system, method, { fluxes, order: time.order, tolerance: toleranceFor(system, order, time.tolerance), start: times[0] }, team, libm, run)
    const choice = chooseStep(method, stepper, time, toleranceFor(system, order, time.tolerance), times)
    run.log('info', `${fluxes ? 'Fifth-order WENO fluxes' : `Finite differences of order ${order}`} on ${resolution.join(' × ')} nodes, ${system.count} component${system.count === 1 ? '' : 's'}; ${stepper.name}: ${reason}.`)
    const declared = fieldsOf(problem)
    const hidden = keptComponents(problem).slice(declared.reduce((n, field) => n + (field.components?.length ?? 1), 0))
    const output = gridOutput(grid, [...declared, ...hidden.map(c => ({ name: problem.system.components[c].name }))])
    const evolved = evolveKeeping({ unknown: problem.unknown, times, choice, output }, stepper, team, run)
    const faults: Fault[] = [...warnings, ...failureFaults(evolved)]
    const metrics: Record<string, number> = { unknowns: system.size, steps: evolved.steps }
    if (evolved.steps > 0) Object.assign(metrics, { dt: evolved.smallestStep, dt_largest: evolved.largestStep })
    const conserved = conservedQuantities(system, evolved, team)
    return {
      fields: evolvedFields(evolved, output.fields, { grid }).slice(0, declared.length), arrays: conserved.arrays, metrics: { ...metrics, ...conserved.metrics }, converged: !evolved.failure, faults,
    }
  } finally {
    team.arena.release(mark)
  }
}

function checkInitial(system: JetSystem, team: Team): void {
  if (team.reduce('stepping.nonFinite', 0, system.size, [system.initial.pointer]) === 0) return
  const bad = Math.floor(system.initial.view().findIndex(value => !Number.isFinite(value)) / system.nodes)
  throw new FaultError(error('non-finite', `The initial value of ${system.problem.system.components[bad].name} is not a finite number everywhere.`, { where: { path: 'problem.initial' }, tip: 'Check it for a division by zero or a root of a negative number.' }))
}

/** Waves as long as the domain have relative space errors of about (h/L)^order: the time error stays below. */
function toleranceFor({ grid }: JetSystem, order: 2 | 4, asked: number | undefined): number {
  const finest = Math.min(...grid.axes.map(axis => (axis.coordinates[1] - axis.coordinates[0]) / (axis.upper - axis.lower)))
  return asked ?? Math.max(1e-9, order === 2 ? 0.3 * finest * finest : 10 * finest * finest * finest * finest)
}

function chooseStep(method: Method, stepper: Stepper, time: ReturnType<typeof readTimeOptions>, tolerance: number, times: Float64Array): StepChoice {
  if (time.dt !== undefined) return { kind: 'fixed', dt: time.dt }
  const duration = times[times.length - 1] - times[0]
  if (method === 'ssp') return { kind: 'stable', safety: shockSafety }
  if (time.tolerance === undefined && (method === 'rk4' || method === 'yoshida')) return { kind: 'stable', safety }
  const limit = stepper.stableStep?.(times[0]).dt ?? Infinity
  const first = Math.min(duration / 256, 0.5 * limit)
  if (stepper.embedded) return { kind: 'embedded', tolerance, first: stepper.embedded.control === 'per-step' ? Math.min(first, duration * 1e-4) : first }
  return { kind: 'tolerance', tolerance, first: duration / 256 }
}
