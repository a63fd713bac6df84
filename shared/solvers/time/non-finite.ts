import { error, type Fault } from '../../fault'
import type { Grid } from '../../fields/field'
import { gridShape } from '../../fields/field'

/** The first node that is not finite, else the node of the largest value. */
export function placeOf(grid: Grid, values: Float64Array): { readonly text: string; readonly value: number } {
  let at = 0
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      at = i
      break
    }
    if (Math.abs(values[i]) > Math.abs(values[at])) at = i
  }
  const shape = gridShape(grid)
  let stride = 1
  const text = grid.axes.map((axis, a) => {
    const coordinate = axis.coordinates[Math.floor(at / stride) % shape[a]]
    stride *= shape[a]
    return `${axis.name} = ${Number(coordinate.toPrecision(6))}`
  })
  return { text: text.join(', '), value: values[at] }
}

/** Code `non-finite`: names the field, the cell, the step and the time. */
export function nonFiniteFault(unknown: string, grid: Grid, values: Float64Array, step: number, time: number, start: number): Fault {
  const place = placeOf(grid, values)
  const when = time === start ? 'at the initial time' : `after step ${step}, at t = ${Number(time.toPrecision(6))}`
  return error('non-finite', `${unknown} is no longer a finite number at ${place.text} ${when}.`, {
    tip: 'The solution may blow up, or the time step is too long: try a shorter one, and look at the field just before.',
  })
}
