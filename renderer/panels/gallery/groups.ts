import type { GalleryItem } from '../../../shared/protocol/contract'
import { wordScore } from '../../app/word-score'

/** Up to so many examples are seen at a glance. */
export const searchable = 8

/** The shelves, in reading order; what belongs to none stands last. */
const order = ['elliptic', 'parabolic', 'hyperbolic', 'waves', 'fluids', 'patterns', 'eigenvalues', 'studies']
const titles: Readonly<Record<string, string>> = { elliptic: 'Elliptic', parabolic: 'Parabolic', hyperbolic: 'Hyperbolic', waves: 'Waves', fluids: 'Fluids', patterns: 'Patterns', eigenvalues: 'Eigenvalues', studies: 'Studies' }

export interface GalleryGroup {
  readonly name: string
  readonly items: readonly GalleryItem[]
}

/** Examples that a search finds, by class; few examples stand together. */
export function groupsOf(items: readonly GalleryItem[], search: string): GalleryGroup[] {
  const found = items.filter(({ title, summary, words = [], group = '' }) => wordScore(`${title} ${summary}`, search, [...words, group]) > 0)
  if (found.length === 0) return []
  if (items.length <= searchable) return [{ name: 'Examples', items: found }]
  const names = [...new Set(found.map(({ group }) => (group !== undefined && order.includes(group) ? group : '')))].sort((a, b) => (a === '' ? order.length : order.indexOf(a)) - (b === '' ? order.length : order.indexOf(b)))
  return names.map(name => ({ name: titles[name] ?? 'More', items: found.filter(({ group }) => (group !== undefined && order.includes(group) ? group : '') === name) }))
}
