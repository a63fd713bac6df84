import { useMemo } from 'react'
import { useApp, useDocument, type App } from '../../app/app'
import type { Edit } from '../../app/patches'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import { catalogueEdit, spelledDocument } from './statement'

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
