import { differentiate, divide, isNumber, number, simplify, substitute } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { error, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { distanceInInterval, distanceInPolygon, distanceToLine, distanceToPlane, distanceToSphere, isConvex, type JetFunction, type Network } from '../networks'
import { boundaryParts, sampledDomain, type BoundaryPart, type SampledDomain } from '../sampling'
import { addJets, applyFunction, columnsOfJet, joinJets, multiplyJets, reciprocalFunction, scaleJet, shiftJet, type Jet } from '../taylor'
import { networkStatement } from './formulation'
import { meetingMisfit, piecesOn, slopeFits, startMisfit } from './held-parts'
import { jetOf } from './jet-expression'

/**
 * Conditions that a network fulfils by its form, u = G + D · N: D vanishes to first order where values are given (with its square where slopes are too, and with t − t₀ or (t − t₀)² at the start), G has the values.
 *
 *   D = Π_k φ_k over the held pieces,   G = Σ_k w_k g_k, w_k = Π_{j≠k} φ_j / Σ_i Π_{j≠i} φ_j   (1 on piece k, 0 on the others),
 *
 * with initial values G(x, t) − G(x, t₀) + u₀ [+ (t − t₀)(v₀ − ∂ₜG(x, t₀))]. Lagaris, Likas & Fotiadis 1998, doi:10.1109/72.712178; Rvachev, Sheiko, Shapiro & Tsukanov 2001, doi:10.1007/s004660000195.
 */
export interface HeldConditions {
  /** Pieces of the problem that are held, by their index: no part of the loss. */
  readonly pieces: ReadonlySet<number>
  /** Components whose initial value is held. */
  readonly initial: ReadonlySet<number>
  /** Parts of the boundary on which no condition is left to be asked for, as they come from `boundaryParts`. */
  readonly parts: ReadonlySet<BoundaryPart>
  wrap(network: Network): Network
}

/** What may keep two φ from vanishing together, where weights would be 0/0: at corners the mean of the pieces' values is taken. */
const apart = 1e-18

/** Dimensions in which a product of distances is still a number to divide by. */
const mostDimensions = 10

const where = { path: 'conditions' }
const tip = 'Take "soft" conditions.'

interface Own { readonly output: number; readonly groups: readonly Group[]; readonly power: number; readonly initial?: { readonly value: Expression; readonly rate?: Expression } }
/** A held piece: a function that vanishes on it, and its values. */
interface Group { readonly distance: JetFunction; readonly data: Expression }

/** What a network can hold of a statement's conditions; `faults` say which Dirichlet or initial value it cannot. */
export function holdConditions(problem: AnalysedProblem, libm: Libm): { readonly held: HeldConditions; readonly faults: readonly Fault[] } {
  const domain = sampledDomain(problem)
  const { coordinates, outputs } = networkStatement(problem)
  const { components, initial } = problem.system
  const { pieces } = problem
  const faults: Fault[] = []
  const refuse = (code: string, message: string): void => {
    if (!faults.some(f => f.message === message)) faults.push(error(code, message, { where, tip }))
  }
  const heldPieces = new Set<number>()
  const heldInitial = new Set<number>()
  const parts = boundaryParts(domain, libm)
  const fourth = problem.properties.orderInSpace >= 4
  const open = new Set(parts)
  const all: Own[] = outputs.map((component, output) => {
    const name = components[component].name
    const found = new Map<number, BoundaryPart[]>()
    let power = 1
    let possible = true
    for (const part of parts) {
      const active = piecesOn(problem, component, part, libm)
      const values = active.filter(a => pieces[a.piece].kind === 'dirichlet')
      if (values.length === 0) continue
      const { piece, whole } = values[0]
      if (!whole) {
        refuse('conditions-where', `The condition on ${name} holds on a part of "${part.name}" that an inequality selects, which no distance function knows.`)
        possible = false
      } else if (part.name === 'cut' || domain.geometry?.where) {
        refuse('conditions-cut', `The values of ${name} are given on a boundary that an inequality cuts out, which no distance function knows.`)
        possible = false
      } else found.set(piece, [...(found.get(piece) ?? []), part])
      if (fourth && active.some(a => pieces[a.piece].kind === 'neumann')) power = 2
    }
    if (!possible || domain.coordinates.length > mostDimensions) {
      if (possible && found.size > 0) refuse('conditions-dimensions', `Products of distances vanish nearly everywhere in ${domain.coordinates.length} dimensions.`)
      return { output, groups: [], power: 1 }
    }
    const groups: Group[] = []
    for (const [piece, own] of found) {
      const { data, value } = pieces[piece]
      const distance = distanceTo(own, parts, domain)
      if (!distance) {
        refuse('conditions-edges', `The values of ${name} are given on some edges of a polygon that is not convex, beside other conditions on the rest.`)
        return { output, groups: [], power: 1 }
      }
      groups.push({ distance, data: simplify(divide(data, value)) })
    }
    const meeting = groups.length > 1 ? meetingMisfit(problem, component, libm) : undefined
    if (meeting) {
      refuse('conditions-meet', `The values of ${name} contradict where sides meet, ${meeting}, so that no smooth function has both.`)
      return { output, groups: [], power: 1 }
    }
    if (power === 2) {
      const slopes = pieces.flatMap((p, k) => (p.component === component && p.kind === 'neumann' ? [k] : []))
      const zero = groups.every(g => isNumber(g.data, 0)) && slopes.every(k => isNumber(pieces[k].data, 0))
      if (!zero && !(groups.length === 1 && slopes.every(k => slopeFits(problem, k, groups[0].data, libm)))) {
        refuse('conditions-slope', `The slope of ${name} on the boundary is not that of its values, which a network can hold only where it is.`)
        return { output, groups: [], power: 1 }
      }
      slopes.forEach(k => heldPieces.add(k))
    }
    for (const piece of found.keys()) heldPieces.add(piece)
    const velocity = components.findIndex(c => c.part === 't' && c.name === `${name}__t`)
    const [u0, v0] = [initial[component], velocity >= 0 ? initial[velocity] : undefined]
    if (!problem.time || u0 === undefined) return { output, groups, power }
    const misfit = groups.length > 0 ? startMisfit(problem, component, u0, v0, libm) : undefined
    if (misfit) {
      refuse('conditions-start', `The initial ${misfit} of ${name} does not meet its values on the boundary, so that no smooth function has both.`)
      return { output, groups, power }
    }
    heldInitial.add(component)
    if (v0 !== undefined) heldInitial.add(velocity)
    return { output, groups, power, initial: { value: u0, ...(v0 === undefined ? {} : { rate: v0 }) } }
  })
  for (const part of parts) {
    if (pieces.some((_, k) => !heldPieces.has(k)) && outputs.some(component => piecesOn(problem, component, part, libm).some(a => !heldPieces.has(a.piece)))) continue
    open.delete(part)
  }
  const start = problem.time?.[0]
  const held: HeldConditions = {
    pieces: heldPieces, initial: heldInitial, parts: new Set(parts.filter(p => !open.has(p))),
    wrap: network => (all.every(o => o.groups.length === 0 && !o.initial) ? network : {
      ...network,
      propagate: (parameters, x) => {
        const inner = network.propagate(parameters, x)
        return joinJets(all.map(own => heldOutput(own, columnsOfJet(inner, own.output, 1), x, coordinates, start)))
      },
    }),
  }
  return { held, faults }
}

function heldOutput({ groups, power, initial }: Own, inner: Jet, x: Jet, coordinates: readonly string[], start: number | undefined): Jet {
  const coordinate = (name: string): Jet | undefined => (coordinates.includes(name) ? columnsOfJet(x, coordinates.indexOf(name), 1) : undefined)
  const at = (e: Expression): Jet => jetOf(e, coordinate, x)
  const atStart = (e: Expression): Jet => at(substitute(e, { t: number(start!) }))
  const distances = groups.map(g => g.distance(x))
  const blended = (values: (data: Expression) => Jet | undefined): Jet | undefined => {
    const given = groups.map(g => values(g.data))
    if (given.every(g => g === undefined)) return undefined
    if (groups.length === 1) return given[0]
    const lifted = distances.map(d => shiftJet(d, apart))
    const others = lifted.map((_, k) => lifted.filter((__, j) => j !== k).reduce(multiplyJets))
    const share = applyFunction(reciprocalFunction, others.reduce(addJets))
    return given.flatMap((g, k) => (g ? [multiplyJets(g, multiplyJets(others[k], share))] : [])).reduce(addJets)
  }
  const notZero = (read: (e: Expression) => Jet, e: Expression): Jet | undefined => (isNumber(e, 0) ? undefined : read(e))
  const terms: (Jet | undefined)[] = [blended(data => notZero(at, data))]
  let factor: Jet | undefined = distances.flatMap(d => (power === 2 ? [d, d] : [d])).reduce<Jet | undefined>((a, b) => (a ? multiplyJets(a, b) : b), undefined)
  if (initial) {
    const late = shiftJet(coordinate('t')!, -start!)
    const opposite = (jet: Jet | undefined): Jet | undefined => jet && scaleJet(jet, -1)
    terms.push(notZero(atStart, initial.value), opposite(blended(data => notZero(atStart, data))))
    if (initial.rate) {
      const rates = [notZero(atStart, initial.rate), opposite(blended(data => notZero(atStart, simplify(differentiate(data, 't')))))].filter(j => j !== undefined)
      if (rates.length > 0) terms.push(multiplyJets(late, rates.reduce(addJets)))
    }
    const growth = initial.rate ? multiplyJets(late, late) : late
    factor = factor ? multiplyJets(factor, growth) : growth
  }
  const known = terms.filter(j => j !== undefined)
  const own = factor ? multiplyJets(factor, inner) : inner
  return known.length > 0 ? addJets(known.reduce(addJets), own) : own
}

/** A function of slope about 1/(size of the domain) that vanishes on some parts and nowhere else inside; undefined where none is known. */
function distanceTo(own: readonly BoundaryPart[], parts: readonly BoundaryPart[], domain: SampledDomain): JetFunction | undefined {
  const { geometry, lower, upper, coordinates } = domain
  const factors: JetFunction[] = []
  const outer = geometry?.outer ?? { kind: 'box' }
  if (outer.kind === 'box') {
    lower.forEach((a, axis) => {
      const b = upper[axis]
      const on = (end: number): boolean => own.some(p => !p.inner && (coordinates.length <= 3 ? p.sides.includes((['left', 'right', 'bottom', 'top', 'back', 'front'] as const)[2 * axis + end]) : p.name === `${coordinates[axis]} = ${end === 0 ? a : b}`))
      if (on(0) && on(1)) factors.push(distanceInInterval(axis, a, b))
      else if (on(0)) factors.push(scaled(distanceToPlane(axis, a, 'above'), 1 / (b - a)))
      else if (on(1)) factors.push(scaled(distanceToPlane(axis, b, 'below'), 1 / (b - a)))
    })
  } else if (outer.kind === 'ball') {
    if (own.some(p => !p.inner)) factors.push(scaled(distanceToSphere(outer.center, outer.radius), 2 / outer.radius))
  } else {
    const edges = parts.filter(p => !p.inner)
    const given = edges.filter(p => own.includes(p))
    const size = Math.min(...upper.map((b, i) => b - lower[i]))
    if (given.length === edges.length) factors.push(scaled(distanceInPolygon(outer.points), 2 / size))
    else if (given.length > 0) {
      if (!isConvex(outer.points)) return undefined
      outer.points.forEach((a, i) => {
        const b = outer.points[(i + 1) % outer.points.length]
        if (given.some(p => lies(p, [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])], domain))) factors.push(scaled(distanceToLine(a, b), 1 / size))
      })
    }
  }
  geometry?.holes.forEach((hole, i) => {
    if (!own.some(p => p.name === `hole ${i + 1}`)) return
    const away: JetFunction = hole.kind === 'ball' ? scaled(distanceToSphere(hole.center, hole.radius, true), 1 / hole.radius) : scaled(distanceInPolygon(hole.points), -2 / Math.min(...upper.map((b, k) => b - lower[k])))
    factors.push(x => {
      // q/(1 + q): like q near the hole, 1 far from it.
      const q = away(x)
      return multiplyJets(q, applyFunction(reciprocalFunction, shiftJet(q, 1)))
    })
  })
  return factors.length === 0 ? undefined : x => factors.map(f => f(x)).reduce(multiplyJets)
}

const scaled = (distance: JetFunction, factor: number): JetFunction => x => scaleJet(distance(x), factor)

/** Whether the middle of an edge belongs to a part: one of the sides of the box, or the edges on none. */
function lies(part: BoundaryPart, [x, y]: readonly [number, number], { lower, upper }: SampledDomain): boolean {
  const near = (a: number, b: number, axis: number): boolean => Math.abs(a - b) <= 1e-12 * (upper[axis] - lower[axis])
  const sides = [...(near(x, lower[0], 0) ? ['left'] : []), ...(near(x, upper[0], 0) ? ['right'] : []), ...(near(y, lower[1], 1) ? ['bottom'] : []), ...(near(y, upper[1], 1) ? ['top'] : [])]
  return part.sides.length === 0 ? sides.length === 0 : sides.includes(part.sides[0])
}
