import type { Grid } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { BoundarySide } from '../../problems/analysed'
import { createEvolutionSide, type EvolutionSide } from './evolution-boundary'

/**
 * Ghost values one cell outside a 1-D or 2-D grid, second order: on a periodic axis the node across, else from α ∂ₙu + β u = g with ∂ₙu ≈ (u_ghost − u_inner)/(2h):
 * u_ghost = u_inner + 2h (g − β u)/α. Beyond a Dirichlet node, where no difference is used, the line through the last two nodes goes on.
 */
export interface Ghosts {
  /** All ghosts one after the other: left and right of each row, then below and above each column and beside the corners. */
  readonly values: Block
  /** Where the ghost of column i and row j lies among them; one of both is −1 or one past the grid, both beside a corner. */
  slot(i: number, j: number): number
  /** Boundary data at a time. */
  update(time: number): void
  /** Fills all ghosts from the nodes of `u` and the data of the last update. */
  fill(u: Float64Array): void
  /** Nodes with a Dirichlet condition. */
  readonly fixed: Int32Array
  /** u = g/β and ∂ₜu = ∂ₜg/β at `fixed`, for the data of the last update. */
  fixedValues(out: Float64Array): void
  fixedRates(out: Float64Array): void
}

export function createGhosts(boundary: readonly BoundarySide[], grid: Grid, team: Team): Ghosts {
  const { arena } = team
  const [nx, ny] = [grid.axes[0].coordinates.length, grid.axes[1]?.coordinates.length ?? 1]
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const sides = boundary.map(side => createEvolutionSide(side, grid, team))
  const find = (axis: number, end: 'lower' | 'upper'): EvolutionSide | undefined => sides.find(side => side.axis === axis && side.end === end)
  const [xLower, xUpper, yLower, yUpper] = [find(0, 'lower'), find(0, 'upper'), find(1, 'lower'), find(1, 'upper')]
  const values = arena.f64(2 * ny + 2 * (nx + 2))
  const starts = [0, ny, 2 * ny, 2 * ny + nx + 2, 2 * ny + 2 * (nx + 2)]
  const [l, r, b, a] = [0, 1, 2, 3].map(k => values.view().subarray(starts[k], starts[k + 1]))

  const ghost = (side: EvolutionSide, point: number, h: number, node: number, inner: number): number =>
    side.isDirichlet[point] !== 0 ? 2 * node - inner : inner + (2 * h * (side.data[point] - side.value[point] * node)) / side.normal[point]

  const { fixed, sources } = fixedNodes(sides, nx, ny)
  const fixedFrom = (out: Float64Array, pick: (side: EvolutionSide) => Float64Array): void =>
    sources.forEach(({ side, point }, i) => (out[i] = pick(side)[point] / side.value[point]))

  return {
    values, fixed,
    slot: (i, j) => (j < 0 ? starts[2] + i + 1 : j === ny ? starts[3] + i + 1 : i < 0 ? j : starts[1] + j),
    update(time) {
      for (const side of sides) side.update(time)
    },
    fill(u) {
      for (let j = 0; j < ny; j++) {
        const row = j * nx
        l[j] = xLower ? ghost(xLower, j, steps[0], u[row], u[row + 1]) : u[row + nx - 1]
        r[j] = xUpper ? ghost(xUpper, j, steps[0], u[row + nx - 1], u[row + nx - 2]) : u[row]
      }
      if (ny === 1) return
      const value = (i: number, j: number): number => (i === 0 ? l[j] : i === nx + 1 ? r[j] : u[j * nx + i - 1])
      for (let i = 0; i < nx + 2; i++) {
        b[i] = yLower ? ghost(yLower, i, steps[1], value(i, 0), value(i, 1)) : value(i, ny - 1)
        a[i] = yUpper ? ghost(yUpper, i, steps[1], value(i, ny - 1), value(i, ny - 2)) : value(i, 0)
      }
    },
    fixedValues: out => fixedFrom(out, side => side.data),
    fixedRates: out => fixedFrom(out, side => side.rate),
  }
}

/** Every node with a Dirichlet condition and the point of a side that gives its value; at a corner between two of them the later side's. */
function fixedNodes(sides: readonly EvolutionSide[], nx: number, ny: number): { readonly fixed: Int32Array; readonly sources: readonly { readonly side: EvolutionSide; readonly point: number }[] } {
  const found = new Map<number, { side: EvolutionSide; point: number }>()
  for (const side of sides) {
    const nodes = side.axis === 0 ? ny : nx
    for (let i = 0; i < nodes; i++) {
      const point = side.axis === 0 ? i : i + 1
      if (side.isDirichlet[point] === 0) continue
      const node = side.axis === 0 ? i * nx + (side.end === 'lower' ? 0 : nx - 1) : (side.end === 'lower' ? 0 : ny - 1) * nx + i
      found.set(node, { side, point })
    }
  }
  const entries = [...found].sort(([m], [n]) => m - n)
  return { fixed: Int32Array.from(entries, ([node]) => node), sources: entries.map(([, source]) => source) }
}
