/** One compiled program on a session of ONNX Runtime, whichever build of it: native or WebAssembly. */
import type { InferenceSession, Tensor as OnnxTensor, TensorConstructor } from 'onnxruntime-common'
import { error, FaultError } from '../../../shared/fault'
import { stackedType, type Program } from '../../../shared/learning/compile'
import { graphNodes, sizeOf, type ArrayType, type Data, type Precision } from '../../../shared/learning/graph/graph'
import { nextState, writeOnnx } from '../../../shared/learning/onnx/write'
import type { Execution, RunData } from '../../../shared/learning/runtime'

/** What native and WebAssembly builds share. */
export interface OnnxModule {
  /** Whether `run` writes into tensors that are handed to it (and returns copies, which nobody needs); the WebAssembly build takes them and leaves them empty. */
  readonly writesInPlace: boolean
  readonly InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> }
  readonly Tensor: TensorConstructor
}

type Values = Float32Array | Float64Array | BigInt64Array | Uint8Array

/** Throws FaultError `learning-backend` when the session does not take the model: the caller may try another backend. */
export async function createSessionExecution(program: Program, ort: OnnxModule, options: InferenceSession.SessionOptions, backend: string): Promise<Execution> {
  const { graph, precision, stepsPerCall } = program
  const session = await ort.InferenceSession.create(writeOnnx(graph, { precision, ...(stepsPerCall > 1 ? { steps: stepsPerCall } : {}) }), options).catch((reason: Error) => {
    throw new FaultError(error('learning-backend', `${backend} does not take the program: ${firstLine(reason.message)}.`))
  })
  const tensor = (values: Values, { type, shape }: ArrayType): OnnxTensor => new ort.Tensor(type === 'real' ? precision : type === 'integer' ? 'int64' : 'bool', values as never, [...shape])
  const empty = (type: ArrayType): OnnxTensor => tensor(emptyValues(type, precision), type)
  const declared = graph.inputs.filter(i => i.role === 'state')
  // State alternates between two sets of buffers: one is read while the other is written, nothing is copied, and a failed call changes nothing.
  const buffers = [0, 1].map(() => declared.map(({ value }) => empty(value)))
  const outputs = graph.outputs.filter(o => o.role === 'output').map(o => ({ name: o.name, tensor: empty(stackedType(o.value, stepsPerCall)) }))
  const inputs = graph.inputs.filter(i => i.role === 'input').map(({ name }) => ({ name, size: sizeOf(program.inputs[name].shape), tensor: empty(program.inputs[name]) }))
  let current = 0

  const restore = (state: Readonly<Record<string, ArrayLike<number>>>): void => {
    for (const [name, given] of Object.entries(state)) {
      const at = declared.findIndex(d => d.name === name)
      if (at < 0 || given.length !== sizeOf(declared[at].value.shape)) throw new FaultError(error('learning-state', `The state ${name} with ${given.length} values does not belong to this program.`))
    }
    for (const [name, given] of Object.entries(state)) write(buffers[current][declared.findIndex(d => d.name === name)].data as Values, given)
  }
  restore(Object.fromEntries(Object.entries(program.state).map(([name, { values }]) => [name, values])))

  return {
    backend, restore,
    state: () => Object.fromEntries(declared.map(({ name, value }, i) => [name, asData(buffers[current][i].data as Values, value)])),
    async run(given = {}) {
      const feeds: Record<string, OnnxTensor> = {}
      const fetches: Record<string, OnnxTensor> = {}
      for (const { name, size, tensor: into } of inputs) {
        if (given[name]?.length !== size) throw new FaultError(error('learning-input', `The input ${name} needs ${size} values; ${given[name] ? `${given[name].length} were given` : 'none were given'}.`))
        write(into.data as Values, given[name])
        feeds[name] = into
      }
      const unknown = Object.keys(given).find(name => !inputs.some(i => i.name === name))
      if (unknown !== undefined) throw new FaultError(error('learning-input', `The program has no input ${unknown}.`))
      for (const { name, tensor: from } of outputs) fetches[name] = from
      declared.forEach(({ name }, i) => {
        feeds[name] = buffers[current][i]
        fetches[nextState(name)] = buffers[1 - current][i]
      })
      const results = await (ort.writesInPlace ? session.run(feeds, fetches) : session.run(feeds, Object.keys(fetches))).catch((reason: Error) => { throw failure(program, reason.message) })
      if (!ort.writesInPlace) for (const [name, into] of Object.entries(fetches)) (into.data as Float32Array).set(results[name].data as Float32Array)
      current = 1 - current
      return Object.fromEntries(outputs.map(({ name, tensor: { data } }) => [name, (data instanceof BigInt64Array ? Int32Array.from(data, Number) : data) as RunData]))
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

const firstLine = (message: string): string => message.split('\n')[0].replace(/^.*?(?:ErrorCode|error code)[^:]*: ?/i, '').replace(/\.$/, '').slice(0, 300)

/** ONNX Runtime names the node that failed; ours carry the line of the program that they come from. */
function failure(program: Program, message: string): FaultError {
  if (/bad_alloc|Failed to allocate|out of memory|AllocateRawInternal/i.test(message)) {
    return new FaultError(error('out-of-memory', 'The program ran out of memory.', { tip: 'Choose a smaller batch, fewer points or a smaller network.' }))
  }
  const name = /Name:'([^'/]+)/.exec(message)?.[1]
  const origin = name === undefined ? undefined : originOf(program, name)
  const reason = firstLine(message.replace(/^.*Status Message: /s, ''))
  return new FaultError(error('learning-failed', `${origin ?? 'The compiled program'} failed: ${reason}.`))
}

/** The writer numbers nodes in their order: `MatMul_17` is node 17. */
function originOf(program: Program, name: string): string | undefined {
  const number = Number(/_(\d+)$/.exec(name)?.[1] ?? NaN)
  return graphNodes(program.graph).filter(n => n.operator !== 'Input')[number]?.origin
}
