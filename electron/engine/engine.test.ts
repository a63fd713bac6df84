import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot, StepState } from '../../shared/protocol/contract'
import { writeNpy } from './files/npy'
import { removeFolder, slowDocument, smallDocument, testEngine } from './testing/engine'
import type { TestEngine, TestWindow } from './testing/engine'

let engine: TestEngine
let window: TestWindow
beforeEach(() => {
  engine = testEngine()
  window = engine.window()
})
afterEach(async () => {
  await engine.dispose()
  removeFolder(engine.folder)
})

const open = (document: object, name = 'small.json'): Promise<Snapshot> => window.call('experiment.open', { source: { upload: name, bytes: new TextEncoder().encode(JSON.stringify(document)) } })
const step = (snapshot: Snapshot, id: string): StepState => snapshot.steps.find(s => s.id === id)!
const statuses = (snapshot: Snapshot): string => snapshot.steps.map(s => s.status).join(' ')
async function computed(experiment: string, steps?: string[]): Promise<Snapshot> {
  const { queued } = await window.call('compute', { experiment, ...(steps ? { steps } : {}) })
  return window.until(s => s.experiment === experiment && queued.every(id => ['done', 'failed', 'cancelled'].includes(step(s, id).status)))
}
const current = (experiment: string): Snapshot => window.events('experiment.changed').filter(s => s.experiment === experiment).at(-1)!

describe('computing', () => {
  it('runs inputs first, reads fields, and uses results again', async () => {
    const { experiment } = await open(smallDocument)
    expect((await window.call('compute', { experiment, steps: ['difference'] })).queued).toEqual(['coarse', 'fine', 'difference'])
    const done = await window.until(s => statuses(s) === 'done done done')
    const { result } = step(done, 'fine')
    expect(result!.metrics.relative_l2).toBeGreaterThan(1e-5)
    expect(result!.metrics.relative_l2).toBeLessThan(2e-3)
    expect(result!.ran).toMatchObject({ backend: 'WebAssembly SIMD', precision: 'float64', threads: 1 })
    const u = result!.arrays.find(a => a.name === 'u')!
    expect(u.shape).toEqual([33, 33])
    expect(u.axes).toMatchObject([{ name: 'x', lower: 0, upper: 1, nodes: 33, periodic: false }, { name: 'y' }])
    expect((await window.call('compute', { experiment })).queued).toEqual([])

    const picture = await window.call('field.read', { experiment, ref: { step: 'fine', array: 'u' }, size: [9, 9] })
    expect(picture.shape).toEqual([9, 9])
    expect(picture.maximum).toBeCloseTo(1, 2)
    expect(picture.maximumOverall).toBe(u.maximum)
    const [middle, outside] = await Promise.all([[0.5, 0.5], [2, 2]].map(point => window.call('field.probe', { experiment, refs: [{ step: 'fine', array: 'u' }], point })))
    expect(middle[0]).toBe(u.maximum)
    expect(outside[0]).toBeNaN()
    const cut = await window.call('field.cut', { experiment, refs: [{ step: 'fine', array: 'u' }, { step: 'coarse', array: 'u' }], from: [0, 0.5], to: [1, 0.5], samples: 5 })
    expect([...cut.distance]).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(cut.values).toHaveLength(2)
    await expect(window.call('array.read', { experiment, ref: { step: 'fine', array: 'v' } })).rejects.toMatchObject({ faults: [{ code: 'unknown-array' }] })
  })

  it('shows results as outdated after an edit and as done after undo', async () => {
    const { experiment, revision } = await open(smallDocument)
    await computed(experiment)
    await window.call('experiment.edit', { experiment, patch: { path: ['steps', 1, 'resolution'], before: [33, 33], after: [9, 9], baseRevision: revision } })
    await window.until(s => s.revision === 1 && statuses(s) === 'done outdated outdated')
    const undone = await window.call('experiment.undo', { experiment })
    expect(undone.redo).toBe('Change resolution of fine')
    await window.until(s => s.revision === 2 && statuses(s) === 'done done done')
    expect((await window.call('compute', { experiment })).queued).toEqual([])
  })

  it('computes what is named again, bit for bit', async () => {
    const { experiment } = await open(smallDocument)
    await computed(experiment)
    const bytes = async (): Promise<Uint8Array> => (await window.call('array.export', { experiment, ref: { step: 'fine', array: 'u' }, format: 'npy' })).bytes
    const before = await bytes()
    const seconds = step(current(experiment), 'fine').result!.seconds
    expect((await window.call('compute', { experiment, steps: ['fine'] })).queued).toEqual(['fine'])
    await window.until(s => step(s, 'fine').status === 'done' && step(s, 'fine').result!.seconds !== seconds)
    expect(Buffer.from(await bytes()).equals(before)).toBe(true)
  })

  it('refuses a document with faults and names them', async () => {
    const { experiment, faults } = await open({ ...smallDocument, problem: { ...smallDocument.problem, equations: ['-lap(u) = sn(x)'] } })
    expect(faults[0]).toMatchObject({ severity: 'error', where: { path: 'problem.equations[0]', text: '-lap(u) = sn(x)' } })
    await expect(window.call('compute', { experiment })).rejects.toMatchObject({ faults: [{ where: { path: 'problem.equations[0]' } }] })
  })

  it('tells why a step failed, and that what reads it did not run', async () => {
    const { experiment } = await open({ ...smallDocument, problem: { ...smallDocument.problem, definitions: { ue: 'x', f: '1/(x-0.5)' }, exact: undefined } })
    const end = await computed(experiment)
    expect(statuses(end)).toBe('failed failed failed')
    expect(step(end, 'coarse').faults[0].message).toContain('0.5')
    expect(step(end, 'difference').faults[0]).toMatchObject({ code: 'missing-input' })
  })

  it('stops, and continues to the same bits', async () => {
    const first = await open(slowDocument, 'slow.json')
    await computed(first.experiment)
    const whole = await window.call('array.export', { experiment: first.experiment, ref: { step: 'spectral', array: 'u' }, format: 'npy' })
    const second = await open(slowDocument, 'slow.json')
    const { experiment } = second
    await window.call('compute', { experiment })
    await new Promise<void>(resolve => {
      const look = setInterval(() => {
        const fraction = window.events('job.progress').filter(p => p.experiment === experiment).at(-1)?.fraction ?? 0
        if (fraction > 0.05) {
          clearInterval(look)
          resolve()
        }
      }, 2)
    })
    await window.call('cancel', { experiment })
    const stopped = await window.until(s => s.experiment === experiment && ['cancelled', 'done'].includes(step(s, 'spectral').status))
    expect(step(stopped, 'spectral')).toMatchObject({ status: 'cancelled', resumable: true })
    const resumed = await computed(experiment)
    expect(step(resumed, 'spectral').status).toBe('done')
    expect(window.events('job.log').some(l => l.experiment === experiment && l.message === 'Continues from its last checkpoint.')).toBe(true)
    const continued = await window.call('array.export', { experiment, ref: { step: 'spectral', array: 'u' }, format: 'npy' })
    expect(Buffer.from(continued.bytes).equals(whole.bytes)).toBe(true)
  })

  it('sends live frames to who asks, one per acknowledgement', async () => {
    const { experiment } = await open(slowDocument, 'slow.json')
    await window.call('frames.subscribe', { experiment, step: 'spectral', size: [64] })
    await computed(experiment)
    expect(window.events('job.frame')).toHaveLength(1)
    expect(window.events('job.frame')[0].values.length).toBeLessThanOrEqual(64)
  })
})

describe('saving', () => {
  it('writes a file that opens with its results', async () => {
    const { experiment } = await open(smallDocument)
    const before = await computed(experiment)
    expect(before.dirty).toBe(true)
    const path = join(engine.folder, 'x.residuum')
    const saved = await window.call('experiment.save', { experiment, path })
    expect(saved).toMatchObject({ dirty: false, path, name: 'x' })
    await window.call('experiment.close', { experiment })
    expect(readdirSync(join(engine.folder, 'work'))).toEqual([])
    const again = await window.call('experiment.open', { source: { path } })
    expect(statuses(again)).toBe('done done done')
    expect(again.dirty).toBe(false)
    expect(step(again, 'fine').result).toEqual(step(before, 'fine').result)
    expect((await window.call('recent.list', {})).map(r => r.path)).toEqual([path])
  })

  it('refuses to overwrite a file that changed on disk', async () => {
    const { experiment } = await open(smallDocument)
    const path = join(engine.folder, 'x.residuum')
    await window.call('experiment.save', { experiment, path })
    writeFileSync(path, 'somebody else')
    utimesSync(path, 1, 1)
    await expect(window.call('experiment.save', { experiment })).rejects.toMatchObject({ faults: [{ code: 'changed-on-disk' }] })
    expect(readFileSync(path, 'utf8')).toBe('somebody else')
    await window.call('experiment.save', { experiment, overwrite: true })
    expect(readFileSync(path).subarray(0, 2).toString()).toBe('PK')
  })

  it('does not write what is no figure, array or experiment', async () => {
    await expect(window.call('file.write', { path: join(engine.folder, '.bashrc'), bytes: new Uint8Array(1) })).rejects.toMatchObject({ faults: [{ code: 'extension' }] })
    await window.call('file.write', { path: join(engine.folder, 'f.svg'), bytes: Uint8Array.of(60) })
    expect(readFileSync(join(engine.folder, 'f.svg'), 'utf8')).toBe('<')
  })
})

describe('windows', () => {
  it('lets the first edit and the second read, and hands over', async () => {
    const { experiment } = await open(smallDocument)
    const path = join(engine.folder, 'x.residuum')
    await window.call('experiment.save', { experiment, path })
    const second = engine.window('window-2')
    expect(await second.call('experiment.open', { source: { path } })).toMatchObject({ experiment, readOnly: true })
    const patch = { path: ['title'], before: 'Small', after: 'Other', baseRevision: 0 }
    await expect(second.call('experiment.edit', { experiment, patch })).rejects.toMatchObject({ faults: [{ code: 'read-only' }] })
    await window.call('experiment.edit', { experiment, patch })
    expect(second.events('experiment.changed').at(-1)).toMatchObject({ readOnly: true, document: { title: 'Other' } })
    engine.clientLeft('window-1')
    expect(second.events('experiment.changed').at(-1)).toMatchObject({ readOnly: false })
    await second.call('experiment.undo', { experiment })
  })
})

describe('undo', () => {
  const rename = (experiment: string, before: string, after: string, baseRevision: number): Promise<unknown> =>
    window.call('experiment.edit', { experiment, patch: { path: ['title'], before, after, baseRevision } })

  it('goes on after saving, closing and opening again', async () => {
    const path = join(engine.folder, 'kept.residuum')
    const { experiment } = await open(smallDocument)
    await rename(experiment, 'Small', 'Larger', 0)
    await rename(experiment, 'Larger', 'Largest', 1)
    await window.call('experiment.undo', { experiment })
    await window.call('experiment.save', { experiment, path })
    await window.call('experiment.close', { experiment })

    const again = await window.call('experiment.open', { source: { path } })
    expect(again).toMatchObject({ dirty: false, undo: 'Change title', redo: 'Change title', document: { title: 'Larger' } })
    expect(await window.call('experiment.redo', { experiment: again.experiment })).toMatchObject({ dirty: true, document: { title: 'Largest' } })
    await window.call('experiment.undo', { experiment: again.experiment })
    const first = await window.call('experiment.undo', { experiment: again.experiment })
    expect(first.document.title).toBe('Small')
    expect(first.undo).toBeUndefined()
  })

  it('is recovered when it went back behind the last save', async () => {
    const { experiment } = await open(smallDocument)
    await rename(experiment, 'Small', 'Larger', 0)
    await window.call('experiment.save', { experiment, path: join(engine.folder, 'kept.residuum') })
    await window.call('experiment.undo', { experiment })
    await engine.dispose()
    engine = testEngine({ dataFolder: engine.folder })
    window = engine.window()
    const back = await window.call('experiment.open', { source: { recover: experiment } })
    expect(back).toMatchObject({ document: { title: 'Small' }, dirty: true, redo: 'Change title' })
  })

  it('forgets the past of a file that was changed elsewhere', async () => {
    const [path, other] = [join(engine.folder, 'kept.residuum'), join(engine.folder, 'other.residuum')]
    const { experiment } = await open(smallDocument)
    await rename(experiment, 'Small', 'Larger', 0)
    await window.call('experiment.save', { experiment, path })
    await rename(experiment, 'Larger', 'Elsewhere', 1)
    await window.call('experiment.save', { experiment, path: other })
    await window.call('experiment.close', { experiment })
    writeFileSync(path, readFileSync(other))
    const opened = await window.call('experiment.open', { source: { path } })
    expect(opened.document.title).toBe('Elsewhere')
    expect(opened.undo).toBeUndefined()
  })
})

describe('recovery', () => {
  it('finds edits and results that an ended process left', async () => {
    const { experiment } = await open(smallDocument)
    await computed(experiment, ['coarse'])
    await window.call('experiment.edit', { experiment, patch: { path: ['title'], before: 'Small', after: 'Edited', baseRevision: 0 } })
    await engine.dispose()
    engine = testEngine({ dataFolder: engine.folder })
    window = engine.window()
    const { recovery } = await window.call('app.info', {})
    expect(recovery).toMatchObject([{ recover: experiment }])
    const back = await window.call('experiment.open', { source: { recover: experiment } })
    expect(back).toMatchObject({ document: { title: 'Edited' }, dirty: true, undo: 'Change title' })
    expect(statuses(back)).toBe('done idle idle')
    await window.call('experiment.undo', { experiment: back.experiment })
    await window.call('experiment.close', { experiment: back.experiment })
    expect((await window.call('app.info', {})).recovery).toEqual([])
  })
})

describe('the file process', () => {
  it('is started again when it dies, and reading goes on', async () => {
    const { experiment } = await open(smallDocument)
    await computed(experiment, ['coarse'])
    const pids = readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && commandOf(pid).includes('engine/file.mjs') && parentOf(pid) === process.pid)
    expect(pids.length).toBeGreaterThan(0)
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL')
    const picture = await window.call('field.read', { experiment, ref: { step: 'coarse', array: 'u' } })
    expect(picture.shape).toEqual([17, 17])
  })
})

describe('importing', () => {
  it('keeps the file, adds a step and computes it', async () => {
    const { experiment } = await open(smallDocument)
    const text = ['x,y,u', ...[0, 1, 2].flatMap(y => [0, 1].map(x => `${x},${y},${x + 10 * y}`))].join('\n')
    const { steps, arrays } = await window.call('experiment.import', { experiment, name: 'some data.csv', bytes: new TextEncoder().encode(text) })
    expect(arrays).toBeUndefined()
    expect(steps).toEqual(['some-data'])
    const done = await window.until(s => s.steps.some(t => t.id === 'some-data' && t.status === 'done'))
    expect(step(done, 'some-data').result!.arrays.find(a => a.name === 'u')).toMatchObject({ shape: [3, 2], minimum: 0, maximum: 21 })
    expect(done.undo).toBe('Add step some-data')
    const { bytes } = await window.call('experiment.download', { experiment })
    const again = await window.call('experiment.open', { source: { upload: 'again.residuum', bytes } })
    expect(step(again, 'some-data').status).toBe('done')
  })

  it('says what there is where the choice is not clear', async () => {
    const { experiment } = await open(smallDocument)
    const { arrays, steps } = await window.call('experiment.import', { experiment, name: 'a.npy', bytes: writeNpy(new Float64Array(12), [3, 4]) })
    expect(steps).toBeUndefined()
    expect(arrays).toMatchObject([{ array: 'a', shape: [3, 4], complex: false }])
    const chosen = await window.call('experiment.import', { experiment, name: 'a.npy', choose: [{ array: 'a', axes: { x: '[0, 1]', y: 'index' } }] })
    expect(chosen.steps).toEqual(['a'])
  })
})

describe('the gallery', () => {
  it('lists examples and opens them without a path', async () => {
    mkdirSync(join(engine.folder, 'examples'))
    writeFileSync(join(engine.folder, 'examples', 'small.json'), JSON.stringify({ ...smallDocument, notes: 'Two grids.\nMore.' }))
    expect(await window.call('gallery.list', {})).toMatchObject([{ example: 'small', title: 'Small', summary: 'Two grids.', hasResults: false }])
    const opened = await window.call('experiment.open', { source: { example: 'small' } })
    expect(opened).toMatchObject({ name: 'small', dirty: false })
    expect(opened.path).toBeUndefined()
    await expect(window.call('experiment.open', { source: { example: '../small' } })).rejects.toMatchObject({ faults: [{ code: 'unknown-example' }] })
  })
})

const commandOf = (pid: string): string => (existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '')
const parentOf = (pid: string): number => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
