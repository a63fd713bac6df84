import { freeNames } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Grid } from '../../fields/field'
import { gridShape, gridSize } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { AnalysedProblem, EvolutionEquation } from '../../problems/analysed'
import { coordinateArrays } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import type { EllipticOperator } from '../multigrid/interface'
import { createGhosts } from './evolution-ghosts'

/** Second-order method of lines: the nodes' values as one system of ordinary differential equations. */
export interface LineSystem {
  readonly size: number
  /** Nodes per axis. */
  readonly shape: readonly number[]
  readonly initial: Block
  /** k ← F(x, t, u, u_x, …) at all nodes; ∂ₜg/β at Dirichlet nodes, so that any one-step method keeps its order with boundary data that move. */
  rate(u: Block, time: number, k: Block): void
  /** As `rate` with another right-hand side over the same names; Dirichlet nodes get what the expressions say. One output per expression. */
  evaluator(expressions: readonly Expression[], outputs: readonly Block[]): (u: Block, time: number) => void
  /** u ← g/β at Dirichlet nodes. */
  imposeDirichlet(u: Block, time: number): void
  isFinite(u: Block): boolean
}

/** F = −L u + N with L in flux form, so that what leaves one control volume enters the next and sums over the domain change only through its sides. */
export interface FluxForm {
  readonly operator: EllipticOperator
  /** N over the same names as F. */
  readonly rest: Expression
}

const grain = 1024

export function createLineSystem(problem: AnalysedProblem, equation: EvolutionEquation, grid: Grid, team: Team, flux?: FluxForm): LineSystem {
  const { arena } = team
  const size = gridSize(grid)
  const [nx, ny] = [grid.axes[0].coordinates.length, grid.axes[1]?.coordinates.length ?? 1]
  const ghosts = createGhosts(problem.boundary, grid, team)
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const factors = [1 / (2 * steps[0]), 1 / (steps[0] * steps[0]), steps[1] ? 1 / (2 * steps[1]) : 0, steps[1] ? 1 / (steps[1] * steps[1]) : 0]

  // One array per derivative of the jet, in the order of the kernel's arguments.
  const derivatives = new Map<string, Block>()
  const slots = [[1, 0], [2, 0], [0, 1], [0, 2], [1, 1]].map(([x, y]) => {
    const entry = equation.jet.find(({ orders }) => orders[0] === x && orders[1] === y)
    if (!entry) return 0
    const block = arena.f64(size)
    derivatives.set(entry.name, block)
    return block.pointer
  })
  const initial = arena.f64(size)
  const coordinates = coordinateArrays(team, grid, new Set(grid.axes.map(axis => axis.name as string)))
  const inputs: Record<string, number> = Object.fromEntries([...Object.entries(coordinates), ...derivatives, [problem.unknown, initial] as const].map(([name, block]) => [name, block.pointer]))
  const program = (expressions: readonly Expression[], outputs: readonly Block[]) => {
    const used = new Set(expressions.flatMap(e => [...freeNames(e).keys()]))
    return createPointwise(team, expressions, Object.fromEntries(Object.entries(inputs).filter(([name]) => used.has(name))), ['t'], outputs.map(block => block.pointer))
  }

  const fixedIndices = arena.bytes(4 * Math.max(1, ghosts.fixed.length))
  new Int32Array(arena.memory.buffer, fixedIndices, ghosts.fixed.length).set(ghosts.fixed)
  const fixedValues = arena.f64(Math.max(1, ghosts.fixed.length))
  const scatter = (target: Block): void => team.parallel('stepping.scatter', 0, ghosts.fixed.length, [fixedIndices, fixedValues.pointer, target.pointer], { grain })
  const evaluateJet = (u: Block, time: number): void => {
    ghosts.update(time)
    ghosts.fill(u.view())
    const { left, right, below, above } = ghosts
    if (derivatives.size > 0) {
      team.parallel('jet.derivatives', 0, ny, [u.pointer, nx, ny, left.pointer, right.pointer, below.pointer, above.pointer, ...slots, ...factors], { grain: Math.max(1, Math.ceil(grain / nx)) })
    }
  }

  const right = program([flux?.rest ?? equation.rightHandSide], [initial])
  const diffused = flux ? arena.f64(size) : undefined
  program([equation.initial], [initial]).run(0, size, [equation.time[0]])

  const system: LineSystem = {
    size,
    shape: gridShape(grid),
    initial,
    rate(u, time, k) {
      evaluateJet(u, time)
      right.bindInput(problem.unknown, u.pointer)
      right.bindOutput(0, k.pointer)
      right.run(0, size, [time])
      if (flux) {
        flux.operator.apply(u, diffused!)
        team.parallel('stepping.addScaled', 0, size, [k.pointer, -1, diffused!.pointer, k.pointer], { grain })
      }
      if (ghosts.fixed.length === 0) return
      ghosts.fixedRates(fixedValues.view())
      scatter(k)
    },
    evaluator(expressions, outputs) {
      const own = program(expressions, outputs)
      return (u, time) => {
        evaluateJet(u, time)
        own.bindInput(problem.unknown, u.pointer)
        own.run(0, size, [time])
      }
    },
    imposeDirichlet(u, time) {
      if (ghosts.fixed.length === 0) return
      ghosts.update(time)
      ghosts.fixedValues(fixedValues.view())
      scatter(u)
    },
    isFinite: u => team.reduce('stepping.nonFinite', 0, size, [u.pointer]) === 0,
  }
  system.imposeDirichlet(initial, equation.time[0])
  return system
}
