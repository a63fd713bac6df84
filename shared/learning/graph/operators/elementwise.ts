import type { Libm } from '../../../expressions/libm'
import { broadcastShapes, describeType, shapeFault, sizeOf, type ArrayType, type Data, type ElementType } from '../graph'
import type { Operand, Operator } from '../operator'
import { broadcastStrides, forEachOffset } from '../strides'

/** y = f(x) for each element. */
function unary(name: string, f: (libm: Libm) => (x: number) => number, types: readonly ElementType[] = ['real'], result?: ElementType): Operator {
  return {
    name,
    infer: ([x]) => {
      requireType(name, x, types)
      return [{ type: result ?? x.type, shape: x.shape }]
    },
    evaluate: ([x], _, [y], libm) => {
      const values = emptyData(y)
      const map = f(libm)
      for (let i = 0; i < values.length; i++) values[i] = map(x.data[i])
      return [values]
    },
    operations: ([x]) => sizeOf(x.shape),
  }
}

/** z = f(x, y) for each element, with NumPy's broadcasting. */
function binary(name: string, f: (libm: Libm) => (x: number, y: number) => number, types: readonly ElementType[] = ['real', 'integer'], result?: ElementType): Operator {
  return {
    name,
    infer: ([x, y]) => {
      requireType(name, x, types)
      if (x.type !== y.type) throw shapeFault(`${name} needs two arrays of one type, not ${describeType(x)} and ${describeType(y)}.`)
      return [{ type: result ?? x.type, shape: broadcastShapes(x.shape, y.shape) }]
    },
    evaluate: ([x, y], _, [z], libm) => {
      const values = emptyData(z)
      const map = f(libm)
      forEachOffset(z.shape, [broadcastStrides(x.shape, z.shape), broadcastStrides(y.shape, z.shape)], (i, [a, b]) => { values[i] = map(x.data[a], y.data[b]) })
      return [values]
    },
    operations: (_, [z]) => sizeOf(z.shape),
  }
}

export const emptyData = ({ type, shape }: ArrayType): Data =>
  type === 'real' ? new Float64Array(sizeOf(shape)) : type === 'integer' ? new Int32Array(sizeOf(shape)) : new Uint8Array(sizeOf(shape))

export function requireType(operator: string, x: ArrayType, types: readonly ElementType[]): void {
  if (!types.includes(x.type)) throw shapeFault(`${operator} takes ${types.join(' or ')} arrays, not ${describeType(x)}.`)
}

const plain = (f: (x: number) => number) => () => f
const plain2 = (f: (x: number, y: number) => number) => () => f
const halfToEven = (x: number): number => {
  const down = Math.floor(x)
  if (x - down !== 0.5) return Math.round(x)
  return down % 2 === 0 ? down : down + 1
}
const compare = (f: (x: number, y: number) => boolean) => plain2((x, y) => (f(x, y) ? 1 : 0))

export const elementwise: readonly Operator[] = [
  unary('Neg', plain(x => -x), ['real', 'integer']), unary('Abs', plain(x => Math.abs(x)), ['real', 'integer']), unary('Sign', plain(x => Math.sign(x)), ['real', 'integer']),
  unary('Floor', plain(Math.floor)), unary('Ceil', plain(Math.ceil)), unary('Round', plain(halfToEven)),
  unary('Sqrt', plain(Math.sqrt)), unary('Reciprocal', plain(x => 1 / x)), unary('Relu', plain(x => (x > 0 ? x : x === x ? 0 : x))),
  unary('Exp', m => x => m.exp(x)), unary('Log', m => x => m.log(x)), unary('Erf', m => x => m.erf(x)),
  unary('Sin', m => x => m.sin(x)), unary('Cos', m => x => m.cos(x)), unary('Tan', m => x => m.tan(x)),
  unary('Asin', m => x => m.asin(x)), unary('Acos', m => x => m.acos(x)), unary('Atan', m => x => m.atan(x)),
  unary('Sinh', m => x => m.sinh(x)), unary('Cosh', m => x => m.cosh(x)), unary('Tanh', m => x => m.tanh(x)),
  unary('Sigmoid', m => x => 1 / (1 + m.exp(-x))), unary('Softplus', m => x => Math.max(x, 0) + m.log1p(m.exp(-Math.abs(x)))),
  unary('IsNaN', plain(x => (x === x ? 0 : 1)), ['real'], 'boolean'), unary('IsInf', plain(x => (Math.abs(x) === Infinity ? 1 : 0)), ['real'], 'boolean'),
  unary('Not', plain(x => 1 - x), ['boolean']), unary('Identity', plain(x => x), ['real', 'integer', 'boolean']),
  binary('Add', plain2((x, y) => x + y)), binary('Sub', plain2((x, y) => x - y)), binary('Mul', plain2((x, y) => x * y)),
  {
    ...binary('Div', plain2((x, y) => x / y)),
    evaluate: ([x, y], _, [z]) => {
      const values = emptyData(z)
      const whole = z.type === 'integer'
      forEachOffset(z.shape, [broadcastStrides(x.shape, z.shape), broadcastStrides(y.shape, z.shape)], (i, [a, b]) => { values[i] = whole ? Math.trunc(x.data[a] / y.data[b]) : x.data[a] / y.data[b] })
      return [values]
    },
  },
  binary('Pow', m => (x, y) => m.pow(x, y)), binary('Min', plain2((x, y) => Math.min(x, y))), binary('Max', plain2((x, y) => Math.max(x, y))),
  binary('Equal', compare((x, y) => x === y), ['real', 'integer', 'boolean'], 'boolean'), binary('Greater', compare((x, y) => x > y), undefined, 'boolean'), binary('GreaterOrEqual', compare((x, y) => x >= y), undefined, 'boolean'),
  binary('Less', compare((x, y) => x < y), undefined, 'boolean'), binary('LessOrEqual', compare((x, y) => x <= y), undefined, 'boolean'),
  binary('And', plain2((x, y) => x & y), ['boolean']), binary('Or', plain2((x, y) => x | y), ['boolean']), binary('Xor', plain2((x, y) => x ^ y), ['boolean']),
  {
    name: 'Where',
    infer: ([condition, x, y]) => {
      requireType('Where', condition, ['boolean'])
      if (x.type !== y.type) throw shapeFault(`Where chooses between two arrays of one type, not ${describeType(x)} and ${describeType(y)}.`)
      return [{ type: x.type, shape: broadcastShapes(condition.shape, x.shape, y.shape) }]
    },
    evaluate: (inputs, _, [z]) => {
      const values = emptyData(z)
      const [condition, x, y] = inputs
      forEachOffset(z.shape, inputs.map((v: Operand) => broadcastStrides(v.shape, z.shape)), (i, [c, a, b]) => { values[i] = condition.data[c] ? x.data[a] : y.data[b] })
      return [values]
    },
  },
  {
    /** `to`: the element type wanted. Reals are cut towards zero; booleans are "not zero". */
    name: 'Cast',
    infer: ([x], { to }) => [{ type: to as ElementType, shape: x.shape }],
    evaluate: ([x], _, [y]) => {
      const values = emptyData(y)
      for (let i = 0; i < values.length; i++) values[i] = y.type === 'boolean' ? (x.data[i] !== 0 ? 1 : 0) : y.type === 'integer' ? Math.trunc(x.data[i]) : x.data[i]
      return [values]
    },
  },
]
