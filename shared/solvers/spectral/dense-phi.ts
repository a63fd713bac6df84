import type { Libm } from '../../expressions/libm'
import { denseProduct } from './modal-matrix'
import { exponential, phi, times, type Complex } from './phi'

/** φ₀ = e^Z, φ₁, φ₂, φ₃ of a small complex matrix, interleaved and row-major. */
export type DensePhi = readonly [Float64Array, Float64Array, Float64Array, Float64Array]

/**
 * φ-functions of Z and of Z/2. Two components with well separated eigenvalues: Sylvester's formula, exact to rounding for rotations of any angle (N. J. Higham, *Functions of Matrices*,
 * SIAM 2008, § 1.2). Otherwise Taylor series of Z/2^s and doubling, φ_k(2Z) = 2^{−k}(φ₀φ_k + Σ φ_j/(k−j)!) (the recurrences of S. Koikari, J. Comput. Appl. Math. 177 (2005)).
 */
export function densePhi(z: Float64Array, n: number, libm: Libm): { readonly half: DensePhi; readonly whole: DensePhi } {
  if (n === 2) {
    const pair = eigenvaluesOfPair(z)
    if (pair) return { half: sylvester(z.map(v => v / 2), pair.map(([re, im]) => [re / 2, im / 2] as const), libm), whole: sylvester(z, pair, libm) }
  }
  return byDoubling(z, n)
}

/** The eigenvalues of a 2 × 2 matrix when they are well apart; undefined otherwise. */
function eigenvaluesOfPair(z: Float64Array): readonly Complex[] | undefined {
  const [a, b, c, d] = [0, 1, 2, 3].map((at): Complex => [z[2 * at], z[2 * at + 1]])
  const mean: Complex = [(a[0] + d[0]) / 2, (a[1] + d[1]) / 2]
  const halfDifference: Complex = [(a[0] - d[0]) / 2, (a[1] - d[1]) / 2]
  const square = times(halfDifference, halfDifference)
  const bc = times(b, c)
  const root = squareRoot([square[0] + bc[0], square[1] + bc[1]])
  const apart = 2 * Math.sqrt(root[0] * root[0] + root[1] * root[1])
  const size = Math.max(...z.map(Math.abs))
  // Close or defective pairs lose digits in the divided difference.
  if (!(apart > 0.5) || apart < 1e-3 * size) return undefined
  return [[mean[0] + root[0], mean[1] + root[1]], [mean[0] - root[0], mean[1] - root[1]]]
}

function squareRoot([re, im]: Complex): Complex {
  const modulus = Math.sqrt(re * re + im * im)
  const a = Math.sqrt((modulus + Math.abs(re)) / 2)
  if (a === 0) return [0, 0]
  return re >= 0 ? [a, im / (2 * a)] : [Math.abs(im) / (2 * a), im < 0 ? -a : a]
}

/** f(Z) = f(λ₁) I + f[λ₁, λ₂] (Z − λ₁ I). */
function sylvester(z: Float64Array, [first, second]: readonly Complex[], libm: Libm): DensePhi {
  const values = [first, second].map(lambda => {
    const e = exponential(lambda, libm)
    return [e, ...phi(lambda, e)] as const
  })
  const apart: Complex = [first[0] - second[0], first[1] - second[1]]
  const square = apart[0] * apart[0] + apart[1] * apart[1]
  return [0, 1, 2, 3].map(k => {
    const [f1, f2] = [values[0][k], values[1][k]]
    const slope = times([f1[0] - f2[0], f1[1] - f2[1]], [apart[0] / square, -apart[1] / square])
    const out = new Float64Array(8)
    for (let at = 0; at < 4; at++) {
      const diagonal = at === 0 || at === 3
      const shifted: Complex = diagonal ? [z[2 * at] - first[0], z[2 * at + 1] - first[1]] : [z[2 * at], z[2 * at + 1]]
      const term = times(slope, shifted)
      out[2 * at] = term[0] + (diagonal ? f1[0] : 0)
      out[2 * at + 1] = term[1] + (diagonal ? f1[1] : 0)
    }
    return out
  }) as unknown as DensePhi
}

function byDoubling(z: Float64Array, n: number): { readonly half: DensePhi; readonly whole: DensePhi } {
  let norm = 0
  for (let i = 0; i < n; i++) {
    let row = 0
    for (let j = 0; j < n; j++) row += Math.abs(z[2 * (i * n + j)]) + Math.abs(z[2 * (i * n + j) + 1])
    norm = Math.max(norm, row)
  }
  let doublings = 1
  while (norm > 0.5 * 2 ** doublings && doublings < 60) doublings++
  const small = z.map(v => v / 2 ** doublings)
  const product = (a: Float64Array, b: Float64Array): Float64Array => {
    const out = new Float64Array(a.length)
    denseProduct(a, b, n, out)
    return out
  }
  const plusIdentity = (a: Float64Array, factor: number): Float64Array => {
    for (let i = 0; i < n; i++) a[2 * (i * n + i)] += factor
    return a
  }
  // φ₃ by Horner's rule over 1/(j + 3)!, then φ₂ = ½ + Z φ₃, φ₁ = 1 + Z φ₂, φ₀ = 1 + Z φ₁, which lose nothing.
  let third: Float64Array = new Float64Array(z.length)
  for (let j = 16; j >= 0; j--) third = plusIdentity(product(small, third), 1 / factorial(j + 3))
  const second = plusIdentity(product(small, third), 0.5)
  const first = plusIdentity(product(small, second), 1)
  let current: DensePhi = [plusIdentity(product(small, first), 1), first, second, third]
  let half = current
  for (let d = 0; d < doublings; d++) {
    half = current
    const [p0, p1, p2, p3] = current
    const [q1, q2, q3] = [product(p0, p1), product(p0, p2), product(p0, p3)]
    current = [product(p0, p0), q1.map((v, i) => (v + p1[i]) / 2), q2.map((v, i) => (v + p1[i] + p2[i]) / 4), q3.map((v, i) => (v + p1[i] / 2 + p2[i] + p3[i]) / 8)]
  }
  return { half, whole: current }
}

function factorial(n: number): number {
  let product = 1
  for (let i = 2; i <= n; i++) product *= i
  return product
}
