/** Physics-informed network for −Δu = f in the unit cube with values on its boundary: the app's own network, its Laplacian by forward Taylor propagation. */
import { applyNetwork } from '../../shared/learning/networks'
import { mlp } from '../../shared/learning/networks/mlp'
import { laplacianSpace } from '../../shared/learning/taylor'
import { add, mean, square, sub, type Tensor, type Tensors } from '../../shared/learning/tf'
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
  const { dimension, width, depth, infer } = size
  const network = mlp.build({ width, depth, activation: 'tanh', initialisation: 'torch' }, { inputs: dimension, outputs: 1 })
  const space = laplacianSpace(dimension)
  const laplacian = (p: Tensors, x: Tensor): Tensor => space.laplacian(network.propagate(p, space.seed(x)))
  const widths = [dimension, ...Array<number>(depth).fill(width), 1]
  return {
    parameters: widths.slice(1).flatMap((out, i) => dense(`dense${i}`, widths[i], out)), data: seed => poisson(size, seed), outputData: ['interior'],
    loss: (p, { interior, source, boundary, value }) => add(mean(square(add(laplacian(p, interior), source))), mean(square(sub(applyNetwork(network, p, boundary), value)))),
    output: (p, { interior }) => (infer === 'laplacian' ? laplacian(p, interior) : applyNetwork(network, p, interior)),
  }
}
