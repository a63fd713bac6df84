import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../fault'
import { makeConstant, makeInput, sameShape, describeType, type ArrayType, type Data, type Graph, type GraphOutput, type Shape, type Value } from '../graph/graph'
import { backendName, tracingBackend } from './backend'
import { programFault, tracingFault } from './faults'

export type Tensor = tfjs.Tensor
export type Tensors = Readonly<Record<string, Tensor>>

/** Types of what a program is called with: a shape means real numbers. */
export type Signature = Readonly<Record<string, Shape | ArrayType>>

/**
 * A functional program in tfjs: new state and outputs from old state and inputs, with no other effects. State must come back complete, in the same shapes.
 * It may call tfjs's gradients. It runs once per trace; its loops unroll.
 */
export type StepFunction = (state: Tensors, inputs: Tensors) => { readonly state?: Tensors; readonly outputs?: Tensors }

let active = false

/** Whether a trace is being recorded now. */
export const isTracing = (): boolean => active

export const arrayTypeOf = (given: Shape | ArrayType): ArrayType => ('type' in given ? given : { type: 'real', shape: given })

/** Runs `step` once and records what it would compute. Throws FaultErrors `trace-*` and `graph-shape` with the line of the program that is wrong. */
export function trace(step: StepFunction, signature: { readonly state?: Signature; readonly inputs?: Signature }): Graph {
  if (active) throw programFault('trace-nested', 'traces a program while another is being traced', 'Call the inner function itself; it becomes part of the same graph.')
  const backend = tracingBackend()
  const declare = (given: Signature = {}) => Object.entries(given).map(([name, type]) => ({ name, value: makeInput(name, arrayTypeOf(type)) }))
  const [state, inputs] = [declare(signature.state), declare(signature.inputs)]
  const clash = inputs.find(i => state.some(s => s.name === i.name))
  if (clash) throw new FaultError(error('trace-name', `${clash.name} is the name of an input and of a state array.`, { tip: 'Rename one.' }))
  const tensors = (declared: typeof state) => Object.fromEntries(declared.map(({ name, value }) => [name, backend.tensor(value)]))
  return whileTracing(() => {
    const result = step(tensors(state), tensors(inputs))
    if (typeof (result as { then?: unknown } | undefined)?.then === 'function') throw new FaultError(error('trace-promise', 'The traced function returns a promise; what it awaits cannot become part of a graph.', { tip: 'Make it a plain function and await before.' }))
    if (typeof result !== 'object') throw new FaultError(error('trace-result', 'The traced function must return { state, outputs }.'))
    const written = (role: 'state' | 'output', named: Tensors = {}): GraphOutput[] => Object.entries(named).map(([name, tensor]) => {
      if (!(tensor instanceof tfjs.Tensor)) throw new FaultError(error('trace-result', `The ${role} ${name} that the traced function returns is no tensor.`, { tip: 'Wrap numbers with constant().' }))
      return { name, role, value: backend.value(tensor.dataId) }
    })
    const outputs = [...written('state', result.state), ...written('output', result.outputs)]
    checkState(state, outputs)
    return { inputs: [...state.map(s => ({ ...s, role: 'state' as const })), ...inputs.map(i => ({ ...i, role: 'input' as const }))], outputs }
  })
}

/** The tracing backend is active while `run` runs; the one that was active before is active after. */
function whileTracing<T>(run: () => T): T {
  const engine = tfjs.engine()
  const before = engine.backendName
  void engine.setBackend(backendName)
  active = true
  engine.startScope()
  try {
    return run()
  } catch (reason) {
    throw tracingFault(reason)
  } finally {
    engine.endScope()
    active = false
    if (before && before !== backendName) void engine.setBackend(before)
    // Nobody had chosen a backend: the next eager call shall choose, and not find this one.
    else if (!before) Object.assign(engine, { backendName: undefined, backendInstance: null })
  }
}

function checkState(declared: readonly { readonly name: string; readonly value: Value }[], outputs: readonly GraphOutput[]): void {
  const written = outputs.filter(o => o.role === 'state')
  for (const { name, value } of declared) {
    const now = written.find(o => o.name === name)
    if (!now) throw new FaultError(error('trace-state', `The state ${name} is not returned.`, { tip: 'Return every state array, changed or not.' }))
    if (now.value.type !== value.type || !sameShape(now.value.shape, value.shape)) throw new FaultError(error('trace-state', `The state ${name} goes in as ${describeType(value)} and comes back as ${describeType(now.value)}.`))
  }
  const unknown = written.find(o => !declared.some(d => d.name === o.name))
  if (unknown) throw new FaultError(error('trace-state', `The state ${unknown.name} is returned but was not declared.`))
}

/**
 * An array of fixed values, kept in double precision while tracing; the running backend's own precision otherwise. A number is a scalar;
 * without a shape, one axis.
 */
export function constant(values: number | ArrayLike<number> | Data, shape?: Shape, type: 'float32' | 'int32' | 'bool' = 'float32'): Tensor {
  const list = typeof values === 'number' ? [values] : values
  const form = shape ?? (typeof values === 'number' ? [] : [list.length])
  if (!active) return tfjs.tensor(type === 'float32' ? Float32Array.from(list) : Int32Array.from(list), [...form], type)
  const data = type === 'float32' ? Float64Array.from(list) : type === 'int32' ? Int32Array.from(list) : Uint8Array.from(list)
  return tracingBackend().tensor(makeConstant(data, form))
}

