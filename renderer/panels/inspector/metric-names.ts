import { wordsFrom } from './schema-form'

const names: Readonly<Record<string, string>> = {
  relative_l2: 'relative L²',
  relative_l2_spacetime: 'relative L² over all times',
  relative_l2_nodes: 'relative L² at nodes',
  relative_h1: 'relative H¹',
  max_error: 'largest error',
  baseline_constant: 'best constant, relative L²',
  baseline_linear: 'best linear function, relative L²',
  energy: 'energy',
  residual: 'residual',
  unknowns: 'unknowns',
  iterations: 'iterations',
  relative_l2_curve: 'relative L² error',
  order_l2: 'order in L²',
  order_h1: 'order in H¹',
  test_relative_l2: 'test error, relative L²',
  cutoff: 'cut-off',
  rank: 'rank of the last step',
  identity_defect: 'defect of the energy identity',
}

/** Of several runs or of an estimate: the measure or parameter in front, what of it is meant behind. */
const parts: readonly (readonly [pattern: RegExp, words: (...parts: string[]) => string])[] = [
  [/^(.+)_(median|least|greatest)(?:_(.+))?$/, (measure, which, group) => `${metricName(measure)}, ${which}${group ? ` · ${group.replace(/_/g, ' ')}` : ''}`],
  [/^(.+)_standard_error$/, of => `${of.replace(/_/g, ' ')}, standard error`],
  [/^(.+)_cramer_rao$/, of => `${of.replace(/_/g, ' ')}, Cramér–Rao bound`],
]

/** As the literature writes it; other metrics as words. */
export function metricName(metric: string): string {
  if (names[metric]) return names[metric]
  for (const [pattern, words] of parts) {
    const match = pattern.exec(metric)
    if (match) return words(...match.slice(1))
  }
  return wordsFrom(metric).toLowerCase()
}

const errors = ['relative_l2_spacetime', 'relative_l2', 'order_l2', 'order_h1', 'relative_h1', 'max_error', 'relative_l2_nodes', 'baseline_constant', 'baseline_linear']
const ofRuns = ['median', 'least', 'greatest']
const counts = ['failed', 'identified', 'iterations', 'points', 'runs', 'solutions']

/** Errors first, then orders, what was found with its errors, medians of runs, what the solver did, counts. */
export function orderedMetrics(metrics: Readonly<Record<string, number>>): string[] {
  const found = Object.keys(metrics).filter(name => `${name}_standard_error` in metrics)
  const rank = (name: string): number => {
    if (errors.includes(name)) return errors.indexOf(name)
    if (found.some(own => name === own || name.startsWith(`${own}_`))) return 20
    const [, measure, which] = /^(.+)_(median|least|greatest)(?:_.+)?$/.exec(name) ?? []
    if (which) return 30 + ofRuns.indexOf(which) + (errors.includes(measure) ? 0 : ofRuns.length)
    return counts.includes(name) ? 50 : 40
  }
  return Object.keys(metrics).sort((a, b) => rank(a) - rank(b))
}
