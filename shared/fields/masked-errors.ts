import type { Axis } from './field'
import { finiteWindows, windowNode, windowWeights } from './masked'
import type { ErrorOptions, ErrorSums, PointFunction } from './norms'
import { gaussQuadrature } from './quadrature'

const batchSize = 1 << 15

/**
 * As the integrals of `errorSums`, over the cells whose corners are all finite. In each cell u_h is the tensor-product interpolant of the highest degree whose nodes are all finite; between
 * the last such cell and a curved boundary nothing is integrated, a layer as wide as the grid.
 */
export function maskedErrorSums(axes: readonly Axis[], values: Float64Array, time: number, exact: PointFunction, { degree, gradient, pause }: ErrorOptions): ErrorSums {
  const dimension = axes.length
  const wanted = degree === 'trigonometric' ? 7 : degree
  const windows = finiteWindows(axes, values, wanted)
  const perCell = dimension === 3 ? 2 : 3
  const rules = axes.map(axis => gaussQuadrature(axis, perCell as 2 | 3))
  const cells = axes.map(axis => axis.coordinates.length - (axis.periodic ? 0 : 1))
  // Weights per axis, cell, window and kind (value, slope): few different ones but at boundaries.
  const known = axes.map(() => new Map<number, Float64Array>())
  const weightsOf = (a: number, cell: number, first: number, q: number, derivative: 0 | 1): Float64Array => {
    const key = ((cell * 64 + (first - cell + 32)) * 16 + q) * 2 + derivative
    let found = known[a].get(key)
    if (!found) {
      // Both window and points on the same turn of a periodic axis.
      found = windowWeights(axes[a], first, q, rules[a].points.subarray(cell * perCell, (cell + 1) * perCell), derivative)
      known[a].set(key, found)
    }
    return found
  }
  const variants = gradient ? dimension + 1 : 1
  const pointsPerCell = dimension === 1 ? perCell : dimension === 2 ? perCell * perCell : perCell * perCell * perCell
  const capacity = Math.floor(batchSize / pointsPerCell) * pointsPerCell
  const rows = Array.from({ length: variants }, () => new Float64Array(capacity))
  const weight = new Float64Array(capacity)
  const coordinates = axes.map(() => new Float64Array(capacity))
  const sums: ErrorSums = { error: 0, reference: 0, gradientError: 0, gradientReference: 0, maximum: 0 }
  let filled = 0
  const flush = (): void => {
    if (filled === 0) return
    const points = { x: coordinates[0].subarray(0, filled), y: coordinates[1]?.subarray(0, filled), z: coordinates[2]?.subarray(0, filled) }
    const u = exact(points, time)
    for (let i = 0; i < filled; i++) {
      const d = rows[0][i] - u[i]
      sums.error += weight[i] * d * d
      sums.reference += weight[i] * u[i] * u[i]
      if (Math.abs(d) > sums.maximum || d !== d) sums.maximum = Math.abs(d)
    }
    gradient?.forEach((partial, a) => {
      const slope = partial(points, time)
      for (let i = 0; i < filled; i++) {
        const d = rows[1 + a][i] - slope[i]
        sums.gradientError += weight[i] * d * d
        sums.gradientReference += weight[i] * slope[i] * slope[i]
      }
    })
    filled = 0
    pause?.()
  }
  const widest = (wanted + 1) * (dimension > 1 ? wanted + 1 : 1) * (dimension > 2 ? wanted + 1 : 1)
  const block = new Float64Array(widest)
  const scratch = [new Float64Array(widest * perCell), new Float64Array(widest * perCell)]
  const integrateCell = (cell: readonly number[]): void => {
    const window = windows.window(cell, wanted)
    if (!window) return
    const { first, degree: q } = window
    gather(axes, values, first, q, block)
    for (let v = 0; v < variants; v++) {
      let source = block
      // Contract the fastest axis first: [q+1]^d → [perCell]·[q+1]^{d−1} → …
      let outer = 1
      for (let a = 1; a < dimension; a++) outer *= q + 1
      let inner = 1
      for (let a = 0; a < dimension; a++) {
        const w = weightsOf(a, cell[a], first[a], q, v === a + 1 ? 1 : 0)
        const target = a === dimension - 1 ? rows[v].subarray(filled, filled + pointsPerCell) : scratch[a]
        for (let o = 0; o < outer; o++) {
          for (let g = 0; g < perCell; g++) {
            for (let i = 0; i < inner; i++) {
              let sum = 0
              for (let k = 0; k <= q; k++) sum += w[g * (q + 1) + k] * source[(o * (q + 1) + k) * inner + i]
              target[(o * perCell + g) * inner + i] = sum
            }
          }
        }
        source = target
        inner *= perCell
        outer /= q + 1
      }
    }
    for (let p = 0; p < pointsPerCell; p++) {
      let rest = p
      let product = 1
      for (let a = 0; a < dimension; a++) {
        const g = cell[a] * perCell + (rest % perCell)
        rest = Math.floor(rest / perCell)
        coordinates[a][filled + p] = rules[a].points[g]
        product *= rules[a].weights[g]
      }
      weight[filled + p] = product
    }
    filled += pointsPerCell
    if (filled === capacity) flush()
  }
  for (let k = 0; k < (cells[2] ?? 1); k++) {
    for (let j = 0; j < (cells[1] ?? 1); j++) for (let i = 0; i < cells[0]; i++) integrateCell([i, j, k].slice(0, dimension))
  }
  flush()
  nodalMaximum(axes, values, time, exact, sums, pause)
  return sums
}

/** Values of a window, x fastest. */
function gather(axes: readonly Axis[], values: Float64Array, first: readonly number[], q: number, block: Float64Array): void {
  const index = axes.map((axis, a) => Array.from({ length: q + 1 }, (_, k) => windowNode(axis, first[a] + k).index))
  const n = axes.map(axis => axis.coordinates.length)
  let at = 0
  for (const z of index[2] ?? [0]) for (const y of index[1] ?? [0]) for (const x of index[0]) block[at++] = values[(z * (n[1] ?? 1) + y) * n[0] + x]
}

function nodalMaximum(axes: readonly Axis[], values: Float64Array, time: number, exact: PointFunction, sums: ErrorSums, pause?: () => void): void {
  const columns = axes.map(() => new Float64Array(batchSize))
  const own = new Float64Array(batchSize)
  let filled = 0
  const flush = (): void => {
    const u = exact({ x: columns[0].subarray(0, filled), y: columns[1]?.subarray(0, filled), z: columns[2]?.subarray(0, filled) }, time)
    for (let i = 0; i < filled; i++) if (Math.abs(own[i] - u[i]) > sums.maximum) sums.maximum = Math.abs(own[i] - u[i])
    filled = 0
    pause?.()
  }
  for (let node = 0; node < values.length; node++) {
    if (values[node] - values[node] !== 0) continue
    own[filled] = values[node]
    let rest = node
    axes.forEach((axis, a) => {
      columns[a][filled] = axis.coordinates[rest % axis.coordinates.length]
      rest = Math.floor(rest / axis.coordinates.length)
    })
    if (++filled === batchSize) flush()
  }
  if (filled > 0) flush()
}
