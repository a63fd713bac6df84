import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkpoint } from '../../../shared/kernels/team'
import { decodeMessage, encodeMessage } from '../../../shared/protocol/codec'
import { atomicWrite } from '../files/atomic-write'

/** The one file of `checkpoints/<step>/`. It carries the key of the result that it leads to: with any other key it is not used. */
const fileName = 'checkpoint.bin'

export function writeCheckpoint(folder: string, key: string, checkpoint: Checkpoint): void {
  mkdirSync(folder, { recursive: true })
  atomicWrite(join(folder, fileName), encodeMessage({ key, scalars: checkpoint.scalars, arrays: checkpoint.arrays }))
}

/** The checkpoint of this very key, or undefined. A damaged file counts as none: the step then starts from its beginning. */
export function readCheckpoint(folder: string, key: string): Checkpoint | undefined {
  const path = join(folder, fileName)
  if (!existsSync(path)) return undefined
  try {
    const stored = decodeMessage(readFileSync(path)) as Checkpoint & { key: string }
    return stored.key === key ? { scalars: stored.scalars, arrays: stored.arrays } : undefined
  } catch {
    return undefined
  }
}

export const hasCheckpoint = (folder: string): boolean => existsSync(join(folder, fileName))

export const removeCheckpoint = (folder: string): void => rmSync(folder, { recursive: true, force: true })
