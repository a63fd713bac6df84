import { join } from 'node:path'

/**
 * The working folder of one open experiment. Its result folders are also the only channel from step to step, and `.residuum` is packed from it.
 *
 *     document.json          the document as of the last save or open
 *     journal.jsonl          edits since then, one JSON line each
 *     undo.json              what can be undone from document.json
 *     session.json           name, path and what recovery needs to know
 *     lock                   process id of the owner
 *     files/<name>           foreign files that came with the experiment
 *     results/<step>/        arrays (.npy), result.json, metrics.json
 *     models/<step>.onnx     the network that the step trained; further ones <step>.<name>.onnx
 *     records/<step>.json    what really ran: key, seconds, backend, precision, threads
 *     checkpoints/<step>/    work in progress
 */
export interface Workspace {
  readonly folder: string
  readonly document: string
  readonly journal: string
  readonly undo: string
  readonly session: string
  readonly lock: string
  readonly files: string
  readonly results: string
  readonly models: string
  readonly records: string
  readonly checkpoints: string
  result(step: string): string
  record(step: string): string
  checkpoint(step: string): string
}

export function workspaceAt(folder: string): Workspace {
  const at = (...parts: string[]): string => join(folder, ...parts)
  return {
    folder,
    document: at('document.json'), journal: at('journal.jsonl'), undo: at('undo.json'), session: at('session.json'), lock: at('lock'),
    files: at('files'), results: at('results'), models: at('models'), records: at('records'), checkpoints: at('checkpoints'),
    result: step => at('results', step),
    record: step => at('records', `${step}.json`),
    checkpoint: step => at('checkpoints', step),
  }
}
