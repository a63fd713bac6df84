import { describe, expect, it } from 'vitest'
import { FaultError } from '../../../shared/fault'
import { listArrays, readForeignArray } from './foreign'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { writeNpy } from './npy'
import { openResiduum } from './residuum'
import { compressed, element, matHeader, matrix } from './testing/raw-mat'
import type { RawEnd, RawMember } from './testing/raw-zip'
import { joined, rawZip } from './testing/raw-zip'

/**
 * Files made to harm whoever reads them: each is refused with its own reason code and one sentence. Every weakness found later gets its file here.
 */
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const document = { name: 'experiment.json', data: encode('{"format":"residuum/1","title":"x","steps":[]}'), deflate: true }
const array = writeNpy(Float64Array.of(1, 2, 3), [3])
const zip = (members: RawMember[], end?: RawEnd): Uint8Array => rawZip([{ ...document }, ...members], end)
const withText = (text: string): Uint8Array => rawZip([{ name: 'experiment.json', data: encode(text), deflate: true }])
const good = zip([{ name: 'results/fd/u.npy', data: array }])
const mat = (...elements: Uint8Array[]): Uint8Array => joined(matHeader(), ...elements)
const small: Limits = { ...defaultLimits, arrayBytes: 1 << 20, budgetBytes: 1 << 22, ratioFreeBytes: 1 << 16, jsonBytes: 1 << 17, tableCells: 1000 }

const residuum: readonly (readonly [title: string, code: string, bytes: Uint8Array])[] = [
  ['empty file', 'zip-truncated', new Uint8Array()],
  ['cut in the middle', 'zip-truncated', good.subarray(0, good.length >> 1)],
  ['cut by one byte', 'zip-truncated', good.subarray(0, good.length - 1)],
  ['something else than a zip', 'zip-truncated', encode('%PDF-1.7 '.repeat(100))],
  ['bytes after the end', 'zip-truncated', joined(good, Uint8Array.of(1))],
  ['bytes before the beginning', 'zip-corrupt', joined(Uint8Array.of(1, 2, 3), good)],
  ['bytes between directory and end', 'zip-corrupt', zip([], { between: new Uint8Array(7) })],
  ['a directory of another length', 'zip-corrupt', zip([], { size: 12 })],
  ['more members than there are', 'zip-corrupt', zip([], { count: 2 })],
  ['20 000 members declared', 'zip-entries', zip([], { count: 20_000 })],
  ['10 001 real members', 'zip-entries', rawZip(Array.from({ length: 10_001 }, (_, i) => ({ name: `m${i}` })))],
  ['one part of several', 'zip-multi-disk', zip([], { disk: 1 })],
  ['counts of several disks', 'zip-multi-disk', zip([], { countHere: 0 })],
  ['a member on another disk', 'zip-multi-disk', zip([{ name: 'a', disk: 3 }])],
  ['a name twice', 'zip-duplicate', zip([{ name: 'results/fd/u.npy', data: array }, { name: 'results/fd/u.npy', data: array }])],
  ['a document twice', 'zip-duplicate', zip([{ ...document }])],
  ['a name twice in two normal forms', 'zip-duplicate', zip([{ name: 'é' }, { name: 'e\u0301' }])],
  ['a name that climbs', 'zip-name', zip([{ name: '../../home/user/.profile' }])],
  ['a name that climbs inside', 'zip-name', zip([{ name: 'results/../../u.npy' }])],
  ['an absolute name', 'zip-name', zip([{ name: '/etc/passwd' }])],
  ['a drive in the name', 'zip-name', zip([{ name: 'C:/Windows/system.ini' }])],
  ['a backslash in the name', 'zip-name', zip([{ name: 'results\\fd\\u.npy' }])],
  ['a NUL in the name', 'zip-name', zip([{ name: 'results/fd/u.npy\0.txt' }])],
  ['a line feed in the name', 'zip-name', zip([{ name: 'results/fd/\n.npy' }])],
  ['an empty name', 'zip-name', zip([{ name: '' }])],
  ['an empty part in the name', 'zip-name', zip([{ name: 'results//u.npy' }])],
  ['a dot as part of the name', 'zip-name', zip([{ name: './experiment.json' }])],
  ['a name of 600 bytes', 'zip-name', zip([{ name: 'a'.repeat(600) }])],
  ['a name that is not UTF-8', 'zip-name', zip([{ name: '', nameBytes: Uint8Array.of(0xff, 0xfe) }])],
  ['another name in the local header', 'zip-header', zip([{ name: 'results/fd/u.npy', localName: 'results/fd/v.npy' }])],
  ['another size in the local header', 'zip-header', zip([{ name: 'a', data: array, localSize: 9 }])],
  ['another method in the local header', 'zip-header', zip([{ name: 'a', data: array, localMethod: 8 }])],
  ['an encrypted member', 'zip-encrypted', zip([{ name: 'results/fd/u.npy', data: array, flags: 1 }])],
  ['a strongly encrypted member', 'zip-encrypted', zip([{ name: 'results/fd/u.npy', data: array, flags: 0x41 }])],
  ['an unknown compression', 'zip-method', zip([{ name: 'results/fd/u.npy', data: array, method: 14 }])],
  ['a stored member of two sizes', 'zip-size', zip([{ name: 'a', data: array, size: 10 }])],
  ['a member inside another one', 'zip-overlap', rawZip([{ name: 'a', data: rawZip([{ name: 'b', data: array }]) }, { name: 'b', data: array, offset: 31 }])],
  ['a member that reaches into the next', 'zip-overlap', rawZip([{ name: 'a', data: array, storedSize: array.length + 40, size: array.length + 40 }, { ...document }])],
  ['a member that reaches into the directory', 'zip-overlap', zip([{ name: 'a', data: array, storedSize: array.length + 4, size: array.length + 4 }])],
  ['a member outside the file', 'zip-truncated', zip([{ name: 'a', offset: 1_000_000 }])],
  ['a member that is nowhere', 'zip-corrupt', zip([{ name: 'a', offset: 5 }])],
  ['a zip64 size without its field', 'zip-corrupt', zip([{ name: 'a', size: 0xffffffff, deflate: true }])],
  ['a zip64 size beyond 2^53', 'zip-corrupt', zip([{ name: 'a', size: 0xffffffff, deflate: true, extra: Uint8Array.of(1, 0, 8, 0, 255, 255, 255, 255, 255, 255, 255, 255) }])],
  ['a bomb of zeros', 'zip-ratio', zip([{ name: 'results/fd/u.npy', data: new Uint8Array(1 << 20), deflate: true }])],
  ['a bomb of many small members', 'zip-ratio', zip(Array.from({ length: 40 }, (_, i) => ({ name: `m${i}`, data: new Uint8Array(60_000), deflate: true })))],
  ['more than the budget', 'zip-budget', zip(Array.from({ length: 9 }, (_, i) => ({ name: `m${i}`, size: 1 << 19, storedSize: 1 << 19, data: new Uint8Array(1 << 19).map((_, k) => k * 31) })))],
  ['a document longer than declared', 'zip-size', rawZip([{ ...document, size: 10 }])],
  ['a document shorter than declared', 'zip-size', rawZip([{ ...document, size: 100 }])],
  ['a document of an impossible size', 'zip-size', rawZip([{ ...document, size: 60_000 }])],
  ['damaged deflate data', 'zip-deflate', rawZip([{ name: 'experiment.json', data: Uint8Array.of(0xff, 0xff, 0xff), method: 8, size: 20 }])],
  ['a wrong checksum', 'zip-crc', rawZip([{ ...document, crc: 1 }])],
  ['no document', 'residuum-document-missing', rawZip([{ name: 'results/fd/u.npy', data: array }])],
  ['__proto__ as a key', 'forbidden-key', withText('{"format":"residuum/1","__proto__":{"admin":true}}')],
  ['__proto__ in escapes', 'forbidden-key', withText('{"a":[{"\\u005f\\u005fproto__":1}]}')],
  ['constructor as a key', 'forbidden-key', withText('{"a":{"constructor":{"prototype":1}}}')],
  ['prototype as a key', 'forbidden-key', withText('{"prototype":1}')],
  ['__proto__ in the provenance', 'forbidden-key', zip([{ name: 'provenance.json', data: encode('{"members":{"__proto__":1}}'), deflate: true }])],
  ['a key twice', 'json-duplicate-key', withText('{"seed":1,"seed":2}')],
  ['depth 50 000', 'json-depth', withText('['.repeat(50_000))],
  ['depth 65', 'json-depth', withText('{"a":'.repeat(65) + '1' + '}'.repeat(65))],
  ['a number too large', 'json-number', withText('{"a":1e999}')],
  ['NaN without quotes', 'json-syntax', withText('{"a":NaN}')],
  ['a document that is not UTF-8', 'json-encoding', rawZip([{ name: 'experiment.json', data: Uint8Array.of(0x22, 0xff, 0x22) }])],
  ['a document longer than allowed', 'json-size', rawZip([{ name: 'experiment.json', data: new Uint8Array(200_000).fill(0x20) }])],
]

const values = new Uint8Array(Float64Array.of(1, 2, 3, 4).buffer)
const foreign: readonly (readonly [title: string, code: string, name: string, bytes: Uint8Array])[] = [
  ['a MATLAB header alone, cut', 'mat-truncated', 'a.mat', matHeader().subarray(0, 100)],
  ['MATLAB 7.3', 'mat-v73', 'a.mat', joined(encode('MATLAB 7.3 MAT-file'), new Uint8Array(600))],
  ['HDF5', 'foreign-hdf5', 'a.mat', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10)],
  ['an unknown MATLAB version', 'mat-version', 'a.mat', matHeader(0x0300)],
  ['no byte order', 'mat-version', 'a.mat', matHeader(0x0100, 'XX')],
  ['a variable longer than the file', 'mat-truncated', 'a.mat', mat(matrix({}).subarray(0, 90))],
  ['a variable that declares 4 GiB', 'mat-truncated', 'a.mat', mat(element(14, new Uint8Array(16), 0xfffffff0))],
  ['numbers where a variable belongs', 'mat-corrupt', 'a.mat', mat(element(9, new Uint8Array(16)))],
  ['a variable without flags', 'mat-corrupt', 'a.mat', mat(matrix({ flagsType: 5 }))],
  ['an unknown class', 'mat-corrupt', 'a.mat', mat(matrix({ classId: 99 }))],
  ['dimensions of 2^31 × 2^31', 'mat-size', 'a.mat', mat(matrix({ shape: [2147483647, 2147483647] }))],
  ['a negative dimension', 'mat-shape', 'a.mat', mat(matrix({ shape: [-2, 2] }))],
  ['nine dimensions', 'mat-rank', 'a.mat', mat(matrix({ shape: new Array(9).fill(1) as number[] }))],
  ['a hundred dimensions', 'mat-rank', 'a.mat', mat(matrix({ shape: new Array(100).fill(1) as number[] }))],
  ['fewer values than dimensions', 'mat-corrupt', 'a.mat', mat(matrix({ shape: [3, 2], values }))],
  ['an unknown number type', 'mat-corrupt', 'a.mat', mat(matrix({ valueType: 77 }))],
  ['a name twice', 'mat-duplicate', 'a.mat', mat(matrix({}), matrix({}))],
  ['damaged compression', 'mat-deflate', 'a.mat', mat(element(15, new Uint8Array(32).fill(0x55)))],
  ['a compressed variable with a wrong checksum', 'mat-deflate', 'a.mat', mat(compressed(matrix({})).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)))],
  ['a compressed bomb', 'mat-ratio', 'a.mat', mat(compressed(joined(matrix({}), new Uint8Array(1 << 20))))],
  ['compression inside compression', 'mat-corrupt', 'a.mat', mat(compressed(compressed(matrix({}))))],
  ['a small element of 9 bytes', 'mat-corrupt', 'a.mat', mat(Uint8Array.of(14, 0, 9, 0, 1, 2, 3, 4))],
  ['a cell asked for as an array', 'array-missing', 'a.mat', mat(matrix({ classId: 1 }))],
  ['an archive with a pickle', 'npy-pickle', 'a.npz', rawZip([{ name: 'u.npy', data: npy(`{'descr': '|O', 'fortran_order': False, 'shape': (3,), }`) }])],
  ['an archive of nothing', 'foreign-empty', 'a.npz', rawZip([{ name: 'readme.txt', data: encode('x') }])],
  ['an archive with a name that climbs', 'zip-name', 'a.npz', rawZip([{ name: '../u.npy', data: array }])],
  ['an archive whose member is a bomb', 'zip-ratio', 'a.npz', rawZip([{ name: 'u.npy', data: new Uint8Array(1 << 20), deflate: true }])],
  ['an array of 10^15 entries', 'npy-size', 'u.npy', npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000, 1000), }`)],
  ['an empty array that is long', 'npy-shape', 'u.npy', npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (0, 99999999999), }`)],
  ['a header with code in it', 'npy-header', 'u.npy', npy(`{'descr': __import__('os').name, 'fortran_order': False, 'shape': (3,), }`)],
  ['a header of 60 000 dimensions', 'npy-rank', 'u.npy', npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (${'1,'.repeat(20_000)}), }`)],
  ['an array cut short', 'npy-truncated', 'u.npy', array.subarray(0, array.length - 1)],
  ['a table of zero bytes', 'table-encoding', 'u.csv', new Uint8Array(100)],
  ['a table with rows of two lengths', 'table-row', 'u.csv', encode('x,u\n1,2\n3\n')],
  ['a table with words', 'table-number', 'u.csv', encode('x,u\n1,2\n3,=cmd()\n')],
  ['a table of nothing', 'table-empty', 'u.csv', encode('# nothing\n\n')],
  ['a table with too many cells', 'table-size', 'u.csv', encode('1,2,3\n'.repeat(400))],
  ['a number of a million digits and a letter', 'table-number', 'u.csv', encode(`x\n${'1'.repeat(1_000_000)}x\n`)],
  ['a table of 20 000 columns', 'table-columns', 'u.csv', encode(`${'1,'.repeat(20_000)}1\n`)],
  ['an executable', 'foreign-unknown', 'u.exe', encode('MZ')],
]

function npy(header: string): Uint8Array {
  const bytes = joined(Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8), encode(header))
  return bytes
}

function expectRefusal(code: string, work: () => unknown): void {
  let seen: unknown
  try {
    work()
  } catch (reason) {
    seen = reason
  }
  expect(seen).toBeInstanceOf(FaultError)
  const [fault] = (seen as FaultError).faults
  expect(fault.code).toBe(code)
  expect(fault.message).toMatch(/^[A-Z_[0-9a-zé].*[.?]$/s)
  expect(fault.message.length).toBeLessThan(400)
}

describe('hostile files', () => {
  it.each(residuum)('.residuum: %s → %s', (_title, code, bytes) => expectRefusal(code, () => openResiduum(bytes, small)))
  it.each(foreign)('import: %s → %s', (_title, code, name, bytes) => {
    expectRefusal(code, () => {
      for (const item of listArrays(name, bytes, small).arrays) readForeignArray(name, bytes, item.name, small)
      readForeignArray(name, bytes, 'u', small)
    })
  })

  it('are really made from files that are accepted', () => {
    expect(openResiduum(good, small).members).toHaveLength(2)
    for (const bytes of [mat(matrix({})), mat(compressed(matrix({})))]) expect([...readForeignArray('a.mat', bytes, 'u').values]).toEqual([1, 3, 2, 4])
    expect(readForeignArray('a.npz', rawZip([{ name: 'u.npy', data: array, deflate: true }]), 'u').values).toHaveLength(3)
    expect(Object.prototype).not.toHaveProperty('admin')
  })
})
