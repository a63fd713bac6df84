import { describe, expect, it } from 'vitest'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { Registry } from '../../../shared/protocol/contract'
import { applyEdit, replaceEdit } from '../../app/patches'
import { catalogueEdit, freeName, namesFrom, renamedKey, sidesOf, spelledDocument } from './statement'

const statement = { domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], parameters: { k: 1, nu: '0.01/pi' }, equations: ['-lap(u) = k'] }
const registry = { problems: [{ id: 'p', name: 'P', summary: '', statement }] } as unknown as Registry
const document = { format: 'residuum/1', title: 'T', problem: { catalogue: 'p', parameters: { k: 2 } }, steps: [] } as ExperimentDocument
const spelled = spelledDocument(registry, document)

describe('a problem of the catalogue', () => {
  it('is written out with its overrides', () => {
    expect(spelled.problem).toEqual({ ...statement, parameters: { k: 2, nu: '0.01/pi' } })
    expect(spelledDocument(registry, spelled)).toBe(spelled)
  })
  it('keeps a changed parameter as an override', () => {
    const edited = applyEdit(document, catalogueEdit(document, spelled, [replaceEdit(spelled, ['problem', 'parameters', 'nu'], 0.1)]))
    expect(edited.problem).toEqual({ catalogue: 'p', parameters: { k: 2, nu: 0.1 } })
  })
  it("becomes the document's own with any other edit", () => {
    const edited = applyEdit(document, catalogueEdit(document, spelled, [replaceEdit(spelled, ['problem', 'equations', 0], '-lap(u) = 0')]))
    expect(edited.problem).toEqual({ ...statement, parameters: { k: 2, nu: '0.01/pi' }, equations: ['-lap(u) = 0'] })
  })
})

describe('names of a statement', () => {
  it('are lists of identifiers', () => {
    expect(namesFrom('u, v')).toEqual(['u', 'v'])
    expect(namesFrom('2u')).toBeUndefined()
    expect(namesFrom('')).toBeUndefined()
    expect(freeName(['a', 'b'])).toBe('c')
  })
  it('keep their line when renamed', () => {
    expect(Object.keys(renamedKey({ a: 1, b: 2, c: 3 }, 'b', 'x'))).toEqual(['a', 'x', 'c'])
  })
  it('of sides go with the axes', () => {
    expect(sidesOf(1)).toEqual(['left', 'right'])
    expect(sidesOf(3)).toHaveLength(6)
  })
})
