import { deflateSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../../../shared/fault'
import { crc32 } from './crc32'
import { csvBytes, csvOfFields } from './csv-write'
import { listArrays, readArrayAsField, readForeignArray } from './foreign'
import { jsonText, parseJson } from './json-parse'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { readNpy, writeNpy } from './npy'
import { openResiduum, residuumBytes } from './residuum'
import { compressed, matHeader, matrix } from './testing/raw-mat'
import { mutant, randomNumbers } from './testing/mutate'
import { joined, rawZip } from './testing/raw-zip'
import { uniformAxis } from '../../../shared/fields/field'
import type { Field } from '../../../shared/fields/field'

/**
 * Mutants of valid files: every one is either refused with a FaultError or read; nothing else is thrown, and nothing allocates past the limits.
 * Deterministic; RESIDUUM_FUZZ sets the number per parser. The accepted share is printed: zero would mean that nothing passes the header.
 */
const count = Number(process.env.RESIDUUM_FUZZ ?? 2000)
const limits: Limits = { ...defaultLimits, arrayBytes: 1 << 22, budgetBytes: 1 << 23, ratioFreeBytes: 1 << 20, tableCells: 100_000 }
const bytesOf = (values: ArrayLike<number>): Uint8Array => new Uint8Array(Float64Array.from(values).buffer)
const wave = Float64Array.from({ length: 60 }, (_, i) => Math.sqrt(i) - 3)
const field: Field = { name: 'u', grid: { axes: [uniformAxis('x', -1, 1, 5, false), uniformAxis('y', 0, 1, 4, false)] }, times: Float64Array.of(0, 1, 2), values: wave }
const axes = { x: 'x', y: 'y', t: 't' }

const residuum = residuumBytes({
  members: [
    { name: 'experiment.json', content: new TextEncoder().encode(jsonText({ format: 'residuum/1', title: 'x', steps: [{ id: 'fd', kind: 'solve', resolution: [9, 9] }] })) },
    { name: 'results/fd/u.npy', content: writeNpy(wave, [3, 4, 5]) },
    { name: 'results/fd/metrics.json', content: new TextEncoder().encode('{"max_error":"NaN"}') },
  ],
  provenance: { app: { name: 'residuum', version: '0' }, platform: { system: 's', architecture: 'a', runtime: 'r' }, processor: { model: 'm', cores: 1 } },
})
const mat = joined(
  matHeader(),
  matrix({ name: 'x', shape: [5, 1], values: bytesOf([0, 1, 2, 3, 4]) }),
  compressed(matrix({ name: 't', shape: [1, 3], values: bytesOf([0, 1, 2]) })),
  compressed(matrix({ name: 'u', shape: [5, 3], values: bytesOf(wave.subarray(0, 15)), complex: true })),
  matrix({ name: 'v', shape: [5, 3], values: bytesOf(wave.subarray(0, 15)) }),
  matrix({ name: 'c', classId: 4, shape: [1, 2], valueType: 16, values: Uint8Array.of(65, 66) }),
)
const npz = rawZip([
  { name: 'x.npy', data: writeNpy(field.grid.axes[0].coordinates, [5]) },
  { name: 'y.npy', data: writeNpy(field.grid.axes[1].coordinates, [4]), deflate: true },
  { name: 't.npy', data: writeNpy(field.times ?? wave, [3]) },
  { name: 'u.npy', data: writeNpy(wave, [3, 4, 5]), deflate: true },
])
const comsol = new TextEncoder().encode('% Version: COMSOL 6.0\n% x   u (1) @ t=0   u (1) @ t=1\n0  1  2\n0.5  nan  3e-1\n1  4  -5\n')

function readAll(name: string, bytes: Uint8Array, fieldName: string, choice: Record<string, string>): void {
  for (const { name: array, complex } of listArrays(name, bytes, limits).arrays) readForeignArray(name, bytes, complex ? `abs(${array})` : array, limits)
  const { values, grid, times } = readArrayAsField(name, bytes, fieldName, choice, limits)
  expect(values.length).toBe(grid.axes.reduce((n, axis) => n * axis.coordinates.length, times?.length ?? 1))
}

interface Target {
  readonly name: string
  readonly seed: Uint8Array
  /** Mutants are texts. */
  readonly text?: boolean
  /** Puts a mutant inside a valid container, past checksums and compression. */
  readonly wrap?: (mutant: Uint8Array) => Uint8Array
  readonly read: (bytes: Uint8Array) => void
}

function readResiduum(bytes: Uint8Array): void {
  const file = openResiduum(bytes, limits)
  file.verify()
  for (const { name, parsed } of file.members) if (parsed.kind === 'array') file.header(name)
}
/** A broken provenance does not refuse the file; here it counts. */
function readProvenance(bytes: Uint8Array): void {
  const file = openResiduum(bytes, limits)
  if (!file.provenance) throw new FaultError(file.warnings)
  file.verify()
}
const readMat = (bytes: Uint8Array): void => readAll('a.mat', bytes, 'v', { x: 'x', t: 't' })
const text = (value: unknown): Uint8Array => new TextEncoder().encode(jsonText(value))
const plain = matrix({ name: 'x', shape: [5, 1], values: bytesOf([0, 1, 2, 3, 4]) })
const provenance = openResiduum(residuum).read('provenance.json')
const packed = deflateSync(writeNpy(wave, [3, 4, 5]))

const targets: readonly Target[] = [
  { name: 'npy', seed: writeNpy(wave, [3, 4, 5]), read: bytes => void readNpy(bytes, limits) },
  { name: 'residuum', seed: residuum, read: readResiduum },
  { name: 'residuum provenance', seed: provenance, text: true, wrap: inner => rawZip([{ name: 'experiment.json', data: text({}) }, { name: 'provenance.json', data: inner }]), read: readProvenance },
  { name: 'npz', seed: npz, read: bytes => readAll('a.npz', bytes, 'u', axes) },
  {
    name: 'deflate', seed: packed, read: bytes => void listArrays('a.npz', bytes, limits),
    wrap: inner => rawZip([{ name: 'u.npy', data: inner, method: 8, size: 608, crc: crc32(writeNpy(wave, [3, 4, 5])) }]),
  },
  { name: 'mat5', seed: mat, read: readMat },
  { name: 'mat5 inside compression', seed: matrix({ name: 'v', shape: [5, 3], values: bytesOf(wave.subarray(0, 15)) }), wrap: inner => joined(matHeader(), plain, compressed(matrix({ name: 't', shape: [3, 1], values: bytesOf([0, 1, 2]) })), compressed(inner)), read: readMat },
  { name: 'csv', seed: csvBytes(csvOfFields([field])), text: true, read: bytes => readAll('a.csv', bytes, 'u', axes) },
  { name: 'comsol', seed: comsol, text: true, read: bytes => readAll('a.txt', bytes, 'u', { x: 'x', t: '@t' }) },
  { name: 'json', seed: text({ format: 'residuum/1', seed: 1, steps: [{ id: 'fd', on: ['left', 'a\\"b'], k: -1.5e-3, ok: true, none: null }] }), text: true, read: bytes => void parseJson(bytes, limits) },
]

describe('fuzzing', () => {
  it.each(targets)(`$name: ${count} mutants are refused or read`, ({ name, seed, read, text, wrap = bytes => bytes }) => {
    const next = randomNumbers(20261120)
    read(wrap(seed))
    let accepted = 0
    const codes = new Map<string, number>()
    for (let i = 0; i < count; i++) {
      const bytes = wrap(mutant(seed, next, text ?? false))
      try {
        read(bytes)
        accepted++
      } catch (reason) {
        if (!(reason instanceof FaultError)) throw new Error(`mutant ${i} of ${name}: ${String(reason)}`, { cause: reason })
        const { code } = reason.faults[0]
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    }
    const reasons = [...codes].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${n}`)
    process.stdout.write(`${name}: ${((100 * accepted) / count).toFixed(1)} % of ${count} mutants accepted; refused by ${reasons.join(', ')}\n`)
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(count)
  })
})
