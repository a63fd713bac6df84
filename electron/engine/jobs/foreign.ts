import { FaultError, error } from '../../../shared/fault'
import type { AnyField } from '../../../shared/fields/mesh'
import { listArrays, readArraysAsField } from '../files/foreign'
import type { ForeignListing } from '../files/foreign'
import { readForeignFile } from '../files/foreign-file'
import { printable } from '../files/refusal'

/**
 * One array of a foreign file as a field, or several as its components; without `array` or `axes` the choice that its names and lengths leave. A complex array has the components `re` and `im`.
 * Faults: those of the readers, foreign-choice.
 */
export function readForeignField(name: string, path: string, array: string | readonly string[] | undefined, axes: Readonly<Record<string, string>> | undefined): AnyField {
  const bytes = readForeignFile(path)
  const arrays = typeof array === 'string' ? [array] : array
  if (arrays !== undefined && axes !== undefined) return readArraysAsField(name, bytes, arrays, axes)
  const chosen = onlyChoice(name, listArrays(name, bytes).arrays, arrays?.[0])
  return readArraysAsField(name, bytes, arrays ?? [chosen.array], axes ?? chosen.axes)
}

/** The array that can be read as a field without asking. */
export function onlyChoice(file: string, arrays: ForeignListing['arrays'], array?: string): { readonly array: string; readonly axes: Readonly<Record<string, string>> } {
  const named = array === undefined ? arrays : arrays.filter(entry => entry.name === array || array.endsWith(`(${entry.name})`))
  const readable = named.filter(entry => entry.guess)
  const list = arrays.map(entry => `${printable(entry.name)} (${entry.shape.join(' × ')})`).slice(0, 12).join(', ')
  if (readable.length !== 1) {
    const tip = array === undefined ? `Name the array${readable.length === 0 ? ' and the axes' : ''}. The file has ${list}.` : 'Say which arrays of the file hold the coordinates, for example x=x, t=t.'
    throw new FaultError(error('foreign-choice', array === undefined ? `It is not clear which array of ${printable(file)} is meant.` : `It is not clear which coordinates ${printable(array)} has.`, { where: { file }, tip }))
  }
  return { array: array ?? readable[0].name, axes: readable[0].guess! }
}
