import { weightsInput } from '../training/form'
import type { DiagnosticFamily } from './diagnostic'

/**
 * Arrays `singular_values` σ_k, decreasing, and `residual_coefficients` |u_kᵀ r| beside them (Picard's plot: directions in which the coefficients do not fall below the singular values cannot be trusted); of
 * Gauss–Newton at its last step, with the metrics `cutoff` (relative) and `rank`; of other optimizers at the end, at points of the diagnostic's own.
 */
export const spectrum: DiagnosticFamily = {
  create: ({ tangent }) => ({
    async finish({ linearisation, parameters, inputs }) {
      if (linearisation) {
        const { values, coefficients, cutoff, squares } = linearisation
        const rank = values.filter(v => v > cutoff * values[0]).length
        return { arrays: [{ name: 'singular_values', values: values.slice() }, ...(squares === undefined ? [] : [{ name: 'residual_coefficients', values: coefficients.map(Math.abs) }])], metrics: { cutoff, rank } }
      }
      const found = await tangent.spectrumAt(parameters, inputs[weightsInput])
      if (!found) return {}
      const count = Math.min(found.eigenvalues.length, found.eigenvalues.findLastIndex(v => v > 0) + 1)
      return { arrays: [{ name: 'singular_values', values: found.eigenvalues.subarray(0, count).map(Math.sqrt) }, { name: 'residual_coefficients', values: found.energies.subarray(0, count).map(Math.sqrt) }] }
    },
  }),
}
