import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExperimentDocument } from '../../shared/experiment/document'
import { applyEdit, insertEdit, pathFromText, replaceEdit, textFromPath, valueAt } from './patches'

const document = {
  format: 'residuum/1',
  title: 'Poisson',
  problem: { domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = f'], definitions: { f: '1' } },
  steps: [{ id: 'fd', kind: 'solve' }, { id: 'fine', kind: 'solve' }],
} as unknown as ExperimentDocument

describe('edits of a document', () => {
  it('replaces a value and leaves the rest as it was', () => {
    const edited = applyEdit(document, replaceEdit(document, ['problem', 'equations', 0], '-lap(u) = 2*f'))
    expect(valueAt(edited as never, ['problem', 'equations', 0])).toBe('-lap(u) = 2*f')
    expect(edited.steps).toBe(document.steps)
    expect(valueAt(document as never, ['problem', 'equations', 0])).toBe('-lap(u) = f')
  })
  it('inserts into and removes from arrays by whether before and after are there', () => {
    const longer = applyEdit(document, insertEdit(['steps', 1], { id: 'mid', kind: 'solve' }))
    expect(longer.steps.map(step => step.id)).toEqual(['fd', 'mid', 'fine'])
    const shorter = applyEdit(longer, replaceEdit(longer, ['steps', 0], undefined))
    expect(shorter.steps.map(step => step.id)).toEqual(['mid', 'fine'])
  })
  it('makes missing objects on the way and removes keys', () => {
    const withTime = applyEdit(document, replaceEdit(document, ['steps', 0, 'time', 'dt'], 0.1))
    expect(withTime.steps[0].time).toEqual({ dt: 0.1 })
    const without = applyEdit(withTime, replaceEdit(withTime, ['steps', 0, 'time'], undefined))
    expect('time' in without.steps[0]).toBe(false)
  })
  it('an edit followed by its reverse gives the document back', () => {
    const places = [['title'], ['problem', 'equations', 0], ['problem', 'definitions', 'f'], ['steps', 1, 'id'], ['seed']]
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.string(), (path, text) => {
        const edit = replaceEdit(document, path, text)
        const back = applyEdit(applyEdit(document, edit), { path, before: edit.after, after: edit.before })
        expect(back).toEqual(document)
      }),
    )
  })
})

describe('places in words', () => {
  it('reads and writes the form in which faults name them', () => {
    for (const text of ['problem.equations[0]', 'steps[12].time.dt', 'title', 'problem.boundary[1].on']) expect(textFromPath(pathFromText(text))).toBe(text)
    expect(pathFromText('steps[1].resolution[0]')).toEqual(['steps', 1, 'resolution', 0])
  })
})
