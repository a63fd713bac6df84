import { useMemo } from 'react'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import { dimensionOf } from './shape'
import { useSpelled } from './spelled'

export interface DeclaredName {
  readonly name: string
  readonly detail: string
}

/** Names that an expression of the document may use. */
export function declaredNames(document: ExperimentDocument | undefined): readonly DeclaredName[] {
  const problem = document?.problem
  if (!problem || 'catalogue' in problem) return []
  const axes = dimensionOf(problem.domain)
  return [
    ...problem.unknowns.map(unknown => ({ name: typeof unknown === 'string' ? unknown : unknown.name, detail: 'unknown' })),
    ...['x', 'y', 'z'].slice(0, axes).map(name => ({ name, detail: 'coordinate' })),
    ...(problem.time ? [{ name: 't', detail: 'time' }] : []),
    ...(problem.eigenvalue === undefined ? [] : [{ name: problem.eigenvalue, detail: 'eigenvalue' }]),
    ...Object.entries(problem.parameters ?? {}).map(([name, value]) => ({ name, detail: `parameter, ${value}` })),
    ...Object.entries(problem.definitions ?? {}).map(([name, text]) => ({ name, detail: text.length > 40 ? `${text.slice(0, 38)}…` : text })),
  ]
}

export function useNames(): readonly DeclaredName[] {
  const document = useSpelled()
  return useMemo(() => declaredNames(document), [document])
}
