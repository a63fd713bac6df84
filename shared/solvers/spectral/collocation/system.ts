import { differentiate, freeNames, simplify, type Expression } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import type { Grid } from '../../../fields/field'
import { gridShape, gridSize } from '../../../fields/field'
import type { Block, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { isZeroExpression } from '../algebra'
import { coordinateArrays } from '../../time/grid'
import { createPointwise } from '../../time/pointwise'
import { conditionRows, valueAt, type ConditionRow } from './conditions'
import { differentiationMatrices } from './differentiation'

/**
 * A statement collocated on all nodes of a tensor grid: values of every component [component, z, y, x], one equation per value — its row at the node, or a boundary condition.
 * Derivatives are those of the interpolant through all nodes of a line, so the matrices are full along every axis.
 */
export interface CollocationSystem {
  readonly grid: Grid
  readonly size: number
  readonly nodes: number
  /** 1 where the equation is a rate: ∂ₜ value = F; 0 for constraints and boundary conditions: 0 = F. */
  readonly evolves: Uint8Array
  /** 1 where a boundary condition stands. */
  readonly conditioned: Uint8Array
  /** The Jacobian does not change with time (nor, in a linear statement, with the state). */
  readonly constantJacobian: boolean
  /** F at a time. */
  residual(time: number, state: Float64Array): Float64Array
  /** ∂F/∂state, row-major into `matrix` (size²). */
  jacobian(time: number, state: Float64Array, matrix: Float64Array): void
  initial(time: number): Float64Array
}

export function createCollocationSystem(problem: AnalysedProblem, grid: Grid, team: Team, libm: Libm): CollocationSystem {
  const { arena } = team
  const { system } = problem
  const shape = gridShape(grid)
  const nodes = gridSize(grid)
  const count = system.components.length
  const size = count * nodes
  const highest = grid.axes.map((_, a) => Math.max(1, ...system.jet.map(entry => entry.orders[a])))
  const matrices = grid.axes.map((axis, a) => differentiationMatrices(axis, highest[a], libm))
  const strides = shape.map((_, a) => shape.slice(0, a).reduce((n, m) => n * m, 1))
  const conditions = conditionRows(problem, grid, libm)
  const conditionAt = new Map(conditions.map(row => [row.component * nodes + row.node, row]))
  const evolves = Uint8Array.from({ length: size }, (_, i) => (system.rows[Math.floor(i / nodes)].kind === 'rate' && !conditionAt.has(i) ? 1 : 0))

  const expressions = system.rows.map(row => row.expression)
  const names = new Set(expressions.flatMap(e => [...freeNames(e).keys()]))
  const jets = system.jet.filter(entry => names.has(entry.name)).map(entry => ({ ...entry, block: arena.f64(nodes) }))
  const slopes = expressions.flatMap((expression, row) => jets.flatMap(jet => {
    const slope = freeNames(expression).has(jet.name) ? simplify(differentiate(expression, jet.name)) : undefined
    return slope && !isZeroExpression(slope) ? [{ row, jet, slope }] : []
  }))
  const initials = system.initial.map(e => e ?? { kind: 'number', value: 0 } as Expression)
  const coordinates = coordinateArrays(team, grid, new Set([...names, ...initials.flatMap(e => [...freeNames(e).keys()])]))
  const program = (list: readonly Expression[]): { readonly outputs: readonly Block[]; run(time: number): void } => {
    const used = new Set(list.flatMap(e => [...freeNames(e).keys()]))
    const inputs = [...Object.entries(coordinates).map(([name, block]) => [name, block.pointer] as const), ...jets.map(jet => [jet.name, jet.block.pointer] as const)].filter(([name]) => used.has(name))
    const outputs = list.map(() => arena.f64(nodes))
    const pointwise = createPointwise(team, list, Object.fromEntries(inputs), ['t'], outputs.map(block => block.pointer))
    return { outputs, run: time => pointwise.run(0, nodes, [time]) }
  }
  const rowProgram = program(expressions)
  const slopeProgram = program(slopes.map(({ slope }) => slope))
  const initialProgram = program(initials)

  const evaluateJets = (state: Float64Array): void => {
    for (const { component, orders, block } of jets) {
      let values: Float64Array = state.subarray(component * nodes, (component + 1) * nodes)
      shape.forEach((_, a) => {
        if (orders[a] > 0) values = alongAxis(values, matrices[a][orders[a]], shape, strides, a)
      })
      block.view().set(values)
    }
  }
  /** Σ over traces of (α ∂ₙu + β u + …) − g and its row of the Jacobian. */
  const condition = ({ component, traces }: ConditionRow, time: number, state: Float64Array, row?: Float64Array): number => {
    let total = 0
    for (const { piece, node, axis, end } of traces) {
      const [normal, value, data] = [piece.normal, piece.value, piece.data].map(e => valueAt(e, grid, node, time, libm))
      const add = (at: number, weight: number): void => {
        total += weight * state[at]
        if (row) row[at] += weight
      }
      add(component * nodes + node, value)
      for (const { component: other, value: factor } of piece.coupled ?? []) add(other * nodes + node, valueAt(factor, grid, node, time, libm))
      if (normal !== 0) {
        const n = shape[axis]
        const here = end === 'lower' ? 0 : n - 1
        const sign = end === 'lower' ? -normal : normal
        for (let j = 0; j < n; j++) add(component * nodes + node + (j - here) * strides[axis], sign * matrices[axis][1][here * n + j])
      }
      total -= data
    }
    return total
  }
  return {
    grid, size, nodes, evolves, conditioned: Uint8Array.from({ length: size }, (_, i) => (conditionAt.has(i) ? 1 : 0)),
    constantJacobian: problem.properties.linear && ![...slopes.map(({ slope }) => slope), ...problem.pieces.flatMap(piece => [piece.normal, piece.value])].some(e => freeNames(e).has('t')),
    residual(time, state) {
      evaluateJets(state)
      rowProgram.run(time)
      const out = new Float64Array(size)
      rowProgram.outputs.forEach((block, row) => out.set(block.view(), row * nodes))
      for (const row of conditions) out[row.component * nodes + row.node] = condition(row, time, state)
      return out
    },
    jacobian(time, state, matrix) {
      evaluateJets(state)
      slopeProgram.run(time)
      matrix.fill(0)
      slopes.forEach(({ row, jet }, k) => {
        const factors = slopeProgram.outputs[k].view()
        for (let node = 0; node < nodes; node++) {
          const at = row * nodes + node
          if (conditionAt.has(at) || factors[node] === 0) continue
          spread(matrix, at * size + jet.component * nodes, node, factors[node], jet.orders)
        }
      })
      for (const row of conditions) condition(row, time, state, matrix.subarray((row.component * nodes + row.node) * size, (row.component * nodes + row.node + 1) * size))
    },
    initial(time) {
      initialProgram.run(time)
      const state = new Float64Array(size)
      initialProgram.outputs.forEach((block, component) => state.set(block.view(), component * nodes))
      return state
    },
  }

  /** matrix[from + q] += factor · (∂^orders)_{node, q}. */
  function spread(matrix: Float64Array, from: number, node: number, factor: number, orders: readonly number[]): void {
    const descend = (a: number, at: number, weight: number): void => {
      if (a === shape.length) {
        matrix[at] += weight
        return
      }
      const n = shape[a]
      const i = Math.floor(node / strides[a]) % n
      if (orders[a] === 0) return descend(a + 1, at + i * strides[a], weight)
      const row = matrices[a][orders[a]]
      for (let j = 0; j < n; j++) descend(a + 1, at + j * strides[a], weight * row[i * n + j])
    }
    descend(0, from, factor)
  }
}

function alongAxis(values: Float64Array, matrix: Float64Array, shape: readonly number[], strides: readonly number[], axis: number): Float64Array {
  const n = shape[axis]
  const stride = strides[axis]
  const out = new Float64Array(values.length)
  for (let node = 0; node < values.length; node++) {
    const i = Math.floor(node / stride) % n
    const line = node - i * stride
    let sum = 0
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * values[line + j * stride]
    out[node] = sum
  }
  return out
}
