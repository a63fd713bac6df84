import { withGradient } from '../gradients'
import { add, div, greater, maximum, mul, sqrt, sub, where, zerosLike, type Operand, type Tensor } from '../tf'

/** Pivots below this are no curvature. */
const tiny = 1e-150

/** The same values, which reverse passes take for constants. */
export const held = (x: Operand): Operand => (typeof x === 'number' ? x : constantBeside(x)(() => add(x, 0)))

/** Values of the shape of `anchor` that reverse passes take for constants, whatever they are made from. */
export const constantBeside = (anchor: Tensor) => (make: () => Tensor): Tensor => withGradient(anchor, () => ({ value: make(), slope: zerosLike(anchor) }))

/**
 * L with P ≈ L Lᵀ for symmetric matrices P of numbers and columns, point by point: Cholesky's factor, where pivots that are not positive, with their columns, are left out: what a matrix has of
 * negative curvature. Entries that are known to be 0 cost nothing. `constant` makes what reverse passes are to take for constants. Returns columns: result[k][i] = L_ik, i ≥ k.
 */
export function choleskyColumns(matrix: readonly (readonly Operand[])[], constant: (make: () => Tensor) => Tensor = make => make()): readonly (readonly Operand[])[] {
  const n = matrix.length
  const columns: Operand[][] = []
  for (let k = 0; k < n; k++) {
    const reduced = (i: number): Operand => columns.reduce<Operand>((value, own) => minus(value, times(own[i], own[k])), matrix[i][k])
    const pivot = reduced(k)
    const column = new Array<Operand>(n).fill(0)
    if (typeof pivot === 'number') {
      if (pivot > tiny) {
        column[k] = Math.sqrt(pivot)
        for (let i = k + 1; i < n; i++) column[i] = times(reduced(i), 1 / Math.sqrt(pivot))
      }
    } else {
      const root = (): Tensor => sqrt(maximum(pivot, tiny))
      column[k] = constant(() => where(greater(pivot, tiny), root(), 0))
      for (let i = k + 1; i < n; i++) {
        const value = reduced(i)
        if (value !== 0) column[i] = constant(() => where(greater(pivot, tiny), div(value, root()), 0))
      }
    }
    columns.push(column)
  }
  return columns
}

export const times = (a: Operand, b: Operand): Operand => (a === 0 || b === 0 ? 0 : typeof a === 'number' && typeof b === 'number' ? a * b : a === 1 ? b : b === 1 ? a : mul(a, b))
export const plus = (a: Operand, b: Operand): Operand => (a === 0 ? b : b === 0 ? a : typeof a === 'number' && typeof b === 'number' ? a + b : add(a, b))
const minus = (a: Operand, b: Operand): Operand => (b === 0 ? a : typeof a === 'number' && typeof b === 'number' ? a - b : sub(a, b))
export const asTensor = (a: Operand, like: Tensor): Tensor => (typeof a === 'number' ? add(zerosLike(like), a) : a)
