import { freeNames } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import type { Grid } from '../../../fields/field'
import type { Block, Pointer, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { storedComponents } from '../../time/request'
import type { JetOperators } from '../jets/interface'
import { createJetOperators } from '../jets/operators'
import { createSweep } from '../jets/sweep'

/**
 * A system of evolution equations on a grid by the method of lines: ∂ₜu_c = row_c(x, t, jets) at every node of the domain, jets by differences of order 2 or 4. States are
 * `[component, z, y, x]`; nodes outside the domain hold 0. Nodes with a Dirichlet condition follow their data.
 */
export interface JetSystem {
  readonly problem: AnalysedProblem
  readonly grid: Grid
  readonly operators: JetOperators
  /** Nodes of the bounding box, and components. */
  readonly nodes: number
  readonly count: number
  readonly size: number
  readonly initial: Block
  /** Components whose row is a constraint 0 = row. */
  readonly constraints: readonly number[]
  /** Evaluates other expressions over the same names at every node of the domain, in one sweep; one output array of `nodes` values per expression, none of them in the state. */
  evaluator(expressions: readonly Expression[]): (time: number, state: Block, outputs: readonly Pointer[]) => void
  /** The same with all boundary data zero, on vectors by their byte offsets: the linear part of expressions that are linear in the components and jets. Nodes that are prescribed in all components keep what the outputs hold. */
  homogeneous(expressions: readonly Expression[]): (state: Pointer, outputs: readonly Pointer[]) => void
  /** out ← rows at all nodes: ∂ₜ of prescribed values where there are any, 0 outside the domain; the residual in constraint rows, 0 where their component is prescribed. */
  rows(time: number, state: Block, out: Block): void
  /** Prescribed values and zeros outside the domain. */
  impose(time: number, state: Block): void
  /** Zeroes what is prescribed or outside the domain. */
  free(vector: Block): void
  /** The components that are kept (keptComponents) one after the other, NaN outside the domain. */
  nodalValues(state: Block): Float64Array
}

/** What is kept of a state: the declared unknowns' components, then velocities where a conserved quantity is made of them. */
export function keptComponents(problem: AnalysedProblem): number[] {
  const stored = storedComponents(problem)
  const names = new Set(problem.properties.conserved.flatMap(({ density }) => [...freeNames(density).keys()]))
  const { components, jet } = problem.system
  const used = new Set([...components.keys()].filter(c => names.has(components[c].name) || jet.some(entry => entry.component === c && names.has(entry.name))))
  return [...stored, ...[...used].filter(c => !stored.includes(c))]
}

const grain = { grain: 1024 }

export function createJetSystem(problem: AnalysedProblem, grid: Grid, order: 2 | 4, team: Team, libm: Libm, start: number): JetSystem {
  const { arena } = team
  const { system } = problem
  const operators = createJetOperators(problem, grid, order, team, libm)
  const { nodes, active, whole } = operators
  const count = system.components.length
  const size = nodes * count
  const rows = system.rows.map(row => row.expression)
  const initial = arena.f64(size)
  const at = (block: Block, component: number): Pointer => block.pointer + 8 * nodes * component
  const constraints = system.rows.flatMap((row, c) => (row.kind === 'constraint' ? [c] : []))
  const indices = (list: readonly number[]): { readonly count: number; readonly pointer: Pointer; readonly zeros: Pointer } => {
    const pointer = arena.bytes(4 * Math.max(1, list.length))
    new Int32Array(arena.memory.buffer, pointer, list.length).set(list)
    return { count: list.length, pointer, zeros: arena.f64(Math.max(1, list.length)).pointer }
  }
  const outsideNodes = whole ? [] : [...active.keys()].filter(node => active[node] === 0)
  const all = (list: readonly number[]): number[] => system.components.flatMap((_, c) => list.map(node => c * nodes + node))
  const outside = indices(all(outsideNodes))
  const prescribed = indices([...all(outsideNodes), ...operators.fixed.flatMap((fixed, c) => [...fixed.nodes].map(node => c * nodes + node))])
  const fixedConstraints = indices(constraints.flatMap(c => [...operators.fixed[c].nodes].map(node => c * nodes + node)))
  const zero = ({ count: n, pointer, zeros }: typeof outside, block: Block): void => {
    if (n > 0) team.parallel('stepping.scatter', 0, n, [pointer, zeros, block.pointer], grain)
  }

  const setting = { grid, components: system.components.map(({ name }) => name), jets: operators.sweepJets, ...(whole ? {} : { active }) }
  const evaluator = (expressions: readonly Expression[], without?: readonly number[]): ((time: number, state: Block, outputs: readonly Pointer[]) => void) => {
    const sweep = createSweep(setting, expressions, team, without)
    return (time, state, outputs) => sweep.run(time, state.pointer, sweep.readsSlots ? operators.slotValues(state, time).pointer : 0, outputs)
  }
  // Nodes where all components are prescribed need no rows.
  const [given, ...others] = operators.fixed.map(({ nodes: list }) => list)
  const elsewhere = others.map(list => new Set(list))
  const prescribedInAll = [...given].filter(node => elsewhere.every(list => list.has(node)))
  const evaluateRows = evaluator(rows, prescribedInAll)
  const noData = arena.f64(Math.max(1, operators.data.slots)).pointer
  const impose = (time: number, state: Block): void => {
    operators.imposeDirichlet(state, time)
    zero(outside, state)
  }

  const started = [...system.initial.entries()].flatMap(([c, expression]) => (expression ? [{ c, expression }] : []))
  createSweep({ grid, components: [], jets: [] }, started.map(({ expression }) => expression), team).run(start, 0, 0, started.map(({ c }) => at(initial, c)))
  impose(start, initial)

  const stored = keptComponents(problem)
  return {
    problem, grid, operators, nodes, count, size, initial, constraints, evaluator, impose,
    homogeneous(expressions) {
      const sweep = createSweep(setting, expressions, team, prescribedInAll)
      return (state, outputs) => sweep.run(0, state, noData, outputs)
    },
    rows(time, state, out) {
      evaluateRows(time, state, system.components.map((_, c) => at(out, c)))
      operators.imposeRates(out, time)
      zero(outside, out)
      zero(fixedConstraints, out)
    },
    free: vector => zero(prescribed, vector),
    nodalValues(state) {
      const view = state.view()
      const values = new Float64Array(stored.length * nodes)
      stored.forEach((c, k) => values.set(view.subarray(c * nodes, (c + 1) * nodes), k * nodes))
      for (let k = 0; k < stored.length; k++) for (const node of outsideNodes) values[k * nodes + node] = NaN
      return values
    },
  }
}
