import type { Mesh } from './mesh'
import { meshCells, nodesPerCell } from './mesh'
import { basisGradients, newCell, readCell } from './mesh-cell'
import { basisValues } from './mesh-element'
import type { ErrorOptions, ErrorSums, PointFunction, Points } from './norms'
import { simplexQuadrature } from './simplex-quadrature'

/** Quadrature points handed to the exact solution at once. */
const batchSize = 1 << 15

/**
 * ∫|u_h − u|², ∫|u|² and, where a gradient is given, the same of ∇u over the mesh for the coefficients of a finite element function. The rule has degree + 2 points per direction: exact for
 * polynomials of degree 2·degree + 3, so that the square of the interpolation error is integrated without error for a solution of one degree more. The maximum is over quadrature points and nodes.
 */
export function meshErrorSums(mesh: Mesh, values: Float64Array, time: number, exact: PointFunction, { gradient, pause }: ErrorOptions): ErrorSums {
  const { dimension, degree, cells, points } = mesh
  const nodes = nodesPerCell(mesh)
  const corners = dimension + 1
  const rule = simplexQuadrature(dimension, degree + 2)
  const shapes = Array.from({ length: rule.points }, (_, q) => {
    const shape = new Float64Array(nodes)
    basisValues(dimension, degree, rule.lambda.subarray(q * corners, (q + 1) * corners), shape)
    return shape
  })
  const slopes = new Float64Array(nodes * dimension)
  const derivatives = new Float64Array(nodes * corners)
  const capacity = Math.max(1, Math.floor(batchSize / rule.points)) * rule.points
  const own = new Float64Array(capacity)
  const ownSlopes = gradient ? Array.from({ length: dimension }, () => new Float64Array(capacity)) : []
  const weights = new Float64Array(capacity)
  const coordinates = Array.from({ length: dimension }, () => new Float64Array(capacity))
  const cell = newCell(mesh)
  const sums: ErrorSums = { error: 0, reference: 0, gradientError: 0, gradientReference: 0, maximum: 0 }
  let filled = 0
  const place = (): Points => ({ x: coordinates[0].subarray(0, filled), y: coordinates[1]?.subarray(0, filled), z: coordinates[2]?.subarray(0, filled) })
  const flush = (): void => {
    if (filled === 0) return
    const at = place()
    const u = exact(at, time)
    for (let i = 0; i < filled; i++) {
      const d = own[i] - u[i]
      sums.error += weights[i] * d * d
      sums.reference += weights[i] * u[i] * u[i]
      if (Math.abs(d) > sums.maximum || d !== d) sums.maximum = Math.abs(d)
    }
    gradient?.forEach((partial, a) => {
      const slope = partial(at, time)
      for (let i = 0; i < filled; i++) {
        const d = ownSlopes[a][i] - slope[i]
        sums.gradientError += weights[i] * d * d
        sums.gradientReference += weights[i] * slope[i] * slope[i]
      }
    })
    filled = 0
    pause?.()
  }
  const count = meshCells(mesh)
  for (let c = 0; c < count; c++) {
    readCell(mesh, c, cell)
    if (cell.measure === 0) continue
    for (let q = 0; q < rule.points; q++) {
      const shape = shapes[q]
      let value = 0
      for (let k = 0; k < nodes; k++) value += shape[k] * values[cells[cell.start + k]]
      own[filled] = value
      weights[filled] = rule.weights[q] * cell.measure
      for (let a = 0; a < dimension; a++) {
        let x = 0
        for (let k = 0; k < corners; k++) x += rule.lambda[q * corners + k] * points[cells[cell.start + k] * dimension + a]
        coordinates[a][filled] = x
      }
      if (gradient) {
        basisGradients(mesh, cell, rule.lambda.subarray(q * corners, (q + 1) * corners), derivatives, slopes)
        for (let a = 0; a < dimension; a++) {
          let slope = 0
          for (let k = 0; k < nodes; k++) slope += slopes[k * dimension + a] * values[cells[cell.start + k]]
          ownSlopes[a][filled] = slope
        }
      }
      filled++
    }
    if (filled === capacity) flush()
  }
  flush()
  const total = points.length / dimension
  for (let from = 0; from < total; from += batchSize) {
    filled = Math.min(batchSize, total - from)
    const columns = Array.from({ length: dimension }, (_, a) => Float64Array.from({ length: filled }, (__, i) => points[(from + i) * dimension + a]))
    const u = exact({ x: columns[0], y: columns[1], z: columns[2] }, time)
    for (let i = 0; i < filled; i++) {
      const d = Math.abs(values[from + i] - u[i])
      if (d > sums.maximum || d !== d) sums.maximum = d
    }
  }
  return sums
}

/** ∫ of a finite element function, and the measure of its mesh. */
export function integrateMesh(mesh: Mesh, values: Float64Array): { readonly integral: number; readonly measure: number } {
  const { dimension, degree, cells } = mesh
  const nodes = nodesPerCell(mesh)
  const rule = simplexQuadrature(dimension, degree)
  const shape = new Float64Array(nodes)
  // ∫ of each shape function over a cell of measure 1.
  const moments = new Float64Array(nodes)
  for (let q = 0; q < rule.points; q++) {
    basisValues(dimension, degree, rule.lambda.subarray(q * (dimension + 1), (q + 1) * (dimension + 1)), shape)
    for (let k = 0; k < nodes; k++) moments[k] += rule.weights[q] * shape[k]
  }
  const cell = newCell(mesh)
  let [integral, measure] = [0, 0]
  const count = meshCells(mesh)
  for (let c = 0; c < count; c++) {
    readCell(mesh, c, cell)
    let sum = 0
    for (let k = 0; k < nodes; k++) sum += moments[k] * values[cells[cell.start + k]]
    integral += cell.measure * sum
    measure += cell.measure
  }
  return { integral, measure }
}
