import { describeType, shapeFault, sizeOf, type ElementType } from '../graph'
import type { Operator } from '../operator'
import { forEachOffset, stridesOf } from '../strides'
import { emptyData, requireType } from './elementwise'

/** Folds along `axes`, which stay as length 1 when `keepdims` is 1 and go otherwise. */
function reduction(name: string, start: number, fold: (sum: number, x: number) => number, finish = (value: number, _count: number) => value, types: readonly ElementType[] = ['real', 'integer']): Operator {
  return {
    // Only ReduceSum takes its axes as an input in opset 17.
    name, ...(name === 'ReduceSum' ? { attributesAsInputs: ['axes'] } : {}),
    infer: ([x], { axes, keepdims }) => {
      requireType(name, x, types)
      const along = axes as readonly number[]
      if (along.some(a => a < 0 || a >= x.shape.length)) throw shapeFault(`${describeType(x)} has no axes ${along.join(', ')} to fold.`)
      return [{ type: x.type, shape: keepdims === 1 ? x.shape.map((n, i) => (along.includes(i) ? 1 : n)) : x.shape.filter((_, i) => !along.includes(i)) }]
    },
    evaluate: ([x], { axes }, [y]) => {
      const along = axes as readonly number[]
      // The extrema's start, ±∞, is the outermost whole number for integers.
      const values = emptyData(y).fill(y.type === 'integer' ? Math.min(Math.max(start, -(2 ** 31)), 2 ** 31 - 1) : start)
      const kept = x.shape.map((n, i) => (along.includes(i) ? 1 : n))
      const strides = stridesOf(kept).map((stride, i) => (along.includes(i) ? 0 : stride))
      forEachOffset(x.shape, [strides], (i, [o]) => { values[o] = fold(values[o], x.data[i]) })
      const count = sizeOf(x.shape) / Math.max(1, values.length)
      for (let i = 0; i < values.length; i++) values[i] = finish(values[i], count)
      return [values]
    },
    operations: ([x]) => sizeOf(x.shape),
  }
}

export const reductions: readonly Operator[] = [
  reduction('ReduceSum', 0, (s, x) => s + x), reduction('ReduceMean', 0, (s, x) => s + x, (s, n) => s / n, ['real']), reduction('ReduceProd', 1, (s, x) => s * x),
  reduction('ReduceMax', -Infinity, (s, x) => (x > s || x !== x ? x : s)), reduction('ReduceMin', Infinity, (s, x) => (x < s || x !== x ? x : s)),
]
