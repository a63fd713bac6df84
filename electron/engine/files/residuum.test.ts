import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jsonText } from './json-parse'
import { readNpy, writeNpy } from './npy'
import { npySlices, writeNpyFile } from './npy-file'
import type { ProvenanceInput } from './residuum'
import { membersOfFolder, openResiduum, packResiduum, parseResiduumName, residuumBytes, residuumPath } from './residuum'
import { faultCode } from './testing/fault-code'
import { hasPython, runPython } from './testing/python'
import { readZipDirectory, sourceOfStoredEntry, zipBytes } from './zip'
import { sourceOfBytes } from './byte-source'
import { defaultLimits } from './limits'

const folder = mkdtempSync(join(tmpdir(), 'residuum-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const provenance: ProvenanceInput = {
  app: { name: 'residuum', version: '0.1.0' },
  libraries: { fflate: '0.8.3' },
  platform: { system: 'linux', architecture: 'x64', runtime: 'node 20.20.2' },
  processor: { model: 'test', cores: 2 },
  seed: 7,
  steps: { fd: { key: 'abc', seconds: 1.5, backend: 'multigrid', precision: 'float64', threads: 2, converged: true, stepsDone: 9, faults: [] } },
}
const document = { format: 'residuum/1', title: 'Poisson', steps: [{ id: 'fd', kind: 'solve' }] }
const values = Float64Array.from({ length: 12 }, (_, i) => (i === 5 ? NaN : Math.sqrt(i)))

function workFolder(name: string): string {
  const work = join(folder, name)
  mkdirSync(join(work, 'results/fd'), { recursive: true })
  mkdirSync(join(work, 'checkpoints'))
  writeFileSync(join(work, 'experiment.json'), jsonText(document))
  writeFileSync(join(work, 'journal.log'), 'not part of the file')
  writeFileSync(join(work, 'checkpoints/fd.npy'), 'not part of the file')
  writeNpyFile(join(work, 'results/fd/u.npy'), values, [3, 4])
  writeNpyFile(join(work, 'results/fd/x.npy'), Float64Array.of(0, 1, 2, 3), [4])
  writeNpyFile(join(work, 'results/fd/y.npy'), Float64Array.of(0, 1, 2), [3])
  writeFileSync(join(work, 'results/fd/metrics.json'), jsonText({ max_error: NaN, energy: 2 }))
  symlinkSync('/etc/hostname', join(work, 'thumbnail.png'))
  return work
}

describe('.residuum', () => {
  it('packs a working folder and extracts the same files', () => {
    const work = workFolder('a')
    const target = join(folder, 'a.residuum')
    const written = packResiduum(target, { members: membersOfFolder(work), provenance })
    expect(written.bytes).toBe(readFileSync(target).length)
    const file = openResiduum(target)
    expect(file.members.map(member => member.name)).toEqual([
      'experiment.json', 'results/fd/metrics.json', 'results/fd/u.npy', 'results/fd/x.npy', 'results/fd/y.npy', 'provenance.json',
    ])
    expect(file.document).toEqual(document)
    expect(file.warnings).toEqual([])
    expect(file.verify()).toEqual([])
    expect(file.provenance?.steps.fd).toMatchObject({ key: 'abc', converged: true, threads: 2 })
    expect(file.header('results/fd/u.npy').shape).toEqual([3, 4])
    expect([...readNpy(file.read('results/fd/u.npy')).values]).toEqual([...values])
    const out = join(folder, 'extracted')
    const { names, faults } = file.extractTo(out)
    expect(faults).toEqual([])
    expect(names).toHaveLength(6)
    for (const name of names.filter(n => n !== 'provenance.json')) expect(readFileSync(join(out, name)).equals(readFileSync(join(work, name))), name).toBe(true)
    file.close()
  })

  it('gives the same bytes for the same content, in every time zone', () => {
    const content = { members: membersOfFolder(workFolder('b')), provenance }
    packResiduum(join(folder, 'b1.residuum'), content)
    const bytes = readFileSync(join(folder, 'b1.residuum'))
    expect(Buffer.from(residuumBytes(content)).equals(bytes)).toBe(true)
    const zone = process.env.TZ
    try {
      process.env.TZ = 'Pacific/Kiritimati'
      expect(Buffer.from(residuumBytes({ ...content, members: [...content.members].reverse() })).equals(bytes)).toBe(true)
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it.skipIf(!hasPython('numpy'))('is opened by numpy.load and passes zipfile.testzip (skips without numpy)', () => {
    const target = join(folder, 'numpy.residuum')
    packResiduum(target, { members: membersOfFolder(workFolder('c')), provenance })
    const seen = JSON.parse(
      runPython(
        `
import sys, json, zipfile, numpy as np
z = zipfile.ZipFile(sys.argv[1])
f = np.load(sys.argv[1])
u = f['results/fd/u']
print(json.dumps({'bad': z.testzip(), 'u': np.nan_to_num(u, nan=-1).tolist(), 'x': f['results/fd/x'].tolist(), 'kinds': {i.filename: i.compress_type for i in z.infolist()},
  'dates': sorted({i.date_time for i in z.infolist()}), 'title': json.loads(z.read('experiment.json'))['title']}))`,
        target,
      ),
    ) as { bad: string | null; u: number[][]; x: number[]; kinds: Record<string, number>; dates: number[][]; title: string }
    expect(seen.bad).toBeNull()
    expect(seen.u.flat()).toEqual([...values].map(v => (Number.isNaN(v) ? -1 : v)))
    expect(seen.x).toEqual([0, 1, 2, 3])
    expect(seen.kinds['results/fd/u.npy']).toBe(0)
    expect(seen.kinds['experiment.json']).toBe(8)
    expect(seen.dates).toEqual([[1980, 1, 1, 0, 0, 0]])
    expect(seen.title).toBe('Poisson')
  })

  it.skipIf(!existsSync('/usr/bin/unzip'))('passes unzip -t (skips without unzip)', () => {
    const target = join(folder, 'unzip.residuum')
    packResiduum(target, { members: membersOfFolder(workFolder('d')), provenance })
    expect(execFileSync('/usr/bin/unzip', ['-t', target], { encoding: 'utf8' })).toContain('No errors detected')
  })

  it('serves slices of a stored array in place', () => {
    const bytes = residuumBytes({ members: membersOfFolder(workFolder('e')), provenance })
    const source = sourceOfBytes(bytes)
    const entry = readZipDirectory(source, defaultLimits).find(e => e.name === 'results/fd/u.npy')
    expect(entry).toBeDefined()
    if (entry) expect([...npySlices(sourceOfStoredEntry(source, entry)).read(6, 3)]).toEqual([...values.subarray(6, 9)])
  })

  it('reports results that something else changed, added or removed', () => {
    const members = [
      { name: 'experiment.json', content: encode(jsonText(document)) },
      { name: 'results/fd/u.npy', content: writeNpy(Float64Array.of(1), [1]) },
      { name: 'results/fd/x.npy', content: writeNpy(Float64Array.of(1), [1]) },
    ]
    const file = openResiduum(residuumBytes({ members, provenance }))
    const listed = file.members.map(member => ({ name: member.name, deflate: false, content: file.read(member.name) }))
    const altered = listed
      .filter(member => !member.name.endsWith('x.npy'))
      .map(member => (member.name.endsWith('u.npy') ? { ...member, content: writeNpy(Float64Array.of(2), [1]) } : member))
      .concat({ name: 'results/fd/v.npy', deflate: false, content: writeNpy(Float64Array.of(2), [1]) })
    const tampered = openResiduum(zipBytes(altered))
    expect(tampered.verify().map(fault => [fault.severity, fault.code])).toEqual([
      ['warning', 'member-checksum'], ['warning', 'member-unlisted'], ['warning', 'member-missing'],
    ])
    const { names, faults } = tampered.extractTo(join(folder, 'tampered'))
    expect(names).toHaveLength(4)
    expect(faults.map(fault => fault.code)).toEqual(['member-checksum', 'member-unlisted', 'member-missing'])
  })

  it('leaves a damaged result out and keeps the rest', () => {
    const members = [
      { name: 'experiment.json', content: encode(jsonText(document)) },
      { name: 'results/fd/u.npy', content: writeNpy(new Float64Array(1000), [1000]) },
      { name: 'results/fd/x.npy', content: writeNpy(Float64Array.of(1), [1]) },
    ]
    const bytes = residuumBytes({ members, provenance })
    const entry = readZipDirectory(sourceOfBytes(bytes), defaultLimits).find(e => e.name === 'results/fd/u.npy')
    bytes[(entry?.dataOffset ?? 0) + 4000] ^= 1
    const out = join(folder, 'damaged')
    const { names, faults } = openResiduum(bytes).extractTo(out)
    expect(names).toEqual(['experiment.json', 'results/fd/x.npy', 'provenance.json'])
    expect(faults.map(fault => fault.code)).toEqual(['zip-crc'])
    expect(readdirSync(join(out, 'results/fd'))).toEqual(['x.npy'])
  })

  it('passes over members it does not know and files without provenance, with warnings', () => {
    const file = openResiduum(
      zipBytes([
        { name: 'experiment.json', deflate: true, content: encode('{"format":"residuum/1"}') },
        { name: 'results/', deflate: false, content: new Uint8Array() },
        { name: 'results/fd/run.sh', deflate: false, content: encode('#!/bin/sh') },
        { name: 'results/CON/u.npy', deflate: false, content: encode('x') },
      ]),
    )
    expect(file.warnings.map(fault => fault.code)).toEqual(['unknown-member', 'unknown-member', 'provenance-missing'])
    const out = join(folder, 'unknown')
    expect(file.extractTo(out).names).toEqual(['experiment.json'])
    expect(readdirSync(out)).toEqual(['experiment.json'])
  })

  it('never writes over a file that is there', () => {
    const bytes = residuumBytes({ members: [{ name: 'experiment.json', content: encode('{}') }], provenance })
    const out = join(folder, 'twice')
    openResiduum(bytes).extractTo(out)
    expect(faultCode(() => openResiduum(bytes).extractTo(out))).toBe('member-collision')
  })

  it('refuses to pack names that are not of the format, and a file without a document', () => {
    const one = { name: 'experiment.json', content: encode('{}') }
    expect(faultCode(() => residuumBytes({ members: [one, { name: '../x', content: encode('') }], provenance }))).toBe('member-name')
    expect(faultCode(() => residuumBytes({ members: [one, { name: 'provenance.json', content: encode('') }], provenance }))).toBe('member-name')
    expect(faultCode(() => residuumBytes({ members: [], provenance }))).toBe('residuum-document-missing')
  })

  it('notices content that changes while it is written', () => {
    let reads = 0
    const content = { size: 8, read: () => new Uint8Array(8).fill(reads++) }
    const one = { name: 'experiment.json', content: encode('{}') }
    expect(faultCode(() => residuumBytes({ members: [one, { name: 'results/a/u.npy', content }], provenance }))).toBe('changed-while-saving')
  })

  it('knows its own names and no others', () => {
    for (const name of ['experiment.json', 'provenance.json', 'thumbnail.png', 'results/fd/u.npy', 'results/fd-2/u_x.npy', 'results/fd/metrics.json', 'results/fd/result.json', 'models/pinn.onnx', 'models/pinn.critic.onnx', 'figures/fig-1.svg', 'files/burgers_shock.mat']) {
      const parsed = parseResiduumName(name)
      expect(parsed && residuumPath(parsed), name).toBe(name)
    }
    for (const name of ['Experiment.json', 'results/u.npy', 'results/fd/u.NPY', 'results/fd/.npy', 'results/fd/a/b.npy', 'results/Fd/u.npy', 'results/fd/u.npy/', 'models/../x.onnx', 'models/pinn..onnx', 'models/pinn.a.b.onnx', 'models/pinn.nul.onnx', 'results/fd/nul.npy', 'figures/a.exe', 'results/fd/ü.npy', 'results/fd/u .npy', 'files/.bashrc', 'files/a..mat', 'files/nul.mat', 'files/a/b.mat', 'files/a.', 'files/-rf']) {
      expect(parseResiduumName(name), name).toBeUndefined()
    }
  })
})
