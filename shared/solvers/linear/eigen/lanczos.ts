import { error, FaultError } from '../../../fault'
import type { Block, Pointer, Team } from '../../../kernels/team'
import { denseMatrix } from '../dense/matrix'
import { symmetricEigen } from '../dense/symmetric-eigen'
import { createDirect } from '../direct/direct'
import { multiply, type SparseMatrix } from '../sparse'
import { createVectors } from '../vectors'
import { fillStart, orient, type EigenLimits, type EigenPairs } from './pairs'
import { shiftedMatrix } from './shifted'

export interface LanczosProblem extends EigenLimits {
  /** Symmetric. */
  readonly matrix: SparseMatrix
  /** Symmetric positive definite; absent: the identity. */
  readonly mass?: SparseMatrix
  /** σ: eigenvalues nearest to it are found; 0 by default. A − σB must be regular: for a singular A give a σ a little below 0. */
  readonly shift?: number
}

/**
 * Eigenpairs of A x = λ B x nearest to σ by Lanczos' method on (A − σB)⁻¹B in the inner product of B, with full reorthogonalisation; A − σB is factored once. What one run cannot see
 * (further copies of multiple eigenvalues) is found by further runs from starts orthogonal to what is known, until one brings nothing nearer to σ than what there is.
 *
 * Source: Ericsson & Ruhe 1980, doi:10.1090/S0025-5718-1980-0583502-2. Throws FaultError `singular-matrix`, `out-of-memory`, `Cancelled`.
 */
export function lanczos(team: Team, { matrix, mass, shift = 0, count, tolerance = 1e-8, maximumIterations = 400, run }: LanczosProblem): EigenPairs {
  const n = matrix.rows
  const { arena } = team
  const wanted = Math.min(count, n)
  const vectors = Array.from({ length: wanted }, () => arena.f64(n))
  const mark = arena.mark()
  const operations = createVectors(team, n)
  const direct = createDirect(team, shift === 0 ? matrix : shiftedMatrix(team, matrix, mass, shift))
  const longest = Math.min(n, Math.max(2 * wanted + 30, 50))
  const basis: Block[] = []
  const applyMass = (x: Pointer, y: Pointer): void => (mass ? multiply(team, mass, x, y) : operations.copy(x, y))
  const [w, bw] = [arena.f64(n), arena.f64(n)]
  interface Found { readonly value: number; readonly vector: Float64Array; readonly residual: number }
  let found: Found[] = []
  let iterations = 0
  const nearness = ({ value }: Found): number => Math.abs(value - shift)

  /** Removes known directions and returns the B-norm; `bw` holds B w afterwards. */
  function orthogonalise(against: readonly { x: Block; bx: Block }[]): number {
    for (let pass = 0; pass < 2; pass++) for (const { x, bx } of against) operations.axpy(-operations.dot(bx.pointer, w.pointer), x.pointer, w.pointer)
    applyMass(w.pointer, bw.pointer)
    return Math.sqrt(Math.max(0, operations.dot(w.pointer, bw.pointer)))
  }

  function runOnce(seed: number): Found[] {
    const inner = arena.mark()
    const known = found.map(({ vector }) => {
      const x = arena.from(vector)
      const bx = arena.f64(n)
      applyMass(x.pointer, bx.pointer)
      return { x, bx }
    })
    basis.length = 0
    const chain: { x: Block; bx: Block }[] = []
    const alphas: number[] = []
    const betas: number[] = []
    fillStart(w.view(), seed)
    let norm = orthogonalise(known)
    let result: Found[] = []
    const limit = Math.min(longest, n - found.length)
    while (chain.length < limit && norm > 0) {
      run?.throwIfCancelled()
      const x = arena.f64(n)
      const bx = arena.f64(n)
      operations.scale(1 / norm, w.pointer, x.pointer)
      operations.scale(1 / norm, bw.pointer, bx.pointer)
      chain.push({ x, bx })
      direct.solve(bx, w)
      iterations++
      alphas.push(operations.dot(w.pointer, bx.pointer))
      const size = operations.norm(w.pointer)
      norm = orthogonalise([...known, ...chain])
      // An invariant subspace: what is left of w is rounding.
      if (operations.norm(w.pointer) <= 1e-13 * size) norm = 0
      betas.push(norm)
      const steps = chain.length
      if (steps % 10 === 0 || steps === limit || norm === 0) {
        result = ritz(chain, alphas, betas)
        run?.progress?.({ iteration: iterations, residual: Math.max(...result.map(pair => pair.residual), 0) })
        if (result.length >= Math.min(wanted, limit) && iterations < maximumIterations) break
        if (iterations >= maximumIterations) break
      }
    }
    arena.release(inner)
    return result
  }

  /** Converged Ritz pairs, nearest to σ first. θ = 1/(λ − σ). */
  function ritz(chain: readonly { x: Block; bx: Block }[], alphas: readonly number[], betas: readonly number[]): Found[] {
    const k = chain.length
    const inner = arena.mark()
    const t = denseMatrix(arena, k, k)
    const view = t.block.view()
    for (let i = 0; i < k; i++) {
      view[i * k + i] = alphas[i]
      if (i + 1 < k) view[i * k + i + 1] = view[(i + 1) * k + i] = betas[i]
    }
    const { values, vectors: rows } = symmetricEigen(team, t)
    const s = rows.block.view().slice()
    arena.release(inner)
    const order = [...values.keys()].sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]))
    const result: Found[] = []
    const x = arena.f64(n)
    for (const i of order.slice(0, wanted)) {
      // ‖residual‖ of the inverted problem is |β s_k|; beside θ it is that of A x = λ B x beside λ − σ.
      if (!(Math.abs(betas[k - 1] * s[i * k + k - 1]) <= tolerance * Math.abs(values[i]))) break
      operations.fill(0, x.pointer)
      for (let j = 0; j < k; j++) operations.axpy(s[i * k + j], chain[j].x.pointer, x.pointer)
      const value = shift + 1 / values[i]
      result.push({ value, vector: x.view().slice(), residual: residualOf(value, x) })
    }
    arena.release(inner)
    return result
  }

  function residualOf(value: number, x: Block): number {
    const inner = arena.mark()
    const [ax, bx] = [arena.f64(n), arena.f64(n)]
    multiply(team, matrix, x.pointer, ax.pointer)
    applyMass(x.pointer, bx.pointer)
    const size = operations.norm(bx.pointer)
    operations.axpy(-value, bx.pointer, ax.pointer)
    const norm = operations.norm(ax.pointer) / size
    arena.release(inner)
    return Math.abs(value) > 0 ? norm / Math.abs(value) : norm
  }

  let complete = false
  for (let seed = 1; seed <= 40 && found.length < n && iterations < maximumIterations; seed++) {
    const farthest = found.length >= wanted ? nearness(found[wanted - 1]) : Infinity
    const fresh = runOnce(seed).filter(pair => nearness(pair) < farthest * (1 - 1e-12))
    found = [...found, ...fresh].sort((a, b) => nearness(a) - nearness(b))
    complete = fresh.length === 0 && found.length >= wanted
    if (complete || (fresh.length === 0 && seed > 3)) break
  }
  arena.release(mark)
  if (found.length === 0) throw new FaultError(error('not-converged', `Lanczos' method found no eigenvalue near ${shift} in ${iterations} steps.`, { tip: 'Allow more iterations or a larger tolerance.' }))
  const chosen = found.slice(0, wanted).sort((a, b) => a.value - b.value)
  chosen.forEach(({ vector }, k) => {
    orient(vector)
    vectors[k].view().set(vector)
  })
  return {
    values: Float64Array.from(chosen, pair => pair.value), vectors: vectors.slice(0, chosen.length), residuals: Float64Array.from(chosen, pair => pair.residual), iterations,
    converged: chosen.length === wanted && (complete || found.length === n), method: 'lanczos',
  }
}
