import type { Expression } from './ast'
import { Interpreter } from './interpret'
import { libmArity, vectorName } from './libm'
import { ProgramAssembler, type Lanes, type Leaf } from './program-assembler'
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
const parameters = 4

class Assembler extends ProgramAssembler {
  /** The byte offset of the current node from the start of an array. */
  private readonly byteOffset = this.local(type.i32)
  private readonly pointers: readonly number[]

  constructor(nodes: readonly Node[], private readonly inputCount: number, results: readonly number[]) {
    super(nodes, results, parameters)
    this.pointers = Array.from({ length: inputCount + results.length }, () => this.local(type.i32))
  }

  module(): Uint8Array {
    const code = [...this.preamble(), ...this.pairs(), ...this.lastNode()]
    const imports = this.functions.map(name => ({ module: 'libm', name: vectorName(name), parameters: libmArity(name) }))
    return encodeModule(imports, { parameters, locals: this.locals, code })
  }

  /** Pointers out of the table; everything that is the same at all nodes and used in the loop, or more than once. */
  private preamble(): Bytes {
    const code: number[] = []
    this.pointers.forEach((pointer, k) => code.push(...wasm.localGet(parameter.table), ...wasm.i32Load(4 * k), ...wasm.localSet(pointer)))
    const usedInLoop = new Set([...this.results, ...this.nodes.flatMap(n => (n.uniform ? [] : n.operands))])
    this.nodes.forEach((node, i) => {
      if (node.uniform && node.kind !== 'constant' && this.uses[i] > 0 && (this.uses[i] > 1 || usedInLoop.has(i))) this.keep(i, code, 'pair')
    })
    code.push(...wasm.localGet(parameter.begin), ...wasm.i32Constant(3), ...wasm.i32ShiftLeft, ...wasm.localSet(this.byteOffset))
    return code
  }

  private pairs(): Bytes {
    const { begin, end } = parameter
    const { byteOffset } = this
    const more = [...wasm.localGet(begin), ...wasm.i32Constant(1), ...wasm.i32Add, ...wasm.localGet(end), ...wasm.i32LessSigned]
    const step = [
      ...wasm.localGet(begin), ...wasm.i32Constant(2), ...wasm.i32Add, ...wasm.localSet(begin),
      ...wasm.localGet(byteOffset), ...wasm.i32Constant(16), ...wasm.i32Add, ...wasm.localSet(byteOffset),
    ]
    return [...more, ...wasm.if, ...wasm.loop, ...this.body('pair'), ...step, ...more, ...wasm.branchIf(0), ...wasm.end, ...wasm.end]
  }

  private lastNode(): Bytes {
    return [...wasm.localGet(parameter.begin), ...wasm.localGet(parameter.end), ...wasm.i32LessSigned, ...wasm.if, ...this.body('single'), ...wasm.end]
  }

  private body(lanes: Lanes): Bytes {
    const code: number[] = []
    const kept = this.nodes.flatMap((node, i) => (!node.uniform && (this.uses[i] > 1 || this.results.includes(i)) && this.uses[i] > 0 ? [i] : []))
    for (const index of kept) this.keep(index, code, lanes)
    // all results are known before the first is stored: an output may overwrite an input
    this.results.forEach((index, k) => {
      code.push(...this.address(this.inputCount + k))
      this.push(index, code, lanes)
      code.push(...(lanes === 'pair' ? wasm.store : wasm.storeLower))
    })
    // the last node computes them anew, into the same locals
    for (const index of kept) this.computed.delete(index)
    return code
  }

  private address(k: number): Bytes {
    return [...wasm.localGet(this.pointers[k]), ...wasm.localGet(this.byteOffset), ...wasm.i32Add]
  }

  protected leaf(node: Leaf, lanes: Lanes): Bytes {
    if (node.kind === 'scalar') return [...wasm.localGet(parameter.scalars), ...wasm.loadSplat(8 * node.index)]
    return [...this.address(node.index), ...(lanes === 'pair' ? wasm.load : wasm.loadSplat(0))]
  }
}
