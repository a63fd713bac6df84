import { expect, test } from 'vitest'
import { metricName, orderedMetrics } from './metric-names'

test('metrics of runs and of estimates say of what they are', () => {
  expect(metricName('relative_l2_median_gauss_newton')).toBe('relative L², median · gauss newton')
  expect(metricName('loss_greatest')).toBe('loss, greatest')
  expect(metricName('K_standard_error')).toBe('K, standard error')
  expect(metricName('nu_cramer_rao')).toBe('nu, Cramér–Rao bound')
  expect(metricName('max_error')).toBe('largest error')
})

test('what was found stands before counts, medians before extremes', () => {
  expect(orderedMetrics({ identified: 1, iterations: 5, misfit: 0.1, nu: 0.25, nu_standard_error: 0.01 })).toEqual(['nu', 'nu_standard_error', 'misfit', 'identified', 'iterations'])
  expect(orderedMetrics({ failed: 0, loss_median: 1, relative_l2_greatest: 3, relative_l2_median: 2, runs: 5 })).toEqual(['relative_l2_median', 'relative_l2_greatest', 'loss_median', 'failed', 'runs'])
  expect(orderedMetrics({ iterations: 9, loss: 1, relative_l2: 2 })[0]).toBe('relative_l2')
})
