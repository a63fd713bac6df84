import type { Grid } from '../../fields/field'
import { uniformAxis } from '../../fields/field'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Block, Team } from '../../kernels/team'

export type AxisSpan = AnalysedProblem['axes'][number]

export const uniformGrid = (axes: readonly AxisSpan[], resolution: readonly number[]): Grid => ({
  axes: axes.map((axis, a) => uniformAxis(axis.name, axis.lower, axis.upper, resolution[a], axis.periodic)),
})

/** One array per axis that holds its coordinate at every node, as pointwise programs read it; only for the names that are used. */
export function coordinateArrays(team: Team, grid: Grid, used: ReadonlySet<string>): Record<string, Block> {
  const size = grid.axes.reduce((n, axis) => n * axis.coordinates.length, 1)
  const arrays: Record<string, Block> = {}
  let stride = 1
  for (const axis of grid.axes) {
    const { length } = axis.coordinates
    if (used.has(axis.name)) {
      const block = team.arena.f64(size)
      const view = block.view()
      for (let i = 0; i < size; i++) view[i] = axis.coordinates[Math.floor(i / stride) % length]
      arrays[axis.name] = block
    }
    stride *= length
  }
  return arrays
}
