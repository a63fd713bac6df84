import * as tfjs from '@tensorflow/tfjs-core'
import { makeConstant, type ElementType, type Value } from '../graph/graph'
import { apply } from '../graph/operators'
import { arrangementKernels } from './kernels/arrangement'
import { convolutionKernels } from './kernels/convolution'
import { elementwiseKernels } from './kernels/elementwise'
import { functionKernels } from './kernels/functions'
import { indexingKernels } from './kernels/indexing'
import { matrixKernels } from './kernels/matrix'
import { poolingKernels } from './kernels/pooling'
import { reductionKernels } from './kernels/reductions'
import { resizeKernels } from './kernels/resize'
import { callerLine } from './caller'
import { programFault } from './faults'
import type { Recorder, TracedKernel, TracedKernels } from './recorder'

/** The kernels of tfjs that can be traced: one file and one line here for each family. */
const families: readonly TracedKernels[] = [
  elementwiseKernels, functionKernels, matrixKernels, reductionKernels, arrangementKernels, indexingKernels, convolutionKernels, poolingKernels, resizeKernels,
]

export const backendName = 'trace'

export const elementType = (dtype: string): ElementType => (dtype === 'float32' ? 'real' : dtype === 'int32' ? 'integer' : 'boolean')
export const tensorType = (type: ElementType): tfjs.DataType => (type === 'real' ? 'float32' : type === 'integer' ? 'int32' : 'bool')

/** A tfjs backend whose tensors are values of a graph: a kernel adds nodes instead of computing. */
class TracingBackend extends tfjs.KernelBackend {
  private readonly values = new WeakMap<object, Value>()

  /** The value behind a tensor's handle. Throws FaultError `trace-foreign` for a tensor that another backend made. */
  value(dataId: object): Value {
    const value = this.values.get(dataId)
    if (!value) throw programFault('trace-foreign', 'uses a tensor that was made outside the traced function', 'Pass it in as an input or as state, or make it inside with constant().')
    return value
  }

  register(value: Value): tfjs.TensorInfo {
    const dataId = {}
    this.values.set(dataId, value)
    return { dataId, shape: [...value.shape], dtype: tensorType(value.type) }
  }

  tensor(value: Value): tfjs.Tensor {
    const { dataId, shape, dtype } = this.register(value)
    return tfjs.engine().makeTensorFromDataId(dataId, shape, dtype, this)
  }

  override write(values: tfjs.BackendValues, shape: number[], dtype: tfjs.DataType): object {
    if (dtype === 'string' || dtype === 'complex64') throw programFault('trace-type', `makes a ${dtype} tensor, which a graph cannot hold`, 'Write complex numbers as pairs of real tensors.')
    const given = values as ArrayLike<number>
    const type = elementType(dtype)
    if (type === 'real' && !isExact(given)) {
      throw programFault('trace-constant', 'makes a constant through float32, which would carry seven digits into a double precision graph', 'Make it with constant(), which keeps all digits; plain numbers in the functions of shared/learning/tf are kept too.')
    }
    const data = type === 'real' ? Float64Array.from(given) : type === 'integer' ? Int32Array.from(given) : Uint8Array.from(given)
    const dataId = {}
    this.values.set(dataId, makeConstant(data, shape))
    return dataId
  }

  override readSync(): never {
    throw programFault('trace-read', 'reads the value of a tensor of a traced program, which is not known before the program runs', 'Return the tensor as an output, or choose with where().')
  }
  override read(): never {
    return this.readSync()
  }
  override numDataIds(): number { return 0 }
  override disposeData(): boolean { return true }
  override refCount(): number { return 1 }
  override incRef(): void { /* values are garbage collected */ }
  override memory(): { unreliable: boolean } { return { unreliable: true } }
  override floatPrecision(): 16 | 32 { return 32 }
  override epsilon(): number { return 1e-7 }
  override dispose(): void { /* nothing is held */ }
}

/**
 * Whether rounding to float32 can have cost nothing: whole numbers below 2²⁴, and values of at most 13 binary digits such as halves and powers of two.
 * A decimal fraction fills all 24 digits with its error.
 */
function isExact(values: ArrayLike<number>): boolean {
  if (!(values instanceof Float32Array)) return true
  const digits = new Uint32Array(values.slice().buffer)
  return values.every((x, i) => (digits[i] & 0x7ff) === 0 || !Number.isFinite(x) || (Number.isInteger(x) && Math.abs(x) < 2 ** 24))
}

function recorderFor(kernelName: string): Recorder {
  const origin = `${kernelName} at ${callerLine()}`
  return {
    origin,
    node: (operator, inputs, attributes) => apply(operator, inputs, attributes, origin).outputs[0],
    nodes: (operator, inputs, attributes) => apply(operator, inputs, attributes, origin).outputs,
    real: (values, shape = []) => makeConstant(typeof values === 'number' ? Float64Array.of(values) : values, shape),
    integers: (values, shape = [values.length]) => makeConstant(Int32Array.from(values), shape),
  }
}

function traced(kernelName: string, kernel: TracedKernel): tfjs.KernelFunc {
  return ({ inputs, attrs }) => {
    const values = Object.fromEntries(Object.entries(inputs).flatMap(([name, info]) => (info ? [[name, tracing.value(info.dataId)]] : [])))
    const result = kernel(values, attrs ?? {}, recorderFor(kernelName))
    return Array.isArray(result) ? result.map(v => tracing.register(v)) : tracing.register(result as Value)
  }
}

const refused = (kernelName: string): tfjs.KernelFunc => () => {
  throw programFault('trace-unsupported', `uses the tfjs kernel ${kernelName}, which has no counterpart in graphs`, 'Write it with other operations, or add its lowering in shared/learning/tracing/kernels.')
}

const tracing = new TracingBackend()
let registered = false

const kernels = Object.assign({}, ...families) as TracedKernels

/** Names of the tfjs kernels that graphs have a counterpart for. */
export const tracedKernels = (): readonly string[] => Object.keys(kernels)

/** The one tracing backend of this process, with its kernels; known to tfjs from the first call on. */
export function tracingBackend(): TracingBackend {
  if (registered) return tracing
  registered = true
  tfjs.registerBackend(backendName, () => tracing, 0)
  for (const [kernelName, kernel] of Object.entries(kernels)) tfjs.registerKernel({ kernelName, backendName, kernelFunc: traced(kernelName, kernel) })
  // Kernel names are exported as constants that equal their own name.
  const known = Object.entries(tfjs as unknown as Record<string, unknown>).flatMap(([key, value]) => (typeof value === 'string' && (value === key || value === `_${key}`) ? [value] : []))
  for (const kernelName of known) if (!(kernelName in kernels)) tfjs.registerKernel({ kernelName, backendName, kernelFunc: refused(kernelName) })
  return tracing
}
