import { FaultError, type Fault } from '../../fault'
import type { Run, Team } from '../../kernels/team'
import { createDirect, type DirectSolver } from '../linear/direct/direct'
import { createKrylov } from '../linear/krylov/solver'
import { mapOf } from '../linear/map'
import { algebraicMultigrid } from '../linear/preconditioner/algebraic'
import { incompleteLU } from '../linear/preconditioner/incomplete'
import { diagonalOf, type SparseMatrix } from '../linear/sparse'

export type LinearSolverName = 'auto' | 'direct' | 'cg' | 'gmres'

export interface LinearOptions {
  readonly solver: LinearSolverName
  /** ‖b − A x‖ ≤ tolerance ‖b‖ of iterative solvers. */
  readonly tolerance: number
  readonly maximumIterations: number
  /** Unknowns up to which auto factors. */
  readonly directUpTo: number
  /** Name of the live curve of the residuals; none where absent. */
  readonly curve?: string
}

export interface LinearSolution {
  readonly x: Float64Array
  readonly method: 'direct' | 'cg' | 'gmres'
  readonly converged: boolean
  readonly iterations: number
  readonly residual: number
  readonly residuals: readonly number[]
  readonly faults: readonly Fault[]
}

/** Solves with one matrix whose values change between solves; a factorisation keeps its analysis. Lies in the arena until the caller releases its mark. */
export class LinearSystem {
  private direct: DirectSolver | undefined
  private factored = false
  private iterative = false
  /** Iterations of all solves so far. */
  private iterations = 0

  constructor(private readonly team: Team, private readonly run: Run, private readonly matrix: SparseMatrix, private readonly symmetric: boolean, private readonly options: LinearOptions) {}

  /** The values of the matrix have changed. */
  renew(): void {
    this.factored = false
  }

  solve(b: Float64Array): LinearSolution {
    const { solver, directUpTo } = this.options
    const wantsDirect = solver === 'direct' || (solver === 'auto' && !this.iterative && this.matrix.rows <= directUpTo)
    if (!wantsDirect) return this.solveIteratively(b)
    try {
      return this.solveDirectly(b)
    } catch (reason) {
      if (solver === 'direct' || !(reason instanceof FaultError) || reason.faults[0]?.code !== 'out-of-memory') throw reason
      this.run.log('info', 'The factors of the matrix do not fit into memory: an iterative solver takes over.')
      this.iterative = true
      return this.solveIteratively(b)
    }
  }

  private solveDirectly(b: Float64Array): LinearSolution {
    const { team, matrix } = this
    const throwIfCancelled = (): void => this.run.throwIfCancelled()
    if (!this.direct) {
      const positive = this.symmetric && diagonalOf(matrix).every(v => v > 0)
      try {
        this.direct = createDirect(team, matrix, { kind: positive ? 'positive' : 'general', throwIfCancelled })
      } catch (reason) {
        if (!positive || !(reason instanceof FaultError) || reason.faults[0]?.code !== 'indefinite-operator') throw reason
        this.direct = createDirect(team, matrix, { kind: 'general', throwIfCancelled })
      }
    } else if (!this.factored) this.direct.factor()
    this.factored = true
    const mark = team.arena.mark()
    const [right, x] = [team.arena.from(b), team.arena.f64(matrix.rows)]
    const { residual } = this.direct.solve(right, x)
    const values = x.view().slice()
    team.arena.release(mark)
    return { x: values, method: 'direct', converged: Number.isFinite(residual), iterations: 1, residual, residuals: [1, residual], faults: [] }
  }

  private solveIteratively(b: Float64Array): LinearSolution {
    const { team, matrix, run } = this
    const { solver, tolerance, maximumIterations, curve } = this.options
    const mark = team.arena.mark()
    const [right, x] = [team.arena.from(b), team.arena.f64(matrix.rows)]
    const method = solver === 'cg' || (solver !== 'gmres' && this.symmetric && diagonalOf(matrix).every(v => v > 0)) ? 'cg' : 'gmres'
    const preconditioner = placedAt(() => (method === 'cg' ? algebraicMultigrid(team, matrix) : incompleteLU(team, matrix)))
    const report = placedAt(() => createKrylov(team, { method, map: mapOf(team, matrix), preconditioner }).solve(right, x, {
      tolerance, maximumIterations,
      run: {
        throwIfCancelled: () => run.throwIfCancelled(),
        progress: ({ iteration, residual }) => {
          run.progress({ stage: `linear solver, iteration ${iteration}`, residual })
          if (curve !== undefined) run.series(curve, this.iterations + iteration, residual)
        },
      },
    }))
    this.iterations += report.iterations
    const values = x.view().slice()
    team.arena.release(mark)
    const faults: Fault[] = report.converged ? [] : [{
      severity: 'warning', code: 'not-converged', message: `The linear solver stopped at a residual of ${report.residual.toPrecision(2)} of the right-hand side's size after ${report.iterations} iterations.`, tip: 'Use the direct solver, a larger tolerance or more iterations.',
    }]
    return { x: values, method, converged: report.converged, iterations: report.iterations, residual: report.residual, residuals: report.residuals, faults }
  }
}

/** Tells of an indefinite matrix with what finite elements offer instead. */
function placedAt<T>(work: () => T): T {
  try {
    return work()
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
    throw new FaultError(reason.faults.map(fault => (fault.code === 'indefinite-operator' ? { ...fault, where: { path: 'solver' }, tip: 'Use the solver "gmres", "direct" or "auto".' } : fault)))
  }
}
