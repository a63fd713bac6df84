import type { Libm } from '../expressions/libm'
import { fieldComponents, gridShape, gridSize, type Axis, type Field, type Grid } from './field'
import { interpolateAlong, lagrangeInterpolation, spectralInterpolation, type AxisInterpolation } from './interpolate'
import { finiteWindows, maskedValue } from './masked'
import { isMeshField, meshNodes, type AnyField } from './mesh'
import { tensorValue } from './probe'
import { createLocator } from './mesh-locate'
import { applySampling, rasterise, samplePoints } from './mesh-raster'

/** Degree of the tensor-product Lagrange interpolation, or `trigonometric`: the Fourier basis on periodic axes, Chebyshev's on its nodes, degree 7 on other bounded axes and in time. */
export type InterpolationDegree = number | 'trigonometric'

/**
 * The field's values on another grid, all components (nodes outside its domain become NaN), and at other times (outside its times NaN; a steady field is the same at all).
 * Axes are matched by name; an axis that the new grid does not carry is an error of the caller. Nodes that coincide keep their bits. A mesh field is evaluated exactly; where a field on a grid has NaN
 * (outside a hole or mask), stencils do not reach across them.
 */
export function resampleField(field: AnyField, grid: Grid, times: Float64Array | undefined, degree: InterpolationDegree, libm?: Libm, pause?: () => void): Field {
  if (isMeshField(field)) return atTimes(rasterise(field, grid), times, degree)
  const ordered: Grid = { axes: field.grid.axes.map(axis => targetOf(grid, axis)) }
  if (field.grid.axes.every((axis, a) => sameNodes(axis, ordered.axes[a]))) return atTimes({ ...field, grid, values: field.values.slice() }, times, degree)
  if (field.grid.axes.length > 1 && field.values.some(v => v !== v)) return atTimes(onPoints(field, ordered, degree, pause), times, degree)
  let shape = [...gridShape(field.grid), fieldComponents(field) * (field.times?.length ?? 1)]
  let values = field.values
  field.grid.axes.forEach((axis, a) => {
    const target = ordered.axes[a]
    if (sameNodes(axis, target)) return
    const points = snap(target.coordinates, axis.coordinates)
    const operator = degree === 'trigonometric' && libm ? spectralInterpolation(axis, points, libm) : lagrangeInterpolation(axis, points, degree === 'trigonometric' ? 7 : degree)
    pause?.()
    values = interpolateAlong(values, shape, a, operator)
    shape = shape.map((n, i) => (i === a ? operator.points : n))
  })
  return atTimes({ ...field, grid, values }, times, degree)
}

/** Values at scattered points, `[time, component, point]`; coordinates one array per axis. NaN outside the domain. */
export function sampleField(field: AnyField, points: readonly Float64Array[], times: Float64Array | undefined, degree: InterpolationDegree, { libm, pause }: { readonly libm?: Libm; readonly pause?: () => void } = {}): Float64Array {
  const count = points[0].length
  const slabs = fieldComponents(field) * (field.times?.length ?? 1)
  const values = new Float64Array(slabs * count)
  if (isMeshField(field)) {
    const { dimension } = field.mesh
    const flat = new Float64Array(count * dimension)
    for (let i = 0; i < count; i++) for (let a = 0; a < dimension; a++) flat[i * dimension + a] = points[a][i]
    const sampling = samplePoints(createLocator(field.mesh), flat)
    const nodes = meshNodes(field.mesh)
    for (let s = 0; s < slabs; s++) applySampling(sampling, field.values.subarray(s * nodes, (s + 1) * nodes), values.subarray(s * count, (s + 1) * count))
  } else {
    const { axes } = field.grid
    const size = gridSize(field.grid)
    const shape = gridShape(field.grid)
    const numeric = degree === 'trigonometric' ? 7 : degree
    for (let s = 0; s < slabs; s++) {
      const slab = field.values.subarray(s * size, (s + 1) * size)
      if (degree === 'trigonometric' && libm) {
        for (let i = 0; i < count; i++) {
          if (i % 256 === 0) pause?.()
          values[s * count + i] = tensorValue(slab, axes.map((axis, a) => spectralInterpolation(axis, [points[a][i]], libm)), shape, 0)
        }
        continue
      }
      const windows = finiteWindows(axes, slab, numeric)
      for (let i = 0; i < count; i++) {
        if (i % 4096 === 0) pause?.()
        values[s * count + i] = maskedValue(axes, slab, windows, points.map(column => column[i]), numeric)
      }
    }
  }
  if (!times || !field.times || sameNumbers(field.times, times)) return values
  return interpolateAlong(values, [count * fieldComponents(field), field.times.length], 1, timeInterpolation(field.times, times, degree))
}

const targetOf = (grid: Grid, axis: Axis): Axis => {
  const target = grid.axes.find(other => other.name === axis.name)
  if (!target) throw new Error(`the new grid has no axis ${axis.name}`)
  return target
}

function onPoints(field: Field, grid: Grid, degree: InterpolationDegree, pause?: () => void): Field {
  const shape = gridShape(grid)
  const snapped = grid.axes.map((axis, a) => snap(axis.coordinates, field.grid.axes[a].coordinates))
  let stride = 1
  const points = shape.map((n, a) => {
    const column = Float64Array.from({ length: gridSize(grid) }, (_, i) => snapped[a][Math.floor(i / stride) % n])
    stride *= n
    return column
  })
  return { ...field, grid, values: sampleField(field, points, undefined, degree, { pause }) }
}

function timeInterpolation(own: Float64Array, wanted: Float64Array, degree: InterpolationDegree): AxisInterpolation {
  const axis = { lower: own[0], upper: own[own.length - 1], periodic: false, coordinates: own }
  return lagrangeInterpolation(axis, snap(wanted, own), degree === 'trigonometric' ? 7 : degree)
}

function atTimes(field: Field, times: Float64Array | undefined, degree: InterpolationDegree): Field {
  if (!field.times) return field
  if (!times || sameNumbers(field.times, times)) return { ...field, times: field.times.slice() }
  const slab = gridSize(field.grid) * fieldComponents(field)
  return { ...field, times: times.slice(), values: interpolateAlong(field.values, [slab, field.times.length], 1, timeInterpolation(field.times, times, degree)) }
}

/** True when both axes have the same nodes, so that values can be compared without interpolation. */
export const sameNodes = (a: Axis, b: Axis): boolean => sameNumbers(a.coordinates, b.coordinates)

/** Numbers that a file rounded in the last digits are taken as the nodes they mean. */
function snap(wanted: Float64Array, nodes: Float64Array): Float64Array {
  const span = nodes[nodes.length - 1] - nodes[0]
  const tolerance = 1e-13 * Math.max(Math.abs(nodes[0]), Math.abs(nodes[nodes.length - 1]), span)
  let at = 0
  return wanted.map(x => {
    while (at > 0 && nodes[at] > x) at--
    while (at < nodes.length - 1 && nodes[at + 1] <= x + tolerance) at++
    return Math.abs(nodes[at] - x) <= tolerance ? nodes[at] : x
  })
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i])
}
