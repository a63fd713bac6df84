import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../../fault'
import type { Tensor } from '../trace'

/** x continued periodically: `paddings[axis]` = [before, after], each at most the axis's length. Throws FaultError `pad-length`. */
export function periodicPad(x: Tensor, paddings: readonly (readonly [number, number])[]): Tensor {
  return paddings.reduce((y, [before, after], axis) => {
    const length = y.shape[axis]
    if (before > length || after > length) throw new FaultError(error('pad-length', `An axis of length ${length} cannot be continued periodically by ${Math.max(before, after)}.`))
    if (before === 0 && after === 0) return y
    const part = (start: number, count: number): Tensor => tfjs.slice(y, y.shape.map((_, i) => (i === axis ? start : 0)), y.shape.map((n, i) => (i === axis ? count : n)))
    return tfjs.concat([...(before > 0 ? [part(length - before, before)] : []), y, ...(after > 0 ? [part(0, after)] : [])], axis)
  }, x)
}

/** x moved by `shift` places along an axis, what falls out coming in at the other end: y[i] = x[i − shift]. */
export function roll(x: Tensor, shift: number, axis: number): Tensor {
  const length = x.shape[axis]
  const places = ((shift % length) + length) % length
  if (places === 0) return x
  const [last, first] = [length - places, places]
  const part = (start: number, count: number): Tensor => tfjs.slice(x, x.shape.map((_, i) => (i === axis ? start : 0)), x.shape.map((n, i) => (i === axis ? count : n)))
  return tfjs.concat([part(last, first), part(0, last)], axis)
}
