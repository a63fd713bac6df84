import { readFileSync } from 'node:fs'

/** Whether a process of this machine runs. A process of another user counts. */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * When the process began, in a form that is only compared: tells a process from a later one with the same number. Undefined where the
 * system does not say (only Linux does without a child process).
 */
export function processStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name is in parentheses and may hold anything; field 22 counts from after it.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
