import type { Expression } from './ast'
import { Interpreter } from './interpret'
import { libmArity, vectorName } from './libm'
import { ProgramAssembler, type Lanes, type Leaf } from './program-assembler'
import { ProgramGraph, type Node } from './program-graph'
import { encodeModule, instruction as wasm, type, type Bytes } from './wasm-encoder'

/** A product of one-dimensional central differences of an array, by the axis of the grid: factors at −r … r, even or odd, whose sum is zero. */
export interface CentralDifference {
  readonly name: string
  readonly array: number
  readonly factors: readonly { readonly axis: number; readonly weights: ArrayLike<number> }[]
}

export interface SweepSpecification {
  /** Names whose values are arrays with one double per node. */
  readonly arrays: readonly string[]
  readonly differences: readonly CentralDifference[]
  /** Names with one double per place along a line (x), and with one per line (y, z). */
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** Names whose value is one double for all nodes. */
  readonly scalars: readonly string[]
  readonly outputs: readonly Expression[]
  /** Every neighbour has a place of its own in the records, so that spans of one node may lie beside the ends of a periodic axis x; the bits are the same. */
  readonly scattered?: boolean
}

export interface SweepProgram {
  readonly bytes: Uint8Array
  /** Offsets along x, y, z of the lines that the program reads, [0, 0, 0] first; along x it is 0 unless they are scattered. */
  readonly lines: readonly (readonly [number, number, number])[]
}

/**
 * Compiles expressions over grid functions and their central differences to a WebAssembly module with the one export `run(begin, end, table, scalars, spans)` (all i32): one sweep that reads
 * neighbours, differences and evaluates in the same loop. It goes over the spans begin … end − 1 of unbroken nodes of grid lines along x; a span is a record of 32-bit integers: the number of nodes,
 * the place of the first one along x, for each of `rows` the index into its array, and for each of `lines` the index of its node beside the first one. So the caller decides on the order of the
 * lines (blocks that stay in a cache) and on where lines wrap. `table` holds 32-bit byte offsets: of `arrays`, `columns`, `rows` and outputs (none of them an input), all float64.
 *
 * Two nodes are computed at a time, the last odd one of a span by the same instructions: the bits of a node do not depend on the cut of spans. What depends on scalars alone is computed once per call,
 * on them and rows once per span.
 * Throws FaultError `unknown-name`, `not-evaluable`, `expression-too-large`.
 */
export function compileSweep({ arrays, differences, columns, rows, scalars, outputs, scattered = false }: SweepSpecification): SweepProgram {
  const graph = new ProgramGraph()
  const lines: [number, number, number][] = [[0, 0, 0]]
  const neighbour = (array: number, [x, y, z]: readonly number[]): number => {
    const along = scattered ? x : 0
    const known = lines.findIndex(line => line[0] === along && line[1] === y && line[2] === z)
    return graph.neighbour(array, known >= 0 ? known : lines.push([along, y, z]) - 1, x - along)
  }
  const difference = (array: number, factors: CentralDifference['factors'], place: readonly number[]): number => {
    if (factors.length === 0) return neighbour(array, place)
    const { axis, weights } = factors[factors.length - 1]
    const inner = factors.slice(0, -1)
    const at = (k: number): number => difference(array, inner, place.map((offset, a) => (a === axis ? offset + k : offset)))
    const r = (weights.length - 1) / 2
    const odd = weights[r] === 0
    let sum: number | undefined
    for (let k = 1; k <= r; k++) {
      if (weights[r + k] === 0) continue
      // Differences of neighbours: those of constants vanish, and the second difference of a smooth function loses less.
      const change = odd ? graph.binary('subtract', at(k), at(-k)) : graph.binary('subtract', graph.binary('subtract', at(k), at(0)), graph.binary('subtract', at(0), at(-k)))
      const term = graph.binary('multiply', graph.constant(weights[r + k]), change)
      sum = sum === undefined ? term : graph.binary('add', sum, term)
    }
    return sum ?? graph.constant(0)
  }
  const lookup = (name: string): number | undefined => {
    const array = arrays.indexOf(name)
    if (array >= 0) return neighbour(array, [0, 0, 0])
    const found = differences.find(entry => entry.name === name)
    if (found) return difference(found.array, found.factors, [0, 0, 0])
    if (columns.includes(name)) return graph.column(columns.indexOf(name))
    if (rows.includes(name)) return graph.row(rows.indexOf(name))
    const scalar = scalars.indexOf(name)
    return scalar >= 0 ? graph.scalar(scalar) : undefined
  }
  const interpreter = new Interpreter(lookup, graph)
  const results = outputs.map(output => interpreter.value(output))
  return { bytes: new Assembler(graph.nodes, results, arrays.length, columns.length, rows.length, lines.length).module(), lines }
}

/** 32-bit integers of a span before its lines. */
export const spanHead = (rows: number): number => 2 + rows

const parameter = { begin: 0, end: 1, table: 2, scalars: 3, spans: 4 } as const
const parameters = 5

/** The same for the whole call, for a span, or another at every node. */
const enum Level { call, span, node }

class Assembler extends ProgramAssembler {
  private readonly count = this.local(type.i32)
  private readonly levels: Level[] = []
  /** For every array and line that is read: the local with the address of the node `reach` places before the current one. */
  private readonly pointers = new Map<string, { readonly local: number; readonly array: number; readonly line: number; reach: number }>()
  private readonly columnPointers = new Map<number, number>()
  private readonly outputs: readonly number[]

  constructor(nodes: readonly Node[], results: readonly number[], private readonly arrays: number, private readonly columns: number, private readonly rows: number, private readonly lines: number) {
    super(nodes, results, parameters)
    nodes.forEach((node, i) => {
      this.levels.push(node.kind === 'neighbour' || node.kind === 'column' ? Level.node : node.kind === 'row' ? Level.span : node.operands.reduce((most, k) => Math.max(most, this.levels[k]), Level.call))
      if (this.uses[i] === 0) return
      if (node.kind === 'column' && !this.columnPointers.has(node.index)) this.columnPointers.set(node.index, this.local(type.i32))
      if (node.kind !== 'neighbour') return
      const key = `${node.index} ${node.line}`
      const known = this.pointers.get(key)
      if (known) known.reach = Math.max(known.reach, -node.shift)
      else this.pointers.set(key, { local: this.local(type.i32), array: node.index, line: node.line, reach: Math.max(0, -node.shift) })
    })
    this.outputs = results.map(() => this.local(type.i32))
  }

  module(): Uint8Array {
    const { begin, end, spans } = parameter
    const next = [
      ...wasm.localGet(spans), ...wasm.i32Constant(this.recordBytes), ...wasm.i32Add, ...wasm.localSet(spans),
      ...wasm.localGet(begin), ...wasm.i32Constant(1), ...wasm.i32Add, ...wasm.localSet(begin),
    ]
    const more = [...wasm.localGet(begin), ...wasm.localGet(end), ...wasm.i32LessSigned]
    const first = [...wasm.localGet(begin), ...wasm.i32Constant(this.recordBytes), ...wasm.i32Multiply, ...wasm.localGet(spans), ...wasm.i32Add, ...wasm.localSet(spans)]
    const code = [...more, ...wasm.if, ...first, ...this.known(Level.call), ...wasm.loop, ...this.span(), ...next, ...more, ...wasm.branchIf(0), ...wasm.end, ...wasm.end]
    const imports = this.functions.map(name => ({ module: 'libm', name: vectorName(name), parameters: libmArity(name) }))
    return encodeModule(imports, { parameters, locals: this.locals, code })
  }

  private get recordBytes(): number {
    return 4 * (spanHead(this.rows) + this.lines)
  }

  /** Everything of a level that is used further in, or more than once. */
  private known(level: Level): Bytes {
    const code: number[] = []
    const usedWithin = new Set([...this.results, ...this.nodes.flatMap((n, i) => (this.levels[i] > level ? n.operands : []))])
    this.nodes.forEach((node, i) => {
      if (this.levels[i] === level && node.kind !== 'constant' && this.uses[i] > 0 && (this.uses[i] > 1 || usedWithin.has(i))) this.keep(i, code, 'pair')
    })
    return code
  }

  private span(): Bytes {
    const { count } = this
    const code: number[] = [...wasm.localGet(parameter.spans), ...wasm.i32Load(0), ...wasm.localSet(count)]
    for (const { local, array, line, reach } of this.pointers.values()) code.push(...this.address(array, spanHead(this.rows) + line), ...wasm.i32Constant(-8 * reach), ...wasm.i32Add, ...wasm.localSet(local))
    for (const [column, local] of this.columnPointers) code.push(...this.address(this.arrays + column, 1), ...wasm.localSet(local))
    this.outputs.forEach((local, k) => code.push(...this.address(this.arrays + this.columns + this.rows + k, spanHead(this.rows)), ...wasm.localSet(local)))
    const ofSpan = this.nodes.flatMap((_, i) => (this.levels[i] === Level.span ? [i] : []))
    code.push(...this.known(Level.span))
    const atLeast = (n: number): Bytes => [...wasm.localGet(count), ...wasm.i32Constant(n - 1), ...wasm.i32GreaterSigned]
    const step = [...this.pointers.values()].map(p => p.local).concat([...this.columnPointers.values()], this.outputs)
      .flatMap(local => [...wasm.localGet(local), ...wasm.i32Constant(16), ...wasm.i32Add, ...wasm.localSet(local)])
    const taken = [...wasm.localGet(count), ...wasm.i32Constant(-2), ...wasm.i32Add, ...wasm.localSet(count)]
    code.push(...atLeast(2), ...wasm.if, ...wasm.loop, ...this.body('pair'), ...step, ...taken, ...atLeast(2), ...wasm.branchIf(0), ...wasm.end, ...wasm.end)
    code.push(...atLeast(1), ...wasm.if, ...this.body('single'), ...wasm.end)
    for (const i of ofSpan) this.computed.delete(i)
    return code
  }

  /** The address of an entry: the array from the table, the index from the record. */
  private address(entry: number, word: number): Bytes {
    return [...wasm.localGet(parameter.table), ...wasm.i32Load(4 * entry), ...wasm.localGet(parameter.spans), ...wasm.i32Load(4 * word), ...wasm.i32Constant(3), ...wasm.i32ShiftLeft, ...wasm.i32Add]
  }

  private body(lanes: Lanes): Bytes {
    const code: number[] = []
    const kept = this.nodes.flatMap((_, i) => (this.levels[i] === Level.node && this.uses[i] > 1 ? [i] : []))
    for (const index of kept) this.keep(index, code, lanes)
    this.results.forEach((index, k) => {
      code.push(...wasm.localGet(this.outputs[k]))
      this.push(index, code, lanes)
      code.push(...(lanes === 'pair' ? wasm.store : wasm.storeLower))
    })
    // the last node computes them anew, into the same locals
    for (const index of kept) this.computed.delete(index)
    return code
  }

  protected leaf(node: Leaf, lanes: Lanes): Bytes {
    const load = (offset: number): Bytes => (lanes === 'pair' ? wasm.loadAt(offset) : wasm.loadSplat(offset))
    switch (node.kind) {
      case 'scalar': return [...wasm.localGet(parameter.scalars), ...wasm.loadSplat(8 * node.index)]
      case 'row': return [...wasm.localGet(parameter.table), ...wasm.i32Load(4 * (this.arrays + this.columns + node.index)), ...wasm.localGet(parameter.spans), ...wasm.i32Load(4 * (2 + node.index)), ...wasm.i32Constant(3), ...wasm.i32ShiftLeft, ...wasm.i32Add, ...wasm.loadSplat(0)]
      case 'column': return [...wasm.localGet(this.columnPointers.get(node.index)!), ...load(0)]
      case 'neighbour': {
        const { local, reach } = this.pointers.get(`${node.index} ${node.line}`)!
        return [...wasm.localGet(local), ...load(8 * (node.shift + reach))]
      }
      case 'input': throw new Error('a sweep has no such input')
    }
  }
}
