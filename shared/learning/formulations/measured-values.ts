import { applyNetwork } from '../networks'
import { mul, slice, sub } from '../tf'
import type { TrainingForm } from '../training/form'

/** Values of components at points: one column per coordinate, the time last. */
export interface MeasuredValues {
  readonly columns: readonly Float64Array[]
  readonly components: readonly { readonly name: string; readonly output: number; readonly values: Float64Array; readonly deviation: number }[]
}

/** A form with the data as further parts, 1/N Σ |u(x_n) − d_n|²/s² for each component that was measured, and without the parts that `left` names. */
export function withData(form: TrainingForm, { columns, components }: MeasuredValues, left: (part: string) => boolean): TrainingForm {
  const kept = form.parts.flatMap(({ name }, k) => (left(name) ? [] : [k]))
  const count = columns[0].length
  const [dimension, width] = [columns.length, components.length]
  const given = {
    data: Float64Array.from({ length: count * dimension }, (_, i) => columns[i % dimension][Math.floor(i / dimension)]),
    observed: Float64Array.from({ length: count * width }, (_, i) => components[i % width].values[Math.floor(i / width)]),
  }
  return {
    ...form,
    parts: [...kept.map(k => form.parts[k]), ...components.map(({ name }) => ({ name: `data ${name}`, kind: 'data' as const }))],
    inputs: { ...form.inputs, data: [count, dimension], observed: [count, width] },
    draw: stream => ({ ...form.draw(stream), ...given }),
    evaluate: (network, parameters, inputs) => {
      const parts = form.evaluate(network, parameters, inputs)
      const u = applyNetwork(network, parameters, inputs.data)
      const misfits = components.map(({ output, deviation }, c) => mul(sub(slice(u, [0, output], [count, 1]), slice(inputs.observed, [0, c], [count, 1])), 1 / (deviation * Math.sqrt(count))))
      return [...kept.map(k => parts[k]), ...misfits.map(column => ({ kind: 'squares' as const, columns: [column] }))]
    },
  }
}
