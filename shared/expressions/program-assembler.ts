import type { Libm } from './libm'
import type { Node } from './program-graph'
import { instruction as wasm, type, type Bytes } from './wasm-encoder'

/** What is not computed but read. */
export type Leaf = Extract<Node, { kind: 'input' | 'scalar' | 'neighbour' | 'column' | 'row' }>
/** Two nodes side by side, or the last odd one in both lanes, so that no lane computes on anything else. */
export type Lanes = 'pair' | 'single'

/** Turns the values of a program graph into WebAssembly instructions on v128 locals; what is used several times is computed once. */
export abstract class ProgramAssembler {
  /** How often each value is used; 0 for what the results do not need. */
  protected readonly uses: readonly number[]
  protected readonly functions: (keyof Libm)[]
  protected readonly locals: number[] = []
  /** Where a value that is used several times lies. */
  private readonly home = new Map<number, number>()
  /** Values that lie in their local at this place of the code. */
  protected readonly computed = new Set<number>()

  constructor(protected readonly nodes: readonly Node[], protected readonly results: readonly number[], private readonly parameters: number) {
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
  }

  /** Leaves what a leaf reads on the stack. */
  protected abstract leaf(node: Leaf, lanes: Lanes): Bytes

  protected local(kind: number): number {
    return this.parameters + this.locals.push(kind) - 1
  }

  /** Computes a value into a local of its own. */
  protected keep(index: number, code: number[], lanes: Lanes): void {
    this.push(index, code, lanes)
    const home = this.home.get(index) ?? this.local(type.v128)
    this.home.set(index, home)
    this.computed.add(index)
    code.push(...wasm.localSet(home))
  }

  /** Leaves a value on the stack: from its local, or computed there. */
  protected push(index: number, code: number[], lanes: Lanes): void {
    const node = this.nodes[index]
    if (this.computed.has(index)) {
      code.push(...wasm.localGet(this.home.get(index)!))
      return
    }
    if (node.kind === 'select') {
      const [condition, then, otherwise] = node.operands
      for (const operand of [then, otherwise, condition]) this.push(operand, code, lanes)
    } else for (const operand of node.operands) this.push(operand, code, lanes)
    code.push(...this.opcode(node, lanes))
  }

  private opcode(node: Node, lanes: Lanes): Bytes {
    switch (node.kind) {
      case 'constant': return wasm.constant(node.value)
      case 'unary': return wasm.unary[node.operation]
      case 'binary': return wasm.binary[node.operation]
      case 'compare': return wasm.compare[node.operator]
      case 'and': return wasm.and
      case 'or': return wasm.or
      case 'not': return wasm.not
      case 'select': return wasm.bitSelect
      case 'libm': return wasm.call(this.functions.indexOf(node.name))
      default: return this.leaf(node, lanes)
    }
  }
}
