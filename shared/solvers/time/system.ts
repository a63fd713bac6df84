import type { Block, Team } from '../../kernels/team'
import type { StabilityLimits } from './stability-limits'
import type { StableStep } from './stepper'

/**
 * What the integrators of this folder take: u' = F(t, u) on one float64 array of the arena, whatever it stands for (nodes of several components one after the other, coefficients of a basis).
 *
 *     explicit      createExplicitRungeKutta(tsit5, system, team)                         runge-kutta.ts: rk4, tsit5, dop853, sspRungeKutta3
 *     implicit      createBdf({ order }, system, team), createCrankNicolson(…)            bdf.ts, crank-nicolson.ts — with `implicit`
 *     split         createAdditiveRungeKutta(ark436, { …system, explicit }, team)         additive.ts: ars222, ark436 — F = implicit part + explicit part
 *     composition   createComposition('strang' | 'yoshida', flows, …)                     composition.ts; createLeapfrog for q' = p, p' = F(t, q)
 *
 * Each gives a Stepper, which `evolve` (evolve.ts) drives through the output times.
 */
export interface SemiDiscreteSystem {
  /** Length of the state. */
  readonly size: number
  /** Lengths of the parts of the state whose errors are measured each against its own size (components); absent: one part. Their sum is `size`. */
  readonly parts?: readonly number[]
  /** Parts that constraints determine (a pressure, a stream function): they follow the others, have no rate to predict them by, and play no part in error estimates. */
  readonly followers?: readonly boolean[]
  /** The state at the first time; copied by the integrators. */
  readonly initial: Block
  /** out ← F(time, state). `out` ≠ `state`. Entries that are prescribed (Dirichlet values) get their own time derivative. */
  rate(time: number, state: Block, out: Block): void
  /** state ← prescribed values and constraints at a time; called on every new state. */
  impose?(time: number, state: Block): void
  /** What is kept at output times (see Stepper.nodalValues). */
  nodalValues(state: Block): Float64Array
  /** The largest stable step of a method that is stable up to these limits. */
  stableStep?(time: number, state: Block, limits: StabilityLimits): StableStep
}

/** The part of F that implicit methods solve for. */
export interface ImplicitPart {
  /** out ← F_I(time, state). */
  rate(time: number, state: Block, out: Block): void
  /**
   * Solves u − c F_I(time, u) = known, with prescribed entries of u at their values at `time`; `u` holds a guess on entry. Newton's iteration from a linear solver: newton.ts.
   *
   * @param tolerance error allowed in u, relative to u
   * Throws FaultError `not-converged`: the driver then tries a shorter step where it may choose.
   */
  solveStage(time: number, c: number, known: Block, u: Block, tolerance: number): void
  /** Relative accuracy that no tolerance improves (see Stepper.noise). */
  readonly noise?: number
}

export interface ImplicitSystem extends SemiDiscreteSystem {
  /** All of F. */
  readonly implicit: ImplicitPart
}

export interface AdditiveSystem extends SemiDiscreteSystem {
  readonly implicit: ImplicitPart
  /** F_E = F − F_I. */
  explicit(time: number, state: Block, out: Block): void
}

/** A flow of one part of a split system, in place: state ← φ(state) from `time` over `dt`. */
export type Flow = (time: number, dt: number, state: Block) => void

export interface VectorOperations {
  copy(from: Block, to: Block): void
  /** out ← factor u + Σ cⱼ kⱼ; `out` may be `u` but none of the kⱼ. Zero factors are left out. */
  combine(factor: number, u: Block | undefined, terms: readonly (readonly [number, Block])[], out: Block): void
  isFinite(state: Block): boolean
  /** The largest of ‖error‖/‖state‖ over the parts that evolve. A part far smaller than all others (1e-8) counts as that small a part of them. */
  relativeError(error: Block, state: Block): number
}

const grain = { grain: 1024 }
const smallestPart = 1e-8

/** Vector operations on states of `size`, with the error norm of the given parts; allocates a few words. */
export function createVectorOperations({ size, parts = [size], followers }: Pick<SemiDiscreteSystem, 'size' | 'parts' | 'followers'>, mostTerms: number, team: Team): VectorOperations {
  const { arena } = team
  const table = arena.bytes(4 * Math.max(1, mostTerms))
  const factors = arena.f64(Math.max(1, mostTerms))
  const rootMeanSquare = (block: Block, from: number, length: number): number =>
    Math.sqrt(team.reduce('vectors.dot', from, from + length, [block.pointer, block.pointer]) / Math.max(1, length))
  return {
    copy(from, to) {
      team.parallel('vectors.copy', 0, size, [from.pointer, to.pointer], grain)
    },
    combine(factor, u, terms, out) {
      const entries = new Int32Array(arena.memory.buffer, table, Math.max(1, mostTerms))
      const view = factors.view()
      let count = 0
      for (const [c, k] of terms) {
        if (c === 0) continue
        entries[count] = k.pointer
        view[count++] = c
      }
      team.parallel('stepping.combine', 0, size, [factor, u?.pointer ?? 0, count, table, factors.pointer, out.pointer], grain)
    },
    isFinite: state => team.reduce('stepping.nonFinite', 0, size, [state.pointer]) === 0,
    relativeError(error, state) {
      const errors: number[] = []
      const norms: number[] = []
      let from = 0
      parts.forEach((length, part) => {
        if (!followers?.[part]) {
          errors.push(rootMeanSquare(error, from, length))
          norms.push(rootMeanSquare(state, from, length))
        }
        from += length
      })
      const floor = smallestPart * Math.max(...norms)
      let most = 0
      errors.forEach((e, part) => {
        const relative = e === 0 ? 0 : e / Math.max(norms[part], floor)
        most = relative > most || Number.isNaN(relative) ? relative : most
      })
      return errors.some(Number.isNaN) || norms.some(n => !Number.isFinite(n)) ? NaN : most
    },
  }
}
