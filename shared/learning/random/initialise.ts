import type { RandomStream } from './stream'

/**
 * Initial values of a network's weights. Shapes are tfjs's: dense weights [in, out] with y = x W + b, convolutions […kernel, in, out]; all row-major, the last axis fastest.
 */
export interface Tensor {
  readonly shape: readonly number[]
  readonly values: Float64Array
}

/** Inputs and outputs per unit: the last two axes, times the points of the kernel. */
export interface Fans {
  readonly in: number
  readonly out: number
}

export function fansOf(shape: readonly number[]): Fans {
  const points = shape.slice(0, -2).reduce((product, n) => product * n, 1)
  const [inputs, outputs] = shape.length === 1 ? [shape[0], shape[0]] : shape.slice(-2)
  return { in: inputs * points, out: outputs * points }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** U(−bound, bound). */
export const uniformTensor = (stream: RandomStream, shape: readonly number[], bound: number): Tensor => ({ shape, values: stream.uniform(sizeOf(shape)).map(u => bound * (2 * u - 1)) })

/** N(0, deviation²). */
export const normalTensor = (stream: RandomStream, shape: readonly number[], deviation: number): Tensor => ({ shape, values: stream.normal(sizeOf(shape)).map(z => deviation * z) })

export const constantTensor = (shape: readonly number[], value: number): Tensor => ({ shape, values: new Float64Array(sizeOf(shape)).fill(value) })

/** Glorot (Xavier): U(±gain √(6 / (in + out))). Keeps variances of tanh networks. Glorot & Bengio 2010, proceedings.mlr.press/v9/glorot10a, eq. 16. */
export const glorotUniform = (stream: RandomStream, shape: readonly number[], gain = 1, fans = fansOf(shape)): Tensor => uniformTensor(stream, shape, gain * Math.sqrt(6 / (fans.in + fans.out)))

/** Glorot (Xavier): N(0, gain² 2 / (in + out)). */
export const glorotNormal = (stream: RandomStream, shape: readonly number[], gain = 1, fans = fansOf(shape)): Tensor => normalTensor(stream, shape, gain * Math.sqrt(2 / (fans.in + fans.out)))

/** He (Kaiming): U(±√(6 / in)) for rectifiers. He et al. 2015, doi:10.1109/ICCV.2015.123, eq. 10. */
export const heUniform = (stream: RandomStream, shape: readonly number[], fans = fansOf(shape)): Tensor => uniformTensor(stream, shape, Math.sqrt(6 / fans.in))

/** He (Kaiming): N(0, 2 / in). */
export const heNormal = (stream: RandomStream, shape: readonly number[], fans = fansOf(shape)): Tensor => normalTensor(stream, shape, Math.sqrt(2 / fans.in))

/** PyTorch's default of Linear and Conv layers, weights and biases alike: U(±1 / √in). `fans` are those of the weight. */
export const torchDefault = (stream: RandomStream, shape: readonly number[], fans = fansOf(shape)): Tensor => uniformTensor(stream, shape, 1 / Math.sqrt(fans.in))

/**
 * SIREN, for layers sin(ω (x W) + b): first layer U(±1 / in), the others U(±√(6 / in) / ω); biases U(±1 / √in) by `torchDefault`. ω = 30 for signals, near 1 … 5 for smooth solutions.
 * Sitzmann et al. 2020, arXiv:2006.09661, §3.2 and supplement 1.5.
 */
export function sirenUniform(stream: RandomStream, shape: readonly number[], { first, omega = 30 }: { readonly first: boolean; readonly omega?: number }): Tensor {
  const inputs = fansOf(shape).in
  return uniformTensor(stream, shape, first ? 1 / inputs : Math.sqrt(6 / inputs) / omega)
}

/**
 * Orthonormal columns (or rows, whichever are fewer) of the matrix whose last axis is `shape`'s and whose rows are all other axes, times `gain`; uniform over such matrices.
 * Saxe, McClelland & Ganguli 2014, arXiv:1312.6120. Gram–Schmidt, twice.
 */
export function orthogonal(stream: RandomStream, shape: readonly number[], gain = 1): Tensor {
  const columns = shape[shape.length - 1]
  const rows = sizeOf(shape) / columns
  const [count, length] = rows >= columns ? [columns, rows] : [rows, columns]
  const vectors = stream.normal(count * length)
  for (let k = 0; k < count; k++) {
    const own = vectors.subarray(k * length, (k + 1) * length)
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const other = vectors.subarray(j * length, (j + 1) * length)
        const product = dot(own, other)
        for (let i = 0; i < length; i++) own[i] -= product * other[i]
      }
      const norm = Math.sqrt(dot(own, own))
      for (let i = 0; i < length; i++) own[i] /= norm
    }
  }
  const values = new Float64Array(rows * columns)
  for (let k = 0; k < count; k++) for (let i = 0; i < length; i++) values[rows >= columns ? i * columns + k : k * columns + i] = gain * vectors[k * length + i]
  return { shape, values }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
