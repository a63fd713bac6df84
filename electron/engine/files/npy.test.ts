import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultLimits } from './limits'
import { decodeEntries, npyHeader, readNpy, readNpyHeader, writeNpy } from './npy'
import { openNpyFile, writeNpyFile } from './npy-file'
import { faultCode } from './testing/fault-code'
import { hasPython, runPython } from './testing/python'

const folder = mkdtempSync(join(tmpdir(), 'residuum-npy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const numpy = hasPython('numpy')
const text = (header: string): Uint8Array => {
  const bytes = new TextEncoder().encode(`\x93NUMPY\x01\x00\x00\x00${header}`.replace('\x93', 'X'))
  bytes[0] = 0x93
  new DataView(bytes.buffer).setUint16(8, header.length, true)
  return bytes
}
const described = (descr: string, shape: string, order = 'False'): Uint8Array => text(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`)

describe('NPY', () => {
  it('reads back what it writes', () => {
    for (const values of [Float64Array.of(1, -0, NaN, Infinity, 5e-324, 6), Float32Array.of(1, 2, 3, 4, 5, 0.1), Int32Array.of(1, -2, 3, -4, 5, 2147483647)]) {
      for (const shape of [[6], [2, 3], [1, 3, 2], [6, 1, 1, 1]]) {
        const back = readNpy(writeNpy(values, shape))
        expect(back.shape).toEqual(shape)
        expect([...back.values]).toEqual([...values])
      }
    }
    expect(readNpy(writeNpy(Float64Array.of(7), [])).shape).toEqual([])
    expect(readNpy(writeNpy(new Float64Array(0), [0, 4])).values).toHaveLength(0)
  })

  it.skipIf(!numpy)('writes the bytes that numpy.save writes (skips without numpy)', () => {
    const shapes = [[], [0], [1], [12], [3, 4], [2, 3, 2], [12, 1, 1, 1, 1, 1, 1, 1]]
    for (const [i, shape] of shapes.entries()) {
      const count = shape.reduce((n, m) => n * m, 1)
      const values = Float64Array.from({ length: count }, (_, k) => k / 7)
      const path = join(folder, `written-${i}.npy`)
      runPython(`import sys, json, numpy as np; s = json.loads(sys.argv[2]); np.save(sys.argv[1], np.arange(int(np.prod(s)), dtype=float).reshape(s) / 7)`, path, JSON.stringify(shape))
      expect(Buffer.from(writeNpy(values, shape)).equals(readFileSync(path)), `shape (${shape.join(', ')})`).toBe(true)
    }
    expect(npyHeader('<f8', [1_000_000_007, 3]).length % 64).toBe(0)
  })

  it.skipIf(!numpy)('reads every numeric type, byte order, order and version that numpy writes (skips without numpy)', () => {
    const list = JSON.parse(
      runPython(
        `
import sys, json, numpy as np
from numpy.lib import format
base = (np.arange(24) * 37 % 101).reshape(2, 3, 4)
out = []
for kind in ['f4','f8','i1','i2','i4','i8','u1','u2','u4','u8','b1','c8','c16']:
    for order in '<>':
        for fortran in (False, True):
            for version in ((1,0),(2,0),(3,0)):
                a = base.astype(order + kind)
                if kind[0] == 'c': a = (a - 1j * base[::-1]).astype(order + kind)
                if kind[0] in 'fi': a = -a
                a = np.asfortranarray(a) if fortran else a
                path = f"{sys.argv[1]}/{kind}{ord(order)}{fortran}{version[0]}.npy"
                with open(path, 'wb') as f: format.write_array(f, a, version=version)
                c = a.astype('c16').ravel()
                out.append([path, c.real.tolist(), c.imag.tolist()])
print(json.dumps(out))`,
        folder,
      ),
    ) as [string, number[], number[]][]
    expect(list).toHaveLength(13 * 2 * 2 * 3)
    for (const [path, real, imaginary] of list) {
      const array = readNpy(readFileSync(path))
      expect(array.shape, path).toEqual([2, 3, 4])
      expect([...array.values].map(v => v + 0), path).toEqual(real.map(v => v + 0))
      expect(array.imaginary ? [...array.imaginary].map(v => v + 0) : new Array(24).fill(0), path).toEqual(imaginary.map(v => v + 0))
    }
  })

  it('reads slices of a file', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => Math.sqrt(i))
    const path = join(folder, 'slices.npy')
    writeNpyFile(path, values, [50, 100])
    const file = openNpyFile(path)
    expect(file.header.shape).toEqual([50, 100])
    expect([...file.read(1234, 100)]).toEqual([...values.subarray(1234, 1334)])
    expect(() => file.read(4999, 2)).toThrow(RangeError)
    file.close()
    writeFileSync(path, readFileSync(path).subarray(0, 4000))
    expect(faultCode(() => openNpyFile(path))).toBe('npy-truncated')
  })

  it('reads a header from the beginning of a file', () => {
    const bytes = writeNpy(new Float32Array(100), [10, 10])
    const header = readNpyHeader(bytes.subarray(0, 128))
    expect(header).toMatchObject({ shape: [10, 10], dataOffset: 128, dataBytes: 400, fortranOrder: false })
    expect(decodeEntries(header.type, bytes.subarray(header.dataOffset, header.dataOffset + 7)).values).toHaveLength(1)
  })

  it.each([
    ['npy-magic', new TextEncoder().encode('not an array at all')],
    ['npy-truncated', writeNpy(new Float64Array(4), [4]).subarray(0, 150)],
    ['npy-truncated', writeNpy(new Float64Array(4), [4]).subarray(0, 60)],
    ['npy-truncated', new Uint8Array()],
    ['npy-version', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 9, 0, 0, 0)],
    ['npy-pickle', described('|O', '(3,)')],
    ['npy-dtype', described('<f2', '(3,)')],
    ['npy-dtype', described('<U10', '(3,)')],
    ['npy-dtype', text(`{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }`)],
    ['npy-rank', described('<f8', `(${'1, '.repeat(9)})`)],
    ['npy-size', described('<f8', '(100000, 100000, 100)')],
    ['npy-size', described('|b1', '(1000000000,)')],
    ['npy-shape', described('<f8', '(9007199254740993,)')],
    ['npy-shape', described('<f8', '(0, 9999999999)')],
    ['npy-header', described('<f8', '(-3,)')],
    ['npy-header', text(`{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (3,), }`)],
    ['npy-header', text(`__import__('os').system('true')`)],
    ['npy-header', text(`{'descr': '<f8', 'fortran_order': False, 'shape': (3,), } + x`)],
    ['npy-header', text(`{'descr': '<f8', 'fortran_order': False`)],
  ])('refuses with %s', (code, bytes) => {
    expect(faultCode(() => readNpy(bytes, { ...defaultLimits, arrayBytes: 1 << 30 }))).toBe(code)
  })
})
