import { deflateSync } from 'fflate'
import { crc32 } from '../crc32'

/** A zip put together field by field, so that a test can make any field lie. Not the writer under test. */
export interface RawMember {
  name: string
  data?: Uint8Array
  deflate?: boolean
  /** What stands in the headers instead of the truth. */
  method?: number
  crc?: number
  size?: number
  storedSize?: number
  flags?: number
  disk?: number
  localName?: string
  localSize?: number
  localMethod?: number
  /** Points the directory at this place instead of the member's own header. */
  offset?: number
  nameBytes?: Uint8Array
  extra?: Uint8Array
}

export interface RawEnd {
  count?: number
  countHere?: number
  disk?: number
  size?: number
  offset?: number
  comment?: Uint8Array
  /** Bytes between the directory and the end record. */
  between?: Uint8Array
  prefix?: Uint8Array
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function fields(...values: (readonly [2 | 4, number])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((n, [width]) => n + width, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return out
}

export function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function rawZip(members: readonly RawMember[], end: RawEnd = {}): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [end.prefix ?? new Uint8Array()]
  let length = parts[0].length
  const directory: Uint8Array[] = []
  const put = (part: Uint8Array): void => {
    parts.push(part)
    length += part.length
  }
  for (const member of members) {
    const data = member.data ?? new Uint8Array()
    const stored = member.deflate ? deflateSync(data) : data
    const method = member.method ?? (member.deflate ? 8 : 0)
    const name = member.nameBytes ?? encode(member.name)
    const crc = member.crc ?? crc32(data)
    const size = member.size ?? data.length
    const storedSize = member.storedSize ?? stored.length
    const flags = member.flags ?? 0
    const offset = member.offset ?? length
    const localName = member.localName === undefined ? name : encode(member.localName)
    const extra = member.extra ?? new Uint8Array()
    put(joined(fields([4, 0x04034b50], [2, 20], [2, flags], [2, member.localMethod ?? method], [2, 0], [2, 33], [4, crc], [4, storedSize], [4, member.localSize ?? size], [2, localName.length], [2, 0]), localName, stored))
    directory.push(
      joined(
        fields(
          [4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [2, 0], [2, 33], [4, crc], [4, storedSize], [4, size], [2, name.length], [2, extra.length], [2, 0], [2, member.disk ?? 0], [2, 0], [4, 0], [4, offset],
        ),
        name,
        extra,
      ),
    )
  }
  const start = length
  directory.forEach(put)
  const size = length - start
  put(end.between ?? new Uint8Array())
  const comment = end.comment ?? new Uint8Array()
  put(fields([4, 0x06054b50], [2, end.disk ?? 0], [2, end.disk ?? 0], [2, end.countHere ?? end.count ?? members.length], [2, end.count ?? members.length], [4, end.size ?? size], [4, end.offset ?? start], [2, comment.length]))
  put(comment)
  return joined(...parts)
}
