import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../fault'
import type { Program } from './compile'
import { sizeOf, type ArrayType, type Data } from './graph/graph'
import type { Execution, RunData } from './runtime'
import { tensorType } from './tracing/backend'
import type { Tensor, Tensors } from './tracing/trace'

/**
 * Runs a program's own function on the tfjs backend `backendName` (registered by the host), kernel by kernel: in single precision, slowly.
 * The last resort of a machine, and what compiled programs are compared with. Throws FaultError `learning-backend` for programs in double precision.
 */
export async function createEagerExecution(program: Program, backendName: string, backend: string): Promise<Execution> {
  if (program.precision === 'float64') throw new FaultError(error('learning-backend', 'tfjs computes in single precision; this program is in double precision.', { tip: 'Set "precision" to "float32" on this machine.' }))
  await activate(backendName)
  const tensor = (given: ArrayLike<number>, { type, shape }: ArrayType): Tensor => {
    const values = type === 'real' ? Float32Array.from(given) : type === 'integer' ? Int32Array.from(given) : Uint8Array.from(given)
    return tfjs.keep(tfjs.tensor(values, [...shape], tensorType(type)))
  }
  const types = new Map(program.graph.inputs.map(i => [i.name, i.value]))
  let state: Record<string, Tensor> = {}
  const restore = (given: Readonly<Record<string, ArrayLike<number>>>): void => {
    for (const [name, values] of Object.entries(given)) {
      const type = types.get(name)
      if (!type || values.length !== sizeOf(type.shape)) throw new FaultError(error('learning-state', `The state ${name} with ${values.length} values does not belong to this program.`))
      state[name]?.dispose()
      state[name] = tensor(values, type)
    }
  }
  restore(Object.fromEntries(Object.entries(program.state).map(([name, { values }]) => [name, values])))
  return {
    backend, restore,
    state: () => Object.fromEntries(Object.entries(state).map(([name, t]) => [name, doubled(t)])),
    async run(given = {}) {
      await activate(backendName)
      const inputs = Object.fromEntries(Object.entries(program.inputs).map(([name, type]) => {
        if (given[name]?.length !== sizeOf(type.shape)) throw new FaultError(error('learning-input', `The input ${name} needs ${sizeOf(type.shape)} values; ${given[name] ? `${given[name].length} were given` : 'none were given'}.`))
        return [name, tensor(given[name], type)]
      }))
      let result: { readonly state?: Tensors; readonly outputs?: Tensors } = {}
      tfjs.tidy(() => {
        result = program.step(state, inputs)
        for (const t of [...Object.values(result.state ?? {}), ...Object.values(result.outputs ?? {})]) tfjs.keep(t)
      })
      for (const t of Object.values(inputs)) t.dispose()
      const next: Record<string, Tensor> = { ...result.state }
      for (const [name, t] of Object.entries(state)) if (next[name] !== t) t.dispose()
      state = next
      const outputs = Object.entries(result.outputs ?? {})
      const read = Object.fromEntries(outputs.map(([name, t]) => [name, t.dataSync().slice() as RunData]))
      // One tensor may stand under several names.
      for (const t of new Set(outputs.map(([, tensor]) => tensor))) if (!Object.values(state).includes(t)) t.dispose()
      return read
    },
    dispose: () => Object.values(state).forEach(t => t.dispose()),
  }
}

async function activate(name: string): Promise<void> {
  if (tfjs.engine().backendName !== name && !(await tfjs.setBackend(name))) throw new FaultError(error('learning-backend', `The tfjs backend ${name} did not start.`))
}

const doubled = (t: Tensor): Data => {
  const values = t.dataSync()
  return values instanceof Float32Array ? Float64Array.from(values) : (values.slice() as Int32Array | Uint8Array)
}
