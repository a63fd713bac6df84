import { sourceOfBytes } from './byte-source'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import type { NpyHeader, NumericArray } from './npy'
import { npyPrefixBytes, readNpy, readNpyHeader } from './npy'
import { inFile } from './refusal'
import { readZipDirectory, readZipEntry, sourceOfStoredEntry } from './zip-read'

export interface NpzArray {
  /** The member's name without `.npy`. */
  readonly name: string
  readonly header: NpyHeader
  read(): NumericArray
}

/** NumPy's archive (`numpy.savez`, `savez_compressed`): a zip of `.npy` members; other members are passed over. Faults: those of zip and NPY. */
export function readNpz(bytes: Uint8Array, limits: Limits = defaultLimits): NpzArray[] {
  const source = sourceOfBytes(bytes)
  return readZipDirectory(source, limits)
    .filter(entry => entry.name.endsWith('.npy'))
    .map(entry => ({
      name: entry.name.slice(0, -4),
      header: inFile(entry.name, () => {
        const prefix = entry.method === 'stored' ? sourceOfStoredEntry(source, entry).read(0, Math.min(entry.size, npyPrefixBytes)) : readZipEntry(source, entry, limits)
        return readNpyHeader(prefix, limits)
      }),
      read: () => inFile(entry.name, () => readNpy(readZipEntry(source, entry, limits), limits)),
    }))
}
