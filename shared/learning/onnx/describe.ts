import { bytesOf, fieldsOf, integerOf, integersOf, onnxFault, textOf } from './protobuf-reader'
import { operatorSet, readPort, type OnnxPort } from './read'

/** What an ONNX file says of itself, its arrays' values aside. */
export interface OnnxDescription {
  /** What is asked for: inputs without values in the file. */
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  /** Of ONNX's own operators; 0 where the file names none. */
  readonly operatorSet: number
  /** Numbers in the file's arrays. */
  readonly parameters: number
  readonly nodes: number
}

/**
 * Ports and sizes of an ONNX file without copying its arrays: a gigabyte takes as long as a kilobyte. As foreign as for `readOnnx`: nothing is executed, every length is checked.
 * Throws FaultError `onnx-file`.
 */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  let graph: Uint8Array | undefined
  let version = 0
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) graph = bytesOf(field)
    if (field.number !== 8) continue
    const [domain, given] = operatorSet(bytesOf(field))
    if (domain === '' || domain === 'ai.onnx') version = given
  }
  if (!graph) throw onnxFault('it holds no graph')
  const [inputs, outputs]: [OnnxPort[], OnnxPort[]] = [[], []]
  const arrays = new Set<string>()
  let [parameters, nodes] = [0, 0]
  for (const field of fieldsOf(graph)) {
    if (field.number === 1) nodes++
    else if (field.number === 5) parameters += sizeOfArray(bytesOf(field), arrays)
    else if (field.number === 11) appendPort(inputs, bytesOf(field))
    else if (field.number === 12) appendPort(outputs, bytesOf(field))
  }
  return { inputs: inputs.filter(({ name }) => !arrays.has(name)), outputs, operatorSet: version, parameters, nodes }
}

/** More than any list on a screen. */
const mostPorts = 1000

function appendPort(ports: OnnxPort[], bytes: Uint8Array): void {
  if (ports.push(readPort(bytes)) > mostPorts) throw onnxFault(`it has more than ${mostPorts} inputs or outputs`)
}

/** Numbers of one array that is real, and its name noted: lists of axes and shapes are no parameters. */
function sizeOfArray(bytes: Uint8Array, names: Set<string>): number {
  let [size, type] = [1, 0]
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) for (const n of integersOf(field)) size *= n
    else if (field.number === 2) type = integerOf(field)
    else if (field.number === 8) names.add(textOf(field))
  }
  if (!(size >= 0 && Number.isSafeInteger(size))) throw onnxFault('an array has an impossible shape')
  // float, float16, double, bfloat16
  return [1, 10, 11, 16].includes(type) ? size : 0
}
