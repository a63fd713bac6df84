import type { Arena, Pointer, Team } from '../../kernels/team'
import type { AxisTransfer } from './axis'
import { rowGrain, type Shape } from './shape'

/** Prolongation P and its transpose between two tensor grids, on the kernels of shared/kernels/assembly/transfer.ts. */
export interface Transfer {
  readonly axes: readonly [AxisTransfer, AxisTransfer, AxisTransfer]
  /** coarse ← Pᵀ fine */
  restrict(fine: Pointer, coarse: Pointer): void
  /** fine ← fine + P coarse where inv ≠ 0; `inv = 0`: everywhere. */
  prolong(coarse: Pointer, inv: Pointer, fine: Pointer): void
}

export function createTransfer(team: Team, fine: Shape, coarse: Shape, axes: readonly [AxisTransfer, AxisTransfer, AxisTransfer]): Transfer {
  const description = describe(team.arena, fine, coarse, axes)
  return {
    axes,
    restrict: (from, to) => team.parallel('transfer.restrict', 0, coarse[1] * coarse[2], [description, from, to], { grain: rowGrain(coarse) }),
    prolong: (from, inv, to) => team.parallel('transfer.prolong', 0, fine[1] * fine[2], [description, from, inv, to], { grain: rowGrain(fine) }),
  }
}

function describe(arena: Arena, fine: Shape, coarse: Shape, axes: readonly AxisTransfer[]): Pointer {
  const whole = (values: Int32Array): Pointer => {
    const pointer = arena.bytes(4 * values.length)
    new Int32Array(arena.memory.buffer, pointer, values.length).set(values)
    return pointer
  }
  const real = (values: Float64Array): Pointer => arena.from(values).pointer
  const words = [...fine, ...coarse, ...axes.flatMap(a => [whole(a.at), real(a.before), real(a.after), whole(a.left), whole(a.right), real(a.toLeft), real(a.toRight)]), axes[0].regular ? 1 : 0]
  const pointer = arena.bytes(4 * words.length)
  new Int32Array(arena.memory.buffer, pointer, words.length).set(words)
  return pointer
}
