import { broadcastShapes, describeType, shapeFault, sizeOf, type Shape } from '../graph'
import type { Operator } from '../operator'
import { broadcastStrides, forEachOffset } from '../strides'
import { emptyData, requireType } from './elementwise'

/** Batch axes of a stack of matrices. */
const batchOf = (shape: Shape): Shape => shape.slice(0, -2)

export const products: readonly Operator[] = [
  {
    /** Stacks of matrices: [… m k]·[… k n] = [… m n], batch axes broadcast. */
    name: 'MatMul',
    infer: ([x, y]) => {
      requireType('MatMul', x, ['real'])
      const [k, other] = [x.shape.at(-1), y.shape.at(-2)]
      if (x.shape.length < 2 || y.shape.length < 2 || k !== other) throw shapeFault(`The product of ${describeType(x)} and ${describeType(y)} does not exist: the inner lengths are ${k} and ${other}.`)
      return [{ type: 'real', shape: [...broadcastShapes(batchOf(x.shape), batchOf(y.shape)), x.shape.at(-2)!, y.shape.at(-1)!] }]
    },
    evaluate: ([x, y], _, [z]) => {
      const values = emptyData(z)
      const [m, n] = z.shape.slice(-2)
      const k = x.shape.at(-1)!
      const batch = batchOf(z.shape)
      const scaled = (shape: Shape) => broadcastStrides(batchOf(shape), batch)
      forEachOffset(batch, [scaled(x.shape), scaled(y.shape)], (b, [p, q]) => {
        for (let i = 0; i < m; i++) {
          for (let l = 0; l < k; l++) {
            const factor = x.data[(p * m + i) * k + l]
            for (let j = 0; j < n; j++) values[(b * m + i) * n + j] += factor * y.data[(q * k + l) * n + j]
          }
        }
      })
      return [values]
    },
    operations: ([x], [z]) => 2 * x.shape.at(-1)! * sizeOf(z.shape),
  },
]
