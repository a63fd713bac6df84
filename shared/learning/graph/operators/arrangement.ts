import { describeType, shapeFault, sizeOf, type Shape } from '../graph'
import type { Operator } from '../operator'
import { broadcastStrides, forEachOffset, stridesOf } from '../strides'
import { emptyData } from './elementwise'

const list = (attribute: unknown): readonly number[] => attribute as readonly number[]

/** Operators that move elements without changing them. */
export const arrangement: readonly Operator[] = [
  {
    /** `shape`: the new one, all lengths known. */
    name: 'Reshape', attributesAsInputs: ['shape'],
    infer: ([x], { shape }) => {
      if (sizeOf(list(shape)) !== sizeOf(x.shape)) throw shapeFault(`${describeType(x)} cannot be reshaped to [${list(shape).join(', ')}]: the numbers of elements differ.`)
      return [{ type: x.type, shape: list(shape) }]
    },
    evaluate: ([x]) => [x.data],
  },
  {
    /** `perm`: output axis i is input axis perm[i]. */
    name: 'Transpose',
    infer: ([x], { perm }) => {
      const order = list(perm)
      if (order.length !== x.shape.length || order.some((_, i) => !order.includes(i))) throw shapeFault(`${describeType(x)} has no axes ${order.join(', ')} to be transposed.`)
      return [{ type: x.type, shape: order.map(axis => x.shape[axis]) }]
    },
    evaluate: ([x], { perm }, [y]) => {
      const values = emptyData(y)
      const strides = stridesOf(x.shape)
      forEachOffset(y.shape, [list(perm).map(axis => strides[axis])], (i, [a]) => { values[i] = x.data[a] })
      return [values]
    },
  },
  {
    /** `shape`: what x is broadcast to. */
    name: 'Expand', attributesAsInputs: ['shape'],
    infer: ([x], { shape }) => {
      const to = list(shape)
      const fits = x.shape.length <= to.length && x.shape.every((n, i) => n === 1 || n === to[i + to.length - x.shape.length])
      if (!fits) throw shapeFault(`${describeType(x)} does not broadcast to [${to.join(', ')}].`)
      return [{ type: x.type, shape: to }]
    },
    evaluate: ([x], _, [y]) => {
      const values = emptyData(y)
      forEachOffset(y.shape, [broadcastStrides(x.shape, y.shape)], (i, [a]) => { values[i] = x.data[a] })
      return [values]
    },
  },
  {
    name: 'Concat',
    infer: (inputs, { axis }) => {
      const along = axis as number
      const [first] = inputs
      for (const other of inputs) {
        const fits = other.type === first.type && other.shape.length === first.shape.length && other.shape.every((n, i) => i === along || n === first.shape[i])
        if (!fits) throw shapeFault(`${describeType(first)} and ${describeType(other)} cannot be joined along axis ${along}.`)
      }
      return [{ type: first.type, shape: first.shape.map((n, i) => (i === along ? inputs.reduce((sum, v) => sum + v.shape[along], 0) : n)) }]
    },
    evaluate: (inputs, { axis }, [y]) => {
      const values = emptyData(y)
      const outer = sizeOf(y.shape.slice(0, axis as number))
      const block = sizeOf(y.shape.slice(axis as number))
      let start = 0
      for (const { data, shape } of inputs) {
        const length = sizeOf(shape.slice(axis as number))
        for (let o = 0; o < outer; o++) values.set(data.subarray(o * length, (o + 1) * length), o * block + start)
        start += length
      }
      return [values]
    },
  },
  {
    /** From `starts` towards `ends` (excluded) along `axes` by `steps`, which may be negative; ends below 0 mean "before the first" for negative steps, as large negative numbers in ONNX. */
    name: 'Slice', attributesAsInputs: ['starts', 'ends', 'axes', 'steps'],
    infer: ([x], { starts, ends, axes, steps }) => {
      const shape = [...x.shape]
      list(axes).forEach((axis, i) => {
        const [start, end, step] = [list(starts)[i], list(ends)[i], list(steps)[i]]
        const last = step < 0 ? Math.max(end, -1) : end
        const outside = step === 0 || start < 0 || start >= Math.max(1, x.shape[axis]) || last > x.shape[axis]
        if (outside) throw shapeFault(`${describeType(x)} has no slice ${start}:${end}:${step} along axis ${axis}.`)
        shape[axis] = Math.max(0, Math.ceil((last - start) / step))
      })
      return [{ type: x.type, shape }]
    },
    evaluate: ([x], { starts, axes, steps }, [y]) => {
      const values = emptyData(y)
      const strides = stridesOf(x.shape)
      let origin = 0
      const moved = [...strides]
      list(axes).forEach((axis, i) => {
        origin += list(starts)[i] * strides[axis]
        moved[axis] *= list(steps)[i]
      })
      forEachOffset(y.shape, [moved], (i, [a]) => { values[i] = x.data[origin + a] })
      return [values]
    },
  },
]

export const identityOrder = (shape: Shape): readonly number[] => shape.map((_, i) => i)
