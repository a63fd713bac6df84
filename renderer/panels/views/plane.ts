import type { ArrayInfo } from '../../../shared/protocol/contract'

/** The plane in which a field of three coordinates is shown: across one axis, at the node nearest to a place on it. */
export interface Plane {
  /** 0, 1, 2 for x, y, z. */
  readonly across: number
  readonly index: number
  /** Coordinate of that node, as evenly spaced nodes have it. */
  readonly at: number
  /** Where it lies along the axis, 0 … 1. */
  readonly fraction: number
  /** The two axes in the plane, to the right and upward. */
  readonly shown: readonly [number, number]
}

/** Options: the axis by its letter, and the place on it as a fraction of its length. */
export function planeOf(array: ArrayInfo, axis: string, fraction: number): Plane | undefined {
  if (array.axes?.length !== 3) return undefined
  const found = array.axes.findIndex(a => a.name === axis)
  const across = found >= 0 ? found : 2
  const { nodes, lower, upper, periodic } = array.axes[across]
  const intervals = Math.max(1, periodic ? nodes : nodes - 1)
  const index = Math.max(0, Math.min(nodes - 1, Math.round((Number.isFinite(fraction) ? fraction : 0.5) * intervals)))
  return { across, index, fraction: index / intervals, at: lower + ((upper - lower) * index) / intervals, shown: ([0, 1, 2] as const).filter(k => k !== across) as unknown as readonly [number, number] }
}

/** The point of the engine's space under a point of the plane. */
export function pointInSpace(plane: Plane | undefined, point: readonly number[]): readonly number[] {
  if (!plane) return point
  const whole = [0, 0, 0]
  whole[plane.across] = plane.at
  whole[plane.shown[0]] = point[0]
  whole[plane.shown[1]] = point[1]
  return whole
}
