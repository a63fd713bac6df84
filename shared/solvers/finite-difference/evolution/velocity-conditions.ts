import { differentiate, simplify } from '../../../expressions'
import type { AnalysedProblem, BoundaryPiece } from '../../../problems/analysed'

/** The conditions that the velocities u__t of second-order unknowns inherit: α ∂ₙu + β u = g gives α ∂ₙu__t + β u__t = ∂ₜg. Velocities with conditions of their own keep those. */
export function withVelocityConditions(problem: AnalysedProblem): AnalysedProblem {
  const { components } = problem.system
  const named = new Set([...problem.pieces, ...problem.boundary.flatMap(side => side.pieces)].map(piece => piece.component))
  const velocities = components.flatMap((component, c) => {
    if (component.part !== 't' || named.has(c)) return []
    const position = components.findIndex(other => `${other.name}__t` === component.name)
    return position >= 0 ? [{ velocity: c, position }] : []
  })
  if (velocities.length === 0) return problem
  const known = new Map<BoundaryPiece, BoundaryPiece>()
  const inherited = (pieces: readonly BoundaryPiece[]): BoundaryPiece[] => velocities.flatMap(({ velocity, position }) => pieces.filter(piece => piece.component === position).map(piece => {
    const made = known.get(piece) ?? { ...piece, component: velocity, data: simplify(differentiate(piece.data, 't')) }
    known.set(piece, made)
    return made
  }))
  return {
    ...problem,
    pieces: [...problem.pieces, ...inherited(problem.pieces)],
    boundary: problem.boundary.map(side => ({ ...side, pieces: [...side.pieces, ...inherited(side.pieces)] })),
  }
}
