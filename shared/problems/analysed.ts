import type { Expression } from '../expressions/ast'
import type { AxisName } from '../fields/field'

/**
 * What the analysis of a statement hands to solvers. Every expression here is closed: parameters and definitions are substituted,
 * what remains are coordinates `x y z`, the time `t` and — in `rightHandSide` — the unknown's jet.
 */
export interface AnalysedProblem {
  readonly axes: readonly { readonly name: AxisName; readonly lower: number; readonly upper: number; readonly periodic: boolean }[]
  readonly unknown: string
  readonly parameters: Readonly<Record<string, number>>
  readonly equation: EllipticEquation | EvolutionEquation
  /** One entry per bounded side; periodic axes have none. */
  readonly boundary: readonly BoundarySide[]
  readonly exact?: Expression
  /** Words for the screen: "elliptic", "linear", "symmetric", "variable coefficients". */
  readonly traits: readonly string[]
}

/** −Σᵢ ∂ᵢ(aᵢ ∂ᵢu) + Σᵢ bᵢ ∂ᵢu + c u = f. */
export interface LinearOperator {
  /** aᵢ, one per axis. */
  readonly diffusion: readonly Expression[]
  /** bᵢ, one per axis. */
  readonly advection: readonly Expression[]
  readonly reaction: Expression
  /** True when every bᵢ is zero: the operator is symmetric. */
  readonly symmetric: boolean
}

export interface EllipticEquation {
  readonly kind: 'elliptic'
  readonly operator: LinearOperator
  readonly source: Expression
}

/** ∂ₜu = F(x, t, u, ∂u, …) = −L u + N, where L is the linear part with time-independent coefficients. */
export interface EvolutionEquation {
  readonly kind: 'evolution'
  /** F over coordinates, `t`, and the names of `jet`. */
  readonly rightHandSide: Expression
  /** Every derivative of the unknown in F, order 0 included if it occurs: `{ name: 'u_x', orders: [1, 0, 0] }`; order 0 has the unknown's own name. */
  readonly jet: readonly JetEntry[]
  /** The part −L u with linear L of second order and time-independent coefficients (diffusion, advection, reaction), possibly zero. */
  readonly linear: LinearOperator
  /** N = F + L u over the same names as F. */
  readonly remainder: Expression
  /** When L has constant coefficients of any order: −L u = Σ coefficient · ∂^orders u (for Fourier symbols), with `spectralRemainder` the rest of F. */
  readonly constantCoefficients: readonly { readonly orders: readonly [number, number, number]; readonly coefficient: number }[]
  readonly spectralRemainder: Expression
  readonly time: readonly [number, number]
  readonly initial: Expression
}

export interface JetEntry {
  readonly name: string
  /** Derivative order along x, y, z. */
  readonly orders: readonly [number, number, number]
}

/** α ∂ₙu + β u = g on the part of the side where `where` holds (absent: everywhere). Dirichlet is α = 0, β = 1. Later pieces override earlier ones. */
export interface BoundaryPiece {
  readonly where?: Expression
  readonly kind: 'dirichlet' | 'neumann' | 'robin'
  readonly normal: Expression
  readonly value: Expression
  readonly data: Expression
}

export interface BoundarySide {
  /** Axis index 0, 1, 2. */
  readonly axis: number
  readonly end: 'lower' | 'upper'
  /** In document order; the last whose `where` holds at a node applies there. */
  readonly pieces: readonly BoundaryPiece[]
}
