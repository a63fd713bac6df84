import { FaultError, error } from '../../fault'
import type { Expression } from '../../expressions/ast'
import type { Block, Run, Team } from '../../kernels/team'
import type { ShiftedSolver } from '../multigrid/interface'
import type { DiscreteOperator } from '../multigrid/operator'
import { createShiftedSolver } from '../multigrid/solver'
import type { Stepper } from '../time/stepper'
import type { ImplicitPart } from '../time/system'
import type { Stability } from './evolution-stability'
import type { LineSystem } from './evolution-system'

const grain = { grain: 1024 }

/** Least relative residual that the solvers of a time step are asked for. */
export const leastTolerance = 1e-13
/** On a line elimination is exact to rounding; multigrid stops at its tolerance. */
const noiseOf = (system: Pick<LineSystem, 'shape'>): number => (system.shape.length > 1 ? 20 * leastTolerance : 0)

/**
 * −L u + f(x, t) as the implicit part of the integrators of time/: a stage u − c F(u) = r is (1/c + L) u = r/c, solved by multigrid (elimination on a line) from the guess at hand.
 *
 * @param allowed relative error that a step may have, for the accuracy of its solves
 */
export function createMultigridPart(system: Pick<LineSystem, 'size' | 'shape' | 'evaluator'>, operator: DiscreteOperator, source: Expression | undefined, allowed: number, team: Team, run: Run): ImplicitPart {
  const { size } = system
  const [right, value] = [team.arena.f64(size), team.arena.f64(size)]
  const evaluate = source && system.evaluator([source], [value])
  const solvers = createShiftedSolvers(operator, () => Math.min(1e-5, Math.max(leastTolerance, 0.02 * allowed)), team, run)
  return {
    noise: noiseOf(system),
    rate(time, state, out) {
      moveBoundary(operator, time)
      operator.apply(state, out)
      team.parallel('stepping.scale', 0, size, [-1, out.pointer, out.pointer], grain)
      if (!evaluate) return
      evaluate(state, time)
      team.parallel('stepping.addScaled', 0, size, [out.pointer, 1, value.pointer, out.pointer], grain)
    },
    solveStage(time, c, known, u) {
      team.parallel('stepping.scale', 0, size, [1 / c, known.pointer, right.pointer], grain)
      if (evaluate) {
        evaluate(u, time)
        team.parallel('stepping.addScaled', 0, size, [right.pointer, 1, value.pointer, right.pointer], grain)
      }
      moveBoundary(operator, time)
      operator.imposeDirichlet(u)
      solvers.solve(1 / c, c, right, u, time)
    },
  }
}

/** Solvers of σu + Lu = r for the last two shifts: step doubling alternates between dt and dt/2. Older ones give their memory back. */
function createShiftedSolvers(operator: DiscreteOperator, tolerance: (dt: number) => number, team: Team, run: Run) {
  // Iterations of the linear solver are no progress of the evolution.
  const watch = { throwIfCancelled: () => run.throwIfCancelled() }
  const { arena } = team
  let kept: { shift: number; solver: ShiftedSolver }[] = []
  let mark: number | undefined
  return {
    solve(shift: number, dt: number, r: Block, u: Block, time: number): void {
      let entry = kept.find(candidate => candidate.shift === shift)
      if (!entry) {
        mark ??= arena.mark()
        if (kept.length === 2) {
          arena.release(mark)
          kept = []
        }
        entry = { shift, solver: createShiftedSolver(operator, { shift, tolerance: tolerance(dt) }, team) }
        kept.push(entry)
      }
      const report = entry.solver.solve(r, u, watch)
      // NaN is left to the check of the state, which names the place.
      if (!report.converged && report.residual > 1e-6) {
        throw new FaultError(error('not-converged', `The linear system of the time step at t = ${Number(time.toPrecision(6))} was not solved: its residual is still ${Number(report.residual.toPrecision(2))} after ${report.iterations} iterations.`, { where: { path: 'time' }, tip: 'Choose a shorter time step, or the explicit method "rk4".' }))
      }
    },
  }
}

/**
 * Crank–Nicolson for ∂ₜu = −L u + f(x, t), order 2, A-stable: (2/dt + L₁) u₁ = (2/dt − L₀) u₀ + f₀ + f₁, where Lᵢ holds the boundary data of its time
 * (Crank & Nicolson 1947, doi:10.1017/S0305004100023197). It damps the shortest waves little: rough initial values ring.
 *
 * @param tolerance relative residual of the linear systems of a step
 */
export function createCrankNicolson(system: LineSystem, operator: DiscreteOperator, source: Expression, tolerance: (dt: number) => number, team: Team, run: Run): Stepper {
  const { arena } = team
  const { size } = system
  let state = arena.f64(size)
  let next = arena.f64(size)
  const [lu, f0, f1, right] = [arena.f64(size), arena.f64(size), arena.f64(size), arena.f64(size)]
  const sourceAtStart = system.evaluator([source], [f0])
  const sourceAtEnd = system.evaluator([source], [f1])
  state.view().set(system.initial.view())
  const solvers = createShiftedSolvers(operator, tolerance, team, run)
  return {
    name: 'Crank–Nicolson',
    order: 2,
    noise: noiseOf(system),
    get state() {
      return state
    },
    step(time, dt) {
      const shift = 2 / dt
      moveBoundary(operator, time)
      operator.apply(state, lu)
      sourceAtStart(state, time)
      sourceAtEnd(state, time + dt)
      combine(team, size, [[shift, state], [-1, lu], [1, f0], [1, f1]], right)
      moveBoundary(operator, time + dt)
      team.parallel('vectors.copy', 0, size, [state.pointer, next.pointer], grain)
      operator.imposeDirichlet(next)
      solvers.solve(shift, dt, right, next, time + dt)
      ;[state, next] = [next, state]
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => state.view().slice(),
  }
}

const gamma = 1 - Math.SQRT1_2
const delta = 1 - 1 / (2 * gamma)

/**
 * IMEX Runge–Kutta ARS(2,2,2) for ∂ₜu = −L u + N(x, t, u, …), order 2, L-stable in L, stiffly accurate (Ascher, Ruuth & Spiteri 1997, doi:10.1016/S0168-9274(97)00056-1, §2.6),
 * γ = 1 − 1/√2, δ = 1 − 1/(2γ), σ = 1/(γ dt):
 *
 *     (σ + L) u₂ = σ u₀ + N(u₀),   (σ + L) u₁ = σ u₀ + [δ N(u₀) + (1 − δ) N(u₂) − (1 − γ) L u₂]/γ,   L u₂ = σ (u₀ − u₂) + N(u₀)
 */
export function createImexRungeKutta(system: LineSystem, operator: DiscreteOperator, remainder: Expression, stability: Stability, tolerance: (dt: number) => number, team: Team, run: Run): Stepper {
  const { arena } = team
  const { size } = system
  let state = arena.f64(size)
  let next = arena.f64(size)
  const [middle, n0, n2, right] = [arena.f64(size), arena.f64(size), arena.f64(size), arena.f64(size)]
  const first = system.evaluator([remainder], [n0])
  const second = system.evaluator([remainder], [n2])
  state.view().set(system.initial.view())
  const solvers = createShiftedSolvers(operator, tolerance, team, run)
  return {
    name: 'IMEX ARS(2,2,2)',
    order: 2,
    noise: noiseOf(system),
    get state() {
      return state
    },
    step(time, dt) {
      const shift = 1 / (gamma * dt)
      first(state, time)
      combine(team, size, [[shift, state], [1, n0]], right)
      moveBoundary(operator, time + gamma * dt)
      team.parallel('vectors.copy', 0, size, [state.pointer, middle.pointer], grain)
      operator.imposeDirichlet(middle)
      solvers.solve(shift, dt, right, middle, time + gamma * dt)
      second(middle, time + gamma * dt)
      // [δ N₀ + (1 − δ) N₂ − (1 − γ)(σ (u₀ − u₂) + N₀)]/γ + σ u₀
      const implicit = (1 - gamma) / gamma
      combine(team, size, [[shift * (1 - implicit), state], [shift * implicit, middle], [delta / gamma - implicit, n0], [(1 - delta) / gamma, n2]], right)
      moveBoundary(operator, time + dt)
      team.parallel('vectors.copy', 0, size, [middle.pointer, next.pointer], grain)
      operator.imposeDirichlet(next)
      solvers.solve(shift, dt, right, next, time + dt)
      ;[state, next] = [next, state]
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => state.view().slice(),
    stableStep: time => stability.stableStep(state, time),
  }
}

function moveBoundary(operator: DiscreteOperator, time: number): void {
  if (operator.timeDependentBoundary) operator.updateBoundary(time)
}

/** out ← Σ factor · block of two or four terms. */
function combine(team: Team, size: number, terms: readonly (readonly [number, Block])[], out: Block): void {
  const [[a, x], [b, y], third, fourth] = terms
  team.parallel('stepping.scale', 0, size, [a, x.pointer, out.pointer], grain)
  if (third && fourth) {
    team.parallel('stepping.addScaled', 0, size, [out.pointer, b, y.pointer, out.pointer], grain)
    team.parallel('stepping.addTwoScaled', 0, size, [out.pointer, third[0], third[1].pointer, fourth[0], fourth[1].pointer, out.pointer], grain)
  } else team.parallel('stepping.addScaled', 0, size, [out.pointer, b, y.pointer, out.pointer], grain)
}
