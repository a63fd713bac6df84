import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 as zlibCrc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { ByteSource } from './byte-source'
import { sourceOfBytes } from './byte-source'
import { adler32, crc32 } from './crc32'
import { inflateZlib } from './inflate'
import { defaultLimits } from './limits'
import { writeNpy } from './npy'
import { readNpz } from './npz'
import { faultCode } from './testing/fault-code'
import { randomNumbers } from './testing/mutate'
import { hasPython, runPython } from './testing/python'
import { rawZip } from './testing/raw-zip'
import { piecesOfZipEntry, readZipDirectory, readZipEntry, writeZip, zipBytes } from './zip'

const folder = mkdtempSync(join(tmpdir(), 'residuum-zip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const limits = defaultLimits

describe('zip', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-zé]{1,8}(\/[a-z]{1,8}){0,3}$/), data: fc.uint8Array({ maxLength: 4000 }), deflate: fc.boolean() }), { selector: m => m.name.normalize('NFC'), maxLength: 8 }), members => {
        const source = sourceOfBytes(zipBytes(members.map(({ name, data, deflate }) => ({ name, deflate, content: data }))))
        const entries = readZipDirectory(source, limits)
        expect(entries.map(entry => entry.name)).toEqual(members.map(member => member.name))
        entries.forEach((entry, i) => {
          expect(Buffer.from(readZipEntry(source, entry, limits)).equals(members[i].data)).toBe(true)
          expect(Buffer.concat([...piecesOfZipEntry(source, entry, limits)]).equals(members[i].data)).toBe(true)
        })
      }),
      { numRuns: 200 },
    )
  })

  it('agrees with an independent checksum', () => {
    const next = randomNumbers(1)
    for (const length of [0, 1, 2, 3, 4, 5, 7, 1023, 70_001]) {
      const bytes = Uint8Array.from({ length }, () => next() * 256)
      expect(crc32(bytes)).toBe(zlibCrc32(bytes))
      expect(crc32(bytes.subarray(length >> 1), crc32(bytes.subarray(0, length >> 1)))).toBe(zlibCrc32(bytes))
    }
    expect(adler32(new TextEncoder().encode('Wikipedia'))).toBe(0x11e60398)
  })

  it('reads members compressed by zlib at every level, however blocks fall', () => {
    const next = randomNumbers(2)
    for (const size of [0, 1, 100, 70_000, 300_000]) {
      const data = Uint8Array.from({ length: size }, (_, i) => (i % 1000 < 700 ? i & 15 : next() * 256))
      for (const level of [0, 1, 6, 9]) {
        const stored = deflateRawSync(data, { level })
        const bytes = rawZip([{ name: 'a', data: stored, method: 8, size, crc: zlibCrc32(data) }])
        const source = sourceOfBytes(bytes)
        expect(Buffer.from(readZipEntry(source, readZipDirectory(source, limits)[0], limits)).equals(data)).toBe(true)
      }
    }
  })

  it.skipIf(!hasPython('numpy'))('reads what numpy.savez and zipfile write, streamed and zip64 included (skips without numpy)', () => {
    runPython(
      `
import sys, zipfile, io, numpy as np
a = np.arange(5000.).reshape(50, 100); b = np.asfortranarray(a.astype('>f4'))
np.savez(sys.argv[1] + '/stored.npz', a=a, b=b, c=np.array(3))
np.savez_compressed(sys.argv[1] + '/packed.npz', a=a, b=b, c=np.array(3))
class Pipe(io.RawIOBase):  # cannot seek: sizes follow the data
    def __init__(self, f): self.f = f
    def writable(self): return True
    def write(self, x): return self.f.write(x)
with open(sys.argv[1] + '/piped.npz', 'wb') as f:
    with zipfile.ZipFile(Pipe(f), 'w', zipfile.ZIP_DEFLATED) as z:
        for name, x in dict(a=a, b=b, c=np.array(3)).items():
            o = io.BytesIO(); np.save(o, x); z.writestr(name + '.npy', o.getvalue())
        z.writestr('readme.txt', 'passed over'); z.comment = b'a comment with PK\\x05\\x06 in it'`,
      folder,
    )
    for (const name of ['stored', 'packed', 'piped']) {
      const arrays = readNpz(readFileSync(join(folder, `${name}.npz`)))
      expect(arrays.map(array => [array.name, array.header.shape])).toEqual([['a', [50, 100]], ['b', [50, 100]], ['c', []]])
      const [a, b, c] = arrays.map(array => array.read())
      expect(a.values.every((value, i) => value === i)).toBe(true)
      expect(b.values.every((value, i) => value === i)).toBe(true)
      expect(c.values[0]).toBe(3)
    }
  })

  it.skipIf(!hasPython('numpy'))('writes an archive that numpy loads (skips without numpy)', () => {
    const path = join(folder, 'ours.npz')
    writeFileSync(path, zipBytes([{ name: 'u.npy', deflate: true, content: writeNpy(Float64Array.of(1, 2, 3, 4), [2, 2]) }]))
    expect(runPython(`import sys, numpy as np; print(np.load(sys.argv[1])['u'].tolist())`, path).trim()).toBe('[[1.0, 2.0], [3.0, 4.0]]')
  })

  it.skipIf(!hasPython('zipfile'))('writes zip64 records that Python reads, in every combination (skips without Python)', () => {
    const members = ['a', 'b', 'c'].map((name, i) => ({ name, deflate: i === 1, content: new Uint8Array(100 + 400 * i).map((_, k) => k * (i + 1)) }))
    for (const zip64From of [0, 150, 400, 600, 1200]) {
      const parts: Uint8Array[] = []
      writeZip(members, piece => parts.push(new Uint8Array(piece)), zip64From)
      const bytes = Buffer.concat(parts)
      const source = sourceOfBytes(bytes)
      const entries = readZipDirectory(source, limits)
      expect(entries.map(entry => Buffer.from(readZipEntry(source, entry, limits)).equals(members.find(m => m.name === entry.name)?.content ?? Buffer.alloc(0)))).toEqual([true, true, true])
      const path = join(folder, `zip64-${zip64From}.zip`)
      writeFileSync(path, bytes)
      expect(runPython(`import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size) for i in z.infolist()])`, path).trim()).toBe("None [('a', 100), ('b', 500), ('c', 900)]")
    }
  })

  it('writes more than 65 535 members, and reads them', () => {
    const many = zipBytes(Array.from({ length: 70_000 }, (_, i) => ({ name: String(i), deflate: false, content: new Uint8Array() })))
    expect(readZipDirectory(sourceOfBytes(many), { ...limits, entries: 100_000 })).toHaveLength(70_000)
  })

  it.skipIf(!process.env.RESIDUUM_LARGE)('writes a member of more than 4 GiB, and reads it (takes seconds: skips without RESIDUUM_LARGE=1)', () => {
    // A source of 4.3 GB that exists nowhere; the written bytes are only counted and sampled.
    const piece = new Uint8Array(1 << 20)
    const large: ByteSource = { size: 0x1_0040_0000, read: (_offset, length) => piece.subarray(0, length) }
    const headers: { at: number; bytes: Uint8Array }[] = []
    let at = 0
    writeZip(
      [
        { name: 'large', deflate: false, content: large, crc: zerosCrc(large.size) },
        { name: 'after', deflate: false, content: Uint8Array.of(1, 2, 3) },
      ],
      bytes => {
        if (bytes.length < piece.length) headers.push({ at, bytes: new Uint8Array(bytes) })
        at += bytes.length
      },
    )
    const source: ByteSource = {
      size: at,
      read(offset, length) {
        const out = new Uint8Array(length)
        for (const header of headers) {
          const from = Math.max(offset, header.at)
          const to = Math.min(offset + length, header.at + header.bytes.length)
          if (from < to) out.set(header.bytes.subarray(from - header.at, to - header.at), from - offset)
        }
        return out
      },
    }
    const entries = readZipDirectory(source, { ...limits, budgetBytes: 1e10 })
    expect(entries.map(entry => [entry.name, entry.size])).toEqual([['large', large.size], ['after', 3]])
    expect([...readZipEntry(source, entries[1], limits)]).toEqual([1, 2, 3])
    expect(faultCode(() => readZipEntry(source, entries[0], { ...limits, arrayBytes: 1 << 30 }))).toBe('zip-budget')
  })

  it('expands zlib streams within their limits only', () => {
    const next = randomNumbers(3)
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 5 ? 7 : next() * 256))
    const stored = inflatable(data)
    expect(Buffer.from(inflateZlib('x', stored, 200_000, limits)).equals(data)).toBe(true)
    expect(faultCode(() => inflateZlib('x', stored, 199_999, limits))).toBe('x-size')
    expect(faultCode(() => inflateZlib('x', inflatable(new Uint8Array(1 << 20)), 1 << 21, { ...limits, ratioFreeBytes: 1000 }))).toBe('x-ratio')
    for (const length of [0, 1, 3, 5, 6, 100, stored.length - 1]) expect(faultCode(() => inflateZlib('x', stored.subarray(0, length), 1e6, limits))).toBe('x-deflate')
  })
})

const inflatable = (data: Uint8Array): Uint8Array => {
  const body = deflateRawSync(data, { level: 6 })
  const sum = adler32(data)
  return Uint8Array.from([0x78, 0x9c, ...body, sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255])
}

function zerosCrc(size: number): number {
  const piece = new Uint8Array(1 << 20)
  let crc = 0
  for (let at = 0; at < size; at += piece.length) crc = zlibCrc32(piece.subarray(0, Math.min(piece.length, size - at)), crc)
  return crc
}
