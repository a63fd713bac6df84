import type { Pointer, Team } from '../../../kernels/team'
import type { SparseMatrix } from '../sparse'
import type { FrontEntries } from './entries'
import { leadingDimension, namesBytes, type Symbolic } from './symbolic'

export interface Scaling {
  readonly row: Pointer
  readonly column: Pointer
}

export interface NumericInput {
  readonly team: Team
  readonly matrix: SparseMatrix
  readonly symbolic: Symbolic
  readonly entries: FrontEntries
  /** Memory for factors (from below) and for fronts and contributions (from above). */
  readonly region: Pointer
  readonly bytes: number
  /** Five words per front for the kernels of the solution; see shared/kernels/assembly/fronts.ts. */
  readonly description: Pointer
  /** Two lists of `size` 32-bit integers each. */
  readonly maps: Pointer
  readonly throwIfCancelled?: () => void
}

/** Symmetric: positive pivots only, or pivots at least `weak` times the largest of their row. General: scaled rows and columns and threshold pivoting. */
export type Pivoting =
  | { readonly kind: 'symmetric'; readonly positive: boolean; readonly weak: number }
  | { readonly kind: 'general'; readonly scaling: Scaling }

/** done: delayed counts pivots that had to wait for a larger front. full: the region was too small. failed: the position whose pivot is not allowed. */
export type Numeric = { readonly end: 'done'; readonly delayed: number } | { readonly end: 'full' } | { readonly end: 'failed'; readonly position: number }

const panel = 32
/** From this order on a front is eliminated panel by panel, with updates on all threads and a look at the flag in between. */
const parallelOrder = 256
const updateRows = 64
/** A pivot must be a hundredth of its column; the diagonal is taken from a tenth on, to keep the order of elimination. Refinement repairs what growth costs. */
const threshold = 0.01
const preference = 0.1

interface Contribution {
  readonly block: Pointer
  /** Top of the stack without it. */
  readonly above: Pointer
  readonly size: number
  readonly delayed: number
  readonly rows: Int32Array
  readonly columns: Int32Array
}

/**
 * The numbers of a multifrontal factorisation, front after front in postorder: own entries and the children's contributions are added up in a dense front, its pivots are
 * eliminated, the rest goes on the stack for the parent. A pivot that is too small beside its column is delayed: it moves into the parent's front, where more rows compete.
 *
 * Source: Duff & Reid 1983, doi:10.1145/356044.356047; delayed pivots: Amestoy et al. 2001, doi:10.1137/S0895479899358194.
 */
export function factorNumeric(input: NumericInput, pivoting: Pivoting): Numeric {
  const { team, matrix, symbolic, entries, region, bytes, description, maps } = input
  const { fronts, firstPivot, parent, rowStarts, rows: beyond, size: n } = symbolic
  const symmetric = pivoting.kind === 'symmetric'
  const scaling = pivoting.kind === 'general' ? pivoting.scaling : { row: 0, column: 0 }
  const words = new Int32Array(team.arena.memory.buffer)
  const at = (pointer: Pointer): number => pointer / 4
  const rowPlace = new Int32Array(n)
  const columnPlace = symmetric ? rowPlace : new Int32Array(n)
  const waiting: Contribution[] = []
  const children = new Int32Array(fronts)
  for (let f = 0; f < fronts; f++) if (parent[f] >= 0) children[parent[f]]++
  let store = region
  let top = region + bytes - (bytes % 16)
  let delayedTotal = 0

  for (let f = 0; f < fronts; f++) {
    if (f % 64 === 0) input.throwIfCancelled?.()
    const own = firstPivot[f + 1] - firstPivot[f]
    const rest = rowStarts[f + 1] - rowStarts[f]
    const contributions = children[f] > 0 ? waiting.splice(waiting.length - children[f]) : []
    let delayed = 0
    for (const child of contributions) delayed += child.delayed
    const pivots = own + delayed
    const m = pivots + rest
    const ld = leadingDimension(m)
    const frontBytes = 8 * m * ld
    const rowNames = store
    const columnNames = symmetric ? rowNames : rowNames + 4 * m
    const values = store + namesBytes(m, symmetric)
    const front = top - frontBytes - (frontBytes % 16)
    if (values + 8 * (pivots * m + (symmetric ? 0 : (m - pivots) * pivots)) + 16 > front) return { end: 'full' }

    // Names of rows and columns: own pivots, delayed ones, the rest.
    let [r, c] = [at(rowNames), at(columnNames)]
    for (let t = 0; t < own; t++) words[r++] = words[c++] = firstPivot[f] + t
    for (const child of contributions) {
      for (let t = 0; t < child.delayed; t++) {
        words[r++] = child.rows[t]
        words[c++] = child.columns[t]
      }
    }
    for (let t = rowStarts[f]; t < rowStarts[f + 1]; t++) words[r++] = words[c++] = beyond[t]
    for (let t = 0, name = at(rowNames); t < m; t++) rowPlace[words[name + t]] = t
    if (!symmetric) for (let t = 0, name = at(columnNames); t < m; t++) columnPlace[words[name + t]] = t

    team.call('fronts.start', [front, m, ld, entries.starts[f], entries.starts[f + 1], entries.entry, entries.row, entries.column, own, delayed, matrix.values.pointer, scaling.row, scaling.column, entries.matrixRow, matrix.columnsPointer])
    for (const child of contributions) {
      const [a, b] = [at(maps), at(maps) + (symmetric ? 0 : n)]
      for (let t = 0; t < child.size; t++) words[a + t] = rowPlace[child.rows[t]]
      if (!symmetric) for (let t = 0; t < child.size; t++) words[b + t] = columnPlace[child.columns[t]]
      team.call('fronts.extendAdd', [front, ld, child.block, child.size, maps, 4 * b, symmetric ? 1 : 0])
    }
    // The children's blocks lie on top of the stack, the first of them highest.
    if (contributions.length > 0) top = contributions[0].above

    let k: number
    if (pivoting.kind === 'symmetric') {
      k = eliminateSymmetric(team, front, ld, m, pivots, pivoting.positive, pivoting.weak, input.throwIfCancelled)
      if (k < 0) return { end: 'failed', position: firstPivot[f] - 1 - k }
    } else {
      k = eliminateGeneral(team, front, ld, m, pivots, rowNames, columnNames, parent[f] < 0, input.throwIfCancelled)
      if (k < pivots && parent[f] < 0) return { end: 'failed', position: words[at(columnNames) + k] }
    }
    delayedTotal += pivots - k

    team.call('fronts.copyRows', [k, m, front, ld, values, m])
    if (!symmetric) team.call('fronts.copyRows', [m - k, k, front + 8 * k * ld, ld, values + 8 * k * m, k])
    const place = at(description) + 5 * f
    words[place] = k
    words[place + 1] = m
    words[place + 2] = rowNames
    words[place + 3] = columnNames
    words[place + 4] = values
    const stored = values + 8 * (k * m + (symmetric ? 0 : (m - k) * k))
    store = stored + ((16 - (stored % 16)) % 16)
    if (parent[f] < 0) continue
    const size = m - k
    const rounded = 8 * size * size
    const block = top - rounded - (rounded % 16)
    team.call('fronts.takeBlock', [front, ld, m, k, block, symmetric ? 1 : 0])
    const names = (pointer: Pointer): Int32Array => words.slice(at(pointer) + k, at(pointer) + m)
    const rows = names(rowNames)
    waiting.push({ block, above: top, size, delayed: pivots - k, rows, columns: symmetric ? rows : names(columnNames) })
    top = block
  }
  return { end: 'done', delayed: delayedTotal }
}

function eliminateSymmetric(team: Team, front: Pointer, ld: number, m: number, pivots: number, positive: boolean, weak: number, look?: () => void): number {
  if (m < parallelOrder) return team.call('fronts.factorSymmetric', [front, ld, m, pivots, positive ? 1 : 0, weak])
  for (let k0 = 0; k0 < pivots; k0 += panel) {
    look?.()
    const k1 = Math.min(pivots, k0 + panel)
    const done = team.call('fronts.panelSymmetric', [front, ld, m, k0, k1, positive ? 1 : 0, weak])
    if (done < 0) return done
    team.parallel('fronts.updateSymmetric', 0, Math.ceil((m - k1) / updateRows), [front, ld, m, k0, k1])
  }
  return pivots
}

function eliminateGeneral(team: Team, front: Pointer, ld: number, m: number, pivots: number, rowNames: Pointer, columnNames: Pointer, isRoot: boolean, look?: () => void): number {
  // Every row of a root competes: any pivot will do there.
  const least = isRoot ? 0 : threshold
  const parallel = m >= parallelOrder
  let k = parallel ? 0 : team.call('fronts.factorGeneral', [front, ld, m, pivots, least, preference, rowNames])
  /** Columns from here on found no pivot in this pass. */
  let active = pivots
  let gained = false
  for (;;) {
    while (k < active) {
      const k1 = Math.min(active, k + panel)
      const done = step(k, k1)
      gained ||= done > k
      k = done
      if (done < k1) {
        active--
        if (done < active) team.call('fronts.swapColumns', [front, ld, m, done, active, columnNames])
      }
    }
    if (k === pivots || !gained) return k
    active = pivots
    gained = false
  }

  function step(k0: number, k1: number): number {
    if (!parallel) return team.call('fronts.stepGeneral', [front, ld, m, k0, k1, pivots, least, preference, rowNames])
    look?.()
    const done = team.call('fronts.panelGeneral', [front, ld, m, k0, k1, pivots, least, preference, rowNames])
    if (done === k0) return done
    team.parallel('fronts.solveRows', k1, m, [front, ld, k0, done], { grain: 128 })
    team.parallel('fronts.updateGeneral', 0, Math.ceil((m - done) / updateRows), [front, ld, m, k0, done, k1])
    return done
  }
}
