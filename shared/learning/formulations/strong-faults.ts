import { error, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'

/** Why a statement has no strong form to train, in one sentence; empty when it has. */
export function strongFaults(problem: AnalysedProblem): readonly Fault[] {
  if (problem.eigenvalue) return [error('formulation-eigen', 'An eigenproblem has no strong form with one solution: its scale is free.', { where: { path: 'formulation' }, tip: 'Solve it with finite elements.' })]
  if (problem.pieces.some(p => p.traction)) return [error('formulation-traction', 'Tractions are not part of the strong form that networks are trained on.', { where: { path: 'formulation' }, tip: 'State the condition by dn() or values, or solve with finite elements.' })]
  return []
}
