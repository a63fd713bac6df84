import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Geometry, Hole } from '../../problems/geometry'
import { isInside } from '../../problems/inside'
import { signedArea } from '../../problems/polygons'

/** What points are drawn from: a box, or the part of it that a geometry leaves; time apart. */
export interface SampledDomain {
  /** x, y, z, or x1 … xd of a cube. */
  readonly coordinates: readonly string[]
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  readonly periodic: readonly boolean[]
  /** In up to three dimensions. */
  readonly geometry?: Geometry
}

/** Points in rows with the weights of a rule: Σ weights[k] f(points[k]) ≈ ∫ f over what they were drawn from. */
export interface PointSet {
  readonly count: number
  /** Coordinates of a point: those of space, then the time where there is one. */
  readonly dimension: number
  /** `[count, dimension]`, row-major. */
  readonly points: Float64Array
  readonly weights: Float64Array
}

export function sampledDomain({ axes, cube, geometry }: Pick<AnalysedProblem, 'axes' | 'cube' | 'geometry'>): SampledDomain {
  if (cube) {
    const all = <T>(value: T): T[] => new Array<T>(cube.dimension).fill(value)
    return { coordinates: all('x').map((x, i) => `${x}${i + 1}`), lower: all(cube.lower), upper: all(cube.upper), periodic: all(false) }
  }
  return { coordinates: axes.map(a => a.name), lower: axes.map(a => a.lower), upper: axes.map(a => a.upper), periodic: axes.map(a => a.periodic), ...(geometry ? { geometry } : {}) }
}

/** Whether every point of the bounding box belongs to the domain. */
export const isBox = ({ geometry }: SampledDomain): boolean => !geometry || (geometry.outer.kind === 'box' && geometry.holes.length === 0 && !geometry.where)

/** A test of points by their coordinates. `without` leaves out the inequality, the outer shape or a hole: what a point of just that part of the boundary must satisfy besides. */
export function membership({ geometry, coordinates }: SampledDomain, libm: Libm, without?: 'where' | 'outer' | Hole): (point: ArrayLike<number>) => boolean {
  if (!geometry) return () => true
  const { where, ...shapes } = geometry
  const outer: Geometry['outer'] = without === 'outer' ? { kind: 'box' } : shapes.outer
  const rest: Geometry = { outer, holes: shapes.holes.filter(hole => hole !== without), ...(where && without !== 'where' ? { where } : {}) }
  const axes = coordinates.map(name => ({ name }))
  const named: Record<string, number> = { t: 0 }
  return point => {
    coordinates.forEach((name, i) => { named[name] = point[i] })
    return isInside(rest, axes, named, libm)
  }
}

export const boxVolume = ({ lower, upper }: Pick<SampledDomain, 'lower' | 'upper'>): number => upper.reduce((product, b, i) => product * (b - lower[i]), 1)

const partVolume = (part: Exclude<Geometry['outer'], { kind: 'box' }>): number =>
  part.kind === 'polygon' ? Math.abs(signedArea(part.points)) : part.center.length === 2 ? Math.PI * part.radius * part.radius : (4 / 3) * Math.PI * part.radius * part.radius * part.radius

/** Lines per axis that measure a domain with an inequality, and points on each. */
const linesPerAxis = (dimension: number): number => (dimension === 1 ? 1 : dimension === 2 ? 400 : 40)
const pointsPerLine = (dimension: number): number => (dimension === 1 ? 4096 : dimension === 2 ? 400 : 80)

const measured = new WeakMap<SampledDomain, number>()

/** |Ω|: exact, except where an inequality cuts the domain, which is measured along lines once (relative error near 1e-4 in the plane, 1e-3 in space). */
export function domainVolume(domain: SampledDomain, libm: Libm): number {
  const known = measured.get(domain)
  const volume = known ?? measure(domain, libm)
  measured.set(domain, volume)
  return volume
}

function measure(domain: SampledDomain, libm: Libm): number {
  const { geometry } = domain
  const box = boxVolume(domain)
  if (!geometry) return box
  if (!geometry.where) return (geometry.outer.kind === 'box' ? box : partVolume(geometry.outer)) - geometry.holes.reduce((sum, hole) => sum + partVolume(hole), 0)
  const inside = membership(domain, libm)
  const dimension = domain.coordinates.length
  const perAxis = linesPerAxis(dimension)
  let length = 0
  const lines = perAxis ** (dimension - 1)
  for (let line = 0; line < lines; line++) {
    const at = lineAt(domain, 0, line, perAxis)
    const crossings = crossingsAlong(at, inside, pointsPerLine(dimension))
    const ends = [0, ...crossings, 1]
    for (let i = 0; i + 1 < ends.length; i++) if (inside(at(0.5 * (ends[i] + ends[i + 1])))) length += ends[i + 1] - ends[i]
  }
  return (box * length) / lines
}

/** Line number `line` of perAxis^(d−1) along `axis` through the cells of the other axes, as a function of 0 … 1; the place within a cell is `offset`. */
export function lineAt({ lower, upper }: Pick<SampledDomain, 'lower' | 'upper'>, axis: number, line: number, perAxis: number, offset: ArrayLike<number> = [0.5, 0.5, 0.5]): (s: number) => number[] {
  const base = lower.map((a, i) => {
    if (i === axis) return a
    const cell = line % perAxis
    line = Math.floor(line / perAxis)
    return a + ((upper[i] - a) * (cell + offset[i])) / perAxis
  })
  return s => base.map((value, i) => (i === axis ? lower[i] + s * (upper[i] - lower[i]) : value))
}

/** How far from the ends of a line, relative to it, its first and last points stand: the box's own sides are no crossings. */
const margin = 1e-9

/** Places s of a line, 0 < s < 1, where `inside` changes: seen between `points` + 1 even points, found by bisection to 1e-13. */
export function crossingsAlong(at: (s: number) => number[], inside: (point: number[]) => boolean, points: number): number[] {
  const found: number[] = []
  let before = inside(at(margin))
  for (let i = 1; i <= points; i++) {
    const now = inside(at(Math.min(1 - margin, i / points)))
    if (now !== before) {
      let [a, b] = [(i - 1) / points, i / points]
      while (b - a > 1e-13) {
        const middle = 0.5 * (a + b)
        if (middle <= a || middle >= b) break
        if (inside(at(middle)) === before) a = middle
        else b = middle
      }
      found.push(0.5 * (a + b))
    }
    before = now
  }
  return found
}

/** The value of a condition at a point. */
export function conditionAt(condition: Parameters<typeof evaluate>[0], coordinates: readonly string[], libm: Libm): (point: ArrayLike<number>) => number {
  const named: Record<string, number> = { t: 0 }
  return point => {
    coordinates.forEach((name, i) => { named[name] = point[i] })
    return evaluate(condition, named, libm)
  }
}
