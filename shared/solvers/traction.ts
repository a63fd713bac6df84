import { error, type Fault } from '../fault'
import type { AnalysedProblem } from '../problems/analysed'

/** Why a method that differentiates along the normal cannot take a traction; nothing where there is none. */
export function refuseTraction({ pieces, system }: AnalysedProblem, what: string): Fault[] {
  const piece = pieces.find(p => p.traction)
  if (!piece) return []
  const { unknown } = system.components[piece.component]
  return [error('method-traction', `${what} takes no tractions, and the boundary has traction(${unknown}).`, { where: { path: 'method' }, tip: `Use "finite-element", or give ${unknown} or dn(${unknown}).` })]
}
