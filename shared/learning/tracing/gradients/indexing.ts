import * as tfjs from '@tensorflow/tfjs-core'
import { only } from './sums'

/** Gradients of kernels that read or write at positions; tfjs has few of them. Sums go through ScatterNd, which adds what meets and exists on every backend. */
export const indexingGradients: readonly tfjs.GradConfig[] = [
  {
    kernelName: 'GatherV2', inputsToSave: ['x', 'indices'],
    gradFunc: (dy, [x, indices], { axis, batchDims }) => ({ x: () => gatherGradient(only(dy), x.shape, indices, tfjs.util.parseAxisParam(axis as number, x.shape)[0], (batchDims as number) ?? 0), indices: () => tfjs.zerosLike(tfjs.cast(indices, 'float32')) }),
  },
  { kernelName: 'GatherNd', inputsToSave: ['params', 'indices'], gradFunc: (dy, [params, indices]) => ({ params: () => tfjs.scatterND(indices, only(dy), params.shape), indices: () => tfjs.zerosLike(tfjs.cast(indices, 'float32')) }) },
  { kernelName: 'ScatterNd', inputsToSave: ['indices'], gradFunc: (dy, [indices]) => ({ updates: () => tfjs.gatherND(only(dy), indices), indices: () => tfjs.zerosLike(tfjs.cast(indices, 'float32')) }) },
  {
    kernelName: 'TensorScatterUpdate', inputsToSave: ['indices', 'updates'],
    gradFunc: (dy, [indices, updates]) => ({
      tensor: () => tfjs.tensorScatterUpdate(only(dy), indices, tfjs.zerosLike(updates)), updates: () => tfjs.gatherND(only(dy), indices), indices: () => tfjs.zerosLike(tfjs.cast(indices, 'float32')),
    }),
  },
  {
    kernelName: 'UnsortedSegmentSum', inputsToSave: ['segmentIds'],
    gradFunc: (dy, [segments]) => ({
      x: () => {
        const rows = tfjs.gather(only(dy), tfjs.maximum(segments, tfjs.zerosLike(segments)) as tfjs.Tensor1D)
        const counted = tfjs.cast(tfjs.greaterEqual(segments, tfjs.zerosLike(segments)), 'float32')
        return tfjs.mul(rows, tfjs.reshape(counted, [...segments.shape, ...rows.shape.slice(segments.rank).map(() => 1)]))
      },
    }),
  },
  {
    kernelName: 'TopK', inputsToSave: ['x'], outputsToSave: [false, true],
    gradFunc: (dy, [x, places]) => ({
      x: () => {
        const [length, k] = [x.shape.at(-1)!, places.shape.at(-1)!]
        const rows = x.size / length
        const offsets = tfjs.tensor(Int32Array.from({ length: rows }, (_, row) => row * length), [rows, 1], 'int32')
        const flat = tfjs.reshape(tfjs.add(tfjs.reshape(places, [rows, k]), offsets), [rows * k, 1])
        return tfjs.reshape(tfjs.scatterND(flat, tfjs.reshape(only(dy), [rows * k]), [x.size]), x.shape)
      },
    }),
  },
]

/** Each row of dy added at the place it was read from; `batch` leading axes have their own indices. */
function gatherGradient(dy: tfjs.Tensor, shape: readonly number[], indices: tfjs.Tensor, axis: number, batch: number): tfjs.Tensor {
  const leading = shape.slice(0, batch)
  const before = shape.slice(batch, axis)
  const behind = shape.slice(axis + 1)
  const own = indices.shape.slice(batch)
  const size = (lengths: readonly number[]): number => lengths.reduce((product, n) => product * n, 1)
  // [batch, before, own, behind] → [batch, own, before, behind]: what one index read is one row.
  const axes = dy.shape.map((_, i) => i)
  const [b, o] = [batch + before.length, batch + before.length + own.length]
  const rows = tfjs.reshape(tfjs.transpose(dy, [...axes.slice(0, batch), ...axes.slice(b, o), ...axes.slice(batch, b), ...axes.slice(o)]), [size(leading) * size(own), ...before, ...behind])
  let places = tfjs.reshape(indices, [size(leading), size(own)])
  if (batch > 0) places = tfjs.add(places, tfjs.tensor(Int32Array.from({ length: size(leading) }, (_, i) => i * shape[axis]), [size(leading), 1], 'int32'))
  const sums = tfjs.scatterND(tfjs.reshape(places, [size(leading) * size(own), 1]), rows, [size(leading) * shape[axis], ...before, ...behind])
  const whole = tfjs.reshape(sums, [...leading, shape[axis], ...before, ...behind])
  return tfjs.transpose(whole, [...leading.keys(), ...before.map((_, i) => batch + 1 + i), batch, ...behind.map((_, i) => batch + 1 + before.length + i)])
}
