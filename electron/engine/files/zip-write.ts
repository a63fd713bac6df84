import { deflateSync } from 'fflate'
import type { ByteSource } from './byte-source'
import { piecesOf, sourceOfBytes } from './byte-source'
import { crc32 } from './crc32'
import { refuse } from './refusal'

/**
 * A deterministic zip writer: the same members give the same bytes on every machine and in every time zone (all dates are 1980-01-01 00:00, the
 * first that the format has). Members keep the order given. Stored members are read twice (checksum, then copy) and never held whole; zip64
 * records are written only where a size or a count needs them.
 */
export interface ZipMember {
  readonly name: string
  /** Compress: for text. Such a member is held in memory. */
  readonly deflate: boolean
  readonly content: Uint8Array | ByteSource
  /** CRC-32 of the content where it is known already; saves one reading of it. */
  readonly crc?: number
}

/** From this size or offset on, the four-byte fields are full and zip64 records carry the value. */
const full32 = 0xffffffff
const date = 0x0021 // 1980-01-01
/** UTF-8 names. */
const flags = 0x0800

/**
 * Writes the zip through `write`. Throws `changed-while-saving` where a source differs between its two readings. `zip64From` is lowered only by tests,
 * which cannot write 4 GiB each time.
 */
export function writeZip(members: readonly ZipMember[], write: (bytes: Uint8Array) => void, zip64From = full32): void {
  let offset = 0
  const put = (bytes: Uint8Array): void => {
    write(bytes)
    offset += bytes.length
  }
  const directory: Uint8Array[] = []
  for (const member of members) {
    const source = member.content instanceof Uint8Array ? sourceOfBytes(member.content) : member.content
    const crc = member.crc ?? checksum(source)
    const packed = member.deflate ? deflated(member.name, source, crc) : undefined
    const sizes = { size: source.size, storedSize: packed ? packed.length : source.size, offset, crc, method: packed ? 8 : 0, zip64From }
    const name = new TextEncoder().encode(member.name)
    directory.push(centralRecord(name, sizes))
    put(localHeader(name, sizes))
    if (packed) put(packed)
    else {
      let again = 0
      for (const piece of piecesOf(source)) {
        again = crc32(piece, again)
        put(piece)
      }
      if (again !== crc) changed(member.name)
    }
  }
  const start = offset
  directory.forEach(put)
  put(endRecords(directory.length, offset - start, start, zip64From))
}

/** The zip in memory. */
export function zipBytes(members: readonly ZipMember[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  writeZip(members, piece => parts.push(new Uint8Array(piece)))
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

interface Sizes {
  readonly size: number
  readonly storedSize: number
  readonly offset: number
  readonly crc: number
  readonly method: number
  readonly zip64From: number
}

const changed = (name: string): never => refuse('changed-while-saving', `${name} changed while it was saved.`, { tip: 'Save again.' })

function checksum(source: ByteSource): number {
  let crc = 0
  for (const piece of piecesOf(source)) crc = crc32(piece, crc)
  return crc
}

function deflated(name: string, source: ByteSource, crc: number): Uint8Array {
  const bytes = source.read(0, source.size)
  if (crc32(bytes) !== crc) changed(name)
  return deflateSync(bytes, { level: 6 })
}

/** Little-endian fields: [width in bytes, value]. */
function record(fields: readonly (readonly [2 | 4 | 8, number])[], ...tail: Uint8Array[]): Uint8Array {
  const length = fields.reduce((n, [width]) => n + width, 0)
  const out = new Uint8Array(length + tail.reduce((n, part) => n + part.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else if (width === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += width
  }
  for (const part of tail) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const clipped = (value: number, zip64From: number): number => (value >= zip64From ? full32 : value)

function localHeader(name: Uint8Array, { size, storedSize, crc, method, zip64From }: Sizes): Uint8Array {
  const large = size >= zip64From || storedSize >= zip64From
  const extra = large ? record([[2, 1], [2, 16], [8, size], [8, storedSize]]) : new Uint8Array()
  return record(
    [[4, 0x04034b50], [2, large ? 45 : 20], [2, flags], [2, method], [2, 0], [2, date], [4, crc], [4, large ? full32 : storedSize], [4, large ? full32 : size], [2, name.length], [2, extra.length]],
    name,
    extra,
  )
}

function centralRecord(name: Uint8Array, { size, storedSize, offset, crc, method, zip64From }: Sizes): Uint8Array {
  const large = size >= zip64From || storedSize >= zip64From
  const values: [8, number][] = [...(large ? ([[8, size], [8, storedSize]] as [8, number][]) : []), ...(offset >= zip64From ? ([[8, offset]] as [8, number][]) : [])]
  const extra = values.length > 0 ? record([[2, 1], [2, 8 * values.length], ...values]) : new Uint8Array()
  const version = values.length > 0 ? 45 : 20
  return record(
    [
      [4, 0x02014b50], [2, version], [2, version], [2, flags], [2, method], [2, 0], [2, date], [4, crc], [4, large ? full32 : storedSize], [4, large ? full32 : size],
      [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, clipped(offset, zip64From)],
    ],
    name,
    extra,
  )
}

function endRecords(count: number, size: number, offset: number, zip64From: number): Uint8Array {
  const end = record([[4, 0x06054b50], [2, 0], [2, 0], [2, Math.min(count, 0xffff)], [2, Math.min(count, 0xffff)], [4, clipped(size, zip64From)], [4, clipped(offset, zip64From)], [2, 0]])
  if (count < 0xffff && size < zip64From && offset < zip64From) return end
  const end64 = record([[4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, offset]])
  const locator = record([[4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]])
  return record([], end64, locator, end)
}
