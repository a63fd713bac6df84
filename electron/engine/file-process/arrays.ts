import { FaultError, error } from '../../../shared/fault'
import type { ComponentChoice } from '../../../shared/fields/components'
import { defaultComponent, selectComponent } from '../../../shared/fields/components'
import { gridSize } from '../../../shared/fields/field'
import type { Axis, Field } from '../../../shared/fields/field'
import type { AnyField, MeshField } from '../../../shared/fields/mesh'
import { isMeshField, meshCells, meshNodes } from '../../../shared/fields/mesh'
import { cut as cutField, probe as probeField, segment } from '../../../shared/fields/probe'
import { applySampling, rasterise, samplePoints } from '../../../shared/fields/mesh-raster'
import { reducePicture, reduceSpacetime } from '../../../shared/fields/picture'
import type { ArrayInfo, Results } from '../../../shared/protocol/contract'
import { fitsGrid, fitsMesh, isMeshEntry } from '../jobs/field-entry'
import type { FieldEntry, GridEntry, MeshEntry } from '../jobs/field-entry'
import { arrayNames, readArrayWords, readFieldEntries, readMetrics } from '../jobs/result'
import { modelsOf } from '../store/models'
import { workspaceAt } from '../store/workspace'
import { meshFor, meshPicture } from './meshes'
import type { KnownMesh } from './meshes'
import type { ArrayPlace, ArrayRef, Described, FileMethods } from './methods'
import type { Stored } from './stored'
import { entryCount, least, locate, overall, slice, whole } from './stored'

interface Lattice { readonly axes?: readonly Axis[]; readonly known?: KnownMesh; readonly times?: Float64Array; readonly components?: readonly string[] }

const reader = (place: ArrayPlace) => (array: string): Stored => locate({ ...place, array })

function latticeOf(place: ArrayPlace, entry: FieldEntry): Lattice {
  const read = reader(place)
  const rest = { ...(entry.times === undefined ? {} : { times: whole(read(entry.times)) }), ...(entry.components ? { components: entry.components } : {}) }
  if (isMeshEntry(entry)) return { known: meshFor(entry, read, misfit(place)), ...rest }
  return { axes: (entry satisfies GridEntry).axes.map((axis): Axis => ({ ...axis, coordinates: whole(read(axis.coordinates)) })), ...rest }
}

/** Nodes of the lattice, once the array is known to fit on it. Fault: damaged-result. */
function checkedNodes(place: ArrayPlace, { axes, known, ...parts }: Lattice, shape: readonly number[]): number {
  if (known ? !fitsMesh(known.mesh, parts, shape) : !fitsGrid(axes!, parts, shape)) throw misfit(place)
  return known ? meshNodes(known.mesh) : gridSize({ axes: axes! })
}

export function fieldEntry(place: ArrayPlace): FieldEntry | undefined {
  const entries = readFieldEntries(workspaceAt(place.workspace).result(place.step))
  return Object.hasOwn(entries, place.array) ? entries[place.array] : undefined
}

function entryOf(place: ArrayPlace): FieldEntry {
  const entry = fieldEntry(place)
  if (!entry) throw new FaultError(error('not-a-field', `${place.step}/${place.array} is an array without coordinates, not a field.`, { tip: 'Choose a field.' }))
  return entry
}

const misfit = ({ step, array }: ArrayPlace): FaultError => new FaultError(error('damaged-result', `${step}/${array} does not fit its coordinates.`, { tip: 'Compute the step again.' }))

/** A scalar field with the values of one output time only, or of all; of a field with components the chosen one (absent: the magnitude). */
function fieldOf(place: ArrayPlace, timeIndex: number | 'all', component?: ComponentChoice): { field: AnyField; known?: KnownMesh } {
  const { field, known } = allComponents(place, timeIndex)
  const choice = component ?? defaultComponent(field.components)
  return { field: selectComponent(field as MeshField, choice) as AnyField, ...(known ? { known } : {}) }
}

function allComponents(place: ArrayPlace, timeIndex: number | 'all'): { field: AnyField; known?: KnownMesh } {
  const stored = locate(place)
  const lattice = latticeOf(place, entryOf(place))
  const { axes, known, times, components } = lattice
  const size = checkedNodes(place, lattice, stored.shape) * (components?.length ?? 1)
  const at = timeIndex === 'all' ? 0 : Math.min(timeIndex, (times?.length ?? 1) - 1)
  const values = timeIndex === 'all' ? whole(stored) : slice(stored, at * size, size)
  const rest = { name: place.array, ...(components ? { components } : {}), ...(times ? { times: timeIndex === 'all' ? times : times.subarray(at, at + 1) } : {}), values }
  return known ? { field: { ...rest, mesh: known.mesh }, known } : { field: { ...rest, grid: { axes: axes! } } }
}

/** With all its times and components. */
export const wholeField = (place: ArrayPlace): AnyField => allComponents(place, 'all').field

export function wholeArray(place: ArrayPlace): { readonly shape: readonly number[]; readonly values: Float64Array } {
  const stored = locate(place)
  return { shape: stored.shape, values: whole(stored) }
}

export const describe: FileMethods['describe'] = ({ workspace, step }): Described => {
  const folder = workspaceAt(workspace).result(step)
  const entries = readFieldEntries(folder)
  const words = readArrayWords(folder)
  const arrays = arrayNames(folder).map((name): ArrayInfo => {
    const place = { workspace, step, array: name }
    const stored = locate(place)
    const { minimum, maximum } = overall(stored)
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
    if (!entry) return { name, shape: stored.shape, minimum, maximum, ...words[name] }
    const lattice = latticeOf(place, entry)
    checkedNodes(place, lattice, stored.shape)
    const { known, times, components } = lattice
    const axes = known ? known.grid.axes : lattice.axes!
    return {
      name, shape: stored.shape, minimum, maximum,
      axes: axes.map(axis => ({ name: axis.name, lower: axis.lower, upper: axis.upper, nodes: axis.coordinates.length, periodic: axis.periodic })),
      ...(known ? { mesh: { dimension: known.mesh.dimension, degree: known.mesh.degree, points: meshNodes(known.mesh), cells: meshCells(known.mesh) } } : {}),
      ...(components ? { components } : {}),
      ...(times ? { times: [...times] } : {}),
    }
  })
  return { arrays, metrics: readMetrics(folder), models: modelsOf(workspaceAt(workspace), step) }
}

export const picture: FileMethods['picture'] = request => {
  const stored = locate(request)
  const entry = entryOf(request)
  const spacetime = request.spacetime === true && entry.times !== undefined && (isMeshEntry(entry) ? entry.mesh.dimension : entry.axes.length) === 1
  const { field, known } = fieldOf(request, spacetime ? 'all' : (request.timeIndex ?? 0), request.component)
  const components = entry.components?.length ?? 1
  const choice = request.component ?? defaultComponent(entry.components)
  const nodes = field.values.length / (field.times?.length ?? 1)
  const { minimum: minimumOverall, maximum: maximumOverall } = overall(stored, entry.components ? { nodes, components, choice } : undefined)
  if (isMeshField(field) && !(spacetime || field.mesh.dimension === 1)) {
    const reduced = meshPicture(field, known!, request.region, request.size)
    // Between its nodes a quadratic function may go a little beyond them.
    return { ...reduced, minimumOverall: least(minimumOverall, reduced.minimum), maximumOverall: -least(-maximumOverall, -reduced.maximum) }
  }
  const onGrid = isMeshField(field) ? rasterise(field, known!.grid, known!.line) : field
  const reduced = spacetime ? reduceSpacetime(onGrid, request.region, request.size) : reducePicture(onGrid, 0, request.region, request.size)
  return { ...reduced, minimumOverall, maximumOverall }
}

export const probe: FileMethods['probe'] = ({ workspace, refs, point, timeIndex = 0, component }) =>
  refs.map(ref => {
    const { field, known } = fieldOf({ workspace, ...ref }, timeIndex, componentFor(ref, component))
    if (isMeshField(field)) return point.length < field.mesh.dimension ? NaN : applySampling(samplePoints(known!.locator(), Float64Array.from(point.slice(0, field.mesh.dimension))), field.values)[0]
    return point.length < field.grid.axes.length ? NaN : probeField(field, point, 0)
  })

/** A reference may say its own component. */
const componentFor = (ref: ArrayRef, component: ComponentChoice | undefined): ComponentChoice | undefined => ref.component ?? component

export const cut: FileMethods['cut'] = ({ workspace, refs, from, to, samples, timeIndex = 0, spacetime = false, component }) => {
  const cuts = refs.map(ref => {
    const { field, known } = fieldOf({ workspace, ...ref }, spacetime ? 'all' : timeIndex, componentFor(ref, component))
    const rank = spacetime ? 2 : isMeshField(field) ? field.mesh.dimension : field.grid.axes.length
    if (from.length < rank || to.length < rank) throw new FaultError(error('cut-rank', `A cut through ${ref.step}/${ref.array} needs points with ${rank} coordinates.`))
    if (!isMeshField(field)) return cutField(field, from, to, samples, { timeIndex: 0, spacetime })
    if (spacetime) return cutField(rasterise(field, known!.grid, known!.line) satisfies Field, from, to, samples, { spacetime })
    const line = segment(from.slice(0, rank), to.slice(0, rank), samples)
    const flat = Float64Array.from({ length: samples * rank }, (_, i) => line.points[i % rank][Math.floor(i / rank)])
    return { ...line, values: applySampling(samplePoints(known!.locator(), flat), field.values) }
  })
  return { distance: cuts[0].distance, points: cuts[0].points, values: cuts.map(c => c.values) }
}

export const array: FileMethods['array'] = place => {
  const stored = locate(place)
  const count = entryCount(stored)
  if (count > 1e5) throw new FaultError(error('array-too-large', `${place.step}/${place.array} has ${count} entries; at most 100000 are read at once.`, { tip: 'Look at it as a field, or export it.' }))
  return { shape: stored.shape, values: whole(stored) }
}

/** Edges of a 2-D mesh as segments, for an overlay. Fault: mesh-too-large. */
export const meshEdges: FileMethods['meshEdges'] = place => {
  const entry = entryOf(place)
  if (!isMeshEntry(entry)) throw new FaultError(error('not-a-mesh', `${place.step}/${place.array} lives on a grid.`))
  return edgesOf(place, entry)
}

function edgesOf(place: ArrayPlace, entry: MeshEntry): Results['mesh.edges'] {
  return meshFor(entry, reader(place), misfit(place)).edges()
}
