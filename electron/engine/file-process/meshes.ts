import type { FaultError } from '../../../shared/fault'
import { FaultError as Refused, error } from '../../../shared/fault'
import type { Axis, Field, Grid } from '../../../shared/fields/field'
import type { Mesh, MeshField } from '../../../shared/fields/mesh'
import { cornersPerCell, meshCells, nodesPerCell } from '../../../shared/fields/mesh'
import type { MeshLocator } from '../../../shared/fields/mesh-locate'
import { createLocator } from '../../../shared/fields/mesh-locate'
import type { MeshSampling } from '../../../shared/fields/mesh-raster'
import { nominalGrid, rasterise, sampleGrid } from '../../../shared/fields/mesh-raster'
import type { Picture, Region } from '../../../shared/fields/picture'
import { evenIndices, extremes, reducePicture } from '../../../shared/fields/picture'
import type { MeshEntry } from '../jobs/field-entry'
import { meshOf } from '../jobs/field-entry'
import type { Stored } from './stored'
import { least, whole } from './stored'

/** A mesh with what is costly to make of it, kept while it is looked at. */
export interface KnownMesh {
  readonly mesh: Mesh
  /** The grid that stands for it on screens. */
  readonly grid: Grid
  /** In 1-D: the sampling on that grid. */
  readonly line: MeshSampling | undefined
  locator(): MeshLocator
  /** The last samplings, by their grid. */
  sampling(grid: Grid): MeshSampling
  edges(): { readonly points: Float64Array; readonly edges: Float64Array }
}

const meshes = new Map<string, KnownMesh>()
const keptMeshes = 6
const keptSamplings = 3
const mostEdges = 400_000

/** The mesh of an entry out of its two arrays; `damaged` is thrown where they are no mesh. */
export function meshFor({ mesh: words }: MeshEntry, read: (array: string) => Stored, damaged: FaultError): KnownMesh {
  const [points, cells] = [read(words.points), read(words.cells)]
  const key = `${points.path} ${points.stamp} ${cells.path} ${cells.stamp} ${words.dimension} ${words.degree}`
  const found = meshes.get(key)
  if (found) {
    meshes.delete(key)
    meshes.set(key, found)
    return found
  }
  const mesh = meshOf(words, { values: whole(points), shape: points.shape }, { values: whole(cells), shape: cells.shape })
  if (!mesh) throw damaged
  const made = known(mesh)
  meshes.set(key, made)
  for (const old of meshes.keys()) {
    if (meshes.size <= keptMeshes) break
    meshes.delete(old)
  }
  return made
}

function known(mesh: Mesh): KnownMesh {
  const grid = nominalGrid(mesh)
  let locator: MeshLocator | undefined
  let edges: ReturnType<KnownMesh['edges']> | undefined
  const samplings: { grid: Grid; sampling: MeshSampling }[] = []
  return {
    mesh, grid, line: mesh.dimension === 1 ? sampleGrid(mesh, grid) : undefined,
    locator: () => (locator ??= createLocator(mesh)),
    sampling(wanted) {
      const at = samplings.findIndex(held => sameGrid(held.grid, wanted))
      const held = at >= 0 ? samplings.splice(at, 1)[0] : { grid: wanted, sampling: sampleGrid(mesh, wanted) }
      samplings.unshift(held)
      samplings.length = Math.min(samplings.length, keptSamplings)
      return held.sampling
    },
    edges: () => (edges ??= edgesOf(mesh)),
  }
}

const sameGrid = (a: Grid, b: Grid): boolean =>
  a.axes.every((axis, i) => axis.coordinates.length === b.axes[i].coordinates.length && axis.coordinates.every((x, k) => x === b.axes[i].coordinates[k]))

/** As `reducePicture` of the field on its nominal grid, computed only at the nodes that are asked for. The extremes of the whole are those of the nodes of the mesh. */
export function meshPicture(field: MeshField, { grid, sampling }: KnownMesh, region?: Region, size?: readonly number[]): Picture {
  const axes = grid.axes.map((axis, a): Axis => {
    const limit = axis.coordinates.length
    const [from, to] = region?.[a] ?? [0, limit]
    const first = Math.max(0, Math.min(from, limit - 1))
    const chosen = evenIndices(first, Math.max(first + 1, Math.min(to, limit)), size?.[a] ? Math.max(size[a], 2) : Infinity)
    return { ...axis, coordinates: Float64Array.from(chosen, i => axis.coordinates[i]) }
  })
  const raster: Field = rasterise(field, { axes }, sampling({ axes }))
  const reduced = reducePicture(raster, 0)
  if (region && grid.axes.some((axis, a) => region[a] && (region[a][0] > 0 || region[a][1] < axis.coordinates.length))) return reduced
  const nodal = extremes(field.values)
  return { ...reduced, minimum: least(nodal.minimum, reduced.minimum), maximum: -least(-nodal.maximum, -reduced.maximum) }
}

function edgesOf(mesh: Mesh): { points: Float64Array; edges: Float64Array } {
  const { points, cells, dimension } = mesh
  const nodes = nodesPerCell(mesh)
  const corners = cornersPerCell(mesh)
  const count = points.length / dimension
  const seen = new Set<number>()
  const found: number[] = []
  for (let c = 0; c < meshCells(mesh); c++) {
    for (let i = 0; i < corners; i++) {
      for (let j = i + 1; j < corners; j++) {
        const [a, b] = [cells[c * nodes + i], cells[c * nodes + j]]
        const key = a < b ? a * count + b : b * count + a
        if (seen.has(key)) continue
        seen.add(key)
        found.push(a, b)
        if (found.length > 2 * mostEdges) throw new Refused(error('mesh-too-large', `The mesh has more than ${mostEdges} edges; it is not drawn over the picture.`))
      }
    }
  }
  return { points, edges: Float64Array.from(found) }
}
