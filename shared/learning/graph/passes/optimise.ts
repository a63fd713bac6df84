import type { Libm } from '../../../expressions/libm'
import type { Graph, Precision } from '../graph'
import { absorbedFactors } from './absorbed-factors'
import { commonSubexpressions } from './common-subexpressions'
import { foldConstants } from './fold-constants'
import { lowerPrecision } from './lower-precision'
import { scalarFactors } from './scalar-factors'
import { simplify } from './simplify'
import { stackedProducts } from './stacked-products'

export interface PassContext {
  /** Precision that the graph will run in. Folding is done in double precision and rounded when written. */
  readonly precision: Precision
  readonly libm: Libm
}

/**
 * One rewrite of a graph that keeps what it computes, to rounding. Pure: the given graph stays as it is. A graph is what its outputs need,
 * so whatever a pass leaves unused is gone: dead code has no pass of its own.
 */
export interface Pass {
  readonly name: string
  run(graph: Graph, context: PassContext): Graph
}

/** In order; each is one file and one line here. Passes that make work for earlier ones are followed by those again. */
export const passes: readonly Pass[] = [
  commonSubexpressions,
  simplify,
  foldConstants,
  scalarFactors,
  absorbedFactors,
  stackedProducts,
  simplify,
  lowerPrecision,
  foldConstants,
  commonSubexpressions,
]

export const optimise = (graph: Graph, context: PassContext): Graph => passes.reduce((current, pass) => pass.run(current, context), graph)
