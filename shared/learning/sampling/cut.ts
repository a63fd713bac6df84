import { add, call, evaluate, negate, subtract } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import type { BoundaryPart } from './boundary-parts'
import { conditionAt, crossingsAlong, lineAt, membership, type SampledDomain } from './domain'

/**
 * A function that is negative where a condition holds and positive where it does not: a < b becomes a − b, `and` the larger and `or` the smaller of two.
 * What is no condition counts as one that holds when not zero.
 */
export function levelOf(condition: Expression): Expression {
  switch (condition.kind) {
    case 'compare': return condition.operator.startsWith('<') ? subtract(condition.left, condition.right) : subtract(condition.right, condition.left)
    case 'and': return call('max', levelOf(condition.left), levelOf(condition.right))
    case 'or': return call('min', levelOf(condition.left), levelOf(condition.right))
    case 'not': return negate(levelOf(condition.argument))
    default: return add({ kind: 'number', value: 0.5 }, negate(condition))
  }
}

/** Lines per axis, and points on each, that find the cut. */
const perAxis = (dimension: number): number => (dimension === 1 ? 1 : dimension === 2 ? 512 : 48)
const alongLine = (dimension: number): number => (dimension === 1 ? 4096 : dimension === 2 ? 256 : 48)

interface Hit {
  readonly point: number[]
  readonly normal: number[]
  readonly weight: number
}

/**
 * The part of the boundary that an inequality makes, known through its crossings with lines along every axis. A family of lines of spacing area A along axis k meets a piece dS of the surface |n_k| dS / A
 * times, so Σ over all crossings of A |n_k| f ≈ ∫ f Σ_k n_k² dS = ∫ f dS. A parameter selects a crossing with the probability of its weight, hence points are even on the surface.
 * Normals are the gradient of the inequality's difference, by central differences. Pieces thinner than the lines' spacing (1/256 of the box in the plane, 1/48 in space) can be missed.
 */
export function cutPart(domain: SampledDomain, where: Expression, libm: Libm): BoundaryPart[] {
  const { coordinates, lower, upper } = domain
  const dimension = coordinates.length
  const holds = conditionAt(where, coordinates, libm)
  const inside = (point: number[]): boolean => holds(point) !== 0
  const belongs = membership(domain, libm, 'where')
  const level = levelOf(where)
  const hits: Hit[] = []
  for (let axis = 0; axis < dimension; axis++) {
    const area = upper.reduce((product, b, i) => (i === axis ? product : (product * (b - lower[i])) / perAxis(dimension)), 1)
    for (let line = 0; line < perAxis(dimension) ** (dimension - 1); line++) {
      const at = lineAt(domain, axis, line, perAxis(dimension))
      for (const s of crossingsAlong(at, inside, alongLine(dimension))) {
        const point = at(s)
        const normal = normalAt(level, domain, point, libm)
        if (normal && belongs(point)) hits.push({ point, normal, weight: area * Math.abs(normal[axis]) })
      }
    }
  }
  const measure = hits.reduce((sum, hit) => sum + hit.weight, 0)
  if (!(measure > 0)) return []
  const ordered = alongCurve(hits, domain)
  const until = new Float64Array(ordered.length)
  ordered.reduce((sum, hit, k) => (until[k] = sum + hit.weight), 0)
  return [{
    name: 'cut', sides: [], inner: true, measure, parameters: Math.min(1, dimension - 1),
    place(parameters, point, normal) {
      const wanted = (parameters[0] ?? 0.5) * measure
      let [a, b] = [0, ordered.length - 1]
      while (a < b) {
        const middle = (a + b) >> 1
        if (until[middle] > wanted) b = middle
        else a = middle + 1
      }
      point.set(ordered[a].point)
      normal.set(ordered[a].normal)
      return true
    },
  }]
}

function normalAt(level: Expression, { coordinates, lower, upper }: SampledDomain, point: readonly number[], libm: Libm): number[] | undefined {
  const value = (axis: number, step: number): number => evaluate(level, { t: 0, ...Object.fromEntries(coordinates.map((name, i) => [name, point[i] + (i === axis ? step : 0)])) }, libm)
  const gradient = coordinates.map((_, axis) => {
    const step = 1e-6 * (upper[axis] - lower[axis])
    return (value(axis, step) - value(axis, -step)) / (2 * step)
  })
  const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
  return norm > 0 && norm < Infinity ? gradient.map(g => g / norm) : undefined
}

/** Crossings in an order in which neighbours are near: by the bits of their cell, interleaved. An even choice by weight in this order is even on the surface. */
function alongCurve(hits: readonly Hit[], { lower, upper }: SampledDomain): readonly Hit[] {
  const code = ({ point }: Hit): number => {
    let key = 0
    const cells = point.map((x, i) => Math.min(1023, Math.max(0, Math.floor((1024 * (x - lower[i])) / (upper[i] - lower[i])))))
    for (let bit = 9; bit >= 0; bit--) for (const cell of cells) key = 2 * key + ((cell >> bit) & 1)
    return key
  }
  const keys = hits.map(code)
  return hits.map((_, k) => k).sort((i, j) => keys[i] - keys[j] || i - j).map(k => hits[k])
}
