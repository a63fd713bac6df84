import * as tfjs from '@tensorflow/tfjs-core'
import { sizeOf, type Value } from '../../graph/graph'
import type { Recorder, TracedKernel, TracedKernels } from '../recorder'
import { joined, padded, reshaped, transposed } from './arrange'
import { activated } from './matrix'

/** A convolution of tfjs in ONNX's terms. Spatial axes only; `pads` are [before, after]. */
interface Case {
  readonly channelsFirst: boolean
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly after: readonly number[]
}

type Attributes = Readonly<Record<string, unknown>>

/** tfjs's own rules for padding and lengths. `depthwise` only matters for the channels. */
function caseOf(inputShape: readonly number[], filterShape: readonly number[], attrs: Attributes, depthwise = false): Case {
  const { strides, pad, dilations = 1, dataFormat, dimRoundingMode } = attrs as { strides: number; pad: 'same'; dilations?: number; dataFormat?: string; dimRoundingMode?: 'floor' }
  const rank = filterShape.length - 2
  if (rank === 3) {
    const channelsFirst = dataFormat === 'NCDHW'
    const info = tfjs.backend_util.computeConv3DInfo([...inputShape] as never, [...filterShape] as never, strides, dilations, pad, false, channelsFirst ? 'channelsFirst' : 'channelsLast', dimRoundingMode)
    return complete({
      channelsFirst, input: [info.inDepth, info.inHeight, info.inWidth], output: [info.outDepth, info.outHeight, info.outWidth], kernel: filterShape.slice(0, 3),
      strides: [info.strideDepth, info.strideHeight, info.strideWidth], dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth], before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    })
  }
  const channelsFirst = dataFormat === 'NCHW'
  const info = tfjs.backend_util.computeConv2DInfo([...inputShape] as never, [...filterShape] as never, strides, dilations, pad, dimRoundingMode, depthwise, channelsFirst ? 'channelsFirst' : 'channelsLast')
  return complete({
    channelsFirst, input: [info.inHeight, info.inWidth], output: [info.outHeight, info.outWidth], kernel: filterShape.slice(0, 2),
    strides: [info.strideHeight, info.strideWidth], dilations: [info.dilationHeight, info.dilationWidth], before: [info.padInfo.top, info.padInfo.left],
  })
}

/** What the last window needs behind the end; rows that no window reaches need nothing. */
const complete = (c: Omit<Case, 'after'>): Case => ({ ...c, after: c.output.map((n, i) => Math.max(0, (n - 1) * c.strides[i] + (c.kernel[i] - 1) * c.dilations[i] + 1 - c.input[i] - c.before[i])) })

const attributes = (c: Case, group: number) => ({ strides: c.strides, dilations: c.dilations, pads: [...c.before, ...c.after], group })
const reversedSpatial = (w: Value, rank: number, r: Recorder): Value => {
  const axes = Array.from({ length: rank }, (_, i) => 2 + i).filter(axis => w.shape[axis] > 1)
  return axes.length === 0 ? w : r.node('Slice', [w], { starts: axes.map(axis => w.shape[axis] - 1), ends: axes.map(axis => -w.shape[axis] - 1), axes, steps: axes.map(() => -1) })
}

const toFirst = (rank: number): number[] => [0, rank + 1, ...Array.from({ length: rank }, (_, i) => i + 1)]
const toLast = (rank: number): number[] => [0, ...Array.from({ length: rank }, (_, i) => i + 2), 1]
/** Channels as ONNX wants them, and as the program wants them back. */
const first = (x: Value, c: Case, r: Recorder): Value => (c.channelsFirst ? x : transposed(x, toFirst(c.input.length), r))
const back = (x: Value, c: Case, r: Recorder): Value => (c.channelsFirst ? x : transposed(x, toLast(c.input.length), r))
const last = (x: Value, c: Case, r: Recorder): Value => (c.channelsFirst ? transposed(x, toLast(c.input.length), r) : x)

/** Windows that tile the input without gaps or overlap: the convolution is one matrix product of patches. */
const isPatchwise = (c: Case): boolean => c.kernel.every((k, i) => k === c.strides[i] && (c.dilations[i] === 1 || k === 1) && c.before[i] === 0 && c.input[i] === k * c.output[i])

/** [batch, …, channels] as [batch, …patches, elements of a patch × channels]. */
function patches(x: Value, c: Case, r: Recorder): Value {
  const channels = x.shape.at(-1)!
  const rank = c.kernel.length
  const split = reshaped(x, [x.shape[0], ...c.output.flatMap((n, i) => [n, c.kernel[i]]), channels], r)
  const perm = [0, ...c.output.map((_, i) => 1 + 2 * i), ...c.output.map((_, i) => 2 + 2 * i), 2 * rank + 1]
  return reshaped(sizeOf(c.kernel) === 1 ? split : transposed(split, perm, r), [x.shape[0], ...c.output, sizeOf(c.kernel) * channels], r)
}

function forward(x: Value, filter: Value, c: Case, r: Recorder): Value {
  const rank = c.kernel.length
  const [inputs, outputs] = filter.shape.slice(rank)
  if (isPatchwise(c)) {
    const y = r.node('MatMul', [patches(last(x, c, r), c, r), reshaped(filter, [sizeOf(c.kernel) * inputs, outputs], r)])
    return c.channelsFirst ? transposed(y, toFirst(rank), r) : y
  }
  const w = transposed(filter, [rank + 1, rank, ...c.kernel.keys()], r)
  return back(r.node('Conv', [first(x, c, r), w], attributes(c, 1)), c, r)
}

/** Gradient in the input, which is also the transposed convolution of tfjs. */
function backwardInput(dy: Value, filter: Value, c: Case, r: Recorder): Value {
  const rank = c.kernel.length
  const [inputs, outputs] = filter.shape.slice(rank)
  if (isPatchwise(c)) {
    const towards = reshaped(transposed(filter, [rank + 1, ...c.kernel.keys(), rank], r), [outputs, sizeOf(c.kernel) * inputs], r)
    const product = reshaped(r.node('MatMul', [last(dy, c, r), towards]), [dy.shape[0], ...c.output, ...c.kernel, inputs], r)
    const perm = [0, ...c.kernel.flatMap((_, i) => [1 + i, 1 + rank + i]), 2 * rank + 1]
    const x = reshaped(transposed(product, perm, r), [dy.shape[0], ...c.input, inputs], r)
    return c.channelsFirst ? transposed(x, toFirst(rank), r) : x
  }
  const before = c.kernel.map((k, i) => (k - 1) * c.dilations[i] - c.before[i])
  const after = c.kernel.map((k, i) => c.input[i] - c.output[i] + (k - 1) * c.dilations[i] - before[i])
  if (c.strides.every(s => s === 1) && [...before, ...after].every(n => n >= 0)) {
    const w = reversedSpatial(transposed(filter, [rank, rank + 1, ...c.kernel.keys()], r), rank, r)
    return back(r.node('Conv', [first(dy, c, r), w], { strides: c.strides, dilations: c.dilations, pads: [...before, ...after], group: 1 }), c, r)
  }
  const w = transposed(filter, [rank + 1, rank, ...c.kernel.keys()], r)
  return back(r.node('ConvTranspose', [first(dy, c, r), w], { ...attributes(c, 1), output_padding: excess(c) }), c, r)
}

/** Rows at the end that no window reached. */
const excess = (c: Case): number[] => c.input.map((n, i) => n + c.before[i] + c.after[i] - ((c.output[i] - 1) * c.strides[i] + (c.kernel[i] - 1) * c.dilations[i] + 1))

/** The input under each kernel element: [batch, channels, …output] for every tap, kernel's last axis fastest. */
function taps(x: Value, c: Case, r: Recorder): Value[] {
  const wide = padded(x, [0, 0, ...c.before], [0, 0, ...c.after], r)
  return Array.from({ length: sizeOf(c.kernel) }, (_, tap) => {
    let rest = tap
    const at = [...c.kernel].reverse().map(k => {
      const position = rest % k
      rest = (rest - position) / k
      return position
    }).reverse()
    const starts = at.map((p, i) => p * c.dilations[i])
    const ends = starts.map((start, i) => start + (c.output[i] - 1) * c.strides[i] + 1)
    return r.node('Slice', [wide], { starts, ends, axes: starts.map((_, i) => 2 + i), steps: c.strides })
  })
}

/** Gradient in the filter: one matrix product for each kernel element, which ONNX Runtime does faster than a convolution with a kernel as large as the picture. */
function backwardFilter(x: Value, dy: Value, c: Case, filterShape: readonly number[], r: Recorder): Value {
  const [batch, points] = [x.shape[0], sizeOf(c.output)]
  const [inputs, outputs] = filterShape.slice(-2)
  if (isPatchwise(c)) {
    const rows = reshaped(patches(last(x, c, r), c, r), [batch * points, sizeOf(c.kernel) * inputs], r)
    return reshaped(r.node('MatMul', [transposed(rows, [1, 0], r), reshaped(last(dy, c, r), [batch * points, outputs], r)]), filterShape, r)
  }
  const towards = reshaped(last(dy, c, r), [batch, points, outputs], r)
  const parts = taps(first(x, c, r), c, r).map(part => reshaped(r.node('ReduceSum', [r.node('MatMul', [reshaped(part, [batch, inputs, points], r), towards])], { axes: [0], keepdims: 0 }), [1, inputs, outputs], r))
  return reshaped(joined(parts, 0, r), filterShape, r)
}

/** Each channel with its own kernels: filter [kh, kw, channels, multiplier], output channel c·multiplier + m. */
function depthwise(x: Value, filter: Value, c: Case, r: Recorder): Value {
  const [channels, multiplier] = filter.shape.slice(2)
  const w = reshaped(transposed(filter, [2, 3, 0, 1], r), [channels * multiplier, 1, ...c.kernel], r)
  return back(r.node('Conv', [first(x, c, r), w], attributes(c, channels)), c, r)
}

function depthwiseInput(dy: Value, filter: Value, c: Case, r: Recorder): Value {
  const [channels, multiplier] = filter.shape.slice(2)
  const w = reshaped(transposed(filter, [2, 3, 0, 1], r), [channels * multiplier, 1, ...c.kernel], r)
  return back(r.node('ConvTranspose', [first(dy, c, r), w], { ...attributes(c, channels), output_padding: excess(c) }), c, r)
}

function depthwiseFilter(x: Value, dy: Value, c: Case, filterShape: readonly number[], r: Recorder): Value {
  const [channels, multiplier] = filterShape.slice(2)
  const batch = x.shape[0]
  const towards = reshaped(first(dy, c, r), [batch, channels, multiplier, ...c.output], r)
  const parts = taps(first(x, c, r), c, r).map(part => {
    const product = r.node('Mul', [reshaped(part, [batch, channels, 1, ...c.output], r), towards])
    return reshaped(r.node('ReduceSum', [product], { axes: [0, 3, 4], keepdims: 0 }), [1, channels, multiplier], r)
  })
  return reshaped(joined(parts, 0, r), filterShape, r)
}

const convolution: TracedKernel = ({ x, filter }, attrs, r) => forward(x, filter, caseOf(x.shape, filter.shape, attrs), r)
const input: TracedKernel = ({ dy, filter }, attrs, r) => backwardInput(dy, filter, caseOf(attrs.inputShape as number[], filter.shape, attrs), r)
const filterGradient: TracedKernel = ({ x, dy }, attrs, r) => backwardFilter(x, dy, caseOf(x.shape, attrs.filterShape as number[], attrs), attrs.filterShape as number[], r)

const withBias = (kernel: TracedKernel): TracedKernel => (inputs, attrs, r) => {
  const plain = kernel(inputs, attrs, r) as Value
  const { bias, preluActivationWeights } = inputs
  const channels = bias && attrs.dataFormat === 'NCHW' && bias.shape.length === 1 ? reshaped(bias, [bias.shape[0], 1, 1], r) : bias
  return activated(channels ? r.node('Add', [plain, channels]) : plain, attrs, preluActivationWeights, r)
}
const depthwiseConvolution: TracedKernel = ({ x, filter }, attrs, r) => depthwise(x, filter, caseOf(x.shape, filter.shape, attrs, true), r)

/** Convolutions of tfjs, [batch, …, channels] with filters [k…, in, out], and their gradients. */
export const convolutionKernels: TracedKernels = {
  Conv2D: convolution, Conv2DBackpropInput: input, Conv2DBackpropFilter: filterGradient,
  Conv3D: convolution, Conv3DBackpropInputV2: input, Conv3DBackpropFilterV2: filterGradient,
  DepthwiseConv2dNative: depthwiseConvolution,
  DepthwiseConv2dNativeBackpropInput: ({ dy, filter }, attrs, r) => depthwiseInput(dy, filter, caseOf(attrs.inputShape as number[], filter.shape, attrs, true), r),
  DepthwiseConv2dNativeBackpropFilter: ({ x, dy }, attrs, r) => depthwiseFilter(x, dy, caseOf(x.shape, attrs.filterShape as number[], attrs, true), attrs.filterShape as number[], r),
  FusedConv2D: withBias(convolution), FusedDepthwiseConv2D: withBias(depthwiseConvolution),
}
