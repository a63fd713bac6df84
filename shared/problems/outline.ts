import type { ProblemEntry } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Corners, DomainOutline, Round } from '../fields/outline'
import { analyse, resolveProblem } from './analyse'
import type { Hole } from './geometry'

/** Where a planar domain ends; undefined for a whole box, for other dimensions, where an inequality cuts it, and where the statement has errors. */
export function outlineOfProblem(entry: ProblemEntry, libm: Libm): DomainOutline | undefined {
  const domain = resolveProblem(entry).statement?.domain
  if (!domain || domain.shape === 'mask' || (domain.shape === 'box' && !domain.holes?.length)) return undefined
  const problem = analyse(entry, libm).problem
  if (!problem?.geometry || problem.geometry.where || problem.axes.length !== 2) return undefined
  const { geometry: { outer, holes }, axes: [x, y] } = problem
  const box = [x.lower, x.upper, y.lower, y.upper] as const
  return {
    box, holes: holes.map(shapeOf),
    outer: outer.kind === 'box' ? { points: [[box[0], box[2]], [box[1], box[2]], [box[1], box[3]], [box[0], box[3]]] } : shapeOf(outer),
  }
}

const shapeOf = (shape: Hole): Round | Corners => (shape.kind === 'ball' ? { center: [shape.center[0], shape.center[1]], radius: shape.radius } : { points: shape.points })
