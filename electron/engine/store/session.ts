import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import { FaultError } from '../../../shared/fault'
import type { Fault } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { canonicalJson, isJsonObject } from '../../../shared/json'
import type { JobProgress, ResultInfo, Snapshot, StepState, StepStatus } from '../../../shared/protocol/contract'
import { hasCheckpoint } from '../jobs/checkpoint'
import type { FileClient } from '../file-process/client'
import type { Described } from '../file-process/methods'
import type { FileStamp } from '../files/atomic-write'
import { atomicWrite } from '../files/atomic-write'
import type { FileLock } from '../files/lock'
import { acquireLock } from '../files/lock'
import type { ResultRecord } from '../jobs/messages'
import type { Analysis } from './analysis'
import { createHistory } from './history'
import type { History } from './history'
import { openJournal, readJournal, replay } from './journal'
import type { Journal, JournalLine } from './journal'
import { pruneUndo, readUndo, undoFileOf, writeUndo } from './undo-file'
import type { Change } from './patch'
import { readRecord, readRecords, sweepPartialResults, writeRecord } from './records'
import { workspaceAt } from './workspace'
import type { Workspace } from './workspace'

/** What a step is doing, as the scheduler says; `undefined` when it only has (or lacks) a result. */
export interface StepActivity {
  readonly status: 'queued' | 'running' | 'failed' | 'cancelled'
  readonly faults: readonly Fault[]
  readonly progress?: JobProgress
  /** Key of the run that failed or was cancelled: with another key that is past. */
  readonly key?: string
}

/** Beside the document in the working folder: what recovery needs to know. */
export interface SessionFile {
  readonly name: string
  readonly title: string
  readonly path?: string
  /** Folder beside which foreign files lie. */
  readonly documentFolder?: string
  readonly stamp?: FileStamp
  readonly dirty: boolean
  readonly changed: string
}

export interface SessionOptions {
  readonly id: string
  readonly workspace: Workspace
  readonly files: FileClient
  readonly changed: (session: Session) => void
  readonly journalFailed?: (reason: NodeJS.ErrnoException) => void
  /** Where the undo steps of saved experiments are kept; absent: nowhere. */
  readonly undoFolder?: string
}

/** One open experiment: the only writer of its document. */
export class Session {
  readonly id: string
  readonly workspace: Workspace
  name = 'Untitled'
  path: string | undefined
  documentFolder: string | undefined
  view: Json | undefined
  savedAt: string | undefined
  /** Faults of opening: shown with the document's own. */
  openingFaults: readonly Fault[] = []
  analysis: Analysis = { faults: [], steps: [] }
  readonly activity = new Map<string, StepActivity>()

  private history: History = createHistory({})
  private journal: Journal | undefined
  private lock: FileLock | undefined
  private savedDocument = ''
  private resultsDirty = false
  private stamp: FileStamp | undefined
  private readonly records = new Map<string, ResultRecord>()
  private readonly described = new Map<string, { readonly record: ResultRecord; readonly info: Described }>()
  private analysing: Promise<void> = Promise.resolve()
  private closed = false

  constructor(private readonly options: SessionOptions) {
    this.id = options.id
    this.workspace = options.workspace
  }

  get document(): Json {
    return this.history.document
  }
  get revision(): number {
    return this.history.revision
  }
  get dirty(): boolean {
    return this.resultsDirty || canonicalJson(this.document) !== this.savedDocument
  }
  get title(): string {
    return isJsonObject(this.document) && typeof this.document.title === 'string' ? this.document.title : ''
  }

  /** Takes the working folder. Fails with the fault `locked` when another process has it. */
  private take(): void {
    mkdirSync(this.workspace.folder, { recursive: true })
    this.lock = acquireLock(this.workspace.lock)
    sweepPartialResults(this.workspace)
  }

  /** Starts from a file that the file process reads into the working folder, or from a document given. */
  async open(source: { path: string } | { name: string; bytes: Uint8Array } | { document: Json }, options: { keepPath?: boolean; documentFolder?: string } = {}): Promise<void> {
    this.take()
    const { folder } = this.workspace
    this.documentFolder = options.documentFolder
    if ('document' in source) this.begin(source.document, [], true)
    else {
      const opened = await this.options.files.call('open', 'path' in source ? { workspace: folder, path: source.path } : { workspace: folder, upload: source })
      for (const record of opened.records) if (existsSync(this.workspace.result(record.step))) writeRecord(this.workspace, record)
      this.openingFaults = opened.faults
      const file = 'path' in source ? basename(source.path) : basename(source.name)
      this.name = file.replace(/\.(residuum|json)$/i, '')
      if ('path' in source) this.documentFolder ??= dirname(source.path)
      // A plain document cannot hold results: saving it asks for the name of a .residuum.
      if ('path' in source && opened.packed && options.keepPath !== false) {
        this.path = source.path
        this.stamp = opened.stamp
      }
      this.begin(opened.document, opened.records, true)
    }
    await this.analyse()
    await this.describeAll()
  }

  /** Continues with a working folder that was left behind, journal and all. */
  async recover(): Promise<void> {
    this.take()
    const file = readSessionFile(this.workspace)
    this.name = file?.name ?? 'Recovered'
    this.path = file?.path
    this.stamp = file?.stamp
    this.documentFolder = file?.documentFolder
    const base = JSON.parse(readFileSync(this.workspace.document, 'utf8')) as Json
    this.begin(base, readRecords(this.workspace), false)
    replay(this.history, readJournal(this.workspace.journal))
    this.resultsDirty = file?.dirty ?? true
    await this.analyse()
    await this.describeAll()
  }

  /** A document put in place of the one that the working folder began with (command line: the file named, over results kept). */
  async replaceDocument(document: Json, documentFolder: string): Promise<void> {
    this.documentFolder = documentFolder
    this.begin(document, readRecords(this.workspace), true)
    this.resultsDirty = true
    await this.analyse()
    await this.describeAll()
  }

  private begin(document: Json, records: readonly ResultRecord[], fresh: boolean): void {
    const { undoFolder } = this.options
    const steps = !fresh ? readUndo(this.workspace.undo, document) : this.path && undoFolder ? readUndo(undoFileOf(undoFolder, this.path), document) : undefined
    this.history = createHistory(document, steps)
    this.savedDocument = canonicalJson(document)
    this.records.clear()
    for (const { step } of records) {
      const record = readRecord(this.workspace, step)
      if (record) this.records.set(step, record)
    }
    if (fresh) {
      this.resetJournal(document)
    } else this.journal = openJournal(this.workspace.journal, reason => this.options.journalFailed?.(reason))
    this.note()
  }

  private note(): void {
    const file: SessionFile = {
      name: this.name, title: this.title, dirty: this.resultsDirty, changed: new Date().toISOString(),
      ...(this.path ? { path: this.path } : {}), ...(this.documentFolder ? { documentFolder: this.documentFolder } : {}), ...(this.stamp ? { stamp: this.stamp } : {}),
    }
    atomicWrite(this.workspace.session, utf8(JSON.stringify(file)))
  }

  edit(change: Change, gesture?: string): number {
    this.record(this.history.edit(change, gesture), { edit: change, ...(gesture === undefined ? {} : { gesture }) })
    return this.revision
  }
  undo(): void {
    this.record(this.history.undo(), { undo: true })
  }
  redo(): void {
    this.record(this.history.redo(), { redo: true })
  }

  private record(outcome: ReturnType<History['edit']>, line: JournalLine): void {
    if (!outcome.ok) throw new FaultError(outcome.faults)
    this.journal?.append(line)
    this.options.changed(this)
    void this.analyse().then(() => this.options.changed(this), () => undefined)
  }

  /** Faults and keys of the document as it stands; `analysed()` waits for those of the latest revision. */
  private analyse(): Promise<void> {
    const knownHashes = Object.assign({}, ...[...this.records.values()].map(record => record.fileHashes ?? {})) as Record<string, string>
    const request = { document: this.document, workspace: this.workspace.folder, knownHashes, ...(this.documentFolder ? { documentFolder: this.documentFolder } : {}) }
    const { revision } = this
    this.analysing = this.options.files.call('analyse', request).then(analysis => {
      if (revision === this.revision) this.analysis = analysis
    })
    return this.analysing
  }
  /** Foreign files may have changed meanwhile: reads them again. */
  async analysed(): Promise<Analysis> {
    await this.analyse()
    return this.analysis
  }

  private async describeAll(): Promise<void> {
    await Promise.all([...this.records.values()].map(record => this.describe(record)))
  }
  private async describe(record: ResultRecord): Promise<void> {
    try {
      this.described.set(record.step, { record, info: await this.options.files.call('describe', { workspace: this.workspace.folder, step: record.step }) })
    } catch (reason) {
      if (!(reason instanceof FaultError)) throw reason
      this.records.delete(record.step)
      this.openingFaults = [...this.openingFaults, ...reason.faults]
    }
  }

  /** Called when a job has ended, whatever way: reads what it left. */
  async refreshResult(step: string): Promise<ResultRecord | undefined> {
    const record = readRecord(this.workspace, step)
    if (!record) {
      this.records.delete(step)
      return undefined
    }
    if (this.records.get(step)?.key !== record.key || this.described.get(step)?.record.seconds !== record.seconds) {
      this.records.set(step, record)
      this.resultsDirty = true
      await this.describe(record)
      if (!this.closed) this.note()
    }
    return record
  }

  recordOf(step: string): ResultRecord | undefined {
    return this.records.get(step)
  }
  result(step: string): Described | undefined {
    return this.records.has(step) ? this.described.get(step)?.info : undefined
  }

  /** Results of the document's own steps: what is saved. */
  private ownRecords(): ResultRecord[] {
    const ids = isJsonObject(this.document) ? ((this.document as unknown as ExperimentDocument).steps ?? []).map(step => step.id) : []
    return [...this.records.values()].filter(record => ids.includes(record.step))
  }

  async save(target: string, overwrite: boolean): Promise<void> {
    const { revision } = this
    const samePlace = target === this.path
    const expected = overwrite ? undefined : samePlace ? (this.stamp ?? null) : undefined
    const document = this.document
    const { stamp } = await this.options.files.call('save', {
      workspace: this.workspace.folder, document, records: this.ownRecords(), written: new Date().toISOString(), target, ...(expected === undefined ? {} : { expected }),
    })
    const plain = /\.json$/i.test(target)
    this.savedAt = new Date().toISOString()
    this.name = basename(target).replace(/\.(residuum|json)$/i, '')
    this.documentFolder = dirname(target)
    this.savedDocument = canonicalJson(document)
    if (!plain) {
      this.path = target
      this.stamp = stamp
      this.resultsDirty = false
    }
    if (revision === this.revision) {
      this.resetJournal(document)
      if (!plain && this.options.undoFolder) {
        pruneUndo(this.options.undoFolder)
        writeUndo(undoFileOf(this.options.undoFolder, target), document, this.history.steps)
      }
    }
    this.note()
    this.options.changed(this)
  }

  private resetJournal(document: Json): void {
    atomicWrite(this.workspace.document, utf8(JSON.stringify(document)))
    writeUndo(this.workspace.undo, document, this.history.steps)
    this.journal?.close()
    rmSync(this.workspace.journal, { force: true })
    this.journal = openJournal(this.workspace.journal, reason => this.options.journalFailed?.(reason))
  }

  pack(): Promise<Uint8Array> {
    return this.options.files.call('pack', { workspace: this.workspace.folder, document: this.document, records: this.ownRecords(), written: new Date().toISOString() })
  }

  stepStates(): StepState[] {
    const steps = isJsonObject(this.document) && Array.isArray(this.document.steps) ? (this.document.steps as readonly Json[]) : []
    return steps.filter(isJsonObject).map(step => this.stepState(String(step.id)))
  }

  private stepState(id: string): StepState {
    const record = this.records.get(id)
    const info = this.described.get(id)?.info
    const key = this.analysis.steps.find(step => step.id === id)?.key
    const activity = this.activity.get(id)
    const current = activity?.status === 'queued' || activity?.status === 'running' || (activity && activity.key === key) ? activity : undefined
    const status: StepStatus = current ? current.status : record ? (record.key !== key ? 'outdated' : record.stopped ? 'cancelled' : 'done') : 'idle'
    return {
      id, status, faults: current?.faults ?? [],
      resumable: status !== 'running' && status !== 'done' && hasCheckpoint(this.workspace.checkpoint(id)),
      ...(record && info ? { result: resultInfo(record, info) } : {}),
      ...(current?.progress ? { progress: current.progress } : {}),
    }
  }

  snapshot(readOnly: boolean): Snapshot {
    return {
      experiment: this.id, revision: this.revision, document: this.document as unknown as ExperimentDocument, name: this.name, dirty: this.dirty, readOnly,
      steps: this.stepStates(), faults: [...this.openingFaults, ...this.analysis.faults],
      ...(this.path ? { path: this.path } : {}),
      ...(this.history.undoLabel ? { undo: this.history.undoLabel } : {}),
      ...(this.history.redoLabel ? { redo: this.history.redoLabel } : {}),
      ...(this.savedAt ? { savedAt: this.savedAt } : {}),
      ...(this.view === undefined ? {} : { view: this.view }),
    }
  }

  /** Releases the working folder; `remove` deletes it. */
  close(remove: boolean): void {
    if (this.closed) return
    this.closed = true
    this.journal?.close()
    if (remove) rmSync(this.workspace.folder, { recursive: true, force: true })
    this.lock?.release()
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const resultInfo = (record: ResultRecord, info: Described): ResultInfo => ({
  metrics: info.metrics, arrays: info.arrays, ...(info.models.length > 0 ? { models: info.models } : {}), converged: record.converged, ...(record.stopped ? { stopped: record.stopped } : {}), seconds: record.seconds, ...(record.timings ? { timings: record.timings } : {}), faults: record.faults,
  ran: { backend: record.backend, precision: record.precision, threads: record.threads, version: record.version, ...record.ran },
})

export function readSessionFile(workspace: Workspace): SessionFile | undefined {
  try {
    return JSON.parse(readFileSync(workspace.session, 'utf8')) as SessionFile
  } catch {
    return undefined
  }
}

export const workFolder = (dataFolder: string, id: string): Workspace => workspaceAt(join(dataFolder, 'work', id))
