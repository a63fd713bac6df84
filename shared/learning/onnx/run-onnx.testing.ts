import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ArrayType, Data, Graph, Precision } from '../graph/graph'
import { nextState, writeOnnx } from './write'

/** A graph as ONNX Runtime computes it, by output names; session options as anyone might have them. */
export async function runOnnx(graph: Graph, inputs: Readonly<Record<string, Data>>, precision: Precision, options: InferenceSession.SessionOptions = {}): Promise<Record<string, Data>> {
  const session = await InferenceSession.create(writeOnnx(graph, { precision }), { intraOpNumThreads: 1, logSeverityLevel: 4, ...options })
  try {
    const feeds = Object.fromEntries(graph.inputs.map(({ name, value }) => [name, feed(inputs[name], value, precision)]))
    const results = await session.run(feeds)
    return Object.fromEntries(graph.outputs.map(({ name, role, value }) => {
      const { data } = results[role === 'state' ? nextState(name) : name]
      return [name, value.type === 'real' ? Float64Array.from(data as Float32Array) : value.type === 'integer' ? Int32Array.from(data as BigInt64Array, Number) : Uint8Array.from(data as Uint8Array)]
    }))
  } finally {
    await session.release()
  }
}

function feed(values: Data, { type, shape }: ArrayType, precision: Precision): Tensor {
  if (type === 'boolean') return new Tensor('bool', Uint8Array.from(values), [...shape])
  if (type === 'integer') return new Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), [...shape])
  return precision === 'float64' ? new Tensor('float64', Float64Array.from(values), [...shape]) : new Tensor('float32', Float32Array.from(values), [...shape])
}
