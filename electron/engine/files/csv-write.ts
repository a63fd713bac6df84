import { refuse } from './refusal'
import type { Field } from '../../../shared/fields/field'
import { fieldTimes, gridSize } from '../../../shared/fields/field'

/**
 * Fields of one grid as CSV text, piece by piece: a header `x,y,t,u`, then one row per node and time in the order of memory (t slowest, x fastest). Numbers have the
 * fewest digits that give the same float64 back; `nan`, `inf`, `-inf` as numpy.loadtxt reads them. Fault: csv-grids.
 */
export function* csvOfFields(fields: readonly Field[]): Generator<string> {
  const [first] = fields
  const size = gridSize(first.grid)
  if (fields.some(field => field.values.length !== first.values.length || gridSize(field.grid) !== size)) refuse('csv-grids', 'One CSV file holds fields of one grid only.', { tip: 'Export them one by one.' })
  const { axes } = first.grid
  yield `${[...axes.map(axis => axis.name), ...(first.times ? ['t'] : []), ...fields.map(field => field.name)].join(',')}\n`
  const coordinates = axes.map(axis => Array.from(axis.coordinates, number))
  let lines: string[] = []
  for (let s = 0; s < fieldTimes(first); s++) {
    const time = first.times ? [number(first.times[s])] : []
    for (let i = 0; i < size; i++) {
      const cells: string[] = []
      for (let k = 0, rest = i; k < axes.length; k++) {
        const n = coordinates[k].length
        cells.push(coordinates[k][rest % n])
        rest = Math.floor(rest / n)
      }
      lines.push([...cells, ...time, ...fields.map(field => number(field.values[s * size + i]))].join(','))
      if (lines.length === 4096) {
        yield `${lines.join('\n')}\n`
        lines = []
      }
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/** Columns of one length with their names, for arrays that are no fields (residual history, convergence table). */
export function* csvOfColumns(columns: readonly { readonly name: string; readonly values: ArrayLike<number> }[]): Generator<string> {
  yield `${columns.map(column => column.name).join(',')}\n`
  const rows = Math.max(0, ...columns.map(column => column.values.length))
  for (let i = 0; i < rows; i++) yield `${columns.map(column => (i < column.values.length ? number(column.values[i]) : '')).join(',')}\n`
}

/** The whole text as bytes; encoded piece by piece, because one string cannot be longer than half a GiB. */
export function csvBytes(pieces: Iterable<string>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const parts = Array.from(pieces, piece => encoder.encode(piece))
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function number(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}
