import type { Libm } from '../../expressions/libm'
import type { Geometry, Point2 } from '../../problems/geometry'
import { sideAxis, sideEnd, sideName, type SideName } from '../../problems/parsed'
import { distance } from '../../problems/polygons'
import { boxVolume, membership, type SampledDomain } from './domain'
import { cutPart } from './cut'
import { sobolPoints } from './sobol'

/** A piece of the boundary that is a smooth image of a unit cube of one dimension less: sides of a box, straight edges, circles, spheres. */
export interface BoundaryPart {
  /** `left` … `front`, `x7 = 0` of a cube, `polygon` (its edges on no side of the box), `circle`, `sphere`, `hole 2`, `cut` (where an inequality ends the domain). */
  readonly name: string
  /** Sides of the bounding box it lies on. */
  readonly sides: readonly SideName[]
  /** A hole, or a cut: what conditions `on: "holes"` speak of. */
  readonly inner: boolean
  /** Length, area or (of a cube's sides) volume; 1 for the ends of an interval. */
  readonly measure: number
  /** Parameters per point: the dimension less one, or one number that selects a point of a cut. */
  readonly parameters: number
  /** Whether the first parameter goes round. */
  readonly closed?: boolean
  /** Parameters, between 0 and 1, at which a line has corners. */
  readonly breaks?: readonly number[]
  /** Writes the point and the outward unit normal of parameters of [0, 1), each `dimension` numbers, into rows of `points` and `normals`; false when that point is no boundary (a mask takes it away). */
  place(parameters: ArrayLike<number>, point: Float64Array, normal: Float64Array): boolean
}

const known = new WeakMap<SampledDomain, readonly BoundaryPart[]>()

/** The parts of the boundary, in the order sides, outer shape, holes, cut. Periodic axes have none; what a mask only touches is left out. Found once for a domain. */
export function boundaryParts(domain: SampledDomain, libm: Libm): readonly BoundaryPart[] {
  const parts = known.get(domain) ?? findParts(domain, libm)
  known.set(domain, parts)
  return parts
}

function findParts(domain: SampledDomain, libm: Libm): BoundaryPart[] {
  const { geometry } = domain
  const parts: BoundaryPart[] = []
  const outer = geometry?.outer ?? { kind: 'box' }
  if (outer.kind === 'box') parts.push(...boxSides(domain))
  else parts.push(...shapeParts(outer, domain, false, '', libm))
  const outside = (part: BoundaryPart, without: Parameters<typeof membership>[2]): BoundaryPart[] => masked(part, domain, membership(domain, libm, without))
  const shown = geometry?.where ? parts.flatMap(part => outside(part, 'outer')) : parts
  geometry?.holes.forEach((hole, i) => {
    for (const part of shapeParts(hole, domain, true, `hole ${i + 1}`, libm)) shown.push(...(geometry.where ? outside(part, hole) : [part]))
  })
  if (geometry?.where) shown.push(...cutPart(domain, geometry.where, libm))
  return shown
}

function boxSides(domain: SampledDomain): BoundaryPart[] {
  const { coordinates, lower, upper, periodic } = domain
  const dimension = coordinates.length
  return coordinates.flatMap((name, axis) => periodic[axis] ? [] : (['lower', 'upper'] as const).map(end => {
    const fixed = end === 'lower' ? lower[axis] : upper[axis]
    const free = coordinates.map((_, i) => i).filter(i => i !== axis)
    const named = dimension <= 3
    return {
      name: named ? sideName(axis, end) : `${name} = ${fixed}`,
      sides: named ? [sideName(axis, end)] : [],
      inner: false,
      measure: boxVolume({ lower: free.map(i => lower[i]), upper: free.map(i => upper[i]) }),
      parameters: dimension - 1,
      place(parameters, point, normal) {
        normal.fill(0)
        normal[axis] = end === 'lower' ? -1 : 1
        point[axis] = fixed
        free.forEach((i, k) => { point[i] = lower[i] + parameters[k] * (upper[i] - lower[i]) })
        return true
      },
    } satisfies BoundaryPart
  }))
}

function shapeParts(shape: Exclude<Geometry['outer'], { kind: 'box' }>, domain: SampledDomain, inner: boolean, name: string, libm: Libm): BoundaryPart[] {
  const turn = inner ? -1 : 1
  if (shape.kind === 'ball') return [round(shape.center, shape.radius, turn, inner, name, libm)]
  const edges = shape.points.map((a, i) => [a, shape.points[(i + 1) % shape.points.length]] as const)
  if (inner) return [polyline(name, edges, turn, [], inner)]
  const bySide = new Map<string, (readonly [Point2, Point2])[]>()
  for (const edge of edges) {
    const side = sideOf(edge, domain)
    bySide.set(side ?? 'polygon', [...(bySide.get(side ?? 'polygon') ?? []), edge])
  }
  return [...bySide].map(([key, own]) => polyline(key, own, turn, key === 'polygon' ? [] : [key as SideName], inner))
}

/** The side of the bounding box that an edge lies on. */
function sideOf([a, b]: readonly [Point2, Point2], { lower, upper }: SampledDomain): SideName | undefined {
  const sides: SideName[] = ['left', 'right', 'bottom', 'top']
  return sides.find(side => {
    const axis = sideAxis(side)
    const value = sideEnd(side) === 'lower' ? lower[axis] : upper[axis]
    return [a, b].every(p => Math.abs(p[axis] - value) <= 1e-12 * (upper[axis] - lower[axis]))
  })
}

function polyline(name: string, edges: readonly (readonly [Point2, Point2])[], turn: number, sides: readonly SideName[], inner: boolean): BoundaryPart {
  const lengths = edges.map(([a, b]) => distance(a, b))
  const measure = lengths.reduce((sum, l) => sum + l, 0)
  return {
    name, sides, inner, measure, parameters: 1, breaks: lengths.slice(1).map((_, i) => lengths.slice(0, i + 1).reduce((sum, l) => sum + l, 0) / measure),
    place(parameters, point, normal) {
      let along = parameters[0] * measure
      let i = 0
      while (i + 1 < edges.length && along >= lengths[i]) along -= lengths[i++]
      const [a, b] = edges[i]
      const s = Math.min(1, along / lengths[i])
      for (const axis of [0, 1]) point[axis] = a[axis] + s * (b[axis] - a[axis])
      normal[0] = (turn * (b[1] - a[1])) / lengths[i]
      normal[1] = (turn * (a[0] - b[0])) / lengths[i]
      return true
    },
  }
}

function round(center: readonly number[], radius: number, turn: number, inner: boolean, name: string, libm: Libm): BoundaryPart {
  const plane = center.length === 2
  return {
    name: name || (plane ? 'circle' : 'sphere'), sides: [], inner, parameters: plane ? 1 : 2, closed: true,
    measure: plane ? 2 * Math.PI * radius : 4 * Math.PI * radius * radius,
    place(parameters, point, normal) {
      const angle = 2 * Math.PI * parameters[0]
      // Archimedes: heights of a sphere are evenly distributed.
      const height = plane ? 0 : 1 - 2 * parameters[1]
      const ring = Math.sqrt(1 - height * height)
      const direction = [ring * libm.cos(angle), ring * libm.sin(angle), height]
      center.forEach((c, i) => {
        point[i] = c + radius * direction[i]
        normal[i] = turn * direction[i]
      })
      return true
    },
  }
}

/** Test points that measure what an inequality leaves of a part, and how many a part must keep to be one and no point of contact. */
const measuring = 8192
const fewest = 4

/** A part as far as the rest of the domain reaches it, a little inside of the part. */
function masked(part: BoundaryPart, domain: SampledDomain, belongs: (point: ArrayLike<number>) => boolean): BoundaryPart[] {
  const dimension = domain.coordinates.length
  const inward = 1e-9 * domain.upper.reduce((most, b, i) => Math.max(most, b - domain.lower[i]), 0)
  const probe = new Float64Array(dimension)
  const place: BoundaryPart['place'] = (parameters, point, normal) => {
    part.place(parameters, point, normal)
    for (let i = 0; i < dimension; i++) probe[i] = point[i] - inward * normal[i]
    return belongs(probe)
  }
  const [point, normal] = [new Float64Array(dimension), new Float64Array(dimension)]
  const tests = part.parameters === 0 ? new Float64Array(0) : part.parameters === 1 ? Float64Array.from({ length: measuring }, (_, k) => (k + 0.5) / measuring) : sobolPoints(measuring, part.parameters)
  const total = part.parameters === 0 ? 1 : measuring
  let hits = 0
  for (let k = 0; k < total; k++) if (place(tests.subarray(k * part.parameters, (k + 1) * part.parameters), point, normal)) hits++
  return hits < Math.min(total, fewest) ? [] : [{ ...part, measure: (part.measure * hits) / total, place }]
}
