import type { Libm } from '../../expressions/libm'
import type { Block, Team } from '../../kernels/team'
import type { Stepper } from '../time/stepper'
import { createFunctionsOfSymbol, etdFunctions } from './modal-functions'
import { entryOf } from './modal-matrix'
import type { SpectralSystem } from './system'

const grain = { grain: 1024 }

/**
 * With z = c dt and w = λ dt for the linearised rest: for c ≤ 0 the method is stable for |w| ≤ 2.7 as the classical Runge–Kutta method is (more so the larger |z|; Cox & Matthews 2002,
 * figure 2), and for all z when |w| < |z| along the real axis, where the amplification tends to θ²(2θ² − 1), θ = −w/z, as z → −∞. Waves that the symbol damps more than
 * the rest can excite, with half of the difference left to rates of any direction, therefore do not limit the step; the others do as in an explicit method.
 */
const explicitLimit = 2.5

/**
 * ETDRK4 for ê' = S ê + N̂(ê, t): the linear part exactly, the rest with a fourth-order Runge–Kutta method (Cox & Matthews 2002, doi:10.1006/jcph.2002.6995, eq. 26–29). S may couple the
 * components of a mode.
 *
 * @param kept how many step sizes keep their factors at once
 */
export function createExponentialStepper(system: SpectralSystem, team: Team, libm: Libm, kept: number): Stepper {
  const { arena } = team
  const count = system.length / 2
  const block = (): Block => arena.f64(system.length)
  let state = system.initial
  let next = block()
  const [a, b, nu, na, nb, nc] = [block(), block(), block(), block(), block(), block()]
  const functions = createFunctionsOfSymbol(system.symbol, system.hasRemainder ? etdFunctions : ['e'], kept, team, libm)
  const p = (x: Block): number => x.pointer
  /** out ← u + c v */
  const combine = (u: Block, c: number, v: Block, out: Block): void => team.parallel('stepping.addScaled', 0, system.length, [p(u), c, p(v), p(out)], grain)

  function diagonalStep(time: number, dt: number): void {
    const f = functions.at(dt).pointers
    const stage = (n: Block, out: Block): void => team.parallel('spectral.stage', 0, count, [f.eHalf, p(state), f.q, p(n), p(out)], grain)
    system.remainder(state, time, nu)
    stage(nu, a)
    system.remainder(a, time + dt / 2, na)
    stage(na, b)
    system.remainder(b, time + dt / 2, nb)
    team.parallel('spectral.lastStage', 0, count, [f.eHalf, p(a), f.q, p(nb), p(nu), p(b)], grain)
    system.remainder(b, time + dt, nc)
    team.parallel('spectral.combine', 0, count, [f.e, p(state), f.f1, p(nu), f.f2, p(na), p(nb), f.f3, p(nc), p(next)], grain)
  }
  function coupledStep(time: number, dt: number): void {
    const f = functions.at(dt).pointers
    system.remainder(state, time, nu)
    functions.apply([[f.eHalf, p(state)], [f.q, p(nu)]], p(a))
    system.remainder(a, time + dt / 2, na)
    functions.apply([[f.eHalf, p(state)], [f.q, p(na)]], p(b))
    system.remainder(b, time + dt / 2, nb)
    // 2 n_b − n_u, in the array that the next stage's rates overwrite.
    combine(nb, 1, nb, nc)
    combine(nc, -1, nu, nc)
    functions.apply([[f.eHalf, p(a)], [f.q, p(nc)]], p(b))
    system.remainder(b, time + dt, nc)
    combine(na, 1, nb, na)
    combine(na, 1, na, na)
    functions.apply([[f.e, p(state)], [f.f1, p(nu)], [f.f2, p(na)], [f.f3, p(nc)]], p(next))
  }

  return {
    name: 'ETDRK4',
    order: 4,
    get state() {
      return state
    },
    step(time, dt) {
      if (!system.hasRemainder) functions.apply([[functions.at(dt).pointers.e, p(state)]], p(next))
      else if (functions.diagonal) diagonalStep(time, dt)
      else coupledStep(time, dt)
      ;[state, next] = [next, state]
      system.reach(time + dt, state)
    },
    isFinite: () => system.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    stableStep(time) {
      let rate = 0
      if (system.hasRemainder) {
        const own = Array.from({ length: system.components }, (_, i) => entryOf(system.symbol, i, i))
        system.rates(state, time).byMode((mode, component, diffusive, other) => {
          const growth = own[component]?.[2 * mode] ?? 0
          if (other <= 0.5 * (-growth - diffusive)) return
          rate = Math.max(rate, diffusive + other + Math.max(0, growth))
        })
      }
      return { dt: rate > 0 ? explicitLimit / rate : Infinity, reason: `the terms outside the exactly integrated part change a wave at a rate of ${Number(rate.toPrecision(4))}`, sufficient: true }
    },
  }
}
