/**
 * Messages as bytes: [u32 header length, little endian][UTF-8 JSON][padding to 8][binary parts, each padded to 8].
 * Typed arrays become `{ "$bytes": [type, part offset, length] }`; non-finite numbers `{ "$number": "NaN" }`. A key that starts with `$` is escaped with another `$`.
 */
const types = { u8: Uint8Array, f32: Float32Array, f64: Float64Array } as const
type TypeName = keyof typeof types
type Binary = Uint8Array | Float32Array | Float64Array

const pad = (n: number): number => (n + 7) & ~7

export function encodeMessage(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: Binary[] = []
  let size = 0
  const encode = (v: unknown): unknown => {
    if (typeof v === 'number') return Number.isFinite(v) ? v : { $number: String(v) }
    if (v === null || typeof v !== 'object') return v
    if (ArrayBuffer.isView(v)) {
      const type = v instanceof Float64Array ? 'f64' : v instanceof Float32Array ? 'f32' : v instanceof Uint8Array ? 'u8' : undefined
      if (!type) throw new TypeError('only Uint8Array, Float32Array and Float64Array can be sent')
      const part = v as Binary
      const entry = { $bytes: [type, size, part.length] }
      parts.push(part)
      size += pad(part.byteLength)
      return entry
    }
    if (Array.isArray(v)) return v.map(encode)
    const out: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(v)) if (item !== undefined) out[key.startsWith('$') ? `$${key}` : key] = encode(item)
    return out
  }
  const header = new TextEncoder().encode(JSON.stringify(encode(value) ?? null))
  const start = pad(4 + header.length)
  const bytes = new Uint8Array(start + size)
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 4)
  let at = start
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += pad(part.byteLength)
  }
  return bytes
}

/** Throws RangeError or SyntaxError on bytes that are not a message. */
export function decodeMessage(source: Uint8Array): unknown {
  // A Node Buffer's own slice would share its memory.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  if (bytes.byteLength < 4) throw new RangeError('message too short')
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
  const start = pad(4 + length)
  if (4 + length > bytes.byteLength) throw new RangeError('message header longer than the message')
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice(4, 4 + length))
  const decode = (v: unknown): unknown => {
    if (v === null || typeof v !== 'object') return v
    if (Array.isArray(v)) return v.map(decode)
    const entry = v as Record<string, unknown>
    if (typeof entry.$number === 'string') return Number(entry.$number)
    if (Array.isArray(entry.$bytes)) {
      const [type, offset, count] = entry.$bytes as [TypeName, number, number]
      if (!Object.hasOwn(types, type) || !Number.isSafeInteger(offset) || !Number.isSafeInteger(count) || offset < 0 || count < 0) throw new RangeError('malformed binary part')
      const width = types[type].BYTES_PER_ELEMENT
      const from = start + offset
      if (from + count * width > bytes.byteLength) throw new RangeError('binary part past the end')
      const copy = bytes.slice(from, from + count * width)
      return new types[type](copy.buffer as ArrayBuffer, 0, count)
    }
    const out: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(entry)) {
      const name = key.startsWith('$$') ? key.slice(1) : key
      if (name === '__proto__') throw new RangeError('forbidden key')
      out[name] = decode(item)
    }
    return out
  }
  return decode(JSON.parse(text))
}
