import type { ExperimentDocument } from '../../shared/experiment/document'
import { FaultError, error } from '../../shared/fault'
import type { Fault } from '../../shared/fault'
import type { JobFrame, JobProgress, JobSeries } from '../../shared/protocol/contract'
import { LiveCurves } from '../../shared/protocol/live-curves'
import type { CurvePiece } from '../../shared/protocol/live-curves'
import type { Job, JobEnd, Supervisor } from './jobs/supervisor'
import type { Frame, JobOrder } from './jobs/messages'
import type { Session } from './store/session'
import type { StepAnalysis } from './store/analysis'
import { createProgressClock } from './jobs/progress-clock'
import { engineVersion } from './version'

export interface SchedulerEvents {
  changed(session: Session): void
  progress(session: Session, progress: JobProgress): void
  /** Curves of the running step have grown, or begin anew. */
  series?(session: Session, series: JobSeries): void
  log(session: Session, step: string, severity: 'info' | 'warning' | 'error', message: string): void
  /** A job has ended and its result, if any, is in place. */
  ended?(session: Session, step: string, end: JobEnd): void
  /** For the log alone. */
  detail?(text: string): void
}

export interface ComputeOptions {
  readonly steps?: readonly string[]
  /** Compute the named steps even where their results are up to date. */
  readonly again?: boolean
}

export interface FrameSubscriber {
  readonly client: string
  readonly size: readonly number[]
  readonly emit: (frame: JobFrame) => void
}

export interface Scheduler {
  /** Queues what is needed; returns the ids in the order in which they run. Faults: those of the document, unknown-step. */
  compute(session: Session, options?: ComputeOptions): Promise<readonly string[]>
  /** Cancels one step, or all of the experiment's. */
  cancel(session: Session, step?: string): void
  /** Resolves when nothing of this experiment is queued or running. */
  idle(session: Session): Promise<void>
  subscribe(session: Session, step: string, subscriber: FrameSubscriber): void
  unsubscribe(session: Session, step: string, client: string): void
  unsubscribeAll(client: string): void
  acknowledge(session: Session, step: string, client: string): void
  /** The curves of the step's last run in this session, as far as they have come. */
  curves(session: Session, step: string): readonly CurvePiece[]
}

interface Task { readonly session: Session; readonly order: JobOrder; readonly inputs: Readonly<Record<string, string>> }
interface Running extends Task { readonly job: Job }

/**
 * Runs steps one after the other, inputs first, each with the whole thread budget. A result whose key is that of the step as it stands is used
 * again; documents are taken as they were when Compute was pressed.
 */
export function createScheduler(options: { readonly supervisor: Supervisor; readonly threads: () => number; readonly budgetBytes: number; readonly events: SchedulerEvents }): Scheduler {
  const { supervisor, events } = options
  const queue: Task[] = []
  let running: Running | undefined
  const waiting: { readonly session: Session; readonly resolve: () => void }[] = []
  const subscribers = new Map<string, Map<string, FrameSubscriber & { credit: boolean }>>()
  const curves = new WeakMap<Session, Map<string, LiveCurves>>()

  const isBusy = (session: Session): boolean => running?.session === session || queue.some(task => task.session === session)
  const settle = (): void => {
    for (const entry of [...waiting]) {
      if (isBusy(entry.session)) continue
      waiting.splice(waiting.indexOf(entry), 1)
      entry.resolve()
    }
  }

  function finish(task: Task, end: JobEnd): void {
    const { session, order } = task
    if (end.status === 'done' || (end.status === 'cancelled' && isFinished(session, order.step, order.key))) session.activity.delete(order.step)
    else session.activity.set(order.step, { status: end.status, faults: end.faults, key: order.key })
    for (const fault of end.faults) events.log(session, order.step, fault.severity, fault.tip ? `${fault.message} ${fault.tip}` : fault.message)
    if (end.detail) events.detail?.(`${order.step}: ${end.detail}`)
    events.ended?.(session, order.step, end)
  }

  async function next(): Promise<void> {
    if (running) return
    const task = queue.shift()
    if (!task) return settle()
    const { session, order } = task
    const missing = Object.entries(task.inputs).find(([id, key]) => !isFinished(session, id, key))
    if (missing) {
      const fault = error('missing-input', `The step ${order.step} reads the result of ${missing[0]}, which is not there.`, { tip: `See what happened to ${missing[0]}.` })
      finish(task, { status: 'failed', faults: [fault], resumable: false })
    } else {
      const end = await run(task)
      try {
        await session.refreshResult(order.step)
      } catch (reason) {
        events.detail?.(String(reason))
      }
      running = undefined
      finish(task, end)
    }
    events.changed(session)
    void next()
  }

  function newCurves(session: Session, step: string): LiveCurves {
    const made = new LiveCurves()
    curves.set(session, (curves.get(session) ?? new Map<string, LiveCurves>()).set(step, made))
    events.series?.(session, { experiment: session.id, step, restarts: true, pieces: [] })
    return made
  }

  function run(task: Task): Promise<JobEnd> {
    const { session, order } = task
    const grown = newCurves(session, order.step)
    const clock = createProgressClock(session.id, order.step)
    session.activity.set(order.step, { status: 'running', faults: [], progress: clock.update({}) })
    const job = supervisor.start(order, {
      started: resumed => resumed && events.log(session, order.step, 'info', 'Continues from its last checkpoint.'),
      progress(update) {
        const progress = clock.update(update)
        session.activity.set(order.step, { status: 'running', faults: [], progress })
        events.progress(session, progress)
      },
      log: (severity, message) => events.log(session, order.step, severity, message),
      frame: frame => deliver(session, order.step, frame),
      series(pieces) {
        grown.append(pieces)
        events.series?.(session, { experiment: session.id, step: order.step, pieces })
      },
    })
    running = { ...task, job }
    wantFrames(session, order.step)
    events.changed(session)
    return job.ended
  }

  const placeOf = (session: Session, step: string): string => `${session.id}/${step}`
  const jobOf = (session: Session, step: string): Job | undefined => (running?.session === session && running.order.step === step ? running.job : undefined)

  /** The largest subscriber decides the size; every one has a credit of its own. */
  function wantFrames(session: Session, step: string): void {
    const list = [...(subscribers.get(placeOf(session, step))?.values() ?? [])]
    const axes = Math.max(0, ...list.map(({ size }) => size.length))
    const size = Array.from({ length: axes }, (_, axis) => Math.max(...list.map(entry => entry.size[axis] ?? 1)))
    for (const entry of list) entry.credit = true
    jobOf(session, step)?.frames(list.length > 0 ? size : undefined)
  }

  function deliver(session: Session, step: string, frame: Frame): void {
    for (const entry of subscribers.get(placeOf(session, step))?.values() ?? []) {
      if (!entry.credit) continue
      entry.credit = false
      entry.emit({ experiment: session.id, step, ...frame })
    }
  }

  return {
    async compute(session, { steps, again = false } = {}) {
      const analysis = await session.analysed()
      const document = session.document as unknown as ExperimentDocument
      const byId = new Map(analysis.steps.map(step => [step.id, step]))
      for (const id of steps ?? []) {
        if (!byId.has(id)) throw new FaultError(blocking(analysis.faults, document, []).concat(byId.size > 0 ? error('unknown-step', `There is no step "${id}".`, { tip: `The steps are ${[...byId.keys()].join(', ')}.` }) : []))
      }
      const upToDate = (step: StepAnalysis): boolean => step.key !== undefined && isFinished(session, step.id, step.key)
      const busy = (id: string): boolean => (running?.session === session && running.order.step === id) || queue.some(task => task.session === session && task.order.step === id)
      const chosen: StepAnalysis[] = []
      const visited = new Set<string>()
      const visit = (id: string, forced: boolean): void => {
        const step = byId.get(id)
        if (!step || visited.has(id)) return
        visited.add(id)
        for (const input of step.inputs) visit(input, forced && (steps ?? []).includes(input))
        if (forced || !upToDate(step)) chosen.push(step)
      }
      for (const id of steps ?? byId.keys()) visit(id, again && steps !== undefined)
      const faults = blocking(analysis.faults, document, chosen.map(step => step.id))
      if (faults.length > 0) throw new FaultError(faults)
      const added = chosen.filter(step => !busy(step.id))
      for (const step of added) {
        const { id, key, fileHashes, inputs } = step
        const order: JobOrder = {
          workspace: session.workspace.folder, ...(session.documentFolder ? { documentFolder: session.documentFolder } : {}),
          document, step: id, key: key!, fileHashes, seed: document.seed ?? 0, version: engineVersion, threads: options.threads(), budgetBytes: options.budgetBytes,
        }
        queue.push({ session, order, inputs: Object.fromEntries(inputs.map(input => [input, byId.get(input)!.key!])) })
        session.activity.set(id, { status: 'queued', faults: [] })
      }
      if (added.length > 0) events.changed(session)
      void next()
      return added.map(step => step.id)
    },

    cancel(session, step) {
      for (const task of queue.filter(task => task.session === session && (step === undefined || task.order.step === step))) {
        queue.splice(queue.indexOf(task), 1)
        finish(task, { status: 'cancelled', faults: [], resumable: false })
      }
      if (running?.session === session && (step === undefined || running.order.step === step)) running.job.cancel()
      events.changed(session)
      if (!running) settle()
    },

    idle: session => (isBusy(session) ? new Promise(resolve => waiting.push({ session, resolve })) : Promise.resolve()),

    subscribe(session, step, subscriber) {
      const place = placeOf(session, step)
      if (!subscribers.has(place)) subscribers.set(place, new Map())
      subscribers.get(place)!.set(subscriber.client, { ...subscriber, credit: true })
      wantFrames(session, step)
    },
    unsubscribe(session, step, client) {
      subscribers.get(placeOf(session, step))?.delete(client)
      wantFrames(session, step)
    },
    unsubscribeAll(client) {
      for (const list of subscribers.values()) list.delete(client)
      if (running) wantFrames(running.session, running.order.step)
    },
    acknowledge(session, step, client) {
      const entry = subscribers.get(placeOf(session, step))?.get(client)
      if (!entry) return
      entry.credit = true
      jobOf(session, step)?.nextFrame()
    },
    curves: (session, step) => curves.get(session)?.get(step)?.pieces() ?? [],
  }
}

/** Whether the step's result is that of this key, and whole. */
function isFinished(session: Session, step: string, key: string): boolean {
  const record = session.recordOf(step)
  return record?.key === key && record.stopped !== true
}

/** Errors that keep these steps from running: those of the statement, and of the steps themselves. */
function blocking(faults: readonly Fault[], document: ExperimentDocument, ids: readonly string[]): Fault[] {
  return faults.filter(fault => {
    if (fault.severity !== 'error') return false
    const path = fault.where?.path ?? ''
    if (/^figures\b/.test(path)) return false
    const index = /^steps\[(\d+)\]/.exec(path)?.[1]
    return index === undefined || ids.length === 0 || ids.includes(document.steps[Number(index)]?.id)
  })
}
