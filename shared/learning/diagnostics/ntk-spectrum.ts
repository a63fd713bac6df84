import { curveName, weightsInput } from '../training/form'
import type { DiagnosticFamily } from './diagnostic'

/**
 * Arrays `ntk` and `ntk_<part>`: eigenvalues of K = JJᵀ, decreasing, with the factors of the last step; `…_start` before the first step. Under gradient flow the residual in the direction of an eigenvalue λ falls
 * like e^{−2λτ}: what decays over many decades is learned over as many decades of time. Wang, Yu & Perdikaris 2022, doi:10.1016/j.jcp.2021.110768.
 */
export const ntkSpectrum: DiagnosticFamily = {
  create: ({ tangent, form, run }) => ({
    async finish({ start, parameters, inputs }) {
      const weights = inputs[weightsInput]
      const arrays: { name: string; values: Float64Array }[] = []
      for (const [at, suffix] of [[start, '_start'], [parameters, '']] as const) {
        const all = form.parts.length === 1 ? [undefined] : [undefined, ...form.parts.keys()]
        for (const part of all) {
          run.throwIfCancelled()
          const found = await tangent.spectrumAt(at, weights, part)
          if (!found) return {}
          const name = `${part === undefined ? 'ntk' : curveName('ntk', form.parts[part].name)}${suffix}`
          // Parts of one name are shown by the first of them.
          if (!arrays.some(a => a.name === name)) arrays.push({ name, values: found.eigenvalues })
        }
      }
      return { arrays }
    },
  }),
}
