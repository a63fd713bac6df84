import { FaultError, error, type Fault } from '../../fault'
import type { Expression } from '../../expressions/ast'
import type { Block, Run, Team } from '../../kernels/team'
import type { EvolutionEquation } from '../../problems/analysed'
import { jumpingCoefficient } from '../jumping-coefficient'
import type { Solution, SolveRequest } from '../method'
import { dependsOnTime } from '../multigrid/boundary'
import { createEllipticOperator, type DiscreteOperator } from '../multigrid/operator'
import { createAdditiveRungeKutta } from '../time/additive'
import { evolveKeeping, failureFaults, type StepChoice } from '../time/evolve'
import { uniformGrid } from '../time/grid'
import { readTimeOptions } from '../time/options'
import { evolvedFields } from '../time/request'
import { checkSize } from '../time/size'
import type { Stepper } from '../time/stepper'
import { ark436 } from '../time/tableaux'
import { conservedQuantities } from './evolution/conserved'
import { withDensityJets } from './evolution/density-jets'
import { createJetSystem } from './evolution/jet-system'
import { recogniseFluxes } from './evolution/fluxes'
import { evolveSystem } from './evolution/general'
import { refusal } from './evolution/methods'
import { hasDiffusion, isLinear, restOf, variesInSpace } from './evolution/scalar'
import { createRungeKutta4 } from './evolution-explicit'
import { createCrankNicolson, createImexRungeKutta, createMultigridPart, leastTolerance } from './evolution-implicit'
import { createStability, imexLimits, rungeKutta4Limits } from './evolution-stability'
import { createLineSystem, type LineSystem } from './evolution-system'

/** Stable steps are taken up to this part of the limit. */
const safety = 0.9
/** Node updates of an explicit run (nodes × steps) beyond which the default is implicit when diffusion is what limits the step, by dimension: about two and five seconds on one thread. */
const explicitWork = [2e8, 5e8]

/** Derivatives of higher order than differences are made for. */
const highestOrder = 6

/** What finite-difference evolution does not cover, told before anything is computed. */
export function checkEvolution(request: SolveRequest): Fault[] {
  const { problem, resolution, options } = request
  const { equation, system, axes } = problem
  const faults: Fault[] = []
  const refuse = (code: string, message: string, tip: string, path = 'method'): void => void faults.push(error(code, message, { where: { path }, tip }))
  const { method, dt, order } = readTimeOptions(options)
  if (method === 'imex' && order !== undefined && order !== 2 && order !== 4) refuse('unsupported-order', `The implicit–explicit methods have order 2 and 4, not ${order}.`, 'Use 2 or 4, or leave it out.', 'time.order')
  if (axes.length === 0) refuse('unsupported-dimension', 'Finite differences cover one to three dimensions.', 'State the problem on a box of at most three axes.')
  resolution.forEach((nodes, a) => {
    if (nodes < 3) refuse('too-coarse', `Axis ${axes[a]?.name ?? a + 1} needs at least 3 nodes.`, 'Raise the resolution.', `resolution[${a}]`)
  })
  // Only diffusion that does not depend on the solution is differenced as a flux, and by explicit steps only where boundary data stand still.
  const fluxes = equation.kind === 'evolution' && isOrdinary(request) && !dependsOnTime(problem.boundary)
  const jump = jumpingCoefficient(problem, fluxes ? [restOf(equation)] : undefined)
  if (jump) {
    refuse('discontinuous-coefficient', `The factor of ${jump} jumps, and ${equation.kind === 'evolution' && !fluxes ? 'with these options ' : ''}differences of the written-out equation miss that the flux does not.`,
      'Use "finite-element", or for one linear equation differences of order 2 with the time methods "auto", "rk4", "imex" or "crank-nicolson".')
  }
  if (equation.kind === 'evolution' && isOrdinary(request)) {
    if (method === 'imex' && !hasDiffusion(equation)) refuse('needs-diffusion', 'The implicit–explicit method needs a diffusion term that does not depend on the unknown or on time.', 'Use "rk4".', 'time.method')
    faults.push(...checkSize(request, 20))
    return faults
  }
  const tooHigh = system.jet.find(({ orders }) => orders[0] + orders[1] + orders[2] > highestOrder)
  if (tooHigh) refuse('unsupported-order', `Finite-difference evolution takes derivatives up to order ${highestOrder}; the equations have ${tooHigh.name}.`, 'Use "spectral".')
  if (method !== 'auto') {
    const fault = refusal(method, problem)
    if (fault) faults.push(fault)
  }
  if (method === 'yoshida' && dt === undefined && request.options.time && (request.options.time as { tolerance?: number }).tolerance !== undefined) {
    refuse('needs-step', 'Yoshida composition takes equal steps: it has no error estimate.', 'Give "dt", or leave out the tolerance.', 'time.tolerance')
  }
  if (options.flux === 'weno5') {
    try {
      recogniseFluxes(problem, request.libm, true)
    } catch (reason) {
      if (!(reason instanceof FaultError)) throw reason
      faults.push(...reason.faults)
    }
  }
  faults.push(...checkSize(request, (12 + 2 * system.jet.length) * system.components.length))
  return faults
}

/** Scalar equations of second order on a box, in one and two dimensions with differences of order 2: the fused kernels and the multigrid solvers are for these. */
function isOrdinary({ problem, options }: SolveRequest): boolean {
  const { equation, axes, geometry } = problem
  if (equation.kind !== 'evolution' || axes.length > 2 || (options.order ?? 2) !== 2 || problem.unknowns.length > 1 || problem.system.components.length > 1) return false
  if (geometry && (geometry.outer.kind !== 'box' || geometry.holes.length > 0 || geometry.where)) return false
  if (equation.jet.some(({ orders }) => orders[0] + orders[1] + orders[2] > 2)) return false
  const { method } = readTimeOptions(options)
  // Newton's iteration of the general path takes what is not linear.
  if (method === 'crank-nicolson' && !(isLinear(equation) && hasDiffusion(equation))) return false
  return ['auto', 'rk4', 'crank-nicolson', 'imex'].includes(method) && options.flux !== 'weno5'
}

/** ∂ₜu = F by the method of lines: central differences of order 2 at every node, then RK4, Crank–Nicolson or IMEX Runge–Kutta. */
export function evolveFiniteDifference(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, times, libm } = request
  const { equation } = problem
  if (equation.kind !== 'evolution' || !isOrdinary(request) || capturesShocks(request)) return evolveSystem(request, team, run)
  const mark = team.arena.mark()
  try {
    const grid = uniformGrid(problem.axes, request.resolution)
    const time = readTimeOptions(request.options)
    const rest = restOf(equation)
    const operator = (): DiscreteOperator => createEllipticOperator({ linear: equation.linear, boundary: problem.boundary, grid, time: times[0] }, team, libm)
    // Constant diffusion is conservative as it is; boundary data that move are evaluated fast enough for four stages a step by the derivatives' ghosts only.
    const flux = variesInSpace(equation) && !dependsOnTime(problem.boundary) ? { operator: operator(), rest } : undefined
    const system = createLineSystem(problem, equation, grid, team, flux)
    const stability = createStability(system, equation.jet, equation.rightHandSide, rungeKutta4Limits, grid, problem.unknown, team, libm)
    const duration = times[times.length - 1] - times[0]
    if (!system.isFinite(system.initial)) throw new FaultError(error('non-finite', `The initial value of ${problem.unknown} is not a finite number everywhere.`, { where: { path: 'problem.initial' }, tip: 'Check it for a division by zero or a root of a negative number.' }))

    const rates = stability.rates(system.initial, times[0])
    const limit = stability.stableStep(system.initial, times[0])
    const { method, reason } = chooseMethod(time.method, equation, grid.axes.length, system.size * (duration / limit.dt), rates.diffusion > 10 * (rates.advection + rates.reaction))
    const faults: Fault[] = []
    if (rates.cellPeclet > 2) {
      faults.push({ severity: 'warning', code: 'cell-peclet', message: `Cells are wide for the layers to come: the cell Péclet number is ${Number(rates.cellPeclet.toPrecision(3))}, and central differences oscillate in layers where it exceeds 2.`, tip: 'Use more nodes where the field shows wiggles.' })
    }
    const choice = chooseStep(method, time, grid, times)
    const stepper = method === 'rk4' ? createRungeKutta4(system, stability, team) : makeImplicit(method, request, equation, system, flux?.operator ?? operator(), rest, choice, team, run)
    run.log('info', `Finite differences of order 2 on ${request.resolution.join(' × ')} nodes; ${stepper.name}: ${reason}.`)
    const evolved = evolveKeeping({ unknown: problem.unknown, grid, times, choice }, stepper, team, run)
    const { steps, smallestStep, largestStep } = evolved
    const metrics: Record<string, number> = { unknowns: system.size, steps }
    if (steps > 0) Object.assign(metrics, { dt: smallestStep, dt_largest: largestStep })
    faults.push(...failureFaults(evolved))
    const conserved = problem.properties.conserved.length > 0 ? conservedOf(request, grid, evolved, team) : { arrays: [], metrics: {} }
    Object.assign(metrics, conserved.metrics)
    return { fields: evolvedFields(evolved, [{ name: problem.unknown }], { grid }), arrays: conserved.arrays, metrics, converged: !evolved.failure, faults }
  } finally {
    team.arena.release(mark)
  }
}

function conservedOf({ problem, libm, times }: SolveRequest, grid: ReturnType<typeof uniformGrid>, evolved: Parameters<typeof conservedQuantities>[1], team: Team): ReturnType<typeof conservedQuantities> {
  return conservedQuantities(createJetSystem(withDensityJets(problem), grid, 2, team, libm, times[0]), evolved, team)
}

/** Nonlinear hyperbolic equations are left to the shock-capturing fluxes unless a time method was asked for. */
const capturesShocks = ({ problem, options, libm }: SolveRequest): boolean =>
  options.flux !== 'central' && readTimeOptions(options).method === 'auto' && recogniseFluxes(problem, libm, false) !== undefined

type Method = 'rk4' | 'crank-nicolson' | 'imex'

function chooseMethod(asked: string, equation: EvolutionEquation, dimensions: number, work: number, diffusionLimits: boolean): { readonly method: Method; readonly reason: string } {
  if (asked !== 'auto') return { method: asked as Method, reason: 'as asked' }
  if (!diffusionLimits || work < explicitWork[dimensions - 1] || !hasDiffusion(equation)) return { method: 'rk4', reason: diffusionLimits ? 'explicit, since the run is short enough in spite of the diffusion limit' : 'explicit, since diffusion does not limit the step' }
  return { method: 'imex', reason: `implicit in the diffusion, which would force about ${Number(work.toPrecision(2))} explicit node updates` }
}

function makeImplicit(
  method: 'crank-nicolson' | 'imex', { problem, libm, times, options }: SolveRequest, equation: EvolutionEquation, system: LineSystem, operator: DiscreteOperator, rest: Expression,
  choice: StepChoice, team: Team, run: Run,
): Stepper {
  const grid = uniformGrid(problem.axes, system.shape)
  // Far enough below the error that one step may have for the estimate to see only the latter.
  const duration = times[times.length - 1] - times[0]
  const tolerance = (dt: number): number => (choice.kind === 'tolerance' ? Math.min(1e-8, Math.max(leastTolerance, (0.02 * choice.tolerance * dt) / duration)) : 1e-11)
  if (method === 'crank-nicolson') return createCrankNicolson(system, operator, rest, tolerance, team, run)
  const stability = (limits: typeof imexLimits) => createStability(system, equation.jet, rest, limits, grid, problem.unknown, team, libm)
  if (readTimeOptions(options).order === 2) return createImexRungeKutta(system, operator, rest, stability(imexLimits), tolerance, team, run)
  const allowed = choice.kind === 'embedded' ? choice.tolerance : 1e-9
  const linear = isLinear(equation)
  const implicit = createMultigridPart(system, operator, linear ? rest : undefined, allowed, team, run)
  const common = { size: system.size, initial: system.initial, implicit, impose: (time: number, state: Block) => system.imposeDirichlet(state, time), nodalValues: (state: Block) => state.view().slice() }
  if (linear) return createAdditiveRungeKutta(ark436, { ...common, rate: (time, state, out) => system.rate(state, time, out) }, team)
  const value = team.arena.f64(system.size)
  const evaluate = system.evaluator([rest], [value])
  const { fixedNodes } = operator.discretisation
  return createAdditiveRungeKutta(ark436, {
    ...common, rate: (time, state, out) => system.rate(state, time, out),
    explicit(time, state, out) {
      evaluate(state, time)
      team.parallel('vectors.copy', 0, system.size, [value.pointer, out.pointer])
      const view = out.view()
      for (const node of fixedNodes) view[node] = 0
    },
    stableStep: (time, state, { real, imaginary }) => stability({ real, imaginary, sufficient: true }).stableStep(state, time),
  }, team)
}

function chooseStep(method: Method, time: ReturnType<typeof readTimeOptions>, grid: ReturnType<typeof uniformGrid>, times: Float64Array): StepChoice {
  if (time.dt !== undefined) return { kind: 'fixed', dt: time.dt }
  const duration = times[times.length - 1] - times[0]
  if (method === 'rk4' && time.tolerance === undefined) return { kind: 'stable', safety }
  // Waves as long as the domain have space errors of 0.8 (h/L)² and more, shorter ones much more: the time error stays below.
  const finest = Math.min(...grid.axes.map(axis => (axis.coordinates[1] - axis.coordinates[0]) / (axis.upper - axis.lower)))
  const tolerance = time.tolerance ?? Math.max(1e-8, 0.3 * finest * finest)
  if (method === 'imex' && time.order !== 2) return { kind: 'embedded', tolerance, first: 1e-4 * duration }
  return { kind: 'tolerance', tolerance, first: duration / 256 }
}
