import { error, FaultError } from '../../fault'

/**
 * The typed intermediate form between a traced tfjs program and ONNX: a directed acyclic graph of operators on arrays of static shape.
 * Operators are ONNX's, under ONNX's names, with ONNX's meaning; what ONNX takes as constant inputs (axes, shapes, starts) are attributes here.
 * A graph has no precision: `real` becomes float32 or float64 when it is written or run.
 */
export type ElementType = 'real' | 'integer' | 'boolean'
export type Shape = readonly number[]
export type Precision = 'float32' | 'float64'

export interface ArrayType {
  readonly type: ElementType
  readonly shape: Shape
}

/** Row-major values. Reals are always kept in double precision; integers are 32 bit; booleans are 0 or 1. */
export type Data = Float64Array | Int32Array | Uint8Array

export type Attribute = number | string | readonly number[]
export type Attributes = Readonly<Record<string, Attribute>>

/** One output of a node. */
export interface Value extends ArrayType {
  readonly node: Node
  readonly index: number
}

export interface Node {
  /** Operator's name in `operators`, or `Input` or `Constant`. */
  readonly operator: string
  readonly inputs: readonly Value[]
  readonly attributes: Attributes
  readonly outputs: readonly Value[]
  /** Where in the user's program it comes from: `Conv2D at layer (fno.ts:41)`. Shown in messages and dumps. */
  readonly origin?: string
  /** Of `Constant` nodes. */
  readonly data?: Data
  /** Of `Input` nodes. */
  readonly name?: string
}

/** `input`s and `output`s change with each call; `state` goes in and out under one name and is kept between calls. */
export interface GraphInput {
  readonly name: string
  readonly role: 'input' | 'state'
  readonly value: Value
}
export interface GraphOutput {
  readonly name: string
  readonly role: 'output' | 'state'
  readonly value: Value
}
export interface Graph {
  readonly inputs: readonly GraphInput[]
  readonly outputs: readonly GraphOutput[]
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1)
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i])
export const describeType = ({ type, shape }: ArrayType): string => `${type}[${shape.join(', ')}]`

/** NumPy's rule: shapes are aligned at the last axis, 1 stretches. Throws FaultError `graph-shape`. */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map(s => s.length))
  return Array.from({ length: rank }, (_, axis) => {
    let length = 1
    for (const shape of shapes) {
      const n = shape[axis - rank + shape.length] ?? 1
      if (n === 1 || n === length) continue
      if (length !== 1) throw shapeFault(`Shapes ${shapes.map(s => `[${s.join(', ')}]`).join(' and ')} do not broadcast.`)
      length = n
    }
    return length
  })
}

export const shapeFault = (message: string, tip?: string): FaultError => new FaultError(error('graph-shape', message, tip === undefined ? {} : { tip }))

export function makeNode(operator: string, inputs: readonly Value[], attributes: Attributes, types: readonly ArrayType[], rest: { origin?: string; data?: Data; name?: string } = {}): Node {
  const outputs: Value[] = []
  const node: Node = { operator, inputs, attributes, outputs, ...rest }
  types.forEach(({ type, shape }, index) => outputs.push({ type, shape, node, index }))
  return node
}

/** Throws FaultError `graph-shape` when the number of values is not the shape's. */
export function makeConstant(data: Data, shape: Shape, origin?: string): Value {
  if (data.length !== sizeOf(shape)) throw shapeFault(`A constant of shape [${shape.join(', ')}] needs ${sizeOf(shape)} values, not ${data.length}.`)
  const type = data instanceof Float64Array ? 'real' : data instanceof Int32Array ? 'integer' : 'boolean'
  return makeNode('Constant', [], {}, [{ type, shape }], { data, ...(origin === undefined ? {} : { origin }) }).outputs[0]
}

export const makeInput = (name: string, { type, shape }: ArrayType): Value => makeNode('Input', [], {}, [{ type, shape }], { name }).outputs[0]

export const isConstant = (value: Value): boolean => value.node.operator === 'Constant'

/** All nodes that the outputs need, inputs before users; the order depends on the graph only. Walks without recursion: traces are deep. */
export function nodesInOrder(outputs: readonly Value[]): readonly Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  for (const output of outputs) {
    const pending: { node: Node; next: number }[] = [{ node: output.node, next: 0 }]
    while (pending.length > 0) {
      const top = pending[pending.length - 1]
      if (top.next === 0 && seen.has(top.node)) {
        pending.pop()
        continue
      }
      seen.add(top.node)
      const child = top.node.inputs[top.next++]?.node
      if (child === undefined) {
        order.push(top.node)
        pending.pop()
      } else if (!seen.has(child)) pending.push({ node: child, next: 0 })
    }
  }
  return order
}

export const graphNodes = (graph: Graph): readonly Node[] => nodesInOrder(graph.outputs.map(o => o.value))
