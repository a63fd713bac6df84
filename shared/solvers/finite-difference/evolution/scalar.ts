import { differentiate, freeNames, simplify, substitute } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { EvolutionEquation } from '../../../problems/analysed'

/** F = −L u + f(x, t): every derivative is of a kind that L holds, with a factor that depends on the place only. Told by the factors, since sums need not cancel symbol by symbol. */
export function isLinear(equation: EvolutionEquation): boolean {
  const moving = new Set(['t', ...equation.jet.map(entry => entry.name)])
  return equation.jet.every(({ name, orders: [x, y, z] }) => {
    const alongAxes = x + y + z < 2 || (x + y + z === 2 && x * y + y * z + z * x === 0)
    return alongAxes && ![...freeNames(simplify(differentiate(equation.rightHandSide, name))).keys()].some(free => moving.has(free))
  })
}

/** F + L u: the source alone where F is linear. */
export function restOf(equation: EvolutionEquation): Expression {
  if (!isLinear(equation)) return equation.remainder
  return simplify(substitute(equation.rightHandSide, Object.fromEntries(equation.jet.map(({ name }) => [name, { kind: 'number', value: 0 } as const]))))
}

/** Some diffusion coefficient depends on the place. */
export const variesInSpace = (equation: EvolutionEquation): boolean => equation.linear.diffusion.some(e => ['x', 'y', 'z'].some(name => freeNames(e).has(name)))

export const hasDiffusion = (equation: EvolutionEquation): boolean => equation.linear.diffusion.some(e => !(e.kind === 'number' && e.value === 0))
