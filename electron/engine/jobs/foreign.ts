import { FaultError, error } from '../../../shared/fault'
import type { Field } from '../../../shared/fields/field'
import { listArrays, readArrayAsField } from '../files/foreign'
import type { ForeignListing } from '../files/foreign'
import { readForeignFile } from '../files/foreign-file'
import { printable } from '../files/refusal'

/** One array of a foreign file as a field; without `array` or `axes` the choice that its names and lengths leave. Faults: those of the readers, foreign-choice. */
export function readForeignField(name: string, path: string, array: string | undefined, axes: Readonly<Record<string, string>> | undefined): Field {
  const bytes = readForeignFile(path)
  if (array !== undefined && axes !== undefined) return readArrayAsField(name, bytes, array, axes)
  const chosen = onlyChoice(name, listArrays(name, bytes).arrays, array)
  return readArrayAsField(name, bytes, chosen.array, axes ?? chosen.axes)
}

/** The array that can be read as a field without asking. */
export function onlyChoice(file: string, arrays: ForeignListing['arrays'], array?: string): { readonly array: string; readonly axes: Readonly<Record<string, string>> } {
  const named = array === undefined ? arrays : arrays.filter(entry => entry.name === array || array.endsWith(`(${entry.name})`))
  const readable = named.filter(entry => entry.guess && (array !== undefined || !entry.complex))
  const list = arrays.map(entry => `${printable(entry.name)} (${entry.shape.join(' × ')})`).slice(0, 12).join(', ')
  if (readable.length !== 1) {
    const tip = array === undefined ? `Name the array${readable.length === 0 ? ' and the axes' : ''}. The file has ${list}.${arrays.some(entry => entry.complex) ? ' Of a complex one name re(…), im(…) or abs(…).' : ''}` : 'Say which arrays of the file hold the coordinates, for example x=x, t=t.'
    throw new FaultError(error('foreign-choice', array === undefined ? `It is not clear which array of ${printable(file)} is meant.` : `It is not clear which coordinates ${printable(array)} has.`, { where: { file }, tip }))
  }
  return { array: array ?? readable[0].name, axes: readable[0].guess! }
}
