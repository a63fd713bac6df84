import type { ByteSource } from './byte-source'
import type { FileSource } from './file-source'
import { openFileSource } from './file-source'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import type { NpyHeader, WritableArray } from './npy'
import { decodeEntries, npyHeaderFor, npyPrefixBytes, readNpyHeader } from './npy'
import { byteCount, refuse } from './refusal'
import type { FileSystem } from './file-system'
import { atomicWrite } from './atomic-write'

/** An array on disk of which only the slices that are asked for enter memory. Real, C order. */
export interface NpySlices {
  readonly header: NpyHeader
  /** Entries [from, from + count) in C order, as float64. */
  read(from: number, count: number): Float64Array
}

/** Slices of an `.npy` anywhere in a source (a file, a stored zip member). Faults: those of readNpyHeader, npy-order, npy-complex. */
export function npySlices(source: ByteSource, limits: Limits = defaultLimits): NpySlices {
  const header = readNpyHeader(source.read(0, Math.min(source.size, npyPrefixBytes)), limits)
  const { type, dataOffset, dataBytes, count, shape } = header
  if (source.size < dataOffset + dataBytes) refuse('npy-truncated', `The array needs ${byteCount(dataBytes)} and the file holds ${byteCount(source.size - dataOffset)} of them.`)
  if (type.kind === 'c') refuse('npy-complex', 'The array is complex; its parts are stored as two real arrays here.')
  if (header.fortranOrder && shape.filter(extent => extent !== 1).length > 1) refuse('npy-order', 'The array is in Fortran order and cannot be read in slices.')
  return {
    header,
    read(from, length) {
      if (from < 0 || length < 0 || from + length > count) throw new RangeError(`slice [${from}, ${from + length}) of ${count} entries`)
      return decodeEntries(type, source.read(dataOffset + from * type.size, length * type.size)).values
    },
  }
}

/** Opens an `.npy` file for reading slices. `close` it. */
export function openNpyFile(path: string, limits: Limits = defaultLimits): NpySlices & { close(): void } {
  const file: FileSource = openFileSource(path)
  try {
    return { ...npySlices(file, limits), close: () => file.close() }
  } catch (reason) {
    file.close()
    throw reason
  }
}

/** Writes an `.npy` file atomically, without a second copy of the values in memory. */
export function writeNpyFile(path: string, values: WritableArray, shape: readonly number[], fileSystem?: FileSystem): void {
  const header = npyHeaderFor(values, shape)
  atomicWrite(
    path,
    write => {
      write(header)
      write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    },
    { fileSystem },
  )
}
