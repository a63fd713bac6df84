import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ExperimentDocument } from '../../shared/experiment/document'
import type { Fault } from '../../shared/fault'
import type { Json } from '../../shared/json'
import type { CheckResult, EngineClient, Registry } from '../../shared/protocol/contract'
import { spelledDocument } from '../panels/problem/statement'
import { applyEdit, type Edit } from './patches'
import type { Session } from './session'

export interface CheckerState {
  readonly result: CheckResult | undefined
  /** The document that `result` speaks of. */
  readonly document: ExperimentDocument | undefined
}

/**
 * Has the document checked on every pause of typing, together with what is typed but not yet committed: faults with their places,
 * typeset equations, traits.
 */
export interface Checker {
  readonly store: StoreApi<CheckerState>
  /** A draft stands for the committed text of its place until it is taken back (undefined). */
  draft(edit: Edit, text: Json | undefined): void
}

export function createChecker(client: EngineClient, registry: Registry, session: Session, pause = 140): Checker {
  const store = createStore<CheckerState>(() => ({ result: undefined, document: undefined }))
  const drafts = new Map<string, Edit>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  const check = async (): Promise<void> => {
    const { document } = session.store.getState()
    if (!document) return store.setState({ result: undefined, document: undefined })
    const drafted = [...drafts.values()].reduce<ExperimentDocument>(applyEdit, spelledDocument(registry, document))
    const mine = ++round
    try {
      const result = await client.call('experiment.check', { document: drafted as unknown as Json })
      if (mine === round) store.setState({ result, document: drafted })
    } catch {
      // The connection bar says that the engine is away; the last result stays.
    }
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), pause)
  }

  let last: ExperimentDocument | undefined
  session.store.subscribe(({ document, snapshot }) => {
    if (document === last) return
    if (!snapshot) drafts.clear()
    last = document
    soon()
  })
  return {
    store,
    draft(edit, text) {
      const key = JSON.stringify(edit.path)
      if (text === undefined) drafts.delete(key)
      else drafts.set(key, { ...edit, after: text })
      soon()
    },
  }
}

/** Faults whose place is `path` or lies within it. */
export function faultsWithin(faults: readonly Fault[], path: string): readonly Fault[] {
  return faults.filter(({ where }) => where?.path === path || where?.path?.startsWith(`${path}.`) || where?.path?.startsWith(`${path}[`))
}
