/** Runs compiled programs on ONNX Runtime's native library. Calls are synchronous inside: this belongs on the conductor thread. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { error, FaultError } from '../../../shared/fault'
import type { Program } from '../../../shared/learning/compile'
import { sizeOf, type ArrayType, type Data, type Precision } from '../../../shared/learning/graph/graph'
import { nextState, writeOnnx } from '../../../shared/learning/onnx/write'
import type { Execution, LearningRuntime, RunData } from '../../../shared/learning/runtime'

export interface OnnxRuntimeOptions {
  readonly threads: number
}

export function createOnnxRuntime({ threads }: OnnxRuntimeOptions): LearningRuntime {
  return { prepare: async program => prepare(program, threads) }
}

type Values = Float32Array | Float64Array | BigInt64Array | Uint8Array

async function prepare(program: Program, threads: number): Promise<Execution> {
  const ort = await import('onnxruntime-node')
  const session: InferenceSession = await ort.InferenceSession.create(writeOnnx(program.graph, { precision: program.precision }), {
    executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all', logSeverityLevel: 3,
    // That fusion keeps its factor as a float32 attribute: 0.1 became 0.10000000149 in float64 graphs.
    extra: { optimization: { disable_specified_optimizers: 'MatMulScaleFusion' } },
  })
  const { graph, precision } = program
  const tensor = (values: Values, { type, shape }: ArrayType): OnnxTensor => new ort.Tensor(type === 'real' ? precision : type === 'integer' ? 'int64' : 'bool', values as never, [...shape])
  const declared = graph.inputs.filter(i => i.role === 'state')
  // State alternates between two buffers: one is read while the other is written, nothing is copied.
  const buffers = declared.map(({ value }) => [tensor(emptyValues(value, precision), value), tensor(emptyValues(value, precision), value)] as const)
  let current = 0
  const results = Object.fromEntries(graph.outputs.filter(o => o.role === 'output').map(o => [o.name, tensor(emptyValues(o.value, precision), o.value)]))
  const restore = (state: Readonly<Record<string, ArrayLike<number>>>): void => {
    for (const [name, given] of Object.entries(state)) {
      const at = declared.findIndex(d => d.name === name)
      if (at < 0 || given.length !== sizeOf(declared[at].value.shape)) throw new FaultError(error('learning-state', `The state ${name} with ${given.length} values does not belong to this program.`))
      write(buffers[at][current].data as Values, given)
    }
  }
  restore(Object.fromEntries(Object.entries(program.state).map(([name, { values }]) => [name, values])))
  return {
    backend: `ONNX Runtime (CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    restore,
    state: () => Object.fromEntries(declared.map(({ name, value }, i) => [name, asData(buffers[i][current].data as Values, value)])),
    run: async (inputs = {}) => {
      const feeds: Record<string, OnnxTensor> = {}
      const fetches: Record<string, OnnxTensor> = { ...results }
      declared.forEach(({ name }, i) => {
        feeds[name] = buffers[i][current]
        fetches[nextState(name)] = buffers[i][1 - current]
      })
      for (const { name, role, value } of graph.inputs) {
        if (role !== 'input') continue
        const values = emptyValues(value, precision)
        write(values, inputs[name])
        feeds[name] = tensor(values, value)
      }
      await session.run(feeds, fetches)
      current = 1 - current
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, (data instanceof BigInt64Array ? Int32Array.from(data, Number) : data) as RunData]))
    },
    dispose: () => { void session.release() },
  }
}

const emptyValues = ({ type, shape }: ArrayType, precision: Precision): Values => {
  const size = sizeOf(shape)
  return type === 'real' ? (precision === 'float64' ? new Float64Array(size) : new Float32Array(size)) : type === 'integer' ? new BigInt64Array(size) : new Uint8Array(size)
}

function write(target: Values, from: ArrayLike<number>): void {
  if (target instanceof BigInt64Array) for (let i = 0; i < target.length; i++) target[i] = BigInt(from[i])
  else target.set(from)
}

const asData = (values: Values, { type }: ArrayType): Data => (type === 'real' ? Float64Array.from(values as Float32Array) : type === 'integer' ? Int32Array.from(values as BigInt64Array, Number) : Uint8Array.from(values as Uint8Array))
