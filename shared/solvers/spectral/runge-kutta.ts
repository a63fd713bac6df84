import type { Block, Team } from '../../kernels/team'
import type { Stepper } from '../time/stepper'
import type { SpectralSystem } from './system'

/** Classical fourth-order Runge–Kutta on û' = c û + N̂(u, t). Stable for |c| dt ≤ 2.78 on the negative real axis, 2.82 on the imaginary one; the limit is a bound over the linear part and the linearised rest. */
export function createSpectralRungeKutta(system: SpectralSystem, team: Team): Stepper {
  const { arena } = team
  const count = system.coefficients
  const block = (): Block => arena.f64(2 * count)
  let state = system.initial
  let next = block()
  const [n, k1, k2, k3, k4, work] = [block(), block(), block(), block(), block(), block()]
  const symbol = arena.from(system.symbol)
  const mask = arena.f64(2 * count)
  system.mask.forEach((kept, mode) => (mask.view()[2 * mode] = kept))
  let largest = 0
  for (let mode = 0; mode < count; mode++) {
    if (system.mask[mode] === 0) continue
    const [re, im] = [system.symbol[2 * mode], system.symbol[2 * mode + 1]]
    largest = Math.max(largest, Math.sqrt(re * re + im * im))
  }
  const rate = (u: Block, time: number, k: Block): void => {
    if (system.hasRemainder) system.remainder(u, time, n)
    team.parallel('spectral.stage', 0, count, [symbol.pointer, u.pointer, mask.pointer, n.pointer, k.pointer], { grain: 1024 })
  }
  const stage = (k: Block, factor: number): void => team.parallel('stepping.addScaled', 0, 2 * count, [state.pointer, factor, k.pointer, work.pointer], { grain: 1024 })
  return {
    name: 'RK4',
    order: 4,
    get state() {
      return state
    },
    step(time, dt) {
      rate(state, time, k1)
      stage(k1, dt / 2)
      rate(work, time + dt / 2, k2)
      stage(k2, dt / 2)
      rate(work, time + dt / 2, k3)
      stage(k3, dt)
      rate(work, time + dt, k4)
      team.parallel('stepping.rungeKutta4', 0, 2 * count, [state.pointer, k1.pointer, k2.pointer, k3.pointer, k4.pointer, dt, next.pointer], { grain: 1024 })
      ;[state, next] = [next, state]
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    stableStep(time) {
      const rate = largest + system.remainderRates(state, time).largest
      return { dt: rate > 0 ? 2.78 / rate : Infinity, reason: `the shortest wave kept changes at a rate of ${Number(rate.toPrecision(4))}` }
    },
  }
}
