import { createPointwise } from '../time/pointwise'
import { differentiate, freeNames, isNumber, simplify, zero } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { barycentricGradients } from '../../fields/mesh-element'
import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import type { AnalysedProblem, BoundaryPiece } from '../../problems/analysed'
import { asymmetry, diagonalOf, type SparseMatrix } from '../linear/sparse'
import { naturalCondition } from './boundary'
import { curvedNodes, type CurvedNode } from './curved'
import { balancedForm, balanceName } from './floating'
import { Integral, type Place } from './integral'
import type { DomainMesh } from './mesh/domain-mesh'
import { cellCount } from './mesh/domain-mesh'
import { createMatrix } from './pattern'
import { createSpace, type Space } from './space'
import { boundaryFlux, cellIntegrands, type Integrand, type NaturalCondition, type WeakForm } from './weak-form'

/**
 * The weak form on a mesh: residual R(u) (one number per unknown) and its derivative, with boundary conditions worked in. Everything lies in the team's arena: take a mark before and release it after.
 */
export class Discretisation {
  readonly space: Space
  readonly matrix: SparseMatrix
  private readonly integrals: readonly Integral[]
  readonly linear: boolean
  private readonly givenValues: readonly GivenValues[]

  /** Names that expressions may use beside coordinates and jets: the time, and the constants of floating components. */
  readonly scalars: readonly string[]
  readonly exactness: 2 | 5
  /** Given values at the circle for midpoints beside it, as last imposed. */
  private readonly curved: readonly CurvedNode[]
  private readonly curvedValues: Float64Array
  /** Per component: −1 where the rows change sign (see `orient`). */
  private readonly signs: Float64Array
  /** |Ω|. */
  readonly measure: number

  constructor(private readonly team: Team, problem: AnalysedProblem, stated: WeakForm, domain: DomainMesh, degree: 1 | 2, libm: Libm, furtherScalars: readonly string[] = []) {
    const floating = floatingComponents(problem, stated)
    const form = balancedForm(stated, floating)
    this.scalars = ['t', ...floating.map(balanceName), ...furtherScalars]
    this.space = createSpace(problem, form, domain, degree, floating, libm)
    this.exactness = degree === 1 ? 2 : 5
    const { space, exactness, scalars } = this
    const cells = wholeCells(domain)
    const integrals = [new Integral(team, space, cellIntegrands(form), cells, exactness, scalars, libm)]
    for (const { integrands, places } of boundaryGroups(space)) integrals.push(new Integral(team, space, integrands, places, exactness, scalars, libm))
    this.measure = measureOf(domain)
    this.integrals = integrals
    this.linear = integrals.every(integral => integral.isLinear)
    const count = form.rows.length
    const coupled = Array.from({ length: count }, () => new Array<boolean>(count).fill(false))
    form.rows.forEach((row, i) => {
      if (row.rate) coupled[i][i] = true
    })
    for (const integral of integrals) for (const { row, component } of integral.couplings()) coupled[row][component] = true
    this.matrix = createMatrix(team, space, coupled)
    this.curved = curvedNodes(space)
    this.curvedValues = new Float64Array(this.curved.length)
    this.signs = new Float64Array(count).fill(1)
    this.givenValues = givenValues(team, space, this.curved)
  }

  /** R(u) at a time: ∫ (−F·∇v + r v) + ∮ F·n v for every test function. */
  residual(u: Float64Array, scalarValues: readonly number[]): Float64Array {
    const out = new Float64Array(this.space.unknowns)
    for (const integral of this.integrals) integral.add(u, scalarValues, out, undefined)
    for (let i = 0; i < out.length; i++) out[i] *= this.signs[this.space.componentOf[i]]
    return out
  }

  /** R(u), and ∂R/∂u into `matrix`; with `turn`, rows of a negative operator change sign (see `orient`). */
  linearise(u: Float64Array, scalarValues: readonly number[], turn = true): Float64Array {
    const out = new Float64Array(this.space.unknowns)
    this.matrix.values.view().fill(0)
    for (const integral of this.integrals) integral.add(u, scalarValues, out, this.matrix)
    if (turn) this.orient(out)
    return out
  }

  /** Rows whose diagonal is negative throughout (`lap(u) = f`) change sign, so that a definite operator is a positive one; `residual` keeps to what the last derivative showed. */
  private orient(residual: Float64Array): void {
    const { componentOf, unknowns } = this.space
    const sums = new Float64Array(this.signs.length)
    const diagonal = diagonalOf(this.matrix)
    for (let i = 0; i < unknowns; i++) sums[componentOf[i]] += diagonal[i]
    sums.forEach((sum, c) => (this.signs[c] = sum < 0 ? -1 : 1))
    const [starts, values] = [this.matrix.starts(), this.matrix.values.view()]
    for (let i = 0; i < unknowns; i++) {
      if (this.signs[componentOf[i]] > 0) continue
      residual[i] = -residual[i]
      for (let e = starts[i]; e < starts[i + 1]; e++) values[e] = -values[e]
    }
  }

  isSymmetric(): boolean {
    return asymmetry(this.team.arena, this.matrix) < 1e-12
  }

  /** Writes the boundary values of a time into the coefficients. Throws FaultError `non-finite`. */
  impose(u: Float64Array, time: number): void {
    for (const { indices, evaluate } of this.givenValues) {
      const values = evaluate(time)
      for (let k = 0; k < indices.length; k++) {
        if (!Number.isFinite(values[k])) throw nonFinite('The boundary value', this.space, indices[k])
        u[indices[k]] = values[k]
      }
    }
    this.curved.forEach(({ index }, k) => (this.curvedValues[k] = u[index]))
  }

  /**
   * Lets the polynomials of cells along circles take their boundary values on the circle (see curved.ts), given all other coefficients. Returns the largest change beside the largest boundary or nodal value there;
   * to be repeated with solves until it is small: every repetition gains a factor of about the width of the cells over the radius.
   */
  correctCurved(u: Float64Array): number {
    return this.settleCurved(u, k => this.curvedValues[k])
  }

  /** The same for rates: `slopes` holds ∂ₜ of the boundary values from `givenRates`. */
  correctCurvedRates(rates: Float64Array, slopes: Float64Array): number {
    return this.settleCurved(rates, k => slopes[this.curved[k].index])
  }

  private settleCurved(u: Float64Array, valueOf: (k: number) => number): number {
    let [change, size] = [0, 0]
    this.curved.forEach(({ index, others, weights, own }, k) => {
      let rest = valueOf(k)
      for (let b = 0; b < others.length; b++) {
        rest -= weights[b] * u[others[b]]
        size = Math.max(size, Math.abs(u[others[b]]))
      }
      change = Math.max(change, Math.abs(rest / own - u[index]))
      u[index] = rest / own
    })
    return change === 0 ? 0 : change / Math.max(size, change)
  }

  /** Entries that `correctCurved` sets. */
  get curvedIndices(): ReadonlySet<number> {
    return new Set(this.curved.map(({ index }) => index))
  }

  /** ∂ₜ of the boundary values into the given entries. */
  givenRates(out: Float64Array, time: number): void {
    for (const { indices, slope } of this.givenValues) {
      const values = slope?.(time)
      for (let k = 0; k < indices.length; k++) out[indices[k]] = values ? values[k] : 0
    }
  }

  /** u ← u + scale · δ with δ by unknowns. */
  update(u: Float64Array, delta: Float64Array, scale = 1): void {
    const { unknownOf } = this.space
    for (let i = 0; i < u.length; i++) if (unknownOf[i] >= 0) u[i] += scale * delta[unknownOf[i]]
  }

  /** ∫ e over the domain of an expression of coordinates and jets. */
  integral(expression: Expression, u: Float64Array, libm: Libm, scalarValues: readonly number[], exactness: 2 | 5 = 5): number {
    return this.integralWithSize(expression, u, libm, scalarValues, exactness).sum
  }

  /** ∫ e and ∫ |e|. */
  integralWithSize(expression: Expression, u: Float64Array, libm: Libm, scalarValues: readonly number[], exactness: 2 | 5 = 5): { readonly sum: number; readonly size: number } {
    const { space, team } = this
    const mark = team.arena.mark()
    const total = new Integral(team, space, [{ row: 0, test: [expression] }], wholeCells(space.domain), exactness, this.scalars, libm).total(u, scalarValues)
    team.arena.release(mark)
    return total
  }

  /** The row of a component tested with v = 1: ∫ r + ∮ F·n, and the integral of the absolute values as its size. */
  balance(component: number, u: Float64Array, scalarValues: readonly number[], exactness: 2 | 5, libm: Libm): { readonly sum: number; readonly size: number } {
    const { space, team } = this
    const mark = team.arena.mark()
    let [sum, size] = [0, 0]
    const cellIntegrand = cellIntegrands(space.form)[component]
    for (const { integrands, places } of [{ integrands: [cellIntegrand], places: wholeCells(space.domain) }, ...boundaryGroups(space)]) {
      for (const { row, test } of integrands) {
        if (row !== component || isNumber(test[0], 0)) continue
        const part = new Integral(team, space, [{ row, test: [test[0]] }], places, exactness, this.scalars, libm).total(u, scalarValues)
        sum += part.sum
        size += part.size
      }
    }
    team.arena.release(mark)
    return { sum, size }
  }
}

const wholeCells = (domain: DomainMesh): Place[] => Array.from({ length: cellCount(domain) }, (_, cell) => ({ cell, local: -1 }))

function measureOf({ dimension, points, cells }: DomainMesh): number {
  const scratch = new Float64Array(12)
  let sum = 0
  for (let c = 0; c < cells.length; c += dimension + 1) sum += barycentricGradients(dimension, points, cells, c, scratch)
  return sum
}

export function nonFinite(what: string, { mesh, nodes, problem }: Space, index: number): FaultError {
  const node = index % nodes
  const { name } = problem.system.components[Math.floor(index / nodes)]
  const place = Array.from({ length: mesh.dimension }, (_, a) => `${'xyz'[a]} = ${Number(mesh.points[node * mesh.dimension + a].toPrecision(6))}`).join(', ')
  return new FaultError(error('non-finite', `${what} of ${name} is not a finite number at ${place}.`, { where: { path: 'problem' }, tip: 'Check the expression there: a division by zero, a logarithm or a root of a negative number.' }))
}

/** Components of steady statements that occur by their derivatives only and that no condition fixes: a constant can be added. */
export function floatingComponents({ pieces, axes, system }: AnalysedProblem, { rows, jets }: WeakForm): number[] {
  return jets.flatMap(([value], c) => {
    if (rows[c].rate || rows.some(row => [...row.flux, row.rest].some(e => freeNames(e).has(value)))) return []
    if (pieces.some(piece => piece.component === c && (piece.kind === 'dirichlet' || !isNumber(piece.value, 0)))) return []
    return axes.length > 0 && system.components.length > c ? [c] : []
  })
}

/** Boundary facets with the same conditions: ∂ₙu or the traction of every component where a condition tells it, and whether its value is given. */
export interface BoundaryGroup {
  readonly pieces: { readonly conditions: readonly NaturalCondition[]; readonly isGiven: readonly boolean[] }
  readonly places: Place[]
}

export function boundaryConditions({ form, problem, boundary }: Space): BoundaryGroup[] {
  const numbers = new Map<BoundaryPiece | undefined, number>([[undefined, -1]])
  problem.pieces.forEach((piece, i) => numbers.set(piece, i))
  const groups = new Map<string, BoundaryGroup>()
  for (const { cell, local, pieces } of boundary) {
    const key = pieces.map(piece => numbers.get(piece)).join(' ')
    let group = groups.get(key)
    if (!group) {
      const conditions = pieces.map((piece, c) => naturalCondition(piece, c, form.jets.map(list => list[0])))
      groups.set(key, (group = { pieces: { conditions, isGiven: pieces.map(piece => piece?.kind === 'dirichlet') }, places: [] }))
    }
    group.places.push({ cell, local })
  }
  return [...groups.values()]
}

/** The integrands of ∮ F·n v, by groups of facets. */
function boundaryGroups(space: Space): { integrands: Integrand[]; places: Place[] }[] {
  const { form } = space
  return boundaryConditions(space).flatMap(({ pieces, places }) => {
    const integrands = form.rows.flatMap((_, row) => {
      if (pieces.isGiven[row]) return []
      const flux = boundaryFlux(form, row, pieces.conditions)
      return isNumber(flux, 0) ? [] : [{ row, test: [flux, ...form.jets[0].slice(1).map(() => zero)] }]
    })
    return integrands.length > 0 ? [{ integrands, places }] : []
  })
}

interface GivenValues {
  readonly indices: Int32Array
  evaluate(time: number): Float64Array
  /** The derivative in time, of values that change. */
  slope?(time: number): Float64Array
}

/** Compiled boundary values, one program per piece, at the given nodes; beside a circle at the point on it. */
function givenValues(team: Team, space: Space, curved: readonly CurvedNode[]): GivenValues[] {
  const { mesh, given, nodes } = space
  const { dimension } = mesh
  const lists = new Map<BoundaryPiece, number[]>()
  const targets = new Map(curved.map(({ index, target }) => [index, target]))
  given.forEach((map, c) => map.forEach((piece, node) => {
    const list = lists.get(piece)
    if (list) list.push(c * nodes + node)
    else lists.set(piece, [c * nodes + node])
  }))
  return [...lists].map(([piece, list]) => {
    const indices = Int32Array.from(list)
    const blocks = Array.from({ length: dimension }, (_, axis) => team.arena.from(Float64Array.from(indices, index => targets.get(index)?.[axis] ?? mesh.points[(index % nodes) * dimension + axis])))
    const out = team.arena.f64(indices.length)
    const inputs = Object.fromEntries(blocks.map((block, axis) => ['xyz'[axis], block.pointer]))
    // β u = g.
    const value = isNumber(piece.value, 1) ? piece.data : { kind: 'binary' as const, operator: '/' as const, left: piece.data, right: piece.value }
    const compiled = (expression: Expression): ((time: number) => Float64Array) => {
      const program = createPointwise(team, [expression], inputs, ['t'], [out.pointer])
      return time => {
        program.run(0, indices.length, [time])
        return out.view()
      }
    }
    return { indices, evaluate: compiled(value), ...(freeNames(value).has('t') && { slope: compiled(simplify(differentiate(value, 't'))) }) }
  })
}
