import type { Block, Team } from '../../kernels/team'
import type { Stepper } from './stepper'
import { createVectorOperations, type ImplicitSystem } from './system'

/**
 * The trapezoidal rule u₁ − dt/2 F(t₁, u₁) = u₀ + dt/2 F(t₀, u₀): order 2, A-stable (Crank & Nicolson 1947, doi:10.1017/S0305004100023197). It damps the shortest waves little:
 * rough initial values ring.
 *
 * @param stageTolerance relative error of the solve of a step of length dt
 */
export function createCrankNicolson(system: ImplicitSystem, team: Team, stageTolerance: (dt: number) => number = () => 1e-11): Stepper {
  const { implicit, size } = system
  const block = (): Block => team.arena.f64(size)
  const vectors = createVectorOperations(system, 1, team)
  let state = block()
  let next = block()
  const [rate, known] = [block(), block()]
  vectors.copy(system.initial, state)
  return {
    name: 'Crank–Nicolson',
    order: 2,
    noise: implicit.noise ?? 0,
    get state() {
      return state
    },
    step(time, dt) {
      implicit.rate(time, state, rate)
      vectors.combine(1, state, [[dt / 2, rate]], known)
      vectors.combine(1, state, [[dt, rate]], next)
      implicit.solveStage(time + dt, dt / 2, known, next, stageTolerance(dt))
      system.impose?.(time + dt, next)
      ;[state, next] = [next, state]
    },
    isFinite: () => vectors.isFinite(state),
    nodalValues: () => system.nodalValues(state),
  }
}
