import type { Libm } from '../../../expressions/libm'
import type { Block, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { diagonalOf } from '../../linear/sparse'
import type { DiscreteOperator } from '../../multigrid/operator'
import type { SystemEquations } from './equations'
import { createJacobian, type Jacobian } from './jacobian'
import { createElimination, createMatrixFreeSolver, createSteadyLinearSolver, withElimination, type SteadyLinearSolver, type SteadySolver } from './linear-solver'
import { ellipticPart, multigridPreconditioner } from './multigrid-preconditioner'
import type { Linearisation } from './newton'
import { isBox } from './path'

export interface LinearisedSystem {
  readonly linearisation: Linearisation
  readonly solver: SteadyLinearSolver
  /** The order-2 operator behind a multigrid preconditioner. */
  readonly operator?: DiscreteOperator
  /** Constants are in the kernel; equations are projected. */
  readonly floating: boolean
}

/** Unknowns from which on an elliptic problem of one unknown is solved without a matrix even where elimination is possible, by dimension. */
const matrixFreeFrom = [Infinity, 10_000, 3_000]

/**
 * How the linear systems of a steady statement are solved: without a matrix where multigrid is near the operator, by a sparse matrix elsewhere. To be called after the first `updateCoefficients`;
 * orients the equations so that definite operators are positive definite.
 */
export function linearise(problem: AnalysedProblem, equations: SystemEquations, asked: SteadySolver, team: Team, libm: Libm, throwIfCancelled: () => void): LinearisedSystem {
  const dimensions = problem.axes.length
  const { unknowns } = equations
  const suits = isBox(problem) && dimensions > 1 && ['auto', 'gmres', 'bicgstab'].includes(asked) && problem.properties.definiteness !== 'indefinite'
  const elliptic = suits ? ellipticPart(problem, equations, libm) : undefined
  if (elliptic && (problem.equation.kind === 'elliptic' || asked !== 'auto' || unknowns > matrixFreeFrom[dimensions - 1])) {
    if (elliptic.sign < 0) team.parallel('vectors.scale', 0, unknowns, [-1, equations.weights.pointer, equations.weights.pointer])
    const { map, operator, singular } = multigridPreconditioner(problem, equations, elliptic.linear, team, libm)
    const solver = createMatrixFreeSolver({ size: unknowns, apply: (x, y) => equations.applyJacobian(x, y) }, map, asked === 'bicgstab' ? 'bicgstab' : 'gmres', team)
    const fallsBack = asked === 'auto' && !singular
    return {
      linearisation: { update: () => undefined, largestDiagonal: () => diagonalBound(equations) },
      solver: fallsBack ? withElimination(solver, laterElimination(equations, team, throwIfCancelled)) : solver, operator, floating: singular,
    }
  }
  const jacobian = createJacobian(equations, team)
  jacobian.update()
  orient(equations, diagonalOf(jacobian.matrix))
  jacobian.update()
  const solver = createSteadyLinearSolver(jacobian.matrix, { solver: asked, dimensions, definiteness: problem.properties.definiteness }, team, throwIfCancelled)
  return { linearisation: jacobian, solver, floating: false }
}

/** Elimination whose matrix is made when it is first needed. */
function laterElimination(equations: SystemEquations, team: Team, throwIfCancelled: () => void): SteadyLinearSolver {
  let made: { readonly jacobian: Jacobian; readonly solver: SteadyLinearSolver } | undefined
  return {
    name: 'direct', reason: '',
    update() {
      if (!made) {
        const jacobian = createJacobian(equations, team)
        made = { jacobian, solver: createElimination(jacobian.matrix, '', team, throwIfCancelled) }
      }
      made.jacobian.update()
      made.solver.update()
    },
    solve: (b, delta, tolerance, maximumIterations, run) => made!.solver.solve(b, delta, tolerance, maximumIterations, run),
  }
}

/** Turns equations around whose own unknown enters with a negative factor. */
function orient({ operators, placeOf, weights }: SystemEquations, diagonal: Float64Array): void {
  const totals = new Float64Array(operators.components)
  diagonal.forEach((value, i) => (totals[Math.floor(placeOf[i] / operators.nodes)] += value))
  const view = weights.view()
  placeOf.forEach((at, i) => {
    if (totals[Math.floor(at / operators.nodes)] < 0) view[i] = -view[i]
  })
}

/** Σ over jets of the largest coefficient times the size of the difference formula: no diagonal entry is larger. */
function diagonalBound({ terms, operators: { jets, grid } }: SystemEquations): number {
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return terms.reduce((sum, term) => {
    const size = jets[term.jet].orders.reduce((product, m, axis) => product * (m === 0 ? 1 : m === 2 ? 2.5 / (steps[axis] * steps[axis]) : 0), 1)
    return sum + size * (term.values ? largest(term.values.view()) : Math.abs(term.constant!))
  }, 0)
}

/** Σ of |weights|: the measure of the domain in cells. */
export const totalWeight = (weights: Block): number => weights.view().reduce((sum, w) => sum + Math.abs(w), 0)
