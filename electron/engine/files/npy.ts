import { defaultLimits, checkedSize } from './limits'
import type { Limits } from './limits'
import { byteCount, printable, refuse } from './refusal'
import { rowMajorFromColumnMajor, swapBytes } from './reorder'

/**
 * NumPy's array file, versions 1 to 3 (numpy.lib.format; NEP 1). Read: booleans, integers, floats and complex numbers of either byte order,
 * C or Fortran order. Written: C order, little endian, with the header bytes that `numpy.save` writes.
 */
export interface NpyType {
  readonly kind: 'b' | 'i' | 'u' | 'f' | 'c'
  /** Bytes per entry; of a complex entry both parts together. */
  readonly size: number
  readonly littleEndian: boolean
}

export interface NpyHeader {
  readonly type: NpyType
  /** As in the file: `<f8`, `|b1`, `>c16`. */
  readonly descr: string
  readonly shape: readonly number[]
  readonly fortranOrder: boolean
  /** Where the entries begin. */
  readonly dataOffset: number
  readonly count: number
  readonly dataBytes: number
}

/** An array out of a file: C order, float64; the imaginary part apart. Integers beyond 2⁵³ are rounded. */
export interface NumericArray {
  readonly shape: readonly number[]
  readonly values: Float64Array
  readonly imaginary?: Float64Array
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** numpy's own bound is 10 000 bytes. */
const maximumHeaderBytes = 65_536
/** As many bytes at a file's beginning always hold a header that is accepted. */
export const npyPrefixBytes = maximumHeaderBytes + 12

const readable: Readonly<Record<NpyType['kind'], readonly number[]>> = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [4, 8], c: [8, 16] }

/**
 * Reads the header alone; `bytes` may be the beginning of the file (`npyPrefixBytes` are always enough).
 * Faults: npy-magic, npy-version, npy-truncated, npy-header, npy-dtype, npy-pickle, npy-rank, npy-shape, npy-size.
 */
export function readNpyHeader(bytes: Uint8Array, limits: Limits = defaultLimits): NpyHeader {
  if (magic.some((byte, i) => bytes.length > i && bytes[i] !== byte)) refuse('npy-magic', 'This is not a NumPy array file: it does not begin with \\x93NUMPY.')
  if (bytes.length < 10) refuse('npy-truncated', 'The NumPy array file ends inside its header.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const major = bytes[6]
  if (major < 1 || major > 3 || bytes[7] !== 0) refuse('npy-version', `The NumPy array file has format version ${major}.${bytes[7]}; versions 1.0 to 3.0 are read.`)
  const start = major === 1 ? 10 : 12
  if (bytes.length < start) refuse('npy-truncated', 'The NumPy array file ends inside its header.')
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > maximumHeaderBytes) refuse('npy-header', `The NumPy array file declares a header of ${byteCount(length)}; at most ${byteCount(maximumHeaderBytes)} are read.`)
  if (bytes.length < start + length) refuse('npy-truncated', 'The NumPy array file ends inside its header.')
  const { descr, fortranOrder, shape } = parseHeader(latin1(bytes.subarray(start, start + length)))
  const type = typeFromDescr(descr)
  // Anything becomes float64, so small types must not slip past the limit.
  const count = checkedSize('npy', shape, Math.max(8, type.size), limits)
  return { type, descr, shape, fortranOrder, dataOffset: start + length, count, dataBytes: count * type.size }
}

/** Reads a whole array. Bytes after the last entry are ignored, as numpy does. */
export function readNpy(bytes: Uint8Array, limits: Limits = defaultLimits): NumericArray {
  const header = readNpyHeader(bytes, limits)
  if (bytes.length < header.dataOffset + header.dataBytes) {
    refuse('npy-truncated', `The array needs ${byteCount(header.dataBytes)} and the file holds ${byteCount(bytes.length - header.dataOffset)} of them.`, {
      tip: 'Fetch or write the file again.',
    })
  }
  const { values, imaginary } = decodeEntries(header.type, bytes.subarray(header.dataOffset, header.dataOffset + header.dataBytes))
  const order = (part: Float64Array): Float64Array => (header.fortranOrder ? rowMajorFromColumnMajor(part, header.shape) : part)
  return { shape: header.shape, values: order(values), ...(imaginary ? { imaginary: order(imaginary) } : {}) }
}

/** Entries in the order of the file: `data` holds a whole number of them. For reading a slice of a file with its header at hand. */
export function decodeEntries(type: NpyType, data: Uint8Array): { values: Float64Array; imaginary?: Float64Array } {
  const part = type.kind === 'c' ? type.size / 2 : type.size
  // A copy: aligned, free to be swapped where the file is big endian (`slice` of a Node buffer would not copy).
  const bytes = new Uint8Array(data.subarray(0, data.length - (data.length % type.size)))
  if (!type.littleEndian && part > 1) swapBytes(bytes, part)
  const numbers = asFloat64(type, part, bytes)
  if (type.kind !== 'c') return { values: numbers }
  const values = new Float64Array(numbers.length / 2)
  const imaginary = new Float64Array(numbers.length / 2)
  for (let i = 0; i < values.length; i++) {
    values[i] = numbers[2 * i]
    imaginary[i] = numbers[2 * i + 1]
  }
  return { values, imaginary }
}

export type WritableArray = Float64Array | Float32Array | Int32Array

const descrOf = (values: WritableArray): string => (values instanceof Float64Array ? '<f8' : values instanceof Float32Array ? '<f4' : '<i4')

/** The header that `numpy.save` (≥ 1.23) writes for a C-order array: padded with spaces to a multiple of 64 with room for a growing first axis. */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const room = shape.length > 0 ? 21 - String(shape[0]).length : 0
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }${' '.repeat(Math.max(0, room))}`
  const padding = 64 - ((10 + text.length + 1) % 64)
  const length = text.length + padding + 1
  const out = new Uint8Array(10 + length).fill(0x20)
  out.set([...magic, 1, 0, length & 255, length >> 8])
  for (let i = 0; i < text.length; i++) out[10 + i] = text.charCodeAt(i)
  out[out.length - 1] = 0x0a
  return out
}

/** An array as an `.npy` file. The shape's product must be the number of values. */
export function writeNpy(values: WritableArray, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = npyHeaderFor(values, shape)
  const out = new Uint8Array(header.length + values.byteLength)
  out.set(header)
  out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length)
  return out
}

/** The header of `writeNpy`, to write header and values one after the other without a copy. */
export function npyHeaderFor(values: WritableArray, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((n, extent) => n * extent, 1)
  if (count !== values.length) throw new RangeError(`shape (${shape.join(', ')}) has ${count} entries, the array ${values.length}`)
  return npyHeader(descrOf(values), shape)
}

function typeFromDescr(descr: string): NpyType {
  const match = /^([<>|=])([a-zA-Z?])(\d{0,4})$/.exec(descr)
  const kind = match?.[2]
  if (kind === 'O') refuse('npy-pickle', 'The array holds Python objects, which only running its pickle could read; that is never done.', { tip: 'Save it as numbers: array.astype(float).' })
  const size = Number(match?.[3])
  if (!match || !kind || !Object.hasOwn(readable, kind) || !readable[kind as NpyType['kind']].includes(size)) {
    refuse('npy-dtype', `The array's data type '${printable(descr)}' is not read; booleans, integers, float32, float64, complex64 and complex128 are.`)
  }
  return { kind: kind as NpyType['kind'], size, littleEndian: match[1] !== '>' }
}

/** The header is a Python dictionary with exactly these three keys, in any order: parsed, never evaluated. */
function parseHeader(text: string): { descr: string; fortranOrder: boolean; shape: number[] } {
  let at = 0
  const wrong = (): never => refuse('npy-header', 'The header of the NumPy array file is not a dictionary of descr, fortran_order and shape.')
  const skip = (): void => {
    while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t') at++
  }
  const take = (character: string): void => {
    skip()
    if (text[at] !== character) wrong()
    at++
  }
  const peek = (): string => {
    skip()
    return text[at] ?? ''
  }
  const string = (): string => {
    const quote = peek()
    if (quote !== "'" && quote !== '"') wrong()
    const end = text.indexOf(quote, at + 1)
    if (end < 0 || end - at > 64) wrong()
    const value = text.slice(at + 1, end)
    at = end + 1
    return value
  }
  let descr: string | undefined
  let fortranOrder: boolean | undefined
  let shape: number[] | undefined
  take('{')
  while (peek() !== '}') {
    const key = string()
    take(':')
    skip()
    if (key === 'descr' && descr === undefined) {
      if (peek() === '[') refuse('npy-dtype', 'The array is a table of named columns (a structured data type), which is not read.', { tip: 'Save each column as an array of its own.' })
      descr = string()
    } else if (key === 'fortran_order' && fortranOrder === undefined) {
      const word = text.startsWith('True', at) ? 'True' : text.startsWith('False', at) ? 'False' : wrong()
      fortranOrder = word === 'True'
      at += word.length
    } else if (key === 'shape' && shape === undefined) {
      shape = []
      take('(')
      while (peek() !== ')') {
        const digits = /^\d{1,20}/.exec(text.slice(at, at + 20))?.[0] ?? wrong()
        shape.push(Number(digits))
        if (shape.length > 64) refuse('npy-rank', 'The array has more than 64 dimensions.')
        at += digits.length
        if (text[at] === 'L') at++
        if (peek() === ',') at++
        else if (peek() !== ')') wrong()
      }
      at++
    } else wrong()
    if (peek() === ',') at++
    else if (peek() !== '}') wrong()
  }
  at++
  skip()
  if (at !== text.length || descr === undefined || fortranOrder === undefined || shape === undefined) return wrong()
  return { descr, fortranOrder, shape }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}

function asFloat64(type: NpyType, width: number, bytes: Uint8Array<ArrayBuffer>): Float64Array {
  const { buffer, byteOffset } = bytes
  const length = bytes.length / width
  switch (type.kind) {
    case 'f':
    case 'c':
      return width === 8 ? new Float64Array(buffer, byteOffset, length) : new Float64Array(new Float32Array(buffer, byteOffset, length))
    case 'b':
      return new Float64Array(bytes.map(byte => (byte ? 1 : 0)))
    case 'i':
      if (width === 8) return Float64Array.from(new BigInt64Array(buffer, byteOffset, length), Number)
      return new Float64Array(width === 1 ? new Int8Array(buffer, byteOffset, length) : width === 2 ? new Int16Array(buffer, byteOffset, length) : new Int32Array(buffer, byteOffset, length))
    case 'u':
      if (width === 8) return Float64Array.from(new BigUint64Array(buffer, byteOffset, length), Number)
      return new Float64Array(width === 1 ? bytes : width === 2 ? new Uint16Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length))
  }
}
