import { describeType, shapeFault } from '../graph'
import type { Operator } from '../operator'
import { forEachOffset, stridesOf } from '../strides'
import { emptyData } from './elementwise'

const list = (attribute: unknown): readonly number[] => attribute as readonly number[]

/** Where position i of a padded axis comes from, or -1 for the constant zero. `edge` repeats the last element, `reflect` mirrors without repeating it. */
function source(i: number, length: number, mode: unknown): number {
  if (i >= 0 && i < length) return i
  if (mode === 'edge') return Math.min(Math.max(i, 0), length - 1)
  if (mode === 'reflect') return i < 0 ? -i : 2 * (length - 1) - i
  return -1
}

/** Operators that make arrays longer. */
export const padding: readonly Operator[] = [
  {
    /** `pads`: all paddings at the beginnings, then all at the ends. `mode`: `constant` (zeros), `edge` or `reflect`. */
    name: 'Pad', attributesAsInputs: ['pads'],
    infer: ([x], { pads, mode }) => {
      const around = list(pads)
      const rank = x.shape.length
      const widest = x.shape.some((n, i) => Math.max(around[i], around[rank + i]) > (mode === 'reflect' ? n - 1 : mode === 'edge' && n === 0 ? 0 : Infinity))
      if (around.length !== 2 * rank || around.some(n => n < 0) || widest) throw shapeFault(`${describeType(x)} cannot be padded by ${around.join(', ')} (${mode as string}).`)
      return [{ type: x.type, shape: x.shape.map((n, i) => n + around[i] + around[rank + i]) }]
    },
    evaluate: ([x], { pads, mode }, [y]) => {
      const values = emptyData(y)
      const around = list(pads)
      const own = stridesOf(x.shape)
      const rows = stridesOf(y.shape)
      forEachOffset(y.shape, [], i => {
        let from = 0
        for (let axis = 0, rest = i; axis < own.length; axis++) {
          const at = source(Math.floor(rest / rows[axis]) - around[axis], x.shape[axis], mode)
          if (at < 0) return
          from += at * own[axis]
          rest %= rows[axis]
        }
        values[i] = x.data[from]
      })
      return [values]
    },
  },
  {
    /** Copies side by side: `repeats` of them along each axis. */
    name: 'Tile', attributesAsInputs: ['repeats'],
    infer: ([x], { repeats }) => {
      if (list(repeats).length !== x.shape.length) throw shapeFault(`${describeType(x)} is repeated along ${x.shape.length} axes, not ${list(repeats).length}.`)
      return [{ type: x.type, shape: x.shape.map((n, i) => n * list(repeats)[i]) }]
    },
    evaluate: ([x], _, [y]) => {
      const values = emptyData(y)
      const own = stridesOf(x.shape)
      const rows = stridesOf(y.shape)
      forEachOffset(y.shape, [], i => {
        let from = 0
        for (let axis = 0, rest = i; axis < own.length; axis++) {
          from += (Math.floor(rest / rows[axis]) % x.shape[axis]) * own[axis]
          rest %= rows[axis]
        }
        values[i] = x.data[from]
      })
      return [values]
    },
  },
]
