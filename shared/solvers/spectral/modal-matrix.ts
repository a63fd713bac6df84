import type { LinearTerm } from '../../problems/analysed'
import { eachMode, powers, type ModeAxis } from './wavenumbers'

/**
 * A small matrix per Fourier mode: M_ij(k), stored entry by entry as interleaved complex arrays over the modes [z, y, kx], row-major over (i, j).
 * An entry that is zero at every mode is absent.
 */
export interface ModalMatrix {
  readonly rows: number
  readonly columns: number
  readonly modes: number
  readonly entries: readonly (Float64Array | undefined)[]
}

export const entryOf = (matrix: ModalMatrix, row: number, column: number): Float64Array | undefined => matrix.entries[row * matrix.columns + column]

/** Σ coefficient (ik)^orders for terms between the chosen rows and components. `magnitude` takes |·| of every term, which tells cancellation from smallness. */
export function modalMatrix(axes: readonly ModeAxis[], terms: readonly LinearTerm[], rows: readonly number[], components: readonly number[], magnitude = false): ModalMatrix {
  const modes = axes.reduce((n, axis) => n * axis.indices.length, 1)
  const entries: (Float64Array | undefined)[] = Array.from({ length: rows.length * components.length }, () => undefined)
  for (const { row, component, orders, coefficient } of terms) {
    const [i, j] = [rows.indexOf(row), components.indexOf(component)]
    if (i < 0 || j < 0 || coefficient === 0) continue
    const entry = (entries[i * components.length + j] ??= new Float64Array(2 * modes))
    const factors = axes.map((axis, a) => powers(axis, orders[a]))
    const turns = (orders[0] + orders[1] + orders[2]) % 4
    const signed = turns >= 2 ? -coefficient : coefficient
    eachMode(axes, (mode, kx, ky, kz) => {
      const value = signed * factors[0][kx] * (factors[1]?.[ky] ?? 1) * (factors[2]?.[kz] ?? 1)
      if (magnitude) entry[2 * mode] += Math.abs(value)
      else entry[2 * mode + (turns % 2)] += value
    })
  }
  return { rows: rows.length, columns: components.length, modes, entries }
}

/** A B, mode by mode. */
export function product(a: ModalMatrix, b: ModalMatrix): ModalMatrix {
  const entries: (Float64Array | undefined)[] = []
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let entry: Float64Array | undefined
      for (let k = 0; k < a.columns; k++) {
        const [x, y] = [entryOf(a, i, k), entryOf(b, k, j)]
        if (!x || !y) continue
        entry ??= new Float64Array(2 * a.modes)
        for (let at = 0; at < entry.length; at += 2) {
          entry[at] += x[at] * y[at] - x[at + 1] * y[at + 1]
          entry[at + 1] += x[at] * y[at + 1] + x[at + 1] * y[at]
        }
      }
      entries.push(entry)
    }
  }
  return { rows: a.rows, columns: b.columns, modes: a.modes, entries }
}

/** A + factor B. */
export function sum(a: ModalMatrix, b: ModalMatrix, factor = 1): ModalMatrix {
  const entries = a.entries.map((x, at) => {
    const y = b.entries[at]
    if (!y) return x
    if (!x) return factor === 1 ? y : y.map(v => factor * v)
    return x.map((v, i) => v + factor * y[i])
  })
  return { ...a, entries }
}

/** Rows of `matrix` where `chosen` holds, the others zero. */
export const rowsWhere = (matrix: ModalMatrix, chosen: readonly boolean[]): ModalMatrix => ({ ...matrix, entries: matrix.entries.map((entry, at) => (chosen[Math.floor(at / matrix.columns)] ? entry : undefined)) })

export function identity(size: number, modes: number): ModalMatrix {
  const one = new Float64Array(2 * modes)
  for (let mode = 0; mode < modes; mode++) one[2 * mode] = 1
  return { rows: size, columns: size, modes, entries: Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? one : undefined)) }
}

/** Entries that hold nothing but zeros (relative to `scale`) become absent. */
export function pruned(matrix: ModalMatrix, scale = 0): ModalMatrix {
  return { ...matrix, entries: matrix.entries.map(entry => (entry?.some(v => Math.abs(v) > scale) ? entry : undefined)) }
}

/** Largest |entry| over all modes. */
export const largestEntry = (matrix: ModalMatrix): number => matrix.entries.reduce((most, entry) => entry?.reduce((m, v) => Math.max(m, Math.abs(v)), most) ?? most, 0)

/** Components that a square matrix couples: each group is one block, in order of its first component. */
export function blocksOf(matrix: ModalMatrix): number[][] {
  const group = Array.from({ length: matrix.rows }, (_, i) => i)
  const find = (i: number): number => (group[i] === i ? i : find(group[i]))
  for (let i = 0; i < matrix.rows; i++) for (let j = 0; j < matrix.columns; j++) if (i !== j && entryOf(matrix, i, j)) group[Math.max(find(i), find(j))] = Math.min(find(i), find(j))
  const blocks = new Map<number, number[]>()
  for (let i = 0; i < matrix.rows; i++) blocks.set(find(i), [...(blocks.get(find(i)) ?? []), i])
  return [...blocks.values()]
}

/** Largest spectral radius over the modes. */
export function spectralRadius(matrix: ModalMatrix, libm: { pow(x: number, y: number): number }): number {
  let largest = 0
  for (const block of blocksOf(matrix)) {
    const n = block.length
    const dense = new Float64Array(2 * n * n)
    for (let mode = 0; mode < matrix.modes; mode++) {
      block.forEach((i, r) => block.forEach((j, c) => {
        const entry = entryOf(matrix, i, j)
        dense[2 * (r * n + c)] = entry?.[2 * mode] ?? 0
        dense[2 * (r * n + c) + 1] = entry?.[2 * mode + 1] ?? 0
      }))
      largest = Math.max(largest, denseRadius(dense, n, libm))
    }
  }
  return largest
}

/** ρ(A) ≈ ‖A^32‖^{1/32}, at most n^{1/32} above the truth for normal matrices; exact for one entry. A is interleaved complex, row-major, and is overwritten. */
export function denseRadius(a: Float64Array, n: number, libm: { pow(x: number, y: number): number }): number {
  if (n === 1) return Math.sqrt(a[0] * a[0] + a[1] * a[1])
  let radius = 1
  let power = 1
  let current: Float64Array = a
  const other = new Float64Array(a.length)
  const squarings = 6
  for (let s = 0; ; s++) {
    let norm = 0
    for (let at = 0; at < current.length; at++) norm = Math.max(norm, Math.abs(current[at]))
    if (norm === 0) return 0
    radius *= libm.pow(norm, 1 / power)
    if (s === squarings) return radius
    for (let at = 0; at < current.length; at++) current[at] /= norm
    const next = current === a ? other : a
    denseProduct(current, current, n, next)
    current = next
    power *= 2
  }
}

/** out ← A B for n × n interleaved complex matrices. */
export function denseProduct(a: Float64Array, b: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let re = 0
      let im = 0
      for (let k = 0; k < n; k++) {
        const p = 2 * (i * n + k)
        const q = 2 * (k * n + j)
        re += a[p] * b[q] - a[p + 1] * b[q + 1]
        im += a[p] * b[q + 1] + a[p + 1] * b[q]
      }
      out[2 * (i * n + j)] = re
      out[2 * (i * n + j) + 1] = im
    }
  }
}
