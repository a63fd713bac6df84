import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ByteSource } from './byte-source'
import { refuse } from './refusal'

/** An open file as a source of bytes. `close` it. */
export interface FileSource extends ByteSource {
  close(): void
}

/** Faults: file-missing, file-unreadable; while reading, file-changed where the file has become shorter. */
export function openFileSource(path: string): FileSource {
  const name = basename(path)
  const file = tryOpen(path)
  const status = fstatSync(file)
  if (!status.isFile()) {
    closeSync(file)
    refuse('file-unreadable', `${name} is not a file.`)
  }
  const { size } = status
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(length)
      for (let done = 0; done < length; ) {
        const count = readSync(file, bytes, done, length - done, offset + done)
        if (count === 0) refuse('file-changed', `${name} became shorter while it was read.`, { tip: 'Try again.' })
        done += count
      }
      return bytes
    },
    close: () => closeSync(file),
  }
}

function tryOpen(path: string): number {
  try {
    // Opening a pipe would wait for a writer. Windows has neither.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException
    const name = basename(path)
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('file-missing', `There is no file ${name}.`, { tip: 'Check the path.' })
    return refuse('file-unreadable', `${name} cannot be read (${code ?? 'unknown reason'}).`, { tip: 'Check its permissions.' })
  }
}

/** A file that is opened only while a piece of it is read: for many files at once. Its size is fixed now. */
export function fileByteSource(path: string): ByteSource {
  const { size } = statSync(path)
  return {
    size,
    read(offset, length) {
      const file = openFileSource(path)
      try {
        if (file.size !== size) refuse('changed-while-saving', `${basename(path)} changed while it was read.`, { tip: 'Try again.' })
        return file.read(offset, length)
      } finally {
        file.close()
      }
    },
  }
}
