import type { Block } from '../../kernels/team'
import type { Grid } from '../../fields/field'
import type { Relaxation } from '../linear/sor'
import type { CycleName } from './hierarchy'
import type { SmootherName } from './smoother'

/**
 * The elliptic operator on a tensor grid, and solvers with it, for steady problems and for implicit time steps.
 *
 *     L u = −Σᵢ ∂ᵢ(aᵢ ∂ᵢu) + Σᵢ bᵢ ∂ᵢu + c u        α ∂ₙu + β u = g on the boundary
 *
 * Second order on the nodes of the grid. Arrays are `[z, y, x]`, x fastest, one value per node, boundary nodes included. A node is *fixed*
 * where a Dirichlet condition holds, *free* elsewhere; Neumann and Robin conditions are part of the equation of their (free) node.
 *
 * How an implicit step uses it (implicit Euler for ∂ₜu = −L u + N):
 *
 *     const operator = createEllipticOperator({ linear, boundary, grid, unknown, time: t0 }, team, libm)   // once
 *     const solver = createShiftedSolver(operator, { shift: 1 / dt, tolerance: 1e-10 }, team)              // once per step size
 *     …  operator.updateBoundary(t + dt)           // only if the boundary data depend on t
 *        operator.imposeDirichlet(u)               // u on entry is the initial guess
 *        solver.solve(r, u, run)                   // r = u_old / dt + N
 */
export interface EllipticOperator {
  readonly grid: Grid
  /** Number of nodes. */
  readonly size: number
  /** Symmetric in the inner product weighted with the control volumes: no advection. */
  readonly symmetric: boolean
  /** True when some boundary datum g contains the time t: call `updateBoundary` before using the operator at another time. */
  readonly timeDependentBoundary: boolean
  /** Evaluates the boundary data g at time t. Throws FaultError `non-finite` naming side and node. */
  updateBoundary(time: number): void
  /** u ← Dirichlet values at the fixed nodes; the free ones keep theirs. */
  imposeDirichlet(u: Block): void
  /** out ← L u at the free nodes, with the boundary data of the current time inside; 0 at the fixed nodes. `out` ≠ `u`. */
  apply(u: Block, out: Block): void
  /** An upper bound of the spectral radius of L (Gershgorin): the stability limit of explicit steps on the real coefficients. */
  readonly spectralRadius: number
  /** One number per node: 1 free, 0 fixed. */
  readonly free: Block
  /** Control volumes: half at sides, quarter at corners. Their sum is the measure of the domain. */
  readonly volumes: Block
}

export interface ShiftedSolverOptions {
  /** σ ≥ 0. */
  readonly shift: number
  /** Stop at ‖residual‖ ≤ tolerance · ‖residual for u = 0‖ (or at the level of rounding). 1e-10 is a good value. */
  readonly tolerance: number
  /** 100 by default. */
  readonly maximumIterations?: number
  readonly solver?: SolverName
  /** Smoother of multigrid; red-black by default. */
  readonly smoother?: SmootherName
  /** Cycle of multigrid; v by default. Conjugate gradients and MINRES take w where f is asked for, since F-cycles are not symmetric. */
  readonly cycle?: CycleName
  /** Factor of `sor`; optimal by default. */
  readonly relaxation?: Relaxation
}

/**
 * `auto` picks: 1-D direct; constant coefficients multigrid; symmetric positive definite cg, then amg where that is slow; symmetric minres and any
 * other gmres, then direct (on large grids in space bicgstab).
 * cg, minres, gmres, bicgstab have geometric multigrid as preconditioner; amg is conjugate gradients with algebraic multigrid; sor is for comparison.
 */
export type SolverName = 'auto' | 'multigrid' | 'cg' | 'minres' | 'gmres' | 'bicgstab' | 'amg' | 'direct' | 'sor'

/** Solves σ u + L u = r at the free nodes, again and again for one σ. */
export interface ShiftedSolver {
  /** `u` on entry: the initial guess, with the Dirichlet values at the fixed nodes (imposeDirichlet). Throws `Cancelled`. */
  solve(r: Block, u: Block, run?: SolverRun): SolverReport
}

export interface SolverRun {
  throwIfCancelled(): void
  progress?(update: { readonly iteration: number; readonly residual: number }): void
}

export interface SolverReport {
  readonly converged: boolean
  /** Cycles or Krylov iterations. */
  readonly iterations: number
  /** ‖residual‖ / ‖residual for u = 0‖, Euclidean norm of the equations times their control volumes. */
  readonly residual: number
  /** That quotient at the start and after every iteration. */
  readonly residuals: readonly number[]
  /** The solver that ran (`auto` resolved). */
  readonly solver: SolverName
}
