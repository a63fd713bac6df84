import type { Block, Pointer, Team } from '../../../kernels/team'
import { denseMatrix } from '../dense/matrix'
import { symmetricEigen } from '../dense/symmetric-eigen'
import type { LinearMap, Preconditioner } from '../map'
import { createVectors } from '../vectors'
import { fillStart, orient, type EigenLimits, type EigenPairs } from './pairs'

export interface LobpcgProblem extends EigenLimits {
  /** Symmetric positive (semi)definite. */
  readonly map: LinearMap
  /** Symmetric positive definite; absent: the identity. */
  readonly mass?: LinearMap
  /** About A⁻¹ (or (A + B)⁻¹), symmetric positive definite: without one, convergence is slow. */
  readonly preconditioner?: Preconditioner
  /** Starting vectors, for instance of a coarser grid; random ones by default. */
  readonly start?: readonly Float64Array[]
}

/** A direction with its images. */
interface Direction { readonly x: Block; readonly ax: Block; readonly bx: Block }

/**
 * Smallest eigenpairs of A x = λ B x by LOBPCG: in every step Rayleigh–Ritz on the span of the approximations X, their preconditioned residuals W and the last directions P, all
 * made B-orthonormal first. A block a little larger than `count` keeps the last ones fast. Needs no factorisation, only products.
 *
 * Source: Knyazev 2001, doi:10.1137/S1064827500366124; orthogonal basis: Hetmaniuk & Lehoucq 2006, doi:10.1016/j.jcp.2006.02.007. Throws `Cancelled`.
 */
export function lobpcg(team: Team, { map, mass, preconditioner, count, tolerance = 1e-8, maximumIterations = 200, start = [], run }: LobpcgProblem): EigenPairs {
  const n = map.size
  const { arena } = team
  const wanted = Math.min(count, n)
  const size = Math.min(n, wanted + Math.min(5, Math.max(2, Math.ceil(wanted / 4))))
  const results = Array.from({ length: wanted }, () => arena.f64(n))
  const mark = arena.mark()
  const vectors = createVectors(team, n)
  const make = (): Direction => ({ x: arena.f64(n), ax: arena.f64(n), bx: arena.f64(n) })
  const block = (): Direction[] => Array.from({ length: size }, make)
  let X = block()
  let nextX = block()
  let P = block()
  let nextP = block()
  const W = block()
  let activeP = 0

  const applyMass = (x: Pointer, y: Pointer): void => (mass ? mass.apply(x, y) : vectors.copy(x, y))
  /** B-orthonormalises d.x against `others`, twice; false when nothing is left of it. Images are made anew. */
  function orthonormalise(d: Direction, others: readonly Direction[]): boolean {
    applyMass(d.x.pointer, d.bx.pointer)
    const before = Math.sqrt(Math.max(0, vectors.dot(d.x.pointer, d.bx.pointer)))
    if (!(before > 0) || !Number.isFinite(before)) return false
    for (let pass = 0; pass < 2; pass++) for (const other of others) vectors.axpy(-vectors.dot(other.bx.pointer, d.x.pointer), other.x.pointer, d.x.pointer)
    applyMass(d.x.pointer, d.bx.pointer)
    const norm = Math.sqrt(Math.max(0, vectors.dot(d.x.pointer, d.bx.pointer)))
    if (!(norm > 1e-10 * before)) return false
    vectors.scale(1 / norm, d.x.pointer, d.x.pointer)
    vectors.scale(1 / norm, d.bx.pointer, d.bx.pointer)
    map.apply(d.x.pointer, d.ax.pointer)
    return true
  }

  /** Rayleigh–Ritz on a B-orthonormal basis; rows of `coefficients` belong to increasing values. */
  function rayleighRitz(basis: readonly Direction[]): { values: Float64Array; coefficients: Float64Array } {
    const k = basis.length
    const inner = arena.mark()
    const g = denseMatrix(arena, k, k)
    const view = g.block.view()
    for (let i = 0; i < k; i++) for (let j = i; j < k; j++) view[i * k + j] = view[j * k + i] = vectors.dot(basis[i].x.pointer, basis[j].ax.pointer)
    const { values, vectors: rows } = symmetricEigen(team, g)
    const coefficients = rows.block.view().slice()
    arena.release(inner)
    return { values, coefficients }
  }
  function combine(basis: readonly Direction[], coefficients: ArrayLike<number>, from: number, to: Direction): void {
    for (const part of ['x', 'ax', 'bx'] as const) {
      vectors.fill(0, to[part].pointer)
      basis.forEach((d, j) => j >= from && coefficients[j] !== 0 && vectors.axpy(coefficients[j], d[part].pointer, to[part].pointer))
    }
  }

  const begun: Direction[] = []
  for (let k = 0, seed = 1; k < size; seed++) {
    if (start[seed - 1]) X[k].x.view().set(start[seed - 1])
    else fillStart(X[k].x.view(), seed)
    if (preconditioner && !start[seed - 1]) {
      preconditioner.apply(X[k].x.pointer, W[k].x.pointer)
      vectors.copy(W[k].x.pointer, X[k].x.pointer)
    }
    if (orthonormalise(X[k], begun)) begun.push(X[k++])
  }
  let values = new Float64Array(size)
  {
    const first = rayleighRitz(X)
    X.forEach((_, k) => combine(X, first.coefficients.subarray(k * size, (k + 1) * size), 0, nextX[k]))
    ;[X, nextX] = [nextX, X]
    values = first.values.slice()
  }

  const residuals = new Float64Array(size)
  const r = arena.f64(n)
  let iterations = 0
  let converged = false
  for (;;) {
    const basis = [...X]
    let worst = 0
    let used = 0
    X.forEach((d, k) => {
      vectors.copy(d.ax.pointer, r.pointer)
      vectors.axpy(-values[k], d.bx.pointer, r.pointer)
      const scale = vectors.norm(d.bx.pointer) * (Math.abs(values[k]) > 1e-12 * Math.abs(values[size - 1]) ? Math.abs(values[k]) : Math.abs(values[size - 1]) || 1)
      residuals[k] = vectors.norm(r.pointer) / scale
      if (k < wanted) worst = Math.max(worst, residuals[k])
      // Pairs that are good enough take part in Rayleigh–Ritz but give no new direction.
      if (residuals[k] <= 0.1 * tolerance) return
      const w = W[used]
      if (preconditioner) preconditioner.apply(r.pointer, w.x.pointer)
      else vectors.copy(r.pointer, w.x.pointer)
      if (orthonormalise(w, basis)) {
        basis.push(w)
        used++
      }
    })
    run?.throwIfCancelled()
    run?.progress?.({ iteration: iterations, residual: worst })
    converged = worst <= tolerance
    if (converged || iterations >= maximumIterations || used === 0) break
    for (let k = 0; k < activeP; k++) if (orthonormalise(P[k], basis)) basis.push(P[k])
    const { values: all, coefficients } = rayleighRitz(basis)
    const width = basis.length
    for (let k = 0; k < size; k++) {
      const row = coefficients.subarray(k * width, (k + 1) * width)
      combine(basis, row, 0, nextX[k])
      combine(basis, row, size, nextP[k])
    }
    ;[X, nextX] = [nextX, X]
    ;[P, nextP] = [nextP, P]
    activeP = size
    values = all.slice(0, size)
    iterations++
    // Sums of sums drift: images are made anew from time to time.
    if (iterations % 20 === 0) {
      for (const d of X) {
        map.apply(d.x.pointer, d.ax.pointer)
        applyMass(d.x.pointer, d.bx.pointer)
      }
    }
  }
  const found = X.slice(0, wanted).map(d => d.x.view().slice())
  arena.release(mark)
  found.forEach((vector, k) => {
    orient(vector)
    results[k].view().set(vector)
  })
  return { values: values.slice(0, wanted), vectors: results, residuals: residuals.slice(0, wanted), iterations, converged, method: 'lobpcg' }
}
