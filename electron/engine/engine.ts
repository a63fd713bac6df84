import { availableParallelism, totalmem } from 'node:os'
import { mkdirSync } from 'node:fs'
import { FaultError, error } from '../../shared/fault'
import type { Fault } from '../../shared/fault'
import type { AppInfo, ClientHandle, EventName, Events, Handlers } from '../../shared/protocol/contract'
import { createFileClient } from './file-process/client'
import type { FileClient } from './file-process/client'
import { applicationHandlers } from './handlers/application'
import { experimentHandlers, sweepWorkingFolders } from './handlers/experiments'
import { fieldHandlers } from './handlers/fields'
import type { EngineParts } from './handlers/parts'
import type { SpawnChild } from './jobs/child'
import { createSupervisor } from './jobs/supervisor'
import { builtFile } from './kernels'
import { createScheduler } from './scheduler'
import { createSessions } from './sessions'
import type { Session } from './store/session'

export interface EngineOptions {
  readonly host: AppInfo['host']
  /** How child processes are made; `fork` when absent. */
  readonly spawnChild?: SpawnChild
  readonly examplesFolder: string
  /** Where recent files and working folders are kept. */
  readonly dataFolder: string
  readonly threads?: number
  /** Details for a log: standard error of children, stacks. */
  readonly log?: (detail: string) => void
}

export interface Engine {
  readonly handlers: Handlers
  clientJoined(client: ClientHandle): void
  /** Experiments of a window that is gone stay open, and go to the next window that opens them. */
  clientLeft(client: string): void
  /** Stops jobs and ends all child processes. Unsaved work stays in its working folder and is offered at the next start. */
  dispose(): Promise<void>
}

/** An inspection of a foreign file that takes longer is given up. */
const inspectionLimit = 30_000

/** The engine of one host: store, scheduler and supervisor here, numerics and parsing in child processes. */
export function createEngine(options: EngineOptions): Engine {
  const { host, spawnChild, examplesFolder, dataFolder, log } = options
  mkdirSync(dataFolder, { recursive: true })
  sweepWorkingFolders(dataFolder)
  const spawn = spawnChild ? { spawn: spawnChild } : {}
  const clients = new Map<string, ClientHandle>()
  const sessions = createSessions()
  const threads = (): number => options.threads ?? availableParallelism()
  const notice = (fault: Fault): void => {
    for (const client of clients.values()) client.emit('notice', fault)
  }
  const emit = <E extends EventName>(session: Session, event: E, payload: Events[E]): void => {
    for (const client of sessions.clientsOf(session)) client.emit(event, payload)
  }
  const newFileClient = (): FileClient => createFileClient({ entry: builtFile('engine/file.mjs'), ...spawn, notice, ...(log ? { log } : {}) })
  const files = newFileClient()
  const supervisor = createSupervisor({ entry: builtFile('engine/job.mjs'), ...spawn })
  const scheduler = createScheduler({
    supervisor, threads,
    budgetBytes: arenaBudget(),
    events: {
      changed: session => sessions.changed(session),
      progress: (session, progress) => emit(session, 'job.progress', progress),
      series: (session, series) => emit(session, 'job.series', series),
      log: (session, step, severity, message) => emit(session, 'job.log', { experiment: session.id, step, severity, message, at: Date.now() }),
      ...(log ? { detail: log } : {}),
    },
  })

  async function throwAway<T>(work: (files: FileClient) => Promise<T>): Promise<T> {
    const own = newFileClient()
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new FaultError(error('foreign-slow', 'Reading the file took too long and was given up.', { tip: 'Export the array you need to a file of its own.' }))), inspectionLimit).unref()
    })
    try {
      return await Promise.race([work(own), late])
    } finally {
      own.dispose()
    }
  }

  const parts: EngineParts = { host, examplesFolder, dataFolder, files, throwAway, scheduler, sessions, threads }
  return {
    handlers: { ...applicationHandlers(parts), ...experimentHandlers(parts), ...fieldHandlers(parts) },
    clientJoined: client => void clients.set(client.id, client),
    clientLeft(id) {
      clients.delete(id)
      scheduler.unsubscribeAll(id)
      for (const session of sessions.all()) sessions.detach(session, id)
    },
    async dispose() {
      for (const session of sessions.all()) scheduler.cancel(session)
      await Promise.all(sessions.all().map(session => scheduler.idle(session)))
      for (const session of sessions.all()) session.close(!session.dirty)
      supervisor.dispose()
      files.dispose()
    },
  }
}

/** Half of the memory, at most the 4 GiB that WebAssembly can address. */
export const arenaBudget = (): number => Math.min(2 ** 32 - 2 ** 16, Math.floor(totalmem() / 2))
