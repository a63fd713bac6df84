import type { Shape } from '../graph/graph'
import type { RandomStream } from '../random'
import type { LinearMap } from '../training/form'
import type { Tensors } from '../tf'

/** Test functions with the points of their quadrature: what makes numbers of a weak form. */
export interface TestSpace {
  /** Number of test functions, and of quadrature points. */
  readonly rows: number
  readonly points: number
  /** Arrays that a step brings; `testPoints` [points, dimension] among them. */
  readonly inputs: Readonly<Record<string, Shape>>
  draw(stream: RandomStream): Readonly<Record<string, Float64Array>>
  /** g ↦ ∫ g ∂^β v for all test functions v, from the values of g at the points. Functions are scaled so that Σ (∫ R v)² is near the mean of R² or, in the dual norm, the square of R's norm over the volume. */
  moments(orders: readonly number[], inputs: Tensors): LinearMap
}

/** Name of the input that holds the quadrature points. */
export const testPoints = 'test points'

/** How moments are weighed against each other: each test function by its length in L², or all together as the norm of the residual as a functional. */
export type TestNorm = 'plain' | 'dual'

/** m along each coordinate: the most derivatives that are taken of test functions. */
export const movedOrders = (dimension: number, orders: readonly (readonly number[])[]): number[] => Array.from({ length: dimension }, (_, axis) => orders.reduce((most, o) => Math.max(most, o[axis]), 0))

/**
 * The factor of ∫ v² in ‖v‖² = Σ_axes ∫ (∂^m v)² + κ ∫ v²: small beside the first term for functions that vanish somewhere, and what keeps constants (on periodic domains) from having no length.
 * Without derivatives the norm is that of L².
 */
export function massFactor(moved: readonly number[], lengths: readonly number[]): number {
  const own = moved.flatMap((m, axis) => (m === 0 ? [] : [Array.from({ length: 2 * m }).reduce<number>(p => p / lengths[axis], 1)]))
  return own.length === 0 ? 1 : own.reduce((a, b) => a + b)
}
