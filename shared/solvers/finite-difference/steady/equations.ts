import { add, constantNames, differentiate, evaluate, freeNames, isNumber, multiply, name, number, simplify, zero } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import { FaultError } from '../../../fault'
import type { Block, Pointer, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { notFinite } from '../../multigrid/sample'
import { coordinateArrays } from '../../time/grid'
import { createPointwise } from '../../time/pointwise'
import type { JetOperators } from '../jets/interface'

/**
 * The discrete equations of a steady system: row(x, jets(u)) = 0 at every node of the domain where the component is not given by a Dirichlet condition.
 * Arrays over nodes are `[component, z, y, x]`; vectors of unknowns are compact, all components of a node together.
 */
export interface SystemEquations {
  readonly operators: JetOperators
  /** Number of unknowns and of equations. */
  readonly unknowns: number
  /** Index of an unknown by component · nodes + node; −1 where it is given or outside the domain. */
  readonly unknownOf: Int32Array
  /** By unknown: component · nodes + node, and the row of the system that is its equation. */
  readonly placeOf: Int32Array
  readonly rowOf: Uint8Array
  /** ∂row/∂jet where it is not zero. */
  readonly terms: readonly EquationTerm[]
  /** No coefficient depends on the solution. */
  readonly linear: boolean
  /** Factors of the equations: relative control volumes (a half at sides, a quarter at edges, …), which keep symmetric operators symmetric. May be changed in place between solves. */
  readonly weights: Block
  /** out[unknown] ← weight · row(x, jets(state)), with `state` over all nodes and its Dirichlet values imposed. */
  residual(state: Block, out: Block): void
  /** Evaluates the coefficients at the state of the last `residual`. */
  updateCoefficients(): void
  /** out ← J x for vectors of unknowns, with the coefficients of the last `updateCoefficients`: the difference formulas applied to x, without a matrix. */
  applyJacobian(x: Pointer, out: Pointer): void
  /** From now on r ← r − w Σr/Σw (w: |weights|) in `residual` and `applyJacobian`: for problems that fix their solution up to a constant. Returns Σr/Σw of the last residual. */
  project(): () => number
  /** Throws FaultError `non-finite` for a coefficient or an equation that is not finite at the state of the last `residual`, with the place. */
  checkFinite(): void
}

export interface EquationTerm {
  readonly row: number
  readonly jet: number
  readonly coefficient: Expression
  /** One number, or one per node (valid after `updateCoefficients`). */
  readonly constant?: number
  readonly values?: Block
}

export function createSystemEquations(problem: AnalysedProblem, operators: JetOperators, team: Team, libm: Libm): SystemEquations {
  const { system } = problem
  const { nodes, jets, active, fixed, grid } = operators
  const { arena } = team
  const components = system.components.length
  const isZeroOrder = (j: number): boolean => jets[j].orders.every(m => m === 0)

  const unknownOf = new Int32Array(components * nodes).fill(-1)
  const isGiven = fixed.map(({ nodes: list }) => new Set(list))
  const place: number[] = []
  const row: number[] = []
  // Where one component has two conditions and another none, the equation of the first is still to be satisfied there: it determines the second (vorticity at a wall).
  const spare = sparedRows(operators)
  for (let node = 0; node < nodes; node++) {
    if (active[node] === 0) continue
    for (let c = 0; c < components; c++) {
      if (isGiven[c].has(node)) continue
      unknownOf[c * nodes + node] = place.length
      place.push(c * nodes + node)
      row.push(spare(c, node))
    }
  }
  const unknowns = place.length
  const placeOf = Int32Array.from(place)
  const rowOf = Uint8Array.from(row)

  const jetNames = new Set(jets.map(jet => jet.name))
  const derived = system.rows.flatMap(({ expression }, i) => jets.map((jet, j) => ({ row: i, jet: j, coefficient: simplify(differentiate(expression, jet.name)) }))).filter(({ coefficient }) => !isNumber(coefficient, 0))
  const linear = derived.every(({ coefficient }) => ![...freeNames(coefficient).keys()].some(name => jetNames.has(name)))
  const terms = derived.map((term): EquationTerm => {
    const constant = [...freeNames(term.coefficient).keys()].every(name => constantNames.has(name))
    return constant ? { ...term, constant: evaluate(term.coefficient, {}, libm) } : { ...term, values: arena.f64(nodes) }
  })

  // Inputs of the compiled rows: coordinates, derivatives, and the state itself where a jet has order 0.
  const expressions = system.rows.map(r => r.expression)
  const used = new Set([...expressions, ...derived.map(term => term.coefficient)].flatMap(e => [...freeNames(e).keys()]))
  const coordinates = coordinateArrays(team, grid, used)
  const blocks = jets.map((_, j) => (isZeroOrder(j) ? undefined : arena.f64(nodes)))
  const results = arena.f64(components * nodes)
  const inputs: Record<string, number> = Object.fromEntries([
    ...Object.entries(coordinates).map(([name, block]) => [name, block.pointer] as const),
    ...jets.map((jet, j) => [jet.name, blocks[j]?.pointer ?? results.pointer] as const),
  ])
  const program = (list: readonly Expression[], outputs: readonly number[]) => {
    const names = new Set(list.flatMap(e => [...freeNames(e).keys()]))
    return createPointwise(team, list, Object.fromEntries(Object.entries(inputs).filter(([name]) => names.has(name))), ['t'], outputs)
  }
  const evaluateRows = program(expressions, expressions.map((_, i) => results.pointer + 8 * i * nodes))
  const varying = terms.filter(term => term.values)
  const evaluateTerms = varying.length > 0 ? program(varying.map(term => term.coefficient), varying.map(term => term.values!.pointer)) : undefined
  // Where in `results` the equation of each unknown stands.
  const gather = arena.bytes(4 * Math.max(1, unknowns))
  new Int32Array(arena.memory.buffer, gather, unknowns).set(placeOf.map((at, i) => rowOf[i] * nodes + (at % nodes)))
  const weights = arena.f64(Math.max(1, unknowns))
  fillWeights(weights.view(), placeOf, operators)
  let last: Block | undefined

  /** Σ coefficient · jet, with coefficients that vary from node to node as inputs of their own. */
  const linearised = system.rows.map((_, row) => terms.filter(term => term.row === row).reduce<Expression>((sum, term) => {
    const factor: Expression = term.constant !== undefined ? number(term.constant) : name(coefficientName(term))
    return add(sum, multiply(factor, name(jets[term.jet].name)))
  }, zero))
  let product: ((x: Pointer, out: Pointer) => void) | undefined
  const makeProduct = (): ((x: Pointer, out: Pointer) => void) => {
    const moved = arena.f64(components * nodes)
    const places = arena.bytes(4 * Math.max(1, unknowns))
    new Int32Array(arena.memory.buffer, places, unknowns).set(placeOf)
    for (const term of terms) if (term.values) inputs[coefficientName(term)] = term.values.pointer
    const run = program(linearised, linearised.map((_, i) => results.pointer + 8 * i * nodes))
    jets.forEach((jet, j) => isZeroOrder(j) && run.bindInput(jet.name, moved.pointer + 8 * jet.component * nodes))
    return (x, out) => {
      team.parallel('stencil.place', 0, unknowns, [places, x, moved.pointer], { grain: 4096 })
      operators.evaluateHomogeneous(moved, blocks)
      run.run(0, nodes, [0])
      team.parallel('stencil.gather', 0, unknowns, [gather, results.pointer, weights.pointer, out], { grain: 4096 })
      if (balance) balance(out)
    }
  }
  let balance: ((r: Pointer) => number) | undefined
  let excess = 0

  return {
    operators, unknowns, unknownOf, placeOf, rowOf, terms, linear, weights,
    residual(state, out) {
      last = state
      operators.evaluate(state, 0, blocks)
      jets.forEach((jet, j) => {
        if (!isZeroOrder(j)) return
        evaluateRows.bindInput(jet.name, state.pointer + 8 * jet.component * nodes)
      })
      evaluateRows.run(0, nodes, [0])
      team.parallel('stencil.gather', 0, unknowns, [gather, results.pointer, weights.pointer, out.pointer], { grain: 4096 })
      if (balance) excess = balance(out.pointer)
    },
    applyJacobian: (x, out) => (product ??= makeProduct())(x, out),
    project() {
      const measures = arena.from(weights.view().map(Math.abs))
      const total = measures.view().reduce((a, b) => a + b, 0)
      balance = r => {
        const mean = team.reduce('vectors.sum', 0, unknowns, [r], { block: 16384 }) / total
        team.parallel('vectors.axpy', 0, unknowns, [-mean, measures.pointer, r], { grain: 4096 })
        return mean
      }
      return () => excess
    },
    updateCoefficients() {
      if (!evaluateTerms) return
      jets.forEach((jet, j) => {
        if (isZeroOrder(j) && last) evaluateTerms.bindInput(jet.name, last.pointer + 8 * jet.component * nodes)
      })
      evaluateTerms.run(0, nodes, [0])
    },
    checkFinite() {
      const dimensions = grid.axes.length
      const complain = (what: string, e: Expression, values: Float64Array, isUsed: (node: number) => boolean): void => {
        const node = values.findIndex((value, n) => !Number.isFinite(value) && isUsed(n))
        if (node >= 0) throw new FaultError(notFinite(what, e, values[node], pointAt(operators, node), dimensions))
      }
      const holds = system.rows.map((_, i) => new Set<number>(Array.from(placeOf, (at, u) => (rowOf[u] === i ? at % nodes : -1))))
      for (const { row, jet, coefficient, values } of terms) {
        const what = jets[jet].name === problem.unknown ? 'the unknown' : jets[jet].name
        if (values) complain(`coefficient of ${what}`, coefficient, values.view(), node => holds[row].has(node))
      }
      const view = results.view()
      system.rows.forEach((r, i) => complain('difference of both sides of the equation', r.expression, view.subarray(i * nodes, (i + 1) * nodes), node => holds[i].has(node)))
    },
  }
}

function pointAt({ grid }: JetOperators, node: number): Record<string, number> {
  let rest = node
  return Object.fromEntries(grid.axes.map(axis => {
    const index = rest % axis.coordinates.length
    rest = Math.floor(rest / axis.coordinates.length)
    return [axis.name, axis.coordinates[index]]
  }))
}

const coefficientName = ({ row, jet }: EquationTerm): string => `coefficient_${row}_${jet}`

/** The row of the system that stands for component c at a node. */
function sparedRows({ fixed, sloped, unconditioned }: JetOperators): (c: number, node: number) => number {
  const donors = sloped.map(list => new Set(list))
  const given = fixed.map(({ nodes }) => new Set(nodes))
  const lacking = unconditioned.map(list => new Set(list))
  return (c, node) => {
    if (!lacking[c].has(node)) return c
    const donor = donors.findIndex((set, d) => d !== c && set.has(node) && given[d].has(node))
    return donor >= 0 ? donor : c
  }
}

/** A half for each bounded axis at whose end the node lies. */
function fillWeights(weights: Float64Array, placeOf: Int32Array, { grid, nodes }: JetOperators): void {
  const shape = grid.axes.map(axis => axis.coordinates.length)
  placeOf.forEach((at, i) => {
    let rest = at % nodes
    let weight = 1
    grid.axes.forEach((axis, a) => {
      const index = rest % shape[a]
      rest = Math.floor(rest / shape[a])
      if (!axis.periodic && (index === 0 || index === shape[a] - 1)) weight /= 2
    })
    weights[i] = weight
  })
}
