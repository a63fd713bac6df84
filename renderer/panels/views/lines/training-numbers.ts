import { formatValue } from '../../../charts/ticks'

/** A piecewise constant function: each value over its bin. */
export function stairs(edges: Float64Array, values: Float64Array): { readonly x: Float64Array; readonly y: Float64Array } {
  const count = values.length
  return { x: Float64Array.from({ length: 2 * count }, (_, i) => edges[(i + 1) >> 1]), y: Float64Array.from({ length: 2 * count }, (_, i) => values[i >> 1]) }
}

/** Indices of the runs that no other one beats in both time and error, by time: the clock is no stickler for order, and the first solve of a process takes longest. */
export const bestInTime = (seconds: readonly number[], errors: Float64Array): number[] =>
  seconds.map((_, i) => i).sort((a, b) => seconds[a] - seconds[b]).filter((i, k, order) => order.slice(0, k).every(j => errors[j] > errors[i]))

/** What the best grid within the training's seconds reached, in one line. */
export function summaryOf({ relative_l2_curve: curve, grid_relative_l2: errors, grid_unknowns: unknowns }: Readonly<Record<string, Float64Array>>, { training, grid }: { readonly training: readonly number[]; readonly grid: readonly number[] }): string | undefined {
  const seconds = training.at(-1)!
  const within = grid.map((_, i) => i).filter(i => grid[i] <= seconds)
  if (within.length === 0) return undefined
  const best = within.reduce((a, b) => (errors[b] < errors[a] ? b : a))
  const number = (v: number): string => formatValue(v, 2)
  return `${number(curve[curve.length - 1])} after ${Number(seconds.toPrecision(2))} s; a grid of ${unknowns[best].toLocaleString('en').replaceAll(',', ' ')} unknowns ${number(errors[best])} after ${Number(grid[best].toPrecision(2))} s`
}
