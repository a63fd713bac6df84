import { expect, test } from 'vitest'
import { drawnTogether, indexName, isHistory, isLoss, listName, placesOf, spansDecades } from './lists'

test('a chart draws the family of its list, and what was chosen besides', () => {
  const there = ['loss_boundary', 'loss', 'error', 'residuals', 'loss_interior']
  expect(drawnTogether('loss', there, [])).toEqual(['loss', 'loss_boundary', 'loss_interior'])
  expect(drawnTogether('loss', there, ['error'])).toEqual(['loss', 'loss_boundary', 'error', 'loss_interior'])
  expect(drawnTogether('residuals', there, [])).toEqual(['residuals'])
  expect(drawnTogether('gone', there, [])).toEqual([])
})

test('the error of a training belongs to its loss, at the steps where it was measured', () => {
  const there = ['loss', 'loss_equation_u', 'relative_l2_curve', 'relative_l2_steps', 'parameters']
  expect(drawnTogether('loss', there, [])).toEqual(['loss', 'loss_equation_u', 'relative_l2_curve'])
  expect(placesOf('relative_l2_curve')).toBe('relative_l2_steps')
  expect(['loss', 'relative_l2_curve', 'parameters'].map(name => [isLoss(name), indexName(name)])).toEqual([[true, 'step'], [true, 'step'], [false, 'index']])
})

test('what a training tells besides has its own steps and views', () => {
  expect(placesOf('gradient_equation_u')).toBe('observed_steps')
  expect(['loss', 'gradient_u', 'weight_u_on_left', 'observed_steps', 'ntk_start', 'singular_values', 'weights_edges', 'grid_relative_l2', 'parameters'].filter(isHistory)).toEqual(['loss', 'gradient_u', 'weight_u_on_left'])
  expect(indexName('gradient_u')).toBe('step')
})

test('names are words', () => {
  expect(['relative_l2', 'residuals_33x33', 'convergence_factor'].map(listName)).toEqual(['relative L²', 'residuals 33 × 33', 'convergence factor'])
})

test('a logarithmic axis is for positive values over decades', () => {
  expect(spansDecades(Float64Array.of(1, 0.1, 1e-8, 0))).toBe(true)
  expect(spansDecades(Float64Array.of(1, 0.5, 0.2))).toBe(false)
  expect(spansDecades(Float64Array.of(1, -1e-9, 1e-5))).toBe(false)
})
