import type { Expression } from '../expressions/ast'
import { constantNames, freeNames, simplify, toText } from '../expressions'
import type { AnalysedProblem, Properties } from './analysed'
import { isZero } from './operators'
import type { ParsedStatement } from './parsed'

const isConstant = (e: Expression): boolean => [...freeNames(e).keys()].every(n => constantNames.has(n))

/** Words for the screen. */
export function describe({ equation, system, boundary }: Pick<AnalysedProblem, 'equation' | 'system' | 'boundary'>, properties: Properties, statement: ParsedStatement): string[] {
  const traits: string[] = []
  if (equation.kind === 'elliptic' || equation.kind === 'eigen') {
    const { diffusion, advection, reaction, symmetric } = equation.operator
    const all = equation.kind === 'eigen' ? [...diffusion, ...advection, reaction, equation.mass] : [...diffusion, ...advection, reaction]
    traits.push(...(equation.kind === 'eigen' ? ['eigenproblem'] : []), 'elliptic', 'linear', symmetric ? 'symmetric' : 'not symmetric', all.every(isConstant) ? 'constant coefficients' : 'variable coefficients')
    if (diffusion.length > 1 && diffusion.some(d => toText(d) !== toText(diffusion[0]))) traits.push('anisotropic')
    if (properties.definiteness === 'indefinite') traits.push('indefinite')
    if (equation.kind === 'elliptic' && boundary.every(s => s.pieces.every(p => p.kind === 'neumann')) && isZero(reaction) && symmetric && !statement.geometry) traits.push('unique up to a constant')
  } else if (equation.kind === 'evolution') {
    const { linear, remainder, jet } = equation
    const isLinear = [...freeNames(simplify(remainder)).keys()].every(n => !jet.some(j => j.name === n))
    const order = Math.max(0, ...jet.map(j => j.orders[0] + j.orders[1] + j.orders[2]))
    const diffuses = linear.diffusion.some(d => !isZero(d))
    traits.push(order > 2 ? `evolution of order ${order} in space` : diffuses ? 'parabolic' : order === 1 ? 'transport' : 'evolution', isLinear ? 'linear' : 'nonlinear')
    if (diffuses && !linear.diffusion.every(isConstant)) traits.push('variable coefficients')
  } else traits.push(...generalWords(system, properties, statement))
  if (properties.stiff?.stiff) traits.push('stiff')
  if (properties.conserved.length > 0) traits.push(`conserves ${listed(properties.conserved.map(c => c.name.replaceAll('_', ' ')))}`)
  const periodic = statement.axes.filter(a => a.periodic)
  if (periodic.length > 0 && periodic.length === statement.axes.length) traits.push('periodic')
  else if (periodic.length > 0) traits.push(`periodic along ${periodic.map(a => a.name).join(', ')}`)
  return traits
}

const listed = (words: readonly string[]): string => (words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}` : words[0])

function generalWords(system: AnalysedProblem['system'], properties: Properties, statement: ParsedStatement): string[] {
  const words: string[] = []
  const declared = statement.unknowns.reduce((sum, u) => sum + u.components.length, 0)
  if (statement.eigenvalue) words.push('eigenproblem')
  if (declared > 1) words.push(`system of ${declared} real equations`)
  if (statement.unknowns.some(u => u.type === 'complex')) words.push('complex')
  if (properties.elliptic) words.push('elliptic')
  words.push(properties.orderInTime === 0 ? 'steady' : properties.orderInTime === 2 ? 'second order in time' : 'evolution')
  if (properties.orderInSpace > 2) words.push(`order ${properties.orderInSpace} in space`)
  words.push(properties.linear ? 'linear' : 'nonlinear')
  if (properties.symmetric !== undefined) words.push(properties.symmetric ? 'symmetric' : 'not symmetric')
  if (properties.definiteness === 'indefinite') words.push('indefinite')
  if (properties.definiteness === 'semidefinite' && !statement.eigenvalue && declared === 1) words.push('unique up to a constant')
  if (properties.orderInTime > 0 && system.rows.some(row => row.kind === 'constraint')) words.push('with constraints')
  if (statement.cube) words.push(`${statement.cube.dimension} dimensions`)
  else if (statement.geometry) words.push(statement.geometry.where ? 'mask' : statement.geometry.outer.kind === 'polygon' ? 'polygon' : statement.geometry.outer.kind === 'ball' ? (statement.axes.length === 2 ? 'disk' : 'ball') : 'holes')
  return words
}
