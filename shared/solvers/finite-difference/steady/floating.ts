import { error, FaultError } from '../../../fault'
import type { Block, Team } from '../../../kernels/team'
import { createDirect } from '../../linear/direct/direct'
import { multiply, sparseFromRows, type SparseMatrix } from '../../linear/sparse'
import type { SystemEquations } from './equations'

/**
 * Components whose level nothing fixes: constants are in the kernel of the matrix (no Dirichlet or Robin condition, no term without derivatives).
 */
export function floatingComponents({ operators, placeOf }: SystemEquations, matrix: SparseMatrix, team: Team): number[] {
  const candidates = operators.fixed.flatMap(({ nodes }, c) => (nodes.length === 0 ? [c] : []))
  if (candidates.length === 0) return []
  const mark = team.arena.mark()
  const [x, y] = [team.arena.f64(matrix.rows), team.arena.f64(matrix.rows)]
  const scale = matrix.values.view().reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const found = candidates.filter(c => {
    x.view().set(placeOf.map(at => (Math.floor(at / operators.nodes) === c ? 1 : 0)))
    multiply(team, matrix, x.pointer, y.pointer)
    return y.view().every(value => Math.abs(value) <= 1e-10 * scale)
  })
  team.arena.release(mark)
  return found
}

/**
 * A u + Σ σ_c w_c = b, w_c·u = 0 for every floating component c: the numbers σ are what b lacks to be in the range, and vanish with the mesh width when the data are compatible.
 * Returns them; u ← the solution with zero mean.
 */
export function solveFloating({ operators, placeOf, rowOf, weights }: SystemEquations, matrix: SparseMatrix, components: readonly number[], b: Block, u: Block, team: Team): Float64Array {
  const n = matrix.rows
  const { arena } = team
  const k = components.length
  const [starts, columns, values, w] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view(), weights.view()]
  const newStarts = new Int32Array(n + k + 1)
  const newColumns: number[] = []
  const newValues: number[] = []
  const push = (column: number, value: number): void => void (newColumns.push(column), newValues.push(value))
  for (let i = 0; i < n; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) push(columns[e], values[e])
    const border = components.indexOf(rowOf[i])
    if (border >= 0) push(n + border, Math.abs(w[i]) * scaleOf(values))
    newStarts[i + 1] = newColumns.length
  }
  components.forEach((c, border) => {
    for (let i = 0; i < n; i++) if (Math.floor(placeOf[i] / operators.nodes) === c) push(i, Math.abs(w[i]) * scaleOf(values))
    newStarts[n + border + 1] = newColumns.length
  })
  const bordered = sparseFromRows(arena, n + k, n + k, newStarts, newColumns, newValues)
  const right = arena.f64(n + k)
  right.view().set(b.view())
  const solution = arena.f64(n + k)
  createDirect(team, bordered, { kind: 'general' }).solve(right, solution)
  u.view().set(solution.view().subarray(0, n))
  return solution.view().slice(n).map(sigma => sigma * scaleOf(values))
}

/** The size of the border beside the matrix, so that elimination sees numbers of one size. */
const scaleOf = (values: Float64Array): number => Math.abs(values[0]) || 1

/** Whether a defect per cell is one of the data and not of the grid: it stays when the mesh is refined. */
export function checkDefect(fine: number, coarse: number, size: number, order: number, name: string, volume: number): void {
  if (Math.abs(fine) <= 1e-9 * size || Math.abs(fine) * 2 ** (order - 0.8) <= Math.abs(coarse)) return
  throw new FaultError(error('incompatible', `The problem has no solution: nothing fixes the level of ${name}, so source and boundary fluxes must balance, but they miss each other by ${Number((fine * volume).toPrecision(3))} in all.`, {
    where: { path: 'problem.equations[0]' }, tip: 'Subtract the mean from the source, change the fluxes, or fix the unknown by a Dirichlet condition or a term c*u.',
  }))
}
