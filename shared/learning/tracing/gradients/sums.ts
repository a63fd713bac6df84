import * as tfjs from '@tensorflow/tfjs-core'

/** `dy` summed over the axes along which an operand of `shape` was stretched. */
export function unbroadcast(dy: tfjs.Tensor, shape: readonly number[]): tfjs.Tensor {
  const axes = tfjs.backend_util.getReductionAxes([...shape], dy.shape)
  const sums = axes.length > 0 ? tfjs.sum(dy, axes) : dy
  return tfjs.util.arraysEqual(sums.shape, [...shape]) ? sums : tfjs.reshape(sums, [...shape])
}

/** Axes as tfjs's attributes give them, none of them negative. */
export const axesOf = (given: unknown, shape: readonly number[]): number[] => tfjs.util.parseAxisParam(given as number[], [...shape])

/** `dy` of a reduction with its axes back as length 1. */
export const withAxes = (dy: tfjs.Tensor, shape: readonly number[], axes: readonly number[]): tfjs.Tensor => tfjs.reshape(dy, shape.map((n, i) => (axes.includes(i) ? 1 : n)))

/** Gradient functions take one tensor for each output; kernels with one output have one. */
export const only = (dy: tfjs.Tensor | readonly tfjs.Tensor[]): tfjs.Tensor => (Array.isArray(dy) ? (dy as tfjs.Tensor[])[0] : (dy as tfjs.Tensor))
