import type { Field } from '../../fields/field'
import { compile } from '../compile'
import { valuesAt } from '../formulations/collocation'
import { networkFields } from '../formulations/network-solution'
import { strongFaults } from '../formulations/strong-faults'
import { strongFormulation } from '../formulations/strong'
import { broadcastTo, concat } from '../tf'
import { fieldName, type DiagnosticFamily } from './diagnostic'

/** Points of one call. */
const batch = 1024
/** Values of the field at most: derivatives at many times would take longer than the training. */
const most = 400_000

/**
 * Field `residual` (`residual_<unknown>` of several unknowns, with their components): what the equations of the strong form leave at the nodes of the picture, whatever was minimised. Evolutions have as many of the
 * output times, evenly taken, as fit into 400,000 values. Where the residual is infinite it is NaN.
 */
export const residual: DiagnosticFamily = {
  create: ({ problem, statement, network, initial, precision, runtime, libm, picture, run }) => ({
    async finish({ parameters }) {
      if (!picture || strongFaults(problem).length > 0) return {}
      const { coordinates, terms } = strongFormulation(problem)
      const equations = terms.filter(t => t.kind === 'equation')
      // One equation for each output of the network, in their order; rows come in that of the components.
      if (equations.length !== statement.outputs.length) return {}
      const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
      const execution = await runtime.prepare(compile((_, given) => {
        const at = valuesAt(network, given, given['evaluated points'], equations, coordinates)
        const columns = equations.map(term => term.residual(at)).map(r => (r.shape.length === 2 && r.shape[0] === batch ? r : broadcastTo(r, [batch, 1])))
        return { outputs: { result: concat(columns, 1) } }
      }, { precision, inputs: { ...shapes, 'evaluated points': [batch, coordinates.length] }, libm }))
      const width = equations.length
      const names = statement.outputs.map(index => `equation ${problem.system.components[index].name}`)
      const order = names.map(name => equations.findIndex(term => term.name === name))
      const evaluate = async (points: Float64Array): Promise<Float64Array> => {
        const count = points.length / coordinates.length
        const all = new Float64Array(count * width)
        for (let from = 0; from < count; from += batch) {
          run.throwIfCancelled()
          const own = Math.min(batch, count - from)
          const padded = new Float64Array(batch * coordinates.length)
          for (let i = 0; i < padded.length; i++) padded[i] = points[(from + Math.min(own - 1, Math.floor(i / coordinates.length))) * coordinates.length + (i % coordinates.length)]
          const { result } = await execution.run({ ...parameters, 'evaluated points': padded })
          for (let k = 0; k < own; k++) for (let c = 0; c < width; c++) all[(from + k) * width + c] = finite(result[k * width + order[c]])
        }
        return all
      }
      try {
        const fields = await networkFields(problem, statement, picture.resolution, someTimes(picture, width), evaluate, libm)
        return { fields: fields.map((field): Field => ({ ...field, name: fieldName('residual', field.name, problem) })) }
      } finally {
        execution.dispose()
      }
    },
  }),
}

const finite = (v: number): number => (Number.isFinite(v) ? v : NaN)

/** As many of the output times, first and last among them, as the values allow. */
function someTimes({ resolution, times }: { readonly resolution: readonly number[]; readonly times: Float64Array }, width: number): Float64Array {
  const nodes = resolution.reduce((n, m) => n * m, width)
  const count = Math.max(1, Math.min(times.length, Math.floor(most / nodes)))
  if (times.length <= count) return times
  return count === 1 ? times.slice(-1) : Float64Array.from({ length: count }, (_, i) => times[Math.round((i * (times.length - 1)) / (count - 1))])
}
