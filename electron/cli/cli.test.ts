import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../engine/files/npy'
import { slowDocument, smallDocument } from '../engine/testing/engine'

const program = fileURLToPath(new URL('residuum.mjs', import.meta.url))
const raissi = fileURLToPath(new URL('../../../shared/data/raissi/burgers_shock.mat', import.meta.url))
let folder: string
const folders: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'residuum-cli-'))
  folders.push(folder)
})
afterAll(() => {
  for (const used of folders) rmSync(used, { recursive: true, force: true })
})

interface Ended { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string }

/** Runs the command in the test's folder; `watch` sees standard error as it comes. */
function residuum(words: readonly string[], watch?: (text: string, kill: (signal: NodeJS.Signals) => void) => void): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (part: Buffer) => (out += part.toString()))
    child.stderr.on('data', (part: Buffer) => {
      err += part.toString()
      watch?.(err, signal => child.kill(signal))
    })
    child.on('close', (code, signal) => resolve({ code, signal, out, err }))
  })
}

const write = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  return name
}
/** The members under results/, by name. */
const results = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(readFileSync(join(folder, name)))).filter(([member]) => member.startsWith('results/')).map(([member, bytes]) => [member, strFromU8(bytes, true)]))
const lines = (text: string): string[] => text.split('\n').filter(Boolean)

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

    const again = await residuum(['run', 'small.json', '--out', 'a.residuum', '--json'])
    expect(Object.values((JSON.parse(again.out) as typeof summary).steps).map(s => s.status)).toEqual(['reused', 'reused', 'reused'])

    const changed = await residuum(['run', 'small.json', '--out', 'a.residuum', '--set', 'fine.resolution=[65,65]', '--json'])
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

  it.each(['SIGINT', 'SIGKILL'] as const)('after %s continues to the same bytes', async signal => {
    write('slow.json', { ...slowDocument, steps: [{ ...slowDocument.steps[0], resolution: [2048] }] })
    expect((await residuum(['run', 'slow.json', '--out', 'whole.residuum', '--threads', '1'])).code).toBe(0)
    let signalled = false
    const stopped = await residuum(['run', 'slow.json', '--out', 'x.residuum', '--json', '--threads', '1'], (text, kill) => {
      if (!signalled && text.includes('spectral:')) setTimeout(() => kill(signal), 250)
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
    expect(results('x.residuum')).toEqual(results('whole.residuum'))
    expect(existsSync(join(folder, 'x.residuum.work'))).toBe(false)
  }, 180_000)

  it('locks --out', async () => {
    write('slow.json', slowDocument)
    let second: Promise<Ended> | undefined
    const first = residuum(['run', 'slow.json', '--out', 'x.residuum'], text => {
      if (text.includes('spectral:')) second ??= residuum(['run', 'slow.json', '--out', 'x.residuum'])
    })
    expect((await first).code).toBe(0)
    const refused = await second!
    // On a slow machine the second may come after the first has ended; then it reuses.
    if (refused.code !== 0) expect([refused.code, lines(refused.err)]).toEqual([2, ['x.residuum is being written by another run. Wait for it to end, or choose another name for --out.']])
  })
})

describe('bad input', () => {
  const { problem } = smallDocument
  const steps = [{ id: 'fd', kind: 'solve', method: 'finite-difference', resolution: [9, 9] }]
  const document = (change: object, others: object = {}): object => ({ ...smallDocument, steps, problem: { ...problem, ...change }, ...others })
  const cases: readonly [string, object | string, number, RegExp][] = [
    ['an unknown key', document({}, { steps: [{ ...steps[0], resoluton: [9, 9] }] }), 2, /steps\[0\]\.resoluton: Unknown key "resoluton"\. Did you mean "resolution"\?/],
    ['a misspelt function', document({ equations: ['-lap(u) = sinn(x)'] }), 2, /problem\.equations\[0\], column 11 .*sinn.*sin/],
    ['a missing boundary condition', document({ boundary: [{ on: ['left', 'right', 'top'], condition: 'u = 0' }] }), 2, /problem\.boundary: The side bottom/],
    ['unbalanced brackets', document({ equations: ['-lap(u) = (f'] }), 2, /bracket/],
    ['division by zero on the grid', document({ equations: ['-lap(u) = 1/(x - 0.5)'], exact: undefined }), 1, /x = 0\.5/],
    ['dzz in two dimensions', document({ equations: ['-dzz(u) = f'] }), 2, /dzz.*z/],
    ['an enormous resolution', document({}, { steps: [{ ...steps[0], resolution: [3300000, 3300000] }] }), 1, /3300000.*memory/],
    ['a prototype key', '{"format":"residuum/1","title":"t","__proto__":{},"steps":[]}', 2, /"__proto__" is not allowed/],
    ['a member access', document({ equations: ['-lap(u) = constructor(x)'] }), 2, /constructor/],
    ['a text that is cut off', '{"format":"residuum/1",', 2, /not valid in line 1/],
    ['another format', { ...smallDocument, format: 'residuum/9' }, 2, /residuum\/9/],
  ]
  it.each(cases)('%s gives one clear line', async (_, content, code, message) => {
    write('bad.json', content)
    const end = await residuum(['run', 'bad.json'])
    expect(end.code).toBe(code)
    const told = lines(end.err).filter(line => !line.startsWith('Nothing was kept') && !line.startsWith('warning:'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(message)
    expect(end.err).not.toMatch(/\n\s+at /)
    if (code === 2) expect(lines((await residuum(['validate', 'bad.json'])).err).filter(line => !line.startsWith('warning:'))).toEqual(told)
  })

  it('a file that is cut off, and a zip bomb', async () => {
    const whole = zipSync({ 'experiment.json': new TextEncoder().encode(JSON.stringify(smallDocument)) })
    write('cut.residuum', whole.subarray(0, whole.length / 2))
    write('bomb.residuum', zipSync({ 'experiment.json': new Uint8Array(100 * 2 ** 20).fill(32) }))
    for (const [file, message] of [['cut.residuum', /cut off/], ['bomb.residuum', /200 to 1/]] as const) {
      for (const command of ['run', 'validate', 'info']) {
        const end = await residuum([command, file])
        expect([end.code, lines(end.err).length, end.out]).toEqual([2, 1, ''])
        expect(end.err).toMatch(message)
      }
    }
  })

  it.each([
    [['rnu', 'x.json'], 'residuum has no command "rnu". Did you mean "run"?'],
    [['run'], 'residuum run needs a file. Usage: residuum run FILE'],
    [['run', 'x.json', '--thread', '2'], 'residuum run has no option --thread. Did you mean --threads?'],
    [['run', 'x.json', '--threads', 'many'], '--threads many is not a whole number from 1 to 256.'],
    [['run', 'x.json', '--out'], '--out needs a value: --out X.residuum.'],
    [['run', 'x.json', '--out', 'x.json'], '--out x.json does not end in .residuum.'],
    [['run', 'x.json', '--json=1'], '--json takes no value.'],
    [['run', 'x.json', '--seed', '1', '--seed', '2'], '--seed is given twice. Give it once.'],
    [['run', 'gone.json'], 'There is no file gone.json. Check the path.'],
    [['run', 'x.json', '--set', 'a'], '--set a is not of the form path=value. For example: --set problem.parameters.k=2'],
    [['run', 'x.json', '--only', 'nothing'], 'x.json: There is no step "nothing". The steps are coarse, fine, difference.'],
    [['list', 'problms'], 'There is no list of "problms". Did you mean "problems"?'],
    [['figure', 'x.json'], 'residuum figure needs --out. For example: --out figure.pdf'],
    [['figure', 'x.json', '--out', 'f.doc'], '--out f.doc: figures are written as .pdf, .svg, .png.'],
    [['figure', 'x.json', '--out', 'f.pdf', '--preset', 'natur-single'], 'There is no preset "natur-single". Did you mean "nature-single"?'],
    [['figure', 'x.json', '--out', 'f.pdf'], 'x.json has no results to draw. Run it first: residuum run x.json --out x.residuum'],
    [['export', 'x.json', '--out', 'f.npy'], 'residuum export needs --array STEP/NAME. See what there is with: residuum info x.json'],
  ])('residuum %j', async (words, line) => {
    write('x.json', smallDocument)
    const end = await residuum(words)
    expect([end.code, lines(end.err)]).toEqual([2, [line]])
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

    for (const name of ['f.pdf', 'g.pdf', 'f.svg']) expect((await residuum(['figure', 'a.residuum', '--preset', 'nature-single', '--out', name])).code).toBe(0)
    expect(readFileSync(join(folder, 'f.pdf')).equals(readFileSync(join(folder, 'g.pdf')))).toBe(true)
    expect((await residuum(['export', 'a.residuum', '--array', 'coarse/u', '--out', 'u.csv'])).code).toBe(0)
    expect(lines(readFileSync(join(folder, 'u.csv'), 'utf8'))).toHaveLength(1 + 17 * 17)
    const unknown = await residuum(['export', 'a.residuum', '--array', 'coarse/v', '--out', 'v.npy'])
    expect([unknown.code, unknown.err]).toEqual([2, 'The result of coarse has no array "v". It has residuals, u, x, y.\n'])
    expect((await residuum(['validate', 'a.residuum'])).code).toBe(0)
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
