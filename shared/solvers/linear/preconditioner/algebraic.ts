import { error, FaultError } from '../../../fault'
import type { Arena, Block, Pointer, Team } from '../../../kernels/team'
import { createDirect } from '../direct/direct'
import type { Preconditioner } from '../map'
import { galerkin } from '../product'
import { diagonalOf, multiply, multiplyAdd, residual, sparseFromTriplets, transpose, type SparseMatrix } from '../sparse'
import { createVectors, type Vectors } from '../vectors'
import { aggregate, strongEntries } from './aggregates'

export interface AlgebraicOptions {
  /** Couplings weaker than θ √(a_ii a_jj) are left out of the aggregates; halved on every coarser level. 0.08 by default. */
  readonly strength?: number
  /** Sweeps of Gauss–Seidel before (forward) and after (backward) the coarse correction; 1 by default. */
  readonly sweeps?: number
  /** A function that A maps near zero; constants by default. Length n. */
  readonly nearKernel?: Float64Array
}

export interface AlgebraicMultigrid extends Preconditioner {
  /** Unknowns of every level. */
  readonly sizes: readonly number[]
  /** Entries of all levels beside those of A: what a cycle costs. */
  readonly operatorComplexity: number
}

interface Level {
  readonly matrix: SparseMatrix
  readonly inverse: Block
  readonly vectors: Vectors
  /** Residual; unknown and right-hand side of coarse levels. */
  readonly r: Block
  readonly x: Block
  readonly b: Block
  readonly prolongation?: SparseMatrix
  readonly restriction?: SparseMatrix
}

const coarsest = 600

/**
 * Algebraic multigrid by smoothed aggregation, a symmetric preconditioner for symmetric positive definite matrices of second-order problems on any mesh: groups of strongly
 * coupled unknowns become one, piecewise constants are smoothed by one step of damped Jacobi, coarse operators are Galerkin products, the coarsest is solved directly.
 *
 * Source: Vaněk, Mandel & Brezina 1996, doi:10.1007/BF02238511. Throws FaultError `indefinite-operator` when a diagonal entry is not positive, `out-of-memory`.
 */
export function algebraicMultigrid(team: Team, matrix: SparseMatrix, options: AlgebraicOptions = {}): AlgebraicMultigrid {
  const { strength = 0.08, sweeps = 1 } = options
  const { arena } = team
  const levels: Level[] = []
  let current = matrix
  let kernel = options.nearKernel ?? new Float64Array(matrix.rows).fill(1)
  for (let depth = 0; ; depth++) {
    const diagonal = diagonalOf(current)
    const row = diagonal.findIndex(value => !(value > 0))
    if (row >= 0 && depth === 0) throw new FaultError(error('indefinite-operator', `The diagonal entry of row ${row} is not positive: algebraic multigrid is for positive definite matrices.`, { tip: 'Use the direct solver, or GMRES with incomplete LU.' }))
    const common = {
      matrix: current, inverse: arena.from(diagonal.map(value => (value > 0 ? 1 / value : 0))), vectors: createVectors(team, current.rows),
      r: arena.f64(current.rows), x: arena.f64(depth === 0 ? 0 : current.rows), b: arena.f64(depth === 0 ? 0 : current.rows),
    }
    const coarse = current.rows > coarsest && depth < 20 ? coarsen(arena, current, diagonal, kernel, strength * 0.5 ** depth) : undefined
    // No gain in size: the rest is solved as it is.
    if (!coarse || coarse.prolongation.columns > 0.8 * current.rows) {
      levels.push(common)
      break
    }
    const restriction = transpose(arena, coarse.prolongation)
    levels.push({ ...common, prolongation: coarse.prolongation, restriction })
    current = galerkin(arena, current, coarse.prolongation, restriction)
    kernel = coarse.kernel
  }
  const last = levels[levels.length - 1]
  const direct = createDirect(team, last.matrix)

  function relax({ matrix: a, inverse }: Level, b: Pointer, x: Pointer, step: number): void {
    for (let sweep = 0; sweep < sweeps; sweep++) team.call('sparse.relax', [a.rows, a.startsPointer, a.columnsPointer, a.values.pointer, inverse.pointer, b, x, 1, step])
  }
  function cycle(depth: number, b: Pointer, x: Pointer): void {
    const level = levels[depth]
    if (!level.prolongation) {
      direct.solve(viewOf(arena, b, level.matrix.rows), viewOf(arena, x, level.matrix.rows))
      return
    }
    level.vectors.fill(0, x)
    relax(level, b, x, 1)
    residual(team, level.matrix, x, b, level.r.pointer)
    const next = levels[depth + 1]
    multiply(team, level.restriction!, level.r.pointer, next.b.pointer)
    cycle(depth + 1, next.b.pointer, next.x.pointer)
    multiplyAdd(team, level.prolongation, next.x.pointer, x)
    relax(level, b, x, -1)
  }
  return {
    sizes: levels.map(level => level.matrix.rows),
    operatorComplexity: levels.reduce((sum, level) => sum + level.matrix.entries, 0) / matrix.entries,
    apply: (r, z) => cycle(0, r, z),
  }
}

const viewOf = (arena: Arena, pointer: Pointer, length: number): Block => ({ pointer, length, view: () => new Float64Array(arena.memory.buffer, pointer, length) })

/** Tentative prolongation from the near kernel on aggregates, smoothed by P = (I − ω D⁻¹ Aᶠ) P̂ with ω = 4/3 / λ, λ ≥ ρ(D⁻¹ Aᶠ); Aᶠ has its weak entries added to the diagonal. */
function coarsen(arena: Arena, matrix: SparseMatrix, diagonal: Float64Array, kernel: Float64Array, theta: number): { prolongation: SparseMatrix; kernel: Float64Array } | undefined {
  const n = matrix.rows
  const strong = strongEntries(matrix, diagonal, theta)
  const { of, count } = aggregate(matrix, strong)
  if (count === 0) return undefined
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const norms = new Float64Array(count)
  for (let i = 0; i < n; i++) if (of[i] >= 0) norms[of[i]] += kernel[i] * kernel[i]
  for (let g = 0; g < count; g++) norms[g] = Math.sqrt(norms[g])
  const tentative = (i: number): number => (of[i] >= 0 && norms[of[i]] > 0 ? kernel[i] / norms[of[i]] : 0)
  const filtered = new Float64Array(n)
  let radius = 0
  for (let i = 0; i < n; i++) {
    let weak = 0
    let sum = 0
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      if (columns[e] === i) continue
      if (strong[e]) sum += Math.abs(values[e])
      else weak += values[e]
    }
    // Lumping must not turn a diagonal around: positive off-diagonal entries of higher elements could.
    filtered[i] = diagonal[i] + weak > 0.1 * diagonal[i] ? diagonal[i] + weak : diagonal[i]
    radius = Math.max(radius, 1 + sum / filtered[i])
  }
  const omega = 4 / 3 / spectralBound(matrix, strong, filtered, radius)
  const rows: number[] = []
  const places: number[] = []
  const weights: number[] = []
  const add = (i: number, j: number, weight: number): void => {
    if (weight === 0) return
    rows.push(i)
    places.push(of[j])
    weights.push(weight)
  }
  for (let i = 0; i < n; i++) {
    if (of[i] < 0) continue
    add(i, i, (1 - omega) * tentative(i))
    for (let e = starts[i]; e < starts[i + 1]; e++) if (strong[e] && of[columns[e]] >= 0) add(i, columns[e], -(omega / filtered[i]) * values[e] * tentative(columns[e]))
  }
  return { prolongation: sparseFromTriplets(arena, n, count, { rows, columns: places, values: weights }), kernel: norms }
}

/** Twelve steps of the power method on D⁻¹Aᶠ from a rough vector, with a margin; never more than Gershgorin's bound. */
function spectralBound(matrix: SparseMatrix, strong: Uint8Array, diagonal: Float64Array, gershgorin: number): number {
  const n = matrix.rows
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  let x = Float64Array.from({ length: n }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * (i % 2 === 0 ? 1 : -1))
  let y = new Float64Array(n)
  let lambda = 0
  for (let step = 0; step < 12; step++) {
    let size = 0
    let length = 0
    for (let i = 0; i < n; i++) {
      let sum = diagonal[i] * x[i]
      for (let e = starts[i]; e < starts[i + 1]; e++) if (strong[e]) sum += values[e] * x[columns[e]]
      y[i] = sum / diagonal[i]
      size += y[i] * y[i]
      length += x[i] * x[i]
    }
    lambda = Math.sqrt(size / length)
    const scale = 1 / (Math.sqrt(size) || 1)
    for (let i = 0; i < n; i++) y[i] *= scale
    const swap = x
    x = y
    y = swap
  }
  return Math.min(gershgorin, 1.1 * lambda) || 1
}
