import * as tfjs from '@tensorflow/tfjs-core'
import { sizeOf, type Value } from '../../graph/graph'
import type { Recorder, TracedKernel, TracedKernels } from '../recorder'
import { alongAxis, filled, reshaped, transposed, transposeOf } from './arrange'

/** Windows of tfjs's pooling on [batch, …, channels]; spatial axes only. */
interface Windows {
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly before: readonly number[]
}

function windowsOf(shape: readonly number[], attrs: Readonly<Record<string, unknown>>): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as { filterSize: number; strides: number; pad: 'same'; dimRoundingMode?: 'floor' }
  if (shape.length === 5) {
    const i = tfjs.backend_util.computePool3DInfo([...shape] as never, filterSize, strides, 1, pad, dimRoundingMode)
    return {
      input: shape.slice(1, 4), output: [i.outDepth, i.outHeight, i.outWidth], kernel: [i.filterDepth, i.filterHeight, i.filterWidth], strides: [i.strideDepth, i.strideHeight, i.strideWidth],
      before: [i.padInfo.front, i.padInfo.top, i.padInfo.left],
    }
  }
  const i = tfjs.backend_util.computePool2DInfo([...shape] as never, filterSize, strides, 1, pad, dimRoundingMode)
  return { input: shape.slice(1, 3), output: [i.outHeight, i.outWidth], kernel: [i.filterHeight, i.filterWidth], strides: [i.strideHeight, i.strideWidth], before: [i.padInfo.top, i.padInfo.left] }
}

const tilesInput = (w: Windows): boolean => w.kernel.every((k, i) => k === w.strides[i] && w.before[i] === 0 && w.input[i] === k * w.output[i])

/** [to, from] averages along one axis; padding does not count, so the counts of the axes multiply. */
function averages(w: Windows, axis: number): Float64Array {
  const [from, to] = [w.input[axis], w.output[axis]]
  const matrix = new Float64Array(to * from)
  for (let i = 0; i < to; i++) {
    const start = Math.max(0, i * w.strides[axis] - w.before[axis])
    const end = Math.min(from, i * w.strides[axis] - w.before[axis] + w.kernel[axis])
    for (let j = start; j < end; j++) matrix[i * from + j] = 1 / (end - start)
  }
  return matrix
}

const average: TracedKernel = ({ x }, attrs, r) => {
  const w = windowsOf(x.shape, attrs)
  if (!tilesInput(w)) return w.input.reduce((y, _, axis) => alongAxis(y, 1 + axis, averages(w, axis), r), x)
  const split = reshaped(x, [x.shape[0], ...w.output.flatMap((n, i) => [n, w.kernel[i]]), x.shape.at(-1)!], r)
  return r.node('ReduceMean', [split], { axes: w.output.map((_, i) => 2 + 2 * i), keepdims: 0 })
}

const averageGradient: TracedKernel = ({ dy, input }, attrs, r) => {
  const w = windowsOf(input.shape, attrs)
  if (!tilesInput(w)) return w.input.reduce((y, n, axis) => alongAxis(y, 1 + axis, transposeOf(averages(w, axis), n), r), dy)
  const share = r.node('Mul', [dy, r.real(1 / sizeOf(w.kernel))])
  const channels = dy.shape.at(-1)!
  const narrow = reshaped(share, [dy.shape[0], ...w.output.flatMap(n => [n, 1]), channels], r)
  return reshaped(filled(narrow, [dy.shape[0], ...w.output.flatMap((n, i) => [n, w.kernel[i]]), channels], r), input.shape, r)
}

/** Greatest elements with their places, channels first. */
function greatest(x: Value, attrs: Readonly<Record<string, unknown>>, r: Recorder): readonly Value[] {
  const w = windowsOf(x.shape, attrs)
  const rank = w.input.length
  const after = w.output.map((n, i) => Math.max(0, (n - 1) * w.strides[i] + w.kernel[i] - w.input[i] - w.before[i]))
  return r.nodes('MaxPool', [transposed(x, [0, rank + 1, ...w.input.map((_, i) => i + 1)], r)], { kernel_shape: w.kernel, strides: w.strides, pads: [...w.before, ...after] })
}

const toLast = (x: Value, r: Recorder): Value => transposed(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1], r)

const maximum: TracedKernel = ({ x }, attrs, r) => toLast(greatest(x, attrs, r)[0], r)

/** Each window's gradient goes to the first of its greatest elements. */
const maximumGradient: TracedKernel = ({ dy, input }, attrs, r) => {
  const rank = input.shape.length - 2
  const places = greatest(input, attrs, r)[1]
  const towards = transposed(dy, [0, rank + 1, ...Array.from({ length: rank }, (_, i) => i + 1)], r)
  const count = sizeOf(dy.shape)
  const first = [input.shape[0], input.shape.at(-1)!, ...input.shape.slice(1, -1)]
  const zeros = filled(r.real(0), [sizeOf(first)], r)
  return toLast(reshaped(r.node('ScatterElements', [zeros, reshaped(places, [count], r), reshaped(towards, [count], r)], { axis: 0, reduction: 'add' }), first, r), r)
}

export const poolingKernels: TracedKernels = {
  AvgPool: average, AvgPool3D: average, AvgPoolGrad: averageGradient, AvgPool3DGrad: averageGradient,
  MaxPool: maximum, MaxPool3D: maximum, MaxPoolGrad: maximumGradient, MaxPool3DGrad: maximumGradient,
}
