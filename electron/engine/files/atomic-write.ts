import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { FileStatus, FileSystem } from './file-system'
import { nodeFileSystem } from './file-system'
import { isProcessAlive } from './process-alive'
import { refuse } from './refusal'
import { FaultError } from '../../../shared/fault'

/**
 * Saving so that a reader, at any moment and after any crash, finds the old file or the new one and never a mixture: temporary file in the same
 * folder → write → fsync → read back and compare the checksum → rename → fsync of the folder. Only when this returns may anything say "saved".
 */
export interface AtomicWriteOptions {
  readonly fileSystem?: FileSystem
  /** Refuse with `changed-on-disk` unless the target is as it was when this was taken (`fileStamp`); `null`: it must not exist. */
  readonly expected?: FileStamp | null
}

/** What tells one state of a file from another. */
export interface FileStamp {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

export interface Written {
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly stamp: FileStamp
}

/** The state of the file at `path`, or null where there is none. */
export function fileStamp(path: string, fileSystem: FileSystem = nodeFileSystem): FileStamp | null {
  const status = statusOf(path, fileSystem)
  return status && stampOf(status)
}

/**
 * Writes `content` (bytes, or a function that hands pieces to its argument) to `path`. A symbolic link is followed; the target's permissions are kept.
 * Faults: changed-on-disk, disk-full, save-failed (with the system's code), and whatever `content` throws: the target is as it was;
 * save-unconfirmed: the target is new and whole, but might be the old one again after a power failure.
 */
export function atomicWrite(path: string, content: Uint8Array | ((write: (bytes: Uint8Array) => void) => void), options: AtomicWriteOptions = {}): Written {
  const fileSystem = options.fileSystem ?? nodeFileSystem
  try {
    return save(path, content, fileSystem, options.expected)
  } catch (reason) {
    if (reason instanceof FaultError) throw reason
    const { code } = reason as NodeJS.ErrnoException
    // Without a system code it is a bug in what produced the content, not a failed save.
    if (!code) throw reason
    const name = basename(path)
    if (code === 'ENOSPC' || code === 'EDQUOT') return refuse('disk-full', `${name} was not saved: the disk is full.`, { tip: 'Free some space, or save elsewhere; the file on disk is as it was.' })
    if (code === 'ENOENT') return refuse('save-failed', `${name} was not saved: its folder does not exist.`, { tip: 'Save elsewhere.' })
    return refuse('save-failed', `${name} was not saved (${code}).`, { tip: 'Check the permissions of the folder, or save elsewhere; the file on disk is as it was.' })
  }
}

let counter = 0
const active = new Set<string>()
/** Temporaries of another machine on a shared disk must not be judged by this machine's processes. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

function save(path: string, content: Uint8Array | ((write: (bytes: Uint8Array) => void) => void), fileSystem: FileSystem, expected: FileStamp | null | undefined): Written {
  const before = statusOf(path, fileSystem)
  const target = before ? fileSystem.realpath(path) : path
  checkUnchanged(path, before, expected)
  const folder = dirname(target)
  const temporary = join(folder, `.${basename(target).slice(0, 160)}.${host}-${process.pid}-${++counter}.tmp`)
  active.add(basename(temporary))
  let file: number | undefined
  let renamed = false
  try {
    file = fileSystem.create(temporary)
    if (before) fileSystem.setMode(file, before.mode & 0o7777)
    const hash = createHash('sha256')
    let bytes = 0
    const write = (piece: Uint8Array): void => {
      hash.update(piece)
      bytes += piece.length
      writeFully(fileSystem, file as number, piece)
    }
    if (content instanceof Uint8Array) write(content)
    else content(write)
    fileSystem.sync(file)
    const sha256 = hash.digest('hex')
    if (readBack(fileSystem, file, bytes) !== sha256) refuse('save-failed', `${basename(path)} was not saved: the disk returned other bytes than were written.`, { tip: 'Save to another disk.' })
    const status = fileSystem.status(file)
    fileSystem.close(file)
    file = undefined
    // Once more, right before the step that replaces the file.
    if (expected !== undefined) checkUnchanged(path, statusOf(path, fileSystem), expected)
    fileSystem.rename(temporary, target)
    renamed = true
    syncFolder(fileSystem, folder, basename(path))
    return { bytes, sha256, stamp: stampOf(status) }
  } finally {
    if (file !== undefined) quietly(() => fileSystem.close(file as number))
    if (!renamed) quietly(() => fileSystem.remove(temporary))
    active.delete(basename(temporary))
  }
}

function checkUnchanged(path: string, now: FileStatus | null, expected: FileStamp | null | undefined): void {
  if (expected === undefined) return
  const same = now === null || expected === null ? now === expected : now.size === expected.size && now.mtimeMs === expected.mtimeMs && now.ino === expected.ino
  if (!same) refuse('changed-on-disk', `${basename(path)} has changed on disk since it was opened.`, { tip: 'Save under another name, or overwrite it knowingly.' })
}

function statusOf(path: string, fileSystem: FileSystem): FileStatus | null {
  try {
    return fileSystem.stat(path)
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw reason
  }
}

const stampOf = ({ size, mtimeMs, ino }: FileStatus): FileStamp => ({ size, mtimeMs, ino })

function writeFully(fileSystem: FileSystem, file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += fileSystem.write(file, bytes, done, bytes.length - done)
}

function readBack(fileSystem: FileSystem, file: number, bytes: number): string {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(Math.min(1024 * 1024, bytes + 1))
  let position = 0
  for (;;) {
    const count = fileSystem.read(file, buffer, position)
    if (count === 0) break
    hash.update(buffer.subarray(0, count))
    position += count
  }
  return hash.digest('hex')
}

/** Some network file systems cannot sync a folder, and Windows has no way to: there the rename itself is what they promise. */
const cannotSyncFolders = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function syncFolder(fileSystem: FileSystem, folder: string, name: string): void {
  if (process.platform === 'win32') return
  try {
    const file = fileSystem.openFolder(folder)
    try {
      fileSystem.sync(file)
    } finally {
      fileSystem.close(file)
    }
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException
    if (!cannotSyncFolders.has(code ?? '')) refuse('save-unconfirmed', `${name} was written, but the disk did not confirm it (${code ?? 'unknown reason'}).`, { tip: 'Save again.' })
  }
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // The fault that led here is the one to report; a leftover temporary is swept at the next start.
  }
}

const temporaryName = /^\..{1,200}\.([0-9a-f]{8})-(\d{1,10})-\d{1,10}\.tmp$/

/** Removes temporaries that saves of ended processes of this machine left in the folder; returns their names. Call it at start. */
export function sweepStaleTemporaries(folder: string, fileSystem: FileSystem = nodeFileSystem): string[] {
  const swept: string[] = []
  for (const name of fileSystem.list(folder)) {
    const [, owner, pid] = temporaryName.exec(name) ?? []
    if (owner !== host || active.has(name)) continue
    if (Number(pid) !== process.pid && isProcessAlive(Number(pid))) continue
    try {
      fileSystem.remove(join(folder, name))
      swept.push(name)
    } catch (reason) {
      if ((reason as NodeJS.ErrnoException).code !== 'ENOENT') throw reason
    }
  }
  return swept
}
