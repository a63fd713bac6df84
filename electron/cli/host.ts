import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { FaultError } from '../../shared/fault'
import type { Fault } from '../../shared/fault'
import { arenaBudget } from '../engine/engine'
import { createFileClient } from '../engine/file-process/client'
import type { FileClient } from '../engine/file-process/client'
import { createSupervisor } from '../engine/jobs/supervisor'
import type { Supervisor } from '../engine/jobs/supervisor'
import { builtFile } from '../engine/kernels'
import { createScheduler } from '../engine/scheduler'
import type { Scheduler, SchedulerEvents } from '../engine/scheduler'
import { Session } from '../engine/store/session'
import { workspaceAt } from '../engine/store/workspace'

/** The engine's parts in the process of the command line: the same store, scheduler and children as behind a window. */
export interface CommandHost {
  readonly files: FileClient
  session(folder: string): Session
  /** Made at the first call. */
  scheduler(events: SchedulerEvents, threads: number | undefined): { readonly scheduler: Scheduler; readonly supervisor: Supervisor }
  /** A folder that is removed at the end. */
  temporaryFolder(): string
  dispose(): void
}

export function createCommandHost(log: (detail: string) => void): CommandHost {
  let files: FileClient | undefined
  let supervisor: Supervisor | undefined
  const folders: string[] = []
  const client = (): FileClient => (files ??= createFileClient({ entry: builtFile('engine/file.mjs'), log }))
  return {
    get files() {
      return client()
    },
    session: folder => new Session({ id: 'command-line', workspace: workspaceAt(folder), files: client(), changed: () => undefined }),
    scheduler(events, threads) {
      supervisor ??= createSupervisor({ entry: builtFile('engine/job.mjs') })
      const scheduler = createScheduler({ supervisor, threads: () => threads ?? availableParallelism(), budgetBytes: arenaBudget(), events })
      return { scheduler, supervisor }
    },
    temporaryFolder() {
      const folder = mkdtempSync(join(tmpdir(), 'residuum-'))
      folders.push(folder)
      return folder
    },
    dispose() {
      supervisor?.dispose()
      files?.dispose()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Faults of a document with the name of its file in front. */
export const faultsIn = (path: string, faults: readonly Fault[]): Fault[] => faults.map(fault => ({ ...fault, where: { file: basename(path), ...fault.where } }))

/** Runs `work` and names the file in the faults of its document. */
export async function inDocument<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (reason) {
    if (reason instanceof FaultError) throw new FaultError(faultsIn(path, reason.faults))
    throw reason
  }
}
