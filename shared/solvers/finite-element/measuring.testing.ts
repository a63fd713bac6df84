import { meshCells, nodesPerCell, type MeshField } from '../../fields/mesh'
import { barycentricGradients, basisDerivatives, basisValues, simplexRule } from '../../fields/mesh-element'
import { evaluate, differentiate, parseExpression, simplify, type Expression } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { FaultError } from '../../fault'

export function parsed(text: string): Expression {
  const result = parseExpression(text)
  if (!result.ok) throw new FaultError(result.faults)
  return result.value
}

export interface MeshErrors {
  readonly l2: number
  /** Of the gradient alone. */
  readonly h1: number
  readonly sizeL2: number
  readonly sizeH1: number
}

/** Absolute errors ‖u_h − u‖ and ‖∇(u_h − u)‖ against an expression, by quadrature of degree 5 on every cell; the sizes are those of u. */
export function meshErrors(field: MeshField, exact: string | ((p: readonly number[]) => readonly [value: number, ...gradient: number[]]), libm: Libm, component = 0): MeshErrors {
  const { mesh } = field
  const { dimension, degree, points, cells } = mesh
  const corners = dimension + 1
  const perCell = nodesPerCell(mesh)
  const nodes = points.length / dimension
  const rule = simplexRule(dimension, 5)
  const names = ['x', 'y', 'z'].slice(0, dimension)
  const reference = typeof exact === 'function' ? exact : ((): ((p: readonly number[]) => number[]) => {
    const e = parsed(exact)
    const all = [e, ...names.map(n => simplify(differentiate(e, n)))]
    return p => all.map(part => evaluate(part, { x: p[0], y: p[1] ?? 0, z: p[2] ?? 0 }, libm))
  })()
  const gradient = new Float64Array(12)
  const values = new Float64Array(10)
  const slopes = new Float64Array(40)
  let [l2, h1, sizeL2, sizeH1] = [0, 0, 0, 0]
  for (let cell = 0; cell < meshCells(mesh); cell++) {
    const measure = barycentricGradients(dimension, points, cells, cell * perCell, gradient)
    for (let q = 0; q < rule.count; q++) {
      const lambda = rule.barycentric.subarray(q * corners, (q + 1) * corners)
      basisValues(dimension, degree, lambda, values)
      basisDerivatives(dimension, degree, lambda, slopes)
      const place = names.map((_, axis) => lambda.reduce((sum, l, i) => sum + l * points[cells[cell * perCell + i] * dimension + axis], 0))
      let u = 0
      const du = names.map(() => 0)
      for (let a = 0; a < perCell; a++) {
        const value = field.values[component * nodes + cells[cell * perCell + a]]
        u += values[a] * value
        for (let axis = 0; axis < dimension; axis++) for (let i = 0; i < corners; i++) du[axis] += slopes[a * corners + i] * gradient[i * dimension + axis] * value
      }
      const [e, ...de] = reference(place)
      const weight = measure * rule.weights[q]
      l2 += weight * (u - e) ** 2
      sizeL2 += weight * e * e
      for (let axis = 0; axis < dimension; axis++) {
        h1 += weight * (du[axis] - de[axis]) ** 2
        sizeH1 += weight * de[axis] ** 2
      }
    }
  }
  return { l2: Math.sqrt(l2), h1: Math.sqrt(h1), sizeL2: Math.sqrt(sizeL2), sizeH1: Math.sqrt(sizeH1) }
}

/** Slope of log(error) over log(width) of the last two widths. */
export const observedOrder = (errors: readonly number[], widths: readonly number[], libm: Libm): number => {
  const n = errors.length
  return libm.log(errors[n - 2] / errors[n - 1]) / libm.log(widths[n - 2] / widths[n - 1])
}

/** u_h at points of a plane mesh: the cell by a grid of bins; points outside take the nearest cell's polynomial. */
export function evaluator(field: MeshField, component = 0): (x: number, y: number) => number {
  const { mesh, values } = field
  const { points, cells, degree } = mesh
  const perCell = nodesPerCell(mesh)
  const nodes = points.length / 2
  const count = meshCells(mesh)
  const size = Math.ceil(Math.sqrt(count))
  const range = [0, 1].map(a => {
    let [low, high] = [Infinity, -Infinity]
    for (let i = a; i < points.length; i += 2) [low, high] = [Math.min(low, points[i]), Math.max(high, points[i])]
    return [low, high]
  })
  const bin = (v: number, a: number): number => Math.max(0, Math.min(size - 1, Math.floor(((v - range[a][0]) / (range[a][1] - range[a][0])) * size)))
  const bins: number[][] = Array.from({ length: size * size }, () => [])
  const gradients = new Float64Array(6)
  for (let c = 0; c < count; c++) {
    const corners = [0, 1, 2].map(i => cells[c * perCell + i])
    const [x, y] = [0, 1].map(a => corners.map(p => points[2 * p + a]))
    for (let j = bin(Math.min(...y), 1); j <= bin(Math.max(...y), 1); j++) for (let i = bin(Math.min(...x), 0); i <= bin(Math.max(...x), 0); i++) bins[j * size + i].push(c)
  }
  const basis = new Float64Array(6)
  return (x, y) => {
    let best = { inside: -Infinity, cell: -1, lambda: [0, 0, 0] }
    for (let reach = 0; reach < 3 && best.inside < -1e-9; reach++) {
      for (let j = bin(y, 1) - reach; j <= bin(y, 1) + reach; j++) {
        for (let i = bin(x, 0) - reach; i <= bin(x, 0) + reach; i++) {
          for (const cell of bins[j * size + i] ?? []) {
            barycentricGradients(2, points, cells, cell * perCell, gradients)
            const first = cells[cell * perCell]
            const lambda = [0, 1, 2].map(k => (k === 0 ? 1 : 0) + gradients[2 * k] * (x - points[2 * first]) + gradients[2 * k + 1] * (y - points[2 * first + 1]))
            if (Math.min(...lambda) > best.inside) best = { inside: Math.min(...lambda), cell, lambda }
          }
        }
      }
    }
    basisValues(2, degree, best.lambda, basis)
    let sum = 0
    for (let a = 0; a < perCell; a++) sum += basis[a] * values[component * nodes + cells[best.cell * perCell + a]]
    return sum
  }
}
