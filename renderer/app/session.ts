import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ExperimentDocument } from '../../shared/experiment/document'
import { FaultError, type Fault } from '../../shared/fault'
import type { Json } from '../../shared/json'
import type { EngineClient, Parameters, Snapshot, StepState } from '../../shared/protocol/contract'
import { applyEdit, isNothing, type Edit } from './patches'

/** The open experiment as the window sees it: the engine's last snapshot with the window's own unconfirmed edits on top. */
export interface SessionState {
  readonly snapshot: Snapshot | undefined
  /** The document with unconfirmed edits applied. */
  readonly document: ExperimentDocument | undefined
  /** What an experiment is being opened from, for the pending state; undefined when nothing is. */
  readonly opening: string | undefined
  readonly saving: boolean
  readonly unconfirmed: number
}

export interface Session {
  readonly store: StoreApi<SessionState>
  open(source: Parameters<'experiment.open'>['source'], label: string): Promise<Snapshot>
  close(): Promise<void>
  /** Applies at once; sends in order, one at a time. Several edits of one call are one undo step. */
  edit(edits: Edit | readonly Edit[], gesture?: string): void
  /** Resolves when every edit so far is confirmed or refused. */
  settled(): Promise<void>
  undo(): Promise<void>
  redo(): Promise<void>
  save(path?: string, overwrite?: boolean): Promise<Snapshot>
  adopt(snapshot: Snapshot): void
  /** Attaches this window again to an experiment that the engine still has open (after a lost connection or a reload). */
  rejoin(experiment: string): Promise<void>
}

interface Pending extends Edit { readonly gesture?: string }

/** `report` shows faults of refused edits to the user. */
export function createSession(client: EngineClient, report: (faults: readonly Fault[]) => void): Session {
  const store = createStore<SessionState>(() => ({ snapshot: undefined, document: undefined, opening: undefined, saving: false, unconfirmed: 0 }))
  /** Edits not yet confirmed; the first is in flight while `sending`. */
  let queue: Pending[] = []
  let sending = false
  /** A snapshot that came while an edit was in flight: whether it holds that edit is known from its revision only when the answer is there. */
  let deferred: Snapshot | undefined
  const idle: (() => void)[] = []
  let gestures = 0

  const publish = (snapshot: Snapshot | undefined): void => {
    const document = snapshot && queue.reduce<ExperimentDocument>(applyEdit, snapshot.document)
    store.setState({ snapshot, document, unconfirmed: queue.length })
  }
  const settle = (): void => {
    for (const resolve of idle.splice(0)) resolve()
  }

  const adopt = (snapshot: Snapshot): void => {
    const current = store.getState().snapshot
    if (current && current.experiment === snapshot.experiment) {
      if (snapshot.revision < current.revision) return
      if (sending) {
        deferred = snapshot
        return
      }
    }
    publish(keepIdentities(current, snapshot))
  }

  const sendNext = async (): Promise<void> => {
    const snapshot = store.getState().snapshot
    if (sending || !snapshot || queue.length === 0) return
    sending = true
    const [edit] = queue
    const { experiment } = snapshot
    try {
      const { revision } = await client.call('experiment.edit', { experiment, patch: { ...edit, path: [...edit.path], baseRevision: snapshot.revision } })
      if (store.getState().snapshot?.experiment !== experiment) return
      queue = queue.slice(1)
      const latest = store.getState().snapshot ?? snapshot
      const confirmed: Snapshot =
        deferred && deferred.revision >= revision ? deferred : { ...(deferred ?? latest), document: applyEdit((deferred ?? latest).document, edit), revision, dirty: true }
      publish(keepIdentities(latest, confirmed))
    } catch (reason) {
      // What was built on the refused edit falls with it.
      queue = []
      const latest = deferred ?? store.getState().snapshot
      if (latest) publish(latest)
      report(faultsOf(reason))
    } finally {
      sending = false
      deferred = undefined
    }
    if (queue.length > 0) void sendNext()
    else settle()
  }

  const settled = (): Promise<void> => (queue.length === 0 && !sending ? Promise.resolve() : new Promise(resolve => idle.push(resolve)))
  const current = (): string => {
    const { snapshot } = store.getState()
    if (!snapshot) throw new Error('no experiment is open')
    return snapshot.experiment
  }

  client.on('experiment.changed', snapshot => {
    if (snapshot.experiment === store.getState().snapshot?.experiment) adopt(snapshot)
  })

  return {
    store,
    adopt,
    settled,
    async open(source, label) {
      store.setState({ opening: label })
      try {
        const snapshot = await client.call('experiment.open', { source })
        const previous = store.getState().snapshot?.experiment
        queue = []
        deferred = undefined
        if (previous !== undefined && previous !== snapshot.experiment) void client.call('experiment.close', { experiment: previous }).catch(() => undefined)
        publish(snapshot)
        return snapshot
      } finally {
        store.setState({ opening: undefined })
      }
    },
    async rejoin(experiment) {
      const snapshot = await client.call('experiment.open', { source: { recover: experiment } })
      queue = []
      deferred = undefined
      publish(snapshot)
    },
    async close() {
      await settled()
      const experiment = store.getState().snapshot?.experiment
      if (experiment === undefined) return
      publish(undefined)
      await client.call('experiment.close', { experiment })
    },
    edit(edits, gesture) {
      const list = ([edits].flat() as readonly Edit[]).filter(edit => !isNothing(edit))
      const { snapshot } = store.getState()
      if (!snapshot || list.length === 0) return
      if (snapshot.readOnly) {
        report([{ severity: 'info', code: 'read-only', message: 'This experiment is open in another window, which may edit it; this one only reads.' }])
        return
      }
      const name = gesture ?? (list.length > 1 ? `window-${gestures++}` : undefined)
      queue.push(...list.map(edit => (name === undefined ? edit : { ...edit, gesture: name })))
      publish(snapshot)
      void sendNext()
    },
    async undo() {
      await settled()
      adopt(await client.call('experiment.undo', { experiment: current() }))
    },
    async redo() {
      await settled()
      adopt(await client.call('experiment.redo', { experiment: current() }))
    },
    async save(path, overwrite) {
      store.setState({ saving: true })
      try {
        await settled()
        const snapshot = await client.call('experiment.save', { experiment: current(), ...(path === undefined ? {} : { path }), ...(overwrite ? { overwrite } : {}) })
        adopt(snapshot)
        return snapshot
      } finally {
        store.setState({ saving: false })
      }
    },
  }
}

/** Faults of whatever was thrown; a bug becomes one sentence. */
export function faultsOf(reason: unknown): readonly Fault[] {
  if (reason instanceof FaultError) return reason.faults
  return [{ severity: 'error', code: 'internal', message: reason instanceof Error ? reason.message : String(reason) }]
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** A snapshot arrives as fresh objects; parts that say the same keep their old identity, so that only what changed is drawn again. */
function keepIdentities(old: Snapshot | undefined, next: Snapshot): Snapshot {
  if (!old || old.experiment !== next.experiment) return next
  const steps = next.steps.map(step => {
    const before = old.steps.find(s => s.id === step.id)
    if (!before) return step
    if (same(before, step)) return before
    const result = step.result && before.result && same(before.result, step.result) ? before.result : step.result
    return { ...step, result } as StepState
  })
  return {
    ...next,
    document: same(old.document, next.document) ? old.document : next.document,
    steps: steps.length === old.steps.length && steps.every((s, i) => s === old.steps[i]) ? old.steps : steps,
    faults: same(old.faults, next.faults) ? old.faults : next.faults,
    view: next.view as Json | undefined,
  }
}
