import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { asSeen, seenView } from './as-seen'
import type { SeenView } from './as-seen'

const axis = (name: string) => ({ name, lower: 0, upper: 2, nodes: 5, periodic: false })
const array = (name: string, axes: string, rest: Partial<ArrayInfo> = {}): ArrayInfo => ({ name, shape: [], axes: [...axes].map(axis), minimum: 0, maximum: 1, ...rest })
const view = (name: string, options: JsonObject = {}): SeenView => ({ kind: 'view', view: 'picture', step: 'fem', array: name, options })
const map = (data: string, rest: JsonObject = {}): JsonObject => ({ marks: [{ mark: 'heatmap', data, contours: 8, ...rest }] })

test('a figure shows the unknown and the component of the view', () => {
  const arrays = [array('p', 'xy'), array('v', 'xy', { components: ['x', 'y'] })]
  expect(asSeen({ panels: [map('fem/p')] }, view('v', { component: '1' }), arrays, undefined).panels).toEqual([map('fem/v', { component: 1 })])
  expect(asSeen({ panels: [map('fem/p')] }, view('v'), arrays, undefined).panels).toEqual([map('fem/v')])
})

test('a figure shows the plane of the view', () => {
  const arrays = [array('u', 'xyz')]
  expect(asSeen({ panels: [map('fem/u', { at: { z: 1 } })] }, view('u', { plane: 'x', place: 0.25 }), arrays, undefined).panels).toEqual([map('fem/u', { at: { x: 0.5 } })])
  expect(asSeen({ panels: [map('fem/u', { at: { z: 1 } })] }, view('u', { plane: 'z', place: -1 }), arrays, undefined).panels).toEqual([map('fem/u', { at: { z: 1 } })])
})

test('a chosen time makes one panel of several', () => {
  const arrays = [array('u', 'xy', { times: [0, 1, 2] })]
  const three: JsonObject = { preset: 'nature-double', panels: [0, 1, 2].map(time => map('fem/u', { time })) }
  expect(asSeen(three, view('u'), arrays, 1)).toEqual({ preset: 'nature-single', panels: [map('fem/u', { time: 1 })] })
  expect(asSeen(three, view('u'), arrays, undefined)).toEqual(three)
})

test('the two fields of a comparison keep their places, with the component of the view', () => {
  const parts = { components: ['re', 'im'] }
  const arrays = ['a', 'b', 'difference'].map(name => array(name, 'xy', parts))
  const figure: JsonObject = { panels: arrays.map(({ name }) => map(`fem/${name}`)) }
  expect(asSeen(figure, { ...view('difference', { component: '0' }), view: 'compare' }, arrays, undefined).panels).toEqual(arrays.map(({ name }) => map(`fem/${name}`, { component: 0 })))
})

test('compared fields stand under the names of what was compared', () => {
  const arrays = [array('a', 'xy'), array('b', 'xy'), array('difference', 'xy')]
  const figure: JsonObject = { panels: [{ title: '$a$', ...map('fem/a') }, { title: 'mine', ...map('fem/b') }, { title: '$a-b$', ...map('fem/difference') }] }
  const { panels } = asSeen(figure, { ...view('difference'), view: 'compare' }, arrays, undefined, ['fd', 'fem'])
  expect((panels as JsonObject[]).map(panel => panel.title)).toEqual(['fd', 'mine', 'fd − fem'])
})

test('the active view of the step comes first', () => {
  const panels = [{ id: '1', content: { kind: 'problem' } as const }, { id: '2', content: view('p') }, { id: '3', content: view('v') }]
  expect(seenView(panels, '3', 'fem')?.array).toBe('v')
  expect(seenView(panels, '1', 'fem')?.array).toBe('p')
  expect(seenView(panels, '3', 'fd')).toBeUndefined()
})

test('views of a training’s numbers are figures of their own', () => {
  const list = (name: string): ArrayInfo => ({ name, shape: [9], minimum: 0, maximum: 4 })
  const arrays = [array('u', 'xy'), ...['singular_values', 'residual_coefficients', 'loss', 'gradient'].map(list)]
  const seen = (id: string, of: string): JsonObject => asSeen({ preset: 'nature-double', panels: [map('fem/u')] }, { ...view(of), view: id }, arrays, undefined, undefined, { cutoff: 0.25 })
  const spectrum = seen('spectrum', 'singular_values')
  expect(spectrum).toMatchObject({ preset: 'nature-single', panels: [{ marks: [{ data: 'fem/singular_values' }, { data: 'fem/residual_coefficients' }, { mark: 'rule', y: 1 }] }] })
  expect(seen('history', 'loss')).toMatchObject({ panels: [{ marks: [{ data: 'fem/loss' }] }] })
  // Other lists, and what the result does not have, leave the figure as it was suggested.
  expect(seen('history', 'gradient').panels).toEqual([map('fem/u')])
  expect(seen('grid-beside', 'grid_relative_l2').panels).toEqual([map('fem/u')])
})
