import type { Expression } from '../../expressions/ast'
import { add, antiderivative, constantNames, differentiate, divide, evaluate, freeNames, multiply, name, negate, number, raise, simplify, sizeOf, subtract } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { BoundaryPiece, Properties } from '../analysed'
import type { ParsedStatement } from '../parsed'
import type { RawSystem } from '../system'
import type { Linearisation } from './linearisation'
import type { TestField } from './test-fields'
import { meanOf, testSpace, waveKinds } from './test-fields'

/** ρ and its first variation E(ρ) paired with the rates, Σ_c E_c(ρ) F_c, at a node: what must integrate to zero for every state. */
interface Candidate {
  readonly density: Expression
  readonly paired: (at: Node) => number
}

interface Node {
  /** Rates F_c. */
  readonly rate: (component: number) => number
  readonly value: (component: number, ...letters: string[]) => number
  readonly at: (e: Expression) => number
}

const MAXIMUM_SIZE = 4000
const MAXIMUM_COMPONENTS = 8
const TOLERANCE = 1e-8
/** Evaluations of nodes of expressions. */
const MAXIMUM_WORK = 4_000_000

/**
 * Functionals ∫ρ dΩ that every solution keeps: d/dt ∫ρ = ∫ Σ E_c(ρ) F_c, with E the Euler operator, must vanish for all states, that is, the integrand must be a null Lagrangian
 * (P. J. Olver, Applications of Lie Groups to Differential Equations, 1993, chapter 4, DOI 10.1007/978-1-4612-4350-2). Candidates are linear, quadratic and quartic densities, squares of first and second
 * derivatives, products that make momenta, and potentials of the undifferentiated rates; which combinations vanish is read off integrals over random smooth fields that meet the conditions.
 * Constraints enter with multipliers. Smooth solutions only: of nonlinear conservation laws, whose shocks dissipate, the linear densities alone are reported.
 */
export function conservedQuantities(initial: readonly (Expression | undefined)[], linearisation: Linearisation, pieces: readonly BoundaryPiece[], raw: RawSystem, statement: ParsedStatement, libm: Libm): Properties['conserved'] {
  const { rows, components, jets } = raw
  const kinds = statement.time && components.length <= MAXIMUM_COMPONENTS ? waveKinds(pieces, raw, statement) : undefined
  const orderInSpace = Math.max(0, ...linearisation.entries.map(e => e.along.length))
  if (!kinds || orderInSpace > 4 || rows.reduce((sum, row) => sum + sizeOf(row.expression).nodes, 0) > MAXIMUM_SIZE) return []
  const start = statement.time![0]
  const plain = testSpace(kinds, components.map(() => 0), statement, libm)
  const space = testSpace(kinds, initial.map(e => meanOf(e, plain.points, start, libm)), statement, libm)
  const rates = rows.flatMap((row, i) => (row.kind === 'rate' ? [i] : []))
  const finder = new Finder(raw, statement, space, libm)
  if (!finder.affords(components.length)) return []
  const possible = finder.multipliers()
  const multipliers = finder.affords(possible.length + components.length) ? possible : []
  const found: { name: string; density: Expression }[] = []
  const taken = new Set(statement.unknowns.map(u => u.name))
  const report = (title: string, density: Expression): void => {
    let own = taken.has(title) ? `${title}_total` : title
    for (let k = 2; taken.has(own); k++) own = `${title}_${k}`
    taken.add(own)
    found.push({ name: own, density: simplify(density) })
  }

  const single = statement.unknowns.length === 1 && statement.unknowns[0].type === 'real'
  const linear = rates.filter(c => raw.velocityOf[c] < 0 && !isVelocityOnly(c, raw)).map((c): Candidate => ({ density: name(components[c].name), paired: at => at.rate(c) }))
  for (const { vector } of finder.vanishing(linear, multipliers)) report(single ? 'mass' : vector.filter(v => v !== 0).length === 1 ? `total_${components[rates[vector.findIndex(v => v !== 0)]].name}` : 'total', combine(vector, linear))
  if (orderInSpace <= 1 && !linearisation.isLinear) return found

  const quadratic = rates.flatMap((c, i) => rates.slice(i).map((d): Candidate => ({ density: c === d ? raise(name(components[c].name), number(2)) : multiply(name(components[c].name), name(components[d].name)), paired: at => at.value(d) * at.rate(c) + at.value(c) * at.rate(d) })))
  const squares = finder.vanishing(quadratic, multipliers)
  const complex = statement.unknowns.every(u => u.type === 'complex')
  const isDefinite = (vector: readonly number[]): boolean => rates.length > 1 && rates.every((_, i) => vector[indexOfSquare(i, rates.length)] > 0)
  for (const { vector } of squares) {
    if (!complex && isDefinite(vector)) report('energy', combine(vector.map(v => v / 2), quadratic))
    else report(complex ? 'mass' : single ? 'momentum' : 'square', combine(vector, quadratic))
  }

  for (const axis of statement.axes) {
    const products = rates.flatMap((c, i) => rates.slice(i + 1).map((d): Candidate => ({
      density: subtract(multiply(name(components[c].name), name(jets.nameOf(d, [axis.name]))), multiply(name(components[d].name), name(jets.nameOf(c, [axis.name])))),
      paired: at => 2 * (at.rate(c) * at.value(d, axis.name) - at.rate(d) * at.value(c, axis.name)),
    })))
    for (const { vector } of finder.vanishing(products, [])) report(statement.axes.length === 1 ? 'momentum' : `momentum_${axis.name}`, combine(vector, products))
  }

  const kept = quadratic.filter((_, k) => !squares.some(s => s.free === k))
  const higher = higherCandidates(rates, orderInSpace, linearisation, raw, statement)
  const all = [...kept, ...higher]
  if (all.length <= 40 && !taken.has('energy') && finder.affords(all.length)) {
    const [first] = finder.vanishing(all, []).filter(({ vector }) => vector.some((v, k) => k >= kept.length && v !== 0)).map(({ vector }) => combine(normalised(vector, all, kept.length), all))
    if (first) report('energy', first)
  }
  return found
}

/** A component whose rate is its velocity alone: its integral grows. */
const isVelocityOnly = (component: number, raw: RawSystem): boolean => raw.velocityOf.includes(component)
/** Position of c² among the products of pairs. */
const indexOfSquare = (i: number, n: number): number => i * n - (i * (i - 1)) / 2

/** Powers, potentials, weighted squares and squares of derivatives, the last ones last. */
function higherCandidates(rates: readonly number[], orderInSpace: number, { entries }: Linearisation, raw: RawSystem, statement: ParsedStatement): Candidate[] {
  const { components, jets, rows } = raw
  const u = (c: number): Expression => name(components[c].name)
  const square = (v: number): number => v * v
  const power = (c: number, k: number): Candidate => ({ density: raise(u(c), number(k)), paired: at => k * at.value(c) ** (k - 1) * at.rate(c) })
  const declared = rates.filter(c => raw.velocityOf[c] < 0)
  const list: Candidate[] = declared.flatMap(c => [power(c, 3), power(c, 4)])
  declared.forEach((c, i) => declared.slice(i + 1).forEach(d => list.push({ density: multiply(raise(u(c), number(2)), raise(u(d), number(2))), paired: at => 2 * at.value(c) * at.value(d) * (at.value(d) * at.rate(c) + at.value(c) * at.rate(d)) })))
  // V(u) with V′ the undifferentiated part of a rate, where it is more than a polynomial of degree three.
  for (const row of rows) {
    if (row.kind !== 'rate') continue
    for (const c of declared) {
      const slope = simplify(differentiate(row.expression, components[c].name))
      const own = jets.in(slope)
      if (own.length === 0 || own.some(jet => jet.component !== c || jet.along.length > 0) || slope.kind !== 'call' && !containsCall(slope)) continue
      const force = antiderivative(slope, components[c].name)
      const potential = force && antiderivative(force, components[c].name)
      if (force && potential) list.push({ density: potential, paired: at => at.at(force) * at.rate(c) })
    }
  }
  const weights = (order: number): Expression[] => {
    const found: Expression[] = []
    for (const { along, coefficient } of entries) {
      if (along.length !== order || jets.occursIn(coefficient) || !dependsOnPlace(coefficient, statement)) continue
      // The same weight turned round would be a second copy of every candidate.
      if (!found.some(w => isNumberNode(simplify(divide(coefficient, w))))) found.push(coefficient)
    }
    return found.slice(0, 2)
  }
  for (const w of weights(0)) for (const c of declared) list.push({ density: multiply(w, raise(u(c), number(2))), paired: at => 2 * at.at(w) * at.value(c) * at.rate(c) })
  for (const w of weights(2)) {
    const slopes = statement.axes.map(a => differentiate(w, a.name))
    for (const c of declared) {
      const density = statement.axes.map(a => raise(name(jets.nameOf(c, [a.name])), number(2))).reduce(add)
      list.push({ density: multiply(w, density), paired: at => -2 * at.rate(c) * statement.axes.reduce((sum, a, i) => sum + at.at(w) * at.value(c, a.name, a.name) + at.at(slopes[i]) * at.value(c, a.name), 0) })
    }
  }
  if (orderInSpace > 3) {
    for (const c of declared) {
      const laplacian = statement.axes.map(a => name(jets.nameOf(c, [a.name, a.name]))).reduce<Expression>((a, b) => add(a, b), number(0))
      list.push({ density: raise(simplify(laplacian), number(2)), paired: at => 2 * at.rate(c) * statement.axes.reduce((sum, a) => sum + statement.axes.reduce((inner, b) => inner + at.value(c, a.name, a.name, b.name, b.name), 0), 0) })
    }
  }
  for (const c of declared) for (const { name: x } of statement.axes) list.push({ density: raise(name(jets.nameOf(c, [x])), number(2)), paired: at => -2 * at.value(c, x, x) * at.rate(c) })
  return list.filter(c => square(sizeOf(c.density).nodes) < 1e6)
}

const isNumberNode = (e: Expression): boolean => e.kind === 'number' || (e.kind === 'negate' && e.argument.kind === 'number')

function containsCall(e: Expression): boolean {
  if (e.kind === 'call') return true
  return 'left' in e ? containsCall(e.left) || containsCall(e.right) : 'argument' in e && containsCall(e.argument)
}

const dependsOnPlace = (e: Expression, statement: ParsedStatement): boolean => [...freeNames(e).keys()].some(n => statement.coordinates.includes(n) && !constantNames.has(n))

const combine = (vector: readonly number[], candidates: readonly Candidate[]): Expression =>
  vector.map((v, k) => [v, candidates[k].density] as const).filter(([v]) => v !== 0).reduce<Expression>((sum, [v, density]) => add(sum, v === 1 ? density : v < 0 ? negate(multiply(number(-v), density)) : multiply(number(v), density)), number(0))

/** Energies are written with ½ before the square of a derivative, or of a velocity where there is one. */
function normalised(vector: readonly number[], candidates: readonly Candidate[], from: number): number[] {
  const last = vector.findLastIndex((v, k) => k >= from && v !== 0)
  const first = vector.findIndex((v, k) => k < from && v !== 0 && candidates[k].density.kind === 'binary' && JSON.stringify(candidates[k].density).includes('__t'))
  const scale = 0.5 / vector[first >= 0 ? first : last]
  return vector.map(v => rounded(v * scale))
}

/** Coefficients of a density are short fractions more often than not: those that the integrals cannot tell from one are it, all others keep their digits. */
function rounded(v: number): number {
  if (Math.abs(v) < TOLERANCE) return 0
  for (let q = 1; q <= 120; q++) {
    const p = Math.round(v * q)
    if (p !== 0 && Math.abs(v * q - p) < 1e-10 * Math.abs(p)) return p / q
  }
  return Number(v.toPrecision(14))
}

class Finder {
  constructor(private readonly raw: RawSystem, private readonly statement: ParsedStatement, private readonly space: ReturnType<typeof testSpace>, private readonly libm: Libm) {}

  /** Whether integrals of so many candidates take no longer than a fraction of a second. */
  affords(candidates: number): boolean {
    const nodes = this.raw.rows.reduce((sum, row) => sum + sizeOf(row.expression).nodes, 0)
    return (candidates + 4) * this.space.points.length * (nodes + 4 * candidates) < MAXIMUM_WORK
  }

  /** m · C for every constraint C and component m: zero for every state that solves the statement. */
  multipliers(): Candidate[] {
    const { rows, components } = this.raw
    return rows.flatMap(row => (row.kind === 'constraint' ? [...components.keys(), -1].map((m): Candidate => ({ density: number(0), paired: at => (m < 0 ? 1 : at.value(m)) * at.at(row.expression) })) : []))
  }

  /** Combinations of candidates whose integrals vanish on all fields; the first entry that decides has the value 1. `free` is the candidate that the others were solved for. */
  vanishing(candidates: readonly Candidate[], extra: readonly Candidate[]): { readonly vector: number[]; readonly free: number }[] {
    if (candidates.length === 0) return []
    // Multipliers first: they may help a candidate, and a combination of multipliers alone is none.
    const columns = [...extra, ...candidates]
    const fields = columns.length + 4
    const matrix: Float64Array[] = []
    const sizes = new Float64Array(columns.length)
    for (let f = 0; f < fields; f++) {
      const { sums, absolute } = this.integrals(columns, f)
      matrix.push(sums)
      absolute.forEach((v, k) => (sizes[k] = Math.max(sizes[k], v)))
    }
    if (matrix.some(row => row.some(v => !Number.isFinite(v)))) return []
    for (const row of matrix) row.forEach((_, k) => (row[k] = sizes[k] > 0 ? row[k] / sizes[k] : 0))
    return nullVectors(matrix, extra.length).map(({ vector, free }) => {
      const own = vector.slice(extra.length).map((v, k) => (v === 0 ? 0 : v / sizes[k + extra.length]))
      const lead = own.find(v => v !== 0)!
      return { vector: own.map(v => rounded(v / lead)), free: free - extra.length }
    })
  }

  private integrals(columns: readonly Candidate[], seed: number): { sums: Float64Array; absolute: Float64Array } {
    const { raw, statement, space, libm } = this
    const field: TestField = space.field(seed + 1)
    const letters = statement.axes.map(a => a.name as string)
    const orders = (along: readonly string[]): number[] => letters.map(l => along.filter(c => c === l).length)
    const jets = raw.rows.flatMap(row => raw.jets.in(row.expression))
    const named = [...new Map(jets.map(jet => [jet.name, { name: jet.name, component: jet.component, orders: orders(jet.along) }])).values()]
    const [begin, end] = statement.time!
    const t = begin + (end - begin) * ((seed * 0.618) % 1)
    const sums = new Float64Array(columns.length)
    const absolute = new Float64Array(columns.length)
    const scope: Record<string, number> = {}
    const rates = new Float64Array(raw.rows.length)
    let node = 0
    const at: Node = {
      rate: c => rates[c],
      value: (c, ...along) => field.value(c, orders(along), node),
      at: e => evaluate(e, scope, libm),
    }
    for (node = 0; node < space.points.length; node++) {
      Object.assign(scope, space.points[node], { t })
      for (const { name: key, component, orders: own } of named) scope[key] = field.value(component, own, node)
      for (const [c, { name: key }] of raw.components.entries()) scope[key] = field.value(c, letters.map(() => 0), node)
      raw.rows.forEach((row, c) => { if (row.kind === 'rate') rates[c] = evaluate(row.expression, scope, libm) })
      columns.forEach((column, k) => {
        const value = space.weights[node] * column.paired(at)
        sums[k] += value
        absolute[k] += Math.abs(value)
      })
    }
    return { sums, absolute }
  }
}

/** Null vectors of a matrix with normalised columns by elimination with row pivoting; columns before `first` are never the free ones. */
function nullVectors(rows: readonly Float64Array[], first: number): { vector: number[]; free: number }[] {
  const m = rows.map(row => Float64Array.from(row))
  const count = m[0].length
  const pivots: { column: number; row: number }[] = []
  const free: number[] = []
  for (let column = 0; column < count; column++) {
    const used = pivots.length
    let best = used
    for (let i = used; i < m.length; i++) if (Math.abs(m[i][column]) > Math.abs(m[best]?.[column] ?? 0)) best = i
    const size = Math.abs(m[best]?.[column] ?? 0)
    if (!(size > TOLERANCE)) {
      if (column >= first) free.push(column)
      continue
    }
    ;[m[used], m[best]] = [m[best], m[used]]
    const pivot = m[used][column]
    for (let j = column; j < count; j++) m[used][j] /= pivot
    for (let i = 0; i < m.length; i++) {
      const factor = m[i][column]
      if (i === used || factor === 0) continue
      for (let j = column; j < count; j++) m[i][j] -= factor * m[used][j]
    }
    pivots.push({ column, row: used })
  }
  return free.map(column => {
    const vector = new Array<number>(count).fill(0)
    vector[column] = 1
    for (const { column: pivot, row } of pivots) if (pivot < column) vector[pivot] = Math.abs(m[row][column]) > 1e-7 ? -m[row][column] : 0
    return { vector, free: column }
  })
}

