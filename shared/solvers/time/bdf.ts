import type { Block, Team } from '../../kernels/team'
import { createAdditiveRungeKutta } from './additive'
import { fractionalPower } from './controller'
import type { Stepper } from './stepper'
import { createVectorOperations, type ImplicitSystem } from './system'
import { ark436 } from './tableaux'

export type BdfOrder = 1 | 2 | 3 | 4 | 5

/** γ_k = Σ_{j ≤ k} 1/j: the formula of order k is Σ_{j=1}^{k} (1/j) ∇ʲu_{n+1} = dt F_{n+1}. */
const gamma = [0, 1, 1 + 1 / 2, 1 + 1 / 2 + 1 / 3, 1 + 1 / 2 + 1 / 3 + 1 / 4, 1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5]
const solverPart = 0.02
const fixedTolerance = 1e-11
const leastTolerance = 1e-14
const safety = 0.8
const mostGrowth = 8
/** Changing the step costs a new linear system: not for less. */
const leastGrowth = 1.2

/**
 * Backward differentiation formulas of order 1 to 5 on backward differences of the solution (C. W. Gear 1971; L. F. Shampine, M. W. Reichelt, SIAM J. Sci. Comput. 18 (1997),
 * doi:10.1137/S1064827594276424). A- or L-stable up to order 2; for orders 3 to 5 stable in a sector of 86°, 73° and 51° around the negative real axis: oscillating solutions need orders 1 or 2.
 *
 * Fixed steps: the given order throughout, the first values from the fourth-order ESDIRK method. With error control: starts with order 1, raises it to the given one as the estimates allow, and
 * changes the step by interpolating its differences; output times are interpolated. The state holds all differences, so a resumed run has the same bits.
 */
export function createBdf(options: { readonly order?: BdfOrder; readonly stageTolerance?: number }, system: ImplicitSystem, team: Team): Stepper {
  const most = options.order ?? 5
  const { size, implicit } = system
  const { arena } = team
  const rows = most + 3
  // One array [difference, entry], differences as blocks of it.
  const history = arena.f64(rows * size)
  const D: Block[] = Array.from({ length: rows }, (_, j) => {
    const pointer = history.pointer + 8 * j * size
    return { pointer, length: size, view: () => new Float64Array(arena.memory.buffer, pointer, size) }
  })
  const scratch = Array.from({ length: most + 1 }, () => arena.f64(size))
  const [u, known, correction, work] = [arena.f64(size), arena.f64(size), arena.f64(size), arena.f64(size)]
  const vectors = createVectorOperations(system, rows, team)
  vectors.copy(system.initial, D[0])
  const starter = most > 1 ? createAdditiveRungeKutta(ark436, { ...system, explicit: undefined }, team, { stageTolerance: options.stageTolerance ?? fixedTolerance }) : undefined

  /** Step the differences are of (0: none yet), order, steps taken with both, differences that are known, and the time reached. */
  let spacing = 0
  let order = 1
  let equal = 0
  let filled = 0
  let reached = 0
  let lastAllowed = 1

  /** D ← differences of the same polynomial at spacing factor·h. */
  function rescale(factor: number, upTo: number): void {
    const R = product(differencesAt(factor, upTo), differencesAt(1, upTo))
    for (let i = 1; i <= upTo; i++) vectors.combine(0, undefined, R.map((row, j) => [row[i], D[j]] as const).slice(1), scratch[i])
    for (let i = 1; i <= upTo; i++) vectors.copy(scratch[i], D[i])
    equal = 0
  }

  /** One formula of order k: u, and its difference from the prediction in `correction`. */
  function solve(time: number, dt: number, k: number, tolerance: number): void {
    const terms = D.slice(1, k + 1)
    vectors.combine(1, D[0], terms.map(d => [1, d] as const), u)
    // Σ (1/j)∇ʲu = γ_k (u − prediction) + Σ γ_j D_j
    vectors.combine(1, u, terms.map((d, j) => [-gamma[j + 1] / gamma[k], d] as const), known)
    vectors.copy(u, work)
    implicit.solveStage(time + dt, dt / gamma[k], known, u, tolerance)
    system.impose?.(time + dt, u)
    vectors.combine(1, u, [[-1, work]], correction)
  }
  function take(k: number): void {
    if (k + 2 < rows) vectors.combine(1, correction, [[-1, D[k + 1]]], D[k + 2])
    vectors.copy(correction, D[k + 1])
    for (let j = k; j >= 0; j--) vectors.combine(1, D[j], [[1, D[j + 1]]], D[j])
  }
  /** A value from elsewhere becomes the newest one. */
  function push(value: Block): void {
    const upTo = Math.min(filled + 1, most)
    vectors.copy(value, scratch[0])
    for (let j = 1; j <= upTo; j++) vectors.combine(1, scratch[j - 1], [[-1, D[j - 1]]], scratch[j])
    for (let j = 0; j <= upTo; j++) vectors.copy(scratch[j], D[j])
    filled = upTo
  }

  return {
    name: `BDF${most}`,
    order: most,
    noise: implicit.noise ?? 0,
    state: history,
    step(time, dt) {
      const tolerance = options.stageTolerance ?? fixedTolerance
      if (spacing !== dt) {
        if (filled >= most && spacing > 0) rescale(dt / spacing, most)
        else filled = 0
        spacing = dt
      }
      if (starter && filled < most) {
        starter.state.view().set(D[0].view())
        starter.step(time, dt)
        push(starter.state)
        if (filled === most) order = most
      } else {
        solve(time, dt, most, tolerance)
        order = most
        filled = most
        take(most)
      }
      reached = time + dt
    },
    isFinite: () => vectors.isFinite(D[0]),
    nodalValues: () => system.nodalValues(D[0]),
    save: () => ({ spacing, order, equal, filled, reached }),
    restore(saved) {
      ;({ spacing, order, equal, filled, reached } = saved as Record<'spacing' | 'order' | 'equal' | 'filled' | 'reached', number>)
    },
    embedded: {
      control: 'per-step',
      get estimateOrder() {
        return order
      },
      attempt(time, dt, allowed) {
        if (spacing === 0) {
          system.rate(time, D[0], D[1])
          vectors.combine(dt, D[1], [], D[1])
        } else if (dt !== spacing) rescale(dt / spacing, order)
        spacing = dt
        reached = time + dt
        lastAllowed = allowed
        solve(time, dt, order, Math.max(leastTolerance, solverPart * allowed))
        return vectors.relativeError(correction, u) / (order + 1)
      },
      accept() {
        take(order)
        equal++
        filled = Math.max(filled, order)
        if (equal <= order) return 1
        const factorFor = (k: number): number => {
          const estimate = vectors.relativeError(D[k + 1], D[0]) / (k + 1) / lastAllowed
          return estimate > 0 ? 1 / fractionalPower(estimate, 1 / (k + 1)) : mostGrowth
        }
        const factors = [order > 1 ? factorFor(order - 1) : 0, factorFor(order), order < most ? factorFor(order + 1) : 0]
        const best = factors.indexOf(Math.max(...factors))
        const factor = Math.min(mostGrowth, safety * factors[best])
        equal = 0
        if (factor < leastGrowth) return 1
        order += best - 1
        return factor
      },
      interpolate(time) {
        const distance = (time - reached) / spacing
        let weight = 1
        const terms = D.slice(1, order + 1).map((d, m) => {
          weight *= (distance + m) / (m + 1)
          return [weight, d] as const
        })
        vectors.combine(1, D[0], terms, work)
        system.impose?.(time, work)
        return system.nodalValues(work)
      },
    },
  }
}


/** R[i][j] that takes differences of spacing 1 to spacing `factor` (Shampine & Reichelt § 2.2). */
function differencesAt(factor: number, order: number): number[][] {
  const M = Array.from({ length: order + 1 }, (_, i) => Array.from({ length: order + 1 }, (_, j) => (i === 0 ? 1 : j === 0 ? 0 : (i - 1 - factor * j) / i)))
  for (let i = 1; i <= order; i++) for (let j = 0; j <= order; j++) M[i][j] *= M[i - 1][j]
  return M
}

const product = (a: number[][], b: number[][]): number[][] => a.map(row => b[0].map((_, j) => row.reduce((sum, entry, k) => sum + entry * b[k][j], 0)))
