import { evaluate, type Expression } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import { error, FaultError } from '../../../fault'
import type { Grid } from '../../../fields/field'
import { gridShape, gridSize } from '../../../fields/field'
import type { AnalysedProblem, BoundaryPiece } from '../../../problems/analysed'

/** A row of the collocation system that a boundary condition takes: Σ over the traces of α ∂ₙu + β u + Σ coupled = g at a boundary node. */
export interface ConditionRow {
  readonly component: number
  /** The node whose equation gives way; the boundary node itself, or its neighbour for a second condition. */
  readonly node: number
  readonly traces: readonly Trace[]
}

interface Trace {
  readonly piece: BoundaryPiece
  /** The boundary node. */
  readonly node: number
  readonly axis: number
  readonly end: 'lower' | 'upper'
}

/** One condition per boundary node and component; two where the component's equation is of fourth order, the second in place of the next node's equation. At corners fixed values go before slopes. */
export function conditionRows(problem: AnalysedProblem, grid: Grid, libm: Libm): ConditionRow[] {
  const shape = gridShape(grid)
  const size = gridSize(grid)
  const strides = shape.map((_, a) => shape.slice(0, a).reduce((n, m) => n * m, 1))
  const rows: ConditionRow[] = []
  problem.system.components.forEach((_, component) => {
    const taken = new Map<number, Trace[]>()
    const second = new Map<number, Trace>()
    const order = problem.system.jet.reduce((most, entry) => (entry.component === component ? Math.max(most, ...entry.orders) : most), 0)
    for (const { axis, end, pieces } of problem.boundary) {
      const own = pieces.filter(piece => piece.component === component)
      if (own.length === 0) continue
      const place = end === 'lower' ? 0 : shape[axis] - 1
      for (let node = 0; node < size; node++) {
        if (Math.floor(node / strides[axis]) % shape[axis] !== place) continue
        const point = pointAt(grid, node)
        const applies = own.filter(piece => !piece.where || evaluate(piece.where, { ...point, t: problem.time?.[0] ?? 0 }, libm) !== 0)
        const fixed = applies.filter(piece => piece.kind === 'dirichlet').at(-1)
        const slope = applies.filter(piece => piece.kind !== 'dirichlet').at(-1)
        const first = order >= 3 ? fixed ?? slope : applies.at(-1)
        if (!first) throw new FaultError(error('missing-boundary', `No boundary condition of ${problem.system.components[component].name} applies at ${Object.entries(point).map(([name, x]) => `${name} = ${Number(x.toPrecision(4))}`).join(', ')}.`, { where: { path: 'problem.boundary' } }))
        const trace: Trace = { piece: first, node, axis, end }
        const others = taken.get(node) ?? []
        // Fixed values before slopes; slopes of two sides that meet are added.
        if (first.kind === 'dirichlet') taken.set(node, [trace])
        else if (others.every(other => other.piece.kind !== 'dirichlet')) taken.set(node, [...others, trace])
        if (order >= 3 && fixed && slope) {
          const inner = node + (end === 'lower' ? 1 : -1) * strides[axis]
          const onEdge = shape.some((n, a) => a !== axis && !grid.axes[a].periodic && [0, n - 1].includes(Math.floor(node / strides[a]) % n))
          if (!onEdge && !second.has(inner)) second.set(inner, { piece: slope, node, axis, end })
        }
      }
    }
    for (const [node, traces] of taken) rows.push({ component, node, traces })
    for (const [node, trace] of second) if (!taken.has(node)) rows.push({ component, node, traces: [trace] })
  })
  return rows
}

export function pointAt(grid: Grid, node: number): Record<string, number> {
  let stride = 1
  return Object.fromEntries(grid.axes.map(axis => {
    const n = axis.coordinates.length
    const x = axis.coordinates[Math.floor(node / stride) % n]
    stride *= n
    return [axis.name, x]
  }))
}

/** The value of a closed expression at a boundary node. */
export const valueAt = (e: Expression, grid: Grid, node: number, time: number, libm: Libm): number => (e.kind === 'number' ? e.value : evaluate(e, { ...pointAt(grid, node), t: time }, libm))
