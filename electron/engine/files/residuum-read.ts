import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { partOfSource, sourceOfBytes } from './byte-source'
import { openFileSource } from './file-source'
import { parseJson } from './json-parse'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import type { NpyHeader } from './npy'
import { npyPrefixBytes, readNpyHeader } from './npy'
import type { Provenance } from './provenance'
import { provenanceSchema } from './provenance'
import { byteCount, inFile, printable, refuse } from './refusal'
import type { ResiduumName } from './residuum-names'
import { parseResiduumName, residuumPath } from './residuum-names'
import type { ZipEntry } from './zip-read'
import { piecesOfZipEntry, readZipDirectory, readZipEntry, sourceOfStoredEntry } from './zip-read'
import type { Fault } from '../../../shared/fault'
import { FaultError } from '../../../shared/fault'
import type { Json } from '../../../shared/json'

/** A `.residuum` opened for reading. `close` it when it was opened from a path. */
export interface ResiduumFile {
  /** The document, parsed but not yet checked. */
  readonly document: Json
  readonly members: readonly { readonly name: string; readonly parsed: ResiduumName; readonly bytes: number }[]
  readonly provenance?: Provenance
  /** What does not keep the file from being used: unknown members, missing or malformed provenance. */
  readonly warnings: readonly Fault[]
  /** A member's bytes, checked against the zip's checksum. Throws member-missing and the faults of the zip. */
  read(name: string): Uint8Array
  /** Shape and type of an array without reading its values. */
  header(name: string): NpyHeader
  /** Compares every member with the checksums of provenance.json; returns what differs as warnings. */
  verify(): Fault[]
  /**
   * Writes the members into a folder under the names of the format. A damaged result is left out and reported; a damaged document ends it.
   * Checksums of the provenance are compared on the way.
   */
  extractTo(folder: string): { readonly names: readonly string[]; readonly faults: readonly Fault[] }
  close(): void
}

/**
 * Opens a `.residuum` from a path or from bytes. Nothing is written. Members whose names the format does not know are passed over with a
 * warning (a later version may have added them) and never reach the disk; names that are unsafe refuse the whole file.
 * Faults: those of the zip reader and of parseJson, residuum-document-missing.
 */
export function openResiduum(input: string | Uint8Array, limits: Limits = defaultLimits): ResiduumFile {
  const file = typeof input === 'string' ? openFileSource(input) : { ...sourceOfBytes(input), close: () => undefined }
  const name = typeof input === 'string' ? basename(input) : undefined
  const named = <T>(work: () => T): T => (name === undefined ? work() : inFile(name, work))
  try {
    return named(() => open(file, named, limits))
  } catch (reason) {
    file.close()
    throw reason
  }
}

type Source = ReturnType<typeof openFileSource>
type Named = <T>(work: () => T) => T

function warning(code: string, message: string, tip?: string): Fault {
  return { severity: 'warning', code, message, ...(tip ? { tip } : {}) }
}

function open(file: Source, named: Named, limits: Limits): ResiduumFile {
  const warnings: Fault[] = []
  const entries = new Map<string, { entry: ZipEntry; parsed: ResiduumName }>()
  for (const entry of readZipDirectory(file, limits)) {
    if (entry.name.endsWith('/') && entry.size === 0) continue
    const parsed = parseResiduumName(entry.name)
    if (parsed) entries.set(entry.name, { entry, parsed })
    else if (warnings.length < 20) warnings.push(warning('unknown-member', `${printable(entry.name)} is not part of the format and is passed over.`, 'It is not kept when the experiment is saved.'))
  }
  const entryOf = (name: string): ZipEntry => entries.get(name)?.entry ?? refuse('member-missing', `The file has no member ${printable(name)}.`)
  const read = (name: string): Uint8Array => named(() => readZipEntry(file, entryOf(name), limits))
  if (!entries.has('experiment.json')) refuse('residuum-document-missing', 'The zip file holds no experiment.json, so it is not a Residuum experiment.')
  const document = parseJson(jsonMember(file, entryOf('experiment.json'), limits), limits)
  const provenance = readProvenance(() => (entries.has('provenance.json') ? jsonMember(file, entryOf('provenance.json'), limits) : undefined), limits, warnings)
  const checksums = new Map(Object.entries(provenance?.members ?? {}))

  const compare = (name: string, sha256: string): Fault[] => {
    const listed = checksums.get(name)
    if (!provenance || name === 'provenance.json') return []
    if (!listed) return [warning('member-unlisted', `${name} was put into the file by something else than Residuum: its provenance does not list it.`)]
    return listed.sha256 === sha256 ? [] : [warning('member-checksum', `${name} is not what the run wrote: its checksum differs from the provenance.`, 'Compute the step again to be sure of it.')]
  }
  const missing = (): Fault[] =>
    [...checksums.keys()].filter(name => !entries.has(name)).map(name => warning('member-missing', `${printable(name)} is listed in the provenance and missing in the file.`))

  return {
    document,
    members: [...entries.values()].map(({ entry, parsed }) => ({ name: entry.name, parsed, bytes: entry.size })),
    ...(provenance ? { provenance } : {}),
    warnings,
    read,
    header: name =>
      named(() => {
        const entry = entryOf(name)
        const bytes = entry.method === 'stored' ? sourceOfStoredEntry(file, entry).read(0, Math.min(entry.size, npyPrefixBytes)) : readZipEntry(file, entry, limits)
        return checkedHeader(name, bytes, entry.size, limits)
      }),
    verify: () => [...[...entries].flatMap(([name, { entry }]) => compare(name, digest(piecesOfZipEntry(file, entry, limits)))), ...missing()],
    extractTo: folder => named(() => extract(file, [...entries.values()], folder, limits, compare, missing)),
    close: () => file.close(),
  }
}

function jsonMember(file: Source, entry: ZipEntry, limits: Limits): Uint8Array {
  if (entry.size > limits.jsonBytes) refuse('json-size', `${entry.name} is ${byteCount(entry.size)} long; at most ${byteCount(limits.jsonBytes)} are read.`)
  return readZipEntry(file, entry, limits)
}

function checkedHeader(name: string, beginning: Uint8Array, size: number, limits: Limits): NpyHeader {
  const header = inFile(name, () => readNpyHeader(beginning, limits))
  if (header.dataOffset + header.dataBytes !== size) refuse('npy-truncated', `${name} holds ${byteCount(size - header.dataOffset)} of values where its shape needs ${byteCount(header.dataBytes)}.`)
  return header
}

/** A file with a broken provenance still opens: the results are there, only unproven. */
function readProvenance(read: () => Uint8Array | undefined, limits: Limits, warnings: Fault[]): Provenance | undefined {
  let bytes: Uint8Array | undefined
  try {
    bytes = read()
    if (bytes) {
      const parsed = provenanceSchema.safeParse(parseJson(bytes, limits))
      if (parsed.success) return parsed.data
      const issue = parsed.error.issues[0]
      warnings.push(warning('provenance-malformed', `provenance.json does not fit its format at ${printable(issue.path.join('.')) || 'its top'}: what the results come from is unknown.`))
      return undefined
    }
  } catch (reason) {
    // Poisoned keys are an attack on whoever reads the file, not damage.
    if (!(reason instanceof FaultError) || reason.faults[0].code === 'forbidden-key') throw reason
    warnings.push(warning('provenance-malformed', `provenance.json cannot be read (${reason.faults[0].message}): what the results come from is unknown.`))
    return undefined
  }
  warnings.push(warning('provenance-missing', 'The file has no provenance.json: what its results come from is unknown.'))
  return undefined
}

function digest(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

function extract(
  file: Source,
  entries: readonly { entry: ZipEntry; parsed: ResiduumName }[],
  folder: string,
  limits: Limits,
  compare: (name: string, sha256: string) => Fault[],
  missing: () => Fault[],
): { names: string[]; faults: Fault[] } {
  const names: string[] = []
  const faults: Fault[] = []
  for (const { entry, parsed } of entries) {
    const path = join(folder, residuumPath(parsed))
    let created = false
    try {
      if (parsed.kind === 'array') checkArray(file, entry, limits)
      mkdirSync(dirname(path), { recursive: true })
      const target = create(path, entry.name)
      created = true
      try {
        faults.push(...compare(entry.name, digest(writingTo(target, piecesOfZipEntry(file, entry, limits)))))
      } finally {
        closeSync(target)
      }
      names.push(residuumPath(parsed))
    } catch (reason) {
      if (created) rmSync(path, { force: true })
      if (!(reason instanceof FaultError)) cannotExtract(reason)
      if (parsed.kind === 'document') throw reason
      faults.push(...reason.faults.map(fault => ({ ...fault, message: `${fault.message} ${entry.name} is left out.` })))
    }
  }
  return { names, faults: [...faults, ...missing()] }
}

function cannotExtract(reason: unknown): never {
  const { code } = reason as NodeJS.ErrnoException
  if (!code) throw reason
  return refuse(code === 'ENOSPC' ? 'disk-full' : 'extract-failed', `The working folder cannot be filled (${code}).`, { tip: 'Free some space, or check the permissions of the folder.' })
}

function checkArray(file: Source, entry: ZipEntry, limits: Limits): void {
  const length = Math.min(entry.size, npyPrefixBytes)
  const beginning = entry.method === 'stored' ? partOfSource(file, entry.dataOffset, entry.size).read(0, length) : readZipEntry(file, entry, limits).subarray(0, length)
  checkedHeader(entry.name, beginning, entry.size, limits)
}

function* writingTo(target: number, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let done = 0; done < piece.length; ) done += writeSync(target, piece, done)
    yield piece
  }
}

/** Never over a file that is there: on a disk that ignores case, `u.npy` and `U.npy` are one. */
function create(path: string, name: string): number {
  try {
    return openSync(path, 'wx')
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'EEXIST') throw reason
    return refuse('member-collision', `${name} is in the folder already.`, { tip: 'On this disk names that differ only in case are one file.' })
  }
}
