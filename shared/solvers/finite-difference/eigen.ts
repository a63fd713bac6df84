import { number, simplify, substitute } from '../../expressions'
import { error, FaultError, type Fault } from '../../fault'
import type { Field, Grid } from '../../fields/field'
import type { Block, Run, Team } from '../../kernels/team'
import type { AnalysedProblem, EigenEquation } from '../../problems/analysed'
import { createDirect } from '../linear/direct/direct'
import { shiftedMatrix } from '../linear/eigen/shifted'
import { solveEigen, type EigenPairs } from '../linear/eigen/solve'
import { asymmetry, diagonalOf, sparseFromTriplets, type SparseMatrix } from '../linear/sparse'
import type { Solution, SolveRequest } from '../method'
import { freeSystem, networkOf } from '../multigrid/matrix'
import { createEllipticOperator } from '../multigrid/operator'
import { sample } from '../multigrid/sample'
import { gridCoordinates } from '../multigrid/discretise'
import { uniformGrid } from '../time/grid'
import { createJetOperators } from './jets/operators'
import { createSystemEquations } from './steady/equations'
import { createJacobian } from './steady/jacobian'
import { isBox } from './steady/path'

/** A U = λ M U on the nodes that no condition fixes: A symmetric, M a positive diagonal. Both times control volumes. */
interface DiscreteEigenproblem {
  readonly matrix: SparseMatrix
  readonly mass: Float64Array
  /** Node of each unknown. */
  readonly nodes: Int32Array
  /** 1 at nodes of the closed domain. */
  readonly active?: Uint8Array
}

const defaultCount = 6

export function checkEigen({ problem, resolution, options }: SolveRequest): Fault[] {
  const refuse = (code: string, message: string, tip: string, path = 'method'): Fault => error(code, message, { where: { path }, tip })
  if (problem.equation.kind !== 'eigen') return [refuse('unsupported-class', 'Finite differences solve eigenproblems L u = λ m u of one real unknown and second order in space.', 'Use "finite-element".')]
  if (!problem.equation.operator.symmetric) return [refuse('not-symmetric', 'Finite differences solve symmetric eigenproblems: L u = λ m u without first derivatives.', 'Bring the operator to the form -div(a grad(u)) + c u.', 'problem.equations[0]')]
  if (((options.order as number | undefined) ?? 2) !== 2) return [refuse('unsupported-order', 'Eigenproblems are solved with differences of order 2, which keep the operator symmetric.', 'Leave "order" out, or use "finite-element" or "spectral".', 'order')]
  const short = resolution.findIndex((nodes, axis) => !(nodes >= (problem.axes[axis]?.periodic ? 3 : 4)))
  return short >= 0 ? [refuse('too-coarse', `Axis ${problem.axes[short].name} has ${resolution[short]} nodes, too few for an eigenproblem.`, 'Raise the resolution.', `resolution[${short}]`)] : []
}

/**
 * The smallest eigenvalues of L u = λ m u, L u = −Σ∂ᵢ(aᵢ∂ᵢu) + c u, m > 0, with homogeneous Dirichlet, Neumann, Robin or periodic conditions, by differences of order 2 (flux form on boxes;
 * on domains whose boundary runs along grid lines, such as the L-shape, with constant coefficients). Shift-invert Lanczos with a shift below the spectrum; LOBPCG with algebraic multigrid where
 * factors do not fit into the memory. Each eigenfunction has ∫ m u² = 1: the first is the field of the unknown, the k-th the field `u-k`. Array `eigenvalues`, metrics `eigenvalue_1` ….
 *
 * Throws FaultError `not-symmetric` (curved boundaries, variable coefficients on part of a box), `eigen-data`, `not-positive-weight`, `eigenvalue-count`, `not-elliptic`, and `Cancelled`.
 */
export function solveEigenvalues(request: SolveRequest, equation: EigenEquation, team: Team, run: Run): Solution {
  const { problem, resolution, options } = request
  const count = (options.eigenvalues as number | undefined) ?? defaultCount
  const mark = team.arena.mark()
  try {
    run.progress({ stage: 'differences' })
    const grid = uniformGrid(problem.axes, resolution)
    const discrete = isBox(problem) ? onBox(request, equation, grid, team) : onPart(request, equation, grid, team)
    const { matrix, nodes } = discrete
    if (nodes.length < count + 2) throw new FaultError(error('eigenvalue-count', `The grid has ${nodes.length} ${nodes.length === 1 ? 'unknown' : 'unknowns'}, too few for ${count} eigenvalues.`, { where: { path: 'resolution' }, tip: 'Use more nodes.' }))
    const mass = diagonalMatrix(team, discrete.mass)
    run.throwIfCancelled()
    run.progress({ stage: 'elimination' })
    const shift = shiftBelow(team, grid, discrete, mass, run)
    const pairs = solveEigen(team, {
      matrix, mass, shift, count, tolerance: Math.max(1e-10, (options.tolerance as number | undefined) ?? 1e-10), maximumIterations: Math.max(1000, 40 * count),
      run: { throwIfCancelled: () => run.throwIfCancelled(), progress: ({ iteration, residual }) => run.progress({ stage: `${iteration} solves`, step: iteration, residual }) },
    })
    run.log('info', `Finite differences of order 2 on ${resolution.join(' × ')} nodes; ${pairs.method}: ${pairs.iterations} steps for ${count} eigenvalues.`)
    return solutionOf(problem, grid, discrete, pairs)
  } finally {
    team.arena.release(mark)
  }
}

/** Flux form on a whole box: symmetric for any coefficients. */
function onBox({ problem, libm }: SolveRequest, { operator: linear, mass }: EigenEquation, grid: Grid, team: Team): DiscreteEigenproblem {
  const operator = createEllipticOperator({ linear, boundary: problem.boundary, grid, elliptic: true }, team, libm)
  const values = team.arena.f64(operator.size)
  operator.imposeDirichlet(values)
  if (values.view().some(value => value !== 0) || operator.load?.view().some(value => value !== 0)) refuseData()
  const { matrix, nodes } = freeSystem(team.arena, networkOf(team, operator.discretisation, 0))
  sample(team, mass, gridCoordinates(grid), grid.axes.length, 0, libm, 'weight of the eigenvalue,', values)
  const [weight, volumes] = [values.view(), operator.volumes.view()]
  return { matrix, nodes, mass: Float64Array.from(nodes, node => positive(weight[node]) * volumes[node]) }
}

/** The jets of a part of a box: symmetric where its boundary runs through nodes and the coefficients are constant. */
function onPart({ problem, libm }: SolveRequest, equation: EigenEquation, grid: Grid, team: Team): DiscreteEigenproblem {
  const rows = problem.system.rows.map(row => ({ ...row, expression: simplify(substitute(row.expression, { [equation.eigenvalue]: number(0) })) }))
  const operators = createJetOperators(problem, grid, 2, team, libm)
  const equations = createSystemEquations({ ...problem, system: { ...problem.system, rows } }, operators, team, libm)
  const state = team.arena.f64(operators.nodes)
  operators.imposeDirichlet(state, 0)
  const residual = team.arena.f64(equations.unknowns)
  equations.residual(state, residual)
  equations.updateCoefficients()
  if (residual.view().some(value => value !== 0)) refuseData()
  const jacobian = createJacobian(equations, team)
  jacobian.update()
  const { matrix } = jacobian
  if (asymmetry(team.arena, matrix) > 1e-12) {
    throw new FaultError(error('not-symmetric', 'The differences are not symmetric here: the boundary does not run along grid lines, or the coefficients vary on a part of a box.', {
      where: { path: 'problem.domain' }, tip: 'Choose a resolution whose grid lines meet the corners, or use "finite-element".',
    }))
  }
  if (diagonalOf(matrix).reduce((sum, value) => sum + value, 0) < 0) matrix.values.view().forEach((value, e, all) => (all[e] = -value))
  const weight = team.arena.f64(operators.nodes)
  sample(team, equation.mass, gridCoordinates(grid), grid.axes.length, 0, libm, 'weight of the eigenvalue,', weight)
  const cell = grid.axes.reduce((volume, axis) => volume * (axis.coordinates[1] - axis.coordinates[0]), 1)
  const [weights, values] = [equations.weights.view(), weight.view()]
  // Both sides in the size of the box's form, so that eigenfunctions have ∫ m u² = 1.
  matrix.values.view().forEach((value, e, all) => (all[e] = cell * value))
  return { matrix, nodes: equations.placeOf, active: operators.active, mass: Float64Array.from(equations.placeOf, (node, i) => positive(values[node]) * Math.abs(weights[i]) * cell) }
}

function refuseData(): never {
  throw new FaultError(error('eigen-data', 'The boundary conditions of an eigenproblem must be homogeneous, and here a datum is not zero.', { where: { path: 'problem.boundary' }, tip: 'Write conditions such as "u = 0" or "dn(u) = 0".' }))
}

function positive(weight: number): number {
  if (!(weight > 0)) throw new FaultError(error('not-positive-weight', 'The weight of the eigenvalue is not positive on the whole domain.', { where: { path: 'problem.equations[0]' }, tip: 'Write L u = lambda*m*u with m > 0.' }))
  return weight
}

function diagonalMatrix(team: Team, values: Float64Array): SparseMatrix {
  const index = Int32Array.from(values, (_, i) => i)
  return sparseFromTriplets(team.arena, values.length, values.length, { rows: index, columns: index, values })
}

/** A number below all eigenvalues, at the distance of the first ones: A − σM has positive pivots only. */
function shiftBelow(team: Team, { axes }: Grid, { matrix, mass: weights }: DiscreteEigenproblem, mass: SparseMatrix, run: Run): number {
  // Σ diagonal / Σ mass is about 2 Σ a/(m h²); with the number of intervals along the axes that becomes the Σ a/(m L²) of a first eigenvalue.
  const trace = diagonalOf(matrix).reduce((sum, value) => sum + Math.abs(value), 0) / weights.reduce((sum, value) => sum + value, 0)
  const intervals = axes.reduce((most, axis) => Math.max(most, axis.coordinates.length), 1)
  let sigma = -trace / (2 * intervals * intervals)
  for (;;) {
    const mark = team.arena.mark()
    try {
      createDirect(team, shiftedMatrix(team, matrix, mass, sigma), { kind: 'positive', throwIfCancelled: () => run.throwIfCancelled() })
      return sigma
    } catch (reason) {
      if (!(reason instanceof FaultError)) throw reason
      // Too large for elimination: LOBPCG takes over, which finds the smallest ones without a shift.
      if (reason.faults[0].code === 'out-of-memory') return sigma
      if (reason.faults[0].code !== 'indefinite-operator' || -sigma > 4 * trace) throw reason
      sigma *= 4
    } finally {
      team.arena.release(mark)
    }
  }
}

function solutionOf(problem: AnalysedProblem, grid: Grid, { nodes, active }: DiscreteEigenproblem, { values, vectors, residuals, iterations, converged }: EigenPairs): Solution {
  const size = grid.axes.reduce((n, axis) => n * axis.coordinates.length, 1)
  const scatter = (vector: Block): Float64Array => {
    const field = new Float64Array(size)
    if (active) for (let node = 0; node < size; node++) field[node] = active[node] === 1 ? 0 : NaN
    const view = vector.view()
    const sum = view.reduce((total, value) => total + value, 0)
    const sign = sum < -1e-6 * view.reduce((total, value) => total + Math.abs(value), 0) ? -1 : 1
    nodes.forEach((node, i) => (field[node] = sign * view[i]))
    return field
  }
  const fields: Field[] = vectors.map((vector, k) => ({ name: k === 0 ? problem.unknown : `${problem.unknown}-${k + 1}`, grid, values: scatter(vector) }))
  const exact = problem.eigenvalue?.exact
  return {
    fields,
    arrays: [{ name: 'eigenvalues', values: Float64Array.from(values) }],
    metrics: {
      unknowns: nodes.length, iterations, eigenvalue: values[0], ...Object.fromEntries([...values].map((value, k) => [`eigenvalue_${k + 1}`, value])),
      ...(exact !== undefined && { eigenvalue_error: Math.abs(values[0] - exact) / Math.abs(exact) }), residual: residuals.reduce((most, value) => Math.max(most, value), 0),
    },
    converged,
    faults: converged ? [] : [{ severity: 'warning', code: 'not-converged', message: `Only ${values.length} eigenvalues were found to the tolerance asked for.`, tip: 'Ask for fewer eigenvalues or a larger tolerance.' }],
  }
}
