import type { ArrayEntry, ForeignContent } from './foreign-content'
import { isTimeColumn } from './foreign-table'
import type { Axis } from '../../../shared/fields/field'

/** x, y, z, t in the order in which they are looked for. */
export type Coordinate = 'x' | 'y' | 'z' | 't'
export const coordinates: readonly Coordinate[] = ['x', 'y', 'z', 't']

/** How people call the coordinates, best first. */
const names: Readonly<Record<Coordinate, RegExp>> = {
  x: /^(x|xx|xs|x_?(star|grid|coords?|coordinates?|vals?|values?|axis|mesh)|(grid|coord|mesh)_?x)$/i,
  y: /^(y|yy|ys|y_?(star|grid|coords?|coordinates?|vals?|values?|axis|mesh)|(grid|coord|mesh)_?y)$/i,
  z: /^(z|zz|zs|z_?(star|grid|coords?|coordinates?|vals?|values?|axis|mesh)|(grid|coord|mesh)_?z)$/i,
  t: /^(t|tt|ts|time|times|t_?(star|grid|coords?|coordinates?|vals?|values?|axis|mesh|span|eval)|(grid|coord|mesh)_?t)$/i,
}

/** Extents other than 1: MATLAB's vectors are 1×n or n×1. */
export const squeezed = (shape: readonly number[]): number[] => shape.filter(extent => extent !== 1)
export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((extent, i) => extent === b[i])

export const coordinateOf = (name: string): Coordinate | undefined => coordinates.find(coordinate => names[coordinate].test(name) || (coordinate === 't' && isTimeColumn(name)))

/** An axis of given nodes. Nothing in a foreign file says that it is periodic. */
export const axisOfNodes = (name: 'x' | 'y' | 'z', nodes: Float64Array): Axis => ({ name, lower: nodes[0], upper: nodes[nodes.length - 1], periodic: false, coordinates: nodes })

/**
 * All ways to give each of `lengths` one dimension of its length, each dimension at most once; stops after the second.
 * Returns for each way the dimension of each length.
 */
export function assignments(lengths: readonly number[], shape: readonly number[]): number[][] {
  const found: number[][] = []
  const visit = (chosen: number[]): void => {
    if (found.length > 1) return
    if (chosen.length === lengths.length) {
      found.push(chosen)
      return
    }
    shape.forEach((extent, dimension) => {
      if (extent === lengths[chosen.length] && !chosen.includes(dimension)) visit([...chosen, dimension])
    })
  }
  visit([])
  return found
}

/** Axes for an array when the names of the file's other arrays and their lengths leave exactly one choice. */
export function guessAxes(array: ArrayEntry, content: ForeignContent): Readonly<Record<string, string>> | undefined {
  if (coordinateOf(array.name)) return undefined
  const shape = squeezed(array.shape)
  const candidates = content.arrays.filter(other => other !== array && !other.complex && coordinateOf(other.name))
  const choose = (fits: (other: ArrayEntry) => boolean): [Coordinate, ArrayEntry][] =>
    coordinates.flatMap(coordinate => {
      const fitting = candidates.filter(other => coordinateOf(other.name) === coordinate && fits(other))
      return fitting.length === 1 ? [[coordinate, fitting[0]] as [Coordinate, ArrayEntry]] : []
    })
  const lengthOf = (other: ArrayEntry): number => squeezed(other.shape)[0] ?? 1
  const asMapping = (chosen: readonly [Coordinate, ArrayEntry][]): Record<string, string> => Object.fromEntries(chosen.map(([coordinate, other]) => [coordinate, other.name]))

  const vectors = choose(other => squeezed(other.shape).length === 1 && shape.includes(lengthOf(other)))
  // A table's columns are all of one length: several of them are points, not axes.
  if (vectors.length === shape.length && vectors.some(([coordinate]) => coordinate !== 't') && assignments(vectors.map(([, other]) => lengthOf(other)), shape).length === 1) return asMapping(vectors)
  const points = choose(other => sameShape(squeezed(other.shape), shape) || (shape.length === 2 && isPointsWithTimes(other, array, content)))
  const times = content.arrays.find(other => isTimeColumn(other.name))
  const series = times && shape.length === 2 && shape[0] === lengthOf(times) ? [['t', times] as [Coordinate, ArrayEntry]] : []
  const chosen = [...points, ...series]
  if (points.some(([coordinate]) => coordinate !== 't') && (points.length > 1 || series.length > 0 || shape.length === 1)) return asMapping(chosen)
  return undefined
}

/** COMSOL's time columns: values [times, points], coordinates [points]. */
function isPointsWithTimes(other: ArrayEntry, array: ArrayEntry, content: ForeignContent): boolean {
  const shape = squeezed(other.shape)
  return content.format === 'comsol' && shape.length === 1 && shape[0] === squeezed(array.shape)[1]
}
