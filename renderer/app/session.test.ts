import { describe, expect, it } from 'vitest'
import type { ExperimentDocument } from '../../shared/experiment/document'
import { error, FaultError, type Fault } from '../../shared/fault'
import type { EngineClient, Events, Patch, Snapshot } from '../../shared/protocol/contract'
import { applyEdit, insertEdit, replaceEdit } from './patches'
import { createSession } from './session'

/** An engine's side of one experiment: applies patches in order, refuses what `refuse` says, answers when `answer` is called. */
function engine(refuse: (patch: Patch) => boolean = () => false) {
  let document = { format: 'residuum/1', title: 'T', steps: [] as { id: string; kind: string }[] } as ExperimentDocument
  let revision = 0
  const patches: Patch[] = []
  const gates: (() => void)[] = []
  const changed = new Set<(snapshot: Snapshot) => void>()
  const snapshot = (): Snapshot => ({ experiment: 'e', revision, document, name: 'T', dirty: revision > 0, readOnly: false, steps: [], faults: [] })
  const client = {
    async call(channel: string, parameters: { patch?: Patch }) {
      if (channel === 'experiment.open') return snapshot()
      if (channel !== 'experiment.edit') return undefined
      const patch = parameters.patch!
      patches.push(patch)
      await new Promise<void>(resolve => gates.push(resolve))
      if (refuse(patch)) throw new FaultError(error('stale-edit', 'The place has changed.'))
      document = applyEdit(document, patch as never)
      revision++
      return { revision }
    },
    on(event: string, listener: (payload: never) => void) {
      if (event === 'experiment.changed') changed.add(listener as (payload: Events['experiment.changed']) => void)
      return () => undefined
    },
    onConnection: () => () => undefined,
  } as unknown as EngineClient
  return {
    client,
    patches,
    document: () => document,
    announce: () => changed.forEach(listener => listener(snapshot())),
    async answer() {
      while (gates.length === 0) await Promise.resolve()
      gates.shift()!()
      for (let i = 0; i < 10; i++) await Promise.resolve()
    },
  }
}

async function opened(refuse?: (patch: Patch) => boolean) {
  const faults: Fault[] = []
  const side = engine(refuse)
  const session = createSession(side.client, list => faults.push(...list))
  await session.open({ blank: true }, 'T')
  const shown = (): ExperimentDocument => session.store.getState().document!
  return { session, side, faults, shown }
}

describe('the session', () => {
  it('shows an edit at once and sends edits one at a time with the revision they build on', async () => {
    const { session, side, shown } = await opened()
    session.edit(replaceEdit(shown(), ['title'], 'A'))
    session.edit(replaceEdit(shown(), ['title'], 'B'))
    expect(shown().title).toBe('B')
    expect(side.patches).toHaveLength(1)
    await side.answer()
    await side.answer()
    await session.settled()
    expect(side.patches.map(patch => [patch.before, patch.after, patch.baseRevision])).toEqual([['T', 'A', 0], ['A', 'B', 1]])
    expect(side.document().title).toBe('B')
    expect(session.store.getState().unconfirmed).toBe(0)
  })

  it('applies an insertion once, also when the news of it overtakes the answer', async () => {
    const { session, side, shown } = await opened()
    session.edit(insertEdit(['steps', 0], { id: 'fd', kind: 'solve' }))
    const answered = side.answer()
    await Promise.resolve()
    side.announce()
    await answered
    await session.settled()
    expect(shown().steps.map(step => step.id)).toEqual(['fd'])
    side.announce()
    expect(shown().steps.map(step => step.id)).toEqual(['fd'])
  })

  it('rolls a refused edit back with what was built on it, and says why', async () => {
    const { session, side, faults, shown } = await opened(patch => patch.after === 'A')
    session.edit(replaceEdit(shown(), ['title'], 'A'))
    session.edit(replaceEdit(shown(), ['title'], 'B'))
    await side.answer()
    await session.settled()
    expect(shown().title).toBe('T')
    expect(faults.map(fault => fault.code)).toEqual(['stale-edit'])
    expect(side.patches).toHaveLength(1)
  })

  it('gives the edits of one call one gesture, so that they undo together', async () => {
    const { session, side, shown } = await opened()
    session.edit([replaceEdit(shown(), ['title'], 'A'), replaceEdit(shown(), ['seed'], 1)])
    await side.answer()
    await side.answer()
    await session.settled()
    expect(side.patches[0].gesture).toBeDefined()
    expect(side.patches[1].gesture).toBe(side.patches[0].gesture)
  })
})
