import { describe, expect, it } from 'vitest'
import { fontMetrics } from '../../../electron/engine/paint/fonts'
import type { Fault } from '../../fault'
import { parseLabel } from './label'
import { setFormula } from './mathematics'
import { parseOutline } from './outline'
import { simpleFormula } from './simple-formula'
import { createTypesetter } from './typeset'

function setter(options: { family?: 'arimo' | 'source-sans' | 'serif'; formulae?: 'text' | 'paths' } = {}) {
  const faults: Fault[] = []
  return { faults, type: createTypesetter({ fonts: fontMetrics, family: options.family ?? 'arimo', formulae: options.formulae ?? 'text', minimumScript: 5, report: fault => faults.push(fault) }) }
}

describe('labels', () => {
  it('split at dollar signs, keep escaped and lonely ones', () => {
    expect(parseLabel('error $L^2$ in time')).toEqual([{ text: 'error ' }, { tex: 'L^2' }, { text: ' in time' }])
    expect(parseLabel('costs 5\\$')).toEqual([{ text: 'costs 5$' }])
    expect(parseLabel('costs 5$')).toEqual([{ text: 'costs 5' }, { text: '$' }])
    expect(parseLabel('$a$ and $')).toEqual([{ tex: 'a' }, { text: ' and ' }, { text: '$' }])
  })
  it('set simple formulae as text: letters italic, digits upright, scripts', () => {
    expect(simpleFormula('u_h(x,t)^{2}')).toEqual([
      { text: 'u', face: 'italic' }, { text: 'h', face: 'italic', script: 'sub' }, { text: '(', face: 'regular' }, { text: 'x', face: 'italic' },
      { text: ',\u2009', face: 'regular' }, { text: 't', face: 'italic' }, { text: ')', face: 'regular' }, { text: '2', face: 'regular', script: 'super' },
    ])
    for (const tex of ['\\frac12', 'u_h^2', '\\hat u', '{a', '\\sqrt{2}', 'a_{b_c}', '^2']) expect(simpleFormula(tex)).toBeUndefined()
  })
  it('stay text where a journal wants editable text, become outlines otherwise', () => {
    expect(setter().type.set('$u(x,t)$', { size: 7 }).place(0, 0).every(item => item.kind === 'text')).toBe(true)
    expect(setter({ formulae: 'paths' }).type.set('$u(x,t)$', { size: 7 }).place(0, 0).map(item => item.kind)).toEqual(['glyphs'])
    expect(setter({ family: 'serif' }).type.set('plain words', { size: 9 }).place(0, 0).map(item => item.kind)).toEqual(['glyphs'])
  })
  it('draw characters that the font lacks as outlines, and say so when no font has them', () => {
    const { type, faults } = setter()
    const items = type.set('a ⟹ b', { size: 8 }).place(0, 0)
    expect(items.map(item => item.kind)).toEqual(['text', 'glyphs', 'text'])
    expect(faults).toEqual([])
    type.set('漢', { size: 8 })
    type.set('漢', { size: 8 })
    expect(faults.map(fault => fault.code)).toEqual(['missing-glyph'])
  })
  it('show TeX that does not parse as it was typed, with one warning', () => {
    const { type, faults } = setter()
    expect(type.set('$\\nonsense{x}$', { size: 8 }).place(0, 0)).toMatchObject([{ kind: 'text', text: '\\nonsense{x}' }])
    expect(faults[0]).toMatchObject({ severity: 'warning', code: 'formula-not-understood' })
  })
  it('keep scripts at the smallest size that the journal allows', () => {
    const sizes = setter().type.set([{ text: '10' }, { text: '−3', script: 'super' }], { size: 6 }).place(0, 0).map(item => (item.kind === 'text' ? item.size : 0))
    expect(sizes).toEqual([6, 5])
  })
  it('turn about the baseline', () => {
    const label = setter().type.set('ab$_2$', { size: 10 })
    const flat = label.place(100, 50)
    const turned = label.place(100, 50, -90)
    expect(turned[0]).toMatchObject({ x: 100, y: 50, angle: -90 })
    flat.forEach((item, i) => {
      const other = turned[i]
      if (item.kind === 'text' && other.kind === 'text') {
        expect(other.x - 100).toBeCloseTo(item.y - 50, 3)
        expect(other.y - 50).toBeCloseTo(-(item.x - 100), 3)
      }
    })
  })
})

describe('formulae as outlines', () => {
  it('have the size of the formula: a fraction is higher than a letter, its outline lies in its box', () => {
    const [letter, fraction] = [setFormula('x'), setFormula('\\frac{a}{b}')]
    expect(fraction.ascent + fraction.descent).toBeGreaterThan(1.5 * (letter.ascent + letter.descent))
    const ys = fraction.outline.flatMap(c => c.numbers.filter((_, i) => i % 2 === 1))
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(-fraction.ascent - 0.02)
    expect(Math.max(...ys)).toBeLessThanOrEqual(fraction.descent + 0.02)
  })
  it('read every path command that glyphs use', () => {
    expect(parseOutline('M0 0H1V2T3 4Z')).toEqual([
      { command: 'M', numbers: [0, 0] }, { command: 'L', numbers: [1, 0] }, { command: 'L', numbers: [1, 2] }, { command: 'Q', numbers: [1, 2, 3, 4] }, { command: 'Z', numbers: [] },
    ])
    expect(parseOutline('M40-36C40-55 46-72 58-88S1 2 3 4')[2]).toEqual({ command: 'C', numbers: [70, -104, 1, 2, 3, 4] })
  })
})
