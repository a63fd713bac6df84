import { basename } from 'node:path'
import { openFileSource } from './file-source'
import { refuse } from './refusal'

/** What one read of the operating system takes; a foreign file is read at once. */
const largestFile = 2 ** 31 - 1

/** The bytes of a foreign file. Faults: those of checkForeignFile. */
export function readForeignFile(path: string): Uint8Array {
  const source = openFileSource(path)
  try {
    checkSize(path, source.size)
    return source.read(0, source.size)
  } finally {
    source.close()
  }
}

/** Refuses what cannot be read to its end: folders, devices, pipes, files beyond 2 GiB. Faults: file-missing, file-unreadable, file-too-large. */
export function checkForeignFile(path: string): void {
  const source = openFileSource(path)
  source.close()
  checkSize(path, source.size)
}

function checkSize(path: string, size: number): void {
  if (size > largestFile) refuse('file-too-large', `${basename(path)} has more than 2 GiB and cannot be imported.`, { tip: 'Export the array you need alone.' })
}
