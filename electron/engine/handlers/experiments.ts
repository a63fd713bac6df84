import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { formatName } from '../../../shared/experiment/document'
import { FaultError, error, nearestName } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import type { AppInfo, Handlers } from '../../../shared/protocol/contract'
import { acquireLock } from '../files/lock'
import { readSessionFile, Session, workFolder } from '../store/session'
import { workspaceAt } from '../store/workspace'
import { importForeign } from './import'
import { writableSession } from './parts'
import type { EngineParts } from './parts'
import { noteRecent } from './recent'
import { userPath } from './user-path'

type Part = 'experiment.open' | 'experiment.close' | 'experiment.discardRecovery' | 'experiment.edit' | 'experiment.undo' | 'experiment.redo' | 'experiment.save'
  | 'experiment.download' | 'experiment.setView' | 'experiment.check' | 'experiment.import' | 'compute' | 'cancel'

const blank: Json = { format: formatName, title: 'Untitled', problem: { catalogue: 'poisson-2d' }, steps: [] }
const empty: Json = { format: formatName, title: 'Untitled', steps: [] }

export function experimentHandlers(parts: EngineParts): Pick<Handlers, Part> {
  const { files, sessions, scheduler, dataFolder } = parts

  const create = (): Session => {
    const id = randomBytes(8).toString('hex')
    return new Session({ id, workspace: workFolder(dataFolder, id), files, changed: sessions.changed, undoFolder: join(dataFolder, 'undo') })
  }
  async function opened(begin: (session: Session) => Promise<void>, session = create()): Promise<Session> {
    try {
      await begin(session)
    } catch (reason) {
      session.close(true)
      throw reason
    }
    sessions.add(session)
    return session
  }

  return {
    async 'experiment.open'({ source }, client) {
      const session = await (async () => {
        if ('blank' in source) return opened(s => s.open({ document: source.empty ? empty : blank }))
        if ('upload' in source) return opened(s => s.open({ name: source.upload, bytes: source.bytes }))
        if ('example' in source) return opened(s => s.open({ path: examplePath(parts.examplesFolder, source.example) }, { keepPath: false }))
        if ('recover' in source) return recover(source.recover)
        const path = userPath(source.path)
        const known = sessions.all().find(s => s.path === path)
        if (known) return known
        const session = await opened(s => s.open({ path }))
        noteRecent(dataFolder, path, session.title)
        return session
      })()
      sessions.attach(session, client)
      return session.snapshot(sessions.isReadOnly(session, client.id))
    },
    async 'experiment.close'({ experiment }, client) {
      const session = sessions.get(experiment)
      sessions.detach(session, client.id)
      if (sessions.clientsOf(session).length > 0) return undefined
      scheduler.cancel(session)
      await scheduler.idle(session)
      sessions.remove(session)
      session.close(true)
      return undefined
    },
    async 'experiment.discardRecovery'({ recover: id }) {
      const open = sessions.all().find(session => session.id === id)
      if (open && sessions.clientsOf(open).length === 0) {
        scheduler.cancel(open)
        await scheduler.idle(open)
        sessions.remove(open)
        open.close(true)
      } else if (!open && recoverable(dataFolder).some(item => item.recover === id)) rmSync(workFolder(dataFolder, id).folder, { recursive: true, force: true })
      return undefined
    },
    async 'experiment.edit'({ experiment, patch: { gesture, baseRevision, path, before, after } }, client) {
      const session = writableSession(parts, experiment, client)
      if (baseRevision > session.revision) throw new FaultError(error('stale-edit', 'The edit belongs to a later state of the document than the engine has.', { tip: 'Reload the window.' }))
      return { revision: session.edit({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }, gesture) }
    },
    async 'experiment.undo'({ experiment }, client) {
      const session = writableSession(parts, experiment, client)
      session.undo()
      return session.snapshot(false)
    },
    async 'experiment.redo'({ experiment }, client) {
      const session = writableSession(parts, experiment, client)
      session.redo()
      return session.snapshot(false)
    },
    async 'experiment.save'({ experiment, path, overwrite = false }, client) {
      const session = writableSession(parts, experiment, client)
      const target = path === undefined ? session.path : withExtension(userPath(path))
      if (target === undefined) throw new FaultError(error('no-path', 'The experiment has no file yet.', { tip: 'Choose where to save it.' }))
      if (target !== session.path && !overwrite && parts.host === 'server' && existsSync(target)) {
        throw new FaultError(error('file-exists', `${basename(target)} exists already.`, { tip: 'Choose another name, or overwrite it.' }))
      }
      await session.save(target, overwrite)
      if (session.path === target) noteRecent(dataFolder, target, session.title)
      return session.snapshot(false)
    },
    async 'experiment.download'({ experiment }) {
      const session = sessions.get(experiment)
      return { name: `${session.name}.residuum`, bytes: await session.pack() }
    },
    async 'experiment.setView'({ experiment, view }, client) {
      const session = sessions.get(experiment)
      if (!sessions.isReadOnly(session, client.id)) session.view = view
      return undefined
    },
    'experiment.check': ({ document }) => files.call('check', { document }),
    'experiment.import': (parameters, client) => importForeign(parts, writableSession(parts, parameters.experiment, client), parameters),
    async compute({ experiment, steps }, client) {
      const session = writableSession(parts, experiment, client)
      return { queued: await scheduler.compute(session, steps ? { steps, again: true } : {}) }
    },
    async cancel({ experiment, step }) {
      scheduler.cancel(sessions.get(experiment), step)
      return undefined
    },
  }

  async function recover(id: string): Promise<Session> {
    const open = sessions.all().find(session => session.id === id)
    if (open) return open
    if (!recoverable(dataFolder).some(item => item.recover === id)) throw new FaultError(error('nothing-to-recover', 'There is no unsaved work of that name any more.'))
    const session = new Session({ id, workspace: workFolder(dataFolder, id), files, changed: sessions.changed, undoFolder: join(dataFolder, 'undo') })
    await session.recover()
    sessions.add(session)
    return session
  }
}

function withExtension(path: string): string {
  return ['.residuum', '.json'].includes(extname(path).toLowerCase()) ? path : `${path}.residuum`
}

/** The example with its results where they are there, otherwise its document. */
function examplePath(folder: string, example: string): string {
  const names = existsSync(folder) ? [...new Set(readdirSync(folder).filter(name => /\.(json|residuum)$/.test(name)).map(name => name.replace(/\.[^.]*$/, '')))] : []
  if (!names.includes(example)) {
    const near = nearestName(example, names)
    throw new FaultError(error('unknown-example', `There is no example "${example.slice(0, 80)}".`, near ? { tip: `Did you mean "${near}"?` } : {}))
  }
  const packed = join(folder, `${example}.residuum`)
  return existsSync(packed) ? packed : join(folder, `${example}.json`)
}

/** Working folders of ended processes that hold work nobody saved. */
export function recoverable(dataFolder: string): AppInfo['recovery'] {
  return workingFolders(dataFolder).filter(({ unsaved }) => unsaved).map(({ id, title, changed }) => ({ recover: id, title, changed })).sort((a, b) => (a.changed < b.changed ? 1 : -1))
}

/** Removes working folders of ended processes in which there is nothing to lose. */
export function sweepWorkingFolders(dataFolder: string): void {
  for (const { folder, unsaved } of workingFolders(dataFolder)) if (!unsaved) rmSync(folder, { recursive: true, force: true })
}

function workingFolders(dataFolder: string): { id: string; folder: string; title: string; changed: string; unsaved: boolean }[] {
  const work = join(dataFolder, 'work')
  if (!existsSync(work)) return []
  return readdirSync(work).flatMap(id => {
    const workspace = workspaceAt(join(work, id))
    if (!/^[0-9a-f]{16}$/.test(id)) return []
    try {
      acquireLock(workspace.lock).release()
    } catch {
      return []
    }
    const file = readSessionFile(workspace)
    const edited = existsSync(workspace.journal) && statSync(workspace.journal).size > 0
    const unsaved = existsSync(workspace.document) && (edited || file?.dirty === true)
    return [{ id, folder: workspace.folder, title: file?.title ?? 'Untitled', changed: edited ? statSync(workspace.journal).mtime.toISOString() : (file?.changed ?? ''), unsaved }]
  })
}
