/**
 * How well a search fits an entry, 0 for not at all. Every word of the search must occur in the entry's own text or its keywords: letters scattered
 * over a long text are no answer; accents need not be typed. A word where a word starts counts more than one inside a word, the entry's own text more than keywords.
 */
export function wordScore(text: string, search: string, keywords: readonly string[] = []): number {
  const wanted = wordsOf(search)
  const own = plain(text)
  const further = plain(keywords.join(' '))
  let score = 0
  for (const word of wanted) {
    const part = Math.max(place(own, word), 0.4 * place(further, word))
    if (part === 0) return 0
    score += part
  }
  return wanted.length === 0 ? 1 : score / wanted.length
}

/** In small letters, without accents: `Schrödinger` is found by `schrodinger`. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const wordsOf = (text: string): string[] => plain(text).split(/\s+/).filter(Boolean)

/** 1 at the very start, 0.9 at the start of a word, 0.5 inside one. */
function place(text: string, word: string): number {
  if (text.startsWith(word)) return 1
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (!/[\p{L}\p{N}]/u.test(text[at - 1])) return 0.9
  return text.includes(word) ? 0.5 : 0
}
