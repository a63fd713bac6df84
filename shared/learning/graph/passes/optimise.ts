import type { Libm } from '../../../expressions/libm'
import type { Graph, Precision } from '../graph'

export interface PassContext {
  /** Precision that the graph will run in. Folding is done in double precision and rounded when written. */
  readonly precision: Precision
  readonly libm: Libm
}

/** One rewrite of a graph that keeps what it computes. Pure: the given graph stays as it is. */
export interface Pass {
  readonly name: string
  run(graph: Graph, context: PassContext): Graph
}

/** In order; each is one file and one line here. */
export const passes: readonly Pass[] = []

export const optimise = (graph: Graph, context: PassContext): Graph => passes.reduce((current, pass) => pass.run(current, context), graph)
