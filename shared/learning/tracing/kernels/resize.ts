import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernel, TracedKernels } from '../recorder'
import { alongAxis, filled, reshaped } from './arrange'

export interface Sampling {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
  readonly size: readonly [number, number]
}

/** Position in an axis of length `from` that element i of the resized axis reads, as tfjs defines it. */
function positions(from: number, to: number, { alignCorners, halfPixelCenters }: Sampling, nearest: boolean): number[] {
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to
  return Array.from({ length: to }, (_, i) => (halfPixelCenters ? ratio * (i + 0.5) - (nearest ? 0 : 0.5) : ratio * i))
}

/** Weights [to, from] of linear interpolation along one axis. */
export function bilinear(from: number, to: number, sampling: Sampling): Float64Array {
  const matrix = new Float64Array(to * from)
  positions(from, to, sampling, false).forEach((position, i) => {
    const at = Math.min(Math.max(position, 0), from - 1)
    const low = Math.floor(at)
    matrix[i * from + low] += 1 - (at - low)
    if (low + 1 < from) matrix[i * from + low + 1] += at - low
  })
  return matrix
}

export const nearestPlaces = (from: number, to: number, sampling: Sampling): number[] =>
  positions(from, to, sampling, true).map(position => Math.min(from - 1, Math.max(0, sampling.alignCorners ? Math.round(position) : Math.floor(position))))

export function selection(from: number, places: readonly number[]): Float64Array {
  const matrix = new Float64Array(places.length * from)
  places.forEach((place, i) => { matrix[i * from + place] = 1 })
  return matrix
}

/** Both axes of [batch, height, width, channels], products with the small matrices of `weights`. */
const resized = (x: Value, size: readonly number[], weights: (from: number, to: number) => Float64Array, r: Recorder): Value =>
  [1, 2].reduce((y, axis) => (x.shape[axis] === size[axis - 1] ? y : alongAxis(y, axis, weights(x.shape[axis], size[axis - 1]), r)), x)

const samplingOf = (attrs: Readonly<Record<string, unknown>>): Sampling => attrs as unknown as Sampling

/** Whether every element is repeated the same whole number of times along each axis. */
export const isRepetition = (shape: readonly number[], size: readonly number[], sampling: Sampling): boolean =>
  [1, 2].every(axis => size[axis - 1] % shape[axis] === 0 && nearestPlaces(shape[axis], size[axis - 1], sampling).every((place, i) => place === Math.floor((i * shape[axis]) / size[axis - 1])))

const nearest: TracedKernel = ({ images }, attrs, r) => {
  const sampling = samplingOf(attrs)
  const [batch, height, width, channels] = images.shape
  const [tall, wide] = sampling.size
  if (isRepetition(images.shape, sampling.size, sampling)) {
    return reshaped(filled(reshaped(images, [batch, height, 1, width, 1, channels], r), [batch, height, tall / height, width, wide / width, channels], r), [batch, tall, wide, channels], r)
  }
  return [1, 2].reduce((y, axis) => r.node('Gather', [y, r.integers(nearestPlaces(images.shape[axis], sampling.size[axis - 1], sampling))], { axis }), images)
}

/** Resizing is linear: products with a small constant matrix along each axis. */
export const resizeKernels: TracedKernels = {
  ResizeBilinear: ({ images }, attrs, r) => resized(images, samplingOf(attrs).size, (from, to) => bilinear(from, to, samplingOf(attrs)), r),
  ResizeNearestNeighbor: nearest,
  /** (x − mean) / √(variance + ε) · scale + offset, all given for each channel. */
  FusedBatchNorm: ({ x, mean, variance, scale, offset }, { varianceEpsilon }, r) => {
    const deviation = r.node('Sqrt', [r.node('Add', [variance, r.real(varianceEpsilon as number)])])
    const normal = r.node('Div', [r.node('Sub', [x, mean]), deviation])
    const scaled = scale ? r.node('Mul', [normal, scale]) : normal
    return offset ? r.node('Add', [scaled, offset]) : scaled
  },
}
