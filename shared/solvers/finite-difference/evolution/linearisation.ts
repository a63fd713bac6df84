import { differentiate, evaluate, freeNames, simplify } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import type { Block, Pointer, Team } from '../../../kernels/team'
import type { JetSystem } from './jet-system'

/** ∂row/∂jet at every node. */
export interface Factor {
  readonly row: number
  /** Index into the operators' jets. */
  readonly jet: number
  readonly component: number
  readonly orders: readonly [number, number, number]
  /** The same at every node and time, else undefined and in `values`. */
  readonly constant: number | undefined
  readonly values: Block | undefined
}

/** The symbolic linearisation of rows of a system: the factors that are not identically zero. */
export interface Linearisation {
  readonly factors: readonly Factor[]
  /** No factor depends on the state or on time. */
  readonly steady: boolean
  /** Computes the varying factors at a state. */
  evaluate(time: number, state: Block): void
}

/** Arrays for the varying factors are allocated here. */
export function linearise(system: JetSystem, rows: readonly Expression[], team: Team, libm: Libm): Linearisation {
  const { grid, problem, nodes } = system
  const { components, jet } = problem.system
  const spatial = new Set(grid.axes.map(axis => axis.name as string))
  const moving = new Set(['t', ...components.map(c => c.name), ...jet.map(entry => entry.name)])
  let steady = true
  const expressions: Expression[] = []
  const outputs: Pointer[] = []
  const factors: Factor[] = []
  rows.forEach((row, i) => {
    const names = freeNames(row)
    jet.forEach(({ name, component, orders }, j) => {
      if (!names.has(name)) return
      const derivative = simplify(differentiate(row, name))
      if (derivative.kind === 'number' && derivative.value === 0) return
      const free = [...freeNames(derivative).keys()]
      if (free.some(n => moving.has(n))) steady = false
      if (!free.some(n => moving.has(n) || spatial.has(n))) {
        factors.push({ row: i, jet: j, component, orders, constant: evaluate(derivative, {}, libm), values: undefined })
        return
      }
      const values = team.arena.f64(nodes)
      expressions.push(derivative)
      outputs.push(values.pointer)
      factors.push({ row: i, jet: j, component, orders, constant: undefined, values })
    })
  })
  const run = expressions.length > 0 ? system.evaluator(expressions) : undefined
  return { factors, steady, evaluate: (time, state) => run?.(time, state, outputs) }
}
