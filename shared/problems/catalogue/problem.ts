import type { Descriptor } from '../../descriptor'
import type { Statement } from '../../experiment/document'
import type { Json } from '../../json'

/** The shelves of the catalogue, in reading order. Every problem carries exactly one of these words among its tags (`supports`). */
export const problemClasses = ['elliptic', 'parabolic', 'hyperbolic', 'waves', 'fluids', 'patterns', 'eigenvalues'] as const

/** A problem of the catalogue: written in the same language that users type. One file here and one line in index.ts. */
export interface CatalogueProblem {
  readonly descriptor: Descriptor
  readonly statement: Statement
  /** Options of a solve step (method, resolution, times, …) that shows the problem well within seconds: what a new experiment starts from. Absent where no classical method applies. */
  readonly defaults?: Readonly<Record<string, Json>>
}
