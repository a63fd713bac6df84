import { inflateSync } from 'fflate'
import type { ByteSource } from './byte-source'
import { partOfSource, piecesOf } from './byte-source'
import { crc32 } from './crc32'
import type { Limits } from './limits'
import { byteCount, printable, refuse } from './refusal'

/**
 * A strict zip reader (PKWARE APPNOTE 6.3.9; stored and deflated members, zip64). What ordinary unzip programs tolerate and attackers use —
 * members that overlap, headers that disagree, names that leave the folder, sizes that lie — is refused, each with its own code.
 */
export interface ZipEntry {
  readonly name: string
  readonly method: 'stored' | 'deflate'
  readonly size: number
  readonly storedSize: number
  readonly crc: number
  /** Where the member's stored bytes begin in the file. */
  readonly dataOffset: number
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const end64LocatorSignature = 0x07064b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50

const corrupt = (what: string): never => refuse('zip-corrupt', `The zip file is damaged: ${what}.`)
const truncated = (): never => refuse('zip-truncated', 'The zip file is cut off, or is not a zip file.', { tip: 'Fetch or copy it again.' })

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function read(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > source.size) truncated()
  return source.read(offset, length)
}

/** The members in the order of the file, all checked against each other and the limits; nothing is expanded yet. */
export function readZipDirectory(source: ByteSource, limits: Limits): ZipEntry[] {
  const { count, offset, size, end } = findDirectory(source)
  if (count > limits.entries) refuse('zip-entries', `The zip file has ${count} members; at most ${limits.entries} are read.`)
  if (offset + size !== end) corrupt('its directory is not where it says')
  // A record is at least 46 bytes, so a huge directory of few members is padding.
  if (size > count * 1024 + 1024) corrupt('its directory is longer than its members need')
  const directory = read(source, offset, size)
  const entries: (ZipEntry & { headerOffset: number })[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const { entry, next } = readRecord(source, directory, at, offset)
    entries.push(entry)
    at = next
  }
  if (at !== size) corrupt('its directory holds something else than members')
  checkTogether(entries, limits)
  return entries.map(({ name, method, size: bytes, storedSize, crc, dataOffset }) => ({ name, method, size: bytes, storedSize, crc, dataOffset }))
}

function findDirectory(source: ByteSource): { count: number; offset: number; size: number; end: number } {
  if (source.size < 22) truncated()
  const tailLength = Math.min(source.size, 22 + 65_535)
  const tailStart = source.size - tailLength
  const tail = read(source, tailStart, tailLength)
  const view = viewOf(tail)
  let at = tailLength - 22
  // The end record is the last one whose comment reaches exactly to the end of the file.
  while (at >= 0 && !(view.getUint32(at, true) === endSignature && at + 22 + view.getUint16(at + 20, true) === tailLength)) at--
  if (at < 0) truncated()
  const end = tailStart + at
  const disks = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)]
  const counts = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
  const [count, size, offset] = [counts[1], view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
  if (end >= 20 && viewOf(read(source, end - 20, 20)).getUint32(0, true) === end64LocatorSignature) {
    const locator = viewOf(read(source, end - 20, 20))
    const start = whole(locator.getBigUint64(8, true))
    if (locator.getUint32(4, true) !== 0 || locator.getUint32(16, true) > 1) return multiDisk()
    if (start + 56 !== end - 20) return corrupt('its zip64 end record is not where it says')
    const record = viewOf(read(source, start, 56))
    if (record.getUint32(0, true) !== end64Signature || record.getBigUint64(4, true) !== 44n) return corrupt('its zip64 end record is not one')
    if (record.getUint32(16, true) !== 0 || record.getUint32(20, true) !== 0) return multiDisk()
    if (record.getBigUint64(24, true) !== record.getBigUint64(32, true)) return multiDisk()
    const large = { count: whole(record.getBigUint64(32, true)), size: whole(record.getBigUint64(40, true)), offset: whole(record.getBigUint64(48, true)) }
    if ((count !== 0xffff && count !== large.count) || (size !== 0xffffffff && size !== large.size) || (offset !== 0xffffffff && offset !== large.offset)) {
      corrupt('its two end records disagree')
    }
    return { ...large, end: start }
  }
  if (disks[0] !== 0 || disks[1] !== 0 || counts[0] !== counts[1]) multiDisk()
  return { count, offset, size, end }
}

const multiDisk = (): never => refuse('zip-multi-disk', 'The zip file is one part of several.', { tip: 'Join the parts first.' })

function whole(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) corrupt('it declares a size beyond 2^53')
  return Number(value)
}

function readRecord(source: ByteSource, directory: Uint8Array, at: number, directoryOffset: number): { entry: ZipEntry & { headerOffset: number }; next: number } {
  if (at + 46 > directory.length) corrupt('its directory ends inside a member')
  const view = viewOf(directory)
  if (view.getUint32(at, true) !== centralSignature) corrupt('its directory holds something else than members')
  const flags = view.getUint16(at + 8, true)
  const methodId = view.getUint16(at + 10, true)
  const crc = view.getUint32(at + 16, true)
  let [storedSize, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
  const [nameLength, extraLength, commentLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)]
  let disk = view.getUint16(at + 34, true)
  let headerOffset = view.getUint32(at + 42, true)
  const next = at + 46 + nameLength + extraLength + commentLength
  if (next > directory.length) corrupt('its directory ends inside a member')
  const nameBytes = directory.subarray(at + 46, at + 46 + nameLength)
  const name = memberName(nameBytes)
  const shown = printable(name)
  const extra = zip64Extra(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength))
  if (size === 0xffffffff) size = extra.next8()
  if (storedSize === 0xffffffff) storedSize = extra.next8()
  if (headerOffset === 0xffffffff) headerOffset = extra.next8()
  if (disk === 0xffff) disk = extra.next4()
  if (disk !== 0) multiDisk()
  if (flags & 0x2041) refuse('zip-encrypted', `The zip member ${shown} is encrypted.`, { tip: 'Save it without a password.' })
  if (methodId !== 0 && methodId !== 8) refuse('zip-method', `The zip member ${shown} uses compression method ${methodId}; stored and deflate are read.`)
  const method = methodId === 0 ? 'stored' : 'deflate'
  if (method === 'stored' && size !== storedSize) refuse('zip-size', `The zip member ${shown} declares two different sizes.`)

  const local = read(source, headerOffset, 30)
  const header = viewOf(local)
  if (header.getUint32(0, true) !== localSignature) corrupt(`the member ${shown} is not where the directory says`)
  const localName = read(source, headerOffset + 30, header.getUint16(26, true))
  const localExtra = header.getUint16(28, true)
  const dataOffset = headerOffset + 30 + localName.length + localExtra
  if (localName.length !== nameLength || localName.some((byte, i) => byte !== nameBytes[i])) refuse('zip-header', `The zip member ${shown} has another name in its own header.`)
  if (header.getUint16(8, true) !== methodId || (header.getUint16(6, true) ^ flags) & 0x2041) refuse('zip-header', `The zip member ${shown} contradicts its own header.`)
  // With bit 3 the sizes follow the data, and the directory alone counts.
  if (!(header.getUint16(6, true) & 8)) {
    const more = zip64Extra(read(source, headerOffset + 30 + localName.length, localExtra))
    let [localStored, localSize] = [header.getUint32(18, true), header.getUint32(22, true)]
    if (localSize === 0xffffffff) localSize = more.next8()
    if (localStored === 0xffffffff) localStored = more.next8()
    if (localSize !== size || localStored !== storedSize || header.getUint32(14, true) !== crc) refuse('zip-header', `The zip member ${shown} contradicts its own header.`)
  }
  if (dataOffset + storedSize > directoryOffset) refuse('zip-overlap', `The zip member ${shown} runs into the directory.`)
  return { entry: { name, method, size, storedSize, crc, dataOffset, headerOffset }, next }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function memberName(bytes: Uint8Array): string {
  if (bytes.length === 0 || bytes.length > 512) refuse('zip-name', 'A zip member has an empty name or one longer than 512 bytes.')
  let name: string
  try {
    name = utf8.decode(bytes)
  } catch {
    return refuse('zip-name', 'A zip member has a name that is not UTF-8.')
  }
  const shown = printable(name)
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse('zip-name', `The zip member ${shown} has control characters in its name.`)
  if (name.includes('\\')) refuse('zip-name', `The zip member ${shown} has a backslash in its name.`)
  if (name.startsWith('/') || /^[a-zA-Z]:/.test(name)) refuse('zip-name', `The zip member ${shown} has an absolute name.`)
  const parts = name.endsWith('/') ? name.slice(0, -1).split('/') : name.split('/')
  if (parts.some(part => part === '' || part === '.' || part === '..')) refuse('zip-name', `The zip member ${shown} has a name that leaves its folder.`)
  return name
}

/** The zip64 extended information (extra field 1): 8-byte values in a fixed order, present only where the 4-byte field is full. */
function zip64Extra(extra: Uint8Array): { next8: () => number; next4: () => number } {
  const view = viewOf(extra)
  let from = -1
  let to = -1
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true)
    if (at + 4 + length > extra.length) break
    if (view.getUint16(at, true) === 1 && from < 0) [from, to] = [at + 4, at + 4 + length]
    at += 4 + length
  }
  const take = (width: 4 | 8): number => {
    if (from < 0 || from + width > to) return corrupt('a member lacks its zip64 sizes')
    const value = width === 8 ? whole(view.getBigUint64(from, true)) : view.getUint32(from, true)
    from += width
    return value
  }
  return { next8: () => take(8), next4: () => take(4) }
}

function checkTogether(entries: readonly (ZipEntry & { headerOffset: number })[], limits: Limits): void {
  const names = new Set<string>()
  let expanded = 0
  let stored = 0
  for (const entry of entries) {
    const key = entry.name.normalize('NFC')
    if (names.has(key)) refuse('zip-duplicate', `The zip file holds ${printable(entry.name)} twice.`)
    names.add(key)
    expanded += entry.size
    stored += entry.storedSize
    checkRatio(entry.name, entry.size, entry.storedSize, limits)
  }
  if (expanded > limits.budgetBytes) {
    refuse('zip-budget', `The zip file expands to ${byteCount(expanded)}; the limit is ${byteCount(limits.budgetBytes)}.`, { tip: 'Raise the size limit if you trust the file.' })
  }
  // Many small members can each stay below the free size and be a bomb together.
  checkRatio('all members together', expanded, stored, limits)
  let end = 0
  for (const entry of [...entries].sort((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset < end) refuse('zip-overlap', `The zip member ${printable(entry.name)} overlaps another one.`)
    end = entry.dataOffset + entry.storedSize
  }
}

function checkRatio(name: string, size: number, storedSize: number, limits: Limits): void {
  if (size > limits.ratioFreeBytes && size > limits.ratio * storedSize) {
    refuse('zip-ratio', `${printable(name)} would expand ${byteCount(storedSize)} to ${byteCount(size)}, more than ${limits.ratio} to 1.`, { tip: 'A file like this is made to fill the memory.' })
  }
}

/** One member whole: expanded to exactly its declared size and checked against its checksum. */
export function readZipEntry(source: ByteSource, entry: ZipEntry, limits: Limits): Uint8Array {
  const shown = printable(entry.name)
  if (entry.size > limits.arrayBytes) refuse('zip-budget', `The zip member ${shown} is ${byteCount(entry.size)} long; the limit is ${byteCount(limits.arrayBytes)}.`)
  const stored = read(source, entry.dataOffset, entry.storedSize)
  let bytes = stored
  if (entry.method === 'deflate') {
    // Deflate expands at most 1032 : 1, so a size beyond that is a lie and is not allocated.
    if (entry.size > 1032 * entry.storedSize + 64) refuse('zip-size', `The zip member ${shown} is not as long as it says.`)
    try {
      // One byte of room more than declared shows a member that is longer than it says; writes past it are dropped.
      bytes = inflateSync(stored, { out: new Uint8Array(entry.size + 1) })
    } catch (reason) {
      if (reason instanceof RangeError) refuse('zip-size', `The zip member ${shown} is longer than it says.`)
      refuse('zip-deflate', `The compressed bytes of the zip member ${shown} are damaged.`)
    }
    if (bytes.length !== entry.size) refuse('zip-size', `The zip member ${shown} is not as long as it says.`)
  }
  if (crc32(bytes) !== entry.crc) refuse('zip-crc', `The zip member ${shown} is damaged: its checksum does not match.`, { tip: 'Fetch or copy the file again.' })
  return bytes
}

/** A stored member as a source of its own, for reading pieces of it; its checksum is the caller's to check. */
export function sourceOfStoredEntry(source: ByteSource, entry: ZipEntry): ByteSource {
  if (entry.method !== 'stored') throw new TypeError(`${entry.name} is compressed`)
  return partOfSource(source, entry.dataOffset, entry.size)
}

/** The bytes of a member in order: a stored one piece by piece, a compressed one whole. Ends with a fault when the checksum does not match. */
export function* piecesOfZipEntry(source: ByteSource, entry: ZipEntry, limits: Limits): Generator<Uint8Array> {
  if (entry.method === 'deflate') {
    yield readZipEntry(source, entry, limits)
    return
  }
  let crc = 0
  for (const piece of piecesOf(sourceOfStoredEntry(source, entry))) {
    crc = crc32(piece, crc)
    yield piece
  }
  if (crc !== entry.crc) refuse('zip-crc', `The zip member ${printable(entry.name)} is damaged: its checksum does not match.`, { tip: 'Fetch or copy the file again.' })
}
