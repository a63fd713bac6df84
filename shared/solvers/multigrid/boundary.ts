import { evaluate, freeNames } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { axisNames } from '../../fields/field'
import { error, FaultError } from '../../fault'
import type { BoundaryPiece, BoundarySide } from '../../problems/analysed'
import { notFinite, pointText, type Coordinates } from './sample'
import type { Shape } from './shape'

/** α ∂ₙu + β u = g at the nodes of one side of the box, with α, β known and g still an expression of place and time. */
export interface SideNodes {
  readonly axis: number
  readonly end: 'lower' | 'upper'
  readonly name: string
  readonly nodes: Int32Array
  readonly alpha: Float64Array
  readonly beta: Float64Array
  /** For each node the piece that applies there. */
  readonly pieces: readonly BoundaryPiece[]
  readonly piece: Uint16Array
}

const sideNames = [['left', 'right'], ['bottom', 'top'], ['back', 'front']]

/**
 * Lays the conditions on the nodes of the sides. A node at the end of a side stands for the half cell beside it, so the condition is chosen there and not at the
 * corner itself, which belongs to the neighbouring side too: `x >= 1` means the right side and not also the last node of top and bottom.
 * Throws FaultError `missing-boundary` and `non-finite` with side and node.
 */
export function sideNodes(boundary: readonly BoundarySide[], shape: Shape, coordinates: Coordinates, dimensions: number, libm: Libm): SideNodes[] {
  const bounded = [0, 1, 2].map(axis => axis < dimensions && boundary.some(side => side.axis === axis))
  return boundary.filter(side => side.axis < dimensions).map(side => {
    const name = sideNames[side.axis][side.end === 'lower' ? 0 : 1]
    const nodes = Int32Array.from(nodesOfSide(shape, side.axis, side.end))
    const alpha = new Float64Array(nodes.length)
    const beta = new Float64Array(nodes.length)
    const piece = new Uint16Array(nodes.length)
    let first: Record<string, number> = {}
    const isPlain = ({ where, normal, value }: BoundaryPiece): boolean => !where && normal.kind === 'number' && value.kind === 'number'
    nodes.forEach((node, index) => {
      let chosen = side.pieces.length - 1
      // Most sides have one condition with constant factors: no places are needed.
      const plain = chosen >= 0 && isPlain(side.pieces[chosen])
      const point = plain && index > 0 ? first : pointOf(node, shape, coordinates)
      if (index === 0) first = point
      if (!plain) {
        const inner = offCorner(node, side.axis, shape, coordinates, bounded)
        while (chosen >= 0 && side.pieces[chosen].where && evaluate(side.pieces[chosen].where!, inner, libm) === 0) chosen--
      }
      if (chosen < 0) {
        throw new FaultError(error('missing-boundary', `The side ${name} has no boundary condition at the node ${pointText(point, dimensions)}.`, {
          where: { path: 'problem.boundary' }, tip: `Add a condition on "${name}".`,
        }))
      }
      const { normal, value } = side.pieces[chosen]
      piece[index] = chosen
      alpha[index] = finite('factor of dn in the boundary condition', normal, point, dimensions, libm)
      beta[index] = finite('factor of the unknown in the boundary condition', value, point, dimensions, libm)
      if (alpha[index] === 0 && beta[index] === 0) {
        throw new FaultError(error('empty-boundary', `The boundary condition on the side ${name} loses the unknown at the node ${pointText(point, dimensions)}: both its factors are 0 there.`, { where: { path: 'problem.boundary' } }))
      }
    })
    return { axis: side.axis, end: side.end, name, nodes, alpha, beta, pieces: side.pieces, piece }
  })
}

/** The coordinate of a node, or the middle of its half cell where the axis ends there: where a side's condition is chosen. */
export function besideEnd(coordinates: Float64Array, index: number): number {
  const last = coordinates.length - 1
  if (index !== 0 && index !== last) return coordinates[index]
  return 0.75 * coordinates[index] + 0.25 * coordinates[index === 0 ? 1 : last - 1]
}

/** The node of a side, or the middle of its half cell along bounded axes that end there. */
function offCorner(node: number, normalAxis: number, shape: Shape, coordinates: Coordinates, bounded: readonly boolean[]): Record<string, number> {
  const point = pointOf(node, shape, coordinates)
  const indices = indicesOf(node, shape)
  axisNames.forEach((name, axis) => {
    if (axis !== normalAxis && bounded[axis]) point[name] = besideEnd(coordinates[axis], indices[axis])
  })
  return point
}

function finite(what: string, e: Expression, point: Readonly<Record<string, number>>, dimensions: number, libm: Libm): number {
  const value = e.kind === 'number' ? e.value : evaluate(e, point, libm)
  if (!Number.isFinite(value)) throw new FaultError(notFinite(what, e, value, point, dimensions))
  return value
}

/** The datum g at one node of a side. */
export function datumAt(side: SideNodes, index: number, point: Readonly<Record<string, number>>, dimensions: number, libm: Libm): number {
  return finite(`boundary value (side ${side.name})`, side.pieces[side.piece[index]].data, point, dimensions, libm)
}

export const dependsOnTime = (boundary: readonly BoundarySide[]): boolean => boundary.some(side => side.pieces.some(piece => freeNames(piece.data).has('t')))

function nodesOfSide([nx, ny, nz]: Shape, axis: number, end: 'lower' | 'upper'): number[] {
  const shape = [nx, ny, nz]
  const index = [0, 0, 0]
  const fixed = end === 'lower' ? 0 : shape[axis] - 1
  const nodes: number[] = []
  const [b, c] = [0, 1, 2].filter(a => a !== axis)
  index[axis] = fixed
  for (index[c] = 0; index[c] < shape[c]; index[c]++) {
    for (index[b] = 0; index[b] < shape[b]; index[b]++) nodes.push((index[2] * ny + index[1]) * nx + index[0])
  }
  return nodes
}

const indicesOf = (node: number, [nx, ny]: Shape): number[] => [node % nx, Math.floor(node / nx) % ny, Math.floor(node / (nx * ny))]

export function pointOf(node: number, shape: Shape, coordinates: Coordinates, time = 0): Record<string, number> {
  const indices = indicesOf(node, shape)
  const point: Record<string, number> = { t: time }
  axisNames.forEach((name, axis) => (point[name] = coordinates[axis][indices[axis]]))
  return point
}
