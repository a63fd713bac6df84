import { readdirSync, statSync } from 'node:fs'
import { availableParallelism, homedir, totalmem } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import type { AppInfo, Handlers } from '../../../shared/protocol/contract'
import { atomicWrite } from '../files/atomic-write'
import { registryData } from '../registry'
import { engineVersion } from '../version'
import { recoverable } from './experiments'
import type { EngineParts } from './parts'
import { readRecent } from './recent'
import { userPath } from './user-path'

type Part = 'app.info' | 'registry' | 'gallery.list' | 'gallery.picture' | 'recent.list' | 'files.list' | 'dialog.open' | 'dialog.save' | 'file.write'

const capabilities: Readonly<Record<AppInfo['host'], AppInfo['capabilities']>> = {
  desktop: ['native-dialogs', 'native-menu', 'export', 'gallery'],
  server: ['files', 'export', 'gallery'],
  'in-process': ['files', 'export', 'gallery'],
}

/** What a window may write besides experiments: never a file that something else would run or read as its settings. */
const writable = new Set(['.pdf', '.svg', '.png', '.tex', '.npy', '.csv', '.vti', '.vtu', '.onnx', '.residuum'])
const listed = new Set(['.residuum', '.json', '.mat', '.npy', '.npz', '.csv', '.tsv', '.txt', '.dat'])

export function applicationHandlers(parts: EngineParts): Pick<Handlers, Part> {
  const noDialogs = (): never => {
    throw new FaultError(error('no-dialogs', 'This host has no native dialogs.', { tip: 'Type the path, or use the file list.' }))
  }
  return {
    'app.info': async () => ({
      version: engineVersion, host: parts.host, platform: process.platform, cores: availableParallelism(), memoryBytes: totalmem(), threads: parts.threads(),
      capabilities: capabilities[parts.host],
      recovery: [
        ...parts.sessions.all().filter(session => parts.sessions.clientsOf(session).length === 0 && session.dirty)
          .map(session => ({ recover: session.id, title: session.title, changed: new Date().toISOString() })),
        ...recoverable(parts.dataFolder),
      ],
    }),
    registry: async () => registryData(),
    'gallery.list': () => parts.files.call('gallery', { folder: parts.examplesFolder }),
    'gallery.picture': ({ example }) => parts.files.call('galleryPicture', { folder: parts.examplesFolder, example }),
    'recent.list': async () => readRecent(parts.dataFolder),
    'files.list': async ({ folder }) => listFolder(folder === undefined ? homedir() : userPath(folder)),
    'dialog.open': async () => noDialogs(),
    'dialog.save': async () => noDialogs(),
    'file.write': async ({ path, bytes }) => {
      const target = userPath(path)
      if (!writable.has(extname(target).toLowerCase())) {
        throw new FaultError(error('extension', `A window may not write ${basename(target)}.`, { tip: `Use one of ${[...writable].join(', ')}.` }))
      }
      atomicWrite(target, bytes)
      return undefined
    },
  }
}

function listFolder(folder: string) {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (reason) {
    throw new FaultError(error('folder-unreadable', `The folder ${basename(folder) || folder} cannot be read (${(reason as NodeJS.ErrnoException).code}).`))
  }
  const entries = names.filter(name => !name.startsWith('.')).flatMap(name => {
    const path = join(folder, name)
    try {
      const status = statSync(path)
      const isFolder = status.isDirectory()
      return isFolder || listed.has(extname(name).toLowerCase()) ? [{ name, path, folder: isFolder, ...(isFolder ? {} : { bytes: status.size }) }] : []
    } catch {
      return []
    }
  })
  entries.sort((a, b) => Number(b.folder) - Number(a.folder) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
  const parent = dirname(folder)
  return { folder, ...(parent === folder ? {} : { parent }), entries }
}
