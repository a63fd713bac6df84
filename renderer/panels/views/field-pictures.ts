import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { ArrayInfo, FieldPicture, JobFrame } from '../../../shared/protocol/contract'
import { finiteRange, wrapPeriodic } from '../../charts/picture'
import type { Picture } from '../../charts/picture'
import type { ViewWindow } from '../../charts/view-window'
import type { Plane } from './plane'

/** From what the engine sends to what is drawn. */

export interface ShownField {
  readonly picture: Picture
  /** Of this picture. */
  readonly minimum: number
  readonly maximum: number
  readonly minimumOverall: number
  readonly maximumOverall: number
  readonly nonFinite: number
  readonly time?: number
  /** Symbols of the axis to the right and the axis upward. */
  readonly symbols: readonly [string, string]
  /** Space–time pictures have t to the right and x upward, as in papers: points are (t, x) here and (x, t) for the engine. */
  readonly isSpaceTime: boolean
  /** Some nodes lie outside the domain: NaN, drawn as nothing. */
  readonly hasOutside?: boolean
  /** Of a field of three coordinates: the node at which the plane lies. */
  readonly planeIndex?: number
  /** The domain, to its ends. */
  readonly domain: ViewWindow
}

export const isField = (array: ArrayInfo): boolean => array.axes !== undefined && array.axes.length > 0
export const timesOf = (array: ArrayInfo): readonly number[] => array.times ?? []

/** True where the field is a function of one space coordinate and the time: drawn whole as a picture over x and t. */
export function isSpaceTime(array: ArrayInfo, document?: ExperimentDocument): boolean {
  if (array.axes?.length !== 1) return false
  if (timesOf(array).length > 1) return true
  const problem = document?.problem
  return timesOf(array).length === 0 && problem !== undefined && !('catalogue' in problem) && problem.time !== undefined
}

/** Two space axes, one and the time, or three, of which a plane is shown. */
export const isPlanar = (array: ArrayInfo, document?: ExperimentDocument): boolean => array.axes?.length === 2 || array.axes?.length === 3 || isSpaceTime(array, document)

/** Ends of periodic axes, whose first node is repeated there. */
const periodicEnds = (array: ArrayInfo, [first, second]: readonly [number, number] = [0, 1]): [number | undefined, number | undefined] => {
  const end = (k: number): number | undefined => (array.axes?.[k]?.periodic ? array.axes[k].upper : undefined)
  return [end(first), end(second)]
}

const ends = (coordinates: Float64Array): [number, number] => {
  const [lower, upper] = [coordinates[0], coordinates[coordinates.length - 1]]
  return upper > lower ? [lower, upper] : [lower - 0.5, lower + 0.5]
}

/** Exchanges the axes of a picture. */
export function transposed({ x, y, values }: Picture): Picture {
  const turned = new Float32Array(values.length)
  for (let j = 0; j < y.length; j++) for (let i = 0; i < x.length; i++) turned[i * y.length + j] = values[j * x.length + i]
  return { x: y, y: x, values: turned }
}

/** Points of a shown field in the engine's order, and back. */
export const engineOrder = (field: Pick<ShownField, 'isSpaceTime'>, [a, b]: readonly [number, number]): [number, number] => (field.isSpaceTime ? [b, a] : [a, b])

/** A picture read with `field.read`, with two axes. `whole` says that it covers periodic axes from end to end. */
export function shownField(read: FieldPicture, array: ArrayInfo, whole: readonly [boolean, boolean] = [true, true], plane?: Plane): ShownField {
  const [first, second] = plane?.shown ?? ([0, 1] as const)
  const [lastX, lastY] = periodicEnds(array, [first, second])
  const spacetime = array.axes?.length === 1
  // The axis across a plane has one node: the values are those of the plane as they come.
  const raw: Picture = { x: read.axes[first].coordinates, y: read.axes[second].coordinates, values: read.values }
  const wrapped = wrapPeriodic(raw, [whole[0] ? lastX : undefined, spacetime || !whole[1] ? undefined : lastY])
  const picture = spacetime ? transposed(wrapped) : wrapped
  const { minimum, maximum, minimumOverall, maximumOverall, nonFinite, time } = read
  return {
    picture, minimum, maximum, minimumOverall, maximumOverall, nonFinite, time, isSpaceTime: spacetime, ...(plane ? { planeIndex: plane.index } : {}), ...(nonFinite > 0 && read.values.some(Number.isNaN) ? { hasOutside: true } : {}),
    symbols: spacetime ? [read.axes[1].name, read.axes[0].name] : [read.axes[first].name, read.axes[second].name], domain: { x: ends(picture.x), y: ends(picture.y) },
  }
}

/** Node coordinates of a live frame: evenly spaced over the array's axis. */
export function frameCoordinates(array: ArrayInfo, axis: number, nodes: number): Float64Array {
  const { lower, upper, periodic } = array.axes?.[axis] ?? { lower: 0, upper: 1, periodic: false }
  const intervals = Math.max(1, periodic ? nodes : nodes - 1)
  return Float64Array.from({ length: nodes }, (_, i) => (lower * (intervals - i) + upper * i) / intervals)
}

/** A live frame with two axes, or the plane of one with three. */
export function shownFrame(frame: JobFrame, array: ArrayInfo, plane?: Plane): ShownField | undefined {
  if (frame.shape.length !== array.axes?.length || frame.shape.length !== (plane ? 3 : 2)) return undefined
  const [first, second] = plane?.shown ?? ([0, 1] as const)
  const values = plane ? planeValues(frame, plane) : frame.values
  const raw: Picture = { x: frameCoordinates(array, first, frame.shape[first]), y: frameCoordinates(array, second, frame.shape[second]), values }
  const picture = wrapPeriodic(raw, periodicEnds(array, [first, second]))
  const { minimum, maximum, time } = frame
  return { picture, minimum, maximum, minimumOverall: minimum, maximumOverall: maximum, nonFinite: 0, time, isSpaceTime: false, ...(values.some(Number.isNaN) ? { hasOutside: true } : {}), symbols: [array.axes[first].name, array.axes[second].name], domain: { x: ends(picture.x), y: ends(picture.y) } }
}

/** The frame is thinner than the result: its node at the same fraction of the axis. */
function planeValues({ shape: [nx, ny, nz], values }: JobFrame, { across, fraction, shown }: Plane): Float32Array {
  const counts = [nx, ny, nz]
  const strides = [1, nx, nx * ny]
  const start = Math.round(fraction * (counts[across] - 1)) * strides[across]
  const out = new Float32Array(counts[shown[0]] * counts[shown[1]])
  let to = 0
  for (let j = 0; j < counts[shown[1]]; j++) for (let i = 0; i < counts[shown[0]]; i++) out[to++] = values[start + i * strides[shown[0]] + j * strides[shown[1]]]
  return out
}

/** Live frames of one space axis, collected as they come: the space–time picture grows to the right. Frames of a new run start it anew. */
export function appendFrame(grown: readonly JobFrame[], frame: JobFrame): readonly JobFrame[] {
  const last = grown.at(-1)
  if (frame.time === undefined || frame.shape.length !== 1) return grown
  if (last && (last.shape[0] !== frame.shape[0] || frame.time < last.time!)) return [frame]
  return last && frame.time === last.time ? [...grown.slice(0, -1), frame] : [...grown, frame]
}

/** The picture that collected frames make over the whole `interval` of time. Undefined until two times are there. */
export function grownField(frames: readonly JobFrame[], array: ArrayInfo, interval: readonly [number, number] | undefined): ShownField | undefined {
  if (frames.length < 2) return undefined
  const nodes = frames[0].shape[0]
  const values = new Float32Array(nodes * frames.length)
  frames.forEach((frame, k) => values.set(frame.values, k * nodes))
  const times = Float64Array.from(frames, frame => frame.time!)
  const picture = transposed(wrapPeriodic({ x: frameCoordinates(array, 0, nodes), y: times, values }, [periodicEnds(array)[0], undefined]))
  const [minimum, maximum] = finiteRange(values)
  return {
    picture, minimum, maximum, minimumOverall: minimum, maximumOverall: maximum, nonFinite: 0, time: frames.at(-1)!.time, isSpaceTime: true,
    symbols: ['t', array.axes?.[0]?.name ?? 'x'], domain: { x: [Math.min(interval?.[0] ?? Infinity, times[0]), Math.max(interval?.[1] ?? -Infinity, times[times.length - 1])], y: ends(picture.y) },
  }
}

/** The problem's time interval where the document spells it in numbers. */
export function timeInterval(document: ExperimentDocument): readonly [number, number] | undefined {
  const problem = document.problem
  if (!problem || 'catalogue' in problem || !problem.time) return undefined
  const [start, end] = [Number(problem.time[0]), Number(problem.time[1])]
  return Number.isFinite(start) && Number.isFinite(end) ? [start, end] : undefined
}

/**
 * Index ranges [from, to) per axis that cover a zoomed window with one node to spare, where the whole picture had to be thinned out;
 * undefined when the whole picture is already as fine as it can be.
 */
export function regionOf(array: ArrayInfo, whole: ShownField, window: ViewWindow): [number, number][] | undefined {
  const axes = array.axes
  if (axes?.length !== 2) return undefined
  const shapes = [whole.picture.x.length, whole.picture.y.length]
  if (axes.every((axis, k) => shapes[k] >= axis.nodes)) return undefined
  return axes.map((axis, k) => {
    const [from, to] = k === 0 ? window.x : window.y
    const [lower, upper] = k === 0 ? whole.domain.x : whole.domain.y
    const intervals = axis.periodic ? axis.nodes : axis.nodes - 1
    const index = (v: number): number => ((v - lower) / (upper - lower)) * intervals
    const first = Math.max(0, Math.floor(index(from)) - 1)
    const last = Math.min(axis.nodes, Math.ceil(index(to)) + 2)
    // A window that reaches the seam of a periodic axis needs the first node again: read the axis whole.
    return axis.periodic && last >= axis.nodes ? [0, axis.nodes] : [first, Math.max(last, first + 2)]
  }) as [number, number][]
}
