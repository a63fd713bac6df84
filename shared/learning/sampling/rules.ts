import type { Libm } from '../../expressions/libm'
import { gaussJacobi } from '../../fields/simplex-quadrature'
import type { Geometry } from '../../problems/geometry'
import { boundaryParts, type BoundaryPart } from './boundary-parts'
import { sharedOut, type BoundarySet } from './boundary'
import { isBox, membership, type PointSet, type SampledDomain } from './domain'

/** Points and weights along one axis. */
interface AxisRule { readonly points: Float64Array; readonly weights: Float64Array }

/** Points of one Gauss rule at most; more are shared out among equal panels. */
const panel = 32

/** Gauss–Legendre points on [a, b], exact for polynomials of degree 2n − 1 where n ≤ 32; errors fall exponentially for analytic functions. */
export function gaussPoints(n: number, a: number, b: number): AxisRule {
  const panels = Math.ceil(n / panel)
  const rules = sharedOut(new Array<number>(panels).fill(1), n).map(count => gaussRule(count))
  const width = (b - a) / panels
  return {
    points: Float64Array.from(rules.flatMap(({ nodes }, p) => Array.from(nodes, s => a + (p + s) * width))),
    weights: Float64Array.from(rules.flatMap(({ weights }) => Array.from(weights, w => w * width))),
  }
}

const rules = new Map<number, ReturnType<typeof gaussJacobi>>()

function gaussRule(n: number): ReturnType<typeof gaussJacobi> {
  const rule = rules.get(n) ?? gaussJacobi(n, 0)
  rules.set(n, rule)
  return rule
}

/** Equal weights around a period: exact for waves of less than n periods. */
const periodicPoints = (n: number, a: number, b: number): AxisRule => ({ points: Float64Array.from({ length: n }, (_, i) => a + ((i + 0.5) / n) * (b - a)), weights: new Float64Array(n).fill((b - a) / n) })

/** Gauss points for an integrand that may have square roots at the ends, where the boundary turns round: y = (a + b)/2 − (b − a)/2 cos θ. */
function turningPoints(n: number, a: number, b: number, libm: Libm): AxisRule {
  const { points, weights } = gaussPoints(n, 0, Math.PI)
  return { points: points.map(angle => 0.5 * (a + b) - 0.5 * (b - a) * libm.cos(angle)), weights: weights.map((w, i) => 0.5 * (b - a) * libm.sin(points[i]) * w) }
}

/** Dimensions up to which products of rules are made. */
const mostDimensions = 3

/** Fewest points across a piece of the domain. */
const fewest = 4
const fewestTurning = 7

/**
 * A rule of about `count` points for ∫_Ω in up to three dimensions: products of Gauss rules on boxes (even points along periodic axes), and elsewhere Gauss rules on the pieces of lines that lie
 * inside, line by line between the heights at which that changes: circles, spheres and polygons are met exactly. Nothing is random. Undefined where an inequality cuts the domain, in more
 * dimensions, and for so few points that a rule would not be one.
 */
export function domainRule(domain: SampledDomain, count: number, libm: Libm): PointSet | undefined {
  const { lower, upper, periodic, geometry } = domain
  const dimension = lower.length
  if (dimension > mostDimensions || geometry?.where) return undefined
  const perAxis = Math.round(libm.pow(count, 1 / dimension))
  if (perAxis < 2) return undefined
  if (isBox(domain)) return productOf(lower.map((a, i) => (periodic[i] ? periodicPoints : gaussPoints)(perAxis, a, upper[i])))
  let density = perAxis
  let best = linesOf(domain, geometry!, density, libm)
  for (let i = 0; i < 4; i++) {
    density *= libm.pow(count / best.count, 1 / dimension)
    const next = linesOf(domain, geometry!, density, libm)
    if (Math.abs(next.count - count) < Math.abs(best.count - count)) best = next
  }
  return best
}

function productOf(axes: readonly AxisRule[]): PointSet {
  const dimension = axes.length
  const count = axes.reduce((n, { points }) => n * points.length, 1)
  const points = new Float64Array(count * dimension)
  const weights = new Float64Array(count).fill(1)
  for (let k = 0; k < count; k++) {
    let rest = k
    axes.forEach((rule, axis) => {
      const i = rest % rule.points.length
      rest = Math.floor(rest / rule.points.length)
      points[k * dimension + axis] = rule.points[i]
      weights[k] *= rule.weights[i]
    })
  }
  return { count, dimension, points, weights }
}

/** `density` points across the whole box, fewer across parts of it. */
function linesOf(domain: SampledDomain, geometry: Geometry, density: number, libm: Libm): PointSet {
  const { lower, upper } = domain
  const dimension = lower.length
  const inside = membership(domain, libm)
  const shapes = [geometry.outer, ...geometry.holes]
  const rows: number[] = []
  const weights: number[] = []
  /** All axes above `axis` stand still at `at`. */
  const visit = (axis: number, at: number[], weight: number): void => {
    const round = axis > 0 ? shapes.flatMap(s => (s.kind === 'ball' ? turnsOf(s, axis, at) : [])) : []
    const breaks = [lower[axis], ...shapes.flatMap(s => turnsOf(s, axis, at)).filter(x => x > lower[axis] && x < upper[axis]), upper[axis]].sort((a, b) => a - b)
    for (let i = 0; i + 1 < breaks.length; i++) {
      const [a, b] = [breaks[i], breaks[i + 1]]
      if (b - a <= 1e-12 * (upper[axis] - lower[axis])) continue
      if (axis === 0) {
        at[0] = 0.5 * (a + b)
        if (!inside(at)) continue
      }
      const turning = round.includes(a) || round.includes(b)
      const n = Math.max(turning ? fewestTurning : fewest, Math.round((density * (b - a)) / (upper[axis] - lower[axis])))
      const rule = turning ? turningPoints(n, a, b, libm) : gaussPoints(n, a, b)
      rule.points.forEach((x, k) => {
        at[axis] = x
        if (axis > 0) return visit(axis - 1, at, weight * rule.weights[k])
        rows.push(...at)
        weights.push(weight * rule.weights[k])
      })
    }
  }
  visit(dimension - 1, new Array<number>(dimension).fill(0), 1)
  return { count: weights.length, dimension, points: Float64Array.from(rows), weights: Float64Array.from(weights) }
}

/** Where a line along `axis` meets a shape, or, with axes below left to run over, where lines begin or cease to meet it. */
function turnsOf(shape: Geometry['outer'], axis: number, at: readonly number[]): number[] {
  if (shape.kind === 'box') return []
  if (shape.kind === 'ball') {
    let square = shape.radius * shape.radius
    for (let i = axis + 1; i < at.length; i++) square -= (at[i] - shape.center[i]) * (at[i] - shape.center[i])
    return square > 0 ? [shape.center[axis] - Math.sqrt(square), shape.center[axis] + Math.sqrt(square)] : []
  }
  if (axis === 1) return shape.points.map(p => p[1])
  return shape.points.flatMap(([ax, ay], i) => {
    const [bx, by] = shape.points[(i + 1) % shape.points.length]
    return ay > at[1] !== by > at[1] ? [ax + ((at[1] - ay) / (by - ay)) * (bx - ax)] : []
  })
}

/** A rule of about `count` points for ∫ over the boundary, or the given parts of it, part by part; undefined where `domainRule` is. */
export function boundaryRule(domain: SampledDomain, count: number, libm: Libm, parts: readonly BoundaryPart[] = boundaryParts(domain, libm)): BoundarySet | undefined {
  const dimension = domain.lower.length
  if (dimension > mostDimensions || domain.geometry?.where) return undefined
  const shares = sharedOut(parts.map(p => p.measure), Math.max(count, fewest * parts.length))
  const own = parts.map((part, i) => partRule(part, shares[i]))
  const total = own.reduce((n, rule) => n + rule.count, 0)
  const set = { count: total, dimension, parts, points: new Float64Array(total * dimension), normals: new Float64Array(total * dimension), weights: new Float64Array(total), partOf: new Int32Array(total) }
  let done = 0
  own.forEach((rule, index) => {
    for (let k = 0; k < rule.count; k++, done++) {
      const parameters = rule.points.subarray(k * rule.dimension, (k + 1) * rule.dimension)
      parts[index].place(parameters, set.points.subarray(done * dimension, (done + 1) * dimension), set.normals.subarray(done * dimension, (done + 1) * dimension))
      set.weights[done] = rule.weights[k] * parts[index].measure
      set.partOf[done] = index
    }
  })
  return set
}

function partRule({ parameters, closed, breaks = [] }: BoundaryPart, count: number): PointSet {
  if (parameters === 0) return { count: 1, dimension: 0, points: new Float64Array(0), weights: Float64Array.of(1) }
  if (parameters === 2) {
    const n = Math.max(fewest, Math.round(Math.sqrt(count)))
    return productOf([(closed ? periodicPoints : gaussPoints)(n, 0, 1), gaussPoints(n, 0, 1)])
  }
  if (closed) return productOf([periodicPoints(count, 0, 1)])
  const ends = [0, ...breaks, 1]
  const lengths = ends.slice(1).map((b, i) => b - ends[i])
  const panels = sharedOut(lengths, Math.max(count, fewest * lengths.length)).map((n, i) => gaussPoints(n, ends[i], ends[i + 1]))
  return productOf([{ points: Float64Array.from(panels.flatMap(p => Array.from(p.points))), weights: Float64Array.from(panels.flatMap(p => Array.from(p.weights))) }])
}
