import { describeType, shapeFault, sizeOf, type ArrayType, type Attributes, type Shape } from '../graph'
import type { Operator } from '../operator'
import { emptyData, requireType } from './elementwise'
import { forEachTap, windowCount, type Windows } from './windows'

interface Geometry {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** All paddings at the beginnings, then all at the ends. */
  readonly pads: readonly number[]
  readonly group: number
}

function geometry(operator: string, x: ArrayType, w: ArrayType, attributes: Attributes): Geometry {
  requireType(operator, x, ['real'])
  const { strides, dilations, pads, group } = attributes as unknown as Geometry
  const rank = x.shape.length - 2
  if (rank < 1 || w.shape.length !== rank + 2 || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    throw shapeFault(`${operator} takes arrays [batch, channels, …] with as many spatial axes as kernel, strides and dilations, not ${describeType(x)} and ${describeType(w)}.`)
  }
  return { strides, dilations, pads, group }
}

const spatial = (shape: Shape): Shape => shape.slice(2)

/**
 * Cross-correlation on [batch, channels, …] with kernels [out, in/group, …] and ONNX's attributes `strides`, `dilations`, `pads`, `group`, all given.
 * An optional third input is added to each output channel.
 */
const conv: Operator = {
  name: 'Conv',
  infer: ([x, w, bias], attributes) => {
    const { strides, dilations, pads, group } = geometry('Conv', x, w, attributes)
    if (x.shape[1] !== w.shape[1] * group || w.shape[0] % group !== 0) throw shapeFault(`Conv with kernels ${describeType(w)} in ${group} groups needs ${w.shape[1] * group} channels, not ${describeType(x)}.`)
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[0])) throw shapeFault(`Conv with ${w.shape[0]} output channels cannot add ${describeType(bias)}.`)
    const rank = strides.length
    const output = spatial(x.shape).map((n, i) => windowCount(n, w.shape[2 + i], strides[i], dilations[i], pads[i] + pads[rank + i]))
    if (output.some(n => n < 1)) throw shapeFault(`The kernel ${describeType(w)} is larger than ${describeType(x)}.`)
    return [{ type: 'real', shape: [x.shape[0], w.shape[0], ...output] }]
  },
  evaluate: ([x, w, bias], attributes, [y]) => {
    const { strides, dilations, pads, group } = attributes as unknown as Geometry
    const values = emptyData(y)
    const windows: Windows = { input: spatial(x.shape), kernel: spatial(w.shape), output: spatial(y.shape), strides, dilations, pads }
    const [batch, outputs] = y.shape
    const [inputs, own] = [x.shape[1], w.shape[1]]
    const [size, area, taps] = [sizeOf(windows.output), sizeOf(windows.input), sizeOf(windows.kernel)]
    const perGroup = outputs / group
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outputs; o++) {
        const out = (b * outputs + o) * size
        if (bias) values.fill(bias.data[o], out, out + size)
        for (let c = 0; c < own; c++) {
          const from = (b * inputs + Math.floor(o / perGroup) * own + c) * area
          const kernel = (o * own + c) * taps
          forEachTap(windows, (p, q, i) => { values[out + p] += w.data[kernel + q] * x.data[from + i] })
        }
      }
    }
    return [values]
  },
  operations: ([, w], [y]) => 2 * sizeOf(y.shape) * sizeOf(w.shape.slice(1)),
}

/**
 * The transpose of Conv in its first input: [batch, in, …] with kernels [in, out/group, …]. Attributes as Conv's, and `output_padding`: further elements
 * at the ends.
 */
const convTranspose: Operator = {
  name: 'ConvTranspose',
  infer: ([x, w], attributes) => {
    const { strides, dilations, pads, group } = geometry('ConvTranspose', x, w, attributes)
    if (x.shape[1] !== w.shape[0]) throw shapeFault(`ConvTranspose with kernels ${describeType(w)} needs ${w.shape[0]} channels, not ${describeType(x)}.`)
    const rank = strides.length
    const extra = attributes.output_padding as readonly number[]
    return [{ type: 'real', shape: [x.shape[0], w.shape[1] * group, ...spatial(x.shape).map((n, i) => (n - 1) * strides[i] + (w.shape[2 + i] - 1) * dilations[i] + 1 + extra[i] - pads[i] - pads[rank + i])] }]
  },
  evaluate: ([x, w], attributes, [y]) => {
    const { strides, dilations, pads, group } = attributes as unknown as Geometry
    const values = emptyData(y)
    const windows: Windows = { input: spatial(y.shape), kernel: spatial(w.shape), output: spatial(x.shape), strides, dilations, pads }
    const [batch, outputs] = y.shape
    const [inputs, own] = w.shape
    const [size, area, taps] = [sizeOf(windows.input), sizeOf(windows.output), sizeOf(windows.kernel)]
    const perGroup = inputs / group
    for (let b = 0; b < batch; b++) {
      for (let c = 0; c < inputs; c++) {
        for (let o = 0; o < own; o++) {
          const out = (b * outputs + Math.floor(c / perGroup) * own + o) * size
          const from = (b * inputs + c) * area
          const kernel = (c * own + o) * taps
          forEachTap(windows, (p, q, i) => { values[out + i] += w.data[kernel + q] * x.data[from + p] })
        }
      }
    }
    return [values]
  },
  operations: ([x, w]) => 2 * sizeOf(x.shape) * sizeOf(w.shape.slice(1)),
}

export const convolution: readonly Operator[] = [conv, convTranspose]
