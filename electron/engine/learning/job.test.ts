import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript
import { oneTfjs } from '../../../build/hosts.mjs'
import type { Json } from '../../../shared/json'
import type { JobOrder } from '../jobs/messages'
import { createSupervisor, type Supervisor } from '../jobs/supervisor'
import { builtFile } from '../kernels'
import { workspaceAt } from '../store/workspace'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
let bundle: string
let supervisor: Supervisor
beforeAll(async () => {
  bundle = mkdtempSync(join(root, 'dist', 'learning-steps-'))
  await build({
    entryPoints: [fileURLToPath(new URL('testing/steps.ts', import.meta.url))], outfile: join(bundle, 'steps.mjs'), bundle: true, platform: 'node', format: 'esm', logLevel: 'error', sourcemap: 'inline', plugins: [oneTfjs],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  })
})
afterAll(() => rmSync(bundle, { recursive: true, force: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'residuum-learning-'))
  supervisor = createSupervisor({ entry: builtFile('engine/job.mjs'), keepWarm: false })
})
afterEach(() => {
  supervisor.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const order = (options: Record<string, Json>): JobOrder => ({
  workspace: folder, document: { format: 'residuum/1', title: 't', steps: [{ id: 's', kind: 'descend', ...options }] }, step: 's', key: 'key-1', seed: 0, version: '0', threads: 1,
  budgetBytes: 256 * 2 ** 20, stepKindsModule: join(bundle, 'steps.mjs'),
})
const resultBytes = () => Object.fromEntries(readdirSync(workspaceAt(folder).result('s')).sort().map(name => [name, readFileSync(join(workspaceAt(folder).result('s'), name)).toString('base64')]))

it.each(['float32', 'float64'])('a stopped %s run goes on to the same bits, and what ran is in the record', async precision => {
  const step = { steps: 3000, precision }
  const whole = await supervisor.start(order(step)).ended
  expect(whole).toMatchObject({ status: 'done', record: { precision, backend: expect.stringMatching(/^ONNX Runtime .* \(native, 1 thread\)$/) } })
  const uninterrupted = resultBytes()
  rmSync(workspaceAt(folder).results, { recursive: true })
  const job = supervisor.start(order(step), { progress: ({ step: done }) => void (done! > 100 && job.cancel()) })
  const end = await job.ended
  // A fast machine may be done before Stop arrives: then there is nothing to resume.
  if (end.status !== 'done') {
    expect(end).toMatchObject({ status: 'cancelled', resumable: true })
    expect((await supervisor.start(order(step)).ended).status).toBe('done')
  }
  expect(resultBytes()).toEqual(uninterrupted)
})

it('a kill in the middle of a call costs the job and nothing else', async () => {
  const step = { steps: 400, stepsPerCall: 20, width: 128, points: 4000, checkpointEvery: 40 }
  let saved!: () => void
  const reached = new Promise<void>(resolve => (saved = resolve))
  const job = supervisor.start(order(step), { checkpointed: () => saved() })
  // A job that fails before says so at once.
  expect(await Promise.race([reached, job.ended])).toBeUndefined()
  process.kill(job.pid!, 'SIGKILL')
  const end = await job.ended
  expect(end).toMatchObject({ status: 'failed', resumable: true, faults: [{ code: 'job-died', message: expect.not.stringContaining('\n') }] })
  let continued = ''
  expect((await supervisor.start(order(step), { log: (_, message) => (continued = message) }).ended).status).toBe('done')
  expect(Number(continued.split(' ').at(-1))).toBeGreaterThanOrEqual(40)
})

it.each(['wasm', 'eager'])('the built engine runs on %s where the native library is not wanted', async only => {
  process.env.RESIDUUM_LEARNING_BACKEND = only
  try {
    const job = createSupervisor({ entry: builtFile('engine/job.mjs'), keepWarm: false })
    const end = await job.start(order({ steps: 20 })).ended
    job.dispose()
    expect(end).toMatchObject({ status: 'done', record: { backend: expect.stringMatching(only === 'wasm' ? /WebAssembly/ : /eager/) } })
  } finally {
    delete process.env.RESIDUUM_LEARNING_BACKEND
  }
})
