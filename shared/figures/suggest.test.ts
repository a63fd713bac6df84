import { describe, expect, it } from 'vitest'
import { checkFigure } from './check'
import type { ArrayInfo } from '../fields/array-info'
import { suggestFigure } from './suggest'

const axis = (name: string) => ({ name, lower: 0, upper: 1, nodes: 9, periodic: false })
const column = (name: string, minimum = 0.1): ArrayInfo => ({ name, shape: [5], minimum, maximum: 1 })
const marks = (arrays: readonly ArrayInfo[]): unknown => suggestFigure('fd', arrays, 'T')?.panels.map(panel => panel.marks.map(mark => mark.mark))

describe('the suggested figure', () => {
  const times = [0, 0.25, 0.5, 0.75, 1]
  const cases: Record<string, readonly ArrayInfo[]> = {
    'space and time': [{ name: 'u', shape: [5, 9], axes: [axis('x')], times, minimum: -1, maximum: 1 }],
    'one axis': [{ name: 'u', shape: [9], axes: [axis('x')], minimum: -1, maximum: 1 }],
    'two axes': [column('residuals'), { name: 'u', shape: [9, 9], axes: [axis('x'), axis('y')], minimum: 0, maximum: 1 }],
    'two axes over time': [{ name: 'w', shape: [5, 9, 9], axes: [axis('x'), axis('y')], times, minimum: 0, maximum: 1 }],
    'three axes': [{ name: 'u', shape: [9, 9, 9], axes: [axis('x'), axis('y'), axis('z')], minimum: 0, maximum: 1 }],
    'a convergence study': [{ name: 'u', shape: [9, 9], axes: [axis('x'), axis('y')], minimum: 0, maximum: 1 }, column('h'), column('nodes'), column('relative_l2'), column('relative_h1', NaN), column('order', NaN)],
    'a comparison': ['a', 'b', 'difference'].map(name => ({ name, shape: [9, 9], axes: [axis('x'), axis('y')], minimum: -1, maximum: 1 })),
    'a history': [column('residuals')],
  }
  it('fits what the step computed', () => {
    expect(Object.fromEntries(Object.entries(cases).map(([name, arrays]) => [name, marks(arrays)]))).toEqual({
      'space and time': [['heatmap'], ['line']], 'one axis': [['line']], 'two axes': [['heatmap']], 'two axes over time': [['heatmap'], ['heatmap'], ['heatmap']],
      'three axes': [['heatmap']], 'a convergence study': [['line', 'slope']], 'a comparison': [['heatmap'], ['heatmap'], ['heatmap']], 'a history': [['line']],
    })
  })
  it('is a valid specification', () => {
    for (const arrays of Object.values(cases)) expect(checkFigure(suggestFigure('fd', arrays, 'T'))).toMatchObject({ ok: true })
  })
  it('spreads three times over the outputs', () => {
    expect(suggestFigure('fd', cases['space and time'], 'T')?.panels[1].marks).toEqual([{ mark: 'line', data: 'fd/u', time: [0, 0.5, 1] }])
  })
  it('is none when nothing can be drawn', () => expect(suggestFigure('fd', [], 'T')).toBeUndefined())
})
