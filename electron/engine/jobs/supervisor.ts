import { availableParallelism, totalmem } from 'node:os'
import { error } from '../../../shared/fault'
import type { Fault } from '../../../shared/fault'
import type { Progress } from '../../../shared/kernels/team'
import type { CurvePiece } from '../../../shared/protocol/live-curves'
import { forkChild } from './child'
import type { Child, SpawnChild } from './child'
import { hasCheckpoint } from './checkpoint'
import type { Frame, FromJob, JobOrder, ResultRecord, ToJob } from './messages'
import { workspaceAt } from '../store/workspace'

export interface SupervisorOptions {
  /** Path of `job.mjs`. */
  readonly entry: string
  readonly spawn?: SpawnChild
  /** Keep one process ready for the next job. */
  readonly keepWarm?: boolean
  /** Resident memory of one job process; past it the job is asked to checkpoint and then killed. */
  readonly memoryBytes?: number
  /** Milliseconds between two heartbeats, and how many may stay unanswered. */
  readonly heartbeat?: { readonly interval: number; readonly missed: number }
  /** Milliseconds from Stop to the signal that ends a job which does not stop by itself. */
  readonly killAfter?: number
  /** The same for a job that leaves a result when it is stopped. */
  readonly keepAfter?: number
}

export interface JobListener {
  started?(resumed: boolean): void
  progress?(update: Progress): void
  log?(severity: 'info' | 'warning' | 'error', message: string): void
  frame?(frame: Frame): void
  series?(pieces: readonly CurvePiece[]): void
  checkpointed?(): void
  /** The process answered that it is stopping. */
  cancelling?(): void
}

export interface JobEnd {
  readonly status: 'done' | 'failed' | 'cancelled'
  readonly faults: readonly Fault[]
  readonly record?: ResultRecord
  /** A checkpoint is there: computing again continues from it. */
  readonly resumable: boolean
  /** For the log, never for the screen. */
  readonly detail?: string
}

export interface Job {
  readonly ended: Promise<JobEnd>
  readonly pid: number | undefined
  cancel(): void
  /** Live frames of at most `size` nodes per axis; undefined turns them off. */
  frames(size: readonly number[] | undefined): void
  nextFrame(): void
}

export interface Supervisor {
  start(order: JobOrder, listener?: JobListener): Job
  /** Ends everything at once. */
  dispose(): void
}

/** Three quarters of the machine's memory. */
const defaultMemory = (): number => 0.75 * totalmem()

/** Threads that jobs may use together. */
export const threadBudget = (): number => Math.max(1, availableParallelism())

/**
 * Runs each step in a process of its own, and outlives whatever happens there: it kills what hangs or grows past its limit, and turns every end of a
 * process into a status and one sentence of what happened and what was kept.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { entry, spawn = forkChild, keepWarm = true, memoryBytes = defaultMemory(), heartbeat = { interval: 1000, missed: 15 }, killAfter = 750, keepAfter = 30_000 } = options
  const alive = new Set<Process>()
  let warm: Process | undefined
  let disposed = false

  const launch = (): Process => {
    const started = new Process(spawn(entry, { heapMegabytes: heapMegabytes(memoryBytes), onError: text => started.hear(text) }))
    alive.add(started)
    started.child.onExit(() => {
      alive.delete(started)
      if (warm === started) warm = undefined
    })
    return started
  }
  const refill = (): void => {
    if (keepWarm && !disposed) warm ??= launch()
  }
  refill()

  return {
    start(order, listener = {}) {
      const process = warm ?? launch()
      warm = undefined
      const job = supervise(process, order, listener, { memoryBytes, heartbeat, killAfter, keepAfter })
      void job.ended.then(refill)
      return job
    },
    dispose() {
      disposed = true
      for (const process of alive) process.child.kill()
    },
  }
}

/** The JavaScript heap holds no arrays; a quarter of the limit is plenty for the rest. */
const heapMegabytes = (memoryBytes: number): number => Math.max(128, Math.min(4096, Math.floor(memoryBytes / 4 / 2 ** 20)))

/** A job process, with the last words of its standard error. */
class Process {
  words = ''
  constructor(readonly child: Child) {}
  hear(text: string): void {
    this.words = (this.words + text).slice(-4000)
  }
}

interface Limits { readonly memoryBytes: number; readonly heartbeat: { readonly interval: number; readonly missed: number }; readonly killAfter: number; readonly keepAfter: number }

function supervise(process: Process, order: JobOrder, listener: JobListener, limits: Limits): Job {
  const { child } = process
  const checkpoints = workspaceAt(order.workspace).checkpoint(order.step)
  const send = (message: ToJob): void => child.send(message)
  let resolve!: (end: JobEnd) => void
  const ended = new Promise<JobEnd>(done => (resolve = done))
  let over = false
  let cancelled = false
  let keeps = false
  /** Why the supervisor itself ended the process. */
  let killed: 'cancel' | 'memory' | 'hang' | undefined
  let asked = 0
  let answered = 0
  let missed = 0
  let deadline: NodeJS.Timeout | undefined

  const pulse = setInterval(() => {
    // Missed beats are counted, not seconds: a machine that slept has missed one.
    if (asked > answered) {
      if (++missed >= limits.heartbeat.missed) return kill('hang')
    } else missed = 0
    send({ kind: 'ping', id: ++asked })
  }, limits.heartbeat.interval)
  const end = (result: Omit<JobEnd, 'resumable'>): void => {
    if (over) return
    over = true
    clearInterval(pulse)
    clearTimeout(deadline)
    child.kill()
    resolve({ ...result, resumable: result.status !== 'done' && hasCheckpoint(checkpoints) })
  }
  const kill = (reason: NonNullable<typeof killed>): void => {
    killed ??= reason
    child.kill()
  }
  const stop = (): void => {
    send({ kind: 'cancel' })
    deadline ??= setTimeout(() => kill(killed ?? 'cancel'), keeps && killed === undefined ? limits.keepAfter : limits.killAfter)
  }

  child.onMessage(raw => {
    if (over) return
    const message = raw as FromJob
    switch (message.kind) {
      case 'started':
        return listener.started?.(message.resumed)
      case 'progress':
        return listener.progress?.(message.update)
      case 'log':
        return listener.log?.(message.severity, message.message)
      case 'frame':
        return listener.frame?.(message.frame)
      case 'series':
        return listener.series?.(message.pieces)
      case 'checkpointed':
        return listener.checkpointed?.()
      case 'keeps':
        keeps = true
        return
      case 'cancelling':
        return listener.cancelling?.()
      case 'pong':
        answered = message.id
        if (message.residentBytes > limits.memoryBytes && killed === undefined) {
          killed = 'memory'
          stop()
        }
        return
      case 'finished': {
        if (killed === 'memory' && message.status === 'cancelled') return end({ status: 'failed', faults: [memoryFault(limits.memoryBytes, checkpoints)] })
        // A step that had come to its end before it saw Stop is done, and is told so.
        return end({ status: message.status, faults: message.faults, ...(message.record ? { record: message.record } : {}), ...(message.stack ? { detail: message.stack } : {}) })
      }
    }
  })
  child.onExit(how => {
    if (killed === 'cancel' || (cancelled && killed === undefined)) return end({ status: 'cancelled', faults: [], detail: how })
    const fault = killed === 'memory' ? memoryFault(limits.memoryBytes, checkpoints) : killed === 'hang' ? hangFault(checkpoints) : crashFault(how, process.words, checkpoints)
    end({ status: 'failed', faults: [fault], detail: `${how}\n${process.words}` })
  })

  send({ kind: 'start', order })
  return {
    ended,
    pid: child.pid,
    cancel() {
      cancelled = true
      stop()
    },
    frames: size => send({ kind: 'frames', ...(size ? { size } : {}) }),
    nextFrame: () => send({ kind: 'next-frame' }),
  }
}

const kept = (checkpoints: string): string => (hasCheckpoint(checkpoints) ? 'Compute again to continue from its last checkpoint.' : 'Compute again to start it afresh; earlier results are kept.')

const memoryFault = (limit: number, checkpoints: string): Fault =>
  error('memory-limit', `The step was stopped because it used more than ${(limit / 2 ** 30).toFixed(limit < 2 ** 30 ? 2 : 0)} GiB of memory.`, { tip: `Choose a smaller resolution. ${kept(checkpoints)}` })

const hangFault = (checkpoints: string): Fault => error('job-hung', 'The process that ran this step stopped answering and was ended.', { tip: kept(checkpoints) })

function crashFault(how: string, words: string, checkpoints: string): Fault {
  if (/heap out of memory|Allocation failed|out of memory/i.test(words)) return error('out-of-memory', 'The step ran out of memory.', { tip: `Choose a smaller resolution. ${kept(checkpoints)}` })
  return error('job-died', `The process that ran this step ended unexpectedly (${how}).`, { tip: kept(checkpoints) })
}
