import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { ExperimentDocument, StepEnvelope } from '../../../shared/experiment/document'
import type { Libm } from '../../../shared/expressions/libm'
import type { Fault } from '../../../shared/fault'
import { FaultError } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { canonicalJson } from '../../../shared/json'
import { stepKeyMaterial } from '../../../shared/steps/key'
import { methodFaults } from '../../../shared/steps/method-check'
import { stepKind } from '../../../shared/steps/registry'
import { validateDocument } from '../../../shared/steps/validate'
import { engineVersion } from '../version'
import { foreignPath } from './foreign'
import { workspaceAt } from './workspace'

/** What the engine knows of a document without running it. */
export interface Analysis {
  readonly faults: readonly Fault[]
  /** Present when the envelope holds together. */
  readonly steps: readonly StepAnalysis[]
}

export interface StepAnalysis {
  readonly id: string
  readonly kind: string
  readonly inputs: readonly string[]
  readonly files: readonly string[]
  /** Key of the result; absent where an input or a file is missing. */
  readonly key?: string
  /** sha256 of the foreign files that the key rests on. */
  readonly fileHashes: Readonly<Record<string, string>>
}

export interface AnalysisRequest {
  readonly document: Json
  readonly workspace: string
  readonly documentFolder?: string
  /** Hashes that stored results were computed with: they stand in for files that are no longer there. */
  readonly knownHashes?: Readonly<Record<string, string>>
}

/** Faults of the document, of its methods and of the files it names, and the keys of its results. */
export async function analyseDocument({ document: json, workspace, documentFolder, knownHashes = {} }: AnalysisRequest, libm: Libm): Promise<Analysis> {
  const validation = validateDocument(json, libm)
  const { document } = validation
  if (!document) return { faults: validation.faults, steps: [] }
  const faults: Fault[] = [...validation.faults, ...(await methodFaults(validation, libm))]
  const hashes = new Map<string, string | undefined>()
  const hashOf = (name: string, path: string): string | undefined => {
    if (!hashes.has(name)) {
      try {
        hashes.set(name, sha256OfFile(foreignPath(workspaceAt(workspace), documentFolder, name)))
      } catch (reason) {
        hashes.set(name, knownHashes[name])
        if (reason instanceof FaultError && !(name in knownHashes)) faults.push(...reason.faults.map(fault => ({ ...fault, where: { path } })))
      }
    }
    return hashes.get(name)
  }
  const steps = new Map<string, StepAnalysis>()
  const visit = (step: StepEnvelope, index: number, above: readonly string[]): StepAnalysis => {
    const known = steps.get(step.id)
    if (known) return known
    const kind = stepKind(step.kind)
    const inputs = kind?.inputs(step, document) ?? []
    const files = kind?.files(step, document) ?? []
    const inputKeys: Record<string, string> = {}
    const fileHashes: Record<string, string> = {}
    let complete = kind !== undefined
    for (const id of inputs) {
      const at = document.steps.findIndex(s => s.id === id)
      const key = at < 0 || id === step.id || above.includes(id) ? undefined : visit(document.steps[at], at, [...above, step.id]).key
      if (key === undefined) complete = false
      else inputKeys[id] = key
    }
    for (const name of files) {
      const hash = hashOf(name, `steps[${index}]`)
      if (hash === undefined) complete = false
      else fileHashes[name] = hash
    }
    const analysed = { id: step.id, kind: step.kind, inputs, files, fileHashes, ...(complete ? { key: stepKey(document, step, inputKeys, fileHashes) } : {}) }
    steps.set(step.id, analysed)
    return analysed
  }
  document.steps.forEach((step, i) => visit(step, i, []))
  return { faults, steps: document.steps.map(step => steps.get(step.id)!) }
}

/** sha256 of everything that the result depends on. */
export function stepKey(document: ExperimentDocument, step: StepEnvelope, inputKeys: Readonly<Record<string, string>>, fileHashes: Readonly<Record<string, string>>): string {
  const material = stepKeyMaterial(document, step, inputKeys, fileHashes) as unknown as Json
  return createHash('sha256').update(canonicalJson({ material, version: engineVersion })).digest('hex')
}

const known = new Map<string, { readonly stamp: string; readonly hash: string }>()

function sha256OfFile(path: string): string {
  const { size, mtimeMs } = statSync(path)
  const stamp = `${size} ${mtimeMs}`
  const cached = known.get(path)
  if (cached?.stamp === stamp) return cached.hash
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    const buffer = new Uint8Array(1 << 20)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) hash.update(buffer.subarray(0, read))
  } finally {
    closeSync(file)
  }
  const digest = hash.digest('hex')
  known.set(path, { stamp, hash: digest })
  return digest
}
