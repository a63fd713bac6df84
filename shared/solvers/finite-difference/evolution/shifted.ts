import type { Block, Run, Team } from '../../../kernels/team'
import { createDirect, type DirectSolver } from '../../linear/direct/direct'
import { createKrylov, type KrylovSolver } from '../../linear/krylov/solver'
import { mapOf } from '../../linear/map'
import { incompleteLU, type IncompleteFactors } from '../../linear/preconditioner/incomplete'
import { createAssembler, type Assembler, type SparseMatrix } from '../../linear/sparse'
import type { JetSystem } from './jet-system'
import type { Linearisation } from './linearisation'

/** (I − c J) with J of a linearisation; in constraint rows −J alone. Unknowns are numbered node by node, so that what is coupled at a node lies side by side. */
export interface ShiftedMatrix {
  /** Values from the linearisation as last evaluated. */
  assemble(c: number): void
  /** correction ← the solution; false when the residual did not fall to `tolerance` of its start. */
  solve(residual: Block, correction: Block, tolerance: number): boolean
}

/** Unknowns up to which elimination is the faster one: with new values for every step, and with one matrix for the whole run in the plane. */
export const directAlways = 4000
const directSteady = 40_000

/**
 * Elimination on a line and for small systems, else GMRES with ILU(0). A solve depends on its arguments only.
 *
 * @param once the matrix stays the same for the whole run where the linearisation does: c never changes
 * @param pinned entries of the state whose correction is 0: one of each component that is fixed only up to a constant
 */
export function createShiftedMatrix(system: JetSystem, linearisation: Linearisation, team: Team, run: Run, once = false, pinned: readonly number[] = []): ShiftedMatrix {
  const { nodes, count, size, operators } = system
  const skip = new Uint8Array(size)
  for (let c = 0; c < count; c++) {
    for (let node = 0; node < nodes; node++) if (operators.active[node] === 0) skip[c * nodes + node] = 1
    for (const node of operators.fixed[c].nodes) skip[c * nodes + node] = 1
  }
  for (const entry of pinned) skip[entry] = 1
  const isConstraint = new Uint8Array(count)
  for (const c of system.constraints) isConstraint[c] = 1
  const parts = linearisation.factors.map(factor => ({ factor, rows: operators.matrix(factor.jet).rows }))
  const total = size + parts.reduce((sum, { rows }) => sum + rows.values.length, 0)
  const rowNumbers = new Int32Array(total)
  const columnNumbers = new Int32Array(total)
  let entry = 0
  for (let node = 0; node < nodes; node++) {
    for (let c = 0; c < count; c++) {
      rowNumbers[entry] = columnNumbers[entry] = node * count + c
      entry++
    }
  }
  for (const { factor: { row, component }, rows: { starts, columns } } of parts) {
    for (let node = 0; node < nodes; node++) {
      if (skip[row * nodes + node] === 1) continue
      for (let e = starts[node]; e < starts[node + 1]; e++) {
        rowNumbers[entry] = node * count + row
        columnNumbers[entry++] = columns[e] * count + component
      }
    }
  }
  const values = new Float64Array(entry)
  const assembler: Assembler = createAssembler(size, size, rowNumbers.subarray(0, entry), columnNumbers.subarray(0, entry))
  const matrix: SparseMatrix = assembler.matrix(team.arena)
  const dimensions = operators.grid.axes.length
  const eliminates = (dimensions === 1 || size <= directAlways || (dimensions === 2 && once && linearisation.steady && size <= directSteady))
  let direct: DirectSolver | undefined
  let factors: IncompleteFactors | undefined
  let krylov: KrylovSolver | undefined
  const [b, x] = [team.arena.f64(size), team.arena.f64(size)]
  const watch = { throwIfCancelled: () => run.throwIfCancelled() }
  let assembled: number | undefined

  return {
    assemble(c) {
      if (linearisation.steady && assembled === c) return
      assembled = c
      let at = 0
      for (let node = 0; node < nodes; node++) for (let k = 0; k < count; k++) values[at++] = isConstraint[k] === 1 && skip[k * nodes + node] === 0 ? 0 : 1
      for (const { factor, rows } of parts) {
        const { row } = factor
        const local = factor.values?.view()
        const scale = isConstraint[row] === 1 ? -1 : -c
        for (let node = 0; node < nodes; node++) {
          if (skip[row * nodes + node] === 1) continue
          const a = scale * (local ? local[node] : factor.constant!)
          for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) values[at++] = a * rows.values[e]
        }
      }
      assembler.assemble(values, matrix)
      if (direct) direct.factor()
      else if (eliminates) direct = createDirect(team, matrix, { kind: 'general', throwIfCancelled: () => run.throwIfCancelled() })
      else if (factors) factors.update()
      else {
        factors = incompleteLU(team, matrix)
        krylov = createKrylov(team, { method: 'gmres', map: mapOf(team, matrix), preconditioner: factors })
      }
    },
    solve(residual, correction, tolerance) {
      interleave(residual.view(), b.view(), nodes, count)
      for (const place of pinned) b.view()[(place % nodes) * count + Math.floor(place / nodes)] = 0
      if (direct) {
        const { residual: left } = direct.solve(b, x)
        separate(x.view(), correction.view(), nodes, count)
        return left <= Math.max(tolerance, 1e-8)
      }
      x.view().fill(0)
      const report = krylov!.solve(b, x, { tolerance, maximumIterations: 400, run: watch })
      separate(x.view(), correction.view(), nodes, count)
      return report.converged || report.residual <= 10 * tolerance
    },
  }
}

/** [component, node] → [node, component]. */
function interleave(from: Float64Array, to: Float64Array, nodes: number, count: number): void {
  if (count === 1) to.set(from)
  else for (let c = 0; c < count; c++) for (let node = 0; node < nodes; node++) to[node * count + c] = from[c * nodes + node]
}
function separate(from: Float64Array, to: Float64Array, nodes: number, count: number): void {
  if (count === 1) to.set(from)
  else for (let c = 0; c < count; c++) for (let node = 0; node < nodes; node++) to[c * nodes + node] = from[node * count + c]
}
