import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import { parseJson } from '../files/json-parse'
import type { ModelInfo } from '../../../shared/protocol/contract'
import { inFile } from '../files/refusal'
import { openResiduum } from '../files/residuum'
import { modelInfo } from '../store/models'
import { readDocumentFile, requireDocument, startsAsZip } from './experiments'
import type { FileMethods } from './methods'

/** The document of a file alone, unchecked; nothing is unpacked. */
export const readDocument: FileMethods['readDocument'] = ({ path }) => {
  if (!startsAsZip(path)) return { document: readDocumentFile(path), packed: false }
  const file = openResiduum(path)
  try {
    return { document: requireDocument(file.document), packed: true }
  } finally {
    file.close()
  }
}

/** What a file holds: problem, steps, arrays with shapes, metrics, provenance. Reads headers only. */
export const info: FileMethods['info'] = ({ path, verify }) => {
  if (!startsAsZip(path)) return { document: readDocumentFile(path), results: {}, faults: [] }
  const file = openResiduum(path)
  try {
    const results: Record<string, { arrays: Record<string, { shape: readonly number[]; type: string }>; metrics: Json; models?: ModelInfo[] }> = {}
    const of = (step: string) => (results[step] ??= { arrays: {}, metrics: {} })
    for (const { name, parsed } of file.members) {
      if (parsed.kind === 'array') {
        const { shape, descr } = file.header(name)
        of(parsed.step).arrays[parsed.array] = { shape, type: descr }
      } else if (parsed.kind === 'metrics') {
        const metrics = inFile(name, () => parseJson(file.read(name)))
        of(parsed.step).metrics = isJsonObject(metrics) ? metrics : {}
      } else if (parsed.kind === 'model') (of(parsed.step).models ??= []).push(modelInfo(name, file.read(name)))
    }
    return {
      document: requireDocument(file.document), results, faults: [...file.warnings, ...(verify ? file.verify() : [])],
      ...(file.provenance ? { provenance: file.provenance as unknown as Json } : {}),
    }
  } finally {
    file.close()
  }
}
