import type { Json } from '../../../shared/json'
import { fail, succeed, error } from '../../../shared/fault'
import type { Outcome } from '../../../shared/fault'
import { applyChange, inverseOf, labelOf } from './patch'
import type { Change } from './patch'

/** One undo step: all changes of one gesture. */
export interface Entry {
  readonly label: string
  readonly gesture: string | undefined
  readonly changes: Change[]
}

/** What can be undone and redone from a document, as it is kept beside it. */
export interface Steps {
  readonly past: readonly Entry[]
  readonly future: readonly Entry[]
}

/** The document with its past and future. Revisions count every edit, undo and redo. */
export interface History {
  readonly steps: Steps
  readonly document: Json
  readonly revision: number
  readonly undoLabel: string | undefined
  readonly redoLabel: string | undefined
  edit(change: Change, gesture?: string): Outcome<Json>
  undo(): Outcome<Json>
  redo(): Outcome<Json>
}

const nothing = (what: string): ReturnType<typeof fail> => fail(error(`nothing-to-${what}`, `There is nothing to ${what}.`))

/** Entries kept. */
const limit = 1000

export function createHistory(initial: Json, steps: Steps = { past: [], future: [] }): History {
  let document = initial
  let revision = 0
  const past: Entry[] = [...steps.past]
  let future: Entry[] = [...steps.future]
  /** A gesture goes on only until something else happens. */
  let open = false

  const step = (from: Entry[], to: Entry[], changes: (entry: Entry) => readonly Change[], what: string): Outcome<Json> => {
    const entry = from.at(-1)
    if (!entry) return nothing(what)
    let next = document
    for (const change of changes(entry)) {
      const applied = applyChange(next, change)
      if (!applied.ok) return applied
      next = applied.value
    }
    from.pop()
    to.push(entry)
    document = next
    revision++
    open = false
    return succeed(document)
  }

  return {
    get steps() {
      return { past: [...past], future: [...future] }
    },
    get document() {
      return document
    },
    get revision() {
      return revision
    },
    get undoLabel() {
      return past.at(-1)?.label
    },
    get redoLabel() {
      return future.at(-1)?.label
    },
    edit(change, gesture) {
      const applied = applyChange(document, change)
      if (!applied.ok) return applied
      const last = past.at(-1)
      if (open && last && gesture !== undefined && last.gesture === gesture) last.changes.push(change)
      else past.push({ label: labelOf(change, document), gesture, changes: [change] })
      if (past.length > limit) past.shift()
      future = []
      open = true
      document = applied.value
      revision++
      return applied
    },
    undo: () => step(past, future, entry => entry.changes.map(inverseOf).reverse(), 'undo'),
    redo: () => step(future, past, entry => entry.changes, 'redo'),
  }
}
