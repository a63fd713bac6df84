import { expect, it } from 'vitest'
import { fontMetrics } from '../../electron/engine/paint/fonts'
import type { ArrayInfo } from '../fields/array-info'
import type { Fault } from '../fault'
import { bandsOf } from './bands'
import { checkFigure } from './check'
import { composeFigure } from './compose'
import { figureReferences, type FigureSource } from './data'
import type { Item } from './display-list'
import type { FigureSpecification } from './specification'
import { suggestFigure } from './suggest'

const array = (...values: number[]): Float64Array => Float64Array.from(values)

it('takes the middle, least and greatest of the runs of every group', () => {
  const curves = { values: array(1, 2, 3, 5, 4, 9, 2, 8, NaN, 7, NaN, NaN), shape: [4, 3] }
  const [first, second] = bandsOf(curves, array(10, 20, 30), { values: array(0, 0, 0, 1), labels: ['adam', 'lbfgs'] })!
  // The third run has ended before: it stays where it was.
  expect(first).toEqual({ label: 'adam', x: array(10, 20, 30), median: array(2, 4, 8), lower: array(1, 2, 3), upper: array(5, 8, 9), runs: 3 })
  expect(second).toEqual({ label: 'lbfgs', x: array(10), median: array(7), lower: array(7), upper: array(7), runs: 1 })
  expect(bandsOf(curves, undefined)![0]).toMatchObject({ x: array(1, 2, 3), median: array(3.5, 5.5, 7.5), runs: 4 })
})

it('makes a point of every value that a column is over', () => {
  const bands = bandsOf({ values: array(1, 3, 10, 20, NaN, 30) }, array(16, 16, 8, 8, 32, 8))!
  expect(bands).toEqual([{ x: array(8, 16), median: array(20, 2), lower: array(10, 1), upper: array(30, 3), runs: 3 }])
})

it('leaves out groups without a number, and says where lengths do not fit', () => {
  expect(bandsOf({ values: array(NaN, NaN, 1, 2), shape: [2, 2] }, undefined, { values: array(0, 1), labels: ['a', 'b'] })!.map(band => band.label)).toEqual(['b'])
  expect(bandsOf({ values: array(1, 2, 3, 4), shape: [2, 2] }, array(1, 2, 3))).toBeUndefined()
  expect(bandsOf({ values: array(1, 2, 3, 4), shape: [2, 2] }, undefined, { values: array(0) })).toBeUndefined()
  expect(bandsOf({ values: array(1, 2) }, undefined)).toBeUndefined()
  expect(bandsOf({ values: array(), shape: [0, 4] }, undefined)).toEqual([])
})

const runs: readonly FigureSource[] = [
  { name: 'loss_curves', values: array(1, 0.1, 0.01, 4, 0.4, 0.04, 2, 0.2, 0.02, 9, 1, NaN), shape: [4, 3] }, { name: 'loss_steps', values: array(1, 2, 3), title: 'step' },
  { name: 'group', values: array(0, 0, 0, 1), labels: ['width 8', 'width 16'] }, { name: 'series', values: array(0, 0, 0, 0), labels: ['net'] }, { name: 'swept', values: array(8, 8, 8, 16), title: 'width' },
  { name: 'relative_l2', values: array(1e-2, 4e-2, 2e-2, 1e-3) },
]
const data = new Map(runs.map(source => [`s/${source.name}`, source]))
const infos = runs.map((source): ArrayInfo => {
  const { name, values, shape = [values.length], title, labels } = source as { name: string; values: Float64Array; shape?: number[]; title?: string; labels?: string[] }
  const finite = [...values].filter(Number.isFinite)
  return { name, shape, minimum: Math.min(...finite), maximum: Math.max(...finite), ...(title ? { title } : {}), ...(labels ? { labels } : {}) }
})
const flat = (items: readonly Item[]): Item[] => items.flatMap(item => (item.kind === 'group' ? flat(item.items) : [item]))
function drawn(specification: FigureSpecification): { items: Item[]; faults: readonly Fault[] } {
  const checked = checkFigure(specification)
  if (!checked.ok) throw new Error(checked.faults[0].message)
  const { list, faults } = composeFigure(checked.value, data, fontMetrics, { dpi: 72 })
  return { items: flat(list.items), faults }
}

it('a figure of a sweep has bands where a setting ran more than once, and names the settings', () => {
  const figure = suggestFigure('s', infos, 'T')!
  expect(figure.panels.map(panel => panel.marks)).toEqual([
    [{ mark: 'band', data: 's/relative_l2', x: 's/swept', group: 's/series' }], [{ mark: 'band', data: 's/loss_curves', x: 's/loss_steps', group: 's/group', markers: false }],
  ])
  const { items, faults } = drawn(figure)
  expect(faults).toEqual([])
  const bands = items.filter(item => item.kind === 'path' && item.opacity !== undefined && item.opacity < 1 && item.fill !== undefined)
  expect(bands).toHaveLength(2)
  // There and back: the greatest values from left to right, the least from right to left.
  expect((bands[1] as { d: string }).d.match(/[ML]/g)).toHaveLength(6)
  const words = items.flatMap(item => (item.kind === 'text' ? [item.text] : []))
  for (const word of ['width 8', 'width 16', 'width', 'step', 'loss']) expect(words.join(' ')).toContain(word)
  const checked = checkFigure(figure)
  if (!checked.ok) throw new Error('the figure is refused')
  expect(figureReferences(checked.value).sort()).toEqual(['s/group', 's/loss_curves', 's/loss_steps', 's/relative_l2', 's/series', 's/swept'])
})

it('says what a band cannot be drawn of', () => {
  const band = (options: object): string => drawn({ id: 'f', panels: [{ marks: [{ mark: 'band', ...options } as never] }] }).faults.map(fault => fault.message).join(' ')
  expect(band({ data: 's/loss_curves', x: 's/swept' })).toBe('"s/loss_curves" does not fit its abscissa "s/swept".')
  expect(band({ data: 's/loss_curves', group: 's/loss_steps' })).toBe('"s/loss_curves" does not fit its groups "s/loss_steps".')
  expect(band({ data: 's/none' })).toContain('There are no results for "s/none".')
})
