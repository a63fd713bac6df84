import { describe, expect, it } from 'vitest'
import type { GalleryItem } from '../../../shared/protocol/contract'
import { groupsOf } from './groups'

const item = (title: string, group?: string, words?: string[]): GalleryItem => ({ example: title, title, summary: '', hasResults: true, ...(group ? { group } : {}), ...(words ? { words } : {}) })

describe('the gallery', () => {
  const many = [item('Cavity', 'fluids', ['finite-difference']), item('Poisson', 'elliptic'), item('Disk', 'elliptic', ['finite-element']), item('Mine'), item('KdV', 'waves'), ...['a', 'b', 'c', 'd', 'e'].map(name => item(name, 'patterns'))]
  it('stands on shelves in reading order, the rest last', () => {
    expect(groupsOf(many, '').map(({ name, items }) => [name, items.length])).toEqual([['Elliptic', 2], ['Waves', 1], ['Fluids', 1], ['Patterns', 5], ['More', 1]])
  })
  it('takes shelves that the list of examples names, in its order, before the rest', () => {
    const named = [...many, item('Pattern', 'Patterns and forms'), item('Beam', 'Bending')]
    expect(groupsOf(named, '').map(({ name }) => name)).toEqual(['Patterns and forms', 'Bending', 'Elliptic', 'Waves', 'Fluids', 'Patterns', 'More'])
  })
  it('is one group while it is small', () => {
    expect(groupsOf(many.slice(0, 3), '')).toHaveLength(1)
  })
  it('is found by title, class and method', () => {
    expect(groupsOf(many, 'finite-el').flatMap(({ items }) => items.map(({ title }) => title))).toEqual(['Disk'])
    expect(groupsOf(many, 'elliptic')[0].items).toHaveLength(2)
    expect(groupsOf(many, 'nothing')).toEqual([])
  })
})
