import type { Arena, Block } from '../../kernels/team'
import { sparseFromTriplets, type SparseMatrix } from './sparse'

/** Reproducible numbers in (−1, 1). */
export function noise(length: number, seed = 1): Float64Array {
  let state = seed
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

export interface StencilOptions {
  /** Multiplies the coupling across the face between two cells. */
  readonly coefficient?: (x: number, y: number) => number
  /** Added to the diagonal (times h²). */
  readonly shift?: number
  /** Advection along x and y (times h/2). */
  readonly velocity?: readonly [number, number]
}

/** The five-point matrix on n × n inner nodes of the unit square, times h². */
export function fivePoint(arena: Arena, n: number, { coefficient = () => 1, shift = 0, velocity = [0, 0] }: StencilOptions = {}): SparseMatrix {
  const h = 1 / (n + 1)
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  const add = (i: number, j: number, value: number): void => {
    rows.push(i)
    columns.push(j)
    values.push(value)
  }
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const at = j * n + i
      for (const [di, dj] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        const a = coefficient((i + 1 + di / 2) * h, (j + 1 + dj / 2) * h)
        const b = (0.5 * h) * (di * velocity[0] + dj * velocity[1])
        add(at, at, a)
        if (i + di >= 0 && i + di < n && j + dj >= 0 && j + dj < n) add(at, at + di + n * dj, -a + b)
      }
      add(at, at, shift * h * h)
    }
  }
  return sparseFromTriplets(arena, n * n, n * n, { rows, columns, values })
}

export function sevenPoint(arena: Arena, n: number): SparseMatrix {
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  for (let at = 0; at < n ** 3; at++) {
    const place = [at % n, Math.floor(at / n) % n, Math.floor(at / (n * n))]
    rows.push(at)
    columns.push(at)
    values.push(6)
    place.forEach((p, axis) => {
      for (const d of [-1, 1]) {
        if (p + d < 0 || p + d >= n) continue
        rows.push(at)
        columns.push(at + d * n ** axis)
        values.push(-1)
      }
    })
  }
  return sparseFromTriplets(arena, n ** 3, n ** 3, { rows, columns, values })
}

/** Row-major dense copy. */
export function denseCopy(matrix: SparseMatrix): Float64Array {
  const dense = new Float64Array(matrix.rows * matrix.columns)
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  for (let i = 0; i < matrix.rows; i++) for (let e = starts[i]; e < starts[i + 1]; e++) dense[i * matrix.columns + columns[e]] = values[e]
  return dense
}

/** ‖b − A x‖ / ‖b‖ in plain arithmetic. */
export function relativeResidual(matrix: SparseMatrix, x: Block, b: Block): number {
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const [u, f] = [x.view(), b.view()]
  let squares = 0
  let size = 0
  for (let i = 0; i < matrix.rows; i++) {
    let r = f[i]
    for (let e = starts[i]; e < starts[i + 1]; e++) r -= values[e] * u[columns[e]]
    squares += r * r
    size += f[i] * f[i]
  }
  return Math.sqrt(squares / size)
}
