import { broadcastShapes, describeType, sameShape, shapeFault, sizeOf, type ArrayType, type Shape } from '../graph'
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
  {
    /** x·y + c of two matrices, each transposed before where `transA`, `transB` are 1; c broadcasts to the result. */
    name: 'Gemm',
    infer: ([x, y, c], { transA, transB }) => {
      const [m, k] = turned(x, transA)
      const [other, n] = turned(y, transB)
      if (k !== other) throw shapeFault(`The product of ${describeType(x)} and ${describeType(y)} does not exist: the inner lengths are ${k} and ${other}.`)
      if (!sameShape(broadcastShapes(c.shape, [m, n]), [m, n])) throw shapeFault(`${describeType(c)} cannot be added to a product of shape [${m}, ${n}].`)
      return [{ type: 'real', shape: [m, n] }]
    },
    evaluate: ([x, y, c], { transA, transB }, [z]) => {
      const values = emptyData(z)
      const [m, n] = z.shape
      const k = turned(x, transA)[1]
      forEachOffset(z.shape, [broadcastStrides(c.shape, z.shape)], (at, [from]) => { values[at] = c.data[from] })
      for (let i = 0; i < m; i++) {
        for (let l = 0; l < k; l++) {
          const factor = x.data[transA === 1 ? l * m + i : i * k + l]
          for (let j = 0; j < n; j++) values[i * n + j] += factor * y.data[transB === 1 ? j * k + l : l * n + j]
        }
      }
      return [values]
    },
    operations: ([x], [z], { transA }) => 2 * turned(x, transA)[1] * sizeOf(z.shape),
  },
]

function turned(x: ArrayType, transposed: unknown): readonly [number, number] {
  requireType('Gemm', x, ['real'])
  if (x.shape.length !== 2) throw shapeFault(`Gemm multiplies matrices, not ${describeType(x)}.`)
  return transposed === 1 ? [x.shape[1], x.shape[0]] : [x.shape[0], x.shape[1]]
}
