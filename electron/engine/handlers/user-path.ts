import { homedir } from 'node:os'
import { resolve } from 'node:path'

/** A path as the user gave it; `~` and relative paths start at home. */
export const userPath = (path: string): string => resolve(homedir(), path.replace(/^~(?=$|[\\/])/, homedir()))
