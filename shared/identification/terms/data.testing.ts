import type { Libm } from '../../expressions/libm'
import { uniformAxis } from '../../fields/field'
import { createRandom } from '../../learning/random'
import type { Observations } from './data'
import { standardDeviation } from './noise'

/** White noise of a fraction of each unknown's standard deviation. */
export function noisy(data: Observations, fraction: number, seed: number, libm: Libm): Observations {
  return {
    ...data,
    unknowns: data.unknowns.map(({ name, values }) => {
      const size = fraction * standardDeviation(values)
      const draws = createRandom(seed, libm, `noise ${name}`).normal(values.length)
      return { name, values: values.map((value, i) => value + size * draws[i]) }
    }),
  }
}

/** A function of x and t on a periodic line. */
export function sampled(f: (x: number, t: number) => number, { from = 0, to = 2 * Math.PI, nodes = 96, end = 1, times = 80, periodic = true }: { from?: number; to?: number; nodes?: number; end?: number; times?: number; periodic?: boolean } = {}): Observations {
  const axis = uniformAxis('x', from, to, nodes, periodic)
  const t = Float64Array.from({ length: times }, (_, i) => (end * i) / (times - 1))
  return { axes: [axis], times: t, unknowns: [{ name: 'u', values: Float64Array.from({ length: nodes * times }, (_, i) => f(axis.coordinates[i % nodes], t[Math.floor(i / nodes)])) }] }
}

/**
 * A viscous Burgers solution without a formula for its terms in sight: u = −2ν φ_x/φ for a positive solution φ of the heat equation (Cole 1951, Hopf 1950).
 */
export const coleHopf = (nu: number, libm: Libm) => (x: number, t: number): number => {
  const modes = [[0.9, 1, 0.3], [0.5, 2, 1.1], [0.3, 3, 2.0]]
  let [phi, slope] = [2, 0]
  for (const [size, k, phase] of modes) {
    const decay = size * libm.exp(-nu * k * k * t)
    phi += decay * libm.cos(k * x + phase)
    slope -= decay * k * libm.sin(k * x + phase)
  }
  return (-2 * nu * slope) / phi
}
