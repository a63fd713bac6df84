import type { Field } from '../../fields/field'
import { networkFields } from '../formulations/network-solution'
import { fieldName, type DiagnosticFamily } from './diagnostic'

/**
 * Field `error` (`error_<unknown>` of several unknowns): u_θ − u at the nodes of the picture and at its times, u the exact solution or the reference. Of a solution that is unique up to a constant the mean difference
 * over the nodes is taken out at each time.
 */
export const error: DiagnosticFamily = {
  create: ({ problem, statement, evaluation, picture, truth, libm }) => ({
    async finish({ parameters }) {
      if (!picture || !truth) return {}
      const fields = await networkFields(problem, statement, picture.resolution, picture.times, async points => {
        const found = await evaluation.values(parameters, points)
        const wanted = truth.at(points)
        return found.map((u, i) => u - wanted[i])
      }, libm)
      const open = problem.traits.includes('unique up to a constant')
      return { fields: fields.map((field): Field => ({ ...field, values: open ? centred(field) : field.values, name: fieldName('error', field.name, problem) })) }
    },
  }),
}

function centred({ values, times }: Field): Float64Array {
  const length = values.length / (times?.length ?? 1)
  const result = values.slice()
  for (let from = 0; from < values.length; from += length) {
    const own = result.subarray(from, from + length)
    let [sum, count] = [0, 0]
    for (const v of own) {
      if (v !== v) continue
      sum += v
      count++
    }
    for (let i = 0; i < length; i++) own[i] -= sum / count
  }
  return result
}
