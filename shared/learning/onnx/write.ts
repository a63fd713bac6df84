import { graphNodes, type ArrayType, type Attribute, type Data, type Graph, type Node, type Precision, type Value } from '../graph/graph'
import { operatorNamed } from '../graph/operators'
import { Message } from './protobuf'

/** Newest operator set that is described in ONNX 1.12, the oldest checker in use. */
const OPERATOR_SET = 17
const IR_VERSION = 8
const elementCodes = { float32: 1, int64: 7, boolean: 9, float64: 11 } as const
const attributeTypes = { float: 1, integer: 2, text: 3, floats: 6, integers: 7 } as const

export interface OnnxOptions {
  readonly precision: Precision
  /** Graph's name in the file; tools show it. */
  readonly name?: string
  readonly documentation?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** State leaves a graph under another name than it came in by. */
export const nextState = (name: string): string => `${name}.next`

/**
 * The graph as bytes of an ONNX model (opset 17). Reals are written in `precision`, integers as int64. State `w` is an input `w` and an output `w.next`.
 * The same graph gives the same bytes. Operators that ONNX Runtime lacks in float64 must have been composed before (`passes`).
 */
export function writeOnnx(graph: Graph, options: OnnxOptions): Uint8Array {
  const { precision } = options
  const names = new Map<Value, string>()
  const body = new Message()
  const initializers = new Message()
  const code = (type: ArrayType['type']) => (type === 'real' ? elementCodes[precision] : type === 'integer' ? elementCodes.int64 : elementCodes.boolean)
  for (const { name, value } of graph.inputs) names.set(value, name)
  const shapes = new Map<string, string>()
  let count = 0
  /** Constant int64 lists are shared: a graph repeats a few axes and shapes. */
  const integerList = (values: readonly number[]): string => {
    const key = values.join(',')
    let name = shapes.get(key)
    if (name === undefined) {
      shapes.set(key, (name = `list_${shapes.size}`))
      initializers.message(5, tensor(name, elementCodes.int64, [values.length], raw(Int32Array.from(values), elementCodes.int64)))
    }
    return name
  }
  for (const node of graphNodes(graph)) {
    if (node.operator === 'Input') continue
    node.outputs.forEach((value, i) => names.set(value, `${node.operator === 'Constant' ? 'constant' : node.operator}_${count}${node.outputs.length > 1 ? `_${i}` : ''}`))
    count++
    if (node.operator === 'Constant') {
      const [value] = node.outputs
      initializers.message(5, tensor(names.get(value)!, code(value.type), value.shape, raw(node.data!, code(value.type))))
    } else body.message(1, nodeMessage(node, names, integerList, code))
  }
  const boundary = new Message()
  for (const { name, value } of graph.inputs) boundary.message(11, valueInfo(name, value, code(value.type)))
  const renamed = new Message()
  for (const { name, role, value } of graph.outputs) {
    const outer = role === 'state' ? nextState(name) : name
    // An output may be an input, a constant or another output: a copy under its own name is always right.
    renamed.message(1, new Message().text(1, names.get(value)!).text(2, outer).text(4, 'Identity'))
    boundary.message(12, valueInfo(outer, value, code(value.type)))
  }
  const graphMessage = body.append(renamed).text(2, options.name ?? 'residuum')
  const whole = graphMessage.append(initializers)
  if (options.documentation !== undefined) whole.text(10, options.documentation)
  const model = new Message().integer(1, IR_VERSION).text(2, 'Residuum').message(7, whole.append(boundary)).message(8, new Message().text(1, '').integer(2, OPERATOR_SET))
  if (graphNodes(graph).some(n => n.operator !== 'Input' && n.operator !== 'Constant' && operatorNamed(n.operator).domain !== undefined)) model.message(8, new Message().text(1, 'com.microsoft').integer(2, 1))
  for (const [key, value] of Object.entries(options.metadata ?? {})) model.message(14, new Message().text(1, key).text(2, value))
  return model.finish()
}

function nodeMessage(node: Node, names: ReadonlyMap<Value, string>, integerList: (values: readonly number[]) => string, code: (type: ArrayType['type']) => number): Message {
  const operator = operatorNamed(node.operator)
  const moved = operator.attributesAsInputs ?? []
  const inputs = node.inputs.map(v => names.get(v)!)
  for (const name of moved) {
    const value = node.attributes[name]
    inputs.push(value === undefined ? '' : integerList(typeof value === 'number' ? [value] : (value as readonly number[])))
  }
  while (inputs.at(-1) === '') inputs.pop()
  const message = new Message()
  for (const name of inputs) message.text(1, name)
  for (const value of node.outputs) message.text(2, names.get(value)!)
  message.text(3, names.get(node.outputs[0])!).text(4, operator.name)
  for (const [name, value] of Object.entries(node.attributes)) {
    if (moved.includes(name)) continue
    message.message(5, attribute(name, node.operator === 'Cast' && name === 'to' ? code(value as ArrayType['type']) : value, operator.floatAttributes?.includes(name) ?? false))
  }
  if (node.origin !== undefined) message.text(6, node.origin)
  if (operator.domain !== undefined) message.text(7, operator.domain)
  return message
}

function attribute(name: string, value: Attribute, float: boolean): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'string') return message.text(4, value).integer(20, attributeTypes.text)
  if (typeof value === 'number') return float ? message.float(2, value).integer(20, attributeTypes.float) : message.integer(3, value).integer(20, attributeTypes.integer)
  if (float) return value.reduce((m, v) => m.float(7, v), message).integer(20, attributeTypes.floats)
  return value.reduce((m, v) => m.integer(8, v), message).integer(20, attributeTypes.integers)
}

const tensor = (name: string, code: number, shape: readonly number[], bytes: Uint8Array): Message =>
  new Message().integers(1, shape).integer(2, code).text(8, name).bytes(9, bytes)

/** Little-endian bytes, as ONNX wants them; every platform of ours is little-endian. */
function raw(data: Data, code: number): Uint8Array {
  if (code === elementCodes.float64) return new Uint8Array((data as Float64Array).slice().buffer)
  if (code === elementCodes.float32) return new Uint8Array(Float32Array.from(data).buffer)
  if (code === elementCodes.boolean) return Uint8Array.from(data)
  return new Uint8Array(BigInt64Array.from(Array.from(data, BigInt)).buffer)
}

function valueInfo(name: string, { shape }: ArrayType, code: number): Message {
  const dimensions = shape.reduce((m, n) => m.message(1, new Message().integer(1, n)), new Message())
  return new Message().text(1, name).message(2, new Message().message(1, new Message().integer(1, code).message(2, dimensions)))
}
