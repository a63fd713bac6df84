import { error, type Fault } from '../../fault'
import type { Program } from '../compile'
import { graphNodes, sizeOf, type ArrayType, type Graph, type Node, type Precision, type Value } from './graph'

/** Bytes that running a graph takes, apart from the program that runs it. */
export interface MemoryEstimate {
  /** State twice (it is read while the next is written), inputs and outputs. */
  readonly held: number
  /** Constants in the graph. */
  readonly constants: number
  /** The most that intermediate arrays take at one time, in the order of execution. */
  readonly peak: number
  /** What a process grows by: ONNX Runtime keeps what the first call took and plans one block of the same size from the second on, so the peak counts twice. */
  readonly total: number
  /** What made the largest array that is live at the peak. */
  readonly at?: Node
}

export const bytesOf = ({ type, shape }: ArrayType, precision: Precision): number => sizeOf(shape) * (type === 'boolean' ? 1 : type === 'real' && precision === 'float32' ? 4 : 8)

/** Operators whose result is the operand's memory under another shape. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Identity'])
/** Operators that ONNX Runtime lets write over an operand of the same size that nobody needs any more. */
const inPlace: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs', 'Sign', 'Sqrt', 'Exp', 'Log', 'Tanh', 'Sigmoid', 'Relu', 'Reciprocal', 'Sin', 'Cos', 'Floor', 'Ceil', 'Not', 'Softmax'])

/**
 * Goes through the nodes in the order of execution and adds up the arrays that are live: made, and still to be read. Views and operators in place take none of their own.
 * Scratch space of kernels (packed matrices, columns of convolutions) is not counted. On FNO and PINN training the total was within a quarter of what ONNX Runtime's process grew by.
 */
export function estimateMemory(graph: Graph, precision: Precision): MemoryEstimate {
  const nodes = graphNodes(graph)
  const roots = new Map<Value, Value>()
  const rootOf = (value: Value): Value => roots.get(value) ?? value
  const reads = new Map<Value, number>()
  const count = (value: Value): void => { reads.set(value, (reads.get(value) ?? 0) + 1) }
  for (const node of nodes) {
    if (views.has(node.operator)) roots.set(node.outputs[0], rootOf(node.inputs[0]))
    for (const value of node.inputs) count(rootOf(value))
  }
  // Outputs live to the end.
  const kept = new Set(graph.outputs.map(o => rootOf(o.value)))
  const isCounted = (value: Value): boolean => value.node.operator !== 'Input' && value.node.operator !== 'Constant'
  let [live, peak, constants]: [number, number, number] = [0, 0, 0]
  let peakStep = 0
  const owned = new Map<Value, number>()
  const died = new Map<Value, number>()
  for (const [step, node] of nodes.entries()) {
    if (node.operator === 'Constant') constants += bytesOf(node.outputs[0], precision)
    if (node.operator === 'Input' || node.operator === 'Constant') continue
    const isLast = (value: Value): boolean => isCounted(value) && !kept.has(value) && reads.get(value) === node.inputs.filter(v => rootOf(v) === value).length
    if (!views.has(node.operator)) {
      const reused = inPlace.has(node.operator) ? node.inputs.map(rootOf).find(v => isLast(v) && owned.get(v) === bytesOf(node.outputs[0], precision)) : undefined
      for (const value of node.outputs) {
        owned.set(value, bytesOf(value, precision))
        live += bytesOf(value, precision)
      }
      if (reused) {
        live -= owned.get(reused)!
        owned.set(reused, 0)
      }
    }
    if (live > peak) [peak, peakStep] = [live, step]
    for (const value of node.inputs.map(rootOf)) {
      const left = reads.get(value)! - 1
      reads.set(value, left)
      if (left > 0 || kept.has(value)) continue
      live -= owned.get(value) ?? 0
      died.set(value, step)
    }
    for (const value of node.outputs) if (!reads.has(rootOf(value)) && !kept.has(rootOf(value))) live -= owned.get(value) ?? 0
  }
  let at: Node | undefined
  let largest = 0
  for (const node of nodes.slice(0, peakStep + 1)) {
    for (const value of node.outputs) {
      const bytes = bytesOf(value, precision)
      if (isCounted(value) && !views.has(node.operator) && (died.get(value) ?? Infinity) >= peakStep && bytes > largest) [at, largest] = [node, bytes]
    }
  }
  const sum = (values: readonly { readonly value: ArrayType }[]): number => values.reduce((total, { value }) => total + bytesOf(value, precision), 0)
  // Output arrays are copied out of the session; state has a second set of buffers.
  const held = sum(graph.inputs) + sum(graph.outputs)
  return { held, constants, peak, total: held + constants + 2 * peak, ...(at ? { at } : {}) }
}

/** A fault `learning-memory` that says where the most is needed, when a program needs more than `budgetBytes`; undefined when it fits. */
export function checkMemory({ graph, precision }: Pick<Program, 'graph' | 'precision'>, budgetBytes: number): Fault | undefined {
  const { total, at } = estimateMemory(graph, precision)
  if (total <= budgetBytes) return undefined
  const place = at?.origin === undefined ? '' : `, most of it at ${at.origin}`
  return error('learning-memory', `The compiled program needs about ${readable(total)} of memory${place}; ${readable(budgetBytes)} may be used.`, {
    tip: precision === 'float64' ? 'Choose a smaller batch, fewer points, a smaller network, or float32.' : 'Choose a smaller batch, fewer points or a smaller network.',
  })
}

const readable = (bytes: number): string => (bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Math.ceil(bytes / 1024)} KiB`)
