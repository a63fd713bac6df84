import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../shared/json'
import { createHistory } from './history'
import { applyChange, inverseOf } from './patch'
import type { Change } from './patch'

const document: Json = {
  title: 'T', seed: 1, problem: { equations: ['a', 'b'], parameters: { k: 1 } },
  steps: [{ id: 'fd', kind: 'solve', resolution: [9, 9] }, { id: 'c', kind: 'compare' }],
}
const edit = (path: Change['path'], before: Json | undefined, after: Json | undefined): Change => ({ path, before, after })

describe('a change', () => {
  it.each([
    ['replaces a value', edit(['steps', 0, 'resolution', 1], 9, 17)],
    ['adds a key', edit(['problem', 'parameters', 'nu'], undefined, '0.1')],
    ['removes a key', edit(['seed'], 1, undefined)],
    ['inserts into a list', edit(['problem', 'equations', 1], undefined, 'between')],
    ['appends to a list', edit(['steps', 2], undefined, { id: 'x', kind: 'solve' })],
    ['removes from a list', edit(['steps', 0], { id: 'fd', kind: 'solve', resolution: [9, 9] }, undefined)],
    ['replaces everything', edit([], document, { title: 'other' })],
  ])('%s, and its inverse takes it back', (_, change) => {
    const there = applyChange(document, change)
    if (!there.ok) throw new Error(there.faults[0].message)
    expect(there.value).not.toEqual(document)
    const back = applyChange(there.value, inverseOf(change))
    expect(back).toEqual({ ok: true, value: document })
  })

  it.each([
    ['another value is there', edit(['seed'], 2, 3)],
    ['the place exists already', edit(['seed'], undefined, 3)],
    ['the place is gone', edit(['nowhere', 'x'], 1, 2)],
    ['the index is past the end', edit(['steps', 7], undefined, {})],
    ['a list is addressed by a word', edit(['steps', 'fd'], undefined, {})],
  ])('is refused as stale where %s', (_, change) => {
    expect(applyChange(document, change)).toMatchObject({ ok: false, faults: [{ code: 'stale-edit' }] })
  })

  it.each([[['__proto__', 'polluted'], 1], [['problem', 'constructor'], {}], [['x'], JSON.parse('{"a":{"__proto__":{"polluted":1}}}') as Json]])('with a prototype key is refused: %j', (path, after) => {
    expect(applyChange(document, edit(path as string[], undefined, after as Json))).toMatchObject({ ok: false, faults: [{ code: 'forbidden-key' }] })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it.each([[null], [5], ['text'], [[1]]])('refuses %j in the place of the document', after => {
    expect(applyChange(document, edit([], document, after as Json))).toMatchObject({ ok: false, faults: [{ code: 'not-a-document' }] })
  })
})

describe('history', () => {
  it('undoes and redoes with labels', () => {
    const history = createHistory(document)
    history.edit(edit(['steps', 0, 'resolution'], [9, 9], [17, 17]))
    expect(history.undoLabel).toBe('Change resolution of fd')
    history.edit(edit(['problem', 'equations', 0], 'a', 'A'))
    expect(history.undoLabel).toBe('Change equation 1')
    history.undo()
    expect([history.undoLabel, history.redoLabel, history.revision]).toEqual(['Change resolution of fd', 'Change equation 1', 3])
    history.undo()
    expect(history.document).toEqual(document)
    expect(history.undo()).toMatchObject({ ok: false, faults: [{ code: 'nothing-to-undo' }] })
    history.redo()
    history.redo()
    expect(history.document).toMatchObject({ problem: { equations: ['A', 'b'] } })
    expect(history.redoLabel).toBeUndefined()
  })

  it('takes a gesture as one step, and ends it with anything else', () => {
    const history = createHistory(document)
    for (const [before, after] of [[1, 2], [2, 3], [3, 4]]) history.edit(edit(['problem', 'parameters', 'k'], before, after), 'drag')
    history.undo()
    expect(history.document).toEqual(document)
    history.redo()
    // After undo and redo the same gesture id is a new step.
    history.edit(edit(['problem', 'parameters', 'k'], 4, 5), 'drag')
    history.undo()
    expect(history.document).toMatchObject({ problem: { parameters: { k: 4 } } })
    history.edit(edit(['seed'], 1, 7))
    expect(history.redoLabel).toBeUndefined()
  })

  it('comes back to every earlier state for any sequence of edits', () => {
    const value = fc.integer({ min: 0, max: 5 })
    const command = fc.oneof(fc.record({ set: value, key: fc.constantFrom('a', 'b') }), fc.record({ insert: value, at: fc.nat(4) }), fc.record({ remove: fc.nat(4) }))
    fc.assert(fc.property(fc.array(command, { maxLength: 30 }), commands => {
      const history = createHistory({ a: 0, b: 0, list: [] })
      const states: Json[] = [history.document]
      for (const c of commands) {
        const now = history.document as { a: number; b: number; list: number[] }
        const change = 'set' in c ? edit([c.key], now[c.key as 'a'], c.set) : 'insert' in c ? edit(['list', Math.min(c.at, now.list.length)], undefined, c.insert) : edit(['list', c.remove], now.list[c.remove], undefined)
        if (history.edit(change).ok) states.push(history.document)
      }
      for (const state of states.slice(0, -1).reverse()) {
        history.undo()
        expect(history.document).toEqual(state)
      }
      for (const state of states.slice(1)) {
        history.redo()
        expect(history.document).toEqual(state)
      }
    }), { numRuns: 200 })
  })
})
