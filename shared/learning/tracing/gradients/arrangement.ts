import * as tfjs from '@tensorflow/tfjs-core'
import { axesOf, only, withAxes } from './sums'

type Pairs = readonly (readonly [number, number])[]

/** Gradients of reductions and rearrangements that tfjs lacks, unrolls or gets wrong. */
export const arrangementGradients: readonly tfjs.GradConfig[] = [
  { kernelName: 'Sum', inputsToSave: ['x'], gradFunc: (dy, [x], { axis }) => ({ x: () => tfjs.broadcastTo(withAxes(only(dy), x.shape, axesOf(axis, x.shape)), x.shape) }) },
  {
    kernelName: 'Mean', inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => {
        const axes = axesOf(axis, x.shape)
        const count = axes.reduce((product, a) => product * x.shape[a], 1)
        return tfjs.broadcastTo(tfjs.div(withAxes(only(dy), x.shape, axes), count), x.shape)
      },
    }),
  },
  { kernelName: 'Max', inputsToSave: ['x'], outputsToSave: [true], gradFunc: (dy, [x, y], { reductionIndices, axis }) => ({ x: () => shared(only(dy), x, y, axesOf(reductionIndices ?? axis, x.shape)) }) },
  { kernelName: 'Min', inputsToSave: ['x'], outputsToSave: [true], gradFunc: (dy, [x, y], { axis }) => ({ x: () => shared(only(dy), x, y, axesOf(axis, x.shape)) }) },
  {
    kernelName: 'Prod', inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => {
        // The product of all other elements, zeros among them too: of those before and of those behind.
        const axes = axesOf(axis, x.shape)
        const kept = [...x.shape.keys()].filter(a => !axes.includes(a))
        const perm = [...kept, ...axes]
        const size = axes.reduce((product, a) => product * x.shape[a], 1)
        const rows = tfjs.reshape(tfjs.transpose(x, perm), [-1, size])
        const others = tfjs.mul(tfjs.cumprod(rows, 1, true), tfjs.cumprod(rows, 1, true, true))
        const slopes = tfjs.reshape(tfjs.mul(tfjs.reshape(only(dy), [-1, 1]), others), perm.map(a => x.shape[a]))
        return tfjs.transpose(slopes, perm.map((_, a) => perm.indexOf(a)))
      },
    }),
  },
  /** One sum over the copies; tfjs slices once for each copy. */
  {
    kernelName: 'Tile', inputsToSave: ['x'],
    gradFunc: (dy, [x], { reps }) => ({
      x: () => {
        const repeats = reps as number[]
        const split = x.shape.flatMap((n, i) => [repeats[i], n])
        return tfjs.reshape(tfjs.sum(tfjs.reshape(only(dy), split), x.shape.map((_, i) => 2 * i).filter(a => split[a] > 1)), x.shape)
      },
    }),
  },
  { kernelName: 'Cumsum', gradFunc: (dy, _, { axis, exclusive, reverse }) => ({ x: () => tfjs.cumsum(only(dy), axis as number, exclusive as boolean, !(reverse as boolean)) }) },
  {
    kernelName: 'MirrorPad', inputsToSave: ['x'],
    gradFunc: (dy, [x], { paddings, mode }) => ({ x: () => (paddings as unknown as Pairs).reduce((g, [before, after], axis) => foldedBack(g, axis, x.shape[axis], before, after, mode === 'reflect' ? 1 : 0), only(dy)) }),
  },
  {
    kernelName: 'StridedSlice', inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => {
        const a = attributes as unknown as Readonly<Record<'begin' | 'end' | 'strides', number[]>> & Readonly<Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>>
        const info = tfjs.slice_util.sliceInfo(x.shape, a.begin, a.end, a.strides, a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask)
        const taken = tfjs.slice_util.computeOutShape(info.begin, info.end, info.strides)
        return x.shape.reduce((g, n, axis) => spread(g, axis, n, info.begin[axis], info.strides[axis]), tfjs.reshape(only(dy), taken) as tfjs.Tensor)
      },
    }),
  },
  {
    kernelName: 'DepthToSpace',
    gradFunc: (dy, _, { blockSize, dataFormat }) => ({
      x: () => {
        const b = blockSize as number
        const shape = only(dy).shape
        if (dataFormat === 'NCHW') {
          const [n, c, h, w] = shape
          return tfjs.reshape(tfjs.transpose(tfjs.reshape(only(dy), [n, c, h / b, b, w / b, b]), [0, 3, 5, 1, 2, 4]), [n, c * b * b, h / b, w / b])
        }
        const [n, h, w, c] = shape
        return tfjs.reshape(tfjs.transpose(tfjs.reshape(only(dy), [n, h / b, b, w / b, b, c]), [0, 1, 3, 2, 4, 5]), [n, h / b, w / b, c * b * b])
      },
    }),
  },
]

/** Equal extrema share the gradient. */
function shared(dy: tfjs.Tensor, x: tfjs.Tensor, y: tfjs.Tensor, axes: number[]): tfjs.Tensor {
  const hit = tfjs.cast(tfjs.equal(x, withAxes(y, x.shape, axes)), 'float32')
  return tfjs.mul(hit, tfjs.div(withAxes(dy, x.shape, axes), tfjs.sum(hit, axes, true)))
}

const part = (x: tfjs.Tensor, axis: number, start: number, length: number): tfjs.Tensor => tfjs.slice(x, x.shape.map((_, i) => (i === axis ? start : 0)), x.shape.map((n, i) => (i === axis ? length : n)))
const widened = (x: tfjs.Tensor, axis: number, before: number, after: number): tfjs.Tensor => (before === 0 && after === 0 ? x : tfjs.pad(x, x.shape.map((_, i) => (i === axis ? [before, after] : [0, 0])) as [number, number][]))

/** The mirrored borders added back to where they were read; `skipped` is 1 when the last element itself is not repeated. */
function foldedBack(dy: tfjs.Tensor, axis: number, length: number, before: number, after: number, skipped: number): tfjs.Tensor {
  let sum = part(dy, axis, before, length)
  if (before > 0) sum = tfjs.add(sum, widened(tfjs.reverse(part(dy, axis, 0, before), axis), axis, skipped, length - before - skipped))
  if (after > 0) sum = tfjs.add(sum, widened(tfjs.reverse(part(dy, axis, before + length, after), axis), axis, length - after - skipped, skipped))
  return sum
}

/** Elements put back at start, start + step, … of an axis of the given length, zeros between. */
function spread(dy: tfjs.Tensor, axis: number, length: number, start: number, step: number): tfjs.Tensor {
  const count = dy.shape[axis]
  const stride = Math.abs(step)
  const forwards = step < 0 ? tfjs.reverse(dy, axis) : dy
  const first = step < 0 ? start + (count - 1) * step : start
  if (stride === 1 || count === 1) return widened(forwards, axis, first, length - first - count)
  const shape = forwards.shape
  const apart = widened(tfjs.reshape(forwards, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]), axis + 1, 0, stride - 1)
  const gaps = part(tfjs.reshape(apart, [...shape.slice(0, axis), count * stride, ...shape.slice(axis + 1)]), axis, 0, (count - 1) * stride + 1)
  return widened(gaps, axis, first, length - first - gaps.shape[axis])
}
