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

/** As the literature writes it; other metrics as words. */
export const metricName = (metric: string): string => names[metric] ?? wordsFrom(metric).toLowerCase()

/** Errors first, then orders, then what the solver did. */
export function orderedMetrics(metrics: Readonly<Record<string, number>>): string[] {
  const order = ['relative_l2_spacetime', 'relative_l2', 'order_l2', 'order_h1', 'relative_h1', 'max_error', 'relative_l2_nodes', 'baseline_constant', 'baseline_linear']
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.keys(metrics).sort((a, b) => rank(a) - rank(b))
}
