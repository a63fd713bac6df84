import { arraysOfTable } from './foreign-table'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { looksLikeMat, readMat5 } from './mat5'
import type { NumericArray } from './npy'
import { readNpy, readNpyHeader } from './npy'
import { readNpz } from './npz'
import { inFile, printable, refuse } from './refusal'
import { readTable } from './table'
import { nearestName } from '../../../shared/fault'

/** Arrays out of other programs' files. The format is told by the file's first bytes, text tables by its extension. */
export type ForeignFormat = 'mat5' | 'npy' | 'npz' | 'table' | 'comsol'

/** An array of a file before its values are read. */
export interface ArrayEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly complex: boolean
  read(): NumericArray
}

export interface ForeignContent {
  readonly format: ForeignFormat
  readonly arrays: readonly ArrayEntry[]
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  /** Which dimension comes first in the file when nothing else says: MATLAB's arrays have x first, NumPy's x last. */
  readonly firstAxis: 'x' | 't'
}

const tableExtension = /\.(csv|tsv|txt|dat|asc)$/i
const starts = (bytes: Uint8Array, ...codes: number[]): boolean => codes.every((code, i) => bytes[i] === code)

/** Opens a file by its content. `name` is the file's name, for its extension and for messages. */
export function openForeign(name: string, bytes: Uint8Array, limits: Limits = defaultLimits): ForeignContent {
  return inFile(printable(name), () => {
    if (starts(bytes, 0x93, 0x4e, 0x55, 0x4d)) {
      const header = readNpyHeader(bytes, limits)
      const array = { name: baseName(name), shape: header.shape, complex: header.type.kind === 'c', read: () => readNpy(bytes, limits) }
      return { format: 'npy', arrays: [array], refused: [], firstAxis: 't' }
    }
    if (starts(bytes, 0x50, 0x4b)) {
      const arrays = readNpz(bytes, limits)
      if (arrays.length === 0) refuse('foreign-empty', 'The zip file holds no NumPy arrays.')
      return { format: 'npz', arrays: arrays.map(({ name: array, header, read }) => ({ name: array, shape: header.shape, complex: header.type.kind === 'c', read })), refused: [], firstAxis: 't' }
    }
    if (looksLikeMat(bytes)) {
      const variables = readMat5(bytes, limits)
      return {
        format: 'mat5',
        arrays: variables.filter(variable => !variable.refused),
        refused: variables.flatMap(variable => (variable.refused ? [{ name: variable.name, reason: variable.refused }] : [])),
        firstAxis: 'x',
      }
    }
    if (starts(bytes, 0x89, 0x48, 0x44, 0x46)) refuse('foreign-hdf5', 'This is an HDF5 file, which is not read yet.', { tip: 'Save its arrays as .npz or as a MATLAB 7 file.' })
    if (tableExtension.test(name)) {
      const table = readTable(bytes, limits)
      return { format: table.comsol ? 'comsol' : 'table', arrays: arraysOfTable(table), refused: [], firstAxis: 't' }
    }
    return refuse('foreign-unknown', 'The format of the file is not known.', { tip: 'MATLAB .mat (versions 5 and 7), .npy, .npz, .csv and COMSOL text are read.' })
  })
}

const baseName = (name: string): string => name.split(/[\\/]/).at(-1)?.replace(/\.[^.]*$/, '') || 'array'

/** An array or a real part of a complex one by its name. */
export function realArray(content: ForeignContent, name: string): { shape: readonly number[]; values: Float64Array } {
  const exact = content.arrays.find(array => array.name === name)
  const [, part, inner] = exact ? [] : (/^(re|im|abs)\((.+)\)$/.exec(name) ?? [])
  const entry = exact ?? content.arrays.find(array => array.name === inner)
  if (!entry) {
    const refused = content.refused.find(item => item.name === name)
    if (refused) refuse('array-missing', `${printable(name)} cannot be read: ${refused.reason}.`)
    const names = content.arrays.map(array => array.name)
    const near = nearestName(inner ?? name, names)
    return refuse('array-missing', `The file has no array ${printable(name)}.`, {
      tip: near ? `Did you mean ${printable(near)}?` : `It has: ${names.slice(0, 12).map(printable).join(', ')}${names.length > 12 ? ', …' : ''}.`,
    })
  }
  if (entry.complex && !part) refuse('array-complex', `${printable(name)} is complex.`, { tip: `Ask for re(${name}), im(${name}) or abs(${name}).` })
  const { shape, values, imaginary } = entry.read()
  if (part === 'im') return { shape, values: imaginary ?? new Float64Array(values.length) }
  if (part === 'abs') return { shape, values: values.map((value, i) => Math.hypot(value, imaginary?.[i] ?? 0)) }
  return { shape, values }
}
