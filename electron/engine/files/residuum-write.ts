import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AtomicWriteOptions, Written } from './atomic-write'
import { atomicWrite } from './atomic-write'
import type { ByteSource } from './byte-source'
import { piecesOf, sourceOfBytes } from './byte-source'
import { crc32 } from './crc32'
import { fileByteSource } from './file-source'
import { jsonText } from './json-parse'
import type { ProvenanceInput } from './provenance'
import { refuse } from './refusal'
import { compareNames, isText, parseResiduumName } from './residuum-names'
import type { ZipMember } from './zip-write'
import { writeZip, zipBytes } from './zip-write'
import { formatName } from '../../../shared/experiment/document'

/** One member but provenance.json, which the writer makes. */
export interface ResiduumMember {
  readonly name: string
  readonly content: Uint8Array | ByteSource
}

export interface ResiduumContent {
  readonly members: readonly ResiduumMember[]
  readonly provenance: ProvenanceInput
}

/**
 * The members that lie in a working folder under the names of the format (`experiment.json`, `results/fd/u.npy`, …). Other files (checkpoints,
 * journal), links and temporaries are passed over. Their contents are read when the file is written. `replace` stands in for a file of that name.
 */
export function membersOfFolder(folder: string, replace: Readonly<Record<string, Uint8Array>> = {}): ResiduumMember[] {
  const found = new Map<string, ResiduumMember>()
  const visit = (prefix: string, depth: number): void => {
    for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
      const name = `${prefix}${entry.name}`
      if (entry.isDirectory() && depth < 2) visit(`${name}/`, depth + 1)
      const parsed = entry.isFile() ? parseResiduumName(name) : undefined
      if (parsed && parsed.kind !== 'provenance') found.set(name, { name, content: fileByteSource(join(folder, name)) })
    }
  }
  if (lstatSync(folder).isDirectory()) visit('', 0)
  for (const [name, content] of Object.entries(replace)) found.set(name, { name, content })
  return [...found.values()]
}

/**
 * Writes a `.residuum` atomically. The same members and provenance give the same bytes. Members are streamed: none is held in memory but texts.
 * Faults: those of atomicWrite, changed-while-saving, member-name (a name the format does not know), residuum-document-missing.
 */
export function packResiduum(target: string, content: ResiduumContent, options: AtomicWriteOptions = {}): Written {
  const members = zipMembers(content)
  return atomicWrite(target, write => writeZip(members, write), options)
}

/** The same file as bytes, for a download. */
export const residuumBytes = (content: ResiduumContent): Uint8Array<ArrayBuffer> => zipBytes(zipMembers(content))

function zipMembers({ members, provenance }: ResiduumContent): ZipMember[] {
  const named = members.map(member => {
    const name = parseResiduumName(member.name)
    if (!name || name.kind === 'provenance') return refuse('member-name', `${member.name} is not a name of the .residuum format.`)
    return { name, member }
  })
  if (!named.some(({ name }) => name.kind === 'document')) refuse('residuum-document-missing', 'The experiment has no document to save.')
  named.sort((a, b) => compareNames(a.name, b.name))
  const sums = named.map(({ member }) => checksums(member.content))
  const listed = Object.fromEntries(named.map(({ member }, i) => [member.name, { sha256: sums[i].sha256, bytes: sums[i].bytes }]))
  const last = jsonText({ format: formatName, ...provenance, members: listed })
  return [
    ...named.map(({ name, member }, i) => ({ name: member.name, deflate: isText(name), content: member.content, crc: sums[i].crc })),
    { name: 'provenance.json', deflate: true, content: new TextEncoder().encode(last) },
  ]
}

function checksums(content: Uint8Array | ByteSource): { sha256: string; crc: number; bytes: number } {
  const source = content instanceof Uint8Array ? sourceOfBytes(content) : content
  const hash = createHash('sha256')
  let crc = 0
  for (const piece of piecesOf(source)) {
    hash.update(piece)
    crc = crc32(piece, crc)
  }
  return { sha256: hash.digest('hex'), crc, bytes: source.size }
}
