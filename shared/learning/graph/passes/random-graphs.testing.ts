import fc from 'fast-check'
import { makeConstant, makeInput, sizeOf, type Data, type Graph, type Shape, type Value } from '../graph'
import { dumpGraph } from '../dump'
import { apply } from '../operators'

/** Random graphs of the kinds of nodes that traces hold, with inputs to evaluate them at. Values stay of moderate size: rounding is then all that rewriting may change. */
export interface RandomGraph {
  readonly graph: Graph
  readonly inputs: Readonly<Record<string, Data>>
}

const unary = ['Neg', 'Abs', 'Tanh', 'Sin', 'Cos', 'Relu', 'Sigmoid', 'Identity']
const binary = ['Add', 'Sub', 'Mul', 'Max', 'Min']

export const randomGraphs: fc.Arbitrary<RandomGraph> = fc.tuple(fc.array(fc.tuple(fc.nat(19), fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)), { minLength: 3, maxLength: 40 }), fc.integer({ min: 1, max: 1e6 })).map(([choices, seed]) => {
  let noise = seed
  const number = (): number => {
    noise = (noise * 1103515245 + 12345) % 2147483648
    return noise / 1073741824 - 1
  }
  const array = (shape: Shape): Float64Array => Float64Array.from({ length: sizeOf(shape) }, number)
  const declared: { name: string; value: Value }[] = [[2, 3], [3], [2, 1, 3], [4, 3]].map((shape, i) => ({ name: `x${i}`, value: makeInput(`x${i}`, { type: 'real', shape }) }))
  const values = declared.map(d => d.value)
  for (const [kind, a, b, c] of choices) {
    const x = values[a % values.length]
    const rank = x.shape.length
    const add = (operator: string, inputs: readonly Value[], attributes = {}): void => {
      try {
        const [made] = apply(operator, inputs, attributes).outputs
        if (sizeOf(made.shape) <= 300 && made.shape.length <= 4) values.push(made)
      } catch {
        // Shapes that do not fit make no node.
      }
    }
    const axis = rank === 0 ? 0 : c % rank
    switch (kind) {
      case 0: case 1: add(unary[b % unary.length], [x]); break
      case 2: case 3: case 4: add(binary[c % binary.length], [x, values[b % values.length]]); break
      case 5: values.push(makeConstant(Float64Array.of([0, 1, -1, 2, 0.5, 0.3][b % 6]), [[], [1], [1, 1]][c % 3])); break
      case 6: values.push(makeConstant(array(x.shape), x.shape)); break
      case 7: add('Expand', [x], { shape: rank > 0 && x.shape[0] === 1 ? [1 + (b % 3), ...x.shape.slice(1)] : [1 + (b % 3), ...x.shape] }); break
      case 8: add('Transpose', [x], { perm: permutation(rank, b) }); break
      case 9: add('Reshape', [x], { shape: [[sizeOf(x.shape)], [1, ...x.shape], [...x.shape, 1], [...x.shape].reverse()][b % 4] }); break
      case 10: add(['ReduceSum', 'ReduceMean', 'ReduceMax'][b % 3], [x], { axes: rank === 0 ? [] : b % 2 ? [axis] : x.shape.map((_, i) => i), keepdims: a % 2 }); break
      case 11: case 12: if (rank > 0 && x.shape[axis] > 0) add('Slice', [x], sliceOf(x.shape, axis, b)); break
      case 13: if (rank > 0) add('Concat', [x, values[b % values.length]], { axis }); break
      case 14: add('MatMul', [x, values[b % values.length]]); break
      case 15: if (rank >= 2) add('MatMul', [x, apply('Transpose', [x], { perm: [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2) }).outputs[0]]); break
      case 16: add('Where', [apply('Greater', [x, makeConstant(Float64Array.of(0.1), [])]).outputs[0], x, values[b % values.length]]); break
      case 17: add('Pow', [x, makeConstant(Float64Array.of([0, 1, 2, 3, 4][b % 5]), [])]); break
      case 18: add('Mul', [apply('Cast', [apply('Less', [x, values[b % values.length].shape.length === 0 ? values[b % values.length] : makeConstant(Float64Array.of(0), [])]).outputs[0]], { to: 'real' }).outputs[0], x]); break
      default: add('Div', [x, makeConstant(Float64Array.of([1, 2, 4, 3][b % 4]), [])])
    }
  }
  // Sizes are kept moderate by squashing what leaves the graph's middle: products of products would otherwise overflow.
  const outputs = values.slice(-4).map((value, i) => ({ name: `y${i}`, role: 'output' as const, value: i % 2 ? value : apply('Tanh', [value]).outputs[0] }))
  const graph: Graph = { inputs: declared.map(d => ({ ...d, role: 'input' as const })), outputs }
  return {
    graph,
    [fc.toStringMethod]: () => `\n${dumpGraph(graph)}`,
    inputs: Object.fromEntries(declared.map(({ name, value }) => [name, array(value.shape)])),
  }
})

function permutation(rank: number, choice: number): number[] {
  const rest = Array.from({ length: rank }, (_, i) => i)
  const perm: number[] = []
  for (let left = choice; rest.length > 0; left = Math.floor(left / 4)) perm.push(...rest.splice(left % rest.length, 1))
  return perm
}

function sliceOf(shape: Shape, axis: number, choice: number): Record<string, number[]> {
  const start = choice % shape[axis]
  if (choice % 7 === 0) return { starts: [shape[axis] - 1], ends: [-1e9], axes: [axis], steps: [-1] }
  const end = start + 1 + (Math.floor(choice / 8) % (shape[axis] - start))
  const whole = shape.map((_, i) => i)
  return choice % 3 === 0
    ? { starts: whole.map(i => (i === axis ? start : 0)), ends: whole.map(i => (i === axis ? end : shape[i])), axes: whole, steps: whole.map(() => 1) }
    : { starts: [start], ends: [end], axes: [axis], steps: [choice % 5 === 0 ? 2 : 1] }
}

/** The largest difference between two sets of arrays, relative to 1 or the larger entry; Infinity where NaN, length or name differ. */
export function largestDifference(a: Readonly<Record<string, Data>>, b: Readonly<Record<string, Data>>): number {
  let most = 0
  for (const [name, x] of Object.entries(a)) {
    const y = b[name]
    if (x.length !== y?.length) return Infinity
    for (let i = 0; i < x.length; i++) {
      if (Object.is(x[i], y[i]) || x[i] === y[i]) continue
      const difference = Math.abs(x[i] - y[i]) / Math.max(1, Math.abs(x[i]), Math.abs(y[i]))
      most = difference >= 0 ? Math.max(most, difference) : Infinity
    }
  }
  return most
}

