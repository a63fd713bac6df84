import type { Axis, Field, Grid } from './field'
import { axisNames, fieldComponents, gridShape, gridSize, uniformAxis } from './field'
import type { Mesh, MeshField } from './mesh'
import { cornersPerCell, meshCells, meshNodes, nodesPerCell } from './mesh'
import { barycentric, newCell, readCell } from './mesh-cell'
import { basisValues } from './mesh-element'
import type { MeshLocator } from './mesh-locate'
import { cellTolerance, createLocator, meshBounds } from './mesh-locate'

/**
 * A finite element function at a fixed set of points: the value at point p is Σₖ weight[p·width + k] · node[cells[cell[p]·width + k]]. Exact for the mesh's degree;
 * points outside every cell have cell −1 and the value NaN. Made once, applied to every time and component.
 */
export interface MeshSampling {
  readonly mesh: Mesh
  readonly points: number
  readonly width: number
  readonly cell: Int32Array
  readonly weight: Float64Array
}

/** Sampling at scattered points, `[points, dimension]`. */
export function samplePoints(locator: MeshLocator, points: Float64Array): MeshSampling {
  const { mesh } = locator
  const sampling = empty(mesh, points.length / mesh.dimension)
  const lambda = new Float64Array(mesh.dimension + 1)
  const shape = new Float64Array(sampling.width)
  for (let p = 0; p < sampling.points; p++) {
    const cell = locator.locate(points, p * mesh.dimension, lambda)
    if (cell >= 0) store(sampling, p, cell, lambda, shape)
  }
  return sampling
}

/** Sampling at the nodes of a grid in its memory order: cell by cell over the nodes in its bounding box; where cells meet, the first one counts. */
export function sampleGrid(mesh: Mesh, grid: Grid): MeshSampling {
  const { dimension, points, cells } = mesh
  const sampling = empty(mesh, gridSize(grid))
  const { width } = sampling
  const corners = cornersPerCell(mesh)
  const coordinates = grid.axes.map(axis => axis.coordinates)
  const [nx, ny] = [coordinates[0].length, coordinates[1]?.length ?? 1]
  const scratch = newCell(mesh)
  const lambda = new Float64Array(dimension + 1)
  const shape = new Float64Array(width)
  const place = new Float64Array(dimension)
  const from = new Int32Array(3)
  const to = new Int32Array(3)
  const count = meshCells(mesh)
  for (let c = 0; c < count; c++) {
    let meets = true
    for (let a = 0; a < dimension; a++) {
      let [least, greatest] = [Infinity, -Infinity]
      for (let i = 0; i < corners; i++) {
        const x = points[cells[c * width + i] * dimension + a]
        if (x < least) least = x
        if (x > greatest) greatest = x
      }
      const slack = cellTolerance * (greatest - least)
      from[a] = firstNotBelow(coordinates[a], least - slack)
      to[a] = firstNotBelow(coordinates[a], greatest + slack)
      if (to[a] < coordinates[a].length && coordinates[a][to[a]] <= greatest + slack) to[a]++
      if (from[a] >= to[a]) meets = false
    }
    if (!meets) continue
    readCell(mesh, c, scratch)
    for (let k = from[2]; k < Math.max(to[2], 1); k++) {
      if (dimension > 2) place[2] = coordinates[2][k]
      for (let j = from[1]; j < Math.max(to[1], 1); j++) {
        if (dimension > 1) place[1] = coordinates[1][j]
        for (let i = from[0]; i < to[0]; i++) {
          const p = (k * ny + j) * nx + i
          if (sampling.cell[p] >= 0) continue
          place[0] = coordinates[0][i]
          if (barycentric(scratch, place, 0, lambda) >= -cellTolerance) store(sampling, p, c, lambda, shape)
        }
      }
    }
  }
  return sampling
}

/** Nodal values (one component at one time) at the sampling's points. */
export function applySampling({ mesh, points, width, cell, weight }: MeshSampling, values: Float64Array, out = new Float64Array(points)): Float64Array {
  for (let p = 0; p < points; p++) {
    if (cell[p] < 0) {
      out[p] = NaN
      continue
    }
    const start = cell[p] * width
    let sum = 0
    for (let k = 0; k < width; k++) sum += weight[p * width + k] * values[mesh.cells[start + k]]
    out[p] = sum
  }
  return out
}

/** The values of one component at one output time of a mesh field (a view). */
export function meshFieldAt(field: MeshField, timeIndex: number, component = 0): Float64Array {
  const size = meshNodes(field.mesh)
  const start = (timeIndex * fieldComponents(field) + component) * size
  return field.values.subarray(start, start + size)
}

/** The field on a grid, all times and components, NaN outside of the mesh. */
export function rasterise(field: MeshField, grid: Grid, sampling: MeshSampling = sampleGrid(field.mesh, grid)): Field {
  const size = gridSize(grid)
  const nodes = meshNodes(field.mesh)
  const slabs = field.values.length / nodes
  const values = new Float64Array(slabs * size)
  for (let s = 0; s < slabs; s++) applySampling(sampling, field.values.subarray(s * nodes, (s + 1) * nodes), values.subarray(s * size, (s + 1) * size))
  return { name: field.name, grid, ...(field.components ? { components: field.components } : {}), ...(field.times ? { times: field.times } : {}), values }
}

/**
 * The grid on which screens show a mesh: its bounding box with equal spacing along all axes, fine enough for its smaller cells, at most 1025 nodes along an axis in 2-D and 129 in 3-D.
 * In 1-D the nodes themselves (degree 2: and three points inside each half).
 */
export function nominalGrid(mesh: Mesh): Grid {
  const { lower, upper } = meshBounds(mesh)
  if (mesh.dimension === 1) return { axes: [lineAxis(mesh, lower[0], upper[0])] }
  const [fewest, most] = mesh.dimension === 2 ? [256, 1024] : [48, 128]
  const longest = upper.reduce((length, end, a) => Math.max(length, end - lower[a]), 0)
  const intervals = Math.max(fewest, Math.min(most, Math.ceil((2 * longest) / smallWidth(mesh))))
  return {
    axes: axisNames.slice(0, mesh.dimension).map((name, a) => uniformAxis(name, lower[a], upper[a], Math.max(2, Math.round((intervals * (upper[a] - lower[a])) / longest) + 1), false)),
  }
}

/** Node counts of the nominal grid without making it dearer than a pass over the points. */
export const nominalShape = (mesh: Mesh): number[] => gridShape(nominalGrid(mesh))

function lineAxis({ points, degree }: Mesh, lower: number, upper: number): Axis {
  const nodes = [...new Set(points)].sort((a, b) => a - b)
  const parts = degree === 1 ? 1 : 4
  const coordinates = nodes.flatMap((x, i) => (i + 1 === nodes.length ? [x] : Array.from({ length: parts }, (_, k) => (k === 0 ? x : (x * (parts - k) + nodes[i + 1] * k) / parts))))
  return { name: 'x', lower, upper, periodic: false, coordinates: Float64Array.from(coordinates) }
}

/** An edge length that a tenth of the cells undercut: adaptive meshes have a few very small ones. */
function smallWidth(mesh: Mesh): number {
  const { dimension, points, cells } = mesh
  const nodes = nodesPerCell(mesh)
  const count = meshCells(mesh)
  const stride = Math.max(1, Math.floor(count / 20000))
  const lengths: number[] = []
  for (let c = 0; c < count; c += stride) {
    let squared = 0
    for (let a = 0; a < dimension; a++) {
      const d = points[cells[c * nodes + 1] * dimension + a] - points[cells[c * nodes] * dimension + a]
      squared += d * d
    }
    lengths.push(Math.sqrt(squared))
  }
  lengths.sort((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 10)] || 1
}

function empty(mesh: Mesh, points: number): MeshSampling {
  const width = nodesPerCell(mesh)
  return { mesh, points, width, cell: new Int32Array(points).fill(-1), weight: new Float64Array(points * width) }
}

function store({ mesh, width, cell, weight }: MeshSampling, p: number, index: number, lambda: Float64Array, shape: Float64Array): void {
  cell[p] = index
  basisValues(mesh.dimension, mesh.degree, lambda, shape)
  for (let k = 0; k < width; k++) weight[p * width + k] = shape[k]
}

/** The least i with nodes[i] ≥ x. */
function firstNotBelow(nodes: Float64Array, x: number): number {
  let low = 0
  let high = nodes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (nodes[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Values of several points (`[points, dimension]`) of one component at one time. */
export const evaluateAt = (field: MeshField, points: Float64Array, timeIndex = 0, component = 0, locator: MeshLocator = createLocator(field.mesh)): Float64Array =>
  applySampling(samplePoints(locator, points), meshFieldAt(field, timeIndex, component))
