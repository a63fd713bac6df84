import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { RandomStream } from '../random'
import { domainVolume, isBox, membership, type PointSet, type SampledDomain } from './domain'
import { isExtensible, unitPoints, type Sequence } from './sequences'

export interface SamplingOptions {
  readonly sequence: Sequence
  readonly stream: RandomStream
  readonly libm: Libm
  /** Points of space and time: the time is the last coordinate and weights are those of ∫∫ dx dt. */
  readonly time?: readonly [number, number]
}

/** Candidates of one point that are drawn in vain before the domain counts as empty. */
const patience = 20_000

/**
 * Points of the domain, drawn from its bounding box and kept where they lie inside. Weights are |Ω| / n (times the duration).
 * A sequence keeps its evenness in a box; elsewhere Sobol, Halton and uniform points are the first n of their sequence that lie inside, the other kinds a random n of a larger set that does.
 *
 * Throws FaultError `empty-domain` when no point of the box seems to belong to the domain.
 */
export function interiorPoints(domain: SampledDomain, count: number, options: SamplingOptions): PointSet {
  const { lower, upper } = domain
  const spans = [...lower.map((a, i) => [a, upper[i]] as const), ...(options.time ? [options.time] : [])]
  const dimension = spans.length
  const inBox = (unit: Float64Array): Float64Array => unit.map((u, k) => spans[k % dimension][0] + u * (spans[k % dimension][1] - spans[k % dimension][0]))
  const duration = options.time ? options.time[1] - options.time[0] : 1
  const weights = new Float64Array(count).fill((domainVolume(domain, options.libm) * duration) / Math.max(1, count))
  if (isBox(domain)) return { count, dimension, points: inBox(unitPoints(options.sequence, count, dimension, options.stream)), weights }
  const points = isExtensible(options.sequence) ? firstInside(domain, count, dimension, options, inBox) : someInside(domain, count, dimension, options, inBox)
  return { count, dimension, points, weights }
}

type InBox = (unit: Float64Array) => Float64Array

function firstInside(domain: SampledDomain, count: number, dimension: number, { sequence, stream, libm }: SamplingOptions, inBox: InBox): Float64Array {
  const inside = membership(domain, libm)
  const points = new Float64Array(count * dimension)
  const batch = Math.max(256, count)
  let kept = 0
  for (let from = 0; kept < count; from += batch) {
    if (kept === 0 && from > patience) throw empty()
    const candidates = inBox(unitPoints(sequence, batch, dimension, stream, from))
    for (let k = 0; k < batch && kept < count; k++) {
      const point = candidates.subarray(k * dimension, (k + 1) * dimension)
      if (inside(point)) points.set(point, dimension * kept++)
    }
  }
  return points
}

function someInside(domain: SampledDomain, count: number, dimension: number, { sequence, stream, libm }: SamplingOptions, inBox: InBox): Float64Array {
  const inside = membership(domain, libm)
  for (let tried = count, attempt = 0; ; attempt++) {
    const candidates = inBox(unitPoints(sequence, tried, dimension, stream.child('attempt').child(attempt)))
    const kept: number[] = []
    for (let k = 0; k < tried; k++) if (inside(candidates.subarray(k * dimension, (k + 1) * dimension))) kept.push(k)
    if (kept.length >= count) {
      const chosen = stream.child('kept').choice(kept.length, count).sort()
      const points = new Float64Array(count * dimension)
      chosen.forEach((which, k) => points.set(candidates.subarray(kept[which] * dimension, (kept[which] + 1) * dimension), k * dimension))
      return points
    }
    if (kept.length === 0 && tried > patience) throw empty()
    tried = kept.length < 8 ? 4 * tried + 64 : Math.ceil((1.05 * tried * count) / kept.length) + 8
  }
}

const empty = (): FaultError => new FaultError(error('empty-domain', 'No point inside the domain was found.', { where: { path: 'problem.domain' }, tip: 'Check the inequality of the mask.' }))

/** The points of space of a set at one time: another column behind the others. */
export function atTime(set: PointSet, time: number): PointSet {
  const dimension = set.dimension + 1
  const points = new Float64Array(set.count * dimension).fill(time)
  for (let k = 0; k < set.count; k++) points.set(set.points.subarray(k * set.dimension, (k + 1) * set.dimension), k * dimension)
  return { ...set, dimension, points }
}
