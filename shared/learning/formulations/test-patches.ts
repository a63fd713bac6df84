import { differentiate, evaluate, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { parseExpression } from '../../expressions/parse'
import { error, FaultError } from '../../fault'
import { gaussJacobi } from '../../fields/simplex-quadrature'
import type { RandomStream } from '../random'
import { boundaryParts, boundaryPoints, domainVolume, interiorPoints, membership, type SampledDomain, type Sequence } from '../sampling'
import { matMul, reshape } from '../tf'
import { choleskyFactor, forwardRows } from './test-basis'
import { massFactor, testPoints, type TestNorm, type TestSpace } from './test-space'

export interface PatchOptions {
  readonly domain: SampledDomain
  readonly time: readonly [number, number] | undefined
  readonly sequence: Sequence
  /** Derivatives that are moved: the most in space together, and in time. */
  readonly moved: readonly number[]
  readonly together: number
  readonly patches: number
  /** Largest total degree of the polynomials that multiply the bump. */
  readonly degree: number
  /** Gauss points along the radius (and in time). */
  readonly quadrature: number
  readonly norm: TestNorm
  /** All β that are asked for. */
  readonly orders: readonly (readonly number[])[]
  readonly libm: Libm
}

/** Patches overlap: a radius is so much of that of a ball of volume |Ω| / patches. */
const overlap = 1.6
/** Patches below this share of the largest radius are not taken. */
const smallest = 0.2
/** Sets of centres that are tried, each with smaller balls. */
const attempts = 40
/** Points that measure the distance to the boundary. */
const boundarySamples = 4096

/**
 * Test functions with small compact supports anywhere inside: v = (1 − |s|²)^p (1 − τ²)^q times a monomial in s = (x − c)/R and τ = (t − c_t)/T, on balls around centres spread over the domain (times
 * intervals in evolution problems). p and q are the numbers of derivatives that are moved to v, so nothing is left at the border. The particles of Zang & Bao 2023, arXiv:2305.13001, with polynomial bumps in
 * place of Wendland's: a product rule of Gauss' in every ball integrates them exactly. Each step's product is patch by patch.
 */
export function patchTests(options: PatchOptions): TestSpace {
  const { domain, time, patches, quadrature, norm, orders, moved, libm } = options
  const space = domain.coordinates.length
  const dimension = space + (time ? 1 : 0)
  const rule = referenceRule(space, time !== undefined, quadrature, libm)
  const functions = referenceFunctions(options, dimension)
  const rows = patches * functions.length
  const nodes = rule.weights.length
  const known = new Map<string, Float64Array>()
  const reference = (beta: readonly number[]): Float64Array => {
    const key = beta.join()
    let values = known.get(key)
    if (!values) known.set(key, (values = valuesOf(functions, beta, rule.points, dimension, libm)))
    return values
  }
  const pure = moved.flatMap((m, axis) => (m > 0 ? [moved.map((_, i) => (i === axis ? m : 0))] : []))
  const inputName = (beta: readonly number[]): string => `tests ${beta.join()}`
  const [volume, duration] = [domainVolume(domain, libm), time ? time[1] - time[0] : 1]
  const none = moved.map(() => 0)
  const kappa = massFactor(moved, [...domain.lower.map((a, i) => domain.upper[i] - a), ...(time ? [duration] : [])])
  return {
    rows, points: patches * nodes,
    inputs: { [testPoints]: [patches * nodes, dimension], ...Object.fromEntries(orders.map(beta => [inputName(beta), [patches, functions.length, nodes]])) },
    draw: stream => {
      const balls = placePatches(options, patches, volume, stream)
      const points = new Float64Array(patches * nodes * dimension)
      const matrices = Object.fromEntries(orders.map(beta => [inputName(beta), new Float64Array(rows * nodes)]))
      const measures = balls.map(({ sizes }) => sizes.reduce((product, size) => product * size, 1))
      const covered = rule.weights.reduce((a, b) => a + b, 0) * measures.reduce((a, b) => a + b, 0)
      balls.forEach(({ centre, sizes }, p) => {
        for (let k = 0; k < nodes; k++) for (let axis = 0; axis < dimension; axis++) points[(p * nodes + k) * dimension + axis] = centre[axis] + sizes[axis] * rule.points[k * dimension + axis]
        const physical = (beta: readonly number[]): Float64Array => {
          const shrink = beta.reduce((product, n, axis) => Array.from({ length: n }).reduce<number>(q => q / sizes[axis], product), 1)
          return reference(beta).map(v => v * shrink)
        }
        const inner = (own: readonly (readonly number[])[], factors: readonly number[]): number[][] => {
          const parts = own.map(physical)
          return functions.map((_, i) => functions.map((__, j) => parts.reduce((sum, v, part) => sum + factors[part] * measures[p] * rule.weights.reduce((s, w, k) => s + w * v[i * nodes + k] * v[j * nodes + k], 0), 0)))
        }
        const factor = norm === 'dual' ? choleskyFactor(inner([...pure, none], [...pure.map(() => 1), kappa])) : inner([none], [1]).map((row, i) => row.map((x, j) => (i === j ? Math.sqrt(x) : 0)))
        for (const beta of orders) {
          const scaled = forwardRows(factor, physical(beta), nodes)
          const weight = measures[p] / Math.sqrt(covered)
          matrices[inputName(beta)].set(scaled.map((v, i) => v * rule.weights[i % nodes] * weight), p * functions.length * nodes)
        }
      })
      return { [testPoints]: points, ...matrices }
    },
    moments: (beta, inputs) => columns => {
      const width = (columns.shape as readonly number[])[1]
      return reshape(matMul(inputs[inputName(beta)], reshape(columns, [patches, nodes, width])), [rows, width])
    },
  }
}

interface Patch {
  readonly centre: readonly number[]
  /** Radius along each coordinate of space, half the duration along time. */
  readonly sizes: readonly number[]
}

/** Centres from the sequence, with the largest radius that stays inside. */
function placePatches({ domain, time, sequence, libm }: PatchOptions, patches: number, volume: number, stream: RandomStream): readonly Patch[] {
  const space = domain.coordinates.length
  const unitBall = space === 1 ? 2 : space === 2 ? Math.PI : (4 / 3) * Math.PI
  const share = volume / unitBall / (time ? Math.sqrt(patches) : patches)
  let largest = overlap * (space === 1 ? share : space === 2 ? Math.sqrt(share) : libm.cbrt(share))
  const parts = boundaryParts(domain, libm)
  const border = parts.length === 0 ? undefined : boundaryPoints(domain, Math.max(boundarySamples, parts.length), { sequence: 'stratified', stream: stream.child('border'), libm })
  const measure = parts.reduce((sum, part) => sum + part.measure, 0)
  const spacing = border && space > 1 ? (space === 2 ? (2 * measure) / border.count : 2 * Math.sqrt(measure / border.count)) : 0
  const contains = membership(domain, libm)
  const radiusAt = (centre: ArrayLike<number>): number => {
    if (!border) return largest
    let nearest = Infinity
    for (let k = 0; k < border.count; k++) {
      let sum = 0
      for (let axis = 0; axis < space; axis++) sum += (centre[axis] - border.points[k * space + axis]) * (centre[axis] - border.points[k * space + axis])
      nearest = Math.min(nearest, sum)
    }
    // The nearest sample is at most a spacing away from the nearest point.
    return Math.min(largest, 0.999 * Math.sqrt(Math.max(0, nearest - spacing * spacing)))
  }
  const found: Patch[] = []
  for (let attempt = 0; attempt < attempts && found.length < patches; attempt++) {
    // Narrow domains have no place for so large ones.
    if (attempt > 0) largest *= 0.9
    const candidates = interiorPoints(domain, 4 * patches, { sequence, stream: stream.child('centres').child(attempt), libm, ...(time ? { time } : {}) })
    const { dimension } = candidates
    for (let k = 0; k < candidates.count && found.length < patches; k++) {
      const centre = candidates.points.slice(k * dimension, (k + 1) * dimension)
      const radius = contains(centre) ? radiusAt(centre) : 0
      if (radius < smallest * largest) continue
      const half = time ? Math.min((0.5 * overlap * (time[1] - time[0])) / libm.pow(patches, 0.25), centre[space] - time[0], time[1] - centre[space]) : undefined
      if (half !== undefined && half < 0.02 * (time![1] - time![0])) continue
      found.push({ centre: [...centre], sizes: [...domain.coordinates.map(() => radius), ...(half === undefined ? [] : [half])] })
    }
  }
  if (found.length < patches) throw new FaultError(error('test-patches', `Only ${found.length} of ${patches} patches found a place inside the domain.`, { where: { path: 'test.patches' }, tip: 'Ask for more patches, which are smaller.' }))
  return found
}

/** A rule on the unit ball times [−1, 1] in time. */
function referenceRule(space: number, timed: boolean, n: number, libm: Libm): { readonly points: Float64Array; readonly weights: Float64Array } {
  const line = gaussJacobi(n, 0)
  const ends = (i: number): number => 2 * line.nodes[i] - 1
  let list: { point: number[]; weight: number }[] = []
  const turns = Array.from({ length: 2 * n }, (_, j) => (Math.PI * (j + 0.5)) / n)
  if (space === 1) list = Array.from(line.nodes, (_, i) => ({ point: [ends(i)], weight: 2 * line.weights[i] }))
  // ∫ f r dr = ½ ∫ f d(r²).
  if (space === 2) list = Array.from(line.nodes, (r2, i) => turns.map(phi => ({ point: [Math.sqrt(r2) * libm.cos(phi), Math.sqrt(r2) * libm.sin(phi)], weight: (line.weights[i] * Math.PI) / (2 * n) }))).flat()
  if (space === 3) {
    list = Array.from(line.nodes, (r, i) => Array.from(line.nodes, (_, k) => turns.map(phi => {
      const ring = Math.sqrt(1 - ends(k) * ends(k))
      return { point: [r * ring * libm.cos(phi), r * ring * libm.sin(phi), r * ends(k)], weight: (line.weights[i] * r * r * 2 * line.weights[k] * Math.PI) / n }
    })).flat()).flat()
  }
  if (timed) list = list.flatMap(({ point, weight }) => Array.from(line.nodes, (_, i) => ({ point: [...point, ends(i)], weight: 2 * weight * line.weights[i] })))
  return { points: Float64Array.from(list.flatMap(({ point }) => point)), weights: Float64Array.from(list, ({ weight }) => weight) }
}

/** Bump times monomials, over s0, s1, …: those of time have no part in the ball. */
function referenceFunctions({ domain, time, moved, together, degree }: PatchOptions, dimension: number): readonly Expression[] {
  const space = domain.coordinates.length
  const ball = `(1 - (${domain.coordinates.map((_, i) => `s${i}^2`).join(' + ')}))^${together}`
  const bump = `${ball}${time && moved[space] > 0 ? `*(1 - s${space}^2)^${moved[space]}` : ''}`
  const monomials = powersUpTo(degree, dimension).map(powers => powers.map((p, i) => `*s${i}^${p}`).join(''))
  return monomials.map(monomial => {
    const parsed = parseExpression(`${bump}${monomial}`)
    if (!parsed.ok) throw new FaultError(parsed.faults)
    return simplify(parsed.value)
  })
}

function powersUpTo(degree: number, dimension: number): readonly (readonly number[])[] {
  if (dimension === 0) return [[]]
  return Array.from({ length: degree + 1 }, (_, k) => powersUpTo(degree - k, dimension - 1).map(rest => [k, ...rest])).flat()
}

/** ∂^β of every function at the rule's points, [functions, points]. */
function valuesOf(functions: readonly Expression[], beta: readonly number[], points: Float64Array, dimension: number, libm: Libm): Float64Array {
  const count = points.length / dimension
  const values = new Float64Array(functions.length * count)
  functions.forEach((f, i) => {
    const own = beta.reduce((e, n, axis) => Array.from({ length: n }).reduce<Expression>(d => differentiate(d, `s${axis}`), e), f)
    for (let k = 0; k < count; k++) values[i * count + k] = evaluate(own, Object.fromEntries(Array.from({ length: dimension }, (_, axis) => [`s${axis}`, points[k * dimension + axis]])), libm)
  })
  return values
}
