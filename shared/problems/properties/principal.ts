import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { domainPoints } from '../inside'
import { heaviestMatching } from '../matching'
import type { ParsedStatement } from '../parsed'
import type { RawSystem } from '../system'
import type { Linearisation } from './linearisation'

/**
 * Whether a steady system is elliptic in the sense of Douglis and Nirenberg (Comm. Pure Appl. Math. 8 (1955), DOI 10.1002/cpa.3160080406): there are weights with order(Lᵢⱼ) ≤ sᵢ + tⱼ such that
 * the determinant of the entries of exactly that order vanishes for no real ξ ≠ 0. The weights are the dual of the heaviest matching of rows and components by orders.
 * Sampled over points and directions; undefined where the principal part depends on the solution.
 */
export function isElliptic(linearisation: Linearisation, raw: RawSystem, statement: ParsedStatement, libm: Libm): boolean | undefined {
  const n = raw.components.length
  if (n > 16) return undefined
  const absent = -1000
  const orders = raw.components.map(() => raw.components.map(() => absent))
  for (const { row, component, along } of linearisation.entries) orders[row][component] = Math.max(orders[row][component], along.length)
  const { columns, rowBound, columnBound } = heaviestMatching(orders)
  if (columns.some((j, i) => orders[i][j] === absent)) return false
  const principal = linearisation.entries.filter(e => e.along.length === Math.round(rowBound[e.row] + columnBound[e.component]))
  if (principal.some(e => raw.jets.occursIn(e.coefficient))) return undefined
  if (principal.every(e => e.along.length === 0)) return false
  const directions = unitVectors(statement.coordinates.length, libm)
  // A variable coefficient is looked at all over the domain, a constant one once.
  const constant = principal.every(e => e.coefficient.kind === 'number')
  // Rows and coefficients are real, so that the determinant is a real polynomial of ξ times a power of i: where it changes sign it vanishes in between.
  const degree = rowBound.reduce((sum, b) => sum + b, 0) + columnBound.reduce((sum, b) => sum + b, 0)
  if (Math.round(degree) % 2 !== 0 && directions[0].length > 1) return false
  let [least, largest] = [Infinity, -Infinity]
  for (const point of constant ? [{}] : domainPoints(statement, statement.axes.length === 1 ? 65 : statement.axes.length === 2 ? 13 : 6, 0, libm)) {
    const values = principal.map(e => evaluate(e.coefficient, point, libm))
    if (values.some(v => !Number.isFinite(v))) return undefined
    for (const xi of directions) {
      const value = realDeterminant(principal, values, xi, n, statement.coordinates)
      least = Math.min(least, value)
      largest = Math.max(largest, value)
    }
  }
  return (least > 0 && least > 1e-9 * largest) || (largest < 0 && largest < 1e-9 * least)
}

/** det of the symbol, in which ∂^α becomes i^{|α|} ξ^α, without its power of i. Complex elimination with pivoting. */
function realDeterminant(entries: Linearisation['entries'], values: readonly number[], xi: readonly number[], n: number, coordinates: readonly string[]): number {
  const re = Array.from({ length: n }, () => new Float64Array(n))
  const im = Array.from({ length: n }, () => new Float64Array(n))
  entries.forEach(({ row, component, along }, k) => {
    const size = values[k] * along.reduce((product, c) => product * xi[coordinates.indexOf(c)], 1)
    const turn = along.length % 4
    if (turn % 2 === 0) re[row][component] += turn === 0 ? size : -size
    else im[row][component] += turn === 1 ? size : -size
  })
  let [real, imaginary] = [1, 0]
  for (let k = 0; k < n; k++) {
    let pivot = k
    const modulus = (i: number): number => Math.sqrt(re[i][k] * re[i][k] + im[i][k] * im[i][k])
    for (let i = k + 1; i < n; i++) if (modulus(i) > modulus(pivot)) pivot = i
    ;[re[k], re[pivot], im[k], im[pivot]] = [re[pivot], re[k], im[pivot], im[k]]
    const size = modulus(k)
    if (size === 0) return 0
    ;[real, imaginary] = [real * re[k][k] - imaginary * im[k][k], real * im[k][k] + imaginary * re[k][k]]
    if (pivot !== k) [real, imaginary] = [-real, -imaginary]
    for (let i = k + 1; i < n; i++) {
      const [a, b] = [(re[i][k] * re[k][k] + im[i][k] * im[k][k]) / (size * size), (im[i][k] * re[k][k] - re[i][k] * im[k][k]) / (size * size)]
      for (let j = k; j < n; j++) {
        const [p, q] = [re[k][j], im[k][j]]
        re[i][j] -= a * p - b * q
        im[i][j] -= a * q + b * p
      }
    }
  }
  return Math.abs(real) >= Math.abs(imaginary) ? real : imaginary
}

/** Directions over the half circle or half sphere; in many dimensions the axes and some dozen others. */
function unitVectors(dimension: number, libm: Libm): number[][] {
  if (dimension === 1) return [[1]]
  if (dimension === 2) return Array.from({ length: 48 }, (_, k) => [libm.cos((Math.PI * k) / 48), libm.sin((Math.PI * k) / 48)])
  if (dimension === 3) {
    return Array.from({ length: 160 }, (_, k) => {
      const z = (k + 0.5) / 160
      const ring = Math.sqrt(1 - z * z)
      return [ring * libm.cos(2.399963229728653 * k), ring * libm.sin(2.399963229728653 * k), z]
    }).concat([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
  }
  const spread = Array.from({ length: 24 }, (_, k) => Array.from({ length: dimension }, (_unused, i) => libm.sin(1 + 3.7 * k + 1.3 * i * (k + 1))))
  return [...spread, ...Array.from({ length: Math.min(dimension, 32) }, (_, axis) => Array.from({ length: dimension }, (_unused, i) => Number(i === axis)))].map(v => {
    const size = Math.sqrt(v.reduce((sum, c) => sum + c * c, 0))
    return v.map(c => c / size)
  })
}
