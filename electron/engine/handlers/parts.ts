import { FaultError, error } from '../../../shared/fault'
import type { AppInfo, ClientHandle } from '../../../shared/protocol/contract'
import type { FileClient } from '../file-process/client'
import type { Scheduler } from '../scheduler'
import type { Session } from '../store/session'

/** What the handlers share. */
export interface EngineParts {
  readonly host: AppInfo['host']
  readonly examplesFolder: string
  /** Recent files, working folders. */
  readonly dataFolder: string
  readonly files: FileClient
  /** A file process for one request about a foreign file, ended afterwards or when it takes too long. */
  readonly throwAway: <T>(work: (files: FileClient) => Promise<T>) => Promise<T>
  readonly scheduler: Scheduler
  readonly sessions: Sessions
  readonly threads: () => number
}

/** The open experiments and who looks at them: the first client of an experiment writes, others read. */
export interface Sessions {
  /** Faults: unknown-experiment. */
  get(id: string): Session
  all(): readonly Session[]
  add(session: Session): void
  remove(session: Session): void
  attach(session: Session, client: ClientHandle): void
  detach(session: Session, client: string): void
  isReadOnly(session: Session, client: string): boolean
  clientsOf(session: Session): readonly ClientHandle[]
  /** Tells every client of the experiment. */
  changed(session: Session): void
}

/** Faults: unknown-experiment, read-only. */
export function writableSession(parts: EngineParts, id: string, client: ClientHandle): Session {
  const session = parts.sessions.get(id)
  if (parts.sessions.isReadOnly(session, client.id)) {
    throw new FaultError(error('read-only', 'This experiment is open in another window, which is the one that edits it.', { tip: 'Go on there, or close that window.' }))
  }
  return session
}
