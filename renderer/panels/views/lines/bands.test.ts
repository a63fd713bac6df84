import { expect, it } from 'vitest'
import { homeWindow } from '../../../charts/line-painter'
import { inkOf, seriesStyle } from '../../../charts/ink'
import type { ArrayInfo, StepState } from '../../../../shared/protocol/contract'
import { bandPlaces } from './bands'
import { withEdges } from './BandsView'

const info = (name: string, shape: number[], rest: Partial<ArrayInfo> = {}): ArrayInfo => ({ name, shape, minimum: 1, maximum: 2, ...rest })
const arrays = [info('group', [6], { labels: ['width 8', 'width 16'] }), info('series', [6], { labels: ['net'] }), info('swept', [6], { title: 'width' }), info('loss_curves', [6, 40]), info('loss_steps', [40], { title: 'step' }), info('loss', [6]), info('seed', [6])]
const step = { result: { arrays } } as unknown as StepState

it('curves are drawn over their steps by setting, a metric over what was varied', () => {
  expect(bandPlaces(arrays[3], step)).toEqual({ x: 'loss_steps', xLabel: 'step', group: 'group' })
  expect(bandPlaces(arrays[5], step)).toEqual({ x: 'swept', xLabel: 'width', group: 'series' })
  for (const other of [arrays[0], arrays[4], arrays[6]]) expect(bandPlaces(other, step)).toBeUndefined()
  expect(bandPlaces(arrays[5], { result: { arrays: [info('loss', [6])] } } as unknown as StepState)).toBeUndefined()
})

it('a chart has room for its bands, and their edges go into the table', () => {
  const array = (...values: number[]): Float64Array => Float64Array.from(values)
  const series = [{ id: 'a', label: 'a', x: array(1, 2), y: array(3, 4), style: seriesStyle(0, inkOf('light')), band: { lower: array(1, NaN), upper: array(30, NaN) } }]
  const home = homeWindow(series, 'linear', 'linear')
  expect(home.y[0]).toBeLessThan(1)
  expect(home.y[1]).toBeGreaterThan(30)
  expect(withEdges(series).map(({ label, y }) => [label, [...y]])).toEqual([['a', [3, 4]], ['a, least', [1, NaN]], ['a, greatest', [30, NaN]]])
})
