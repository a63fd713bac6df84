import { bytesOf, checkedLength, fieldsOf, integerOf, integersOf, listLimit, onnxFault, textOf, tooManyNumbers, viewOf, type Field } from './protobuf-reader'

export interface OnnxTensor {
  readonly shape: readonly number[]
  /** ONNX's name of the element type: `float`, `double`, `int64`, … */
  readonly elementType: string
  /** Row-major, in double precision: exact for all element types but int64 beyond 2⁵³, which is refused. */
  readonly values: Float64Array
}

export interface OnnxNode {
  readonly name: string
  readonly operator: string
  /** '' is ONNX's own. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Numbers, texts, lists of numbers and arrays; graphs and others are named only, as null. */
  readonly attributes: Readonly<Record<string, number | string | readonly number[] | OnnxTensor | null>>
}

export interface OnnxPort {
  readonly name: string
  readonly elementType: string
  /** Texts are symbolic lengths, `batch`; '?' where nothing is said. */
  readonly shape: readonly (number | string)[]
}

export interface OnnxModel {
  readonly producer: string
  readonly documentation: string
  readonly operatorSets: Readonly<Record<string, number>>
  readonly metadata: Readonly<Record<string, string>>
  readonly graphName: string
  readonly nodes: readonly OnnxNode[]
  /** Constants of the graph by name, those of `Constant` nodes included. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
}

const elementTypes: Readonly<Record<number, { readonly name: string; readonly bytes: number; readonly read: (view: DataView, at: number) => number }>> = {
  1: { name: 'float', bytes: 4, read: (v, i) => v.getFloat32(i, true) }, 11: { name: 'double', bytes: 8, read: (v, i) => v.getFloat64(i, true) },
  2: { name: 'uint8', bytes: 1, read: (v, i) => v.getUint8(i) }, 3: { name: 'int8', bytes: 1, read: (v, i) => v.getInt8(i) }, 9: { name: 'bool', bytes: 1, read: (v, i) => (v.getUint8(i) === 0 ? 0 : 1) },
  4: { name: 'uint16', bytes: 2, read: (v, i) => v.getUint16(i, true) }, 5: { name: 'int16', bytes: 2, read: (v, i) => v.getInt16(i, true) },
  6: { name: 'int32', bytes: 4, read: (v, i) => v.getInt32(i, true) }, 12: { name: 'uint32', bytes: 4, read: (v, i) => v.getUint32(i, true) },
  7: { name: 'int64', bytes: 8, read: (v, i) => whole(v.getBigInt64(i, true)) }, 13: { name: 'uint64', bytes: 8, read: (v, i) => whole(v.getBigUint64(i, true)) },
  10: { name: 'float16', bytes: 2, read: (v, i) => halfOf(v.getUint16(i, true)) }, 16: { name: 'bfloat16', bytes: 2, read: (v, i) => brainOf(v.getUint16(i, true)) },
}

function whole(value: bigint): number {
  // The ends of the range mean "to the end" in slices.
  const number = Number(value)
  if (!Number.isSafeInteger(number) && value < 2n ** 62n && value > -(2n ** 62n)) throw onnxFault('an integer is too large to be kept exactly')
  return number
}

/** IEEE half precision. */
function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
const brainView = new DataView(new ArrayBuffer(4))
function brainOf(bits: number): number {
  brainView.setUint32(0, bits << 16)
  return brainView.getFloat32(0)
}

/** At most this much is read; what a hostile file may cost is bounded by its own size. */
const limits = { bytes: 2 ** 31 - 1, nodes: 1_000_000, entries: 100_000, axes: 64 }

/** Appends, and refuses lists longer than any real model's: objects take many times the bytes that ask for them. */
function append<T>(list: T[], item: T, what: string): void {
  if (list.push(item) > limits.entries) throw onnxFault(`it has more than ${limits.entries.toLocaleString('en')} ${what}`)
}

/** A foreign name within a sentence: short, on one line. */
const shown = (name: string): string => {
   
  const line = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}

/**
 * Nodes, arrays and metadata of an ONNX file. The bytes are foreign: every length is checked, element counts against the bytes that are there, nothing is executed or fetched
 * (arrays outside the file are refused). Throws FaultError `onnx-file` with what is wrong in one sentence.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  if (bytes.length > limits.bytes) throw onnxFault('it is larger than 2 GiB')
  let [producer, documentation, graph]: [string, string, Uint8Array | undefined] = ['', '', undefined]
  const [operatorSets, metadata]: [[string, number][], [string, string][]] = [[], []]
  for (const field of fieldsOf(bytes)) {
    if (field.number === 2) producer = textOf(field)
    else if (field.number === 6) documentation = textOf(field)
    else if (field.number === 7) graph = bytesOf(field)
    else if (field.number === 8) append(operatorSets, operatorSet(bytesOf(field)), 'operator sets')
    else if (field.number === 14) append(metadata, pair(bytesOf(field)), 'metadata entries')
  }
  if (!graph) throw onnxFault('it holds no graph')
  return { producer, documentation, operatorSets: Object.fromEntries(operatorSets), metadata: Object.fromEntries(metadata), ...readGraph(graph) }
}

const isTensor = (value: OnnxNode['attributes'][string] | undefined): value is OnnxTensor => typeof value === 'object' && value !== null && 'elementType' in value

export function operatorSet(bytes: Uint8Array): [string, number] {
  let [domain, version] = ['', 0]
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = textOf(field)
    else if (field.number === 2) version = integerOf(field)
  }
  return [domain, version]
}

function pair(bytes: Uint8Array): [string, string] {
  let [key, value] = ['', '']
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = textOf(field)
    else if (field.number === 2) value = textOf(field)
  }
  return [key, value]
}

function readGraph(bytes: Uint8Array): Pick<OnnxModel, 'graphName' | 'nodes' | 'tensors' | 'inputs' | 'outputs'> {
  let graphName = ''
  const nodes: OnnxNode[] = []
  const tensors = new Map<string, OnnxTensor>()
  const [inputs, outputs]: [OnnxPort[], OnnxPort[]] = [[], []]
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) {
      const node = readNode(bytesOf(field))
      if (nodes.push(node) > limits.nodes) throw onnxFault('it has more than a million nodes')
      const value = node.operator === 'Constant' ? Object.values(node.attributes)[0] : undefined
      if (isTensor(value) && node.outputs.length === 1) tensors.set(node.outputs[0], value)
    } else if (field.number === 2) graphName = textOf(field)
    else if (field.number === 5) {
      const { name, tensor } = readTensor(bytesOf(field))
      tensors.set(name, tensor)
    } else if (field.number === 11) append(inputs, readPort(bytesOf(field)), 'inputs')
    else if (field.number === 12) append(outputs, readPort(bytesOf(field)), 'outputs')
  }
  return { graphName, nodes, tensors, inputs, outputs }
}

function readNode(bytes: Uint8Array): OnnxNode {
  let [name, operator, domain] = ['', '', '']
  const [inputs, outputs]: [string[], string[]] = [[], []]
  const attributes: [string, OnnxNode['attributes'][string]][] = []
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) append(inputs, textOf(field), 'inputs of one node')
    else if (field.number === 2) append(outputs, textOf(field), 'outputs of one node')
    else if (field.number === 3) name = textOf(field)
    else if (field.number === 4) operator = textOf(field)
    else if (field.number === 5) append(attributes, readAttribute(bytesOf(field)), 'attributes of one node')
    else if (field.number === 7) domain = textOf(field)
  }
  return { name, operator, domain, inputs, outputs, attributes: Object.fromEntries(attributes) }
}

function readAttribute(bytes: Uint8Array): [string, OnnxNode['attributes'][string]] {
  let name = ''
  let value: OnnxNode['attributes'][string] = null
  let kind = 0
  const list: number[] = []
  for (const field of fieldsOf(bytes)) {
    switch (field.number) {
      case 1: name = textOf(field); break
      case 2: value = floatsOf(field)[0] ?? null; break
      case 3: value = integerOrEnd(field); break
      case 4: value = textOf(field); break
      case 5: value = readTensor(bytesOf(field)).tensor; break
      case 7: for (const x of floatsOf(field)) list.push(checkedLength(list, x)); break
      case 8: for (const x of integersOf(field)) list.push(checkedLength(list, x)); break
      case 20: kind = integerOf(field); break
    }
  }
  return [name, kind === 6 || kind === 7 || list.length > 0 ? list : value]
}

const integerOrEnd = (field: Field): number => (field.wire === 'varint' ? whole(BigInt.asIntN(64, field.value)) : integerOf(field))

/** Floats, packed or single. */
function floatsOf(field: Field): number[] {
  if (field.wire === 'varint' || field.wire === 'fixed64') throw onnxFault('a number is stored as something else')
  if (field.bytes.length > 4 * listLimit) throw tooManyNumbers()
  const view = viewOf(field.bytes)
  return Array.from({ length: Math.floor(view.byteLength / 4) }, (_, i) => view.getFloat32(4 * i, true))
}

export function readPort(bytes: Uint8Array): OnnxPort {
  let name = ''
  let elementType = 'unknown'
  const shape: (number | string)[] = []
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field)
    if (field.number !== 2) continue
    for (const type of fieldsOf(bytesOf(field))) {
      if (type.number !== 1) continue
      for (const part of fieldsOf(bytesOf(type))) {
        if (part.number === 1) elementType = elementTypes[integerOf(part)]?.name ?? 'unknown'
        else if (part.number === 2) for (const axis of fieldsOf(bytesOf(part))) if (axis.number === 1 && shape.push(lengthOf(bytesOf(axis))) > limits.axes) throw onnxFault('an array has too many axes')
      }
    }
  }
  return { name, elementType, shape }
}

function lengthOf(bytes: Uint8Array): number | string {
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) return integerOf(field)
    if (field.number === 2) return textOf(field)
  }
  return '?'
}

function readTensor(bytes: Uint8Array): { readonly name: string; readonly tensor: OnnxTensor } {
  let [name, code] = ['', 0]
  const shape: number[] = []
  let raw: Uint8Array | undefined
  const listed: number[] = []
  for (const field of fieldsOf(bytes)) {
    switch (field.number) {
      case 1: for (const n of integersOf(field)) if (shape.push(n) > limits.axes) throw onnxFault('an array has too many axes'); break
      case 2: code = integerOf(field); break
      case 4: for (const x of floatsOf(field)) listed.push(checkedLength(listed, x)); break
      case 5: case 7: case 11: for (const x of integersOf(field)) listed.push(checkedLength(listed, x)); break
      case 8: name = textOf(field); break
      case 9: raw = bytesOf(field); break
      case 10: {
        const view = viewOf(bytesOf(field))
        for (let i = 0; i + 8 <= view.byteLength; i += 8) listed.push(checkedLength(listed, view.getFloat64(i, true)))
        break
      }
      case 13: throw onnxFault(`the array ${shown(name)} lies in another file`)
      case 14: if (integerOf(field) !== 0) throw onnxFault(`the array ${shown(name)} lies in another file`); break
    }
  }
  const type = elementTypes[code]
  if (!type) throw onnxFault(`the array ${shown(name)} has elements of an unknown type`)
  if (shape.some(n => n < 0)) throw onnxFault(`the array ${shown(name)} has an impossible shape`)
  const size = shape.reduce((product, n) => product * n, 1)
  const found = raw && raw.length > 0 ? raw.length / type.bytes : listed.length
  if (size !== found) throw onnxFault(`the array ${shown(name)} of shape [${shape.join(', ')}] holds ${found} values`)
  if (!raw || raw.length === 0) return { name, tensor: { shape, elementType: type.name, values: Float64Array.from(listed, x => (code === 10 ? halfOf(x) : code === 16 ? brainOf(x) : x)) } }
  const view = viewOf(raw)
  return { name, tensor: { shape, elementType: type.name, values: Float64Array.from({ length: size }, (_, i) => type.read(view, i * type.bytes)) } }
}
