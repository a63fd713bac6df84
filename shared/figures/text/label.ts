/** A label in pieces: text in a face, raised or lowered if it is a script, or a formula. */
export type Segment = TextSegment | FormulaSegment
export interface TextSegment {
  readonly text: string
  readonly face?: 'regular' | 'bold' | 'italic'
  readonly script?: 'super' | 'sub'
}
export interface FormulaSegment {
  readonly tex: string
}

export const isFormula = (segment: Segment): segment is FormulaSegment => 'tex' in segment

/** Splits at unescaped dollar signs; a last dollar sign without partner is an ordinary character. */
export function parseLabel(label: string): Segment[] {
  const parts = label.split(/(?<!\\)\$/)
  if (parts.length % 2 === 0) parts.push(`${parts.pop()!}`)
  const segments: Segment[] = []
  const balanced = parts.length % 2 === 1
  parts.forEach((part, i) => {
    const last = i === parts.length - 1
    if (i % 2 === 1 && (balanced || !last)) segments.push({ tex: part.trim() })
    else if (part || (i % 2 === 1 && last)) segments.push({ text: (i % 2 === 1 ? '$' : '') + part.replaceAll('\\$', '$') })
  })
  return segments.filter(segment => (isFormula(segment) ? segment.tex !== '' : segment.text !== ''))
}

/** Plain words of a label, for titles and alternative text. */
export const labelText = (segments: readonly Segment[]): string => segments.map(segment => (isFormula(segment) ? segment.tex : segment.text)).join('')
