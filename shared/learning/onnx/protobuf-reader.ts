import { error, FaultError } from '../../fault'

/** What a field holds on the wire: a number, or bytes. */
export type Field =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly wire: 'fixed32' | 'fixed64' | 'bytes'; readonly bytes: Uint8Array }

export const onnxFault = (message: string): FaultError => new FaultError(error('onnx-file', `This is no readable ONNX file: ${message}.`, { tip: 'Export the model again, without external data.' }))

/** The fields of one message, in order. Every length is checked against what is there, so a hostile file cannot make more of itself than its bytes. Throws FaultError `onnx-file`. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw onnxFault('it ends in the middle of a number')
      const byte = bytes[at++]
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw onnxFault('a number has too many digits')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw onnxFault('it ends in the middle of a field')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0: yield { number, wire: 'varint', value: varint() }; break
      case 1: yield { number, wire: 'fixed64', bytes: take(8) }; break
      case 2: yield { number, wire: 'bytes', bytes: take(Number(varint())) }; break
      case 5: yield { number, wire: 'fixed32', bytes: take(4) }; break
      default: throw onnxFault('it has a field of unknown kind')
    }
  }
}

/** Signed 64 bit. Throws where a double does not hold it. */
export function integerOf(field: Field): number {
  if (field.wire !== 'varint') throw onnxFault('a number is stored as something else')
  const value = Number(BigInt.asIntN(64, field.value))
  if (!Number.isSafeInteger(value)) throw onnxFault('a number is too large')
  return value
}

export function bytesOf(field: Field): Uint8Array {
  if (field.wire !== 'bytes') throw onnxFault('a text or array is stored as something else')
  return field.bytes
}

/** Numbers that one list may hold: beyond some 10⁸ JavaScript ends the process. Real arrays of that size are stored as raw bytes. */
export const listLimit = 2 ** 26

export const tooManyNumbers = (): FaultError => onnxFault('a list holds more than 67 million numbers outside raw bytes')

/** `item`, when `list` has room for it. */
export function checkedLength(list: readonly number[], item: number): number {
  if (list.length >= listLimit) throw tooManyNumbers()
  return item
}

/** Numbers of a repeated field, packed or not. */
export function integersOf(field: Field): number[] {
  if (field.wire === 'varint') return [integerOf(field)]
  const found: number[] = []
  const bytes = bytesOf(field)
  let [value, shift] = [0n, 0n]
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift
    shift += 7n
    if (byte < 128) {
      found.push(checkedLength(found, integerOf({ number: 0, wire: 'varint', value })))
      value = shift = 0n
    } else if (shift > 63n) throw onnxFault('a number has too many digits')
  }
  if (shift !== 0n) throw onnxFault('it ends in the middle of a number')
  return found
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** UTF-8; what is no text becomes U+FFFD. At most `limit` bytes are read. */
export function textOf(field: Field, limit = 65_536): string {
  const bytes = bytesOf(field).subarray(0, limit)
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i]
    const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0
    let code = length === 1 ? first : first & (0x7f >> length)
    let valid = length > 0 && i + length <= bytes.length
    for (let k = 1; valid && k < length; k++) {
      valid = (bytes[i + k] & 0xc0) === 0x80
      code = (code << 6) | (bytes[i + k] & 0x3f)
    }
    valid &&= code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
    text += valid ? String.fromCodePoint(code) : '\ufffd'
    i += valid ? length : 1
  }
  return text
}
