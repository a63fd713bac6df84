import { deflateSync } from 'node:zlib'
import { joined } from './raw-zip'

/** MATLAB version 5 elements put together by hand, so that a test can make any field lie. Little endian. */

export function matHeader(version = 0x0100, endian = 'IM'): Uint8Array {
  const header = new Uint8Array(128).fill(0x20)
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, made by a test'))
  header[124] = version & 255
  header[125] = version >> 8
  header.set(new TextEncoder().encode(endian), 126)
  return header
}

export function element(type: number, data: Uint8Array, declared = data.length): Uint8Array {
  const out = new Uint8Array(8 + Math.ceil(data.length / 8) * 8)
  const view = new DataView(out.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, declared, true)
  out.set(data, 8)
  return out
}

const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer)

export interface RawMatrix {
  name?: string
  classId?: number
  complex?: boolean
  shape?: number[]
  values?: Uint8Array
  valueType?: number
  flagsType?: number
}

export function matrix({ name = 'u', classId = 6, complex = false, shape = [2, 2], values = new Uint8Array(new Float64Array([1, 2, 3, 4]).buffer), valueType = 9, flagsType = 6 }: RawMatrix): Uint8Array {
  const body = joined(
    element(flagsType, words(classId | (complex ? 0x0800 : 0), 0)),
    element(5, words(...shape)),
    element(1, new TextEncoder().encode(name)),
    element(valueType, values),
    ...(complex ? [element(valueType, values)] : []),
  )
  return element(14, body)
}

/** Compressed elements have no padding. */
export function compressed(inner: Uint8Array): Uint8Array {
  const packed = deflateSync(inner)
  const out = new Uint8Array(8 + packed.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, 15, true)
  view.setUint32(4, packed.length, true)
  out.set(packed, 8)
  return out
}
