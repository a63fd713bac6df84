import { describe, expect, it } from 'vitest'
import { wordScore } from './word-score'

describe('the score of a search', () => {
  it('needs every word, in any order', () => {
    expect(wordScore('Open Heat on an insulated plate', 'heat open')).toBeGreaterThan(0)
    expect(wordScore('Open Burgers shock', 'open heat')).toBe(0)
  })
  it('does not ask for accents', () => {
    expect(wordScore('Open Schrödinger breather', 'schrodinger')).toBeGreaterThan(0)
    expect(wordScore('Open Schrödinger breather', 'Schrödinger')).toBeGreaterThan(0)
  })
  it('takes no scattered letters', () => {
    expect(wordScore('About Residuum help.about', 'heat')).toBe(0)
  })
  it('prefers starts of words, then the insides, then keywords', () => {
    const [first, start, inside, keyword] = [wordScore('Compute', 'comp'), wordScore('Do compute', 'comp'), wordScore('Recompute', 'comp'), wordScore('Run', 'comp', ['compute'])]
    expect(first).toBeGreaterThan(start)
    expect(start).toBeGreaterThan(inside)
    expect(inside).toBeGreaterThan(keyword)
    expect(keyword).toBeGreaterThan(0)
  })
  it('lets everything through when nothing is searched', () => {
    expect(wordScore('Anything', '  ')).toBe(1)
  })
})
