/**
 * A field: values with their coordinates on a tensor grid, at one or many times.
 * Arrays are C-order `[time, component, z, y, x]`, absent axes left out, x fastest — in memory, in files and in kernels.
 */
export type AxisName = 'x' | 'y' | 'z'
export const axisNames: readonly AxisName[] = ['x', 'y', 'z']

export interface Axis {
  readonly name: AxisName
  /** Ends of the domain along this axis. */
  readonly lower: number
  readonly upper: number
  readonly periodic: boolean
  /** Node coordinates, increasing. Both ends are nodes on a bounded axis; on a periodic axis `upper` is not repeated. */
  readonly coordinates: Float64Array
}

export interface Grid {
  /** x, y, z order: axes[0] is x, the fastest index. */
  readonly axes: readonly Axis[]
}

export interface Field {
  readonly name: string
  readonly grid: Grid
  /** Names of the components (`re`, `im`; `x`, `y`, `z`); absent on a scalar field. */
  readonly components?: readonly string[]
  /** Output times; absent for a steady field. */
  readonly times?: Float64Array
  /** Length times·components·nz·ny·nx. NaN at nodes outside the domain (holes, masks). */
  readonly values: Float64Array
}

export function uniformAxis(name: AxisName, lower: number, upper: number, nodes: number, periodic: boolean): Axis {
  const coordinates = new Float64Array(nodes)
  const intervals = periodic ? nodes : nodes - 1
  // (lower·(m−i) + upper·i)/m puts both ends exactly on the bounds and is symmetric.
  for (let i = 0; i < nodes; i++) coordinates[i] = (lower * (intervals - i) + upper * i) / intervals
  return { name, lower, upper, periodic, coordinates }
}

export const gridSize = (grid: Grid): number => grid.axes.reduce((n, axis) => n * axis.coordinates.length, 1)
/** Nodes per axis in x, y, z order. */
export const gridShape = (grid: Grid): number[] => grid.axes.map(axis => axis.coordinates.length)
export const fieldTimes = (field: Field): number => field.times?.length ?? 1

export const fieldComponents = (field: { readonly components?: readonly string[] }): number => field.components?.length ?? 1

/** The values of one component at one output time (a view, not a copy). */
export function fieldAt(field: Field, timeIndex: number, component = 0): Float64Array {
  const size = gridSize(field.grid)
  const start = (timeIndex * fieldComponents(field) + component) * size
  return field.values.subarray(start, start + size)
}
