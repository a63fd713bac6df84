import { useMemo } from 'react'
import { useApp, useDocument, type App } from '../../app/app'
import { applyEdit, replaceEdit, valueAt, type Edit } from '../../app/patches'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { Registry } from '../../../shared/protocol/contract'
import { statementOf } from './statement'

/** The document with a catalogue problem written out, so that every problem is shown and edited in the same way. */
export function spelledDocument(registry: Registry, document: ExperimentDocument): ExperimentDocument {
  if (!document.problem || !('catalogue' in document.problem)) return document
  const statement = statementOf(registry, document.problem)
  return statement ? { ...document, problem: statement } : document
}

export function useSpelled(): ExperimentDocument | undefined {
  const { registry } = useApp()
  const document = useDocument()
  return useMemo(() => document && spelledDocument(registry, document), [registry, document])
}

/**
 * Edits of the statement. A parameter of a catalogue problem is kept as an override; any other edit makes the whole statement the
 * document's own, in the same undo step.
 */
export function editProblem(app: App, make: (spelled: ExperimentDocument) => Edit | readonly Edit[]): void {
  const { document } = app.session.store.getState()
  if (!document) return
  const spelled = spelledDocument(app.registry, document)
  const edits = [make(spelled)].flat() as Edit[]
  app.session.edit(spelled === document ? edits : catalogueEdit(document, spelled, edits))
}

export function catalogueEdit(document: ExperimentDocument, spelled: ExperimentDocument, edits: readonly Edit[]): Edit {
  const overrides = edits.every(({ path, before, after }) => path.length === 3 && path[1] === 'parameters' && before !== undefined && after !== undefined)
  if (overrides) {
    const old = valueAt(document as unknown as Json, ['problem', 'parameters'])
    return replaceEdit(document, ['problem', 'parameters'], { ...(isJsonObject(old) ? old : {}), ...Object.fromEntries(edits.map(({ path, after }) => [String(path[2]), after!])) })
  }
  return replaceEdit(document, ['problem'], edits.reduce<ExperimentDocument>(applyEdit, spelled).problem as unknown as Json)
}
