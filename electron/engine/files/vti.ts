import { printable, refuse } from './refusal'
import { AppendedData, escaped, pointData, timeValue } from './vtk'
import type { Axis, Field } from '../../../shared/fields/field'
import { fieldAt, fieldTimes } from '../../../shared/fields/field'

/**
 * VTK's image data in XML (VTK file formats, version 1.0 with 64-bit sizes), point data appended raw: what ParaView and VisIt open. x is the fastest index
 * there as here. The nodes must be equally spaced; a periodic axis is written with its nodes only, without the repeated end.
 */

/** Fields of one grid at one of their times. Faults: vti-nonuniform, vti-grids. */
export function writeVti(fields: readonly Field[], timeIndex = 0): Uint8Array<ArrayBuffer> {
  const [first] = fields
  const { axes } = first.grid
  for (const axis of axes) checkUniform(axis)
  if (fields.some(field => !sameAxes(field.grid.axes, axes))) refuse('vti-grids', 'One VTK file holds fields of one grid only.', { tip: 'Export them one by one.' })
  if (fields.some(field => timeIndex < 0 || timeIndex >= fieldTimes(field))) throw new RangeError(`time index ${timeIndex}`)
  const three = <T>(of: (axis: Axis) => T, absent: T): T[] => [0, 1, 2].map(k => (axes[k] ? of(axes[k]) : absent))
  const extent = three(axis => `0 ${axis.coordinates.length - 1}`, '0 0').join(' ')
  const appended = new AppendedData()
  const arrays = fields.flatMap(field => pointData(field, c => fieldAt(field, timeIndex, c), appended)).join('')
  const head = `<?xml version="1.0"?>
<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">
  <ImageData WholeExtent="${extent}" Origin="${three(axis => axis.coordinates[0], 0).join(' ')}" Spacing="${three(spacing, 1).join(' ')}">
${timeValue(first.times?.[timeIndex])}    <Piece Extent="${extent}">
      <PointData>
${arrays}      </PointData>
    </Piece>
  </ImageData>
`
  return appended.file(head)
}

/** One `.vti` for each time and the `.pvd` that lists them; a steady field gives its one file. `base` is the file name without extension. */
export function* vtiSeries(field: Field, base: string): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (!field.times) {
    yield { name: `${base}.vti`, bytes: writeVti([field]) }
    return
  }
  const digits = String(field.times.length - 1).length
  const names = Array.from(field.times, (_, i) => `${base}-${String(i).padStart(digits, '0')}.vti`)
  for (const [i, name] of names.entries()) yield { name, bytes: writeVti([field], i) }
  const lines = names.map((name, i) => `    <DataSet timestep="${field.times?.[i]}" part="0" file="${escaped(name)}"/>\n`).join('')
  const list = `<?xml version="1.0"?>\n<VTKFile type="Collection" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n  <Collection>\n${lines}  </Collection>\n</VTKFile>\n`
  yield { name: `${base}.pvd`, bytes: new TextEncoder().encode(list) }
}

const spacing = ({ coordinates }: Axis): number => (coordinates.length > 1 ? (coordinates[coordinates.length - 1] - coordinates[0]) / (coordinates.length - 1) : 1)

function checkUniform(axis: Axis): void {
  const { coordinates, name } = axis
  const h = spacing(axis)
  // Coordinates from other programs are often rounded to six digits.
  const worst = coordinates.reduce((most, value, i) => Math.max(most, Math.abs(value - coordinates[0] - i * h)), 0)
  if (worst > 1e-5 * h) refuse('vti-nonuniform', `The nodes along ${printable(name)} are not equally spaced, which a .vti file cannot hold.`, { tip: 'Export .csv or .npy instead.' })
}

const sameAxes = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every((axis, k) => axis.coordinates.length === b[k].coordinates.length && axis.coordinates.every((value, i) => value === b[k].coordinates[i]))
