import { lagrangeInterpolation } from '../../../fields/interpolate'
import type { ScatteredData } from '../../observations'
import type { VolumeGrid } from './grid'

/** Interpolation of nodal values at the points of the data as a sparse matrix, with its transpose. */
export interface PointOperator {
  apply(u: Float64Array): Float64Array
  transposed(w: Float64Array): Float64Array
}

/** Cubic along each axis: beyond the second order of the scheme. */
const degree = 3

export function createPointOperator({ coordinates }: ScatteredData, { axes, shape, nodes }: VolumeGrid): PointOperator {
  const rows = axes.map((axis, a) => lagrangeInterpolation(axis, coordinates[a], degree))
  const [x, y] = rows
  const count = x.points
  const width = x.width * (y?.width ?? 1)
  const index = new Int32Array(count * width)
  const weight = new Float64Array(count * width)
  for (let p = 0; p < count; p++) {
    let at = p * width
    for (let l = 0; l < (y?.width ?? 1); l++) {
      for (let k = 0; k < x.width; k++, at++) {
        index[at] = x.index[p * x.width + k] + (y ? shape[0] * y.index[p * y.width + l] : 0)
        weight[at] = x.weight[p * x.width + k] * (y ? y.weight[p * y.width + l] : 1)
      }
    }
  }
  return {
    apply(u) {
      return Float64Array.from({ length: count }, (_, p) => {
        let sum = 0
        for (let k = p * width; k < (p + 1) * width; k++) sum += weight[k] * u[index[k]]
        return sum
      })
    },
    transposed(w) {
      const q = new Float64Array(nodes)
      for (let p = 0; p < count; p++) for (let k = p * width; k < (p + 1) * width; k++) q[index[k]] += weight[k] * w[p]
      return q
    },
  }
}
