import * as tfjs from '@tensorflow/tfjs-core'
import { transposeOf } from '../kernels/arrange'
import { bilinear, isRepetition, nearestPlaces, selection, type Sampling } from '../kernels/resize'
import { constant } from '../trace'
import { only } from './sums'

/** Gradients of resizing: the transposes of its matrices. tfjs's own mixes up height and width, and takes corners for centres. */
export const resizeGradients: readonly tfjs.GradConfig[] = [
  {
    kernelName: 'ResizeBilinear', inputsToSave: ['images'],
    gradFunc: (dy, [images], attributes) => ({ images: () => transposedAlong(only(dy), images.shape, (from, to) => bilinear(from, to, attributes as unknown as Sampling)) }),
  },
  {
    kernelName: 'ResizeNearestNeighbor', inputsToSave: ['images'],
    gradFunc: (dy, [images], attributes) => ({
      images: () => {
        const sampling = attributes as unknown as Sampling
        const [batch, height, width, channels] = images.shape
        const [, tall, wide] = only(dy).shape
        if (isRepetition(images.shape, [tall, wide], sampling)) return tfjs.sum(tfjs.reshape(only(dy), [batch, height, tall / height, width, wide / width, channels]), [2, 4])
        return transposedAlong(only(dy), images.shape, (from, to) => selection(from, nearestPlaces(from, to, sampling)))
      },
    }),
  },
]

/** [batch, height, width, channels] brought back to `shape` by the transposed weights [to, from] of both axes. */
function transposedAlong(dy: tfjs.Tensor, shape: readonly number[], weights: (from: number, to: number) => Float64Array): tfjs.Tensor {
  return [1, 2].reduce((g, axis) => {
    const [from, to] = [shape[axis], g.shape[axis]]
    if (from === to) return g
    const matrix = constant(transposeOf(weights(from, to), from), [1, from, to])
    const outer = g.shape.slice(0, axis).reduce((product, n) => product * n, 1)
    const product = tfjs.matMul(tfjs.broadcastTo(matrix, [outer, from, to]), tfjs.reshape(g, [outer, to, -1]))
    return tfjs.reshape(product, [...g.shape.slice(0, axis), from, ...g.shape.slice(axis + 1)])
  }, dy)
}
