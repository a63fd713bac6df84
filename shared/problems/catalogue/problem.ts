import type { Descriptor } from '../../descriptor'
import type { Statement } from '../../experiment/document'

/** A problem of the catalogue: written in the same language that users type. One file here and one line in index.ts. */
export interface CatalogueProblem {
  readonly descriptor: Descriptor
  readonly statement: Statement
}
