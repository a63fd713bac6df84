import { describe, expect, it } from 'vitest'
import type { Statement, StepEnvelope } from '../../shared/experiment/document'
import { applyEdit } from './patches'
import { defaultOptions, figureEdits, freeId, idFault, renameEdits } from './steps'

const steps: StepEnvelope[] = [
  { id: 'fd', kind: 'solve', method: 'finite-difference' },
  { id: 'data', kind: 'import', file: 'shock.mat' },
  { id: 'compare', kind: 'compare', a: 'fd', b: 'data' },
  { id: 'net', kind: 'train', reference: 'fd' },
  { id: 'sweep', kind: 'sweep', over: { 'fd.resolution': [[33], [65]], 'fdx.resolution': [1] } },
]

const problems = [
  {
    id: 'heat', name: 'Heat', summary: 'It spreads.', defaults: { method: 'spectral', resolution: [64], times: 11 },
    statement: { domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], parameters: { k: 1 }, equations: ['dt(u) = k*dxx(u)'], initial: { u: 'sin(2*pi*x)' } },
  },
]

describe('names of steps', () => {
  it('finds a free one', () => {
    expect(freeId('heat', steps)).toBe('heat')
    expect(freeId('fd', steps)).toBe('fd-2')
    expect(freeId('fd-2', [...steps, { id: 'fd-2', kind: 'solve' }])).toBe('fd-3')
    expect(freeId('Ünïcode 7!', steps)).toMatch(/^[a-z][a-z0-9-]{0,31}$/)
    expect(freeId('123', steps)).toBe('step')
  })
  it('renames a step and what refers to it', () => {
    const renamed = renameEdits(steps, 'fd', 'reference').reduce((document, edit) => applyEdit(document, edit), { steps })
    expect(renamed.steps.map(step => step.id)).toEqual(['reference', 'data', 'compare', 'net', 'sweep'])
    expect(renamed.steps[2].a).toBe('reference')
    expect(renamed.steps[3].reference).toBe('reference')
    expect(renamed.steps[4].over).toEqual({ 'reference.resolution': [[33], [65]], 'fdx.resolution': [1] })
  })
  it('renames a step in the figures that draw it, and in no label', () => {
    const mark = (step: string) => ({ mark: 'line', data: `${step}/loss`, x: `${step}/steps`, label: 'fd/loss' })
    const figures = [{ id: 'one', panels: [{ marks: [mark('fd'), mark('fdx')] }] }, { id: 'two', panels: [{ marks: [mark('net')] }] }]
    const edits = figureEdits(figures as never, 'fd', 'reference')
    expect(edits.map(({ path }) => path)).toEqual([['figures', 0]])
    expect(edits[0].after).toEqual({ id: 'one', panels: [{ marks: [mark('reference'), mark('fdx')] }] })
  })
  it('a new comparison takes the first solution and what came last beside it', () => {
    expect(defaultOptions('compare', { steps }, { problems })).toEqual({ a: 'fd', b: 'data' })
    expect(defaultOptions('compare', { steps: [] }, { problems })).toEqual({ a: '', b: '' })
  })
  it('a new sweep takes the trainings with five seeds, else the last solve over grids', () => {
    expect(defaultOptions('sweep', { steps }, { problems })).toEqual({ of: ['net'], seeds: 5 })
    expect(defaultOptions('sweep', { steps: [{ id: 'fd', kind: 'solve', resolution: [9] }] }, { problems })).toEqual({ over: { 'fd.resolution': [[17], [33], [65]] } })
    expect(defaultOptions('sweep', { steps: [] }, { problems })).toEqual({})
  })
  it('a new solution starts as the catalogue suggests, else with the method left open', () => {
    const { statement, defaults } = problems[0]
    const problem = statement as unknown as Statement
    expect(defaultOptions('solve', { problem: { catalogue: 'heat' }, steps }, { problems })).toEqual(defaults)
    expect(defaultOptions('solve', { problem: { catalogue: 'unknown' }, steps }, { problems })).toEqual({ method: 'auto' })
    // Written out, and with another number, it is still the same problem.
    expect(defaultOptions('solve', { problem: { ...problem, parameters: { k: 2 } }, steps }, { problems })).toEqual(defaults)
    expect(defaultOptions('solve', { problem: { ...problem, equations: ['dt(u) = 2*dxx(u)'] }, steps }, { problems })).toEqual({ method: 'auto' })
    expect(defaultOptions('solve', { steps }, { problems })).toEqual({ method: 'auto' })
  })
  it('says why a name cannot be used', () => {
    expect(idFault('fd', steps, 'fd')).toBeUndefined()
    expect(idFault('data', steps, 'fd')).toContain('already')
    expect(idFault('2nd', steps, 'fd')).toContain('small letter')
  })
})
