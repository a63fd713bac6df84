import { refuse } from './refusal'
import { fieldNodes } from '../../../shared/fields/components'
import { axisNames } from '../../../shared/fields/field'
import type { AnyField } from '../../../shared/fields/mesh'
import { isMeshField } from '../../../shared/fields/mesh'

/**
 * Fields of one grid or mesh as CSV text, piece by piece: a header `x,y,t,u` (components as `v_x,v_y`), then one row per node and time in the order of memory (t slowest, x fastest). Numbers have the
 * fewest digits that give the same float64 back; `nan`, `inf`, `-inf` as numpy.loadtxt reads them. Fault: csv-grids.
 */
export function* csvOfFields(fields: readonly AnyField[]): Generator<string> {
  const [first] = fields
  const size = fieldNodes(first)
  const times = first.times?.length ?? 1
  if (fields.some(field => fieldNodes(field) !== size || (field.times?.length ?? 1) !== times || isMeshField(field) !== isMeshField(first))) {
    refuse('csv-grids', 'One CSV file holds fields of one grid only.', { tip: 'Export them one by one.' })
  }
  const columns = fields.flatMap(field => (field.components ?? [undefined]).map((part, c, all) => ({ name: part === undefined ? field.name : `${field.name}_${part}`, values: field.values, component: c, of: all.length })))
  const axes = isMeshField(first) ? axisNames.slice(0, first.mesh.dimension) : first.grid.axes.map(axis => axis.name)
  yield `${[...axes, ...(first.times ? ['t'] : []), ...columns.map(column => column.name)].join(',')}\n`
  const place = placeOf(first)
  let lines: string[] = []
  for (let s = 0; s < times; s++) {
    const time = first.times ? [number(first.times[s])] : []
    for (let i = 0; i < size; i++) {
      lines.push([...place(i), ...time, ...columns.map(({ values, component, of }) => number(values[(s * of + component) * size + i]))].join(','))
      if (lines.length === 4096) {
        yield `${lines.join('\n')}\n`
        lines = []
      }
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/** The coordinates of a node as text. */
function placeOf(field: AnyField): (node: number) => string[] {
  if (isMeshField(field)) {
    const { dimension, points } = field.mesh
    return node => Array.from({ length: dimension }, (_, a) => number(points[node * dimension + a]))
  }
  const coordinates = field.grid.axes.map(axis => Array.from(axis.coordinates, number))
  return node => {
    let rest = node
    return coordinates.map(own => {
      const text = own[rest % own.length]
      rest = Math.floor(rest / own.length)
      return text
    })
  }
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
