import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { arch, cpus, platform, release } from 'node:os'
import { basename, dirname } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import { atomicWrite, fileStamp, sweepStaleTemporaries } from '../files/atomic-write'
import { openFileSource } from '../files/file-source'
import { jsonText, parseJson } from '../files/json-parse'
import { defaultLimits } from '../files/limits'
import { inFile } from '../files/refusal'
import { membersOfFolder, openResiduum, packResiduum, residuumBytes } from '../files/residuum'
import type { Provenance, ResiduumContent } from '../files/residuum'
import type { RanMethod, Timings } from '../../../shared/steps/step-kind'
import type { ResultRecord } from '../jobs/messages'
import { engineVersion } from '../version'
import type { FileMethods, Opened, SaveRequest } from './methods'
import { thumbnailOf } from './thumbnail'

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b

export const open: FileMethods['open'] = ({ workspace, path, upload }): Opened => {
  mkdirSync(workspace, { recursive: true })
  const name = upload?.name ?? basename(path!)
  return inFile(name, () => {
    if (upload) return isZip(upload.bytes) ? unpack(upload.bytes, workspace) : { document: requireDocument(parseJson(upload.bytes)), records: [], faults: [], packed: false }
    const stamp = stampOf(path!)
    const opened = startsAsZip(path!) ? unpack(path!, workspace) : { document: readDocumentFile(path!), records: [], faults: [], packed: false }
    return { ...opened, stamp }
  })
}

function stampOf(path: string) {
  const stamp = fileStamp(path)
  if (stamp === null) throw new FaultError(error('file-missing', `There is no file ${basename(path)}.`, { tip: 'Check the path.' }))
  if (!statSync(path).isFile()) throw new FaultError(error('file-unreadable', `${basename(path)} is not a file.`))
  return stamp
}

/** A document that lies as plain JSON. Faults: json-size and those of parseJson, with the file's name. */
export function readDocumentFile(path: string): Json {
  return inFile(basename(path), () => {
    if (statSync(path).size > defaultLimits.jsonBytes) throw new FaultError(error('json-size', 'The file is too long to be an experiment document.', { tip: 'Open a .residuum or .json experiment.' }))
    return requireDocument(parseJson(readFileSync(path)))
  })
}

export function startsAsZip(path: string): boolean {
  const file = openFileSource(path)
  try {
    return file.size >= 2 && isZip(file.read(0, 2))
  } finally {
    file.close()
  }
}

/** Whatever else is wrong with a document can be shown and mended; what is no object cannot. Faults: not-a-document. */
export function requireDocument(json: Json): Json {
  if (isJsonObject(json)) return json
  throw new FaultError(error('not-a-document', 'This is not an experiment document: its top level is not an object.', { tip: 'It starts with { "format": "residuum/1", … }.' }))
}

function unpack(input: string | Uint8Array, workspace: string): Opened {
  const file = openResiduum(input)
  try {
    requireDocument(file.document)
    const { faults } = file.extractTo(workspace)
    return { document: file.document, records: recordsOf(file.provenance), faults: [...file.warnings, ...faults], packed: true }
  } finally {
    file.close()
  }
}

const recordsOf = (provenance: Provenance | undefined): ResultRecord[] =>
  Object.entries(provenance?.steps ?? {}).map(([step, entry]) => ({
    step, key: entry.key, seconds: entry.seconds, backend: entry.backend, precision: entry.precision, threads: entry.threads,
    version: entry.version ?? provenance!.app.version, converged: entry.converged, faults: entry.faults,
    ...(entry.stopped ? { stopped: entry.stopped } : {}), ...(entry.ran ? { ran: entry.ran } : {}), ...(entry.timings ? { timings: entry.timings } : {}), ...(entry.fileHashes ? { fileHashes: entry.fileHashes } : {}),
  }))

async function contentOf({ workspace, document, records, written }: SaveRequest): Promise<ResiduumContent> {
  const kept = new Set(records.map(record => record.step))
  const thumbnail = await thumbnailOf(workspace, document, kept)
  const members = membersOfFolder(workspace, { 'experiment.json': new TextEncoder().encode(jsonText(document)), ...(thumbnail ? { 'thumbnail.png': thumbnail } : {}) })
    .filter(({ name }) => !/^(results|models)\//.test(name) || kept.has(/^[^/]+\/([^/.]+)/.exec(name)![1]))
  const [processor] = cpus()
  const seed = isJsonObject(document) && typeof document.seed === 'number' ? { seed: document.seed } : {}
  return {
    members,
    provenance: {
      app: { name: 'Residuum', version: engineVersion },
      libraries: {},
      platform: { system: `${platform()} ${release()}`, architecture: arch(), runtime: `Node ${process.versions.node}` },
      processor: { model: processor?.model ?? 'unknown', cores: Math.max(1, cpus().length) },
      ...seed, written,
      steps: Object.fromEntries(records.map(({ step, ran, timings, ...entry }) => [step, { ...entry, faults: [...entry.faults], ...(ran ? { ran: ranEntry(ran) } : {}), ...(timings ? { timings: timingsEntry(timings) } : {}) }])),
    },
  }
}

const timingsEntry = (timings: Timings) => Object.fromEntries(Object.entries(timings).map(([name, seconds]) => [name, [...seconds]]))
const ranEntry = ({ resolution, ...ran }: RanMethod) => ({ ...ran, ...(resolution ? { resolution: [...resolution] } : {}) })

export async function save(request: Parameters<FileMethods['save']>[0]): Promise<ReturnType<FileMethods['save']>> {
  const { target, document, expected } = request
  sweepStaleTemporaries(dirname(target))
  const options = expected === undefined ? {} : { expected }
  const written = /\.json$/i.test(target) ? atomicWrite(target, new TextEncoder().encode(jsonText(document)), options) : packResiduum(target, await contentOf(request), options)
  return { stamp: written.stamp }
}

export const pack = async (request: Parameters<FileMethods['pack']>[0]): Promise<Uint8Array> => residuumBytes(await contentOf(request))
