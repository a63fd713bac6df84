import { error, FaultError } from '../../fault'
import type { RandomStream } from '../random'
import { haltonPoints } from './halton'
import { sobolPoints } from './sobol'

/**
 * Point sets of the unit cube [0, 1)^d, row-major `[count, d]`.
 * uniform: independent. sobol: scrambled (t, s)-sequence, error of means near n^{−3/2} for smooth integrands, best at powers of two. halton: the same in bases 2, 3, 5, …, no preferred counts.
 * latin-hypercube: one point in each of n layers of every coordinate. stratified: one point in each of n cells of a grid. grid: their midpoints, nothing random where n = k^d.
 */
export const sequences = ['uniform', 'sobol', 'halton', 'latin-hypercube', 'stratified', 'grid'] as const
export type Sequence = (typeof sequences)[number]

/** Whether points come one after the other, so that more of them continue the set; the others are made for their number. */
export const isExtensible = (sequence: Sequence): boolean => sequence === 'uniform' || sequence === 'sobol' || sequence === 'halton'

/**
 * @param from index of the first point; only extensible sequences have one
 * Throws FaultError `too-many-dimensions` (sobol beyond 111; stratified and grid beyond 2³⁰ cells).
 */
export function unitPoints(sequence: Sequence, count: number, dimension: number, stream: RandomStream, from = 0): Float64Array {
  switch (sequence) {
    case 'uniform': return stream.uniform(count * dimension, from * dimension)
    case 'sobol': return sobolPoints(count, dimension, stream, from)
    case 'halton': return haltonPoints(count, dimension, stream, from)
    case 'latin-hypercube': return latinHypercube(count, dimension, stream)
    case 'stratified': return cellPoints(count, dimension, stream, true)
    case 'grid': return cellPoints(count, dimension, stream, false)
  }
}

/** McKay, Beckman & Conover 1979, doi:10.2307/1268522. */
function latinHypercube(count: number, dimension: number, stream: RandomStream): Float64Array {
  const points = stream.child('within layers').uniform(count * dimension)
  for (let axis = 0; axis < dimension; axis++) {
    const layers = stream.child('layers').child(axis).permutation(count)
    for (let k = 0; k < count; k++) points[k * dimension + axis] = (layers[k] + points[k * dimension + axis]) / count
  }
  return points
}

/** The least k with k^d cells for all points; `count` different ones of these cells. */
function cellPoints(count: number, dimension: number, stream: RandomStream, jittered: boolean): Float64Array {
  let perAxis = 1
  while (perAxis ** dimension < count) perAxis++
  const cells = perAxis ** dimension
  if (cells > 2 ** 30) {
    throw new FaultError(error('too-many-dimensions', `A grid for ${count} points in ${dimension} dimensions has too many cells (${perAxis} per axis).`, { tip: 'Use sobol or latin-hypercube.' }))
  }
  const chosen = cells === count ? undefined : stream.child('cells').choice(cells, count).sort()
  const jitter = jittered ? stream.child('within cells').uniform(count * dimension) : undefined
  const points = new Float64Array(count * dimension)
  for (let k = 0; k < count; k++) {
    let rest = chosen ? chosen[k] : k
    for (let axis = 0; axis < dimension; axis++) {
      const place = k * dimension + axis
      points[place] = ((rest % perAxis) + (jitter ? jitter[place] : 0.5)) / perAxis
      rest = Math.floor(rest / perAxis)
    }
  }
  return points
}
