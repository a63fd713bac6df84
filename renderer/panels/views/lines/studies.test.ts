import { describe, expect, it } from 'vitest'
import type { Ink } from '../../../charts/ink'
import { studyOf } from './studies'
import { studySeries } from './StudyView'

const ink = { dark: false, unit: 1 } as Ink

describe('studies', () => {
  it('draw what is extrapolated apart from what was measured', () => {
    const series = studySeries(studyOf('dimensions')!, {
      dimension: Float64Array.of(1, 2, 3, 10), unknowns_order2: Float64Array.of(10, 100, 1000, 1e10), measured_order2: Float64Array.of(1, 1, 1, 0), width_grid: Float64Array.of(1e3, 1e6, 1e9, 1e30),
    }, ink)
    expect(series.map(s => s.label)).toEqual(['order 2, measured', 'order 2, extrapolated', 'grid of width ε'])
    expect(Array.from(series[0].y)).toEqual([10, 100, 1000, NaN])
    expect(Array.from(series[1].y)).toEqual([NaN, NaN, 1000, 1e10])
  })

  it('leave out what a step did not compute', () => {
    expect(studySeries(studyOf('energy-bounds')!, { h: Float64Array.of(0.1, 0.2), energy_gap: Float64Array.of(1, 2) }, ink)).toHaveLength(1)
  })
})
