/** DeepONet with shared query points (Lu et al. 2021, doi 10.1038/s42256-021-00302-5): the app's own. */
import { deeponet } from '../../shared/learning/operators/deeponet'
import type { Tensor, Tensors } from '../../shared/learning/tf'
import { dataStream, dense, uniform, type Arrays } from './formula'
import type { BenchModel } from './model'
import { relativeL2 } from './operator-data'

interface DeepOnetSize {
  readonly sensors: number
  readonly width: number
  readonly depth: number
  readonly batch: number
  readonly points: number
}

/** Heat: f = Σ c_k sin(kπx)/k at the sensors, Σ c_k exp(−k²t/20) sin(kπx)/k at random points (x, t). */
function heat({ sensors, batch, points }: DeepOnetSize, seed: number): Arrays {
  const modes = 8
  const { values: c } = uniform(seed, dataStream, [batch, modes], -1, 1)
  const at = uniform(seed, dataStream + 1, [points, 2])
  const sum = (b: number, x: number, t: number): number => {
    let total = 0
    for (let k = 1; k <= modes; k++) total += (c[b * modes + k - 1] / k) * Math.exp((-k * k * t) / 20) * Math.sin(k * Math.PI * x)
    return total
  }
  return {
    input: { shape: [batch, sensors], values: Float64Array.from({ length: batch * sensors }, (_, i) => sum(Math.floor(i / sensors), (i % sensors) / (sensors - 1), 0)) },
    points: at,
    target: { shape: [batch, points], values: Float64Array.from({ length: batch * points }, (_, i) => sum(Math.floor(i / points), at.values[2 * (i % points)], at.values[2 * (i % points) + 1])) },
  }
}

export function sharedPoints(size: DeepOnetSize): BenchModel {
  const { sensors, width, depth } = size
  const model = deeponet({ width, depth, activation: 'tanh', initialisation: 'torch' }, { sensors, dimension: 2 })
  const layers = (net: string, inputs: number) => Array.from({ length: depth }, (_, i) => dense(`${net}.dense${i}`, i === 0 ? inputs : width, width)).flat()
  const output = (p: Tensors, { input, points }: Tensors): Tensor => model.apply(p, { functions: input, points })
  return {
    parameters: [...layers('branch', sensors), ...layers('trunk', 2), { name: 'bias', shape: [1], fanIn: width }],
    data: seed => heat(size, seed), output, outputData: ['input', 'points'], loss: (p, d) => relativeL2(output(p, d), d.target),
  }
}
