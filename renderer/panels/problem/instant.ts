import { parseCondition, parseEquation, parseExpression, toLatex } from '../../../shared/expressions'
import type { Fault } from '../../../shared/fault'

/** What a text of the statement is: a value, an equation, or an inequality in the coordinates. */
export type TextKind = 'expression' | 'equation' | 'condition'

/** The typeset text and the faults that the grammar alone finds, at once, while the engine's full check is still under way. */
export function instantly(text: string, kind: TextKind): { readonly latex?: string; readonly faults: readonly Fault[] } {
  if (kind === 'equation') {
    const parsed = parseEquation(text)
    return parsed.ok ? { latex: toLatex(parsed.value), faults: [] } : { faults: parsed.faults }
  }
  const parsed = kind === 'condition' ? parseCondition(text) : parseExpression(text)
  return parsed.ok ? { latex: toLatex(parsed.value), faults: [] } : { faults: parsed.faults }
}

/** LaTeX of a name: Greek letters and indices as written in the statement language. */
export function nameLatex(name: string): string {
  const parsed = parseExpression(name)
  return parsed.ok ? toLatex(parsed.value) : name
}
