import type { Axis, AxisName } from '../../../shared/fields/field'
import type { AnyField, Mesh } from '../../../shared/fields/mesh'
import { isMeshField, nodesPerCell } from '../../../shared/fields/mesh'
import type { Json, JsonObject } from '../../../shared/json'
import { fromJsonNumber, isJsonObject } from '../../../shared/json'
import { arrayNamePattern } from '../files/residuum-names'

/** What `result.json` says of a field: its grid or its mesh, the names of its components, the array with its times. */
export type FieldEntry = GridEntry | MeshEntry

interface Common {
  readonly components?: readonly string[]
  readonly times?: string
}
export interface GridEntry extends Common {
  readonly axes: readonly { readonly name: AxisName; readonly lower: number; readonly upper: number; readonly periodic: boolean; readonly coordinates: string }[]
}
export interface MeshEntry extends Common {
  readonly mesh: { readonly dimension: 1 | 2 | 3; readonly degree: 1 | 2; readonly points: string; readonly cells: string }
}
export const isMeshEntry = (entry: FieldEntry): entry is MeshEntry => 'mesh' in entry

const isArrayName = (name: unknown): name is string => typeof name === 'string' && arrayNamePattern.test(name)

/** An entry as it lies in the file; undefined where it is none. */
export function parseFieldEntry(entry: Json): FieldEntry | undefined {
  if (!isJsonObject(entry)) return undefined
  const { components, times } = entry
  if (components !== undefined && !(Array.isArray(components) && components.length >= 1 && components.length <= 64 && components.every(name => typeof name === 'string' && /^[A-Za-z0-9_]{1,16}$/.test(name)))) return undefined
  if (times !== undefined && !isArrayName(times)) return undefined
  const common = { ...(components === undefined ? {} : { components: components as readonly string[] }), ...(times === undefined ? {} : { times }) }
  if (isJsonObject(entry.mesh)) {
    const { dimension, degree, points, cells } = entry.mesh
    if ((dimension !== 1 && dimension !== 2 && dimension !== 3) || (degree !== 1 && degree !== 2) || !isArrayName(points) || !isArrayName(cells)) return undefined
    return { mesh: { dimension, degree, points, cells }, ...common }
  }
  if (!Array.isArray(entry.axes) || entry.axes.length < 1 || entry.axes.length > 3) return undefined
  const axes = (entry.axes as readonly JsonObject[]).map(axis => {
    if (!isJsonObject(axis)) return undefined
    const [lower, upper] = [fromJsonNumber(axis.lower), fromJsonNumber(axis.upper)]
    if (!['x', 'y', 'z'].includes(axis.name as string) || lower === undefined || upper === undefined) return undefined
    if (typeof axis.periodic !== 'boolean' || !isArrayName(axis.coordinates)) return undefined
    return { name: axis.name as AxisName, lower, upper, periodic: axis.periodic, coordinates: axis.coordinates }
  })
  return axes.every(axis => axis !== undefined) ? { axes, ...common } : undefined
}

/** C-order shape of a field's array: `[time, component, z, y, x]` or `[time, component, node]`, absent axes left out. */
export function fieldShape(field: AnyField): number[] {
  const space = isMeshField(field) ? [field.mesh.points.length / field.mesh.dimension] : field.grid.axes.map(axis => axis.coordinates.length).reverse()
  return leading(field.times, field.components).concat(space)
}

const leading = (times: Float64Array | undefined, components: readonly string[] | undefined): number[] => [...(times ? [times.length] : []), ...(components ? [components.length] : [])]
const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((n, i) => n === b[i])

interface Parts { readonly components?: readonly string[]; readonly times?: Float64Array }

/** Whether stored axes are a grid, and an array of this shape a field on it. Files come from elsewhere: a picture on wrong coordinates would be believed. */
export function fitsGrid(axes: readonly Axis[], { components, times }: Parts, shape: readonly number[]): boolean {
  const expected = leading(times, components).concat(axes.map(axis => axis.coordinates.length).reverse())
  const named = axes.every((axis, i) => axes.findIndex(other => other.name === axis.name) === i)
  return named && axes.every(isAxis) && (times === undefined || ascends(times)) && sameShape(shape, expected)
}

export interface StoredArray { readonly values: Float64Array; readonly shape: readonly number[] }

/** A mesh out of its two arrays; undefined unless there are cells, points spread along every axis, every point is finite, every cell names points that are there, and no cell has one twice. */
export function meshOf({ dimension, degree }: MeshEntry['mesh'], points: StoredArray, cells: StoredArray): Mesh | undefined {
  const nodes = nodesPerCell({ dimension, degree })
  const count = points.shape[0] ?? 0
  if (!sameShape(points.shape, [count, dimension]) || count === 0 || !sameShape(cells.shape, [cells.shape[0] ?? 0, nodes]) || count > 2 ** 31 - 1) return undefined
  if (!points.values.every(Number.isFinite) || cells.shape[0] === 0 || !spreads(points.values, dimension)) return undefined
  const indices = new Int32Array(cells.values.length)
  for (let i = 0; i < indices.length; i++) {
    const node = cells.values[i]
    if (!(node >= 0 && node < count && Number.isInteger(node))) return undefined
    indices[i] = node
    for (let k = i - (i % nodes); k < i; k++) if (indices[k] === node) return undefined
  }
  return { dimension, degree, points: points.values, cells: indices }
}

/** Whether the box around the points has a positive and finite width along every axis. */
function spreads(points: Float64Array, dimension: number): boolean {
  for (let axis = 0; axis < dimension; axis++) {
    let [least, most] = [Infinity, -Infinity]
    for (let i = axis; i < points.length; i += dimension) [least, most] = [Math.min(least, points[i]), Math.max(most, points[i])]
    if (!(most > least && Number.isFinite(most - least))) return false
  }
  return true
}

export const fitsMesh = (mesh: Mesh, { components, times }: Parts, shape: readonly number[]): boolean =>
  (times === undefined || ascends(times)) && sameShape(shape, leading(times, components).concat(mesh.points.length / mesh.dimension))

function isAxis({ lower, upper, coordinates }: Axis): boolean {
  // Bounds and ends of the nodes may differ by rounding.
  const slack = 1e-6 * (upper - lower)
  return lower < upper && ascends(coordinates) && coordinates[0] >= lower - slack && coordinates[coordinates.length - 1] <= upper + slack
}

/** Finite, never falling, and rising from the first to the last. */
const ascends = (values: Float64Array): boolean =>
  values.length > 0 && values.every((value, i) => Number.isFinite(value) && (i === 0 || value >= values[i - 1])) && (values.length === 1 || values[0] < values[values.length - 1])
