import { deviceName, stepIdPattern } from '../../../shared/experiment/document'

/**
 * What a member of a `.residuum` may be called. Only these names exist: a reader takes them apart and builds the path on disk from the parts,
 * so no name out of a file ever reaches the file system.
 */
export type ResiduumName =
  | { readonly kind: 'document' | 'provenance' | 'thumbnail' }
  | { readonly kind: 'array'; readonly step: string; readonly array: string }
  | { readonly kind: 'metrics' | 'result'; readonly step: string }
  /** A trained network: the step's own, or a further one by name. */
  | { readonly kind: 'model'; readonly step: string; readonly model?: string }
  /** A foreign file that came with the experiment, which import and compare steps name. */
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'figure'; readonly id: string; readonly extension: 'json' | 'svg' | 'pdf' | 'png' }

export const arrayNamePattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/
const figureFilePattern = /^([a-z][a-z0-9-]{0,31})\.(json|svg|pdf|png)$/
const foreignFilePattern = /^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/

/** The parts of a member's name; undefined where the format knows no such name. */
export function parseResiduumName(name: string): ResiduumName | undefined {
  if (name === 'experiment.json') return { kind: 'document' }
  if (name === 'provenance.json') return { kind: 'provenance' }
  if (name === 'thumbnail.png') return { kind: 'thumbnail' }
  const parts = name.split('/')
  if (parts[0] === 'results' && parts.length === 3 && isSafe(parts[1], stepIdPattern)) {
    if (parts[2] === 'metrics.json') return { kind: 'metrics', step: parts[1] }
    if (parts[2] === 'result.json') return { kind: 'result', step: parts[1] }
    const array = parts[2].endsWith('.npy') ? parts[2].slice(0, -4) : ''
    if (isSafe(array, arrayNamePattern)) return { kind: 'array', step: parts[1], array }
  }
  if (parts[0] === 'models' && parts.length === 2 && parts[1].endsWith('.onnx')) {
    const [step, model, ...rest] = parts[1].slice(0, -5).split('.')
    if (rest.length === 0 && isSafe(step, stepIdPattern) && (model === undefined || isSafe(model, stepIdPattern))) return { kind: 'model', step, ...(model === undefined ? {} : { model }) }
  }
  if (parts[0] === 'files' && parts.length === 2 && parts[1].length <= 104 && foreignFilePattern.test(parts[1]) && !deviceName.test(parts[1].split('.')[0])) return { kind: 'file', name: parts[1] }
  if (parts[0] === 'figures' && parts.length === 2) {
    const [, id, extension] = figureFilePattern.exec(parts[1]) ?? []
    if (id && !deviceName.test(id)) return { kind: 'figure', id, extension: extension as 'svg' }
  }
  return undefined
}

const isSafe = (text: string, pattern: RegExp): boolean => pattern.test(text) && !deviceName.test(text)

/** The inverse of parseResiduumName: relative to the working folder, with `/`. */
export function residuumPath(name: ResiduumName): string {
  switch (name.kind) {
    case 'document':
      return 'experiment.json'
    case 'provenance':
      return 'provenance.json'
    case 'thumbnail':
      return 'thumbnail.png'
    case 'array':
      return `results/${name.step}/${name.array}.npy`
    case 'metrics':
      return `results/${name.step}/metrics.json`
    case 'result':
      return `results/${name.step}/result.json`
    case 'model':
      return `models/${name.step}${name.model === undefined ? '' : `.${name.model}`}.onnx`
    case 'file':
      return `files/${name.name}`
    case 'figure':
      return `figures/${name.id}.${name.extension}`
  }
}

/** Compressed in the file: text. Arrays and pictures are stored, so that slices of them can be read in place. */
export const isText = (name: ResiduumName): boolean =>
  name.kind === 'document' || name.kind === 'provenance' || name.kind === 'metrics' || name.kind === 'result' || (name.kind === 'figure' && (name.extension === 'json' || name.extension === 'svg'))

const order: readonly ResiduumName['kind'][] = ['document', 'thumbnail', 'metrics', 'result', 'array', 'model', 'file', 'figure', 'provenance']

/** The fixed order of members: the document first, the provenance last, the rest by kind and then by name. */
export function compareNames(a: ResiduumName, b: ResiduumName): number {
  const byKind = order.indexOf(a.kind) - order.indexOf(b.kind)
  const [left, right] = [residuumPath(a), residuumPath(b)]
  return byKind !== 0 ? byKind : left < right ? -1 : left > right ? 1 : 0
}
