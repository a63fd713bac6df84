import { nodesPerCell } from '../../fields/mesh'
import type { Team } from '../../kernels/team'
import type { SparseMatrix } from '../linear/sparse'
import { sparseFromRows } from '../linear/sparse'
import type { Space } from './space'

/**
 * The pattern of the system matrix: unknowns i and j are coupled when they share a cell and their components are coupled. Rows by counting the cells around each unknown.
 *
 * @param coupled coupled[i][l]: row component i depends on component l
 */
export function createMatrix(team: Team, space: Space, coupled: readonly (readonly boolean[])[]): SparseMatrix {
  const { mesh, nodes, unknownOf, unknowns, componentOf } = space
  const perCell = nodesPerCell(mesh)
  const cells = mesh.cells.length / perCell
  const components = coupled.length
  const starts = new Int32Array(unknowns + 1)
  const local = new Int32Array(components * perCell)
  const gather = (cell: number): number => {
    let count = 0
    for (let c = 0; c < components; c++) {
      for (let a = 0; a < space.nodesPerCell[c]; a++) {
        const unknown = unknownOf[c * nodes + mesh.cells[cell * perCell + a]]
        if (unknown >= 0) local[count++] = unknown
      }
    }
    return count
  }
  for (let cell = 0; cell < cells; cell++) for (let a = gather(cell) - 1; a >= 0; a--) starts[local[a] + 1]++
  for (let i = 0; i < unknowns; i++) starts[i + 1] += starts[i]
  const around = new Int32Array(starts[unknowns])
  const next = starts.slice()
  for (let cell = 0; cell < cells; cell++) for (let a = gather(cell) - 1; a >= 0; a--) around[next[local[a]]++] = cell
  const seen = new Int32Array(unknowns).fill(-1)
  const rowStarts = new Int32Array(unknowns + 1)
  let columns = new Int32Array(Math.max(16, unknowns * 8))
  let entries = 0
  for (let i = 0; i < unknowns; i++) {
    const begin = entries
    const row = coupled[componentOf[i]]
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const count = gather(around[k])
      if (entries + count > columns.length) {
        const larger = new Int32Array(2 * columns.length + count)
        larger.set(columns.subarray(0, entries))
        columns = larger
      }
      for (let b = 0; b < count; b++) {
        const j = local[b]
        if (seen[j] === i || (j !== i && !row[componentOf[j]])) continue
        seen[j] = i
        columns[entries++] = j
      }
    }
    columns.subarray(begin, entries).sort()
    rowStarts[i + 1] = entries
  }
  return sparseFromRows(team.arena, unknowns, unknowns, rowStarts, columns.subarray(0, entries))
}

/** The place of entry (i, j) among the values; the pattern has it. */
export function placeOf(starts: Int32Array, columns: Int32Array, i: number, j: number): number {
  let low = starts[i]
  let high = starts[i + 1] - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (columns[middle] < j) low = middle + 1
    else high = middle
  }
  return low
}
