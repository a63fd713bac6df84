import type { GalleryItem } from '../../../shared/protocol/contract'
import { wordScore } from '../../app/word-score'

/** Up to so many examples are seen at a glance. */
export const searchable = 8

/** Titles of the catalogue's classes, in reading order. A shelf that the list of examples names itself stands under that name. */
export const classTitles: ReadonlyMap<string, string> = new Map([
  ['elliptic', 'Elliptic'], ['parabolic', 'Parabolic'], ['hyperbolic', 'Hyperbolic'], ['waves', 'Waves'], ['fluids', 'Fluids'], ['patterns', 'Patterns'], ['eigenvalues', 'Eigenvalues'], ['studies', 'Studies'],
])

export interface GalleryGroup {
  readonly name: string
  readonly items: readonly GalleryItem[]
}

/** Examples that a search finds, by class; few examples stand together. */
export function groupsOf(items: readonly GalleryItem[], search: string): GalleryGroup[] {
  const found = items.filter(({ title, summary, words = [], group = '' }) => wordScore(`${title} ${summary}`, search, [...words, group]) > 0)
  if (found.length === 0) return []
  if (items.length <= searchable) return [{ name: 'Examples', items: found }]
  const order = [...classTitles.keys()]
  // Shelves of the list itself come first, in its order; then the classes; what belongs to none stands last.
  const rank = (name: string): number => (name === '' ? order.length : order.indexOf(name))
  const names = [...new Set(found.map(({ group = '' }) => group))].sort((a, b) => rank(a) - rank(b))
  return names.map(name => ({ name: classTitles.get(name) ?? (name || 'More'), items: found.filter(({ group = '' }) => group === name) }))
}
