import type { Libm } from '../../expressions/libm'
import { FaultError, error } from '../../fault'
import { fieldAt, fieldComponents, gridShape, type Field } from '../../fields/field'
import { lagrangeInterpolation, spectralInterpolation, type AxisInterpolation } from '../../fields/interpolate'
import { finiteWindows, maskedValue } from '../../fields/masked'
import { isMeshField, type AnyField, type MeshField } from '../../fields/mesh'
import { createLocator } from '../../fields/mesh-locate'
import { meshFieldAt, samplePoints } from '../../fields/mesh-raster'
import { fieldNodes } from '../../fields/components'
import type { AnalysedProblem } from '../../problems/analysed'
import type { ScatteredData } from '../observations'

/** Predictions of a solution at the points of the data, one array per observed component; NaN outside of the domain. */
export type Sampler = (fields: readonly AnyField[]) => Float64Array[]

/** A spectral basis is evaluated exactly where a point costs no more than so many products. */
const mostProducts = 20_000

/**
 * Interpolation of solutions at the points of the data, in the basis of the method: its own Fourier or Chebyshev basis, the finite element function, or Lagrange interpolation of a degree beyond the scheme's order
 * (two more, as errors against exact solutions are measured). All solutions share the grid, so weights are computed once. In time every point must be one of the solution's output times.
 */
export function createSampler(data: ScatteredData, problem: AnalysedProblem, method: string, order: number, libm: Libm): Sampler {
  const places = data.names.map(name => placeOf(name, problem))
  let evaluate: ((values: Float64Array, point: number) => number) | undefined
  let slabs: Int32Array | undefined
  return fields => {
    const [first] = fields
    evaluate ??= pointEvaluation(first, data, method, order, libm)
    slabs ??= timeSlabs(first, data)
    return places.map(({ unknown, component }) => {
      const field = fields.find(f => f.name === unknown)
      if (!field) throw new FaultError(error('no-field', `The solution has no field of ${unknown}.`, { where: { path: 'observed' } }))
      const at = isMeshField(field) ? (k: number) => meshFieldAt(field, k, component) : (k: number) => fieldAt(field, k, component)
      if (!isMeshField(field) && data.coordinates.length > 1 && field.values.some(v => v !== v)) return masked(field, component, data, slabs!, order)
      return Float64Array.from({ length: data.coordinates[0].length }, (_, p) => evaluate!(at(slabs![p]), p))
    })
  }
}

/** The field and the component in it that a component of the system is stored as. */
function placeOf(name: string, { unknowns, system }: AnalysedProblem): { readonly unknown: string; readonly component: number } {
  const index = system.components.findIndex(c => c.name === name)
  const unknown = unknowns.find(u => u.components.includes(index))
  if (!unknown) throw new FaultError(error('observed-components', `"${name}" is no component of the statement.`, { where: { path: 'observed' }, tip: `It has ${system.components.filter(c => c.part !== 't').map(c => c.name).join(', ')}.` }))
  return { unknown: unknown.name, component: unknown.components.filter(i => system.components[i].part !== 't').indexOf(index) }
}

/** The output time of each point. */
function timeSlabs(field: AnyField, { times, coordinates }: ScatteredData): Int32Array {
  const slabs = new Int32Array(coordinates[0].length)
  if (!times || !field.times) return slabs
  const index = new Map(Array.from(field.times, (t, k) => [t, k]))
  return Int32Array.from(times, t => index.get(t) ?? nearest(field.times!, t))
}

function nearest(times: Float64Array, t: number): number {
  let best = 0
  for (let k = 1; k < times.length; k++) if (Math.abs(times[k] - t) < Math.abs(times[best] - t)) best = k
  return best
}

function pointEvaluation(field: AnyField, data: ScatteredData, method: string, order: number, libm: Libm): (values: Float64Array, point: number) => number {
  if (isMeshField(field)) return meshEvaluation(field, data)
  const { axes } = field.grid
  const exact = method === 'spectral' && axes.reduce((n, axis) => n * axis.coordinates.length, 1) <= mostProducts
  const rows = axes.map((axis, a) => {
    // Data on a grid have few different coordinates: weights are stored once for each.
    const unique = [...new Set(data.coordinates[a])]
    const number = new Map(unique.map((x, i) => [x, i]))
    return { operator: exact ? spectralInterpolation(axis, unique, libm) : lagrangeInterpolation(axis, unique, method === 'spectral' ? 9 : order + 2), row: Int32Array.from(data.coordinates[a], x => number.get(x)!) }
  })
  const shape = gridShape(field.grid)
  const strides = shape.map((_, a) => shape.slice(0, a).reduce((n, m) => n * m, 1))
  const contract = (values: Float64Array, point: number, level: number, offset: number): number => {
    const { operator, row } = rows[level]
    const { width, index, weight }: AxisInterpolation = operator
    const from = row[point] * width
    let sum = 0
    if (level === 0) for (let k = from; k < from + width; k++) sum += weight[k] * values[offset + index[k]]
    else for (let k = from; k < from + width; k++) if (weight[k] !== 0) sum += weight[k] * contract(values, point, level - 1, offset + index[k] * strides[level])
    return sum
  }
  return (values, point) => contract(values, point, axes.length - 1, 0)
}

function meshEvaluation({ mesh }: MeshField, { coordinates }: ScatteredData): (values: Float64Array, point: number) => number {
  const { dimension } = mesh
  const flat = new Float64Array(coordinates[0].length * dimension)
  coordinates.forEach((column, a) => column.forEach((x, i) => { flat[i * dimension + a] = x }))
  const { width, cell, weight } = samplePoints(createLocator(mesh), flat)
  return (values, point) => {
    if (cell[point] < 0) return NaN
    let sum = 0
    for (let k = 0; k < width; k++) sum += weight[point * width + k] * values[mesh.cells[cell[point] * width + k]]
    return sum
  }
}

/** On grids with nodes outside of the domain stencils do not reach across them. */
function masked(field: Field, component: number, { coordinates }: ScatteredData, slabs: Int32Array, order: number): Float64Array {
  const windows = new Map<number, ReturnType<typeof finiteWindows>>()
  const nodes = fieldNodes(field)
  const slabOf = (k: number): Float64Array => field.values.subarray((k * fieldComponents(field) + component) * nodes, (k * fieldComponents(field) + component + 1) * nodes)
  return Float64Array.from(slabs, (k, p) => {
    let own = windows.get(k)
    if (!own) windows.set(k, (own = finiteWindows(field.grid.axes, slabOf(k), order + 2)))
    return maskedValue(field.grid.axes, slabOf(k), own, coordinates.map(column => column[p]), order + 2)
  })
}
