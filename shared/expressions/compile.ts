import type { Expression } from './ast'
import { Interpreter } from './interpret'
import { libmArity, vectorName, type Libm } from './libm'
import { ProgramGraph, type Node } from './program-graph'
import { encodeModule, instruction as wasm, type, type Bytes } from './wasm-encoder'

export interface ProgramSpecification {
  /** Names whose values are arrays, one double per node. */
  readonly inputs: readonly string[]
  /** Names whose value is one double for all nodes. */
  readonly scalars: readonly string[]
  readonly outputs: readonly Expression[]
}

/**
 * Compiles expressions to a WebAssembly module with the one export `run(begin, end, table, scalars)` (all i32): for every node i in [begin, end),
 * outputs_k[i] = expression_k(inputs[i], scalars). `table` is the byte offset of 32-bit byte offsets: of every input array (float64), then of every output array;
 * `scalars` is the byte offset of the scalars (float64). An output may be the same array as an input. Imports: `env.memory` (shared, 1 … 65536 pages)
 * and the vector functions of the libm module, `libm.sinx2` ….
 *
 * Two nodes are computed at a time (f64x2), the last odd one by the same instructions; common subexpressions once per node, those of scalars alone once per call.
 * Every node has the bits that `evaluate` gives, wherever [begin, end) is cut.
 * Throws FaultError `unknown-name`, `not-evaluable`, `expression-too-large`.
 */
export function compileProgram({ inputs, scalars, outputs }: ProgramSpecification): Uint8Array {
  const graph = new ProgramGraph()
  const lookup = (name: string): number | undefined => {
    const input = inputs.indexOf(name)
    if (input >= 0) return graph.input(input)
    const scalar = scalars.indexOf(name)
    return scalar >= 0 ? graph.scalar(scalar) : undefined
  }
  const interpreter = new Interpreter(lookup, graph)
  const results = outputs.map(output => interpreter.value(output))
  return new Assembler(graph.nodes, inputs.length, results).module()
}

const parameter = { begin: 0, end: 1, table: 2, scalars: 3 } as const
/** The byte offset of the current node from the start of an array. */
const byteOffset = 4
const firstFree = 5

class Assembler {
  private readonly uses: readonly number[]
  private readonly functions: (keyof Libm)[]
  private readonly locals: number[] = [type.i32]
  /** Where a value that is used several times lies. */
  private readonly home = new Map<number, number>()
  /** Values that lie in their local at this place of the code. */
  private readonly computed = new Set<number>()
  private readonly pointers: readonly number[]

  constructor(private readonly nodes: readonly Node[], private readonly inputCount: number, private readonly results: readonly number[]) {
    const uses = nodes.map(() => 0)
    const needed = new Set<number>()
    const pending = [...results]
    while (pending.length > 0) {
      const index = pending.pop()!
      uses[index]++
      if (needed.has(index)) continue
      needed.add(index)
      pending.push(...nodes[index].operands)
    }
    this.uses = uses
    this.functions = [...new Set(nodes.flatMap((n, i) => (n.kind === 'libm' && uses[i] > 0 ? [n.name] : [])))]
    this.pointers = Array.from({ length: inputCount + results.length }, () => this.local(type.i32))
  }

  module(): Uint8Array {
    const code = [...this.preamble(), ...this.pairs(), ...this.lastNode()]
    const imports = this.functions.map(name => ({ module: 'libm', name: vectorName(name), parameters: libmArity(name) }))
    return encodeModule(imports, { parameters: 4, locals: this.locals, code })
  }

  private local(kind: number): number {
    return firstFree + this.locals.push(kind) - 2
  }

  /** Pointers out of the table; everything that is the same at all nodes and used in the loop, or more than once. */
  private preamble(): Bytes {
    const code: number[] = []
    this.pointers.forEach((pointer, k) => code.push(...wasm.localGet(parameter.table), ...wasm.i32Load(4 * k), ...wasm.localSet(pointer)))
    const usedInLoop = new Set([...this.results, ...this.nodes.flatMap(n => (n.uniform ? [] : n.operands))])
    this.nodes.forEach((node, i) => {
      if (node.uniform && node.kind !== 'constant' && this.uses[i] > 0 && (this.uses[i] > 1 || usedInLoop.has(i))) this.keep(i, code, wasm.load)
    })
    code.push(...wasm.localGet(parameter.begin), ...wasm.i32Constant(3), ...wasm.i32ShiftLeft, ...wasm.localSet(byteOffset))
    return code
  }

  /** Computes a value into a local of its own. */
  private keep(index: number, code: number[], load: Bytes): void {
    this.push(index, code, load)
    const home = this.home.get(index) ?? this.local(type.v128)
    this.home.set(index, home)
    this.computed.add(index)
    code.push(...wasm.localSet(home))
  }

  private pairs(): Bytes {
    const { begin, end } = parameter
    const more = [...wasm.localGet(begin), ...wasm.i32Constant(1), ...wasm.i32Add, ...wasm.localGet(end), ...wasm.i32LessSigned]
    const step = [
      ...wasm.localGet(begin), ...wasm.i32Constant(2), ...wasm.i32Add, ...wasm.localSet(begin),
      ...wasm.localGet(byteOffset), ...wasm.i32Constant(16), ...wasm.i32Add, ...wasm.localSet(byteOffset),
    ]
    return [...more, ...wasm.if, ...wasm.loop, ...this.body(wasm.load, wasm.store), ...step, ...more, ...wasm.branchIf(0), ...wasm.end, ...wasm.end]
  }

  /** The odd node fills both lanes, so that no lane computes on anything else. */
  private lastNode(): Bytes {
    return [...wasm.localGet(parameter.begin), ...wasm.localGet(parameter.end), ...wasm.i32LessSigned, ...wasm.if, ...this.body(wasm.loadSplat(0), wasm.storeLower), ...wasm.end]
  }

  private body(load: Bytes, store: Bytes): Bytes {
    const code: number[] = []
    const kept = this.nodes.flatMap((node, i) => (!node.uniform && (this.uses[i] > 1 || this.results.includes(i)) && this.uses[i] > 0 ? [i] : []))
    for (const index of kept) this.keep(index, code, load)
    // all results are known before the first is stored: an output may overwrite an input
    this.results.forEach((index, k) => {
      code.push(...this.address(this.inputCount + k))
      this.push(index, code, load)
      code.push(...store)
    })
    // the last node computes them anew, into the same locals
    for (const index of kept) this.computed.delete(index)
    return code
  }

  private address(k: number): Bytes {
    return [...wasm.localGet(this.pointers[k]), ...wasm.localGet(byteOffset), ...wasm.i32Add]
  }

  /** Leaves a value on the stack: from its local, or computed there. */
  private push(index: number, code: number[], load: Bytes): void {
    const node = this.nodes[index]
    if (this.computed.has(index)) {
      code.push(...wasm.localGet(this.home.get(index)!))
      return
    }
    if (node.kind === 'select') {
      const [condition, then, otherwise] = node.operands
      for (const operand of [then, otherwise, condition]) this.push(operand, code, load)
    } else for (const operand of node.operands) this.push(operand, code, load)
    code.push(...this.opcode(node, load))
  }

  private opcode(node: Node, load: Bytes): Bytes {
    switch (node.kind) {
      case 'constant': return wasm.constant(node.value)
      case 'input': return [...this.address(node.index), ...load]
      case 'scalar': return [...wasm.localGet(parameter.scalars), ...wasm.loadSplat(8 * node.index)]
      case 'unary': return wasm.unary[node.operation]
      case 'binary': return wasm.binary[node.operation]
      case 'compare': return wasm.compare[node.operator]
      case 'and': return wasm.and
      case 'or': return wasm.or
      case 'not': return wasm.not
      case 'select': return wasm.bitSelect
      case 'libm': return wasm.call(this.functions.indexOf(node.name))
    }
  }
}
