import type { Statement } from '../experiment/document'
import { axisNames } from '../fields/field'
import type { Geometry, Hole, Point2 } from './geometry'
import type { ParsedAxis, ParsedStatement } from './parsed'
import { counterclockwise, distance, holesMeet, insideOf, selfIntersection, signedArea } from './polygons'

type Domain = Statement['domain']
type Scalar = number | string
export type ParsedDomain = Pick<ParsedStatement, 'axes' | 'cube' | 'geometry' | 'coordinates'>

/** What the statement's parser lends: values of scalars over the parameters, and a place for faults (paths relative to the problem). */
export interface DomainReader {
  scalar(given: Scalar, path: string): number | undefined
  interval(pair: readonly [Scalar, Scalar], path: string, what: string): readonly [number, number] | undefined
  report(code: string, message: string, path: string, tip?: string): void
}

const MAXIMUM_POINTS = 512
const MAXIMUM_HOLES = 256
/** A sum over the coordinates is as deep as it has terms, and trees deeper than 1500 levels are refused. */
const MAXIMUM_DIMENSION = 1000

/** The domain with every number evaluated; undefined after a fault. `where` of a mask is left to the statement's parser. */
export function parseDomain(domain: Domain, reader: DomainReader): ParsedDomain | undefined {
  const used: readonly (keyof Domain)[] = {
    box: ['bounds', 'periodic', 'dimension', 'holes'] as const, disk: ['center', 'radius', 'holes'] as const, ball: ['center', 'radius', 'holes'] as const,
    'l-shape': ['bounds', 'holes'] as const, polygon: ['points', 'holes'] as const, mask: ['bounds', 'periodic', 'where', 'holes'] as const,
  }[domain.shape]
  for (const key of ['bounds', 'periodic', 'dimension', 'center', 'radius', 'points', 'where'] as const) {
    if (domain[key] !== undefined && !used.includes(key)) {
      reader.report('domain-key', `A domain of the shape ${domain.shape} has no "${key}".`, `domain.${key}`, `It is given by ${used.map(k => `"${k}"`).join(', ')}.`)
      return undefined
    }
  }
  const outer = outerShape(domain, reader)
  if (!outer || outer.cube) {
    if (outer && domain.holes?.length) reader.report('holes-dimension', 'A cube in more than three dimensions takes no holes.', 'domain.holes')
    return outer
  }
  const holes = parseHoles(domain, outer, reader)
  if (!holes) return undefined
  const whole = !outer.geometry && holes.length === 0 && domain.shape !== 'mask'
  return whole ? outer : { ...outer, geometry: { outer: outer.geometry?.outer ?? { kind: 'box' }, holes } }
}

function outerShape(domain: Domain, reader: DomainReader): ParsedDomain | undefined {
  switch (domain.shape) {
    case 'box': return domain.dimension === undefined ? box(domain, reader) : cube(domain, domain.dimension, reader)
    case 'mask': return box(domain, reader)
    case 'disk': return ball(domain, 2, reader)
    case 'ball': return ball(domain, 3, reader)
    case 'l-shape': return lShape(domain, reader)
    case 'polygon': {
      if (!domain.points) {
        reader.report('missing-points', 'The polygon has no points.', 'domain', 'Give "points": [[0, 0], [1, 0], [0, 1]].')
        return undefined
      }
      const points = polygon(domain.points, 'domain.points', reader)
      return points && polygonDomain(points)
    }
  }
}

const axesOf = (bounds: readonly (readonly [number, number])[], periodic: readonly boolean[] = []): ParsedAxis[] =>
  bounds.map(([lower, upper], i) => ({ name: axisNames[i], lower, upper, periodic: periodic[i] ?? false }))

function box(domain: Domain, reader: DomainReader): ParsedDomain | undefined {
  if (!domain.bounds) {
    reader.report('missing-bounds', 'The box has no bounds.', 'domain', 'Give "bounds": [[0, 1]] with one pair per axis.')
    return undefined
  }
  const periodic = domain.periodic ?? []
  if (periodic.length > 0 && periodic.length !== domain.bounds.length) {
    reader.report('periodic-count', `"periodic" has ${periodic.length} entries for ${domain.bounds.length} axes.`, 'domain.periodic', 'Give one true or false per axis.')
  }
  const bounds = domain.bounds.map((pair, i) => reader.interval(pair, `domain.bounds[${i}]`, `The domain along ${axisNames[i]}`))
  if (bounds.some(b => b === undefined)) return undefined
  const axes = axesOf(bounds as (readonly [number, number])[], periodic)
  return { axes, coordinates: axes.map(a => a.name) }
}

/** [lower, upper]^d: axes x, y, z up to three dimensions, coordinates x1 … xd beyond. */
function cube(domain: Domain, dimension: number, reader: DomainReader): ParsedDomain | undefined {
  if (dimension > MAXIMUM_DIMENSION) {
    reader.report('cube-dimension', `The cube has ${dimension} dimensions; statements are written out in at most ${MAXIMUM_DIMENSION}.`, 'domain.dimension')
    return undefined
  }
  const pairs = domain.bounds ?? [[0, 1]]
  if (pairs.length !== 1 && pairs.length !== dimension) {
    reader.report('cube-bounds', `A cube in ${dimension} dimensions has one pair of bounds, here there are ${pairs.length}.`, 'domain.bounds', 'Give "bounds": [[0, 1]].')
    return undefined
  }
  if (dimension <= 3) {
    const periodic = domain.periodic?.length === 1 ? Array.from({ length: dimension }, () => domain.periodic![0]) : domain.periodic
    return box({ ...domain, bounds: pairs.length === dimension ? pairs : Array.from({ length: dimension }, () => pairs[0]), periodic }, reader)
  }
  const bounds = reader.interval(pairs[0], 'domain.bounds[0]', 'The cube')
  if (domain.periodic?.some(p => p)) reader.report('periodic-shape', 'A cube in more than three dimensions cannot be periodic.', 'domain.periodic')
  if (!bounds) return undefined
  return { axes: [], cube: { dimension, lower: bounds[0], upper: bounds[1] }, coordinates: Array.from({ length: dimension }, (_, i) => `x${i + 1}`) }
}

function ball(domain: Domain, dimension: 2 | 3, reader: DomainReader): ParsedDomain | undefined {
  const what = `The ${domain.shape}`
  const center = domain.center ? numbers(domain.center, 'domain.center', reader) : Array.from({ length: dimension }, () => 0)
  const radius = domain.radius === undefined ? 1 : reader.scalar(domain.radius, 'domain.radius')
  if (!center || radius === undefined) return undefined
  if (center.length !== dimension) {
    reader.report('center-length', `${what} has a centre of ${center.length} numbers; it takes ${dimension}.`, 'domain.center')
    return undefined
  }
  if (!isRadius(radius, 'domain.radius', what, reader)) return undefined
  const bounds = center.map((c, i) => reader.interval([c - radius, c + radius], 'domain', `${what} along ${axisNames[i]}`))
  if (bounds.some(b => b === undefined)) return undefined
  const axes = axesOf(bounds as (readonly [number, number])[])
  return { axes, coordinates: axes.map(a => a.name), geometry: { outer: { kind: 'ball', center, radius }, holes: [] } }
}

/** The bounding box, [−1, 1]² by default, without its lower right quadrant. */
function lShape(domain: Domain, reader: DomainReader): ParsedDomain | undefined {
  if (domain.bounds && domain.bounds.length !== 2) {
    reader.report('l-shape-bounds', `The L-shape lies in the plane and takes two pairs of bounds, here there are ${domain.bounds.length}.`, 'domain.bounds')
    return undefined
  }
  const outer = box({ ...domain, bounds: domain.bounds ?? [[-1, 1], [-1, 1]] }, reader)
  if (!outer) return undefined
  const [{ lower: a, upper: b }, { lower: c, upper: d }] = outer.axes
  const [x, y] = [a + 0.5 * (b - a), c + 0.5 * (d - c)]
  return polygonDomain([[a, c], [x, c], [x, y], [b, y], [b, d], [a, d]])
}

function polygonDomain(points: readonly Point2[]): ParsedDomain {
  const range = (i: 0 | 1): readonly [number, number] => [Math.min(...points.map(p => p[i])), Math.max(...points.map(p => p[i]))]
  const axes = axesOf([range(0), range(1)])
  return { axes, coordinates: ['x', 'y'], geometry: { outer: { kind: 'polygon', points }, holes: [] } }
}

function numbers(given: readonly Scalar[], path: string, reader: DomainReader): number[] | undefined {
  const values = given.map((entry, i) => reader.scalar(entry, `${path}[${i}]`))
  if (values.some(v => v === undefined)) return undefined
  const bad = values.findIndex(v => !(Math.abs(v!) <= 1e100))
  if (bad < 0) return values as number[]
  reader.report('non-finite-coordinate', `A coordinate is ${values[bad]}, which is beyond what double precision can work with.`, `${path}[${bad}]`)
  return undefined
}

function isRadius(radius: number, path: string, what: string, reader: DomainReader): boolean {
  if (radius > 0 && radius <= 1e100) return true
  reader.report('radius', `${what} has the radius ${radius}; it must be positive and finite.`, path)
  return false
}

/** Points in counterclockwise order, without a repeated last point; faults for what encloses no area. */
function polygon(given: readonly (readonly [Scalar, Scalar])[], path: string, reader: DomainReader): readonly Point2[] | undefined {
  if (given.length > MAXIMUM_POINTS) {
    reader.report('polygon-points', `The polygon has ${given.length} points; at most ${MAXIMUM_POINTS} are allowed.`, path)
    return undefined
  }
  const all = given.map((pair, i) => numbers(pair, `${path}[${i}]`, reader))
  if (all.some(p => p === undefined)) return undefined
  let points = all as unknown as Point2[]
  const same = (p: Point2, q: Point2): boolean => p[0] === q[0] && p[1] === q[1]
  if (points.length > 1 && same(points[0], points[points.length - 1])) points = points.slice(0, -1)
  const double = points.findIndex((p, i) => same(p, points[(i + 1) % points.length]))
  if (points.length < 3 || double >= 0) {
    reader.report('polygon-points', points.length < 3 ? 'A polygon needs at least three different points.' : `The point (${points[double].join(', ')}) stands twice in a row.`, path)
    return undefined
  }
  const crossing = selfIntersection(points)
  if (crossing) {
    const edge = (i: number): string => `(${points[i].join(', ')})–(${points[(i + 1) % points.length].join(', ')})`
    reader.report('polygon-crossing', `The polygon crosses itself: its edges ${edge(crossing[0])} and ${edge(crossing[1])} meet.`, path, 'Give the points in their order along the boundary.')
    return undefined
  }
  const extent = Math.max(...points.map(p => distance(p, points[0])))
  if (!(Math.abs(signedArea(points)) > 1e-12 * extent * extent)) {
    reader.report('polygon-area', 'The polygon encloses no area.', path)
    return undefined
  }
  return counterclockwise(points)
}

function parseHoles(domain: Domain, outer: ParsedDomain, reader: DomainReader): Hole[] | undefined {
  const given = domain.holes ?? []
  const dimension = outer.axes.length
  if (given.length > MAXIMUM_HOLES) reader.report('too-many-holes', `The domain has ${given.length} holes; at most ${MAXIMUM_HOLES} are allowed.`, 'domain.holes')
  else if (given.length > 0 && dimension === 1) reader.report('holes-dimension', 'A line has no holes.', 'domain.holes', 'State two problems, or a domain of two dimensions.')
  else {
    const holes: Hole[] = []
    for (const [i, entry] of given.entries()) {
      const path = `domain.holes[${i}]`
      const hole = parseHole(entry, path, dimension, reader)
      if (!hole) return undefined
      if (!liesInside(outer, hole)) {
        reader.report('hole-outside', `The hole ${i + 1} does not lie inside the domain.`, path, 'Make it smaller or move it; a part cut out of the edge belongs into a polygon or a mask.')
        return undefined
      }
      const other = holes.findIndex(h => holesMeet(h, hole))
      if (other >= 0) {
        reader.report('holes-meet', `The holes ${other + 1} and ${i + 1} meet.`, path, 'Move them apart, or describe both as one polygon.')
        return undefined
      }
      holes.push(hole)
    }
    return holes
  }
  return undefined
}

function parseHole(entry: NonNullable<Domain['holes']>[number], path: string, dimension: number, reader: DomainReader): Hole | undefined {
  if ('polygon' in entry) {
    if (dimension !== 2) {
      reader.report('holes-dimension', 'A hole that is a polygon needs a domain in the plane.', path)
      return undefined
    }
    const points = polygon(entry.polygon.points, `${path}.polygon.points`, reader)
    return points && { kind: 'polygon', points }
  }
  const center = numbers(entry.disk.center, `${path}.disk.center`, reader)
  const radius = reader.scalar(entry.disk.radius, `${path}.disk.radius`)
  if (!center || radius === undefined || !isRadius(radius, `${path}.disk.radius`, 'The hole', reader)) return undefined
  if (center.length === dimension) return { kind: 'ball', center, radius }
  reader.report('center-length', `The hole has a centre of ${center.length} numbers; the domain has ${dimension} axes.`, `${path}.disk.center`)
  return undefined
}

function liesInside({ axes, geometry }: ParsedDomain, hole: Hole): boolean {
  const outer: Geometry['outer'] = geometry?.outer ?? { kind: 'box' }
  if (outer.kind === 'polygon') return insideOf(outer.points, hole)
  if (outer.kind === 'ball') {
    return hole.kind === 'ball' ? distance(outer.center, hole.center) + hole.radius < outer.radius : hole.points.every(p => distance(outer.center, p) < outer.radius)
  }
  return axes.every((axis, i) =>
    hole.kind === 'ball' ? hole.center[i] - hole.radius > axis.lower && hole.center[i] + hole.radius < axis.upper : hole.points.every(p => p[i] > axis.lower && p[i] < axis.upper),
  )
}
