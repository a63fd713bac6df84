import { describeType, shapeFault, sizeOf, type ArrayType, type Attributes, type Shape } from '../graph'
import type { Operator } from '../operator'
import { emptyData, requireType } from './elementwise'
import { forEachTap, windowCount, type Windows } from './windows'

const spatial = (shape: Shape): Shape => shape.slice(2)
const list = (attribute: unknown): readonly number[] => attribute as readonly number[]

function pooled(operator: string, x: ArrayType, { kernel_shape, strides, pads }: Attributes): Shape {
  requireType(operator, x, ['real'])
  const kernel = list(kernel_shape)
  const rank = kernel.length
  if (x.shape.length !== rank + 2) throw shapeFault(`${operator} with ${rank}-dimensional windows takes [batch, channels, …], not ${describeType(x)}.`)
  return [...x.shape.slice(0, 2), ...spatial(x.shape).map((n, i) => windowCount(n, kernel[i], list(strides)[i], 1, list(pads)[i] + list(pads)[rank + i]))]
}

const windowsOf = (x: ArrayType, y: ArrayType, { kernel_shape, strides, pads }: Attributes): Windows =>
  ({ input: spatial(x.shape), kernel: list(kernel_shape), output: spatial(y.shape), strides: list(strides), dilations: list(kernel_shape).map(() => 1), pads: list(pads) })

/** Pooling on [batch, channels, …] with attributes `kernel_shape`, `strides`, `pads`. */
export const pooling: readonly Operator[] = [
  {
    /** Greatest elements, and where they are: flat positions in the whole input. Of equal ones the first. Padding never wins. */
    name: 'MaxPool', optionalOutputs: 1,
    infer: ([x], attributes) => {
      const shape = pooled('MaxPool', x, attributes)
      return [{ type: 'real', shape }, { type: 'integer', shape }]
    },
    evaluate: ([x], attributes, [y, positions]) => {
      const values = emptyData(y).fill(-Infinity)
      const places = emptyData(positions)
      const windows = windowsOf(x, y, attributes)
      const [size, area] = [sizeOf(windows.output), sizeOf(windows.input)]
      for (let block = 0; block < sizeOf(y.shape.slice(0, 2)); block++) {
        forEachTap(windows, (p, _, i) => {
          const value = x.data[block * area + i]
          if (!(value > values[block * size + p])) return
          values[block * size + p] = value
          places[block * size + p] = block * area + i
        })
      }
      return [values, places]
    },
    operations: (_, [y], { kernel_shape }) => sizeOf(y.shape) * sizeOf(list(kernel_shape)),
  },
]
