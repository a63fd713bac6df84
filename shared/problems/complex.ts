import type { Expression } from '../expressions/ast'
import { add as sum, call, divide as quotient, isNumber, multiply as product, negate as opposite, number, one, raise, subtract as minus, zero } from '../expressions'

/** A complex number as two real expressions; without `im` it is real. */
export interface Complex {
  readonly re: Expression
  readonly im?: Expression
}

const real = (re: Expression): Complex => ({ re })
const complex = (re: Expression, im: Expression): Complex => (isNumber(im, 0) ? { re } : { re, im })
const plus = (a: Expression, b: Expression): Expression => (isNumber(a, 0) ? b : isNumber(b, 0) ? a : sum(a, b))
const less = (a: Expression, b: Expression): Expression => (isNumber(b, 0) ? a : isNumber(a, 0) ? opposite(b) : minus(a, b))
const times = (a: Expression, b: Expression): Expression => (isNumber(a, 0) || isNumber(b, 0) ? zero : isNumber(a, 1) ? b : isNumber(b, 1) ? a : product(a, b))

export const imaginaryUnit: Complex = { re: zero, im: one }
export const negated = (a: Complex): Complex => ({ re: opposite(a.re), ...(a.im ? { im: opposite(a.im) } : {}) })
export const conjugated = (a: Complex): Complex => (a.im ? { re: a.re, im: opposite(a.im) } : a)
export const added = (a: Complex, b: Complex): Complex => (a.im || b.im ? complex(plus(a.re, b.re), plus(a.im ?? zero, b.im ?? zero)) : real(plus(a.re, b.re)))
export const subtracted = (a: Complex, b: Complex): Complex => (a.im || b.im ? complex(less(a.re, b.re), less(a.im ?? zero, b.im ?? zero)) : real(less(a.re, b.re)))
/** |a|². */
export const squaredModulus = (a: Complex): Expression => (a.im ? plus(raise(a.re, number(2)), raise(a.im, number(2))) : raise(a.re, number(2)))

export function multiplied(a: Complex, b: Complex): Complex {
  if (!a.im && !b.im) return real(times(a.re, b.re))
  return complex(less(times(a.re, b.re), times(a.im ?? zero, b.im ?? zero)), plus(times(a.re, b.im ?? zero), times(a.im ?? zero, b.re)))
}

export function divided(a: Complex, b: Complex): Complex {
  if (!b.im) return a.im ? { re: quotient(a.re, b.re), im: quotient(a.im, b.re) } : real(quotient(a.re, b.re))
  const size = squaredModulus(b)
  const above = multiplied(a, conjugated(b))
  return complex(quotient(above.re, size), quotient(above.im ?? zero, size))
}

const MAXIMUM_POWER = 16

/** aᵇ, with |a|² and even powers of |a| free of the square root, whole powers multiplied out, all others by exp(b log a) on the principal branch. */
export function raised(a: Complex, b: Complex): Complex {
  const exponent = b.im ? undefined : wholeNumber(b.re)
  if (!a.im && !b.im) {
    const root = a.re.kind === 'call' && a.re.name === 'sqrt' ? a.re.arguments[0] : undefined
    if (root && exponent !== undefined && exponent % 2 === 0) return real(exponent === 2 ? root : raise(root, number(exponent / 2)))
    return real(raise(a.re, b.re))
  }
  if (exponent !== undefined && Math.abs(exponent) <= MAXIMUM_POWER) {
    let power: Complex = real(one)
    for (let i = 0; i < Math.abs(exponent); i++) power = multiplied(power, a)
    return exponent < 0 ? divided(real(one), power) : power
  }
  if (a.re.kind === 'name' && a.re.name === 'e' && !a.im) return exponential(b)
  return exponential(multiplied(b, a.im ? logarithm(a) : real(call('log', a.re))))
}

function wholeNumber(e: Expression): number | undefined {
  if (e.kind === 'negate') {
    const inner = wholeNumber(e.argument)
    return inner === undefined ? undefined : -inner
  }
  return e.kind === 'number' && Number.isInteger(e.value) ? e.value : undefined
}

const exponential = (a: Complex): Complex => {
  const size = isNumber(a.re, 0) ? one : call('exp', a.re)
  return a.im ? { re: times(size, call('cos', a.im)), im: times(size, call('sin', a.im)) } : real(size)
}
const logarithm = (a: Complex): Complex => ({ re: quotient(call('log', squaredModulus(a)), number(2)), im: call('atan2', a.im ?? zero, a.re) })
const modulus = (a: Complex): Expression => (a.im ? call('sqrt', squaredModulus(a)) : call('abs', a.re))

/** A function of one complex argument with an imaginary part; undefined for functions that have none here. */
export function complexCall(name: string, a: Complex): Complex | undefined {
  const { re, im = zero } = a
  switch (name) {
    case 're': return real(re)
    case 'im': return real(im)
    case 'conj': return conjugated(a)
    case 'abs': return real(modulus(a))
    case 'exp': return exponential(a)
    case 'log': case 'ln': return logarithm(a)
    case 'sqrt': return exponential(divided(logarithm(a), real(number(2))))
    case 'sin': return { re: times(call('sin', re), call('cosh', im)), im: times(call('cos', re), call('sinh', im)) }
    case 'cos': return { re: times(call('cos', re), call('cosh', im)), im: opposite(times(call('sin', re), call('sinh', im))) }
    case 'sinh': return { re: times(call('sinh', re), call('cos', im)), im: times(call('cosh', re), call('sin', im)) }
    case 'cosh': return { re: times(call('cosh', re), call('cos', im)), im: times(call('sinh', re), call('sin', im)) }
    case 'tan': return divided(complexCall('sin', a)!, complexCall('cos', a)!)
    case 'tanh': return divided(complexCall('sinh', a)!, complexCall('cosh', a)!)
    case 'sech': return divided(real(one), complexCall('cosh', a)!)
    default: return undefined
  }
}
