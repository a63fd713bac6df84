import { fieldAt, type Field } from './field'
import { lagrangeInterpolation, type AxisInterpolation, type InterpolationAxis } from './interpolate'

/** Exact float64 value at a point, linear between nodes; NaN outside. `timeIndex` chooses the output time. */
export function probe(field: Field, point: readonly number[], timeIndex = 0): number {
  const operators = field.grid.axes.map((axis, a) => lagrangeInterpolation(axis, [point[a]], 1))
  return tensorValue(fieldAt(field, timeIndex), operators, field.grid.axes.map(axis => axis.coordinates.length), 0)
}

/** As `probe` on the x–t picture of a field with one space axis: point = [x, t]. */
export function probeSpacetime(field: Field, point: readonly number[]): number {
  const axes = spacetimeAxes(field)
  return tensorValue(field.values, axes.map((axis, a) => lagrangeInterpolation(axis, [point[a]], 1)), axes.map(axis => axis.coordinates.length), 0)
}

export interface Cut {
  /** Distance from the start, in the coordinates' units. */
  readonly distance: Float64Array
  /** One array per coordinate. */
  readonly points: readonly Float64Array[]
  readonly values: Float64Array
}

/** Points at even distances along a segment, both ends included: distance from the start, and one array per coordinate. */
export function segment(from: readonly number[], to: readonly number[], samples: number): Omit<Cut, 'values'> {
  const points = from.map((_, a) => Float64Array.from({ length: samples }, (__, i) => (from[a] * (samples - 1 - i) + to[a] * i) / (samples - 1)))
  let squared = 0
  for (let a = 0; a < from.length; a++) squared += (to[a] - from[a]) * (to[a] - from[a])
  const length = Math.sqrt(squared)
  return { distance: Float64Array.from({ length: samples }, (_, i) => (length * i) / (samples - 1)), points }
}

/** `samples` values at even distances along the segment, both ends included. With `spacetime` the second coordinate is the time. */
export function cut(field: Field, from: readonly number[], to: readonly number[], samples: number, choice: { readonly timeIndex?: number; readonly spacetime?: boolean } = {}): Cut {
  const axes = choice.spacetime ? spacetimeAxes(field) : field.grid.axes
  const line = segment(from.slice(0, axes.length), to.slice(0, axes.length), samples)
  const operators = axes.map((axis, a) => lagrangeInterpolation(axis, line.points[a], 1))
  const shape = axes.map(axis => axis.coordinates.length)
  const source = choice.spacetime ? field.values : fieldAt(field, choice.timeIndex ?? 0)
  return { ...line, values: Float64Array.from({ length: samples }, (_, i) => tensorValue(source, operators, shape, i)) }
}

function spacetimeAxes(field: Field): InterpolationAxis[] {
  const times = field.times ?? new Float64Array(1)
  return [field.grid.axes[0], { lower: times[0], upper: times[times.length - 1], periodic: false, coordinates: times }]
}

/** The value that the operators give at one of their points, contracted axis by axis. */
export function tensorValue(values: Float64Array, operators: readonly AxisInterpolation[], shape: readonly number[], point: number): number {
  const descend = (level: number, offset: number): number => {
    if (level < 0) return values[offset]
    const { width, index, weight } = operators[level]
    const stride = shape.slice(0, level).reduce((n, m) => n * m, 1)
    let sum = 0
    for (let k = point * width; k < (point + 1) * width; k++) if (weight[k] !== 0) sum += weight[k] * descend(level - 1, offset + index[k] * stride)
    return sum
  }
  return descend(operators.length - 1, 0)
}
