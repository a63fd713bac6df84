import { expect, test } from 'vitest'
import { spectrumLists } from './spectra'
import { bestInTime, stairs, summaryOf } from './training-numbers'

test('a kernel is shown whole first, each part at the end and at the start', () => {
  const there = ['ntk_u_on_left_start', 'ntk_u_on_left', 'loss', 'ntk_start', 'ntk', 'singular_values']
  expect(spectrumLists('ntk', there).map(l => [l.name, l.label, l.group])).toEqual([
    ['ntk', 'whole loss, end', 0], ['ntk_start', 'whole loss, start', 0], ['ntk_u_on_left', 'u on left, end', 1], ['ntk_u_on_left_start', 'u on left, start', 1],
  ])
  expect(spectrumLists('singular_values', there).map(l => l.name)).toEqual(['singular_values'])
})

test('bins are drawn as stairs', () => {
  expect(stairs(Float64Array.of(0, 1, 3), Float64Array.of(5, 7))).toEqual({ x: Float64Array.of(0, 1, 1, 3), y: Float64Array.of(5, 5, 7, 7) })
})

test('the best grid within the seconds of a training is told beside it', () => {
  const arrays = { relative_l2_curve: Float64Array.of(0.5, 1e-8), grid_relative_l2: Float64Array.of(1e-2, 1e-4, 1e-5), grid_unknowns: Float64Array.of(49, 3969, 65025) }
  expect(summaryOf(arrays, { training: [0.1, 2], grid: [0.001, 0.02, 3] })).toBe('10⁻⁸ after 2 s; a grid of 3 969 unknowns 10⁻⁴ after 0.02 s')
  expect(bestInTime([0.005, 0.002, 0.001, 0.01, 0.02], Float64Array.of(1e-2, 3e-3, 1e-3, 2e-4, 5e-4))).toEqual([2, 3])
  expect(summaryOf(arrays, { training: [0.0001, 0.0005], grid: [0.001, 0.02, 3] })).toBeUndefined()
})
