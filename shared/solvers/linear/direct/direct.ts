import { error, FaultError } from '../../../fault'
import { bytesText } from '../../../kernels/arena'
import type { Block, Pointer, Team } from '../../../kernels/team'
import { asymmetry, diagonalOf, residual, type SparseMatrix } from '../sparse'
import { createVectors } from '../vectors'
import { distribute, type FrontEntries } from './entries'
import { graphOf } from './graph'
import { minimumDegree } from './minimum-degree'
import { factorNumeric, type Pivoting, type Scaling } from './numeric'
import { equilibrate } from './scaling'
import { analyse, estimate, type Estimate } from './symbolic'

/**
 * positive: Cholesky-like LDLᵀ, all pivots must be positive. symmetric: LDLᵀ without exchanges, for indefinite matrices whose pivots stay away from 0.
 * general: LU with threshold pivoting. auto: positive when A is symmetric with a positive diagonal, and general when that fails.
 */
export type DirectKind = 'positive' | 'symmetric' | 'general'

export interface DirectOptions {
  readonly kind?: 'auto' | DirectKind
  /** Order of elimination, unknown by unknown; approximate minimum degree by default. */
  readonly order?: Int32Array
  /** Bytes that the factorisation may take; what the arena has left by default. */
  readonly limitBytes?: number
  readonly throwIfCancelled?: () => void
}

export interface DirectSolve {
  /** ‖b − A x‖ / ‖b‖ after refinement. */
  readonly residual: number
  readonly refinements: number
}

export interface DirectSolver {
  readonly kind: DirectKind
  /** Of the factorisation without delayed pivots. */
  readonly estimate: Estimate
  /** Pivots that were passed on to a larger front for stability. */
  readonly delayed: number
  /** Number of negative pivots of a symmetric factorisation: by Sylvester's law the number of negative eigenvalues. NaN for `general`. */
  readonly negativePivots: number
  /** Factors again after the values of the matrix changed (same pattern): the analysis is kept. Throws as `createDirect` does. */
  factor(): void
  /** x ← A⁻¹ b, with up to two steps of iterative refinement. `x` ≠ `b`. */
  solve(b: Block, x: Block): DirectSolve
}

const machineEpsilon = 2.220446049250313e-16

/**
 * Sparse direct solver: analysis, then a multifrontal factorisation. Its arrays stay in the arena (mark and release around it).
 *
 *     const direct = createDirect(team, A)                  // once; factors too
 *     direct.solve(b, x)
 *     A.values.view().set(…); direct.factor()               // new values, same pattern
 *
 * Throws FaultError `out-of-memory` before factoring when the factors do not fit, `indefinite-operator` (kind positive), `weak-pivot` (kind symmetric),
 * `singular-matrix` naming the unknown (kind general), and `Cancelled`.
 */
export function createDirect(team: Team, matrix: SparseMatrix, options: DirectOptions = {}): DirectSolver {
  if (matrix.rows !== matrix.columns) throw new Error(`a matrix of ${matrix.rows} × ${matrix.columns} has no inverse`)
  const n = matrix.rows
  const { arena } = team
  const graph = graphOf(matrix)
  const symbolic = analyse(graph, options.order ?? minimumDegree(graph))
  let kind: DirectKind
  if (options.kind && options.kind !== 'auto') kind = options.kind
  else kind = diagonalOf(matrix).every(value => value > 0) && asymmetry(arena, matrix) <= 8 * machineEpsilon ? 'positive' : 'general'
  const mayChange = (options.kind ?? 'auto') === 'auto'

  const description = arena.bytes(20 * symbolic.fronts)
  const maps = arena.bytes(8 * n)
  const [first, second, third] = [0, 1, 2].map(() => arena.f64(n))
  const vectors = createVectors(team, n)
  let plan = prepare()
  let delayed = 0

  interface Plan {
    readonly estimate: Estimate
    readonly entries: FrontEntries
    readonly scaling: Scaling
    readonly work: Pointer
    region: Pointer
    bytes: number
  }

  function prepare(): Plan {
    const symmetric = kind !== 'general'
    const expected = estimate(symbolic, symmetric)
    const entries = distribute(arena, matrix, symbolic, symmetric)
    const scaling = symmetric ? { row: 0, column: 0 } : { row: arena.f64(n).pointer, column: arena.f64(n).pointer }
    // Delayed pivots make fronts larger than foreseen.
    const bytes = Math.ceil(expected.bytes * (symmetric ? 1 : 1.25)) + 65536
    return { estimate: expected, entries, scaling, work: arena.f64(2 * n).pointer, region: reserve(bytes), bytes }
  }

  function reserve(bytes: number): Pointer {
    const left = Math.min(arena.budget - arena.used, options.limitBytes ?? Infinity)
    if (bytes > left) {
      throw new FaultError(error('out-of-memory', `The direct solver needs ${bytesText(bytes)} for the factors of this matrix of ${n} unknowns, but only ${bytesText(Math.max(0, left))} are left to the job.`, { tip: 'Use fewer nodes, an iterative solver, or raise the memory limit of jobs in the settings.' }))
    }
    return arena.bytes(bytes)
  }

  function factor(): void {
    for (;;) {
      if (kind === 'general') equilibrate(matrix, plan.scaling, arena)
      const pivoting: Pivoting = kind === 'general' ? { kind: 'general', scaling: plan.scaling } : { kind: 'symmetric', positive: kind === 'positive', weak: 1e-10 }
      const result = factorNumeric({ team, matrix, symbolic, ...plan, description, maps, throwIfCancelled: options.throwIfCancelled }, pivoting)
      if (result.end === 'done') {
        delayed = result.delayed
        return
      }
      if (result.end === 'full') {
        plan.bytes = Math.ceil(1.6 * plan.bytes)
        plan.region = reserve(plan.bytes)
      } else if (mayChange && kind !== 'general') {
        kind = 'general'
        plan = prepare()
      } else throw new FaultError(failure(kind, symbolic.order[result.position]))
    }
  }

  /** x ← (factors)⁻¹ b, one pass. */
  function substitute(b: Pointer, x: Pointer): void {
    const { order } = symbolic
    const buffer = arena.memory.buffer
    const source = new Float64Array(buffer, b, n)
    const target = new Float64Array(buffer, x, n)
    const work = new Float64Array(buffer, plan.work, n)
    if (kind !== 'general') {
      for (let p = 0; p < n; p++) work[p] = source[order[p]]
      team.call('fronts.forwardSymmetric', [symbolic.fronts, description, plan.work, third.pointer])
      team.call('fronts.backwardSymmetric', [symbolic.fronts, description, plan.work, third.pointer])
      for (let p = 0; p < n; p++) target[order[p]] = work[p]
      return
    }
    const row = new Float64Array(buffer, plan.scaling.row, n)
    const column = new Float64Array(buffer, plan.scaling.column, n)
    for (let p = 0; p < n; p++) work[p] = source[order[p]] * row[order[p]]
    const y = plan.work + 8 * n
    team.call('fronts.forwardGeneral', [symbolic.fronts, description, plan.work, y])
    team.call('fronts.backwardGeneral', [symbolic.fronts, description, n, y, plan.work, third.pointer])
    for (let p = 0; p < n; p++) target[order[p]] = work[p] * column[order[p]]
  }

  factor()
  return {
    factor,
    get kind() {
      return kind
    },
    get estimate() {
      return plan.estimate
    },
    get delayed() {
      return delayed
    },
    get negativePivots() {
      if (kind === 'general') return NaN
      const words = new Int32Array(arena.memory.buffer, description, 5 * symbolic.fronts)
      let count = 0
      for (let f = 0; f < symbolic.fronts; f++) {
        const [k, m] = [words[5 * f], words[5 * f + 1]]
        const values = new Float64Array(arena.memory.buffer, words[5 * f + 4] >>> 0, k * m)
        for (let t = 0; t < k; t++) if (values[t * m + t] < 0) count++
      }
      return count
    },
    solve(b, x) {
      const scale = vectors.norm(b.pointer)
      substitute(b.pointer, x.pointer)
      residual(team, matrix, x.pointer, b.pointer, first.pointer)
      let norm = vectors.norm(first.pointer)
      let refinements = 0
      while (refinements < 2 && norm > 2 * machineEpsilon * scale) {
        substitute(first.pointer, second.pointer)
        vectors.axpy(1, second.pointer, x.pointer)
        residual(team, matrix, x.pointer, b.pointer, first.pointer)
        const next = vectors.norm(first.pointer)
        if (!(next < norm)) {
          vectors.axpy(-1, second.pointer, x.pointer)
          break
        }
        refinements++
        if (next > 0.25 * norm) {
          norm = next
          break
        }
        norm = next
      }
      return { residual: scale === 0 ? 0 : norm / scale, refinements }
    },
  }
}

function failure(kind: DirectKind, unknown: number) {
  if (kind === 'positive') return error('indefinite-operator', `The matrix is not positive definite: elimination met a pivot that is not positive at unknown ${unknown}.`, { tip: 'Use the factorisation for general matrices.' })
  if (kind === 'symmetric') return error('weak-pivot', `Symmetric elimination without exchanges met a pivot near zero at unknown ${unknown}.`, { tip: 'Use the factorisation for general matrices.' })
  return error('singular-matrix', `The matrix is singular: no pivot is left for unknown ${unknown}.`, { tip: 'Check that the problem determines its solution uniquely.' })
}
