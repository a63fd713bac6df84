import type { NetworkArrays } from '../training/feed'
import type { DiagnosticFamily } from './diagnostic'

const bins = 48

/** Arrays `weights_edges` (bins + 1), `weights_histogram` and `weights_histogram_start`: shares of the trained parameters in each bin, of both over one range. */
export const weights: DiagnosticFamily = {
  create: ({ trained }) => ({
    async finish({ start, parameters }) {
      const all = (arrays: NetworkArrays): Float64Array => Float64Array.from(trained.flatMap(name => Array.from(arrays[name])))
      const [before, after] = [all(start), all(parameters)]
      let [lower, upper] = [Infinity, -Infinity]
      for (const values of [before, after]) {
        for (const v of values) {
          lower = Math.min(lower, v)
          upper = Math.max(upper, v)
        }
      }
      if (!(upper > lower)) return {}
      return {
        arrays: [
          { name: 'weights_edges', values: Float64Array.from({ length: bins + 1 }, (_, i) => (lower * (bins - i) + upper * i) / bins) },
          { name: 'weights_histogram', values: shares(after, lower, upper) }, { name: 'weights_histogram_start', values: shares(before, lower, upper) },
        ],
      }
    },
  }),
}

function shares(values: Float64Array, lower: number, upper: number): Float64Array {
  const counts = new Float64Array(bins)
  for (const v of values) counts[Math.min(bins - 1, Math.floor(((v - lower) / (upper - lower)) * bins))]++
  return counts.map(n => n / values.length)
}
