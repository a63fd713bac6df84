import { add, children, divide, multiply, name, negate, number, simplify, toText, zero } from '../../expressions'
import type { Expression } from '../../expressions/ast'

/** A pure second derivative that an expression knows by a name: ∂²/∂axis² of output number `output`. */
export interface SecondDerivative {
  readonly output: number
  readonly axis: number
}

/** L = Σᵢ weightᵢ ∂ᵢ² of one output, under the name that it has in the rewritten expression. */
export interface Contraction {
  readonly name: string
  readonly output: number
  /** One weight for each coordinate; the first that is not 0 is 1, so that the same operator has the same weights in every term. */
  readonly weights: readonly number[]
}

/**
 * Writes an expression R(…, ∂₁²u, …, ∂_d²u) as R₀(…) + Σ_u c_u L_u u with L_u = Σᵢ wᵢ ∂ᵢ², where the second derivatives occur linearly and their factors are numbers, or the same expression before each of one
 * output (`(1 + u^2)*lap(u)`). Undefined where they do not: products of them, roots, conditions, factors that differ from axis to axis.
 */
export function contractSeconds(expression: Expression, seconds: ReadonlyMap<string, SecondDerivative>, dimension: number): { readonly expression: Expression; readonly contractions: readonly Contraction[] } | undefined {
  const held = new Map<Expression, boolean>()
  const holds = (e: Expression): boolean => {
    let value = held.get(e)
    if (value === undefined) held.set(e, (value = e.kind === 'name' ? seconds.has(e.name) : children(e).some(holds)))
    return value
  }
  const terms: { readonly second: SecondDerivative; readonly factor: Expression }[] = []
  const rest: Expression[] = []
  /** Sorts factor · e into `terms` and `rest`; false where e is not linear in the second derivatives. */
  const sort = (e: Expression, factor: Expression): boolean => {
    if (!holds(e)) {
      rest.push(times(factor, e))
      return true
    }
    if (e.kind === 'name') {
      terms.push({ second: seconds.get(e.name)!, factor })
      return true
    }
    if (e.kind === 'negate') return sort(e.argument, negated(factor))
    if (e.kind !== 'binary') return false
    if (e.operator === '+') return sort(e.left, factor) && sort(e.right, factor)
    if (e.operator === '-') return sort(e.left, factor) && sort(e.right, negated(factor))
    if (e.operator === '*' && !(holds(e.left) && holds(e.right))) return holds(e.left) ? sort(e.left, times(factor, e.right)) : sort(e.right, times(factor, e.left))
    if (e.operator === '/' && !holds(e.right)) return sort(e.left, divide(factor, e.right))
    return false
  }
  if (!holds(expression) || !sort(expression, number(1))) return undefined
  const contractions: Contraction[] = []
  let result = rest.length > 0 ? simplify(rest.reduce(add)) : zero
  for (const output of new Set(terms.map(t => t.second.output))) {
    const own = terms.filter(t => t.second.output === output).map(({ second, factor }) => ({ axis: second.axis, factor: simplify(factor) }))
    const found = weightsOf(own, dimension)
    if (!found) return undefined
    const contraction = { name: `Δ${output}`, output, weights: found.weights }
    contractions.push(contraction)
    result = add(result, times(found.factor, name(contraction.name)))
  }
  return { expression: simplify(result), contractions }
}

const times = (a: Expression, b: Expression): Expression => (a.kind === 'number' && a.value === 1 ? b : b.kind === 'number' && b.value === 1 ? a : multiply(a, b))
const negated = (e: Expression): Expression => (e.kind === 'number' ? number(-e.value) : negate(e))
const valueOf = (e: Expression): number | undefined => (e.kind === 'number' ? e.value : e.kind === 'negate' && e.argument.kind === 'number' ? -e.argument.value : undefined)

/** Weights by axis and the factor before their sum. */
function weightsOf(terms: readonly { readonly axis: number; readonly factor: Expression }[], dimension: number): { readonly weights: readonly number[]; readonly factor: Expression } | undefined {
  const weights = new Array<number>(dimension).fill(0)
  const numbers = terms.map(t => valueOf(t.factor))
  if (numbers.every(n => n !== undefined)) {
    terms.forEach(({ axis }, k) => { weights[axis] += numbers[k] })
    const first = weights.find(w => w !== 0)
    return first === undefined ? undefined : { weights: weights.map(w => (w === 0 ? 0 : w / first)), factor: number(first) }
  }
  const text = toText(terms[0].factor)
  if (terms.some(t => toText(t.factor) !== text)) return undefined
  for (const { axis } of terms) weights[axis] += 1
  const first = weights.find(w => w !== 0)!
  return { weights: weights.map(w => w / first), factor: times(number(first), terms[0].factor) }
}
