import { inflateZlib, inflateZlibPrefix } from './inflate'
import type { Limits } from './limits'
import { checkedSize, defaultLimits } from './limits'
import type { NumericArray } from './npy'
import { byteCount, printable, refuse } from './refusal'
import { rowMajorFromColumnMajor, swapBytes } from './reorder'

/**
 * MATLAB's version 5 file (also saved by versions 6 and 7), after "MAT-File Format", MathWorks 2022, chapter 1. Numeric arrays of every class, real
 * or complex, compressed or not, little or big endian; MATLAB's column-major order becomes C order of the same shape. Characters, cells,
 * structures, objects, sparse matrices and functions are listed with the reason why they are not read.
 */
export interface MatVariable {
  readonly name: string
  /** MATLAB's word: double, single, int8, …, cell, struct. */
  readonly type: string
  readonly shape: readonly number[]
  readonly complex: boolean
  /** Why it cannot be read. */
  readonly refused?: string
  /** Reads the values; throws FaultError. */
  read(): NumericArray
}

const classNames = [
  '', 'cell', 'struct', 'object', 'char', 'sparse', 'double', 'single', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'function', 'opaque object',
]
const isNumericClass = (id: number): boolean => id >= 6 && id <= 15

const matrixType = 14
const compressedType = 15
/** Bytes per value of each data type that numbers are stored in, and how to view them once they are little endian and aligned. */
const numberTypes: Readonly<Record<number, readonly [width: number, view: (buffer: ArrayBuffer) => ArrayLike<number> | ArrayLike<bigint>]>> = {
  1: [1, b => new Int8Array(b)],
  2: [1, b => new Uint8Array(b)],
  3: [2, b => new Int16Array(b)],
  4: [2, b => new Uint16Array(b)],
  5: [4, b => new Int32Array(b)],
  6: [4, b => new Uint32Array(b)],
  7: [4, b => new Float32Array(b)],
  9: [8, b => new Float64Array(b)],
  12: [8, b => new BigInt64Array(b)],
  13: [8, b => new BigUint64Array(b)],
}

const truncated = (): never => refuse('mat-truncated', 'The MATLAB file ends too early.', { tip: 'Fetch or save it again.' })
const corrupt = (what: string): never => refuse('mat-corrupt', `The MATLAB file is damaged: ${what}.`)

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** Whether the bytes begin like a MATLAB file of version 5, 7 or 7.3. */
export const looksLikeMat = (bytes: Uint8Array): boolean => startsWith(bytes, 'MATLAB ') || (bytes.length >= 128 && (startsWith(bytes, 'IM', 126) || startsWith(bytes, 'MI', 126)))

/**
 * The variables of a file, in its order. Values are read (and compressed ones expanded whole) only by `read`.
 * Faults: mat-v73, mat-version, mat-truncated, mat-corrupt, mat-entries, mat-duplicate, mat-deflate, mat-ratio, mat-rank, mat-shape, mat-size.
 */
export function readMat5(bytes: Uint8Array, limits: Limits = defaultLimits): MatVariable[] {
  if (startsWith(bytes, 'MATLAB 7.3') || (bytes[125] === 2 && startsWith(bytes, 'IM', 126)) || startsWith(bytes, '\x89HDF\r\n\x1a\n', 512)) {
    refuse('mat-v73', 'This is a MATLAB 7.3 file, which is HDF5 inside and not read yet.', { tip: "Save it in MATLAB with save('name.mat', '-v7')." })
  }
  if (bytes.length < 128) truncated()
  const littleEndian = startsWith(bytes, 'IM', 126)
  if (!littleEndian && !startsWith(bytes, 'MI', 126)) refuse('mat-version', 'This is not a MATLAB file of version 5 or 7.', { tip: "Save it in MATLAB with save('name.mat', '-v7')." })
  const view = viewOf(bytes)
  const version = view.getUint16(124, littleEndian)
  if (version !== 0x0100) refuse('mat-version', `The MATLAB file declares version 0x${version.toString(16)}; 0x100 is read.`)
  const variables: MatVariable[] = []
  const names = new Set<string>()
  let budget = limits.budgetBytes
  for (let at = 128; at < bytes.length; ) {
    if (variables.length >= limits.entries) refuse('mat-entries', `The MATLAB file has more than ${limits.entries} variables.`)
    const tag = readTag(view, at, littleEndian)
    if (tag.small || (tag.type !== matrixType && tag.type !== compressedType)) corrupt('a variable is expected and something else is there')
    const body = bytes.subarray(tag.start, tag.end)
    const variable = tag.type === compressedType ? compressedVariable(body, littleEndian, limits) : matrixVariable(body, littleEndian, limits)
    at = tag.type === compressedType ? tag.end : tag.next
    if (!variable) continue
    if (names.has(variable.name)) refuse('mat-duplicate', `The MATLAB file holds ${printable(variable.name)} twice.`)
    names.add(variable.name)
    if (!variable.refused) budget -= variable.shape.reduce((n, extent) => n * extent, 8)
    if (budget < 0) refuse('mat-size', `The variables of the MATLAB file need more than ${byteCount(limits.budgetBytes)}.`, { tip: 'Raise the size limit if you trust the file.' })
    variables.push(variable)
  }
  return variables
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

interface Tag {
  readonly type: number
  readonly small: boolean
  readonly start: number
  readonly end: number
  /** Where the next element begins: elements are padded to 8 bytes. */
  readonly next: number
}

function readTag(view: DataView, at: number, littleEndian: boolean): Tag {
  if (at + 8 > view.byteLength) truncated()
  const word = view.getUint32(at, littleEndian)
  const small = word >>> 16
  if (small) {
    if (small > 4) corrupt('a small element is longer than 4 bytes')
    return { type: word & 0xffff, small: true, start: at + 4, end: at + 4 + small, next: at + 8 }
  }
  const length = view.getUint32(at + 4, littleEndian)
  const end = at + 8 + length
  if (end > view.byteLength) truncated()
  // The last element of a file may lack its padding.
  return { type: word, small: false, start: at + 8, end, next: Math.min(at + 8 + Math.ceil(length / 8) * 8, view.byteLength) }
}

/** Enough for flags, 64 dimensions and the longest name that MATLAB allows. */
const prefixBytes = 1024

function compressedVariable(stored: Uint8Array, littleEndian: boolean, limits: Limits): MatVariable | undefined {
  const beginning = inflateZlibPrefix('mat', stored, prefixBytes, limits)
  if (beginning.length < 8) return corrupt('a compressed variable is empty')
  const view = viewOf(beginning)
  if (view.getUint32(0, littleEndian) !== matrixType) corrupt('a compressed element is not a variable')
  const length = view.getUint32(4, littleEndian)
  const outline = matrixOutline(beginning.subarray(8, Math.min(beginning.length, 8 + length)), littleEndian, limits)
  if (!outline) return undefined
  return {
    ...outline,
    read: () => {
      const whole = inflateZlib('mat', stored, 2 * limits.arrayBytes, limits)
      if (whole.length < 8 + length) truncated()
      return readMatrix(whole.subarray(8, 8 + length), littleEndian, limits)
    },
  }
}

function matrixVariable(body: Uint8Array, littleEndian: boolean, limits: Limits): MatVariable | undefined {
  const outline = matrixOutline(body, littleEndian, limits)
  return outline && { ...outline, read: () => readMatrix(body, littleEndian, limits) }
}

type Outline = Omit<MatVariable, 'read'> & { readonly classId: number; readonly count: number; readonly dataStart: number }

/** Flags, dimensions and name. Undefined for the nameless subsystem data that MATLAB appends for its objects. */
function matrixOutline(body: Uint8Array, littleEndian: boolean, limits: Limits): Outline | undefined {
  const view = viewOf(body)
  const flagsTag = readTag(view, 0, littleEndian)
  if (flagsTag.type !== 6 || flagsTag.end - flagsTag.start !== 8) corrupt('a variable does not begin with its flags')
  const flags = view.getUint32(flagsTag.start, littleEndian)
  const classId = flags & 0xff
  const type = classNames[classId]
  if (!type) return corrupt(`a variable is of the unknown class ${classId}`)
  // Opaque objects have no dimensions.
  const dimensionsTag = classId === 17 ? undefined : readTag(view, flagsTag.next, littleEndian)
  const shape = dimensionsTag ? dimensions(view, dimensionsTag, littleEndian) : []
  const nameTag = readTag(view, dimensionsTag ? dimensionsTag.next : flagsTag.next, littleEndian)
  if (nameTag.type !== 1 && nameTag.type !== 2 && nameTag.type !== 16) corrupt('a variable has no name')
  if (nameTag.end - nameTag.start > 512) corrupt('the name of a variable is longer than 512 bytes')
  const name = nameOf(body.subarray(nameTag.start, nameTag.end))
  if (name === '') return undefined
  const complex = (flags & 0x0800) !== 0
  const readable = isNumericClass(classId)
  if (!readable) return { name, type, shape, complex, refused: `it is a ${type}, and only arrays of numbers are read`, classId, count: 0, dataStart: 0 }
  const count = checkedSize('mat', shape, complex ? 16 : 8, limits)
  return { name, type, shape, complex, classId, count, dataStart: nameTag.next }
}

function dimensions(view: DataView, tag: Tag, littleEndian: boolean): number[] {
  const bytes = tag.end - tag.start
  if (tag.type !== 5 || bytes % 4 !== 0 || bytes < 8) corrupt('a variable has no dimensions')
  if (bytes > 256) refuse('mat-rank', 'A variable of the MATLAB file has more than 64 dimensions.')
  const shape: number[] = []
  for (let at = tag.start; at < tag.end; at += 4) {
    const extent = view.getInt32(at, littleEndian)
    if (extent < 0) refuse('mat-shape', 'A variable of the MATLAB file has a negative dimension.')
    shape.push(extent)
  }
  return shape
}

function nameOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes)
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

function readMatrix(body: Uint8Array, littleEndian: boolean, limits: Limits): NumericArray {
  const outline = matrixOutline(body, littleEndian, limits)
  if (!outline || outline.refused) return refuse('mat-class', `${printable(outline?.name ?? 'The variable')} is not read: ${outline?.refused ?? 'it has no name'}.`)
  const { shape, count, complex, dataStart } = outline
  const view = viewOf(body)
  const realTag = readTag(view, dataStart, littleEndian)
  const values = rowMajorFromColumnMajor(numbers(body, realTag, count, littleEndian), shape)
  if (!complex) return { shape, values }
  return { shape, values, imaginary: rowMajorFromColumnMajor(numbers(body, readTag(view, realTag.next, littleEndian), count, littleEndian), shape) }
}

function numbers(body: Uint8Array, tag: Tag, count: number, littleEndian: boolean): Float64Array {
  const entry = Object.hasOwn(numberTypes, tag.type) ? numberTypes[tag.type] : undefined
  if (!entry) return corrupt(`numbers are stored as the unknown type ${tag.type}`)
  const [width, view] = entry
  if (tag.end - tag.start !== count * width) corrupt('a variable holds another number of values than its dimensions say')
  // A copy: aligned, free to be swapped, and its buffer holds nothing else (`slice` of a Node buffer would not copy).
  const bytes = new Uint8Array(body.subarray(tag.start, tag.end))
  if (!littleEndian && width > 1) swapBytes(bytes, width)
  const raw = view(bytes.buffer)
  return raw instanceof BigInt64Array || raw instanceof BigUint64Array ? Float64Array.from(raw as BigInt64Array, Number) : new Float64Array(raw as ArrayLike<number>)
}
