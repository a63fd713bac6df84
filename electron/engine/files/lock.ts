import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname } from 'node:path'
import { isProcessAlive, processStart } from './process-alive'
import { refuse } from './refusal'

/** A lock file: held while two processes must not write the same thing. Released by `release`, or by the end of its process. */
export interface FileLock {
  release(): void
}

interface Owner {
  readonly pid: number
  readonly host: string
  readonly start?: string
  readonly token: string
}

let counter = 0

/**
 * Creates the lock file at `path`, or takes it over from a process that has ended. Faults: locked (another process holds it), lock-failed.
 * Across machines (a shared folder) liveness cannot be seen: such a lock is respected and its file named, for the user to remove.
 */
export function acquireLock(path: string): FileLock {
  const token = `${process.pid}-${++counter}-${Date.now()}`
  const owner: Owner = { pid: process.pid, host: hostname(), start: processStart(process.pid), token }
  for (let attempt = 0; attempt < 20; attempt++) {
    if (create(path, owner)) return { release: () => releaseLock(path, token) }
    const text = readText(path)
    if (text === undefined) continue
    const other = parseOwner(text)
    if (other && isHeld(other)) {
      const where = other.host === hostname() ? `process ${other.pid}` : `process ${other.pid} on ${other.host}`
      refuse('locked', `${subjectOf(path)} is in use by ${where}.`, {
        tip: other.host === hostname() ? 'Wait for it to end, or write to another file.' : `Wait for it to end; if it has ended, remove ${basename(path)}.`,
      })
    }
    takeAway(path, text, token)
  }
  return refuse('lock-failed', `${basename(path)} cannot be locked: other processes keep taking it.`, { tip: 'Try again.' })
}

/** What the lock stands for: `X.residuum.lock` and `X.residuum.work/lock` for X.residuum. */
function subjectOf(path: string): string {
  const name = basename(path)
  return name === 'lock' ? basename(dirname(path)).replace(/\.work$/, '') : name.replace(/\.lock$/, '')
}

function create(path: string, owner: Owner): boolean {
  // Written beside it and linked into place: nobody ever sees a lock without its owner in it.
  const draft = `${path}.${owner.token}`
  try {
    const file = openSync(draft, 'wx')
    writeSync(file, JSON.stringify(owner))
    fsyncSync(file)
    closeSync(file)
    linkSync(draft, path)
    return true
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (cannotLink.has(code ?? '')) return createInPlace(path, owner)
    return refuse('lock-failed', `${basename(path)} cannot be created (${code ?? 'unknown reason'}).`, { tip: 'Check the permissions of the folder.' })
  } finally {
    removeQuietly(draft)
  }
}

/** FAT and some network folders have no links. */
const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function createInPlace(path: string, owner: Owner): boolean {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, JSON.stringify(owner))
    closeSync(file)
    return true
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    return refuse('lock-failed', `${basename(path)} cannot be created (${code ?? 'unknown reason'}).`, { tip: 'Check the permissions of the folder.' })
  }
}

/** Two processes may find the same dead lock: the rename moves it for one of them; who moved a living one by that puts it back. */
function takeAway(path: string, seen: string, token: string): void {
  const aside = `${path}.${token}.stale`
  try {
    renameSync(path, aside)
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return
    throw reason
  }
  if (readText(aside) !== seen) {
    try {
      linkSync(aside, path)
    } catch {
      // A third process has locked meanwhile; the next attempt reports whoever holds it.
    }
  }
  removeQuietly(aside)
}

function isHeld(owner: Owner): boolean {
  if (owner.host !== hostname()) return true
  if (!isProcessAlive(owner.pid)) return false
  const start = processStart(owner.pid)
  return start === undefined || owner.start === undefined || start === owner.start
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null
    return value && typeof value.pid === 'number' && typeof value.host === 'string' && typeof value.token === 'string' ? (value as Owner) : undefined
  } catch {
    return undefined
  }
}

function releaseLock(path: string, token: string): void {
  if (parseOwner(readText(path) ?? '')?.token === token) removeQuietly(path)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw reason
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone already, or the folder is: either way nothing is locked.
  }
}
