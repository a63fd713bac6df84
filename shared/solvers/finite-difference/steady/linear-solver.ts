import { error, FaultError } from '../../../fault'
import type { Block, Team } from '../../../kernels/team'
import { createDirect, type DirectSolver } from '../../linear/direct/direct'
import { createKrylov, type KrylovMethod, type LinearRun } from '../../linear/krylov/solver'
import { mapOf, type LinearMap, type Preconditioner } from '../../linear/map'
import { incompleteCholesky, incompleteLU } from '../../linear/preconditioner/incomplete'
import { asymmetry, diagonalOf, type SparseMatrix } from '../../linear/sparse'
import { createVectors } from '../../linear/vectors'

export type SteadySolver = 'auto' | 'cg' | 'minres' | 'gmres' | 'bicgstab' | 'direct'

export interface LinearChoice {
  readonly solver: SteadySolver
  readonly dimensions: number
  /** From the analysis of the statement, when it knows. */
  readonly definiteness?: 'positive' | 'semidefinite' | 'indefinite'
}

export interface LinearReport {
  readonly converged: boolean
  readonly iterations: number
  readonly residuals: readonly number[]
}

/** Solves J δ = b with a matrix whose values may change between calls of `update`. */
export interface SteadyLinearSolver {
  readonly name: Exclude<SteadySolver, 'auto'>
  /** Few words for the log. */
  readonly reason: string
  /** Factors or preconditioner for the values that the matrix has now. */
  update(): void
  /** δ ← J⁻¹ b to the relative residual `tolerance` (a direct solver to rounding). Throws FaultError `indefinite-operator`, `singular-matrix`. */
  solve(b: Block, delta: Block, tolerance: number, maximumIterations: number, run: LinearRun): LinearReport
}

/** Unknowns up to which elimination with a fill-reducing order takes seconds and some hundred megabytes. */
const directLimits = [Infinity, 200_000, 8_000]

/** J v by difference formulas, M⁻¹ by one multigrid cycle: GMRES or BiCGStab without any matrix. */
export function createMatrixFreeSolver(map: LinearMap, preconditioner: Preconditioner, method: 'gmres' | 'bicgstab', team: Team): SteadyLinearSolver {
  const vectors = createVectors(team, map.size)
  const krylov = createKrylov(team, { method, map, preconditioner, restart: 30 })
  return {
    name: method, reason: 'without a matrix, preconditioned by multigrid of order 2', update: () => undefined,
    solve(b, delta, tolerance, maximumIterations, run) {
      vectors.fill(0, delta.pointer)
      const { converged, iterations, residuals } = krylov.solve(b, delta, { tolerance, maximumIterations, run })
      return { converged, iterations, residuals }
    },
  }
}

/**
 * Chooses by symmetry, definiteness and size. auto: elimination where it fits in memory; else conjugate gradients for symmetric positive definite operators, MINRES for other symmetric ones,
 * GMRES for the rest. Throws FaultError `not-symmetric` when cg or minres is asked for an operator that is not.
 */
export function createSteadyLinearSolver(matrix: SparseMatrix, choice: LinearChoice, team: Team, throwIfCancelled: () => void): SteadyLinearSolver {
  const symmetric = asymmetry(team.arena, matrix) <= 1e-12
  const { name, reason } = choose(matrix.rows, symmetric, choice)
  if ((name === 'cg' || name === 'minres') && !symmetric) {
    throw new FaultError(error('not-symmetric', `The solver "${name}" needs a symmetric operator, and this one is not: advection, differences of order 4 beside a boundary and curved boundaries make it unsymmetric.`, {
      where: { path: 'solver' }, tip: 'Use "gmres", "bicgstab" or "direct".',
    }))
  }
  if (name === 'direct') return createElimination(matrix, reason, team, throwIfCancelled)
  const solver = iterative(matrix, name, symmetric, reason, team)
  return choice.solver === 'auto' ? withElimination(solver, createElimination(matrix, '', team, throwIfCancelled)) : solver
}

function choose(unknowns: number, symmetric: boolean, { solver, dimensions, definiteness }: LinearChoice): { name: Exclude<SteadySolver, 'auto'>; reason: string } {
  if (solver !== 'auto') return { name: solver, reason: 'as asked' }
  if (unknowns <= directLimits[dimensions - 1]) return { name: 'direct', reason: `elimination, since ${unknowns} unknowns in ${dimensions}-D are few enough` }
  if (symmetric && definiteness === 'positive') return { name: 'cg', reason: 'symmetric and positive definite' }
  if (symmetric) return { name: 'minres', reason: definiteness === 'indefinite' ? 'symmetric but indefinite' : 'symmetric, and not known to be definite' }
  return { name: 'gmres', reason: 'not symmetric' }
}

export function createElimination(matrix: SparseMatrix, reason: string, team: Team, throwIfCancelled: () => void): SteadyLinearSolver {
  let factors: DirectSolver | undefined
  return {
    name: 'direct', reason,
    update() {
      if (factors) factors.factor()
      else factors = createDirect(team, matrix, { throwIfCancelled })
    },
    solve(b, delta) {
      const { residual } = factors!.solve(b, delta)
      return { converged: residual < 1e-6, iterations: 1, residuals: [1, residual] }
    },
  }
}

/** An iteration that goes on with elimination where it does not converge and the factors fit into the memory. */
export function withElimination(solver: SteadyLinearSolver, factors: SteadyLinearSolver): SteadyLinearSolver {
  let eliminates = false
  const state = { name: solver.name, reason: solver.reason }
  return {
    get name() {
      return state.name
    },
    get reason() {
      return state.reason
    },
    update: () => (eliminates ? factors.update() : solver.update()),
    solve(b, delta, tolerance, maximumIterations, run) {
      if (eliminates) return factors.solve(b, delta, tolerance, maximumIterations, run)
      const report = solver.solve(b, delta, tolerance, maximumIterations, run)
      if (report.converged) return report
      try {
        factors.update()
      } catch (reason) {
        if (reason instanceof FaultError && reason.faults[0].code === 'out-of-memory') return report
        throw reason
      }
      eliminates = true
      Object.assign(state, { name: 'direct', reason: `elimination, since ${solver.name} did not converge in ${report.iterations} iterations` })
      return factors.solve(b, delta, tolerance, maximumIterations, run)
    },
  }
}

function iterative(matrix: SparseMatrix, name: Exclude<KrylovMethod, 'fgmres'>, symmetric: boolean, reason: string, team: Team): SteadyLinearSolver {
  const vectors = createVectors(team, matrix.rows)
  const preconditioner = preconditionerFor(matrix, name, symmetric, team)
  const krylov = createKrylov(team, { method: name, map: mapOf(team, matrix), preconditioner: preconditioner.map })
  return {
    name, reason: `${reason}; preconditioned by ${preconditioner.name}`,
    update: () => preconditioner.update(),
    solve(b, delta, tolerance, maximumIterations, run) {
      vectors.fill(0, delta.pointer)
      const { converged, iterations, residuals } = krylov.solve(b, delta, { tolerance, maximumIterations, run })
      return { converged, iterations, residuals }
    },
  }
}

/** Incomplete Cholesky where it may be symmetric positive definite, |diagonal| where a symmetric operator has entries of both signs, incomplete LU elsewhere. */
function preconditionerFor(matrix: SparseMatrix, name: KrylovMethod, symmetric: boolean, team: Team): { readonly name: string; readonly map: Preconditioner; update(): void } {
  if (name !== 'cg' && name !== 'minres') {
    const factors = incompleteLU(team, matrix)
    return { name: 'incomplete LU', map: factors, update: () => factors.update() }
  }
  if (symmetric && diagonalOf(matrix).every(value => value > 0)) {
    const factors = incompleteCholesky(team, matrix)
    return { name: 'incomplete Cholesky', map: factors, update: () => factors.update() }
  }
  if (name === 'cg') throw new FaultError(indefinite())
  const vectors = createVectors(team, matrix.rows)
  const inverse = team.arena.f64(matrix.rows)
  const update = (): void => inverse.view().set(diagonalOf(matrix).map(value => (value === 0 ? 1 : 1 / Math.abs(value))))
  update()
  return { name: 'its diagonal', map: { apply: (r, z) => vectors.multiply(inverse.pointer, r, z) }, update }
}

const indefinite = () => error('indefinite-operator', 'Conjugate gradients need a positive definite operator, and this one has diagonal entries of both signs.', { where: { path: 'solver' }, tip: 'Use "minres", "gmres" or "direct".' })
