import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import { FaultError, error, type Fault } from '../../../fault'
import type { Block, Run, Team } from '../../../kernels/team'
import { createAdditiveRungeKutta } from '../../time/additive'
import { createBdf, type BdfOrder } from '../../time/bdf'
import { createComposition, createLeapfrog } from '../../time/composition'
import { createCrankNicolson } from '../../time/crank-nicolson'
import { dop853 } from '../../time/dop853'
import { createExplicitRungeKutta } from '../../time/runge-kutta'
import { limitsOf, type StabilityLimits } from '../../time/stability-limits'
import type { EvolutionEquation } from '../../../problems/analysed'
import type { StableStep, Stepper } from '../../time/stepper'
import type { AdditiveSystem, ImplicitPart, SemiDiscreteSystem } from '../../time/system'
import { ark436, ars222, rk4, sspRungeKutta3, tsit5 } from '../../time/tableaux'
import type { Fluxes } from './fluxes'
import { createEllipticOperator } from '../../multigrid/operator'
import { createMultigridPart } from '../evolution-implicit'
import { createConstraintSolver, createLinearPart, createNewtonPart } from './implicit'
import type { JetSystem } from './jet-system'
import { linearise } from './linearisation'
import { hasDiffusion, restOf } from './scalar'
import { separablePairs, splitDiffusion } from './split'
import { createStability } from './stability'
import { createShockCapturing } from './weno'

export type Method = 'rk4' | 'tsit5' | 'dop853' | 'bdf' | 'crank-nicolson' | 'imex' | 'strang' | 'yoshida' | 'ssp'

/** Node updates of an explicit run beyond which diffusion-limited systems are stepped implicitly, by dimension. */
const explicitWork = [5e8, 5e9, 2e10]

/** Values of a state whose stages take more than a few milliseconds. */
const longStage = 1e5

/** Why a method does not cover a system; undefined when it does. */
export function refusal(method: string, problem: JetSystem['problem']): Fault | undefined {
  const refuse = (code: string, message: string, tip: string): Fault => error(code, message, { where: { path: 'time.method' }, tip })
  const { system } = problem
  if (method === 'yoshida' && !separablePairs(system)) return refuse('needs-separable', 'Yoshida composition takes equations of second order in time without damping, dtt(u) = F(x, t, u, …); this system is of another kind.', 'Use "dop853" or "tsit5".')
  if ((method === 'imex' || method === 'strang') && !splitDiffusion(system)) return refuse('needs-diffusion', `The method "${method}" needs a term with second or higher derivatives whose factor depends on the place only.`, 'Use "bdf" or "tsit5".')
  if ((method === 'imex' || method === 'strang') && system.rows.some(row => row.kind === 'constraint')) return refuse('needs-no-constraint', `The method "${method}" takes systems without constraints.`, 'Use "bdf", which solves constraints with every step.')
  return undefined
}

/** The method asked for, or one by what limits explicit steps, with the reason. */
export function chooseMethod(system: JetSystem, shocks: boolean, asked: string, duration: number, start: number, team: Team, libm: Libm): { readonly method: Method; readonly reason: string; readonly warnings: readonly Fault[] } {
  const { problem, grid, size } = system
  if (shocks) return { method: 'ssp', reason: 'a first-order hyperbolic system in conservation form, whose solutions may have shocks', warnings: [] }
  if (asked !== 'auto') {
    const fault = refusal(asked, problem)
    if (fault) throw new FaultError(fault)
    return { method: asked as Method, reason: 'as asked', warnings: [] }
  }
  if (separablePairs(problem.system)) return { method: 'yoshida', reason: 'symplectic, since the equation is of second order in time without damping', warnings: [] }
  const mark = team.arena.mark()
  const linearisation = linearise(system, problem.system.rows.map(row => row.expression), team, libm)
  const stability = createStability(system, linearisation)
  const limits = limitsOf(rk4.a, rk4.b)
  const rates = stability.rates(start, system.initial, limits)
  const limit = stability.stableStep(start, system.initial, limits).dt
  team.arena.release(mark)
  const work = (size * duration) / limit
  const diffusionLimits = rates.diffusion > 10 * (rates.advection + rates.reaction)
  const stiff = Math.max(rates.diffusion, rates.reaction) > 10 * rates.advection
  if (stiff && work > explicitWork[grid.axes.length - 1]) {
    const reason = `implicit, since stability would force about ${Number(work.toPrecision(2))} explicit node updates`
    return diffusionLimits && !refusal('imex', problem) ? { method: 'imex', reason: `${reason}; the rest explicit`, warnings: [] } : { method: 'bdf', reason, warnings: [] }
  }
  return { method: 'tsit5', reason: stiff ? 'explicit, since the run is short enough in spite of its stability limit' : 'explicit, since neither diffusion nor reaction limits the step', warnings: [] }
}

export interface SteppingOptions {
  readonly fluxes: Fluxes | undefined
  /** Of BDF and of implicit–explicit methods. */
  readonly order: number | undefined
  readonly tolerance: number
  /** The first time. */
  readonly start: number
}

export function createSystemStepper(system: JetSystem, method: Method, options: SteppingOptions, team: Team, libm: Libm, run: Run): Stepper {
  const { problem, size, nodes, count, initial, constraints } = system
  const rows = problem.system.rows.map(row => row.expression)
  const consistent = constraints.length > 0 ? createConstraintSolver(system, team, libm, run) : undefined
  const solveConstraints = method === 'bdf' || method === 'crank-nicolson' ? undefined : consistent
  const work = solveConstraints ? team.arena.f64(size) : undefined
  const parts = new Array<number>(count).fill(nodes)
  const rate = (time: number, state: Block, out: Block): void => {
    // A step of many stages on a large grid takes long: the flag is looked at in between.
    if (size >= longStage) run.throwIfCancelled()
    let from = state
    if (solveConstraints) {
      team.parallel('vectors.copy', 0, size, [state.pointer, work!.pointer])
      system.impose(time, work!)
      solveConstraints(time, work!)
      from = work!
    }
    system.rows(time, from, out)
    for (const c of constraints) out.view().fill(0, c * nodes, (c + 1) * nodes)
  }
  const impose = (time: number, state: Block): void => {
    system.impose(time, state)
    solveConstraints?.(time, state)
  }
  const needsLinearisation = method !== 'ssp'
  const linearisation = needsLinearisation ? linearise(system, rows, team, libm) : undefined
  const stability = linearisation && createStability(system, linearisation)
  const semi: SemiDiscreteSystem = {
    size, parts, initial, rate, impose, nodalValues: system.nodalValues,
    stableStep: (time, state, limits: StabilityLimits): StableStep => stability!.stableStep(time, state, limits),
  }
  consistent?.(options.start, initial)
  switch (method) {
    case 'ssp': {
      const shock = createShockCapturing(system, options.fluxes!, team, libm)
      // Viscosity and reaction beside the fluxes: the two rates add up.
      const rest = createStability(system, linearise(system, options.fluxes!.source, team, libm))
      const stableStep = (time: number, state: Block, limits: StabilityLimits): StableStep => {
        const [waves, others] = [shock.stableStep(time, state), rest.stableStep(time, state, limits)]
        return { dt: 1 / (1 / waves.dt + 1 / others.dt), reason: waves.dt <= others.dt ? waves.reason : others.reason }
      }
      return createExplicitRungeKutta(sspRungeKutta3, { ...semi, rate: (time, state, out) => {
        if (size >= longStage) run.throwIfCancelled()
        shock.rate(time, state, out)
      }, stableStep }, team)
    }
    case 'rk4': return createExplicitRungeKutta(rk4, semi, team)
    case 'tsit5': return createExplicitRungeKutta(tsit5, semi, team)
    case 'dop853': return createExplicitRungeKutta(dop853, semi, team)
    case 'yoshida': {
      const pairs = separablePairs(problem.system)!.map(({ position, velocity }) => ({ position: position * nodes, velocity: velocity * nodes, length: nodes }))
      return createLeapfrog('yoshida', pairs, rate, { ...semi, stableStep: (time, state) => semi.stableStep!(time, state, yoshidaLimits) }, team)
    }
    case 'bdf':
    case 'crank-nicolson': {
      const implicit = createNewtonPart(system, linearisation!, rate, team, run)
      const implicitSystem = { ...semi, rate, implicit, stableStep: undefined }
      if (method === 'crank-nicolson') return createCrankNicolson(implicitSystem, team)
      return createBdf({ order: (options.order ?? 5) as BdfOrder }, implicitSystem, team)
    }
    case 'imex':
    case 'strang': {
      const scalar = scalarSplit(system)
      const split = scalar ? { implicit: [], explicit: [scalar.rest] } : splitDiffusion(problem.system)!
      const implicit = scalar ? createScalarPart(system, scalar, options, team, libm, run) : createLinearPart(system, split.implicit, team, libm, run)
      const evaluate = system.evaluator(split.explicit)
      const explicit = (time: number, state: Block, out: Block): void => {
        evaluate(time, state, split.explicit.map((_, c) => out.pointer + 8 * nodes * c))
        system.free(out)
      }
      const explicitStability = createStability(system, linearise(system, split.explicit, team, libm))
      const bound = (time: number, state: Block, limits: StabilityLimits): StableStep => explicitStability.stableStep(time, state, { ...limits, sufficient: true })
      if (method === 'imex') return createAdditiveRungeKutta(options.order === 2 ? ars222 : ark436, { ...semi, implicit, explicit, stableStep: bound } satisfies AdditiveSystem, team)
      return createStrang({ ...semi, stableStep: (time, state) => bound(time, state, limitsOf(rk4.a, rk4.b)) }, implicit, explicit, team)
    }
  }
}

/** ∂ₜu = −L u + N with L as the multigrid solvers take it. */
function scalarSplit({ problem: { equation }, operators, count }: JetSystem): { readonly equation: EvolutionEquation; readonly rest: Expression } | undefined {
  if (equation.kind !== 'evolution' || count > 1 || operators.order !== 2 || !operators.whole || !hasDiffusion(equation)) return undefined
  return { equation, rest: restOf(equation) }
}

/** The stages of a scalar equation by multigrid on the flux form of its linear part. */
function createScalarPart(system: JetSystem, { equation }: NonNullable<ReturnType<typeof scalarSplit>>, options: SteppingOptions, team: Team, libm: Libm, run: Run): ImplicitPart {
  const { grid, problem, size } = system
  const operator = createEllipticOperator({ linear: equation.linear, boundary: problem.boundary, grid, time: options.start }, team, libm)
  const shape = grid.axes.map(axis => axis.coordinates.length)
  return createMultigridPart({ size, shape, evaluator: () => () => {} }, operator, undefined, options.tolerance, team, run)
}

/** Of kick and drift on u'' = −ω²u: ω dt < 2 for leapfrog, 1.57 for the composition, whose longest part is 1.70 dt; both on the imaginary axis, where a wave equation's eigenvalues are. */
const yoshidaLimits: StabilityLimits = { real: 1.57, imaginary: 1.57 }

/** Reaction by a step of RK4, diffusion by Crank–Nicolson: half, whole, half. */
function createStrang(system: Parameters<typeof createComposition>[2], implicit: ImplicitPart, explicit: ImplicitPart['rate'], team: Team): Stepper {
  const half = { size: system.size, parts: system.parts, initial: system.initial, nodalValues: system.nodalValues }
  const reaction = createExplicitRungeKutta(rk4, { ...half, rate: explicit }, team)
  const diffusion = createCrankNicolson({ ...half, rate: implicit.rate, implicit, impose: system.impose }, team)
  const flowOf = (stepper: Stepper) => (time: number, dt: number, state: Block): void => {
    team.parallel('vectors.copy', 0, system.size, [state.pointer, stepper.state.pointer])
    stepper.step(time, dt)
    team.parallel('vectors.copy', 0, system.size, [stepper.state.pointer, state.pointer])
  }
  return createComposition('strang', [flowOf(reaction), flowOf(diffusion)], system, team)
}
