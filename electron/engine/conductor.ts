/** Entry of the conductor thread of a job process: runs one step from its order to its result folder. */
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { FaultError, error } from '../../shared/fault'
import { Cancelled } from '../../shared/kernels/team'
import type { StepKind } from '../../shared/steps/step-kind'
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from './jobs/checkpoint'
import { createStepContext } from './jobs/context'
import { reduceFrame } from './jobs/live-frame'
import type { FromConductor, JobOrder } from './jobs/messages'
import { writeResult } from './jobs/result'
import { createRun } from './jobs/run'
import { loadLibm, readKernels } from './kernels'
import { createLearningRuntime } from './learning/runtime'
import { createThreadTeam } from './threads/team'
import { readRecord } from './store/records'
import { workspaceAt } from './store/workspace'

const port = parentPort!
const { words } = workerData as { words: Int32Array }
const post = (message: FromConductor, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, [...transfer])

async function stepKinds(module: string | undefined): Promise<readonly StepKind[]> {
  const found = module === undefined ? await import('../../shared/steps/registry') : ((await import(pathToFileURL(module).href)) as { stepKinds: readonly StepKind[] })
  return found.stepKinds
}

async function conduct(order: JobOrder): Promise<void> {
  const workspace = workspaceAt(order.workspace)
  const kernels = readKernels()
  const step = order.document.steps.find(({ id }) => id === order.step)
  const kind = (await stepKinds(order.stepKindsModule)).find(({ descriptor }) => descriptor.id === step?.kind)
  if (!step || !kind) throw new FaultError(error('unknown-step-kind', `The step ${order.step} is of no kind that this version knows.`))
  const runner = await kind.load()
  const checkpoints = workspace.checkpoint(order.step)
  const resumed = readCheckpoint(checkpoints, order.key)
  const team = createThreadTeam({ threads: order.threads, kernels, budgetBytes: order.budgetBytes })
  const run = createRun({
    words, post, resumed, reduceFrame,
    writeCheckpoint: checkpoint => writeCheckpoint(checkpoints, order.key, checkpoint),
    now: () => performance.now(),
  })
  const learning = createLearningRuntime({ threads: order.threads, budgetBytes: order.budgetBytes, only: process.env.RESIDUUM_LEARNING_BACKEND, providers: process.env.RESIDUUM_LEARNING_PROVIDERS?.split(','), log: message => run.log('info', message) })
  post({ kind: 'started', resumed: resumed !== undefined })
  const started = performance.now()
  // What was said last is heard whatever the end: the curve of a run that diverges most of all.
  const output = await (async () => runner.run(createStepContext({ order, step, workspace, team, run, learning, loadLibm: () => loadLibm(kernels) })))().finally(() => run.flush())
  const record = {
    step: order.step, key: order.key, seconds: (performance.now() - started) / 1000,
    backend: learning.ran.size > 0 ? [...learning.ran].join(', ') : 'WebAssembly SIMD', precision: output.precision ?? 'float64', threads: order.threads, version: order.version,
    converged: output.converged && !output.stopped, ...(output.stopped ? { stopped: output.stopped } : {}), faults: output.faults, ...(output.ran ? { ran: output.ran } : {}), ...(output.timings ? { timings: output.timings } : {}), ...(order.fileHashes ? { fileHashes: order.fileHashes } : {}),
  }
  if (output.stopped) {
    // A finished result of the same key says more than the beginning of another run.
    const before = readRecord(workspace, order.step)
    const keeps = before === undefined || before.key !== order.key || before.stopped === true
    if (keeps) writeResult(workspace, output, record)
    return post({ kind: 'finished', status: 'cancelled', faults: [], ...(keeps ? { record } : {}) })
  }
  writeResult(workspace, output, record)
  removeCheckpoint(checkpoints)
  post({ kind: 'finished', status: 'done', faults: output.faults, record })
}

port.on('message', (order: JobOrder) => {
  conduct(order).catch((reason: unknown) => {
    if (reason instanceof Cancelled) return post({ kind: 'finished', status: 'cancelled', faults: [] })
    if (reason instanceof FaultError) return post({ kind: 'finished', status: 'failed', faults: reason.faults })
    const { code, message, stack } = reason as NodeJS.ErrnoException
    post({ kind: 'finished', status: 'failed', faults: [failure(code, message)], stack })
  })
})

function failure(code: string | undefined, message: string) {
  if (code === 'ENOSPC') return error('disk-full', 'The disk is full: the result could not be written.', { tip: 'Free some space and compute again; the checkpoint is kept.' })
  if (code === 'EACCES' || code === 'EIO' || code === 'EROFS') return error('disk-failed', `The result could not be written (${code}).`, { tip: 'Check the disk and compute again.' })
  if (/Array buffer allocation failed|could not allocate/i.test(message)) {
    return error('out-of-memory', 'The step ran out of memory.', { tip: 'Choose a smaller resolution.' })
  }
  return error('internal', `The step ended by a fault in the program: ${message}.`, { tip: 'Please report it with the experiment; nothing else is affected.' })
}
