import type { Libm } from '../../expressions/libm'

/** The windows of time and their factors: window i ends at edges[i], the last one never. */
export interface CausalWeights {
  /** [windows − 1], increasing. */
  readonly edges: Float64Array
  /** [windows], decreasing from 1. */
  readonly factors: Float64Array
}

/**
 * Factors of windows of time that let a window count once those before it are fulfilled:
 *
 *   w_i = exp(−ε Σ_{k<i} L_k),   L_k the mean of the squared residuals of the equations at the points of window k.
 *
 * Windows hold equally many points, so that none is empty wherever points are crowded. Wang, Sankaran & Perdikaris 2024, doi:10.1016/j.cma.2024.116813 (arXiv:2203.07404).
 *
 * @param times of the points
 * @param squares of their residuals
 */
export function causalWeights(times: Float64Array, squares: ArrayLike<number>, epsilon: number, windows: number, libm: Libm): CausalWeights {
  const order = Int32Array.from(times.keys()).sort((i, j) => times[i] - times[j] || i - j)
  const count = Math.min(windows, times.length)
  const first = (i: number): number => Math.floor((i * times.length) / count)
  const edges = new Float64Array(count - 1)
  const factors = new Float64Array(count)
  let sum = 0
  for (let i = 0; i < count; i++) {
    factors[i] = libm.exp(-epsilon * sum)
    let own = 0
    for (let k = first(i); k < first(i + 1); k++) own += squares[order[k]]
    sum += own / (first(i + 1) - first(i))
    if (i < count - 1) edges[i] = 0.5 * (times[order[first(i + 1) - 1]] + times[order[first(i + 1)]])
  }
  return { edges, factors }
}

/** The factor of each time. */
export function factorsAt({ edges, factors }: CausalWeights, times: Float64Array): Float64Array {
  return times.map(t => {
    let i = 0
    while (i < edges.length && t >= edges[i]) i++
    return factors[i]
  })
}
