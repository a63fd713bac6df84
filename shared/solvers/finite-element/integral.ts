import type { Expression } from '../../expressions/ast'
import { constantNames, evaluate, freeNames, isNumber } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { barycentricGradients, simplexEdges, simplexFacets, simplexRule, type SimplexRule } from '../../fields/mesh-element'
import { nodesPerCell } from '../../fields/mesh'
import type { Block, Team } from '../../kernels/team'
import { createPointwise, type Pointwise } from '../time/pointwise'
import type { SparseMatrix } from '../linear/sparse'
import { placeOf } from './pattern'
import type { Space } from './space'
import { createTable, embedded, facetRule, type Table } from './tables'
import { jacobianOf, normalNames, type Integrand, type JacobianEntry, type WeakForm, type WeakRow } from './weak-form'

/** Where an integral is taken: a whole cell (local −1) or one of its facets. */
export interface Place {
  readonly cell: number
  readonly local: number
}

/** Quadrature points worked on at once: the arrays stay in the cache. */
const chunkPoints = 8192

/** One evaluated expression: a constant or an array in the arena. */
interface Value {
  readonly constant: number
  readonly block?: Block
}

/**
 * Σ over places of ∫ Σ_s D_s v · e_s for the integrands e of some rows, and its derivative by the coefficients of u. Expressions are evaluated at all quadrature points of a chunk of places by compiled programs.
 */
export class Integral {
  private readonly rule: SimplexRule
  private readonly tables: readonly Table[]
  private readonly inputs = new Map<string, Block>()
  private readonly jacobian: readonly JacobianEntry[]
  private readonly points: number
  private readonly perChunk: number
  private readonly residualValues: readonly Value[][]
  private readonly jacobianValues: readonly Value[]
  private readonly programs: { readonly residual?: Pointwise; readonly jacobian?: Pointwise }
  private readonly gradients: Float64Array
  private readonly functions: (Float64Array | undefined)[] = []
  /** Second derivatives that occur: they are constant on a cell. */
  private readonly second: WeakRow['second']

  constructor(
    team: Team, private readonly space: Space, private readonly integrands: readonly Integrand[], private readonly places: readonly Place[], exactness: 2 | 5, private readonly scalars: readonly string[], libm: Libm,
    inset = 0,
  ) {
    const { form, mesh } = space
    const { dimension } = mesh
    const onFacets = places.length > 0 && places[0].local >= 0
    this.rule = onFacets ? facetRule(dimension, exactness) : simplexRule(dimension, exactness)
    this.points = this.rule.count
    this.perChunk = Math.max(1, Math.min(places.length, Math.floor(chunkPoints / this.points)))
    this.tables = onFacets ? simplexFacets[dimension].map(facet => createTable(space, embedded(this.rule, facet, dimension, inset))) : [createTable(space, this.rule.barycentric)]
    this.jacobian = jacobianOf(form, integrands)
    this.gradients = new Float64Array(this.perChunk * (dimension + 1) * dimension)
    const capacity = this.perChunk * this.points
    const all = [...integrands.flatMap(i => i.test), ...this.jacobian.map(j => j.expression)]
    const names = new Set(all.flatMap(e => [...freeNames(e).keys()]))
    this.second = uniqueSecond(form).filter(jet => names.has(jet.name))
    const offered = ['x', 'y', 'z'].slice(0, dimension).concat(normalNames.slice(0, onFacets ? dimension : 0), form.jets.flat(), this.second.map(jet => jet.name))
    for (const offer of offered) if (names.has(offer)) this.inputs.set(offer, team.arena.f64(capacity))
    const output = (e: Expression): Value => {
      if (isNumber(e, 0)) return { constant: 0 }
      if ([...freeNames(e).keys()].every(n => constantNames.has(n) && !scalars.includes(n))) return { constant: evaluate(e, {}, libm) }
      return { constant: NaN, block: team.arena.f64(capacity) }
    }
    this.residualValues = integrands.map(i => i.test.map(output))
    this.jacobianValues = this.jacobian.map(j => output(j.expression))
    const pointers = Object.fromEntries([...this.inputs].map(([n, block]) => [n, block.pointer]))
    const compile = (expressions: readonly Expression[], values: readonly Value[]): Pointwise | undefined => {
      const used = expressions.map((expression, i) => ({ expression, block: values[i].block })).filter(u => u.block)
      return used.length === 0 ? undefined : createPointwise(team, used.map(u => u.expression), pointers, scalars, used.map(u => u.block!.pointer))
    }
    this.programs = { residual: compile(integrands.flatMap(i => i.test), this.residualValues.flat()), jacobian: compile(this.jacobian.map(j => j.expression), this.jacobianValues) }
  }

  /** Which rows depend on which components. */
  couplings(): readonly { readonly row: number; readonly component: number }[] {
    return this.jacobian
  }

  /** Whether nothing here depends on u (or on the scalars): the derivative is the same in every step. */
  get isLinear(): boolean {
    return this.jacobian.every(({ expression }) => [...freeNames(expression).keys()].every(n => !this.space.form.jets.flat().includes(n) && !this.scalars.includes(n)))
  }

  /** Adds the integrals to `residual` (one per unknown, all test functions of given nodes left out) and the derivatives to the matrix' values. */
  add(u: Float64Array, scalarValues: readonly number[], residual: Float64Array | undefined, matrix: SparseMatrix | undefined): void {
    const starts = matrix?.starts()
    const columns = matrix?.columnNumbers()
    const values = matrix?.values.view()
    for (let from = 0; from < this.places.length; from += this.perChunk) {
      const count = Math.min(this.perChunk, this.places.length - from)
      const weights = this.fill(u, from, count)
      if (residual) {
        this.programs.residual?.run(0, count * this.points, scalarValues)
        this.addResidual(from, count, weights, residual)
      }
      if (matrix) {
        this.programs.jacobian?.run(0, count * this.points, scalarValues)
        this.addJacobian(from, count, weights, starts!, columns!, values!)
      }
    }
  }

  /** ∫ of the value part of the first integrand, and of its absolute value. */
  total(u: Float64Array, scalarValues: readonly number[]): { readonly sum: number; readonly size: number } {
    const [value] = this.residualValues[0]
    let [sum, size] = [0, 0]
    for (let from = 0; from < this.places.length; from += this.perChunk) {
      const count = Math.min(this.perChunk, this.places.length - from)
      const measures = this.fill(u, from, count)
      this.programs.residual?.run(0, count * this.points, scalarValues)
      const array = value.block?.view()
      for (let k = 0; k < count; k++) {
        for (let p = 0; p < this.points; p++) {
          const part = measures[k] * this.rule.weights[p] * (array ? array[k * this.points + p] : value.constant)
          sum += part
          size += Math.abs(part)
        }
      }
    }
    return { sum, size }
  }

  /** The values of all integrands at all quadrature points, `[place, point]` each, with the measure of every place; for integrands of few places or much memory. */
  values(u: Float64Array, scalarValues: readonly number[]): { readonly columns: readonly Float64Array[]; readonly measures: Float64Array; readonly rule: SimplexRule } {
    const flat = this.residualValues.flat()
    const columns = flat.map(() => new Float64Array(this.places.length * this.points))
    const measures = new Float64Array(this.places.length)
    for (let from = 0; from < this.places.length; from += this.perChunk) {
      const count = Math.min(this.perChunk, this.places.length - from)
      measures.set(this.fill(u, from, count), from)
      this.programs.residual?.run(0, count * this.points, scalarValues)
      flat.forEach((value, i) => {
        if (value.block) columns[i].set(value.block.view().subarray(0, count * this.points), from * this.points)
        else columns[i].fill(value.constant, from * this.points, (from + count) * this.points)
      })
    }
    return { columns, measures, rule: this.rule }
  }

  private tableOf(place: Place): Table {
    return this.tables[place.local < 0 ? 0 : place.local]
  }

  /** Geometry and inputs of a chunk; returns the measure of every place. */
  private fill(u: Float64Array, from: number, count: number): Float64Array {
    const { mesh, domain, nodes, form } = this.space
    const { dimension } = mesh
    const corners = dimension + 1
    const perCell = nodesPerCell(mesh)
    const { points, gradients } = this
    const measures = new Float64Array(count)
    const gradient = new Float64Array(12)
    const normal = new Float64Array(3)
    const coordinates = ['x', 'y', 'z'].slice(0, dimension).map(n => this.inputs.get(n)?.view())
    const normals = normalNames.slice(0, dimension).map(n => this.inputs.get(n)?.view())
    const jets = form.jets.map(list => list.map(n => this.inputs.get(n)?.view()))
    for (let k = 0; k < count; k++) {
      const place = this.places[from + k]
      const table = this.tableOf(place)
      const volume = barycentricGradients(dimension, domain.points, domain.cells, place.cell * corners, gradient)
      gradients.set(gradient.subarray(0, corners * dimension), k * corners * dimension)
      measures[k] = volume
      if (place.local >= 0) {
        let square = 0
        for (let axis = 0; axis < dimension; axis++) square += gradient[place.local * dimension + axis] ** 2
        const length = Math.sqrt(square)
        // Facet = d · volume / height, and the height over it is 1/|∇λ|.
        measures[k] = dimension * volume * length
        for (let axis = 0; axis < dimension; axis++) normal[axis] = -gradient[place.local * dimension + axis] / length
      }
      for (let p = 0; p < points; p++) {
        const at = k * points + p
        for (let axis = 0; axis < dimension; axis++) {
          const out = coordinates[axis]
          if (out) {
            let sum = 0
            for (let i = 0; i < corners; i++) sum += table.barycentric[p * corners + i] * domain.points[domain.cells[place.cell * corners + i] * dimension + axis]
            out[at] = sum
          }
          const across = normals[axis]
          if (across) across[at] = normal[axis]
        }
      }
      for (let c = 0; c < jets.length; c++) {
        const functions = this.space.nodesPerCell[c]
        const degree = functions > corners ? 1 : 0
        const value = jets[c][0]
        const derivatives = jets[c].slice(1)
        const wantsSlopes = derivatives.some(Boolean)
        if (!value && !wantsSlopes) continue
        for (let p = 0; p < points; p++) {
          const at = k * points + p
          if (value) {
            let sum = 0
            for (let a = 0; a < functions; a++) sum += table.values[degree][p * functions + a] * u[c * nodes + mesh.cells[place.cell * perCell + a]]
            value[at] = sum
          }
          if (!wantsSlopes) continue
          // ∂u/∂λ_i first, then along the axes.
          const slopes = table.slopes[degree]
          for (let axis = 0; axis < dimension; axis++) if (derivatives[axis]) derivatives[axis]![at] = 0
          for (let i = 0; i < corners; i++) {
            let sum = 0
            for (let a = 0; a < functions; a++) sum += slopes[(p * functions + a) * corners + i] * u[c * nodes + mesh.cells[place.cell * perCell + a]]
            for (let axis = 0; axis < dimension; axis++) if (derivatives[axis]) derivatives[axis]![at] += sum * gradient[i * dimension + axis]
          }
        }
      }
    }
    for (const jet of this.second) this.fillSecond(u, from, count, jet)
    return measures
  }

  /** ∂ₚ∂_q u on every cell of the chunk: Σ_a u_a Σ_ij ∂²φ_a/∂λ_i∂λ_j ∂ₚλ_i ∂_qλ_j; zero for degree 1. */
  private fillSecond(u: Float64Array, from: number, count: number, { name, component, p, q }: WeakRow['second'][number]): void {
    const { mesh, nodes } = this.space
    const { dimension } = mesh
    const corners = dimension + 1
    const perCell = nodesPerCell(mesh)
    const out = this.inputs.get(name)!.view()
    const quadratic = this.space.nodesPerCell[component] > corners
    for (let k = 0; k < count; k++) {
      let sum = 0
      if (quadratic) {
        const at = this.places[from + k].cell * perCell
        const slope = (i: number, axis: number): number => this.gradients[(k * corners + i) * dimension + axis]
        for (let i = 0; i < corners; i++) sum += 4 * u[component * nodes + mesh.cells[at + i]] * slope(i, p) * slope(i, q)
        simplexEdges[dimension].forEach(([i, j], e) => (sum += 4 * u[component * nodes + mesh.cells[at + corners + e]] * (slope(i, p) * slope(j, q) + slope(j, p) * slope(i, q))))
      }
      out.fill(sum, k * this.points, (k + 1) * this.points)
    }
  }

  /** Whether a component has functions of degree 2. */
  private degreeOf(component: number): 0 | 1 {
    return this.space.nodesPerCell[component] > this.space.mesh.dimension + 1 ? 1 : 0
  }

  /** D_s φ_a of one degree at all points of the chunk: `[place, point, node, s]`, s = 0 the value. */
  private testFunctions(degree: 0 | 1, from: number, count: number): Float64Array {
    const { dimension } = this.space.mesh
    const corners = dimension + 1
    const { gradients, points } = this
    const functions = this.tables[0].values[degree].length / points
    const width = functions * corners
    const out = (this.functions[degree] ??= new Float64Array(this.perChunk * points * width))
    for (let k = 0; k < count; k++) {
      const table = this.tableOf(this.places[from + k])
      const values = table.values[degree]
      const slopes = table.slopes[degree]
      for (let p = 0; p < points; p++) {
        const at = (k * points + p) * width
        for (let a = 0; a < functions; a++) {
          out[at + a * corners] = values[p * functions + a]
          for (let axis = 0; axis < dimension; axis++) {
            let sum = 0
            for (let i = 0; i < corners; i++) sum += slopes[(p * functions + a) * corners + i] * gradients[(k * corners + i) * dimension + axis]
            out[at + a * corners + 1 + axis] = sum
          }
        }
      }
    }
    return out
  }

  private addResidual(from: number, count: number, measures: Float64Array, residual: Float64Array): void {
    const { mesh, nodes, unknownOf } = this.space
    const corners = mesh.dimension + 1
    const perCell = nodesPerCell(mesh)
    const { points } = this
    const { weights } = this.rule
    const local = new Float64Array(10)
    const ready: (Float64Array | undefined)[] = []
    this.integrands.forEach(({ row }, n) => {
      const terms = this.residualValues[n].map((value, s) => ({ s, constant: value.constant, array: value.block?.view() })).filter(t => t.array || t.constant !== 0)
      if (terms.length === 0) return
      const degree = this.degreeOf(row)
      const test = (ready[degree] ??= this.testFunctions(degree, from, count))
      const functions = this.space.nodesPerCell[row]
      const width = functions * corners
      for (let k = 0; k < count; k++) {
        local.fill(0)
        for (let p = 0; p < points; p++) {
          const point = k * points + p
          const weight = measures[k] * weights[p]
          for (let t = 0; t < terms.length; t++) {
            const { s, constant, array } = terms[t]
            const e = weight * (array ? array[point] : constant)
            for (let a = 0; a < functions; a++) local[a] += e * test[point * width + a * corners + s]
          }
        }
        const at = this.places[from + k].cell * perCell
        for (let a = 0; a < functions; a++) {
          const unknown = unknownOf[row * nodes + mesh.cells[at + a]]
          if (unknown >= 0) residual[unknown] += local[a]
        }
      }
    })
  }

  private addJacobian(from: number, count: number, measures: Float64Array, starts: Int32Array, columns: Int32Array, values: Float64Array): void {
    const { mesh, nodes, unknownOf, form } = this.space
    const corners = mesh.dimension + 1
    const perCell = nodesPerCell(mesh)
    const components = form.jets.length
    const { points } = this
    const { weights } = this.rule
    const applied = new Float64Array(10 * 4)
    const local = new Float64Array(10 * 10)
    const ready: (Float64Array | undefined)[] = []
    const functionsOf = (degree: 0 | 1): Float64Array => (ready[degree] ??= this.testFunctions(degree, from, count))
    for (let block = 0; block < components * components; block++) {
      const [row, component] = [Math.floor(block / components), block % components]
      const terms = this.jacobian
        .map((entry, j) => ({ s: entry.test, t: entry.trial, row: entry.row, component: entry.component, constant: this.jacobianValues[j].constant, array: this.jacobianValues[j].block?.view() }))
        .filter(entry => entry.row === row && entry.component === component)
      if (terms.length === 0) continue
      const test = functionsOf(this.degreeOf(row))
      const trial = functionsOf(this.degreeOf(component))
      const [tests, trials] = [this.space.nodesPerCell[row], this.space.nodesPerCell[component]]
      const used = Array.from({ length: corners }, (_, s) => s).filter(s => terms.some(term => term.s === s))
      for (let k = 0; k < count; k++) {
        local.fill(0)
        for (let p = 0; p < points; p++) {
          const point = k * points + p
          const weight = measures[k] * weights[p]
          const [testAt, trialAt] = [point * tests * corners, point * trials * corners]
          applied.fill(0)
          for (let n = 0; n < terms.length; n++) {
            const { s, t, constant, array } = terms[n]
            const e = weight * (array ? array[point] : constant)
            for (let b = 0; b < trials; b++) applied[b * corners + s] += e * trial[trialAt + b * corners + t]
          }
          for (let n = 0; n < used.length; n++) {
            const s = used[n]
            for (let a = 0; a < tests; a++) {
              const v = test[testAt + a * corners + s]
              for (let b = 0; b < trials; b++) local[a * 10 + b] += v * applied[b * corners + s]
            }
          }
        }
        const at = this.places[from + k].cell * perCell
        for (let a = 0; a < tests; a++) {
          const i = unknownOf[row * nodes + mesh.cells[at + a]]
          if (i < 0) continue
          for (let b = 0; b < trials; b++) {
            const j = unknownOf[component * nodes + mesh.cells[at + b]]
            if (j >= 0) values[placeOf(starts, columns, i, j)] += local[a * 10 + b]
          }
        }
      }
    }
  }
}

function uniqueSecond({ rows }: WeakForm): WeakRow['second'] {
  const found = new Map(rows.flatMap(row => row.second.map(jet => [jet.name, jet] as const)))
  return [...found.values()]
}
