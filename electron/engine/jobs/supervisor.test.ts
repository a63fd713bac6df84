import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../shared/json'
import { builtFile } from '../kernels'
import { workspaceAt } from '../store/workspace'
import type { Frame, JobOrder } from './messages'
import { createSupervisor } from './supervisor'
import type { JobListener, Supervisor, SupervisorOptions } from './supervisor'

let folder: string
const supervisors: Supervisor[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'residuum-jobs-'))
})
afterEach(() => {
  for (const supervisor of supervisors.splice(0)) supervisor.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const supervisor = (options: Partial<SupervisorOptions> = {}): Supervisor => {
  const made = createSupervisor({ entry: builtFile('engine/job.mjs'), keepWarm: false, ...options })
  supervisors.push(made)
  return made
}

function order(kind: string, options: Record<string, Json>, rest: Partial<JobOrder> = {}): JobOrder {
  return {
    workspace: folder, document: { format: 'residuum/1', title: 't', steps: [{ id: 's', kind, ...options }] }, step: 's', key: 'key-1', seed: 0, version: '0', threads: 1,
    budgetBytes: 256 * 2 ** 20, stepKindsModule: fileURLToPath(new URL('testing/steps.mjs', import.meta.url)), ...rest,
  }
}

const resultBytes = (): Record<string, string> =>
  Object.fromEntries(readdirSync(workspaceAt(folder).result('s')).sort().map(name => [name, readFileSync(join(workspaceAt(folder).result('s'), name)).toString('base64')]))

/** Resolves when the listener has been told so many checkpoints. */
function afterCheckpoints(count: number): { listener: JobListener; reached: Promise<void> } {
  let reach!: () => void
  const reached = new Promise<void>(resolve => (reach = resolve))
  return { listener: { checkpointed: () => void (--count === 0 && reach()) }, reached }
}

describe('a job process', () => {
  it('leaves a result with its record and no checkpoint', async () => {
    const end = await supervisor().start(order('iterate', { steps: 10 })).ended
    expect(end).toMatchObject({ status: 'done', resumable: false, record: { step: 's', key: 'key-1', backend: 'WebAssembly SIMD', precision: 'float64', threads: 1, converged: true } })
    const workspace = workspaceAt(folder)
    expect(readdirSync(workspace.result('s')).sort()).toEqual(['history.npy', 'metrics.json', 'result.json', 'u.npy', 'x.npy'])
    expect(readFileSync(join(workspace.result('s'), 'metrics.json'), 'utf8')).toBe('{"iterations":10,"residual":"NaN"}\n')
    expect(JSON.parse(readFileSync(workspace.record('s'), 'utf8'))).toMatchObject({ key: 'key-1' })
    expect(readdirSync(workspace.results)).toEqual(['s'])
    expect(existsSync(workspace.checkpoint('s'))).toBe(false)
  })

  it('stops when asked, and continues to the same bits', async () => {
    const step = { steps: 60, pause: 4 }
    await supervisor().start(order('iterate', step)).ended
    const uninterrupted = resultBytes()
    rmSync(workspaceAt(folder).results, { recursive: true })
    let acknowledged = false
    let steps = 0
    const job = supervisor().start(order('iterate', step), {
      progress: update => {
        steps = update.step ?? 0
        if (steps > 20) job.cancel()
      },
      cancelling: () => (acknowledged = true),
    })
    expect(await job.ended).toMatchObject({ status: 'cancelled', resumable: true, faults: [] })
    expect(acknowledged).toBe(true)
    expect(existsSync(workspaceAt(folder).result('s'))).toBe(false)
    let resumed = false
    let continued = ''
    const again = await supervisor().start(order('iterate', step), { started: r => (resumed = r), log: (_, message) => (continued = message) }).ended
    expect(again.status).toBe('done')
    expect(resumed).toBe(true)
    expect(Number(continued.split(' ').at(-1))).toBeGreaterThan(20)
    expect(resultBytes()).toEqual(uninterrupted)
  })

  it('continues to the same bits after kill -9 at many places', async () => {
    const step = { steps: 40, checkpointEvery: 3, pause: 2 }
    await supervisor().start(order('iterate', step)).ended
    const uninterrupted = resultBytes()
    for (const kills of [1, 4, 7]) {
      rmSync(workspaceAt(folder).results, { recursive: true })
      const { listener, reached } = afterCheckpoints(kills)
      const job = supervisor().start(order('iterate', step), listener)
      await reached
      process.kill(job.pid!, 'SIGKILL')
      const end = await job.ended
      expect(end).toMatchObject({ status: 'failed', resumable: true })
      expect(end.faults[0]).toMatchObject({ code: 'job-died', message: expect.stringContaining('signal SIGKILL'), tip: 'Compute again to continue from its last checkpoint.' })
      expect((await supervisor().start(order('iterate', step)).ended).status).toBe('done')
      expect(resultBytes()).toEqual(uninterrupted)
    }
  })

  it('does not continue from the checkpoint of another key', async () => {
    const { listener, reached } = afterCheckpoints(2)
    const job = supervisor().start(order('iterate', { steps: 400, checkpointEvery: 5, pause: 2 }), listener)
    await reached
    job.cancel()
    await job.ended
    let resumed = true
    await supervisor().start(order('iterate', { steps: 3 }, { key: 'key-2' }), { started: r => (resumed = r) }).ended
    expect(resumed).toBe(false)
  })

  it('makes a frame per credit, no larger than asked', async () => {
    const frames: Frame[] = []
    const job = supervisor().start(order('iterate', { steps: 200, pause: 2, size: 500 }), {
      frame: frame => {
        frames.push(frame)
        if (frames.length === 3) job.frames(undefined)
        job.nextFrame()
      },
    })
    job.frames([50])
    expect((await job.ended).status).toBe('done')
    expect(frames.length).toBe(3)
    for (const frame of frames) expect(frame.values.length).toBeLessThanOrEqual(50)
  })
})

describe('the supervisor outlives a job that', () => {
  const ways: readonly [string, string, Partial<SupervisorOptions>, string][] = [
    ['is hit by a segmentation fault', 'segv', {}, 'job-died'],
    ['aborts', 'abort', {}, 'job-died'],
    ['is killed', 'kill', {}, 'job-died'],
    ['throws', 'throw', {}, 'internal'],
    ['fills the JavaScript heap', 'heap', { memoryBytes: 512 * 2 ** 20, heartbeat: { interval: 100_000, missed: 3 } }, 'out-of-memory'],
    ['grows past the memory limit', 'buffers', { memoryBytes: 300 * 2 ** 20, heartbeat: { interval: 50, missed: 100 } }, 'memory-limit'],
    ['stops answering', 'stop', { heartbeat: { interval: 250, missed: 20 } }, 'job-hung'],
  ]
  it.each(ways)('%s', async (_, how, options, code) => {
    const watched = supervisor(options)
    const end = await watched.start(order('misbehave', { how, checkpointFirst: true })).ended
    expect(end.status).toBe('failed')
    expect(end.resumable).toBe(true)
    expect(end.faults).toHaveLength(1)
    expect(end.faults[0].code).toBe(code)
    expect(end.faults[0].message).not.toContain('\n')
    expect((await watched.start(order('iterate', { steps: 2 }, { key: 'other' })).ended).status).toBe('done')
  })

  it('asks for more than the arena may hold', async () => {
    const end = await supervisor().start(order('arena', {}, { budgetBytes: 128 * 2 ** 20 })).ended
    expect(end).toMatchObject({ status: 'failed', faults: [{ code: 'out-of-memory' }] })
  })

  it('hangs and does not see Stop', async () => {
    let acknowledged = false
    const job = supervisor().start(order('misbehave', { how: 'hang', checkpointFirst: true }), { checkpointed: () => job.cancel(), cancelling: () => (acknowledged = true) })
    expect(await job.ended).toMatchObject({ status: 'cancelled', resumable: true })
    expect(acknowledged).toBe(true)
  })
})
