import { useCallback, useMemo, useState } from 'react'
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

/** As an option: wherever the field is seen best. */
export const bestPlace = -1

/** Places that are tried, as parts of the axis: many a field vanishes in the middle of its domain. */
const tried = [0.5, 0.25, 0.375, 0.125, 0.75]

/** The plane of a view's options; a place left open moves on while what is seen there is next to nothing, and is kept by `onPlace` once there is something. */
export function usePlane(array: ArrayInfo, axis: string, place: number, onPlace: (place: number) => void): { readonly plane: Plane | undefined; readonly settle: (field: Shown | undefined) => void } {
  const key = `${array.name} ${axis}`
  const [attempt, setAttempt] = useState({ key, count: 0 })
  const count = attempt.key === key ? attempt.count : 0
  const plane = useMemo(() => planeOf(array, axis, place >= 0 ? place : tried[count]), [array, axis, place, count])
  const settle = useCallback((field: Shown | undefined) => {
    if (place >= 0 || !plane || field?.planeIndex !== plane.index) return
    if (isBlank(field) && count < tried.length - 1) setAttempt({ key, count: count + 1 })
    else if (count > 0) onPlace(tried[count])
  }, [place, plane, key, count, onPlace])
  return { plane, settle }
}

interface Shown { readonly minimum: number; readonly maximum: number; readonly minimumOverall: number; readonly maximumOverall: number; readonly planeIndex?: number }

/** Less than a twentieth of the whole field's size or range. */
const isBlank = ({ minimum, maximum, minimumOverall, maximumOverall }: Shown): boolean =>
  Math.max(Math.abs(minimum), Math.abs(maximum)) < 0.05 * Math.max(Math.abs(minimumOverall), Math.abs(maximumOverall)) || maximum - minimum < 0.01 * (maximumOverall - minimumOverall)

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
