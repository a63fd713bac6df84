import { isConstant, makeConstant, sameShape, sizeOf, type Shape, type Value } from '../graph'
import type { Rewriter } from './rewrite'

/** Operators that work on each element alone, with broadcasting: what happens to shapes around them can be moved past them. */
export const unaryOperators: ReadonlySet<string> = new Set([
  'Neg', 'Abs', 'Sign', 'Floor', 'Ceil', 'Round', 'Sqrt', 'Reciprocal', 'Relu', 'Exp', 'Log', 'Erf', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh',
  'Sigmoid', 'Softplus', 'Elu', 'LeakyRelu', 'Selu', 'IsNaN', 'IsInf', 'Not', 'Cast',
])
export const binaryOperators: ReadonlySet<string> = new Set([
  'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Mod', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor',
])
export const elementwiseOperators: ReadonlySet<string> = new Set([...unaryOperators, ...binaryOperators, 'Where'])

/** x ∘ y = y ∘ x, bit for bit. */
export const commutativeOperators: ReadonlySet<string> = new Set(['Add', 'Mul', 'Equal', 'And', 'Or', 'Xor'])

const uniform = new WeakMap<Value, number | null>()

/** The one number that all elements of a value are known to be, spread or not; undefined where it is not known. */
export function scalarOf(value: Value): number | undefined {
  const source = value.node.operator === 'Expand' ? value.node.inputs[0] : value
  if (!isConstant(source)) return undefined
  let known = uniform.get(source)
  if (known === undefined) {
    const data = source.node.data!
    const [first] = data
    known = data.length > 0 && data.every(x => Object.is(x, first)) ? first : null
    uniform.set(source, known)
  }
  return known ?? undefined
}

/** A scalar constant of the same element type as another value. */
export const scalarLike = (x: number, { type }: Value): Value =>
  makeConstant(type === 'real' ? Float64Array.of(x) : type === 'integer' ? Int32Array.of(x) : Uint8Array.of(x), [])

/** x as an array of `shape` that it broadcasts to. */
export const spread = (x: Value, shape: Shape, { make }: Rewriter): Value => (sameShape(x.shape, shape) ? x : make('Expand', [x], { shape }))

export const hasOneElement = (value: Value): boolean => sizeOf(value.shape) === 1

/** Whether no element can be infinite or NaN: finite constants, what is made of booleans and integers, and choices and rearrangements of such. Looks a few nodes deep. */
export function isFinite(value: Value, depth = 4): boolean {
  const { node } = value
  if (value.type !== 'real') return true
  if (isConstant(value)) return node.data!.every(x => Number.isFinite(x))
  if (depth === 0) return false
  switch (node.operator) {
    case 'Cast': return true
    case 'Where': return node.inputs.slice(1).every(v => isFinite(v, depth - 1))
    case 'Expand': case 'Reshape': case 'Transpose': case 'Slice': case 'Concat': case 'Neg': case 'Abs': return node.inputs.every(v => isFinite(v, depth - 1))
    default: return false
  }
}
