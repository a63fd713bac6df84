import type { Libm } from '../expressions/libm'
import { fieldTimes, gridShape, type Axis, type Field, type Grid } from './field'
import { interpolateAlong, lagrangeInterpolation, trigonometricInterpolation, type AxisInterpolation } from './interpolate'

/** Degree of the tensor-product Lagrange interpolation, or `trigonometric`: the Fourier basis on periodic axes, degree 7 on bounded ones and in time. */
export type InterpolationDegree = number | 'trigonometric'

/**
 * The field's values on another grid (nodes outside its domain become NaN) and at other times (outside its times NaN; a steady field is the same at all).
 * Axes are matched by name; an axis that the new grid does not carry is an error of the caller. Nodes that coincide keep their bits.
 */
export function resampleField(field: Field, grid: Grid, times: Float64Array | undefined, degree: InterpolationDegree, libm?: Libm): Field {
  const numeric = degree === 'trigonometric' ? 7 : degree
  let shape = [...gridShape(field.grid), fieldTimes(field)]
  let values = field.values
  const apply = (axisIndex: number, operator: AxisInterpolation): void => {
    values = interpolateAlong(values, shape, axisIndex, operator)
    shape = shape.map((n, a) => (a === axisIndex ? operator.points : n))
  }
  if (times && field.times && !sameNumbers(field.times, times)) {
    const own = field.times
    const wanted = snap(times, own)
    const timeAxis = { lower: own[0], upper: own[own.length - 1], periodic: false, coordinates: own }
    apply(shape.length - 1, lagrangeInterpolation(timeAxis, wanted, numeric))
  }
  field.grid.axes.forEach((axis, a) => {
    const target = grid.axes.find(other => other.name === axis.name)
    if (!target) throw new Error(`the new grid has no axis ${axis.name}`)
    if (sameNumbers(axis.coordinates, target.coordinates)) return
    const points = snap(target.coordinates, axis.coordinates)
    apply(a, degree === 'trigonometric' && axis.periodic && libm ? trigonometricInterpolation(axis, points, libm) : lagrangeInterpolation(axis, points, numeric))
  })
  if (values === field.values) values = values.slice()
  return field.times ? { name: field.name, grid, times: (times ?? field.times).slice(), values } : { name: field.name, grid, values }
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
