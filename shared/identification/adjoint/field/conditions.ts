import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import type { AnalysedProblem, BoundaryPiece } from '../../../problems/analysed'
import type { VolumeGrid } from './grid'

/** The boundary conditions at the nodes of a grid. */
export interface NodeConditions {
  /** Values of Dirichlet nodes; NaN elsewhere. */
  readonly fixed: Float64Array
  /** Outer faces with ∂ₙu = g − β u. */
  readonly outer: readonly { readonly node: number; readonly axis: number; readonly measure: number; readonly data: number; readonly slope: number }[]
}

/** At corners Dirichlet values win over fluxes. */
export function nodeConditions({ boundary }: AnalysedProblem, grid: VolumeGrid, libm: Libm): NodeConditions {
  const fixed = new Float64Array(grid.nodes).fill(NaN)
  const outer: { node: number; axis: number; measure: number; data: number; slope: number }[] = []
  for (const { axis, end, pieces } of boundary) {
    for (const node of sideNodes(grid, axis, end)) {
      const point = grid.point(node)
      const piece = applying(pieces, point, libm)
      if (!piece) continue
      const [normal, value, data] = [piece.normal, piece.value, piece.data].map(e => evaluate(e, point, libm))
      if (piece.kind === 'dirichlet') fixed[node] = data / value
      else outer.push({ node, axis, measure: grid.volumes[node] / (0.5 * grid.widths[axis]), data: data / normal, slope: value / normal })
    }
  }
  return { fixed, outer: outer.filter(({ node }) => Number.isNaN(fixed[node])) }
}

function applying(pieces: readonly BoundaryPiece[], point: Readonly<Record<string, number>>, libm: Libm): BoundaryPiece | undefined {
  return [...pieces].reverse().find(({ where }) => !where || evaluate(where, point, libm) !== 0)
}

function sideNodes({ shape }: VolumeGrid, axis: number, end: 'lower' | 'upper'): number[] {
  if (shape.length === 1) return [end === 'lower' ? 0 : shape[0] - 1]
  const at = end === 'lower' ? 0 : shape[axis] - 1
  return axis === 0 ? Array.from({ length: shape[1] }, (_, j) => at + j * shape[0]) : Array.from({ length: shape[0] }, (_, i) => i + at * shape[0])
}
