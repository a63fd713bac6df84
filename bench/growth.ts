/**
 * How time and memory grow with the number of nodes: −Δu = f with u = 0 on the boundary of the square (129² … 4097²) and the cube (17³ … 257³) by full multigrid and V(1,1) to
 * a relative residual of 1e-8, and the sparse direct solver (65² … 513²). Prints tables in Markdown. `growth small` leaves out the largest grids of each.
 */
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createThreadTeam } from '../electron/engine/threads/team'
import type { Expression } from '../shared/expressions/ast'
import type { Libm } from '../shared/expressions/libm'
import { axisNames, uniformAxis } from '../shared/fields/field'
import type { Team } from '../shared/kernels/team'
import type { BoundarySide } from '../shared/problems/analysed'
import { createEllipticOperator } from '../shared/solvers/multigrid/operator'
import { createLinearSolver } from '../shared/solvers/multigrid/solver'
import type { SolverName } from '../shared/solvers/multigrid/interface'

const threads = 2

const number = (value: number): Expression => ({ kind: 'number', value })

interface Measured {
  readonly seconds: number
  readonly bytes: number
  readonly iterations: number
}

function solveOnce(team: Team, libm: Libm, dimensions: number, n: number, solver: SolverName): Measured {
  const mark = team.arena.mark()
  const before = team.arena.used
  const axes = axisNames.slice(0, dimensions).map(name => uniformAxis(name, 0, 1, n, false))
  const boundary: BoundarySide[] = axes.flatMap((_, axis) => (['lower', 'upper'] as const).map(end => ({
    axis, end, pieces: [{ component: 0, on: 'all' as const, kind: 'dirichlet' as const, normal: number(0), value: number(1), data: number(0) }],
  })))
  const F = team.arena.f64(n ** dimensions)
  const u = team.arena.f64(n ** dimensions)
  // A right-hand side that is no eigenvector: the product of x(1 − x)(1 + x) along all axes.
  const line = axes[0].coordinates.map(x => x * (1 - x) * (1 + x))
  const right = F.view()
  const volume = 1 / (n - 1) ** dimensions
  for (let node = 0; node < right.length; node++) right[node] = volume * line[node % n] * line[Math.floor(node / n) % n] * (dimensions === 3 ? line[Math.floor(node / (n * n))] : 1)
  const linear = { diffusion: axes.map(() => number(1)), advection: axes.map(() => number(0)), reaction: number(0), symmetric: true }
  const started = performance.now()
  const operator = createEllipticOperator({ grid: { axes }, boundary, linear, elliptic: true }, team, libm)
  const { iterations } = createLinearSolver(operator, { shift: 0, tolerance: 1e-8, solver }, team).solve(F, u, true)
  const seconds = (performance.now() - started) / 1000
  const bytes = team.arena.used - before
  team.arena.release(mark)
  return { seconds, bytes, iterations }
}

export async function bench([size]: readonly string[] = []): Promise<void> {
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  const team = createThreadTeam({ threads, kernels, budgetBytes: 4e9 })
  await team.ready
  const small = size === 'small'
  const series: [string, number, SolverName, number[]][] = [
    ['square, multigrid', 2, 'multigrid', [129, 257, 513, 1025, 2049, 4097]], ['cube, multigrid', 3, 'multigrid', [17, 33, 65, 129, 257]], ['square, direct', 2, 'direct', [65, 129, 257, 513]],
  ]
  for (const [title, dimensions, solver, all] of series) {
    console.log(`\n${title}, ${threads} threads\n\n| nodes | unknowns | seconds | µs per unknown | bytes per unknown | cycles |\n|---|---|---|---|---|---|`)
    for (const n of small ? all.slice(0, -2) : all) {
      const runs = Array.from({ length: n ** dimensions > 5e6 ? 2 : 4 }, () => solveOnce(team, libm, dimensions, n, solver))
      const best = runs.reduce((a, b) => (a.seconds < b.seconds ? a : b))
      const unknowns = (n - 2) ** dimensions
      console.log(`| ${n}${dimensions === 2 ? '²' : '³'} | ${unknowns} | ${best.seconds.toPrecision(3)} | ${((1e6 * best.seconds) / unknowns).toPrecision(3)} | ${(best.bytes / unknowns).toPrecision(3)} | ${best.iterations} |`)
    }
  }
  await team.dispose()
}
