import type { Libm } from '../../expressions/libm'
import type { Block, Team } from '../../kernels/team'
import type { Stepper } from '../time/stepper'
import { exponential, phi } from './phi'
import type { SpectralSystem } from './system'

const grain = { grain: 1024 }

/**
 * With z = c dt and w = λ dt for the linearised rest: for c ≤ 0 the method is stable for |w| ≤ 2.7 as the classical Runge–Kutta method is (more so the larger |z|; Cox & Matthews 2002,
 * figure 2), and for all z when |w| < |z| along the real axis, where the amplification tends to θ²(2θ² − 1), θ = −w/z, as z → −∞. Waves that the symbol damps more than
 * the rest can excite, with half of the difference left to rates of any direction, therefore do not limit the step; the others do as in an explicit method.
 */
const explicitLimit = 2.5

/** Per-mode factors of one step size, interleaved complex. */
interface Coefficients { dt: number; used: number; readonly e: Block; readonly eHalf: Block; readonly q: Block; readonly f1: Block; readonly f2: Block; readonly f3: Block }

/**
 * ETDRK4 for û' = c û + N̂(u, t), c diagonal: the linear part exactly, the rest with a fourth-order Runge–Kutta method (Cox & Matthews 2002, doi:10.1006/jcph.2002.6995, eq. 26–29).
 * Modes outside the system's mask get zero factors: the state never holds them.
 *
 * @param kept how many step sizes keep their factors at once (step doubling alternates between dt and dt/2)
 */
export function createExponentialStepper(system: SpectralSystem, team: Team, libm: Libm, kept: number): Stepper {
  const { arena } = team
  const count = system.coefficients
  const block = (): Block => arena.f64(2 * count)
  let state = system.initial
  let next = block()
  const [a, b, nu, na, nb, nc] = [block(), block(), block(), block(), block(), block()]
  const sets: Coefficients[] = []
  let clock = 0

  const coefficientsFor = (dt: number): Coefficients => {
    clock++
    let set = sets.find(candidate => candidate.dt === dt)
    if (!set) {
      if (sets.length < kept) sets.push({ dt: 0, used: 0, e: block(), eHalf: block(), q: block(), f1: block(), f2: block(), f3: block() })
      set = sets.reduce((oldest, candidate) => (candidate.used < oldest.used ? candidate : oldest))
      fillCoefficients(set, system, dt, libm)
      set.dt = dt
    }
    set.used = clock
    return set
  }

  return {
    name: 'ETDRK4',
    order: 4,
    get state() {
      return state
    },
    step(time, dt) {
      const c = coefficientsFor(dt)
      const p = (x: Block): number => x.pointer
      if (!system.hasRemainder) team.parallel('spectral.multiply', 0, count, [p(c.e), p(state), p(next)], grain)
      else {
        system.remainder(state, time, nu)
        team.parallel('spectral.stage', 0, count, [p(c.eHalf), p(state), p(c.q), p(nu), p(a)], grain)
        system.remainder(a, time + dt / 2, na)
        team.parallel('spectral.stage', 0, count, [p(c.eHalf), p(state), p(c.q), p(na), p(b)], grain)
        system.remainder(b, time + dt / 2, nb)
        team.parallel('spectral.lastStage', 0, count, [p(c.eHalf), p(a), p(c.q), p(nb), p(nu), p(b)], grain)
        system.remainder(b, time + dt, nc)
        team.parallel('spectral.combine', 0, count, [p(c.e), p(state), p(c.f1), p(nu), p(c.f2), p(na), p(nb), p(c.f3), p(nc), p(next)], grain)
      }
      ;[state, next] = [next, state]
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    stableStep(time) {
      let rate = 0
      if (system.hasRemainder) {
        system.remainderRates(state, time).byMode((mode, diffusive, other) => {
          const growth = system.symbol[2 * mode]
          if (other <= 0.5 * (-growth - diffusive)) return
          rate = Math.max(rate, diffusive + other + Math.max(0, growth))
        })
      }
      return { dt: rate > 0 ? explicitLimit / rate : Infinity, reason: `the terms outside the exactly integrated part change a wave at a rate of ${Number(rate.toPrecision(4))}`, sufficient: true }
    },
  }
}

function fillCoefficients(set: Coefficients, system: SpectralSystem, dt: number, libm: Libm): void {
  const { symbol, mask } = system
  const views = [set.e, set.eHalf, set.q, set.f1, set.f2, set.f3].map(block => block.view())
  const [e, eHalf, q, f1, f2, f3] = views
  for (let mode = 0; mode < mask.length; mode++) {
    const re = 2 * mode
    const im = re + 1
    if (mask[mode] === 0) {
      for (const view of views) view[re] = view[im] = 0
      continue
    }
    const z = [symbol[re] * dt, symbol[im] * dt] as const
    const half = [z[0] / 2, z[1] / 2] as const
    const whole = exponential(z, libm)
    const root = exponential(half, libm)
    const [p1, p2, p3] = phi(z, whole)
    const [h1] = phi(half, root)
    for (let part = 0; part < 2; part++) {
      const at = re + part
      e[at] = whole[part]
      eHalf[at] = root[part]
      q[at] = (dt / 2) * h1[part]
      f1[at] = dt * (p1[part] - 3 * p2[part] + 4 * p3[part])
      f2[at] = dt * (p2[part] - 2 * p3[part])
      f3[at] = dt * (4 * p3[part] - p2[part])
    }
  }
}
