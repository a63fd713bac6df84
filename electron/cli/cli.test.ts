import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../engine/files/npy'
import { slowDocument, smallDocument } from '../engine/testing/engine'
import { folder, lines, residuum, write, type Ended } from './command.testing'

const raissi = fileURLToPath(new URL('../../../shared/data/raissi/burgers_shock.mat', import.meta.url))
/** The members under results/, by name. */
const results = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(readFileSync(join(folder, name)))).filter(([member]) => member.startsWith('results/')).map(([member, bytes]) => [member, strFromU8(bytes, true)]))

describe('run', () => {
  it('runs, reuses, and gives the same results for any number of threads', async () => {
    write('small.json', smallDocument)
    const first = await residuum(['run', 'small.json', '--out', 'a.residuum', '--threads', '1', '--json'])
    expect(first.code).toBe(0)
    const summary = JSON.parse(first.out) as { file: string; steps: Record<string, { status: string; seconds: number; metrics: Record<string, number> }> }
    expect(summary.file).toBe(join(folder, 'a.residuum'))
    expect(Object.values(summary.steps).map(s => s.status)).toEqual(['done', 'done', 'done'])
    expect(summary.steps.fine.metrics.relative_l2).toBeLessThan(2e-3)
    expect(existsSync(join(folder, 'a.residuum.work'))).toBe(false)

    const again = await residuum(['run', 'small.json', '--out', 'a.residuum', '--threads', '1', '--json'])
    expect(Object.values((JSON.parse(again.out) as typeof summary).steps).map(s => s.status)).toEqual(['reused', 'reused', 'reused'])

    const changed = await residuum(['run', 'small.json', '--out', 'a.residuum', '--threads', '1', '--set', 'fine.resolution=[65,65]', '--json'])
    expect(Object.values((JSON.parse(changed.out) as typeof summary).steps).map(s => s.status)).toEqual(['reused', 'done', 'done'])

    await residuum(['run', 'small.json', '--out', 'b.residuum', '--threads', '2', '--set', 'fine.resolution=[65,65]'])
    expect(results('b.residuum')).toEqual(results('a.residuum'))
    expect(Object.keys(results('b.residuum'))).toContain('results/fine/u.npy')
  }, 180_000)

  it('without --out shows the metrics and keeps nothing', async () => {
    write('small.json', smallDocument)
    const end = await residuum(['run', 'small.json', '--only', 'coarse'])
    expect(end.code).toBe(0)
    expect(end.out).toMatch(/^coarse\s+done/)
    expect(end.out).toContain('relative_l2')
    expect(end.out).not.toContain('fine')
    expect(end.err).toContain('Nothing was kept')
    expect(readdirSync(folder)).toEqual(['small.json'])
  })

  let whole: Promise<Record<string, string>> | undefined
  const uninterrupted = async (): Promise<Record<string, string>> => {
    expect((await residuum(['run', 'slow.json', '--out', 'whole.residuum', '--threads', '1'])).code).toBe(0)
    return results('whole.residuum')
  }
  it.each(['SIGINT', 'SIGKILL'] as const)('after %s continues to the same bytes', async signal => {
    write('slow.json', slowDocument)
    const expected = await (whole ??= uninterrupted())
    let signalled = false
    const stopped = await residuum(['run', 'slow.json', '--out', 'x.residuum', '--json', '--threads', '1'], (text, kill) => {
      if (!signalled && text.includes('spectral:')) setTimeout(() => kill(signal), 100)
      signalled ||= text.includes('spectral:')
    })
    if (signal === 'SIGINT') {
      expect(stopped.code).toBe(130)
      expect(JSON.parse(stopped.out)).toMatchObject({ file: null, steps: { spectral: { status: 'cancelled' } } })
      expect(existsSync(join(folder, 'x.residuum.work', 'checkpoints', 'spectral', 'checkpoint.bin'))).toBe(true)
    } else expect(stopped.signal).toBe('SIGKILL')
    const resumed = await residuum(['run', 'slow.json', '--out', 'x.residuum', '--threads', '1'])
    expect(resumed.code).toBe(0)
    if (signal === 'SIGINT') expect(resumed.err).toContain('Continues from its last checkpoint.')
    expect(results('x.residuum')).toEqual(expected)
    expect(existsSync(join(folder, 'x.residuum.work'))).toBe(false)
  }, 180_000)

  it('locks --out', async () => {
    write('slow.json', slowDocument)
    let second: Promise<Ended> | undefined
    const first = residuum(['run', 'slow.json', '--out', 'x.residuum', '--threads', '1'], text => {
      if (text.includes('spectral:')) second ??= residuum(['run', 'slow.json', '--out', 'x.residuum', '--threads', '1'])
    })
    expect((await first).code).toBe(0)
    const refused = await second!
    // On a slow machine the second may come after the first has ended; then it reuses.
    if (refused.code === 0) expect(refused.out).toMatch(/^spectral\s+reused/)
    else expect([refused.code, lines(refused.err)]).toEqual([2, ['x.residuum is being written by another run. Wait for it to end, or choose another name for --out.']])
  })
})

describe('the other commands', () => {
  it('describe, draw, export', async () => {
    write('small.json', smallDocument)
    await residuum(['run', 'small.json', '--out', 'a.residuum', '--only', 'coarse'])
    const info = JSON.parse((await residuum(['info', 'a.residuum', '--json'])).out) as { title: string; steps: { id: string; arrays?: Record<string, { shape: number[] }>; metrics?: Record<string, number> }[]; provenance: { steps: Record<string, unknown> } }
    expect(info.title).toBe('Small')
    expect(info.steps[0]).toMatchObject({ id: 'coarse', arrays: { u: { shape: [17, 17] }, x: { shape: [17] } } })
    expect(info.steps[0].metrics!.relative_l2).toBeGreaterThan(0)
    expect(info.steps[1].arrays).toBeUndefined()
    expect(Object.keys(info.provenance.steps)).toEqual(['coarse'])

    const drawn = await Promise.all(['f.pdf', 'g.pdf', 'f.svg'].map(name => residuum(['figure', 'a.residuum', '--preset', 'nature-single', '--out', name])))
    expect(drawn.map(end => end.code)).toEqual([0, 0, 0])
    expect(readFileSync(join(folder, 'f.pdf')).equals(readFileSync(join(folder, 'g.pdf')))).toBe(true)
    expect((await residuum(['export', 'a.residuum', '--array', 'coarse/u', '--out', 'u.csv'])).code).toBe(0)
    expect(lines(readFileSync(join(folder, 'u.csv'), 'utf8'))).toHaveLength(1 + 17 * 17)
    const unknown = await residuum(['export', 'a.residuum', '--array', 'coarse/v', '--out', 'v.npy'])
    expect([unknown.code, unknown.err]).toEqual([2, 'The result of coarse has no array "v". It has residuals, u, x, y.\n'])
    expect((await residuum(['validate', 'a.residuum'])).code).toBe(0)
  }, 180_000)

  it('name and export the network of a training', async () => {
    const net = { id: 'net', kind: 'train', network: { kind: 'mlp', width: 4, depth: 1 }, points: { interior: 20, boundary: 8 }, budget: { steps: 2 }, resolution: [5, 5] }
    write('net.json', { format: 'residuum/1', title: 'Net', problem: { catalogue: 'poisson-2d' }, steps: [net] })
    expect((await residuum(['run', 'net.json', '--out', 'n.residuum', '--threads', '1'])).code).toBe(0)
    const info = JSON.parse((await residuum(['info', 'n.residuum', '--json'])).out) as { steps: { models: unknown[] }[] }
    expect(info.steps[0].models).toMatchObject([{ file: 'models/net.onnx', inputs: [{ name: 'x', type: 'double', shape: ['points', 2] }], outputs: [{ name: 'u', shape: ['points', 1] }], operatorSet: 17, precision: 'float64' }])
    expect((await residuum(['info', 'n.residuum'])).out).toContain('models/net.onnx  x [points, 2] → u [points, 1], float64')
    expect(await residuum(['export', 'n.residuum', '--model', 'net', '--out', 'net.onnx'])).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(folder, 'net.onnx')).equals(Buffer.from(unzipSync(readFileSync(join(folder, 'n.residuum')))['models/net.onnx']))).toBe(true)
    expect((await residuum(['export', 'n.residuum', '--model', 'nett', '--out', 'net.onnx'])).err).toContain('The result of nett holds no network.')
    expect((await residuum(['export', 'n.residuum', '--model', 'net', '--out', 'net.npy'])).err).toBe('--out net.npy: networks are written as .onnx.\n')
  }, 180_000)

  it('list the registries, help and version', async () => {
    const problems = JSON.parse((await residuum(['list', 'problems', '--json'])).out) as { id: string; statement: object }[]
    expect(problems.map(p => p.id)).toContain('burgers-1d')
    expect((await residuum(['--version'])).out).toMatch(/^residuum \d+\.\d+\.\d+\n$/)
    expect((await residuum(['--help'])).out).toContain('validate')
    expect((await residuum(['run', '--help'])).out).toContain('--threads N')
  })

  it('import an array without coordinates in its file, on equally spaced nodes', async () => {
    write('plain.npy', writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]))
    expect(await residuum(['import', 'plain.npy', '--axes', 'x=[-1,1],t=[0,1]', '--out', 'p.residuum'])).toMatchObject({ code: 0, err: '' })
    expect((await residuum(['export', 'p.residuum', '--array', 'plain/u', '--out', 'p.csv'])).code).toBe(0)
    expect(lines(readFileSync(join(folder, 'p.csv'), 'utf8'))).toEqual(['x,t,u', '-1,0,1', '0,0,2', '1,0,3', '-1,1,4', '0,1,5', '1,1,6'])
  })

  it.skipIf(!existsSync(raissi))('import somebody else’s file (skipped where ../shared/data is absent)', async () => {
    expect((await residuum(['import', raissi, '--out', 'i.residuum'])).code).toBe(0)
    const info = JSON.parse((await residuum(['info', 'i.residuum', '--json'])).out) as { steps: { arrays: object }[] }
    expect(info.steps[0].arrays).toMatchObject({ u: { shape: [100, 256] }, x: { shape: [256] }, t: { shape: [100] } })
    expect((await residuum(['validate', 'i.residuum'])).code).toBe(0)
    const again = await residuum(['run', 'i.residuum', '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ steps: { 'burgers-shock': { status: 'reused' } } })
  })
})
