import type { TracedKernel, TracedKernels } from '../recorder'

const same = (operator: string): TracedKernel => ({ x }, _, r) => r.node(operator, [x])
const two = (operator: string): TracedKernel => ({ a, b }, _, r) => r.node(operator, [a, b])

/** tfjs kernels that are one ONNX operator on each element, and short compositions of such. */
export const elementwiseKernels: TracedKernels = {
  Neg: same('Neg'), Abs: same('Abs'), Sign: same('Sign'), Floor: same('Floor'), Ceil: same('Ceil'), Round: same('Round'), Sqrt: same('Sqrt'), Reciprocal: same('Reciprocal'),
  Exp: same('Exp'), Log: same('Log'), Erf: same('Erf'), Sin: same('Sin'), Cos: same('Cos'), Tan: same('Tan'), Asin: same('Asin'), Acos: same('Acos'), Atan: same('Atan'),
  Sinh: same('Sinh'), Cosh: same('Cosh'), Tanh: same('Tanh'), Sigmoid: same('Sigmoid'), Relu: same('Relu'), LogicalNot: same('Not'), Identity: ({ x }) => x,
  Add: two('Add'), Sub: two('Sub'), Multiply: two('Mul'), RealDiv: two('Div'), Pow: two('Pow'), Minimum: two('Min'), Maximum: two('Max'),
  Equal: two('Equal'), Greater: two('Greater'), GreaterEqual: two('GreaterOrEqual'), Less: two('Less'), LessEqual: two('LessOrEqual'), LogicalAnd: two('And'), LogicalOr: two('Or'),
  NotEqual: ({ a, b }, _, r) => r.node('Not', [r.node('Equal', [a, b])]),
  Square: ({ x }, _, r) => r.node('Mul', [x, x]),
  SquaredDifference: ({ a, b }, _, r) => {
    const difference = r.node('Sub', [a, b])
    return r.node('Mul', [difference, difference])
  },
  Rsqrt: ({ x }, _, r) => r.node('Reciprocal', [r.node('Sqrt', [x])]),
  Select: ({ condition, t, e }, _, r) => r.node('Where', [condition, t, e]),
  Cast: ({ x }, { dtype }, r) => {
    const to = dtype === 'float32' ? 'real' : dtype === 'int32' ? 'integer' : 'boolean'
    return to === x.type ? x : r.node('Cast', [x], { to })
  },
  ZerosLike: ({ x }, _, r) => r.node('Expand', [x.type === 'real' ? r.real(0) : r.integers([0], [])], { shape: x.shape }),
  OnesLike: ({ x }, _, r) => r.node('Expand', [x.type === 'real' ? r.real(1) : r.integers([1], [])], { shape: x.shape }),
  Step: ({ x }, { alpha }, r) => {
    const positive = r.node('Where', [r.node('Greater', [x, r.real(0)]), r.real(1), r.real(alpha as number)])
    return r.node('Where', [r.node('IsNaN', [x]), x, positive])
  },
  AddN: (inputs, _, r) => Object.values(inputs).reduce((sum, x) => r.node('Add', [sum, x])),
}
