import { spanHead, type SweepProgram } from '../../../expressions'
import type { Grid } from '../../../fields/field'
import type { SweepJet } from './sweep'

/** Where a sweep goes: unbroken spans of grid lines, single nodes whose neighbours lie across the ends of a periodic axis x, and the nodes beside boundaries that it leaves out. */
export interface Spans {
  /** Nodes of all spans. */
  readonly covered: number
  readonly spans: SpanList
  readonly across: SpanList
  /** Nodes of the domain that are in no span, in increasing order. */
  readonly border: Int32Array
}

export interface SpanList {
  readonly count: number
  /** The records that compiled sweeps read (see compileSweep); `rowAxes` are the axes of the arrays with one value per line. */
  records(lines: SweepProgram['lines'], rowAxes: readonly number[]): Int32Array
}

/** Bytes of neighbouring planes that should stay in the second-level cache while a sweep goes from plane to plane. */
const blockBytes = 1 << 19

const [free, special, wrapping, excluded] = [0, 1, 2, 3]

/** Spans of nodes where every jet is central. Lines are in the order of memory in the plane, in space in blocks of y: the planes above and below a block are then still in the cache. */
export function spansOf(grid: Grid, jets: readonly SweepJet[], arrays: number, active: Uint8Array | undefined, without: ArrayLike<number> | undefined): Spans {
  const shape = [0, 1, 2].map(a => grid.axes[a]?.coordinates.length ?? 1)
  const [nx, ny, nz] = shape
  const marks = new Uint8Array(nx * ny * nz)
  if (grid.axes[0].periodic) {
    const reach = jets.reduce((most, { factors }) => Math.max(most, ...factors.map(({ axis, weights }) => (axis === 0 ? (weights.length - 1) / 2 : 0))), 0)
    for (let line = 0; line < ny * nz; line++) for (let i = 0; i < reach; i++) marks[line * nx + i] = marks[line * nx + nx - 1 - i] = wrapping
  }
  for (const jet of jets) for (const node of jet.special.nodes) marks[node] = special
  if (active) for (let node = 0; node < marks.length; node++) if (active[node] === 0) marks[node] = excluded
  if (without) for (let i = 0; i < without.length; i++) marks[without[i]] = excluded

  const planes = jets.reduce((most, { factors }) => Math.max(most, ...factors.map(({ axis, weights }) => (axis === 2 ? weights.length : 1))), 1)
  const block = planes === 1 ? ny : Math.max(4, Math.floor(blockBytes / (8 * nx * planes * Math.max(1, arrays))))
  const [starts, lengths, single, border]: [number[], number[], number[], number[]] = [[], [], [], []]
  let covered = 0
  for (let from = 0; from < ny; from += block) {
    for (let k = 0; k < nz; k++) {
      for (let j = from; j < Math.min(ny, from + block); j++) {
        const line = (k * ny + j) * nx
        for (let i = 0; i < nx; i++) {
          const mark = marks[line + i]
          if (mark === wrapping) single.push(line + i)
          else if (mark === special) border.push(line + i)
          if (mark !== free) continue
          const first = i
          while (i + 1 < nx && marks[line + i + 1] === free) i++
          starts.push(line + first)
          lengths.push(i + 1 - first)
          covered += i + 1 - first
        }
      }
    }
  }
  return { covered, border: Int32Array.from(border).sort(), spans: spanList(starts, lengths, shape), across: spanList(single, undefined, shape) }
}

/** `lengths` absent: single nodes. */
function spanList(starts: readonly number[], lengths: readonly number[] | undefined, [nx, ny, nz]: readonly number[]): SpanList {
  return {
    count: starts.length,
    records(lines, rowAxes) {
      const head = spanHead(rowAxes.length)
      const words = head + lines.length
      const records = new Int32Array(words * starts.length)
      for (let s = 0; s < starts.length; s++) {
        const node = starts[s]
        const line = Math.floor(node / nx)
        const [i, j, k] = [node % nx, line % ny, Math.floor(line / ny)]
        const at = s * words
        records[at] = lengths ? lengths[s] : 1
        records[at + 1] = i
        for (let r = 0; r < rowAxes.length; r++) records[at + 2 + r] = rowAxes[r] === 1 ? j : k
        for (let l = 0; l < lines.length; l++) {
          const [x, y, z] = lines[l]
          records[at + head + l] = (((k + z + nz) % nz) * ny + ((j + y + ny) % ny)) * nx + ((i + x + nx) % nx)
        }
      }
      return records
    },
  }
}
