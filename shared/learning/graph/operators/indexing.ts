import { describeType, sameShape, shapeFault, sizeOf, type ArrayType, type Shape } from '../graph'
import type { Operator } from '../operator'
import { forEachOffset, stridesOf } from '../strides'
import { error, FaultError } from '../../../fault'
import { emptyData, requireType } from './elementwise'

/** A position from its index, counted from the end when negative. Throws FaultError `graph-index`. */
function place(index: number, length: number): number {
  if (index < -length || index >= length) throw new FaultError(error('graph-index', `The index ${index} is outside an axis of length ${length}.`))
  return index < 0 ? index + length : index
}

const along = (x: ArrayType, axis: unknown): number => {
  const a = axis as number
  if (a < 0 || a >= x.shape.length) throw shapeFault(`${describeType(x)} has no axis ${a} to be indexed.`)
  return a
}

function scattered(name: string, x: ArrayType, indices: ArrayType, updates: ArrayType, wanted: Shape): readonly ArrayType[] {
  requireType(name, indices, ['integer'])
  if (updates.type !== x.type || !sameShape(updates.shape, wanted)) throw shapeFault(`${name} into ${describeType(x)} at ${describeType(indices)} takes updates ${describeType({ type: x.type, shape: wanted })}, not ${describeType(updates)}.`)
  return [{ type: x.type, shape: x.shape }]
}

/** Operators that read and write at positions given by integer arrays. Indices count from the end when negative. */
export const indexing: readonly Operator[] = [
  {
    /** y[…, i…, …] = x[…, indices[i…], …] along `axis`. */
    name: 'Gather',
    infer: ([x, indices], { axis }) => {
      requireType('Gather', indices, ['integer'])
      const a = along(x, axis)
      return [{ type: x.type, shape: [...x.shape.slice(0, a), ...indices.shape, ...x.shape.slice(a + 1)] }]
    },
    evaluate: ([x, indices], { axis }, [y]) => {
      const values = emptyData(y)
      const a = axis as number
      const [outer, length, inner] = [sizeOf(x.shape.slice(0, a)), x.shape[a], sizeOf(x.shape.slice(a + 1))]
      const count = indices.data.length
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < count; i++) {
          const from = (o * length + place(indices.data[i], length)) * inner
          values.set(x.data.subarray(from, from + inner), (o * count + i) * inner)
        }
      }
      return [values]
    },
  },
  {
    /** y[i…] = x[i… with indices[i…] on `axis`]. */
    name: 'GatherElements',
    infer: ([x, indices], { axis }) => {
      requireType('GatherElements', indices, ['integer'])
      const a = along(x, axis)
      const fits = indices.shape.length === x.shape.length && indices.shape.every((n, i) => i === a || n <= x.shape[i])
      if (!fits) throw shapeFault(`GatherElements reads ${describeType(x)} with indices of the same number of axes, not ${describeType(indices)}.`)
      return [{ type: x.type, shape: indices.shape }]
    },
    evaluate: ([x, indices], { axis }, [y]) => {
      const values = emptyData(y)
      const a = axis as number
      const strides = stridesOf(x.shape)
      forEachOffset(y.shape, [strides.map((s, i) => (i === a ? 0 : s))], (i, [offset]) => { values[i] = x.data[offset + place(indices.data[i], x.shape[a]) * strides[a]] })
      return [values]
    },
  },
  {
    /** The last axis of the indices addresses the first axes of x: y[i…] = x[indices[i…, 0], indices[i…, 1], …]. */
    name: 'GatherND',
    infer: ([x, indices]) => {
      requireType('GatherND', indices, ['integer'])
      const depth = indices.shape.at(-1)
      if (depth === undefined || depth > x.shape.length) throw shapeFault(`${describeType(indices)} does not address elements of ${describeType(x)}.`)
      return [{ type: x.type, shape: [...indices.shape.slice(0, -1), ...x.shape.slice(depth)] }]
    },
    evaluate: ([x, indices], _, [y]) => {
      const values = emptyData(y)
      const depth = indices.shape.at(-1)!
      const block = sizeOf(x.shape.slice(depth))
      for (let i = 0; i < values.length / Math.max(1, block); i++) {
        let position = 0
        for (let d = 0; d < depth; d++) position = position * x.shape[d] + place(indices.data[i * depth + d], x.shape[d])
        values.set(x.data.subarray(position * block, (position + 1) * block), i * block)
      }
      return [values]
    },
  },
  {
    /** A copy of x with y[i… with indices[i…] on `axis`] set to updates[i…], or increased by it where `reduction` is `add`. */
    name: 'ScatterElements',
    infer: ([x, indices, updates], { axis }) => {
      along(x, axis)
      return scattered('ScatterElements', x, indices, updates, indices.shape)
    },
    evaluate: ([x, indices, updates], { axis, reduction }, [y]) => {
      const values = emptyData(y)
      values.set(x.data)
      const a = axis as number
      const strides = stridesOf(x.shape)
      forEachOffset(updates.shape, [strides.map((s, i) => (i === a ? 0 : s))], (i, [offset]) => {
        const to = offset + place(indices.data[i], x.shape[a]) * strides[a]
        values[to] = reduction === 'add' ? values[to] + updates.data[i] : updates.data[i]
      })
      return [values]
    },
  },
  {
    /** A copy of x with the blocks that the last axis of the indices addresses set to updates. Blocks must differ: which of two equal ones wins is open. */
    name: 'ScatterND',
    infer: ([x, indices, updates]) => {
      const depth = indices.shape.at(-1)
      if (depth === undefined || depth > x.shape.length) throw shapeFault(`${describeType(indices)} does not address elements of ${describeType(x)}.`)
      return scattered('ScatterND', x, indices, updates, [...indices.shape.slice(0, -1), ...x.shape.slice(depth)])
    },
    evaluate: ([x, indices, updates], _, [y]) => {
      const values = emptyData(y)
      values.set(x.data)
      const depth = indices.shape.at(-1)!
      const block = sizeOf(x.shape.slice(depth))
      for (let i = 0; i < updates.data.length / Math.max(1, block); i++) {
        let position = 0
        for (let d = 0; d < depth; d++) position = position * x.shape[d] + place(indices.data[i * depth + d], x.shape[d])
        values.set(updates.data.subarray(i * block, (i + 1) * block), position * block)
      }
      return [values]
    },
  },
]
