import type { Expression } from '../../expressions/ast'
import type { Grid } from '../../fields/field'
import { gridShape, gridSize } from '../../fields/field'
import type { Block, Pointer, Team } from '../../kernels/team'
import type { AnalysedProblem, EvolutionEquation } from '../../problems/analysed'
import type { EllipticOperator } from '../multigrid/interface'
import { createGhosts, type Ghosts } from './evolution-ghosts'
import type { SpecialRow } from './jets/border'
import { createSweep, type SweepJet, type SweepSetting } from './jets/sweep'
import { centralWeights } from './jets/weights'

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
  const ghosts = createGhosts(problem.boundary, grid, team)
  const initial = arena.f64(size)
  const setting: SweepSetting = { grid, components: [problem.unknown], jets: equation.jet.filter(({ orders }) => orders.some(m => m > 0)).map(({ name, orders }) => ghostJet(name, orders, grid, ghosts)) }
  const sweep = (expressions: readonly Expression[], without?: ArrayLike<number>) => {
    const { readsSlots, run } = createSweep(setting, expressions, team, without)
    return (u: Block, time: number, outputs: readonly Pointer[]): void => {
      if (readsSlots) {
        ghosts.update(time)
        ghosts.fill(u.view())
      }
      run(time, u.pointer, ghosts.values.pointer, outputs)
    }
  }

  const fixedIndices = arena.bytes(4 * Math.max(1, ghosts.fixed.length))
  new Int32Array(arena.memory.buffer, fixedIndices, ghosts.fixed.length).set(ghosts.fixed)
  const fixedValues = arena.f64(Math.max(1, ghosts.fixed.length))
  const scatter = (target: Block): void => team.parallel('stepping.scatter', 0, ghosts.fixed.length, [fixedIndices, fixedValues.pointer, target.pointer], { grain })

  const right = sweep([flux?.rest ?? equation.rightHandSide], ghosts.fixed)
  const diffused = flux ? arena.f64(size) : undefined
  createSweep({ grid, components: [], jets: [] }, [equation.initial], team).run(equation.time[0], 0, 0, [initial.pointer])

  const system: LineSystem = {
    size,
    shape: gridShape(grid),
    initial,
    rate(u, time, k) {
      right(u, time, [k.pointer])
      if (flux) {
        flux.operator.apply(u, diffused!)
        team.parallel('stepping.addScaled', 0, size, [k.pointer, -1, diffused!.pointer, k.pointer], { grain })
      }
      if (ghosts.fixed.length === 0) return
      ghosts.update(time)
      ghosts.fixedRates(fixedValues.view())
      scatter(k)
    },
    evaluator(expressions, outputs) {
      const own = sweep(expressions)
      const targets = outputs.map(({ pointer }) => pointer)
      return (u, time) => own(u, time, targets)
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

/** A derivative of second order at most by central differences of order 2; beside sides they reach for ghosts. */
function ghostJet(name: string, orders: readonly [number, number, number], grid: Grid, ghosts: Ghosts): SweepJet {
  const [nx, ny] = [grid.axes[0].coordinates.length, grid.axes[1]?.coordinates.length ?? 1]
  const factors = grid.axes.flatMap(({ coordinates }, axis) => {
    const h = coordinates[1] - coordinates[0]
    return orders[axis] === 0 ? [] : [{ axis, weights: centralWeights(orders[axis], 2).map(w => w / (orders[axis] === 1 ? h : h * h)) }]
  })
  const nodes: number[] = []
  const rows: SpecialRow[] = []
  const beside = (axis: number, i: number, n: number): boolean => (i === 0 || i === n - 1) && grid.axes[axis]?.periodic === false && orders[axis] > 0
  for (let node = 0; node < nx * ny; node++) {
    const [i, j] = [node % nx, Math.floor(node / nx)]
    if (!beside(0, i, nx) && !beside(1, j, ny)) continue
    let terms: { readonly i: number; readonly j: number; readonly factor: number }[] = [{ i, j, factor: 1 }]
    for (const { axis, weights } of factors) terms = terms.flatMap(term => [...weights].flatMap((w, k) => (w === 0 ? [] : [{ i: term.i + (axis === 0 ? k - 1 : 0), j: term.j + (axis === 1 ? k - 1 : 0), factor: term.factor * w }])))
    const row = { nodes: new Map<number, number>(), slots: new Map<number, number>() }
    for (const term of terms) {
      if (term.i >= 0 && term.i < nx && term.j >= 0 && term.j < ny) row.nodes.set(term.j * nx + term.i, term.factor)
      else row.slots.set(ghosts.slot(term.i, term.j), term.factor)
    }
    nodes.push(node)
    rows.push(row)
  }
  return { name, component: 0, factors, special: { nodes, rows } }
}
