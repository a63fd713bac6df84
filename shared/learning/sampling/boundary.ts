import type { RandomStream } from '../random'
import { boundaryParts, type BoundaryPart } from './boundary-parts'
import type { PointSet, SampledDomain } from './domain'
import type { SamplingOptions } from './interior'
import { isExtensible, unitPoints, type Sequence } from './sequences'

/** Points of the boundary, part after part. Σ weights[k] f(points[k]) ≈ ∫_Γ f (dt). */
export interface BoundarySet extends PointSet {
  /** Outward unit normals in space, `[count, dimension of space]`. */
  readonly normals: Float64Array
  readonly parts: readonly BoundaryPart[]
  /** The index of the part of every point. */
  readonly partOf: Int32Array
}

/**
 * `count` points on the boundary, or on the given parts of it, shared out by their measure: every part gets at least one, its number depends on nothing random, and its weights add up to its measure.
 * With fewer points than parts (cubes of many dimensions) the parts that get one are drawn, and all weights are equal. One-dimensional domains: an end is one point, repeated as often as asked for.
 */
export function boundaryPoints(domain: SampledDomain, count: number, options: SamplingOptions & { readonly parts?: readonly BoundaryPart[] }): BoundarySet {
  const parts = options.parts ?? boundaryParts(domain, options.libm)
  const space = domain.coordinates.length
  const dimension = space + (options.time ? 1 : 0)
  const duration = options.time ? options.time[1] - options.time[0] : 1
  const total = parts.reduce((sum, part) => sum + part.measure, 0)
  const used = parts.length === 0 ? 0 : count
  const few = used < parts.length
  const counts = few ? drawnParts(parts, used, options.stream) : sharedOut(parts.map(part => part.measure), used)
  const set: BoundarySet = {
    count: used, dimension, parts,
    points: new Float64Array(used * dimension), normals: new Float64Array(used * space), weights: new Float64Array(used), partOf: new Int32Array(used),
  }
  let done = 0
  parts.forEach((part, index) => {
    const own = counts[index]
    if (own === 0) return
    const parameters = options.time ? part.parameters + 1 : part.parameters
    const point = (k: number): Float64Array => set.points.subarray((done + k) * dimension, (done + k) * dimension + space)
    const normal = (k: number): Float64Array => set.normals.subarray((done + k) * space, (done + k + 1) * space)
    fillPart(part, own, parameters, options.sequence, options.stream.child('part').child(index), (k, u) => {
      if (options.time) set.points[(done + k + 1) * dimension - 1] = options.time[0] + u[parameters - 1] * duration
      return part.place(u, point(k), normal(k))
    })
    set.weights.fill(((few ? total / used : part.measure / own) * duration), done, done + own)
    set.partOf.fill(index, done, done + own)
    done += own
  })
  return set
}

/** Goes on with further points of the sequence, or further sets, until as many were placed as asked for. */
function fillPart(part: BoundaryPart, count: number, parameters: number, sequence: Sequence, stream: RandomStream, place: (k: number, parameters: Float64Array) => boolean): void {
  for (let placed = 0, batch = 0; placed < count; batch++) {
    const [own, from] = batch === 0 || isExtensible(sequence) ? [stream, batch * count] : [stream.child('more').child(batch), 0]
    const unit = parameters === 0 ? new Float64Array(0) : unitPoints(sequence, count, parameters, own, from)
    for (let k = 0; k < count && placed < count; k++) if (place(placed, unit.subarray(k * parameters, (k + 1) * parameters))) placed++
    if (batch === 100_000) throw new Error(`no point of the boundary part ${part.name} was found`)
  }
}

/** Whole numbers in proportion to measures, at least one each, with the given sum: largest remainders first. */
export function sharedOut(measures: readonly number[], count: number): number[] {
  const total = measures.reduce((sum, m) => sum + m, 0)
  const free = count - measures.length
  const wanted = measures.map(m => Math.max(0, (count * m) / total - 1))
  const scale = free / Math.max(1e-300, wanted.reduce((sum, w) => sum + w, 0))
  const counts = wanted.map(w => 1 + Math.floor(w * scale))
  const rest = wanted.map((w, i) => ({ i, part: 1 + w * scale - counts[i] })).sort((a, b) => b.part - a.part || a.i - b.i)
  for (let k = 0, missing = count - counts.reduce((sum, c) => sum + c, 0); k < missing; k++) counts[rest[k % rest.length].i]++
  return counts
}

/** Systematic sampling: every part gets 0 or 1 (or more, when large) with its measure as the expectation. */
function drawnParts(parts: readonly BoundaryPart[], count: number, stream: RandomStream): number[] {
  const total = parts.reduce((sum, part) => sum + part.measure, 0)
  const offset = stream.child('parts').uniform(1)[0]
  const order = stream.child('order of parts').permutation(parts.length)
  const counts = new Array<number>(parts.length).fill(0)
  let before = 0
  let taken = 0
  for (const [k, index] of order.entries()) {
    const after = k + 1 === parts.length ? count : before + (count * parts[index].measure) / total
    const until = Math.min(count, k + 1 === parts.length ? count : Math.floor(after + offset))
    counts[index] = Math.max(0, until - taken)
    taken = Math.max(taken, until)
    before = after
  }
  return counts
}
