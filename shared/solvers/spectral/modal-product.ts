import type { Pointer, Team } from '../../kernels/team'
import type { ModalMatrix } from './modal-matrix'

/** out ← M v (+ base) for vectors of spectra [component, mode]. */
export interface ModalProduct {
  /** `base`, of the rows' length, is added; it may be `out` itself. `vector` may not be `out`. */
  apply(vector: Pointer, out: Pointer, base?: Pointer): void
}

export function createModalProduct(team: Team, matrix: ModalMatrix): ModalProduct {
  const { arena } = team
  const { rows, columns, modes } = matrix
  const bytes = 16 * modes
  const arrays = new Map<Float64Array, Pointer>()
  const place = (entry: Float64Array): Pointer => {
    const before = arrays.get(entry)
    if (before !== undefined) return before
    const { pointer } = arena.from(entry)
    arrays.set(entry, pointer)
    return pointer
  }
  const lines = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => ({ j, entry: matrix.entries[i * columns + j] })).flatMap(({ j, entry }) => (entry ? [{ j, pointer: place(entry) }] : [])))
  const table = arena.bytes(8 * Math.max(1, columns))
  return {
    apply(vector, out, base) {
      const entries = new Int32Array(arena.memory.buffer, table, 2 * columns)
      lines.forEach((line, i) => {
        line.forEach(({ j, pointer }, t) => {
          entries[2 * t] = pointer
          entries[2 * t + 1] = vector + j * bytes
        })
        const at = out + i * bytes
        const from = base === undefined ? 0 : base + i * bytes
        if (line.length > 0) team.parallel('spectral.sumProducts', 0, modes, [line.length, table, from, at], { grain: 1024 })
        else if (base === undefined) team.parallel('vectors.fill', 0, 2 * modes, [0, at])
        else if (base !== out) team.parallel('vectors.copy', 0, 2 * modes, [from, at])
      })
    },
  }
}
