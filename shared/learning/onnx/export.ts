import { error, FaultError } from '../../fault'
import type { Program } from '../compile'
import { graphNodes, type Graph } from '../graph/graph'
import { operatorNamed } from '../graph/operators'
import { writeOnnx } from './write'

export interface OnnxExportOptions {
  /** Names of the outputs to keep; all that are no state by default. What only other outputs need, inputs and parameters included, is left out. */
  readonly outputs?: readonly string[]
  readonly name?: string
  /** Shown by tools: what the model is, how it was trained. */
  readonly documentation?: string
  /** Key and text, readable from every ONNX tool: problem, units, normalisation, versions. */
  readonly metadata?: Readonly<Record<string, string>>
  /** What inputs and outputs mean, by name: `temperature at the nodes in K, [batch, y, x]`. */
  readonly descriptions?: Readonly<Record<string, string>>
  /** Shapes of inputs and outputs with lengths that are free (see `OnnxOptions.shapes`). */
  readonly shapes?: Readonly<Record<string, readonly (number | string)[]>>
}

/**
 * A program with trained state as an ONNX file for users: the state is written into the file as initializers under its names, outputs are the chosen ones, all operators are
 * ONNX's own. Shapes are those that were traced, the batch too, unless `shapes` frees them: a graph that means the same with every batch is made by `withAnyLength`.
 * Throws FaultErrors `onnx-output` for an unknown output, `onnx-operator` for one that only ONNX Runtime has, `onnx-parameter`, `onnx-size`.
 */
export function exportOnnx(program: Program, state: Readonly<Record<string, ArrayLike<number>>>, options: OnnxExportOptions = {}): Uint8Array {
  const { outputs, ...rest } = options
  const offered = program.graph.outputs.filter(o => o.role === 'output')
  const unknown = outputs?.find(name => !offered.some(o => o.name === name))
  if (unknown !== undefined) throw new FaultError(error('onnx-output', `The program has no output ${unknown}.`, { tip: `It has ${offered.map(o => o.name).join(', ')}.` }))
  const kept = outputs ? offered.filter(o => outputs.includes(o.name)) : offered
  const whole: Graph = { inputs: program.graph.inputs, outputs: kept }
  const nodes = graphNodes(whole)
  const foreign = nodes.find(n => n.operator !== 'Input' && n.operator !== 'Constant' && operatorNamed(n.operator).domain !== undefined)
  if (foreign) throw new FaultError(error('onnx-operator', `${foreign.operator} is an operator of ONNX Runtime's, which other programs do not know.`))
  const used = new Set(nodes)
  const graph: Graph = { inputs: whole.inputs.filter(i => used.has(i.value.node)), outputs: kept }
  const missing = graph.inputs.find(i => i.role === 'state' && state[i.name] === undefined)
  if (missing) throw new FaultError(error('onnx-parameter', `The state ${missing.name} has no values to be written.`))
  const parameters = Object.fromEntries(graph.inputs.flatMap(i => (i.role === 'state' ? [[i.name, state[i.name]]] : [])))
  return writeOnnx(graph, { ...rest, precision: program.precision, parameters })
}
