import type { Coordinate } from './foreign-axes'
import { axisOfNodes } from './foreign-axes'
import { refuse } from './refusal'
import { meshOfPoints } from './point-mesh'
import type { AnyField } from '../../../shared/fields/mesh'

interface PointCoordinates {
  readonly name: Coordinate
  readonly values: Float64Array
}

/**
 * A field from values with the coordinates of every point, in any order. Where the points are those of a tensor grid (every combination of the distinct coordinates exactly once; coordinates that
 * differ by less than 1e-9 of their range count as one, because programs print rounded numbers), a field on it; otherwise one on a mesh with these points.
 * `times`: values are [times, points]. Faults: scattered (times among the coordinates of points that are no grid, points that come twice), axes-coordinates.
 */
export function fieldFromPoints(name: string, points: readonly PointCoordinates[], times: Float64Array | undefined, values: Float64Array): AnyField {
  const count = points[0].values.length
  const levels = points.map(point => distinct(point))
  const product = levels.reduce((n, { nodes }) => n * nodes.length, 1)
  const sizes = levels.map(({ nodes }, k) => `${nodes.length} in ${points[k].name}`).join(', ')
  const noGrid = (why: string): never =>
    refuse('scattered', `The ${count} points do not form a tensor grid (distinct coordinates: ${sizes}): ${why}.`, { tip: 'Give each point and time once.' })
  if (product !== count) return points.some(point => point.name === 't') || points.length < 2 ? noGrid(`${product} points would`) : fieldOnMesh(name, points, times, values)
  // Slowest first: t, z, y, x.
  const ordered = points.map((point, k) => ({ ...point, ...levels[k] })).sort((a, b) => 'tzyx'.indexOf(a.name) - 'tzyx'.indexOf(b.name))
  const target = new Int32Array(count)
  for (const { index, nodes } of ordered) for (let i = 0; i < count; i++) target[i] = target[i] * nodes.length + index[i]
  const seen = new Uint8Array(count)
  for (const to of target) {
    if (seen[to]) noGrid('one of them comes twice')
    seen[to] = 1
  }
  const timeOrder = times && orderOfTimes(times)
  const out = new Float64Array(values.length)
  for (let s = 0; s < values.length / count; s++) {
    const from = (timeOrder ? timeOrder[s] : s) * count
    for (let i = 0; i < count; i++) out[s * count + target[i]] = values[from + i]
  }
  const axes = ordered.flatMap(({ name: coordinate, nodes }) => (coordinate === 't' ? [] : [axisOfNodes(coordinate, nodes)])).reverse()
  const ownTimes = times && timeOrder ? Float64Array.from(timeOrder, i => times[i]) : ordered.find(point => point.name === 't')?.nodes
  return { name, grid: { axes }, ...(ownTimes ? { times: ownTimes } : {}), values: out }
}

/** Points as they are, in the order of the file, joined to triangles in the plane. Fault: scattered. */
function fieldOnMesh(name: string, points: readonly PointCoordinates[], times: Float64Array | undefined, values: Float64Array): AnyField {
  const columns = [...points].sort((a, b) => 'xyz'.indexOf(a.name) - 'xyz'.indexOf(b.name)).map(point => point.values)
  if (points.some((point, k) => point.values.some(v => !Number.isFinite(v)) || !'xyz'.slice(0, points.length).includes(point.name) || points.findIndex(other => other.name === point.name) !== k)) {
    refuse('axes-coordinates', 'The coordinates of the points are not numbers along x, y and z.')
  }
  const count = columns[0].length
  const mesh = meshOfPoints(columns) ?? refuse('scattered', `The ${count} points do not form a tensor grid, and one of them comes twice.`, { tip: 'Give each point once.' })
  const order = times && orderOfTimes(times)
  const out = new Float64Array(values.length)
  for (let s = 0; s < values.length / count; s++) out.set(values.subarray((order ? order[s] : s) * count, ((order ? order[s] : s) + 1) * count), s * count)
  return { name, mesh, ...(times && order ? { times: Float64Array.from(order, i => times[i]) } : {}), values: out }
}

function orderOfTimes(times: Float64Array): number[] {
  const order = [...times.keys()].sort((a, b) => times[a] - times[b])
  if (times.some(time => !Number.isFinite(time)) || order.some((at, i) => i > 0 && times[at] === times[order[i - 1]])) refuse('axes-coordinates', 'The times are not distinct numbers.')
  return order
}

function distinct({ name, values }: PointCoordinates): { nodes: Float64Array; index: Int32Array } {
  if (values.some(value => !Number.isFinite(value))) refuse('axes-coordinates', `The coordinate ${name} holds a value that is not a number.`)
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b])
  const range = values[order[order.length - 1]] - values[order[0]]
  const nodes: number[] = []
  const index = new Int32Array(values.length)
  for (const at of order) {
    if (nodes.length === 0 || values[at] - nodes[nodes.length - 1] > 1e-9 * range) nodes.push(values[at])
    index[at] = nodes.length - 1
  }
  return { nodes: Float64Array.from(nodes), index }
}
