import { div, mean, reshape, sqrt, square, sub, sum, type Tensor } from '../../shared/learning/tf'
import { dataStream, uniform, type Arrays } from './formula'

/** Inputs a = Σ (c cos 2πk·x + s sin 2πk·x)/(1 + |k|²) over low modes, targets v + a v/2 where v has the squares of the divisors. `ranges` are the modes per axis (x, y), both ends counted. */
export function operatorData(batch: number, grid: number, ranges: readonly (readonly [number, number])[], seed: number): Arrays {
  const axes = ranges.length
  // Coefficients are indexed [sample, k_x, k_y, part].
  const modes = ranges.reduce<number[][]>((list, [from, to]) => list.flatMap(k => Array.from({ length: to - from + 1 }, (_, i) => [...k, from + i])), [[]])
  const { values: c } = uniform(seed, dataStream, [batch, modes.length, 2], -1, 1)
  const nodes = grid ** axes
  const input = new Float64Array(batch * nodes * (axes + 1))
  const target = new Float64Array(batch * nodes)
  for (let node = 0; node < nodes; node++) {
    // (x, y) with x fastest.
    const x = Array.from({ length: axes }, (_, i) => (Math.floor(node / grid ** i) % grid) / grid)
    const waves = modes.map(k => {
      const phase = 2 * Math.PI * k.reduce((s, n, i) => s + n * x[i], 0)
      return [Math.cos(phase), Math.sin(phase), 1 + k.reduce((s, n) => s + n * n, 0)]
    })
    for (let b = 0; b < batch; b++) {
      let a = 0
      let v = 0
      waves.forEach(([cos, sin, scale], m) => {
        const term = c[2 * (b * modes.length + m)] * cos + c[2 * (b * modes.length + m) + 1] * sin
        a += term / scale
        v += term / scale ** 2
      })
      input.set([a, ...x], (b * nodes + node) * (axes + 1))
      target[b * nodes + node] = v + 0.5 * a * v
    }
  }
  const form = [batch, ...ranges.map(() => grid)]
  return { input: { values: input, shape: [...form, axes + 1] }, target: { values: target, shape: [...form, 1] } }
}

/** Mean over the first axis of ‖û − u‖₂ / ‖u‖₂ over the others. */
export function relativeL2(output: Tensor, target: Tensor): Tensor {
  const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0], -1])
  return mean(div(sqrt(sum(square(sub(flat(output), flat(target))), 1)), sqrt(sum(square(flat(target)), 1))))
}
