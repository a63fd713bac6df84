import { describeType, shapeFault, sizeOf, type Data, type Shape } from '../graph'
import type { Operator } from '../operator'
import { emptyData, requireType } from './elementwise'

/** Lines along one axis: [outer, length, inner]. */
const lines = (shape: Shape, axis: number): readonly [number, number, number] => [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))]

/** Position of the greatest (or least) element along `axis`, the first of equals. */
function extreme(name: string, wins: (x: number, best: number) => boolean): Operator {
  return {
    name,
    infer: ([x], { axis, keepdims }) => {
      requireType(name, x, ['real', 'integer'])
      const a = axis as number
      if (!(x.shape[a] > 0)) throw shapeFault(`${describeType(x)} has no elements along axis ${a}.`)
      return [{ type: 'integer', shape: keepdims === 1 ? x.shape.map((n, i) => (i === a ? 1 : n)) : x.shape.filter((_, i) => i !== a) }]
    },
    evaluate: ([x], { axis }, [y]) => {
      const values = emptyData(y)
      const [outer, length, inner] = lines(x.shape, axis as number)
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          let best = 0
          for (let k = 1; k < length; k++) if (wins(x.data[(o * length + k) * inner + i], x.data[(o * length + best) * inner + i])) best = k
          values[o * inner + i] = best
        }
      }
      return [values]
    },
    operations: ([x]) => sizeOf(x.shape),
  }
}

export const ordering: readonly Operator[] = [
  extreme('ArgMax', (x, best) => x > best), extreme('ArgMin', (x, best) => x < best),
  {
    /** The `k` greatest elements along `axis` in falling order, and their positions; of equals the first. */
    name: 'TopK', attributesAsInputs: ['k'],
    infer: ([x], { axis, k }) => {
      requireType('TopK', x, ['real', 'integer'])
      const [a, count] = [axis as number, k as number]
      if (!(count >= 0 && count <= x.shape[a])) throw shapeFault(`${describeType(x)} has no ${count} elements along axis ${a}.`)
      const shape = x.shape.map((n, i) => (i === a ? count : n))
      return [{ type: x.type, shape }, { type: 'integer', shape }]
    },
    evaluate: ([x], { axis, k }, [y, positions]) => {
      const [values, places] = [emptyData(y), emptyData(positions)]
      const count = k as number
      const [outer, length, inner] = lines(x.shape, axis as number)
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          const at = (m: number): number => x.data[(o * length + m) * inner + i]
          const order = Array.from({ length }, (_, m) => m).sort((a, b) => at(b) - at(a) || a - b)
          for (let m = 0; m < count; m++) {
            values[(o * count + m) * inner + i] = at(order[m])
            places[(o * count + m) * inner + i] = order[m]
          }
        }
      }
      return [values, places]
    },
    operations: ([x]) => sizeOf(x.shape),
  },
  {
    /** Sums of all elements up to each one along `axis`; without its own where `exclusive` is 1, from the end where `reverse` is 1. */
    name: 'CumSum', attributesAsInputs: ['axis'],
    infer: ([x], { axis }) => {
      requireType('CumSum', x, ['real', 'integer'])
      if ((axis as number) < 0 || (axis as number) >= x.shape.length) throw shapeFault(`${describeType(x)} has no axis ${axis as number} to sum along.`)
      return [{ type: x.type, shape: x.shape }]
    },
    evaluate: ([x], { axis, exclusive, reverse }, [y]) => {
      const values = emptyData(y)
      const [outer, length, inner] = lines(x.shape, axis as number)
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          let total = 0
          for (let m = 0; m < length; m++) {
            const at = (o * length + (reverse === 1 ? length - 1 - m : m)) * inner + i
            values[at] = exclusive === 1 ? total : total + x.data[at]
            total += x.data[at]
          }
        }
      }
      return [values]
    },
    operations: ([x]) => sizeOf(x.shape),
  },
]

/** Softmax and its logarithm along `axis`. */
export const normalisation: readonly Operator[] = (['Softmax', 'LogSoftmax'] as const).map(name => ({
  name,
  infer: ([x], { axis }) => {
    requireType(name, x, ['real'])
    if ((axis as number) < 0 || (axis as number) >= x.shape.length) throw shapeFault(`${describeType(x)} has no axis ${axis as number} to normalise.`)
    return [{ type: 'real', shape: x.shape }]
  },
  evaluate: ([x], { axis }, [y], libm): readonly Data[] => {
    const values = emptyData(y)
    const [outer, length, inner] = lines(x.shape, axis as number)
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const at = (m: number): number => (o * length + m) * inner + i
        let greatest = -Infinity
        for (let m = 0; m < length; m++) greatest = Math.max(greatest, x.data[at(m)])
        let total = 0
        for (let m = 0; m < length; m++) total += libm.exp(x.data[at(m)] - greatest)
        for (let m = 0; m < length; m++) values[at(m)] = name === 'Softmax' ? libm.exp(x.data[at(m)] - greatest) / total : x.data[at(m)] - greatest - libm.log(total)
      }
    }
    return [values]
  },
  operations: ([x]) => 5 * sizeOf(x.shape),
} satisfies Operator))
