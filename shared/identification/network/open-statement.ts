import type { Statement } from '../../experiment/document'
import type { Libm } from '../../expressions/libm'
import { FaultError, error } from '../../fault'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'

/**
 * The statement with parameters left open: each becomes one more unknown, of which the analysis learns nothing but an equation that holds it (∂ₜλ = 0, or λ = its first value), which the training leaves away. Rows then
 * contain λ by name, wherever definitions carried it. Throws FaultError `network-unknown-place` where a boundary condition or an initial value contains one.
 */
export function openProblem(statement: Statement, names: readonly string[], values: ArrayLike<number>, libm: Libm): AnalysedProblem {
  const { exact: _, ...rest } = statement
  const parameters = Object.fromEntries(Object.entries(statement.parameters ?? {}).filter(([name]) => !names.includes(name)))
  const open: Statement = {
    ...rest, parameters,
    unknowns: [...statement.unknowns, ...names],
    equations: [...statement.equations, ...names.map((name, k) => (statement.time ? `dt(${name}) = 0` : `${name} = ${values[k]}`))],
    ...(statement.time ? { initial: { ...statement.initial, ...Object.fromEntries(names.map((name, k) => [name, String(values[k])])) } } : {}),
  }
  const { problem, faults } = analyse(open, libm)
  if (problem) return problem
  const [first] = faults.filter(f => f.severity === 'error')
  const place = first.where?.path ?? ''
  if (/^problem\.(boundary|initial|parameters)/.test(place)) {
    throw new FaultError(error('network-unknown-place', `The method "network" finds parameters of the equations, and ${names.join(' or ')} stands in ${place.replace('problem.', '')}.`, { where: { path: 'unknown' }, tip: 'Use the method "adjoint".' }))
  }
  throw new FaultError(error('network-unknown-place', `With ${names.join(', ')} left open the statement cannot be analysed: ${first.message}`, { where: { path: 'unknown' }, tip: 'Use the method "adjoint".' }))
}
