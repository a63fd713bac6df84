/** Physics-informed network for −Δu = f in the unit cube with values on its boundary: tanh layers, derivatives by forward Taylor propagation. */
import { add, concat, expandDims, matMul, mean, mul, reshape, split, square, sub, sum, tanh, type Tensor, type Tensors } from '../../shared/learning/tf'
import { dataStream, dense, uniform, type Arrays } from './formula'
import type { BenchModel } from './model'

interface PinnSize {
  readonly dimension: number
  readonly width: number
  readonly depth: number
  readonly points: number
  readonly boundary: number
  readonly infer: 'value' | 'laplacian'
}

/** d = 2: u = sin πx sin πy; otherwise u = Σ cos πxᵢ / d. Boundary points lie on the faces in turn (x₁ = 0, x₁ = 1, x₂ = 0, …). */
function poisson({ dimension: d, points, boundary: count }: PinnSize, seed: number): Arrays {
  const interior = uniform(seed, dataStream, [points, d])
  const boundary = uniform(seed, dataStream + 1, [count, d])
  for (let i = 0; i < count; i++) boundary.values[i * d + Math.floor((i % (2 * d)) / 2)] = i % 2
  const exact = (x: Float64Array): number => (d === 2 ? Math.sin(Math.PI * x[0]) * Math.sin(Math.PI * x[1]) : x.reduce((s, v) => s + Math.cos(Math.PI * v), 0) / d)
  const column = (from: Float64Array, factor: number) => ({ shape: [from.length / d, 1], values: Float64Array.from({ length: from.length / d }, (_, i) => factor * exact(from.subarray(i * d, (i + 1) * d))) })
  return { interior, boundary, source: column(interior.values, Math.PI ** 2 * (d === 2 ? 2 : 1)), value: column(boundary.values, 1) }
}

export function pinn(size: PinnSize): BenchModel {
  const { dimension: d, width, depth } = size
  const network = (p: Tensors, x: Tensor): Tensor => {
    let v = x
    for (let i = 0; i < depth; i++) v = tanh(add(matMul(v, p[`dense${i}.kernel`]), p[`dense${i}.bias`]))
    return add(matMul(v, p[`dense${depth}.kernel`]), p[`dense${depth}.bias`])
  }
  /** Value, d first derivatives and Laplacian in one stack [d + 2, points, width], one product a layer. */
  const laplacian = (p: Tensors, x: Tensor): Tensor => {
    const n = x.shape[0]
    const kernel = p['dense0.kernel']
    let t = tanh(add(matMul(x, kernel), p['dense0.bias']))
    let slope = sub(1, square(t))
    let gradient = mul(expandDims(slope, 0), expandDims(kernel, 1))
    let curvature = mul(mul(t, slope), mul(-2, sum(square(kernel), 0)))
    for (let i = 1; i <= depth; i++) {
      const weights = p[`dense${i}.kernel`]
      const out = weights.shape[1]!
      const stack = concat([expandDims(t, 0), gradient, expandDims(curvature, 0)], 0)
      const z = reshape(matMul(reshape(stack, [(d + 2) * n, width]), weights), [d + 2, n, out])
      const [value, first, last] = split(z, [1, d, 1], 0).map((slot, k) => (k === 1 ? slot : reshape(slot, [n, out])))
      if (i === depth) return last
      t = tanh(add(value, p[`dense${i}.bias`]))
      slope = sub(1, square(t))
      gradient = mul(expandDims(slope, 0), first)
      curvature = mul(slope, sub(last, mul(mul(2, t), sum(square(first), 0))))
    }
    throw new Error('a network has at least one layer')
  }
  const loss = (p: Tensors, data: Tensors): Tensor => add(mean(square(add(laplacian(p, data.interior), data.source))), mean(square(sub(network(p, data.boundary), data.value))))
  const widths = [d, ...Array<number>(depth).fill(width), 1]
  return {
    parameters: widths.slice(1).flatMap((out, i) => dense(`dense${i}`, widths[i], out)), data: seed => poisson(size, seed), loss, outputData: ['interior'],
    output: (p, { interior }) => (size.infer === 'laplacian' ? laplacian(p, interior) : network(p, interior)),
  }
}
