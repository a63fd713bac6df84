import { describe, expect, it } from 'vitest'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { choiceKey, chosenComponent, fieldChoices, fieldLabel } from './component'

const axes = [{ name: 'x', lower: 0, upper: 1, nodes: 9, periodic: false }]
const array = (name: string, components?: string[]): ArrayInfo => ({ name, shape: [9], axes, minimum: 0, maximum: 1, ...(components ? { components } : {}) })

describe('components of fields', () => {
  const [u, h, v] = [array('u'), array('h', ['re', 'im']), array('v', ['x', 'y'])]
  it('start with the magnitude and are called as in papers', () => {
    expect(chosenComponent(u, '')).toBeUndefined()
    expect(fieldLabel(u, undefined)).toBe('u')
    expect(chosenComponent(h, '')).toBe('magnitude')
    expect(['', '0', '1', 'magnitude', '7', '-1', 'x'].map(option => fieldLabel(h, chosenComponent(h, option)))).toEqual(['|h|', 'Re h', 'Im h', '|h|', '|h|', '|h|', '|h|'])
    expect(fieldLabel(v, chosenComponent(v, '1'))).toBe('v_y')
  })
  it('are offered with all fields over the same coordinates', () => {
    const other: ArrayInfo = { ...u, name: 'loss', axes: undefined }
    expect(fieldChoices([u, h, other, { ...v, axes: [...axes, { ...axes[0], name: 'y' }] }], u).map(({ label }) => label)).toEqual(['u', '|h|', 'Re h', 'Im h'])
    expect(choiceKey(h, 1)).toBe('h:1')
  })
})
