import type { Expression } from '../expressions/ast'
import type { AxisName } from '../fields/field'
import type { Geometry } from './geometry'
import type { SideName } from './parsed'

/**
 * What the analysis of a statement hands to solvers. Every expression here is closed: parameters and definitions are substituted,
 * what remains are coordinates `x y z`, the time `t` and — in rows, densities and `rightHandSide` — the jets of the components.
 *
 * Two views of one statement. `system` is the general one and always there: real scalar components, one row each. `equation` is the special form that fast solvers
 * take (one real unknown on a whole box, linear elliptic or first order in time); its kind is 'general' when the statement has none.
 */
export interface AnalysedProblem {
  /** The box, or the bounding box of any other shape; empty in more than three dimensions. */
  readonly axes: readonly { readonly name: AxisName; readonly lower: number; readonly upper: number; readonly periodic: boolean }[]
  /** The part of the bounding box that is the domain; absent: all of it. */
  readonly geometry?: Geometry
  /** Coordinates x1 … xd over one interval; present in more than three dimensions, where no grid method applies. */
  readonly cube?: { readonly dimension: number; readonly lower: number; readonly upper: number }
  /** The first unknown: the name of a scalar solution's field. */
  readonly unknown: string
  readonly unknowns: readonly Unknown[]
  readonly parameters: Readonly<Record<string, number>>
  readonly time?: readonly [number, number]
  readonly system: System
  readonly equation: EllipticEquation | EvolutionEquation | EigenEquation | GeneralEquation
  /** One entry per bounded side of the (bounding) box; periodic axes have none. Empty for disk, ball, L-shape and polygon. */
  readonly boundary: readonly BoundarySide[]
  /** Every condition in document order, for boundaries that are no sides of a box; later pieces override earlier ones for the same component and kind of trace (see `BoundaryPiece`). */
  readonly pieces: readonly BoundaryPiece[]
  /** One per component of the system, present when the statement gives all of them. */
  readonly exact?: readonly Expression[]
  /** The same where the statement gives some of them only (a velocity without its pressure). */
  readonly exactParts?: readonly (Expression | undefined)[]
  /** Of an eigenproblem: the name of λ in the rows, and its exact value where the statement gives one. */
  readonly eigenvalue?: { readonly name: string; readonly exact?: number }
  readonly properties: Properties
  /** Words for the screen: "elliptic", "linear", "symmetric", "variable coefficients". */
  readonly traits: readonly string[]
}

/** A declared unknown and the real components it consists of: a field of its name with as many components. */
export interface Unknown {
  readonly name: string
  readonly type: 'real' | 'complex' | 'vector'
  /** Indices into `system.components`: one; real and imaginary part; one per axis. */
  readonly components: readonly number[]
}

/** What the analysis found out beyond the equation itself. Absent: not decided. */
export interface Properties {
  /** Highest order of a derivative in space and in time. */
  readonly orderInSpace: number
  readonly orderInTime: 0 | 1 | 2
  readonly linear: boolean
  readonly elliptic?: boolean
  readonly symmetric?: boolean
  /** Of a linear symmetric operator with its boundary conditions. */
  readonly definiteness?: 'positive' | 'semidefinite' | 'indefinite'
  /** Whether explicit steps are far shorter than the solution asks for, and the sentence that says why. */
  readonly stiff?: { readonly stiff: boolean; readonly reason: string }
  /** Functionals ∫ density dΩ over component jets that every exact solution keeps constant ("mass", "momentum", "energy"). */
  readonly conserved: readonly { readonly name: string; readonly density: Expression }[]
  /** Σ(u) = ∫ density dΩ + ∫ boundary terms whose Euler–Lagrange equation the statement is; or the reason why there is none. */
  readonly energy: { readonly density: Expression } | { readonly refused: string }
}

/**
 * The statement as a first-order system in time of real scalar components. Names: a real unknown `u` is the component `u`; a complex `h` is `h__re`, `h__im`; a vector `v` is `v__x`, `v__y`, `v__z`;
 * `dtt(u)` adds the component `u__t` with the row ∂ₜu = u__t. A jet is the component's name, an underscore and the sorted letters: `v__x_yy`.
 */
export interface System {
  readonly components: readonly Component[]
  /** Every derivative that occurs in any row, order 0 included where it occurs. */
  readonly jet: readonly SystemJet[]
  /** rows[i] belongs to components[i]. A steady statement has constraints only. */
  readonly rows: readonly SystemRow[]
  /** Initial value of every component that evolves. */
  readonly initial: readonly (Expression | undefined)[]
  /** The part of the rows that is linear with constant coefficients, as Σ coefficient · ∂^orders component (for Fourier symbols) … */
  readonly linear: readonly LinearTerm[]
  /** … and what remains of each row. */
  readonly remainder: readonly Expression[]
}

export interface Component {
  readonly name: string
  /** The declared unknown it belongs to. */
  readonly unknown: string
  /** The part of a complex or vector unknown; `t` for the velocity of a second-order unknown. */
  readonly part?: 're' | 'im' | 'x' | 'y' | 'z' | 't'
}

export interface SystemJet {
  readonly name: string
  readonly component: number
  /** Derivative order along x, y, z. */
  readonly orders: readonly [number, number, number]
  /** In more than three dimensions instead: the index of the coordinate (0 is x1) of every derivative. */
  readonly along?: readonly number[]
}

/** rate: ∂ₜ component = expression. constraint: 0 = expression, at every time. Both over coordinates, `t` and jets. */
export interface SystemRow {
  readonly kind: 'rate' | 'constraint'
  readonly expression: Expression
}

export interface LinearTerm {
  readonly row: number
  readonly component: number
  readonly orders: readonly [number, number, number]
  readonly coefficient: number
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

/** L u = λ m u with L as in LinearOperator and a positive weight m; λ is the unknown number `eigenvalue`. */
export interface EigenEquation {
  readonly kind: 'eigen'
  readonly operator: LinearOperator
  readonly mass: Expression
  readonly eigenvalue: string
}

/** No special form: solvers work from `system`. */
export interface GeneralEquation {
  readonly kind: 'general'
}

export interface JetEntry {
  readonly name: string
  /** Derivative order along x, y, z. */
  readonly orders: readonly [number, number, number]
}

/**
 * α ∂ₙu + β u = g on the part of the boundary that `on` and `where` select (absent: everywhere). Dirichlet is α = 0, β = 1. Later pieces override earlier ones of the same component; for
 * equations of fourth order in space a component takes two conditions, and a later piece overrides only pieces of its own kind (dirichlet beside the others).
 */
export interface BoundaryPiece {
  /** Index into `system.components`; 0 for a scalar problem. */
  readonly component: number
  /** Sides of the (bounding) box, `holes`, or everything. */
  readonly on: 'all' | readonly (SideName | 'holes')[]
  readonly where?: Expression
  readonly kind: 'dirichlet' | 'neumann' | 'robin'
  readonly normal: Expression
  readonly value: Expression
  readonly data: Expression
  /** α multiplies a component of the traction σ·n in place of ∂ₙu; the flux of the component's row (see `stressOf`) is σ up to this sign. A method that does not know it must refuse. */
  readonly traction?: 1 | -1
  /** Further terms Σ value · component on the left: the condition ties components together (dn(h) = i*k*h). A method that does not know them must refuse. */
  readonly coupled?: readonly { readonly component: number; readonly value: Expression }[]
}

export interface BoundarySide {
  /** Axis index 0, 1, 2. */
  readonly axis: number
  readonly end: 'lower' | 'upper'
  /** In document order; the last whose `where` holds at a node applies there (per component). */
  readonly pieces: readonly BoundaryPiece[]
}
