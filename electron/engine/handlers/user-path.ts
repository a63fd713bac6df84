import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { FaultError, error } from '../../../shared/fault'

/** A path as the user gave it; `~` and relative paths start at home. Faults: path-malformed. */
export function userPath(path: string): string {
  if (path.includes('\0')) throw new FaultError(error('path-malformed', 'The path holds a zero byte, which no file name has.', { tip: 'Type it again.' }))
  return resolve(homedir(), path.replace(/^~(?=$|[\\/])/, homedir()))
}
