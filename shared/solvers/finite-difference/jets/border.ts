import type { Expression } from '../../../expressions/ast'
import { gridShape } from '../../../fields/field'
import type { Pointer, Team } from '../../../kernels/team'
import { createPointwise } from '../../time/pointwise'
import type { Sweep, SweepJet, SweepSetting } from './sweep'

export interface SpecialRow {
  /** Factors of nodes of the component, and of boundary slots. */
  readonly nodes: ReadonlyMap<number, number>
  readonly slots: ReadonlyMap<number, number>
}

/** Nodes where a central formula does not fit, in increasing order, and the rows in its place; a node without a row has the derivative 0. */
export interface SpecialRows {
  readonly nodes: readonly number[]
  readonly rows: readonly (SpecialRow | undefined)[]
}

/** Something that never changes, by node. */
export interface Known {
  readonly name: string
  at(node: number): number
}

/** Evaluates expressions at a list of nodes: the components and jets there by one product with a sparse matrix, then a program on these few values, whose results go to the nodes' places. */
export function createBorder(setting: SweepSetting, jets: readonly SweepJet[], used: readonly number[], expressions: readonly Expression[], known: readonly Known[], list: Int32Array, team: Team): Sweep {
  const { grid, components } = setting
  const { arena } = team
  const nodes = gridShape(grid).reduce((n, m) => n * m, 1)
  const [starts, columns, values]: [number[], number[], number[]] = [[0], [], []]
  const [slotStarts, slotColumns, slotValues]: [number[], number[], number[]] = [[0], [], []]
  const close = (): void => {
    starts.push(columns.length)
    slotStarts.push(slotColumns.length)
  }
  for (const c of used) {
    for (const node of list) {
      columns.push(c * nodes + node)
      values.push(1)
      close()
    }
  }
  for (const jet of jets) {
    const { special } = jet
    const central = centralRow(jet, grid)
    let next = 0
    for (const node of list) {
      while (next < special.nodes.length && special.nodes[next] < node) next++
      const row = special.nodes[next] === node ? special.rows[next] : central(node)
      if (row) {
        for (const [column, value] of [...row.nodes].sort(([a], [b]) => a - b)) {
          columns.push(jet.component * nodes + column)
          values.push(value)
        }
        for (const [slot, value] of [...row.slots].sort(([a], [b]) => a - b)) {
          slotColumns.push(slot)
          slotValues.push(value)
        }
      }
      close()
    }
  }
  const doubles = (entries: readonly number[]): Pointer => arena.from(entries.length > 0 ? entries : [0]).pointer
  const total = (used.length + jets.length) * list.length
  const places = integers(team, list)
  const matrix = [integers(team, Int32Array.from({ length: total }, (_, i) => i)), integers(team, starts), integers(team, columns), doubles(values), integers(team, slotStarts), integers(team, slotColumns), doubles(slotValues)]
  const gathered = arena.f64(Math.max(1, total)).pointer
  const at = (index: number): Pointer => gathered + 8 * index * list.length
  const results = expressions.map(() => arena.f64(list.length).pointer)
  const program = createPointwise(team, expressions, {
    ...Object.fromEntries(used.map((c, i) => [components[c], at(i)])),
    ...Object.fromEntries(jets.map(({ name }, i) => [name, at(used.length + i)])),
    ...Object.fromEntries(known.map(entry => [entry.name, arena.from(Float64Array.from(list, node => entry.at(node))).pointer])),
  }, ['t'], results)
  const grain = { grain: 1024 }
  return {
    readsSlots: slotColumns.length > 0,
    run(time, state, slots, outputs) {
      team.parallel('stencil.rows', 0, total, [...matrix, state, slots, gathered], grain)
      program.run(0, list.length, [time])
      outputs.forEach((pointer, k) => team.parallel('stencil.place', 0, list.length, [places, results[k], pointer], grain))
    },
  }
}

/** A list of 32-bit integers in the arena. */
export function integers({ arena }: Team, entries: ArrayLike<number>): Pointer {
  const pointer = arena.bytes(4 * Math.max(1, entries.length))
  new Int32Array(arena.memory.buffer, pointer, entries.length).set(entries)
  return pointer
}

const noSlots: ReadonlyMap<number, number> = new Map()

/** The central formula at a node, around periodic axes. */
function centralRow({ factors }: SweepJet, grid: SweepSetting['grid']): (node: number) => SpecialRow {
  const strides = grid.axes.map((_, a) => gridShape(grid).slice(0, a).reduce((n, m) => n * m, 1))
  return node => {
    let row = new Map([[node, 1]])
    for (const { axis, weights } of factors) {
      const n = grid.axes[axis].coordinates.length
      const r = (weights.length - 1) / 2
      const next = new Map<number, number>()
      for (const [from, factor] of row) {
        const i = Math.floor(from / strides[axis]) % n
        for (let k = -r; k <= r; k++) {
          if (weights[r + k] === 0) continue
          const to = from + (((i + k + n) % n) - i) * strides[axis]
          next.set(to, (next.get(to) ?? 0) + factor * weights[r + k])
        }
      }
      row = next
    }
    return { nodes: row, slots: noSlots }
  }
}
