import { call, differentiate, divide, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { addJets, applyFunction, columnsOfJet, lengthsOf, makeJet, multiplyJets, powerFunction, reciprocalFunction, rowsOf, scaleJet, shiftJet, type Derivatives, type Jet } from '../taylor'
import { add, broadcastTo, greater, reshape, where, zeros, zerosLike, type Operand, type Tensor } from '../tf'
import { plus, times } from './semidefinite'
import { tensorOf } from './tensor-expression'

/** A jet, or a number (perhaps as a tensor of no axes) that does not depend on the point. */
type Value = Jet | Operand

const isConstant = (x: Value): x is Operand => typeof x === 'number' || !('space' in x)

/**
 * An expression of the coordinates as a jet: its value with every derivative that the coordinates carry, by Taylor's arithmetic. `names` gives the jets of coordinates [points, 1]. Functions of one variable take
 * their derivatives from the symbolic table; choices (`if`, `min`, `max`, `abs`) are differentiated on either side. Throws FaultError `expression-unknown-name`.
 */
export function jetOf(expression: Expression, names: (name: string) => Jet | undefined, like: Jet): Jet {
  const known = new Map<Expression, Value>()
  const values = (e: Expression): Operand => tensorOf(e, name => names(name)?.value)
  const visit = (e: Expression): Value => {
    let value = known.get(e)
    if (value === undefined) known.set(e, (value = compute(e)))
    return value
  }
  /** One of two jets at each point. */
  const chosen = (condition: Expression, yes: Value, no: Value): Value => {
    const truth = values(condition)
    if (typeof truth === 'number') return truth === 0 ? no : yes
    if (isConstant(yes) && isConstant(no) && lengthsOf(truth).length === 0) return where(greater(truth, 0.5), yes, no)
    const [a, b] = [spread(yes, like), spread(no, like)]
    const holds = greater(truth, 0.5)
    const points = rowsOf(like)
    const pick = (p: Tensor | undefined, q: Tensor | undefined, channels?: number): Tensor | undefined => {
      if (!p && !q) return undefined
      const shape = channels === undefined ? [points, 1] : [channels, points, 1]
      const full = (x: Tensor | undefined): Tensor => (x ? broadcastTo(x, shape) : zeros(shape))
      return where(broadcastTo(channels === undefined ? holds : reshape(holds, [1, points, 1]), shape), full(p), full(q))
    }
    return makeJet(like.space, pick(a.value, b.value)!, a.parts.map((part, i) => pick(part, b.parts[i], like.space.sizes[i])))
  }
  const univariate = (name: string, argument: Value): Value => {
    const symbol: Expression = { kind: 'name', name: 'argument' }
    const series = [call(name, symbol)]
    if (isConstant(argument)) return tensorOf(series[0], () => argument)
    const rule: Derivatives = (x, order) => {
      while (series.length <= order) series.push(simplify(differentiate(series.at(-1)!, 'argument')))
      return series.slice(0, order + 1).map(e => filled(tensorOf(e, () => x), x))
    }
    return applyFunction(rule, argument)
  }
  const compute = (e: Expression): Value => {
    switch (e.kind) {
      case 'number': return e.value
      case 'name': return names(e.name) ?? values(e)
      case 'negate': return product(-1, visit(e.argument))
      case 'binary': {
        const [a, b] = [visit(e.left), visit(e.right)]
        if (e.operator === '+') return total(a, b)
        if (e.operator === '-') return total(a, product(-1, b))
        if (e.operator === '*') return product(a, b)
        if (e.operator === '/') return product(a, reciprocal(b))
        return power(a, b, e)
      }
      case 'call': {
        const [a, b] = e.arguments
        if (e.name === 'if') return chosen(a, visit(b), visit(e.arguments[2]))
        if (e.name === 'min') return chosen({ kind: 'compare', operator: '<', left: a, right: b }, visit(a), visit(b))
        if (e.name === 'max') return chosen({ kind: 'compare', operator: '>', left: a, right: b }, visit(a), visit(b))
        if (e.name === 'pow') return power(visit(a), visit(b), e)
        if (e.name === 'hypot') return sqrtOf(total(squareOf(visit(a)), squareOf(visit(b))))
        if (e.name === 'atan2') return angle(a, b, e)
        if (e.name === 'mod') return total(visit(a), product(-1, product(visit(b), piecewise(call('floor', divide(a, b))))))
        if (e.arguments.length === 1 && !['re', 'im', 'conj'].includes(e.name)) return univariate(e.name, visit(a))
        return values(e)
      }
      default: return piecewise(e)
    }
  }
  /** What is constant on either side of its jumps. */
  const piecewise = (e: Expression): Value => {
    const value = values(e)
    return typeof value === 'number' || lengthsOf(value).length === 0 ? value : makeJet(like.space, value)
  }
  const power = (a: Value, b: Value, e: Expression): Value => {
    if (isConstant(a) && isConstant(b)) return values(e)
    if (typeof b === 'number' && !isConstant(a)) return b === 0 ? 1 : b === 1 ? a : b === 2 ? squareOf(a) : applyFunction(powerFunction(b), a)
    return univariate('exp', product(b, univariate('log', a)))
  }
  const squareOf = (a: Value): Value => product(a, a)
  const sqrtOf = (a: Value): Value => univariate('sqrt', a)
  /** The angle changes as atan(y/x) does, or as −atan(x/y) where x is small; only its value knows the quadrant. */
  const angle = (y: Expression, x: Expression, e: Expression): Value => {
    const [top, right] = [visit(y), visit(x)]
    if (isConstant(top) && isConstant(right)) return values(e)
    const steep: Expression = { kind: 'compare', operator: '>', left: call('abs', y), right: call('abs', x) }
    const safe = (v: Value, flag: boolean): Value => chosen(steep, flag ? v : 1, flag ? 1 : v)
    const flat = univariate('atan', product(safe(top, false), reciprocal(safe(right, false))))
    const upright = product(-1, univariate('atan', product(safe(right, true), reciprocal(safe(top, true)))))
    const rate = spread(chosen(steep, upright, flat), like)
    return { ...rate, value: values(e) as Tensor }
  }
  const reciprocal = (a: Value): Value => (isConstant(a) ? tensorOf(divide({ kind: 'number', value: 1 }, { kind: 'name', name: 'a' }), () => a) : applyFunction(reciprocalFunction, a))
  return spread(visit(expression), like)
}

/** A jet of the points of another, [points, 1]. */
function spread(x: Value, like: Jet): Jet {
  if (!isConstant(x)) return x
  return makeJet(like.space, add(zerosLike(columnsOfJet(like, 0, 1).value), x))
}

/** A derivative that does not depend on its argument is a column all the same. */
const filled = (x: Operand, like: Tensor): Tensor => (typeof x === 'number' || lengthsOf(x).length === 0 ? add(zerosLike(like), x) : x)

const total = (a: Value, b: Value): Value => {
  if (isConstant(a)) return isConstant(b) ? plus(a, b) : a === 0 ? b : shiftJet(b, a)
  if (isConstant(b)) return b === 0 ? a : shiftJet(a, b)
  return addJets(a, b)
}

const product = (a: Value, b: Value): Value => {
  if (isConstant(a)) return isConstant(b) ? times(a, b) : a === 0 ? 0 : a === 1 ? b : scaleJet(b, a)
  return isConstant(b) ? product(b, a) : multiplyJets(a, b)
}
