import type { Block, Team } from '../../kernels/team'
import type { Stepper } from '../time/stepper'
import type { Stability } from './evolution-stability'
import type { LineSystem } from './evolution-system'

/** Classical Runge–Kutta method of order 4 (Kutta 1901) on the method of lines. */
export function createRungeKutta4(system: LineSystem, stability: Stability, team: Team): Stepper {
  const { arena } = team
  const { size } = system
  let state = arena.f64(size)
  let next = arena.f64(size)
  const [k1, k2, k3, k4, work] = [arena.f64(size), arena.f64(size), arena.f64(size), arena.f64(size), arena.f64(size)]
  state.view().set(system.initial.view())
  const grain = { grain: 1024 }
  const stage = (k: Block, factor: number): void => team.parallel('stepping.addScaled', 0, size, [state.pointer, factor, k.pointer, work.pointer], grain)
  return {
    name: 'RK4',
    order: 4,
    get state() {
      return state
    },
    step(time, dt) {
      system.rate(state, time, k1)
      stage(k1, dt / 2)
      system.rate(work, time + dt / 2, k2)
      stage(k2, dt / 2)
      system.rate(work, time + dt / 2, k3)
      stage(k3, dt)
      system.rate(work, time + dt, k4)
      team.parallel('stepping.rungeKutta4', 0, size, [state.pointer, k1.pointer, k2.pointer, k3.pointer, k4.pointer, dt, next.pointer], grain)
      system.imposeDirichlet(next, time + dt)
      ;[state, next] = [next, state]
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => state.view().slice(),
    stableStep: time => stability.stableStep(state, time),
  }
}
