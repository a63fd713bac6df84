import { compileSweep, freeNames, type CentralDifference } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import { gridShape, type Grid } from '../../../fields/field'
import type { Block, Pointer, Team } from '../../../kernels/team'
import { createPointwise } from '../../time/pointwise'
import { createBorder, integers, type Known, type SpecialRows } from './border'
import { spansOf, type SpanList } from './spans'
import { separateStatics, type Static } from './statics'

/** A derivative of a component: its central formula, and what stands in its place where that does not fit. */
export interface SweepJet {
  readonly name: string
  readonly component: number
  readonly factors: CentralDifference['factors']
  readonly special: SpecialRows
}

export interface SweepSetting {
  readonly grid: Grid
  /** Names of the components; states hold them one after the other. */
  readonly components: readonly string[]
  readonly jets: readonly SweepJet[]
  /** 1 at nodes of the domain; absent when all are. */
  readonly active?: Uint8Array
}

export interface Sweep {
  /** Whether some row takes data from boundary slots. */
  readonly readsSlots: boolean
  /** outputsₖ ← expressionₖ(x, t, components, jets) at the nodes of the domain. `state` and `slots` are byte offsets of the components and of the slots of special rows; no output may lie in the state. */
  run(time: number, state: Pointer, slots: Pointer, outputs: readonly Pointer[]): void
}

/** Nodes of a piece of work below which waking another thread costs more than it saves. */
const worthwhile = 4096
let serial = 0

/**
 * One sweep over the grid that differences and evaluates in the same loop (expressions/compile-sweep.ts) wherever all formulas are central; at the nodes beside boundaries sparse rows and a program on the
 * values they give. Nodes outside the domain, and those in `without`, keep what the outputs hold. The same bits for any number of threads.
 */
export function createSweep(setting: SweepSetting, expressions: readonly Expression[], team: Team, without?: ArrayLike<number>): Sweep {
  const { grid, components, active } = setting
  const { arena } = team
  const nodes = gridShape(grid).reduce((n, m) => n * m, 1)
  const { expressions: outputs, along, everywhere } = separateStatics(expressions, grid.axes.map(axis => axis.name))
  const names = new Set(outputs.flatMap(e => [...freeNames(e).keys()]))
  const jets = setting.jets.filter(({ name }) => names.has(name))
  const used = [...components.keys()].filter(c => names.has(components[c]) || jets.some(jet => jet.component === c))
  const lines = grid.axes.map((_, a) => alongLine(grid, a, along[a], names, team))
  const constant = onNodes(grid, everywhere, team)
  const { covered, spans, across, border: edge } = spansOf(grid, jets, used.length, active, without)
  const columns = lines[0]
  const rows = lines.slice(1).flatMap((list, a) => list.map(entry => ({ ...entry, axis: a + 1 })))
  const specification = {
    arrays: [...used.map(c => components[c]), ...constant.map(({ name }) => name)],
    differences: jets.map(({ name, component, factors }) => ({ name, array: used.indexOf(component), factors })),
    columns: columns.map(({ name }) => name), rows: rows.map(({ name }) => name), scalars: ['t'], outputs,
  }
  const load = (list: SpanList, scattered: boolean, grain: number): { readonly kernel: string; readonly count: number; readonly records: Pointer; readonly grain: number } => {
    const { bytes, lines: offsets } = compileSweep({ ...specification, scattered })
    const module = `sweep${serial++}`
    team.load(module, bytes)
    return { kernel: `${module}.run`, count: list.count, records: integers(team, list.records(offsets, rows.map(({ axis }) => axis))), grain }
  }
  const parts = [
    ...(spans.count > 0 ? [load(spans, false, Math.max(1, Math.ceil((worthwhile * spans.count) / covered)))] : []),
    ...(across.count > 0 ? [load(across, true, worthwhile / 8)] : []),
  ]
  const fixed = [...constant, ...columns, ...rows]
  const table = arena.bytes(4 * (used.length + fixed.length + outputs.length))
  const entries = new Int32Array(arena.memory.buffer, table, used.length + fixed.length + outputs.length)
  entries.set(fixed.map(({ block }) => block.pointer), used.length)
  const scalars = arena.f64(1)
  const clock = scalars.view()
  const border = edge.length > 0 ? createBorder(setting, jets, used, outputs, fixed, edge, team) : undefined
  return {
    readsSlots: border?.readsSlots ?? false,
    run(time, state, slots, targets) {
      used.forEach((c, k) => (entries[k] = state + 8 * nodes * c))
      targets.forEach((pointer, k) => (entries[used.length + fixed.length + k] = pointer))
      clock[0] = time
      for (const { kernel, count, records, grain } of parts) team.parallel(kernel, 0, count, [table, scalars.pointer, records], { grain })
      border?.run(time, state, slots, targets)
    },
  }
}

type Stored = Known & { readonly block: Block }

/** The coordinate of an axis, if it is used, and what depends on it alone: one value per place along it. */
function alongLine(grid: Grid, a: number, statics: readonly Static[], names: ReadonlySet<string>, team: Team): Stored[] {
  const { name, coordinates } = grid.axes[a]
  const n = coordinates.length
  const stride = gridShape(grid).slice(0, a).reduce((size, m) => size * m, 1)
  if (statics.length === 0 && !names.has(name)) return []
  const block = team.arena.from(coordinates)
  const blocks = statics.map(() => team.arena.f64(n))
  if (statics.length > 0) createPointwise(team, statics.map(({ expression }) => expression), { [name]: block.pointer }, [], blocks.map(({ pointer }) => pointer)).run(0, n, [])
  const stored = (label: string, values: Block): Stored => {
    const view = values.view()
    return { name: label, block: values, at: node => view[Math.floor(node / stride) % n] }
  }
  return [...(names.has(name) ? [stored(name, block)] : []), ...statics.map((s, i) => stored(s.name, blocks[i]))]
}

/** What depends on several coordinates: one value per node, computed line by line. */
function onNodes(grid: Grid, statics: readonly Static[], team: Team): Stored[] {
  if (statics.length === 0) return []
  const [nx, ny, nz] = [0, 1, 2].map(a => grid.axes[a]?.coordinates.length ?? 1)
  const blocks = statics.map(() => team.arena.f64(nx * ny * nz))
  const [first, ...others] = grid.axes
  const program = createPointwise(team, statics.map(({ expression }) => expression), { [first.name]: team.arena.from(first.coordinates).pointer }, others.map(({ name }) => name), blocks.map(({ pointer }) => pointer))
  for (let line = 0; line < ny * nz; line++) {
    blocks.forEach((block, i) => program.bindOutput(i, block.pointer + 8 * nx * line))
    program.run(0, nx, others.map(({ coordinates }, a) => coordinates[a === 0 ? line % ny : Math.floor(line / ny)]))
  }
  return statics.map(({ name }, i) => {
    const view = blocks[i].view()
    return { name, block: blocks[i], at: node => view[node] }
  })
}
