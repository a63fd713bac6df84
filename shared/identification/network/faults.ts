import { error, type Fault } from '../../fault'
import type { IdentificationStep } from '../method'
import { roleOf } from '../unknowns'
import type { NetworkIdentificationOptions } from './descriptor'

/** What the strong form with trained scalars does not cover. */
export function networkFaults({ statement, problem, unknown, options }: IdentificationStep): Fault[] {
  if (!statement || !problem || unknown.length === 0) return []
  const where = { path: 'unknown' }
  if (roleOf(unknown[0], statement) !== 'parameter') return [error('network-field', 'A network recovers parameters, and a coefficient field is named.', { where, tip: 'Use the method "adjoint" for coefficient fields.' })]
  if (problem.eigenvalue) return [error('identify-eigenproblem', 'An eigenproblem has no solution to compare with data: its eigenfunctions are free up to a factor.', { where: { path: 'method' } })]
  const { budget, network, optimizer, resolution } = options as NetworkIdentificationOptions
  if (budget.steps === undefined && budget.seconds === undefined) return [error('missing-budget', 'The budget says neither steps nor seconds.', { where: { path: 'budget' }, tip: 'Give "steps", "seconds", or both.' })]
  if (['gauss-newton', 'spring'].includes(optimizer.kind) && ['piratenet', 'polynomial'].includes(network.kind)) {
    return [error('gauss-newton-network', `Gauss–Newton needs dense layers, which the network "${network.kind}" has not alone.`, { where: { path: 'optimizer.kind' }, tip: 'Choose the network "mlp", or the optimizer "lbfgs" or "adam".' })]
  }
  if (resolution && !problem.cube && resolution.length !== problem.axes.length) return [error('resolution-axes', `The resolution has ${resolution.length} entries, but the domain has ${problem.axes.length} ${problem.axes.length === 1 ? 'axis' : 'axes'}.`, { where: { path: 'resolution' }, tip: 'Give one number of nodes per axis.' })]
  return []
}
