import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernel, TracedKernels } from '../recorder'
import { filled, numberLike } from './arrange'

const same = (operator: string): TracedKernel => ({ x }, _, r) => r.node(operator, [x])
const two = (operator: string): TracedKernel => ({ a, b }, _, r) => r.node(operator, [a, b])

/** tfjs kernels that are one ONNX operator on each element, and short compositions of such. */
export const elementwiseKernels: TracedKernels = {
  Neg: same('Neg'), Abs: same('Abs'), Sign: same('Sign'), Floor: same('Floor'), Ceil: same('Ceil'), Round: same('Round'), Sqrt: same('Sqrt'), Reciprocal: same('Reciprocal'),
  Exp: same('Exp'), Log: same('Log'), Erf: same('Erf'), Sin: same('Sin'), Cos: same('Cos'), Tan: same('Tan'), Asin: same('Asin'), Acos: same('Acos'), Atan: same('Atan'),
  Sinh: same('Sinh'), Cosh: same('Cosh'), Tanh: same('Tanh'), Sigmoid: same('Sigmoid'), Relu: same('Relu'), Softplus: same('Softplus'), LogicalNot: same('Not'), Identity: ({ x }) => x,
  IsNan: same('IsNaN'), IsInf: same('IsInf'), IsFinite: ({ x }, _, r) => r.node('Not', [r.node('Or', [r.node('IsNaN', [x]), r.node('IsInf', [x])])]),
  Add: two('Add'), Sub: two('Sub'), Multiply: two('Mul'), RealDiv: two('Div'), Pow: two('Pow'), Minimum: two('Min'), Maximum: two('Max'),
  Equal: two('Equal'), Greater: two('Greater'), GreaterEqual: two('GreaterOrEqual'), Less: two('Less'), LessEqual: two('LessOrEqual'), LogicalAnd: two('And'), LogicalOr: two('Or'), LogicalXor: two('Xor'),
  NotEqual: ({ a, b }, _, r) => r.node('Not', [r.node('Equal', [a, b])]),
  Square: ({ x }, _, r) => r.node('Mul', [x, x]),
  SquaredDifference: ({ a, b }, _, r) => {
    const difference = r.node('Sub', [a, b])
    return r.node('Mul', [difference, difference])
  },
  Rsqrt: ({ x }, _, r) => r.node('Reciprocal', [r.node('Sqrt', [x])]),
  Select: ({ condition, t, e }, _, r) => {
    if (t.type !== 'boolean') return r.node('Where', [condition, t, e])
    return r.node('Or', [r.node('And', [condition, t]), r.node('And', [r.node('Not', [condition]), e])])
  },
  Cast: ({ x }, { dtype }, r) => {
    const to = dtype === 'float32' ? 'real' : dtype === 'int32' ? 'integer' : 'boolean'
    return to === x.type ? x : r.node('Cast', [x], { to })
  },
  ZerosLike: ({ x }, _, r) => filled(likeOf(x, 0, r), x.shape, r),
  OnesLike: ({ x }, _, r) => filled(likeOf(x, 1, r), x.shape, r),
  Fill: (_, { shape, value, dtype }, r) => filled(dtype === 'float32' ? r.real(value as number) : dtype === 'int32' ? r.integers([value as number], []) : r.node('Cast', [r.integers([value as number], [])], { to: 'boolean' }), shape as number[], r),
  /** 0 below zero becomes `alpha`, 1 above it; NaN stays. */
  Step: ({ x }, { alpha }, r) => {
    const positive = r.node('Where', [r.node('Greater', [x, numberLike(x, 0, r)]), numberLike(x, 1, r), numberLike(x, alpha as number, r)])
    return x.type === 'real' ? r.node('Where', [r.node('IsNaN', [x]), x, positive]) : positive
  },
  AddN: (inputs, _, r) => Object.values(inputs).reduce((sum, x) => r.node('Add', [sum, x])),
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }, r) => r.node('Min', [r.node('Max', [x, numberLike(x, clipValueMin as number, r)]), numberLike(x, clipValueMax as number, r)]),
  /** Rounded towards minus infinity. */
  FloorDiv: ({ a, b }, _, r) => floorDivision(a, b, r),
  /** What floor division leaves: it has the divisor's sign. */
  Mod: ({ a, b }, _, r) => r.node('Sub', [a, r.node('Mul', [b, floorDivision(a, b, r)])]),
}

const likeOf = (x: Value, value: number, r: Recorder): Value => (x.type === 'boolean' ? r.node('Cast', [r.integers([value], [])], { to: 'boolean' }) : numberLike(x, value, r))

function floorDivision(a: Value, b: Value, r: Recorder): Value {
  const quotient = r.node('Div', [a, b])
  if (a.type === 'real') return r.node('Floor', [quotient])
  // Whole division in ONNX cuts towards zero: one less where a remainder and the divisor differ in sign.
  const rest = r.node('Sub', [a, r.node('Mul', [quotient, b])])
  const zero = r.integers([0], [])
  const below = r.node('Less', [r.node('Mul', [r.node('Sign', [rest]), r.node('Sign', [b])]), zero])
  return r.node('Sub', [quotient, r.node('Cast', [below], { to: 'integer' })])
}
