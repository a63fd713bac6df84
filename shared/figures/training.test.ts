import { describe, expect, it } from 'vitest'
import type { ArrayInfo } from '../fields/array-info'
import type { FigureSource } from './data'
import { resolveCurves } from './curves'
import { figureSpecificationSchema } from './specification'
import { trainingPanels, type TrainingPlot } from './training'

const lists: Readonly<Record<string, readonly number[]>> = {
  loss: [4, 2, 1], loss_equation_u: [3, 1, 0.5], loss_u_on_left: [1, 1, 0.5], relative_l2_curve: [0.5, 0.1], relative_l2_steps: [1, 3], singular_values: [2, 1, 0.1], residual_coefficients: [0.1, 0.2, 0.3],
  ntk: [4, 1, 0.01], ntk_start: [9, 2, 0.1], ntk_equation_u: [3, 1], ntk_equation_u_start: [8, 1], weights_edges: [-1, 0, 1, 2], weights_histogram: [0.5, 0.25, 0.25], weights_histogram_start: [0, 1, 0], grid_relative_l2: [1e-2, 1e-3],
}
const seconds = { seconds_training: [0.1, 0.4], seconds_grid: [0.001, 0.002] }
const arrays = Object.entries(lists).map(([name, values]): ArrayInfo => ({ name, shape: [values.length], minimum: Math.min(...values), maximum: Math.max(...values) }))
const data = new Map(Object.entries({ ...lists, ...seconds }).map(([name, values]): [string, FigureSource] => [`pinn/${name}`, { name, values: Float64Array.from(values) }]))

const curvesOf = (plot: TrainingPlot, metrics = {}) => {
  const faults: unknown[] = []
  const { panels } = figureSpecificationSchema.parse({ id: 'f', panels: trainingPanels(plot, 'pinn', arrays, metrics) })
  const curves = panels.map(panel => resolveCurves(panel, data, 'panels', fault => { faults.push(fault) }))
  expect(faults).toEqual([])
  return curves
}

describe('figures of a training', () => {
  it('losses, and the error at the steps where it was measured', () => {
    const [losses, [error]] = curvesOf('history')
    expect(losses.map(c => c.label)).toEqual(['loss', 'equation u', 'u on left'])
    expect([...error.x]).toEqual([1, 3])
  })

  it('singular values with a rule at the cut-off', () => {
    const [curves] = curvesOf('spectrum', { cutoff: 1e-2 })
    expect(curves.map(c => c.label)).toEqual(['$\\sigma_k$', '$|u_k^\\top r|$', 'cut-off'])
    expect(curves[2]).toMatchObject({ x: Float64Array.of(1, 3), y: Float64Array.of(0.02, 0.02) })
    expect(curvesOf('spectrum')[0]).toHaveLength(2)
  })

  it('the kernel at the end and at the start, part by part in one colour', () => {
    const [curves] = curvesOf('ntk')
    expect(curves.map(c => c.label)).toEqual(['whole loss', 'whole loss, start', 'equation u', 'equation u, start'])
    expect(curves[0].style.colour).toBe(curves[1].style.colour)
    expect(curves[2].style.colour).not.toBe(curves[0].style.colour)
  })

  it('histograms are stairs over the edges of their bins', () => {
    const [[end]] = curvesOf('weights')
    expect([...end.x]).toEqual([-1, 0, 0, 1, 1, 2])
    expect([...end.y]).toEqual([0.5, 0.5, 0.25, 0.25, 0.25, 0.25])
  })

  it('network and grids over the seconds of the record', () => {
    const [[network, grids]] = curvesOf('grid-beside')
    expect([[...network.x], [...grids.x]]).toEqual([[0.1, 0.4], [0.001, 0.002]])
  })

  it('nothing where the result has not what it needs', () => {
    for (const plot of ['history', 'spectrum', 'ntk', 'weights', 'grid-beside'] as const) expect(trainingPanels(plot, 'pinn', [])).toBeUndefined()
  })
})
