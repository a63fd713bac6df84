import type { Libm } from '../../expressions/libm'
import type { Block, Team } from '../../kernels/team'
import type { AdditiveSystem, Flow } from '../time/system'
import { createFunctionsOfSymbol } from './modal-functions'
import { createModalProduct } from './modal-product'
import { largestEntry, spectralRadius, type ModalMatrix } from './modal-matrix'
import type { SpectralSystem } from './system'

/** Spectral coefficients as the state of the integrators in solvers/time: ê' = S ê + N̂, S implicit where a method splits. */
export function semiDiscrete(system: SpectralSystem, team: Team, libm: Libm): AdditiveSystem {
  const symbolProduct = createModalProduct(team, system.symbol)
  let radius: number | undefined
  const resolvent = createFunctionsOfSymbol(system.symbol, ['resolvent'], 3, team, libm)
  return {
    size: system.length,
    parts: Array.from({ length: system.components }, () => 2 * system.modes),
    initial: system.initial,
    rate(time, state, out) {
      if (system.hasRemainder) {
        system.remainder(state, time, out)
        symbolProduct.apply(state.pointer, out.pointer, out.pointer)
      } else symbolProduct.apply(state.pointer, out.pointer)
    },
    explicit(time, state, out) {
      if (system.hasRemainder) system.remainder(state, time, out)
      else team.parallel('vectors.fill', 0, system.length, [0, out.pointer])
    },
    implicit: {
      rate: (_, state, out) => symbolProduct.apply(state.pointer, out.pointer),
      solveStage: (_, c, known, u) => resolvent.apply([[resolvent.at(c).pointers.resolvent, known.pointer]], u.pointer),
    },
    impose: (time, state) => system.reach(time, state),
    nodalValues: state => system.nodalValues(state),
    stableStep(time, state, limits) {
      radius ??= spectralRadius(system.symbol, libm)
      // The implicit part of a split method sets no limit.
      const linear = limits.sufficient ? 0 : radius
      const rate = linear + (system.hasRemainder ? system.rates(state, time).largest : 0)
      // Some methods leave the imaginary axis early but with little growth: their longer steps are warned of, not refused.
      const sufficient = limits.sufficient === true || limits.imaginary < 0.5 * limits.real
      const bound = limits.imaginary > 0.5 * limits.real ? Math.min(limits.real, limits.imaginary) : limits.real
      return { dt: rate > 0 ? bound / rate : Infinity, reason: `the shortest wave kept changes at a rate of ${Number(rate.toPrecision(4))}`, ...(sufficient ? { sufficient } : {}) }
    },
  }
}

/** The flows of ê' = S ê, with which time moves (exact), and of ê' = N̂(ê) at a frozen time (classical Runge–Kutta, with substeps where N is stiff), for compositions. */
export function splitFlows(system: SpectralSystem, team: Team, libm: Libm): readonly [Flow, Flow] {
  const { arena } = team
  const block = (): Block => arena.f64(system.length)
  const work = block()
  const functions = createFunctionsOfSymbol(system.symbol, ['e'], 6, team, libm)
  const [k1, k2, k3, k4, middle] = [block(), block(), block(), block(), block()]
  const grain = { grain: 1024 }
  const stage = (state: Block, c: number, k: Block): void => team.parallel('stepping.addScaled', 0, system.length, [state.pointer, c, k.pointer, middle.pointer], grain)
  return [
    (_, dt, state) => {
      functions.apply([[functions.at(dt).pointers.e, state.pointer]], work.pointer)
      team.parallel('vectors.copy', 0, system.length, [work.pointer, state.pointer])
    },
    (time, dt, state) => {
      if (!system.hasRemainder) return
      const rate = system.rates(state, time).largest
      const substeps = Number.isFinite(rate) ? Math.min(1000, Math.max(1, Math.ceil(Math.abs(dt) * rate / 2))) : 1
      const h = dt / substeps
      for (let s = 0; s < substeps; s++) {
        system.remainder(state, time, k1)
        stage(state, h / 2, k1)
        system.remainder(middle, time, k2)
        stage(state, h / 2, k2)
        system.remainder(middle, time, k3)
        stage(state, h, k3)
        system.remainder(middle, time, k4)
        team.parallel('stepping.rungeKutta4', 0, system.length, [state.pointer, k1.pointer, k2.pointer, k3.pointer, k4.pointer, h, state.pointer], grain)
      }
    },
  ]
}

/** Whether some wave loses a part of its size under S alone: a flow that compositions may not run backwards. */
export const damps = (symbol: ModalMatrix): boolean => {
  const size = largestEntry(symbol)
  for (let i = 0; i < symbol.rows; i++) {
    const entry = symbol.entries[i * symbol.columns + i]
    if (entry?.some((v, at) => at % 2 === 0 && v < -1e-12 * size)) return true
  }
  return false
}
