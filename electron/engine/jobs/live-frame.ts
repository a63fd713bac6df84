import { axisNames, uniformAxis } from '../../../shared/fields/field'
import { reducePicture } from '../../../shared/fields/picture'
import type { LiveFrame } from '../../../shared/kernels/team'
import type { Frame } from './messages'

/** A live frame at no more than the subscriber's size: what leaves the job is small whatever the resolution. */
export function reduceFrame(frame: LiveFrame, size: readonly number[]): Frame {
  const axes = frame.shape.map((nodes, axis) => uniformAxis(axisNames[axis], 0, 1, nodes, false))
  const { shape, values, minimum, maximum } = reducePicture({ name: frame.name, grid: { axes }, values: frame.values }, 0, undefined, size)
  return { name: frame.name, shape, values, minimum, maximum, ...(frame.time === undefined ? {} : { time: frame.time }) }
}
