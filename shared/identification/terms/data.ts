import { error, FaultError } from '../../fault'
import type { AxisName } from '../../fields/field'

/** One unknown's values on all nodes and times: C-order `[time, z, y, x]`, x fastest. */
export interface ObservedUnknown {
  readonly name: string
  readonly values: Float64Array
}

/** A line of equally spaced nodes. */
export interface ObservedAxis {
  readonly name: AxisName
  /** Increasing. */
  readonly coordinates: Float64Array
  /** On a periodic axis windows go across the end; the last node is not repeated. */
  readonly periodic: boolean
}

/** What terms are found from: unknowns on a grid in space and time. */
export interface Observations {
  /** x, y, z order. */
  readonly axes: readonly ObservedAxis[]
  readonly times: Float64Array
  readonly unknowns: readonly ObservedUnknown[]
}

/** One line of a grid of observations, `stride` numbers between neighbours. */
export interface Line {
  readonly name: AxisName | 't'
  readonly nodes: number
  readonly spacing: number
  readonly periodic: boolean
}

/** The lines of the arrays, slowest first: time, z, y, x. */
export function linesOf({ axes, times }: Observations): Line[] {
  const line = (name: Line['name'], coordinates: Float64Array, periodic: boolean): Line => ({
    name, nodes: coordinates.length, spacing: (coordinates[coordinates.length - 1] - coordinates[0]) / (coordinates.length - 1), periodic,
  })
  return [line('t', times, false), ...axes.map(axis => line(axis.name, axis.coordinates, axis.periodic)).reverse()]
}

/**
 * Throws FaultError where nothing can be identified: `terms-no-time`, `terms-too-few-points`, `terms-not-uniform`, `terms-size`, `terms-not-finite`, `terms-constant`, `terms-steady`.
 */
export function checkObservations(data: Observations): void {
  const { axes, times, unknowns } = data
  if (times.length < 2) throw new FaultError(error('terms-no-time', 'The data have no time axis, and terms are those of an equation for ∂u/∂t.', { tip: 'Name the array of times in "axes" of the data, or keep several output times of the step.' }))
  for (const [name, coordinates] of [['t', times], ...axes.map(axis => [axis.name, axis.coordinates])] as [string, Float64Array][]) {
    if (coordinates.length < fewest) {
      throw new FaultError(error('terms-too-few-points', `The data have ${coordinates.length} values of ${name}; windows of test functions need at least ${fewest}.`, { tip: `Give more values of ${name}.` }))
    }
    const uneven = unevenAt(coordinates)
    if (uneven > 0) {
      throw new FaultError(error('terms-not-uniform', `The values of ${name} are not equally spaced: ${coordinates[uneven - 1]}, ${coordinates[uneven]}, ${coordinates[uneven + 1]} follow one another.`, { tip: 'Resample the data on a uniform grid first.' }))
    }
  }
  const size = axes.reduce((n, axis) => n * axis.coordinates.length, times.length)
  for (const { name, values } of unknowns) {
    if (values.length !== size) throw new FaultError(error('terms-size', `There are ${values.length} values of ${name} on a grid of ${size} nodes and times.`))
    const missing = values.reduce((n, value) => n + (Number.isFinite(value) ? 0 : 1), 0)
    if (missing > 0) {
      throw new FaultError(error('terms-not-finite', `${missing} of the ${size} values of ${name} ${missing === 1 ? 'is' : 'are'} no number; the first stands at ${placeOf(data, values.findIndex(value => !Number.isFinite(value)))}.`, { tip: 'Cut the data to a box without gaps.' }))
    }
    if (values.every(value => value === values[0])) throw new FaultError(error('terms-constant', `All values of ${name} are ${values[0]}: 1, ${name}, ${name}² … coincide and every derivative is zero.`, { tip: 'Give data that change in space and time.' }))
    const lines = linesOf(data)
    let inner = size
    for (const line of lines) {
      inner /= line.nodes
      if (changes(values, line.nodes, inner)) continue
      if (line.name === 't') throw new FaultError(error('terms-steady', `${name} does not change in time, so there is no ∂${name}/∂t to explain.`, { tip: 'Give data of an evolution.' }))
      throw new FaultError(error('terms-constant', `${name} does not change along ${line.name}: 1, ${name}, ${name}² … are independent of ${line.name} and every derivative along ${line.name} is zero.`, { tip: `Give data that change along ${line.name}, or leave that axis out.` }))
    }
  }
}

/** Whether values differ along a line by more than rounding. */
function changes(values: Float64Array, nodes: number, inner: number): boolean {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  return values.some((value, i) => {
    const first = i - (Math.floor(i / inner) % nodes) * inner
    return Math.abs(value - values[first]) > 1e-12 * largest
  })
}

/** Nodes of a line below which no window with a few neighbours fits. */
export const fewest = 16

/** The first inner node whose distances to its neighbours differ, 0 when there is none. Single-precision coordinates pass. */
function unevenAt(coordinates: Float64Array): number {
  const mean = (coordinates[coordinates.length - 1] - coordinates[0]) / (coordinates.length - 1)
  const slack = 1e-3 * Math.abs(mean)
  for (let i = 1; i < coordinates.length - 1; i++) {
    if (!(Math.abs(coordinates[i] - coordinates[i - 1] - mean) <= slack && Math.abs(coordinates[i + 1] - coordinates[i] - mean) <= slack)) return i
  }
  return mean > 0 ? 0 : 1
}

function placeOf({ axes, times }: Observations, index: number): string {
  let rest = index
  const parts = axes.map(({ name, coordinates }) => {
    const at = rest % coordinates.length
    rest = (rest - at) / coordinates.length
    return `${name} = ${coordinates[at]}`
  })
  return [...parts, `t = ${times[rest]}`].join(', ')
}
