import { constantTensor, glorotNormal, glorotUniform, heNormal, normalTensor, orthogonal, torchDefault, uniformTensor, type RandomStream } from '../random'
import { affine, type Jet } from '../taylor'
import type { Tensor, Tensors } from '../tf'
import type { Parameters } from './network'
import type { Initialisation } from './options'

const kernels: Readonly<Record<Initialisation, (stream: RandomStream, shape: readonly number[]) => { readonly values: Float64Array; readonly shape: readonly number[] }>> = {
  auto: glorotUniform, spread: glorotUniform, 'glorot-uniform': glorotUniform, 'glorot-normal': glorotNormal, 'he-normal': heNormal, orthogonal, torch: torchDefault,
}

/** `name.kernel` [inputs, outputs] and `name.bias` [outputs]. */
export function initialDense(random: RandomStream, name: string, inputs: number, outputs: number, initialisation: Initialisation = 'glorot-uniform'): Parameters {
  const stream = random.child(name)
  const bias = initialisation === 'torch' ? torchDefault(stream.child('bias'), [outputs], { in: inputs, out: outputs }) : constantTensor([outputs], 0)
  return { [`${name}.kernel`]: kernels[initialisation](stream.child('kernel'), [inputs, outputs]), [`${name}.bias`]: bias }
}

/** A parameter, or one sentence that it is missing. */
export function parameterNamed(parameters: Tensors, name: string): Tensor {
  const found = (parameters as Readonly<Record<string, Tensor | undefined>>)[name]
  if (!found) throw new Error(`no parameter ${name}`)
  return found
}

export const denseLayer = (parameters: Tensors, name: string, x: Jet): Jet => affine(x, parameterNamed(parameters, `${name}.kernel`), parameterNamed(parameters, `${name}.bias`))

/** Layers `prefix0`, `prefix1`, … through the given widths. */
export const initialStack = (random: RandomStream, widths: readonly number[], initialisation: Initialisation, { prefix = 'dense', halfWaves }: { readonly prefix?: string; readonly halfWaves?: readonly number[] } = {}): Parameters =>
  Object.assign({}, ...widths.slice(1).map((width, i) => (initialisation === 'spread' ? spreadDense(random, `${prefix}${i}`, widths[i], width, i === widths.length - 2, halfWaves) : initialDense(random, `${prefix}${i}`, widths[i], width, initialisation)))) as Parameters

/**
 * A basis rather than a signal: the first layer's kernel and biases are U(−1, 1), so its ridges cross inputs of [−1, 1] in all directions and places; the last kernel is N(0, 1 / inputs).
 * Where h half-waves are expected along an input, its row of the kernel is U(−h, h), and biases are as wide as the widest row.
 * Layers between are Glorot's, biases there and of the last layer 0.
 */
function spreadDense(random: RandomStream, name: string, inputs: number, outputs: number, last: boolean, halfWaves: readonly number[] = []): Parameters {
  const stream = random.child(name)
  const first = /\D0$/.test(name) && !last
  if (!first && !last) return initialDense(random, name, inputs, outputs)
  const kernel = first ? uniformTensor(stream.child('kernel'), [inputs, outputs], 1) : normalTensor(stream.child('kernel'), [inputs, outputs], 1 / Math.sqrt(inputs))
  const widest = Math.max(1, ...halfWaves)
  if (first && widest > 1) {
    const bias = uniformTensor(stream.child('bias'), [outputs], widest)
    return { [`${name}.kernel`]: { ...kernel, values: kernel.values.map((v, k) => v * (halfWaves[Math.floor(k / outputs)] ?? 1)) }, [`${name}.bias`]: bias }
  }
  return { [`${name}.kernel`]: kernel, [`${name}.bias`]: first ? uniformTensor(stream.child('bias'), [outputs], 1) : constantTensor([outputs], 0) }
}
