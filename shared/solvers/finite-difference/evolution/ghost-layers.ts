import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import type { Grid } from '../../../fields/field'
import type { AnalysedProblem, BoundaryPiece } from '../../../problems/analysed'
import { besideEnd } from '../../multigrid/boundary'

/** Ghost layers on each side of an axis: what a flux of order five looks at. */
export const layers = 3

/** Where a component lies with ghost layers along one axis: `blocks` blocks of `width` layers of `stride` values. */
export interface Padding {
  readonly axis: number
  readonly stride: number
  /** Nodes along the axis and both ghost layers. */
  readonly width: number
  readonly blocks: number
}

/**
 * Values beyond the sides of a box for the WENO fluxes: across on a periodic axis; u_{−k} = 2g/β − u_k where a Dirichlet condition holds (a wall for a normal velocity), u_k + 2kh ∂ₙu where
 * the slope is given (a wall or an open side for all others with dn(u) = 0), and u_0 where nothing is.
 */
export function createGhostLayers({ boundary }: AnalysedProblem, grid: Grid, libm: Libm) {
  interface End { readonly chosen: readonly (BoundaryPiece | undefined)[]; readonly points: readonly Record<string, number>[] }
  const ends = new Map<string, End>()

  function endOf(axis: number, end: 'lower' | 'upper', component: number): End {
    const key = `${axis} ${end} ${component}`
    const before = ends.get(key)
    if (before) return before
    const pieces = (boundary.find(side => side.axis === axis && side.end === end)?.pieces ?? []).filter(piece => piece.component === component)
    const others = grid.axes.map((other, b) => (b === axis ? 1 : other.coordinates.length))
    const total = others.reduce((n, m) => n * m, 1)
    const points: Record<string, number>[] = []
    const chosen: (BoundaryPiece | undefined)[] = []
    for (let k = 0; k < total; k++) {
      let rest = k
      const point: Record<string, number> = { t: 0 }
      const beside: Record<string, number> = { t: 0 }
      grid.axes.forEach((other, b) => {
        const i = rest % others[b]
        rest = Math.floor(rest / others[b])
        point[other.name] = b === axis ? other[end] : other.coordinates[i]
        beside[other.name] = b === axis || other.periodic ? point[other.name] : besideEnd(other.coordinates, i)
      })
      points.push(point)
      chosen.push(pieces.findLast(piece => !piece.where || evaluate(piece.where, beside, libm) !== 0))
    }
    const made = { chosen, points }
    ends.set(key, made)
    return made
  }
  const at = (e: BoundaryPiece['data'], point: Record<string, number>, time: number): number => (e.kind === 'number' ? e.value : evaluate(e, { ...point, t: time }, libm))

  return {
    /** to ← the component with its ghost layers. */
    fill({ axis, stride, width, blocks }: Padding, component: number, from: Float64Array, to: Float64Array, time: number): void {
      const n = width - 2 * layers
      const { periodic, coordinates } = grid.axes[axis]
      const h = coordinates[1] - coordinates[0]
      const [lower, upper] = periodic ? [] : [endOf(axis, 'lower', component), endOf(axis, 'upper', component)]
      for (let block = 0; block < blocks; block++) {
        const source = block * n * stride
        const target = block * width * stride
        to.set(from.subarray(source, source + n * stride), target + layers * stride)
        for (let s = 0; s < stride; s++) {
          const first = target + layers * stride + s
          const last = first + (n - 1) * stride
          if (periodic) {
            for (let k = 1; k <= layers; k++) {
              to[first - k * stride] = to[last - (k - 1) * stride]
              to[last + k * stride] = to[first + (k - 1) * stride]
            }
            continue
          }
          const point = block * stride + s
          extend(lower!, point, to, first, stride, h, time)
          extend(upper!, point, to, last, -stride, h, time)
        }
      }
    },
  }

  /** Ghosts beyond the node at `node`, inner nodes at node + k · inward. */
  function extend({ chosen, points }: End, point: number, to: Float64Array, node: number, inward: number, h: number, time: number): void {
    const piece = chosen[point]
    if (!piece) {
      for (let k = 1; k <= layers; k++) to[node - k * inward] = to[node]
      return
    }
    const data = at(piece.data, points[point], time)
    const value = at(piece.value, points[point], 0)
    if (piece.kind === 'dirichlet') {
      for (let k = 1; k <= layers; k++) to[node - k * inward] = (2 * data) / value - to[node + k * inward]
      return
    }
    const slope = (data - value * to[node]) / at(piece.normal, points[point], 0)
    for (let k = 1; k <= layers; k++) to[node - k * inward] = to[node + k * inward] + 2 * k * h * slope
  }
}
