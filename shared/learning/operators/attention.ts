import { initialDense, parameterNamed, type Parameters } from '../networks'
import type { RandomStream } from '../random'
import { add, matMul, mul, normalise, reshape, softmax, transpose, type Tensor, type Tensors } from '../tf'
import { initialNormalisation } from './convolution'

/** x K + b along the last axis of x. */
export function linear(parameters: Tensors, name: string, x: Tensor): Tensor {
  const kernel = parameterNamed(parameters, `${name}.kernel`)
  const [inputs, outputs] = kernel.shape as number[]
  return add(reshape(matMul(reshape(x, [-1, inputs]), kernel), [...x.shape.slice(0, -1), outputs]), parameterNamed(parameters, `${name}.bias`))
}

/** (x − mean) / √(variance + 1e-5) · gain + offset over the last axis. Ba, Kiros & Hinton 2016, arXiv:1607.06450. */
export const layerNorm = (parameters: Tensors, name: string, x: Tensor): Tensor => add(mul(normalise(x), parameterNamed(parameters, `${name}.gain`)), parameterNamed(parameters, `${name}.offset`))

/** `name.query`, `.key`, `.value`, `.output`: dense layers of `width` channels. */
export const initialAttention = (random: RandomStream, name: string, width: number): Parameters =>
  Object.assign({}, ...['query', 'key', 'value', 'output'].map(part => initialDense(random, `${name}.${part}`, width, width))) as Parameters

/**
 * softmax(Q Kᵀ / √d + bias) V for each head, heads joined, one dense layer: queries from x [batch, n, width], keys and values from `memory` [batch, m, width] (x itself by default).
 * `bias` [heads or 1, n, m] is added to the scores: masks are large negative numbers. Vaswani et al. 2017, arXiv:1706.03762, §3.2.
 */
export function attention(parameters: Tensors, name: string, x: Tensor, heads: number, { memory = x, bias }: { readonly memory?: Tensor; readonly bias?: Tensor } = {}): Tensor {
  const [batch, n, width] = x.shape as number[]
  const depth = width / heads
  if (!Number.isInteger(depth)) throw new Error(`attention over ${width} channels with ${heads} heads`)
  const parted = (part: string, of: Tensor): Tensor => transpose(reshape(linear(parameters, `${name}.${part}`, of), [batch, -1, heads, depth]), [0, 2, 1, 3])
  const [query, key, value] = [parted('query', x), parted('key', memory), parted('value', memory)]
  const scores = mul(matMul(query, key, false, true), 1 / Math.sqrt(depth))
  const mixed = matMul(softmax(bias ? add(scores, bias) : scores), value)
  return linear(parameters, `${name}.output`, reshape(transpose(mixed, [0, 2, 1, 3]), [batch, n, width]))
}

/** A transformer block's parameters: `name.norm1`, `.attention`, `.norm2`, `.expand`, `.contract`. */
export const initialBlock = (random: RandomStream, name: string, width: number, expansion = 4): Parameters => ({
  ...initialNormalisation(`${name}.norm1`, width), ...initialAttention(random, `${name}.attention`, width), ...initialNormalisation(`${name}.norm2`, width),
  ...initialDense(random, `${name}.expand`, width, expansion * width), ...initialDense(random, `${name}.contract`, expansion * width, width),
})

/** x ← x + attention(norm x), x ← x + contract(σ(expand(norm x))): normalisation before each part. Xiong et al. 2020, arXiv:2002.04745. */
export function transformerBlock(parameters: Tensors, name: string, x: Tensor, heads: number, activate: (x: Tensor) => Tensor, bias?: Tensor): Tensor {
  const attended = add(x, attention(parameters, `${name}.attention`, layerNorm(parameters, `${name}.norm1`, x), heads, bias ? { bias } : {}))
  return add(attended, linear(parameters, `${name}.contract`, activate(linear(parameters, `${name}.expand`, layerNorm(parameters, `${name}.norm2`, attended)))))
}
