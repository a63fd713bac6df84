import { error, FaultError } from '../../fault'
import { graphNodes, sizeOf, type ArrayType, type Attribute, type Data, type Graph, type Node, type Precision, type Value } from '../graph/graph'
import { operatorNamed } from '../graph/operators'
import { Message } from './protobuf'

/** Newest operator set that is described in ONNX 1.12, the oldest checker in use. */
const OPERATOR_SET = 17
const IR_VERSION = 8
const elementCodes = { float32: 1, int64: 7, boolean: 9, float64: 11 } as const
const attributeTypes = { float: 1, integer: 2, text: 3, graph: 5, floats: 6, integers: 7 } as const
/** Protocol buffers end at 2 GiB. */
const LARGEST_FILE = 2 ** 31 - 1

export interface OnnxOptions {
  readonly precision: Precision
  /** Graph's name in the file; tools show it. */
  readonly name?: string
  readonly documentation?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** What inputs and outputs mean, by name: shown by tools beside them. */
  readonly descriptions?: Readonly<Record<string, string>>
  /** Shapes to declare in place of the traced ones, by name of input or output: a text is a length that is free. The graph must mean the same with any (see `withAnyLength`). */
  readonly shapes?: Readonly<Record<string, readonly (number | string)[]>>
  /** Inputs whose values are written into the file under their names, as parameters of a trained model, instead of being asked for. */
  readonly parameters?: Readonly<Record<string, ArrayLike<number>>>
  /**
   * Steps of a graph with state that one call does, in a loop inside the model: state is handed on without copies. Inputs and outputs that are no state then have a leading
   * axis of this length: step k takes the kth entry of each. Default: the graph as it is.
   */
  readonly steps?: number
}

/** State leaves a graph under another name than it came in by. */
export const nextState = (name: string): string => `${name}.next`

/**
 * The graph as bytes of an ONNX model (opset 17). Reals are written in `precision`, integers as int64. State `w` is an input `w` and an output `w.next`.
 * The same graph gives the same bytes. Operators that ONNX Runtime lacks in float64 must have been composed before (`passes`). Throws FaultError `onnx-size` beyond 2 GiB.
 */
export function writeOnnx(graph: Graph, options: OnnxOptions): Uint8Array {
  const { steps, parameters = {}, descriptions = {}, shapes = {} } = options
  const size = weightOf(graph, options)
  if (size > LARGEST_FILE) throw new FaultError(error('onnx-size', `The model's arrays take ${(size / 2 ** 30).toFixed(1)} GiB; an ONNX file can hold 2.`, { tip: 'Write it in float32, or choose a smaller network.' }))
  const asked = graph.inputs.filter(({ name }) => parameters[name] === undefined)
  const code = codeIn(options.precision)
  const stacked = (role: string, { type, shape }: ArrayType): ArrayType => ({ type, shape: steps !== undefined && role !== 'state' ? [steps, ...shape] : shape })
  const content = steps === undefined ? stepMessage(graph, options, outerName) : loopMessage(graph, options, steps)
  content.text(2, options.name ?? 'residuum')
  for (const { name, value } of graph.inputs) if (parameters[name] !== undefined) content.message(5, tensor(name, code(value.type), value.shape, raw(dataOf(value, parameters[name]), code(value.type))))
  if (options.documentation !== undefined) content.text(10, options.documentation)
  for (const { name, role, value } of asked) content.message(11, valueInfo(name, stacked(role, value), code, descriptions[name], shapes[name]))
  for (const output of graph.outputs) content.message(12, valueInfo(outerName(output), stacked(output.role, output.value), code, descriptions[output.name], shapes[output.name]))
  const model = new Message().integer(1, IR_VERSION).text(2, 'Residuum').message(7, content).message(8, new Message().text(1, '').integer(2, OPERATOR_SET))
  const domains = new Set(graphNodes(graph).flatMap(n => (n.operator === 'Input' || n.operator === 'Constant' ? [] : [operatorNamed(n.operator).domain ?? ''])))
  for (const domain of domains) if (domain !== '') model.message(8, new Message().text(1, domain).integer(2, 1))
  for (const [key, value] of Object.entries(options.metadata ?? {})) model.message(14, new Message().text(1, key).text(2, value))
  return model.finish()
}

const outerName = ({ name, role }: Graph['outputs'][number]): string => (role === 'state' ? nextState(name) : name)

const codeIn = (precision: Precision) => (type: ArrayType['type']): number => (type === 'real' ? elementCodes[precision] : type === 'integer' ? elementCodes.int64 : elementCodes.boolean)

/** Bytes of all arrays in the file. */
function weightOf(graph: Graph, { precision, parameters = {} }: OnnxOptions): number {
  const bytes = ({ type, shape }: ArrayType): number => sizeOf(shape) * (type === 'boolean' ? 1 : type === 'real' && precision === 'float32' ? 4 : 8)
  const constants = graphNodes(graph).reduce((sum, node) => (node.operator === 'Constant' ? sum + bytes(node.outputs[0]) : sum), 0)
  return graph.inputs.reduce((sum, { name, value }) => (parameters[name] === undefined ? sum : sum + bytes(value)), constants)
}

function dataOf({ type, shape }: ArrayType, values: ArrayLike<number>): Data {
  if (values.length !== sizeOf(shape)) throw new FaultError(error('onnx-parameter', `A parameter of shape [${shape.join(', ')}] has ${values.length} values.`))
  return type === 'real' ? Float64Array.from(values) : type === 'integer' ? Int32Array.from(values) : Uint8Array.from(values)
}

/** Nodes and initializers of one run of the graph; `outputName` says what its outputs are called, `inputName` its inputs. */
function stepMessage(graph: Graph, { precision }: OnnxOptions, outputName: (output: Graph['outputs'][number]) => string, inputName: (input: Graph['inputs'][number]) => string = i => i.name): Message {
  const names = new Map<Value, string>()
  const body = new Message()
  const initializers = new Message()
  const code = codeIn(precision)
  for (const input of graph.inputs) names.set(input.value, inputName(input))
  // What a node makes is named as the output that it is; inputs, constants and what is several outputs are copied.
  const direct = new Map<Value, string>()
  for (const output of graph.outputs) {
    const { operator } = output.value.node
    if (operator !== 'Input' && operator !== 'Constant' && !direct.has(output.value)) direct.set(output.value, outputName(output))
  }
  const taken = new Set([...graph.inputs.map(i => names.get(i.value)!), ...graph.outputs.map(outputName)])
  const free = (name: string): string => (taken.has(name) ? free(`${name}'`) : name)
  const read = new Set(graphNodes(graph).flatMap(n => n.inputs).concat(graph.outputs.map(o => o.value)))
  const shapes = new Map<string, string>()
  /** Constant int64 lists are shared: a graph repeats a few axes and shapes. */
  const integerList = (values: readonly number[]): string => {
    const key = values.join(',')
    let name = shapes.get(key)
    if (name === undefined) {
      shapes.set(key, (name = free(`list_${shapes.size}`)))
      initializers.message(5, tensor(name, elementCodes.int64, [values.length], raw(values, elementCodes.int64)))
    }
    return name
  }
  let count = 0
  for (const node of graphNodes(graph)) {
    if (node.operator === 'Input') continue
    const nodeName = `${node.operator === 'Constant' ? 'constant' : node.operator}_${count++}`
    node.outputs.forEach((value, i) => names.set(value, direct.get(value) ?? free(`${nodeName}${node.outputs.length > 1 ? `_${i}` : ''}`)))
    if (node.operator === 'Constant') {
      const [value] = node.outputs
      initializers.message(5, tensor(names.get(value)!, code(value.type), value.shape, raw(node.data!, code(value.type))))
    } else body.message(1, nodeMessage(node, nodeName, names, read, integerList, code))
  }
  for (const output of graph.outputs) {
    const name = outputName(output)
    if (names.get(output.value) !== name) body.message(1, new Message().text(1, names.get(output.value)!).text(2, name).text(3, `copy_${name}`).text(4, 'Identity'))
  }
  return body.append(initializers)
}

/** `steps` runs of the graph as ONNX's Loop: state is carried, inputs are read at the number of the run, outputs are stacked. */
function loopMessage(graph: Graph, options: OnnxOptions, steps: number): Message {
  const { parameters = {} } = options
  const code = codeIn(options.precision)
  const [states, written] = [graph.inputs.filter(i => i.role === 'state'), graph.outputs.filter(o => o.role === 'state')]
  const results = graph.outputs.filter(o => o.role === 'output')
  const inner = (name: string): string => `step.${name}`
  const [index, goes, count, always] = ['loop.step', 'loop.goes', 'loop.steps', 'loop.always']
  const body = new Message()
  for (const { name, role } of graph.inputs) {
    if (role === 'input' && parameters[name] === undefined) body.message(1, new Message().text(1, name).text(1, index).text(2, inner(name)).text(3, `take_${name}`).text(4, 'Gather').message(5, attribute('axis', 0, false)))
  }
  body.message(1, new Message().text(1, goes).text(2, `${goes}.on`).text(3, 'go_on').text(4, 'Identity'))
  body.append(stepMessage(graph, options, o => inner(outerName(o)), i => (i.role === 'input' && parameters[i.name] !== undefined ? i.name : inner(i.name))))
  body.text(2, 'step').message(11, valueInfo(index, { type: 'integer', shape: [] }, code)).message(11, valueInfo(goes, { type: 'boolean', shape: [] }, code))
  for (const { name, value } of states) body.message(11, valueInfo(inner(name), value, code))
  body.message(12, valueInfo(`${goes}.on`, { type: 'boolean', shape: [] }, code))
  const inOrder = states.map(({ name }) => written.find(o => o.name === name)!)
  for (const output of [...inOrder, ...results]) body.message(12, valueInfo(inner(outerName(output)), output.value, code))
  const loop = new Message().text(1, count).text(1, always)
  for (const { name } of states) loop.text(1, name)
  for (const output of [...inOrder, ...results]) loop.text(2, outerName(output))
  loop.text(3, 'steps_in_turn').text(4, 'Loop').message(5, new Message().text(1, 'body').message(6, body).integer(20, attributeTypes.graph))
  return new Message().message(1, loop).message(5, tensor(count, elementCodes.int64, [], raw([steps], elementCodes.int64))).message(5, tensor(always, elementCodes.boolean, [], Uint8Array.of(1)))
}

function nodeMessage(node: Node, name: string, names: ReadonlyMap<Value, string>, read: ReadonlySet<Value>, integerList: (values: readonly number[]) => string, code: (type: ArrayType['type']) => number): Message {
  const operator = operatorNamed(node.operator)
  const moved = operator.attributesAsInputs ?? []
  const inputs = node.inputs.map(v => names.get(v)!)
  for (const attributeName of moved) {
    const value = node.attributes[attributeName]
    inputs.push(value === undefined ? '' : integerList(typeof value === 'number' ? [value] : (value as readonly number[])))
  }
  while (inputs.at(-1) === '') inputs.pop()
  const needed = node.outputs.length - (operator.optionalOutputs ?? 0)
  const outputs = node.outputs.filter((value, i) => i < needed || read.has(value))
  const message = new Message()
  for (const input of inputs) message.text(1, input)
  for (const value of outputs) message.text(2, names.get(value)!)
  message.text(3, name).text(4, operator.name)
  for (const [attributeName, value] of Object.entries(node.attributes)) {
    if (moved.includes(attributeName)) continue
    message.message(5, attribute(attributeName, node.operator === 'Cast' && attributeName === 'to' ? code(value as ArrayType['type']) : value, operator.floatAttributes?.includes(attributeName) ?? false))
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
function raw(data: Data | readonly number[], code: number): Uint8Array {
  if (code === elementCodes.float64) return new Uint8Array(new Float64Array(data).buffer)
  if (code === elementCodes.float32) return new Uint8Array(new Float32Array(data).buffer)
  if (code === elementCodes.boolean) return Uint8Array.from(data)
  return new Uint8Array(BigInt64Array.from(Array.from(data, BigInt)).buffer)
}

function valueInfo(name: string, { type, shape }: ArrayType, code: (type: ArrayType['type']) => number, description?: string, declared: readonly (number | string)[] = shape): Message {
  const dimensions = declared.reduce((m: Message, n) => m.message(1, typeof n === 'number' ? new Message().integer(1, n) : new Message().text(2, n)), new Message())
  const message = new Message().text(1, name).message(2, new Message().message(1, new Message().integer(1, code(type)).message(2, dimensions)))
  return description === undefined ? message : message.text(3, description)
}
