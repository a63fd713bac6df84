import { sizeOf, type Node, type Value } from '../../graph'
import type { Rewriter, Rule } from '../rewrite'

interface Geometry {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
  readonly group: number
}
const geometryOf = (node: Node): Geometry => node.attributes as unknown as Geometry

/** Row-major index of a flat position. */
function indexAt(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length)
  for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]
    rest = Math.floor(rest / shape[axis])
  }
  return index
}

const padded = (x: Value, pads: readonly number[], { make }: Rewriter): Value => {
  const rank = pads.length / 2
  return pads.every(n => n === 0) ? x : make('Pad', [x], { pads: [0, 0, ...pads.slice(0, rank), 0, 0, ...pads.slice(rank)], mode: 'constant' })
}

/** `counts` elements along each spatial axis, from `starts` by `steps`. */
const window = (x: Value, starts: readonly number[], counts: readonly number[], steps: readonly number[], { make }: Rewriter): Value =>
  make('Slice', [x], { starts: [...starts], ends: starts.map((s, i) => s + (counts[i] - 1) * steps[i] + 1), axes: starts.map((_, i) => i + 2), steps: [...steps] })

/**
 * y[b, o, p] = Σ_q W_q[o, c] x[b, c, s p + d q]: for each kernel element q one product of a small matrix with the shifted array.
 * That beats gathering all windows in one matrix (im2col), which moves as many bytes again.
 */
function sumOfShifts(x: Value, w: Value, node: Node, r: Rewriter): Value {
  const { strides, dilations, group } = geometryOf(node)
  const { make } = r
  const [y] = node.outputs
  const [batch, outputs, ...positions] = y.shape
  const [inputs, kernel, area] = [w.shape[1], w.shape.slice(2), sizeOf(positions)]
  const taps = sizeOf(kernel)
  const matrices = make('Transpose', [make('Reshape', [w], { shape: [outputs, inputs, taps] })], { perm: [2, 0, 1] })
  const [left, right] = group === 1 ? [[outputs, inputs], [batch, inputs, area]] : [[group, outputs / group, inputs], [batch, group, inputs, area]]
  let sum: Value | undefined
  for (let q = 0; q < taps; q++) {
    const shifted = make('Reshape', [window(x, indexAt(q, kernel).map((k, i) => k * dilations[i]), positions, strides, r)], { shape: right })
    const matrix = make('Reshape', [make('Slice', [matrices], { starts: [q], ends: [q + 1], axes: [0], steps: [1] })], { shape: left })
    const product = make('MatMul', [matrix, shifted])
    sum = sum ? make('Add', [sum, product]) : product
  }
  return make('Reshape', [sum!], { shape: y.shape })
}

/**
 * The same where the kernel is as large as the array and few positions remain, as in gradients of kernels: y[b, o, p] = ⟨W[o], x's window at p⟩,
 * one product of two large matrices for each position.
 */
function productPerPosition(x: Value, w: Value, node: Node, r: Rewriter): Value {
  const { strides, dilations } = geometryOf(node)
  const { make } = r
  const [y] = node.outputs
  const [batch, outputs, ...positions] = y.shape
  const kernel = w.shape.slice(2)
  const length = w.shape[1] * sizeOf(kernel)
  const kernels = make('Transpose', [make('Reshape', [w], { shape: [outputs, length] })], { perm: [1, 0] })
  const columns = Array.from({ length: sizeOf(positions) }, (_, p) => {
    const seen = window(x, indexAt(p, positions).map((k, i) => k * strides[i]), kernel, dilations, r)
    return make('Reshape', [make('MatMul', [make('Reshape', [seen], { shape: [batch, length] }), kernels])], { shape: [batch, outputs, 1] })
  })
  return make('Reshape', [columns.length === 1 ? columns[0] : make('Concat', columns, { axis: 2 })], { shape: y.shape })
}

/** Whether the kernel has more elements than it has positions. */
const fewPositions = (node: Node): boolean => sizeOf(node.outputs[0].shape.slice(2)) < sizeOf(node.inputs[1].shape.slice(2))

/** Convolutions in float64, which ONNX Runtime has not. */
export const convolution: Rule = (node, r) => {
  const [input, w, bias] = node.inputs
  const { pads, group } = geometryOf(node)
  const x = padded(input, pads, r)
  const y = fewPositions(node) && group === 1 ? productPerPosition(x, w, node, r) : sumOfShifts(x, w, node, r)
  return bias ? r.make('Add', [y, r.make('Reshape', [bias], { shape: [bias.shape[0], ...y.shape.slice(2).map(() => 1)] })]) : y
}

/**
 * The transpose of a convolution. Kernels side by side (stride = kernel, as in U-Nets): one product, then the elements in place. In general: zeros between the elements,
 * then the convolution with the kernel turned about.
 */
export const transposedConvolution: Rule = (node, r) => {
  const [x, w] = node.inputs
  const { make } = r
  const { strides, dilations, pads, group } = geometryOf(node)
  const extra = node.attributes.output_padding as readonly number[]
  const [y] = node.outputs
  const kernel = w.shape.slice(2)
  const [batch, inputs, ...positions] = x.shape
  const outputs = w.shape[1]
  const rank = kernel.length
  const aside = group === 1 && [...pads, ...extra].every(n => n === 0) && kernel.every((k, i) => k === strides[i] && dilations[i] === 1)
  if (aside) {
    const taps = sizeOf(kernel)
    const matrix = make('Transpose', [make('Reshape', [w], { shape: [inputs, outputs * taps] })], { perm: [1, 0] })
    const product = make('MatMul', [matrix, make('Reshape', [x], { shape: [batch, inputs, sizeOf(positions)] })])
    const split = make('Reshape', [product], { shape: [batch, outputs, ...kernel, ...positions] })
    const axes = kernel.flatMap((_, i) => [2 + rank + i, 2 + i])
    return make('Reshape', [make('Transpose', [split], { perm: [0, 1, ...axes] })], { shape: y.shape })
  }
  const spaced = strides.reduce((value, stride, i) => (stride === 1 ? value : withZeros(value, 2 + i, stride, r)), x)
  const reach = kernel.map((k, i) => (k - 1) * dilations[i])
  const around = [...reach.map((n, i) => n - pads[i]), ...reach.map((n, i) => n - pads[rank + i] + extra[i])]
  // Negative paddings cut.
  const cut = around.map(n => Math.max(0, -n))
  const lengths = spaced.shape.slice(2)
  const kept = cut.every(n => n === 0) ? spaced : window(spaced, cut.slice(0, rank), lengths.map((n, i) => n - cut[i] - cut[rank + i]), lengths.map(() => 1), r)
  const grouped = make('Reshape', [w], { shape: [group, inputs / group, outputs, ...kernel] })
  const swapped = make('Reshape', [make('Transpose', [grouped], { perm: [0, 2, 1, ...kernel.map((_, i) => i + 3)] })], { shape: [group * outputs, inputs / group, ...kernel] })
  const turned = make('Slice', [swapped], { starts: kernel.map(k => k - 1), ends: kernel.map(() => -1e9), axes: kernel.map((_, i) => i + 2), steps: kernel.map(() => -1) })
  return make('Conv', [kept, turned], { strides: strides.map(() => 1), dilations: [...dilations], pads: around.map(n => Math.max(0, n)), group })
}

/** stride − 1 zeros between neighbours along an axis. */
function withZeros(x: Value, axis: number, stride: number, { make }: Rewriter): Value {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
  const length = x.shape[axis]
  const apart = make('Reshape', [x], { shape: [...before, length, 1, ...after] })
  const none = [...before, length, 1, ...after].map(() => 0)
  const filled = make('Pad', [apart], { pads: [...none, ...none.map((_, i) => (i === axis + 1 ? stride - 1 : 0))], mode: 'constant' })
  const joined = make('Reshape', [filled], { shape: [...before, length * stride, ...after] })
  return make('Slice', [joined], { starts: [0], ends: [(length - 1) * stride + 1], axes: [axis], steps: [1] })
}
