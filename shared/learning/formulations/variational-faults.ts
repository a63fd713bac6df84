import { error, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { energyDensity, isZero, naturalTerms } from './energy-density'

const where = { path: 'formulation' }
const tip = 'Choose the formulation "strong".'

/** Why a statement has no variational form, in one sentence; empty when it has. */
export function variationalFaults(problem: AnalysedProblem): readonly Fault[] {
  const { energy, definiteness, orderInSpace, linear } = problem.properties
  if ('refused' in energy) return [error('formulation-no-energy', `There is no variational form. ${energy.refused}`, { where, tip })]
  const refused = (code: string, message: string): Fault[] => [error(code, message, { where, tip })]
  if (definiteness === 'indefinite') return refused('formulation-indefinite', 'The operator is indefinite, so its energy is unbounded below: the solution is a saddle point and nothing to be minimised.')
  const found = energyDensity(problem)!
  if (2 * found.order > Math.max(2, orderInSpace)) return refused('formulation-energy-order', `The energy that was found holds derivatives of order ${found.order}, more than half of the equation's, so that conditions on the boundary are no part of it.`)
  if (found.order > 2) return refused('formulation-energy-order', `The variational form covers equations of second and fourth order, not of order ${orderInSpace}.`)
  // Without a bound from the analysis a negative number before u² of a linear statement says that it was not found to be definite.
  const negative = found.hessian.some((row, i) => (row[i].kind === 'number' && row[i].value < 0) || (row[i].kind === 'negate' && row[i].argument.kind === 'number'))
  if (linear && definiteness === undefined && negative) return refused('formulation-indefinite', 'The energy is not known to be bounded below: one of its squares has a negative factor.')
  for (const piece of problem.pieces) {
    if (piece.kind === 'dirichlet') continue
    const component = problem.system.components[piece.component].name
    if (found.order === 2) {
      if (piece.kind === 'robin') return refused('formulation-natural', `The condition of third kind on ${component} is no part of an energy of fourth order.`)
      continue
    }
    if (isZero(piece.normal)) continue
    if (!naturalTerms(found, problem, piece)) {
      return refused('formulation-natural', `The condition on dn(${component}) is not the natural one of the energy: its flux through the boundary is no multiple of the normal derivative there.`)
    }
  }
  return []
}
