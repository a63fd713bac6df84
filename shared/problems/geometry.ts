import type { Expression } from '../expressions/ast'

export type Point2 = readonly [number, number]

/** The domain inside its bounding box: an outer shape, minus holes, cut by a mask. All numbers are evaluated. */
export interface Geometry {
  /** box: the whole bounding box. polygon: counterclockwise, not closed. disk in 2-D, ball in 3-D. */
  readonly outer: { readonly kind: 'box' } | { readonly kind: 'polygon'; readonly points: readonly Point2[] } | { readonly kind: 'ball'; readonly center: readonly number[]; readonly radius: number }
  readonly holes: readonly Hole[]
  /** The domain is where this inequality holds too. */
  readonly where?: Expression
}

export type Hole =
  | { readonly kind: 'ball'; readonly center: readonly number[]; readonly radius: number }
  | { readonly kind: 'polygon'; readonly points: readonly Point2[] }
