import type { Grid } from '../../../fields/field'
import type { Block } from '../../../kernels/team'
import type { SystemJet } from '../../../problems/analysed'
import type { SweepJet } from './sweep'

/**
 * The discrete jets of a system on a uniform tensor grid: ∂^orders of each component at every node of the closed domain, of accuracy order 2 or 4, boundary conditions
 * built in. States are `[component, z, y, x]`, x fastest, one value per node of the bounding box; values at nodes outside the domain are never read.
 *
 * Inside: central differences. Beside a boundary: differences that are exact for polynomials of the degree that the order asks for, over the nodes of the grid line, the point
 * where it meets a curved boundary (with the Dirichlet value there) and the slope that a Neumann or Robin condition gives (α ∂ₙu + β u = g as ∂ₙu = g/α − (β/α) u).
 * Everything that boundary data contribute is a linear combination of *slots*: numbers g/β (Dirichlet) or g/α (Neumann, Robin) at one boundary point, known at any time.
 */
export interface JetOperators {
  readonly grid: Grid
  readonly order: 2 | 4
  /** Nodes of the bounding box: the length of one component. */
  readonly nodes: number
  readonly components: number
  /** 1 at nodes of the closed domain, 0 outside. */
  readonly active: Uint8Array
  /** True when every node is active. */
  readonly whole: boolean
  readonly jets: readonly SystemJet[]
  /** Per component: the nodes whose value a Dirichlet condition gives. */
  readonly fixed: readonly FixedNodes[]
  /** Per component: boundary nodes with a condition on the derivative, … */
  readonly sloped: readonly (readonly number[])[]
  /** … and those where the component has no condition at all. */
  readonly unconditioned: readonly (readonly number[])[]
  readonly data: BoundaryData
  /** What conditions that tie components together (∂ₙu + β u + Σ γ v = g) add to slots: slot += factor · component(node). Empty for most problems. */
  readonly couplings: readonly Coupling[]
  /** out[j] ← jets[j] of `state` at every node (0 outside the domain). An absent entry is skipped; so is a jet of order 0, which is the state's own component. */
  evaluate(state: Block, time: number, out: readonly (Block | undefined)[]): void
  /** What createSweep takes, for jets of order above 0; and the boundary data for its special rows, couplings included. */
  readonly sweepJets: readonly SweepJet[]
  slotValues(state: Block, time: number): Block
  /** The same with all boundary data zero: the linear part, for products with a Jacobian. */
  evaluateHomogeneous(state: Block, out: readonly (Block | undefined)[]): void
  /** jets[j] = rows · component + boundary · (data.values + couplings). */
  matrix(jet: number): JetMatrix
  /** state ← g/β at the fixed nodes. */
  imposeDirichlet(state: Block, time: number): void
  /** rate ← ∂ₜ(g/β) at the fixed nodes, so that any one-step method keeps its order with boundary data that move. */
  imposeRates(rate: Block, time: number): void
}

export interface Coupling {
  readonly slot: number
  readonly component: number
  readonly node: number
  readonly factor: number
}

export interface FixedNodes {
  readonly nodes: Int32Array
  /** For each of them the slot of its value. */
  readonly slots: Int32Array
}

export interface BoundaryData {
  readonly slots: number
  /** True when some datum contains t. */
  readonly timeDependent: boolean
  /** Evaluates slots and their time derivatives. Throws FaultError `non-finite` with the place. */
  update(time: number): void
  /** Of the last update. */
  readonly values: Block
  readonly rates: Block
}

/** Compressed rows, one per node; columns are nodes of the same component, increasing within a row. */
export interface SparseRows {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

export interface JetMatrix {
  readonly rows: SparseRows
  /** Columns are slots. */
  readonly boundary: SparseRows
}
