import { name } from '../../expressions'
import { error, FaultError } from '../../fault'
import type { MeshField } from '../../fields/mesh'
import { meshCells, nodesPerCell } from '../../fields/mesh'
import { barycentricGradients, basisDerivatives, simplexFacets } from '../../fields/mesh-element'
import type { Block, Run, Team } from '../../kernels/team'
import { createDirect, type DirectSolver } from '../linear/direct/direct'
import { asymmetry, multiply, type SparseMatrix } from '../linear/sparse'
import type { Solution, SolveRequest } from '../method'
import { readOptions } from './descriptor'
import { Discretisation } from './discretisation'
import { blockLanczos } from './lanczos'
import { meshOfDomain } from './mesh/domain'
import { curveOfFacet } from './mesh/topology'
import type { Space } from './space'
import { weakForm } from './weak-form'

/**
 * L u = λ m u: K U = λ M U with K and M from the weak form at λ = 0 and its derivative by λ; both have to be symmetric, M positive. The smallest eigenvalues by block Lanczos on (K − σM)⁻¹M with σ below all of them, which the signs of the pivots
 * tell (Sylvester). Array `eigenvalues`; the first eigenfunction is the field of the unknown, the k-th one more field `u-k`; each has ∫ m u² = 1 and a positive mean (or a positive first entry that is not small).
 * Galerkin eigenvalues come from above, with error of order 2k.
 */
export function solveEigen(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, libm } = request
  const options = readOptions(request.options)
  const eigenvalue = problem.eigenvalue!.name
  const form = weakForm(problem)
  const domain = meshOfDomain(problem, request.resolution, libm)
  const mark = team.arena.mark()
  try {
    run.progress({ stage: 'assembling' })
    const discretisation = new Discretisation(team, problem, form, domain, options.order, libm, [eigenvalue])
    const { space, matrix } = discretisation
    if (space.floating.length > 0 || space.unknowns <= options.eigenvalues) {
      throw new FaultError(error('eigenvalue-count', `The mesh has ${space.unknowns} ${space.unknowns === 1 ? 'unknown' : 'unknowns'}, too few for ${options.eigenvalues} eigenvalues.`, { where: { path: 'resolution' }, tip: 'Use a finer resolution.' }))
    }
    const u = new Float64Array(form.rows.length * space.nodes)
    const at = (lambda: number): Float64Array => {
      discretisation.linearise(u, [0, lambda])
      return matrix.values.view().slice()
    }
    const stiffness = at(0)
    // The derivative by λ from a difference over a λ of the operator's own size, so that nothing cancels; negative, so that K − λM keeps its sign.
    const trial = at(-1)
    const scale = largest(stiffness) / Math.max(Number.MIN_VALUE, largest(trial.map((v, i) => v - stiffness[i])))
    const shifted = at(-scale)
    if (discretisation.residual(u, [0, 0]).some(r => r !== 0)) throw new FaultError(error('method-class', 'The eigenproblem has a source or boundary data that are not zero.', { where: { path: 'problem' }, tip: 'An eigenproblem is homogeneous: remove them.' }))
    const mass = shifted.map((s, i) => (s - stiffness[i]) / scale)
    matrix.values.view().set(stiffness)
    const stiffnessIsSymmetric = asymmetry(team.arena, matrix) < 1e-12
    const massMatrix: SparseMatrix = { ...matrix, values: team.arena.from(mass) }
    if (!stiffnessIsSymmetric || asymmetry(team.arena, massMatrix) > 1e-12) {
      throw new FaultError(error('method-class', 'Finite elements solve symmetric eigenproblems: L u = lambda m u without first derivatives.', { where: { path: 'problem.equations[0]' }, tip: 'Bring the operator to the form div(a grad(u)) + c u.' }))
    }
    const shift = factorBelow(team, run, matrix, stiffness, mass)
    const [right, solved] = [team.arena.f64(space.unknowns), team.arena.f64(space.unknowns)]
    const apply = (v: Float64Array, how: (from: Block, to: Block) => void): Float64Array => {
      right.view().set(v)
      how(right, solved)
      return solved.view().slice()
    }
    const pairs = blockLanczos({
      size: space.unknowns, wanted: options.eigenvalues, block: form.dimension === 1 ? 1 : form.dimension === 2 ? 3 : 6, tolerance: 1e-8, pause: stage => {
        run.progress({ stage })
        run.throwIfCancelled()
      },
      mass: v => apply(v, (from, to) => multiply(team, massMatrix, from.pointer, to.pointer)),
      inverse: v => apply(v, (from, to) => void shift.direct.solve(from, to)),
    })
    const fields: MeshField[] = []
    const corrected: number[] = []
    pairs.vectors.forEach((vector, k) => {
      const values = new Float64Array(u.length)
      discretisation.update(values, vector)
      orient(values, discretisation.integral(name(form.jets[0][0]), values, libm, [0, 0]))
      const lambda = shift.sigma + 1 / pairs.values[k]
      corrected.push(options.order === 2 ? lambda - hadamard(space, values) : lambda)
      fields.push({ name: k === 0 ? problem.unknown : `${problem.unknown}-${k + 1}`, mesh: space.mesh, values })
    })
    const { exact } = problem.eigenvalue!
    return {
      fields, arrays: [{ name: 'eigenvalues', values: Float64Array.from(corrected) }],
      metrics: { unknowns: space.unknowns, cells: meshCells(space.mesh), iterations: pairs.solves, eigenvalue: corrected[0], ...(exact !== undefined && { eigenvalue_error: Math.abs(corrected[0] - exact) / Math.abs(exact) }), residual: pairs.residual },
      converged: pairs.converged,
      faults: pairs.converged ? [] : [{ severity: 'warning', code: 'not-converged', message: `The eigenvalue iteration stopped at a residual of ${pairs.residual.toPrecision(2)}.`, tip: 'Ask for fewer eigenvalues.' }],
    }
  } finally {
    team.arena.release(mark)
  }
}

/** K − σM factored with σ below the spectrum: 0⁻ for a positive operator, lower until no pivot is negative. */
function factorBelow(team: Team, run: Run, matrix: SparseMatrix, stiffness: Float64Array, mass: Float64Array): { readonly sigma: number; readonly direct: DirectSolver } {
  // The size of the whole operator; a tiny part of it lifts the zero of pure Neumann problems.
  const starts = matrix.starts()
  const columns = matrix.columnNumbers()
  let [k, m] = [0, 0]
  for (let i = 0; i < matrix.rows; i++) for (let e = starts[i]; e < starts[i + 1]; e++) if (columns[e] === i) [k, m] = [k + Math.abs(stiffness[e]), m + mass[e]]
  if (!(m > 0)) throw new FaultError(error('method-class', 'The weight of the eigenvalue is not positive.', { where: { path: 'problem.equations[0]' }, tip: 'Write L u = lambda m u with m > 0.' }))
  for (let sigma = (-1e-5 * k) / m; ; sigma *= 3) {
    matrix.values.view().set(stiffness.map((value, i) => value - sigma * mass[i]))
    const level = team.arena.mark()
    try {
      return { sigma, direct: createDirect(team, matrix, { kind: 'positive', throwIfCancelled: () => run.throwIfCancelled() }) }
    } catch (reason) {
      team.arena.release(level)
      if (!(reason instanceof FaultError) || reason.faults[0]?.code !== 'indefinite-operator' || Math.abs(sigma) > (1e4 * k) / m) throw reason
    }
  }
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

function orient(values: Float64Array, mean: number): void {
  const size = largest(values)
  const sign = Math.abs(mean) > 1e-8 * size ? mean : values.find(v => Math.abs(v) > 1e-3 * size)!
  if (sign < 0) for (let i = 0; i < values.length; i++) values[i] = -values[i]
}

/**
 * What the area between chords and arcs changes of a Dirichlet eigenvalue, to first order: δλ = −∮ δ a(∂ₙu)² for a boundary that moves out by δ (J. Hadamard 1908; for the Laplacian; other operators are left as they are). Over a chord of
 * length L with sagitta s, ∫δ = ⅔ s L; holes count negative.
 */
function hadamard(space: Space, values: Float64Array): number {
  const { mesh, domain, boundary, form } = space
  if (mesh.dimension !== 2) return 0
  const isLaplacian = form.rows.length === 1 && form.rows[0].tensor[0].every((line, p) => line.every((a, q) => a.kind === 'number' ? Math.abs(a.value) === (p === q ? 1 : 0) : a.kind === 'negate' && a.argument.kind === 'number' && a.argument.value === (p === q ? 1 : 0)))
  if (!isLaplacian) return 0
  const perCell = nodesPerCell(mesh)
  const gradient = new Float64Array(12)
  const slopes = new Float64Array(perCell * 3)
  let sum = 0
  for (const { cell, local, pieces } of boundary) {
    const { circle, hole } = domain.curves[curveOfFacet(domain, cell, local)]
    if (!circle || pieces[0]?.kind !== 'dirichlet') continue
    barycentricGradients(2, mesh.points, mesh.cells, cell * perCell, gradient)
    const [i, j] = simplexFacets[2][local]
    basisDerivatives(2, mesh.degree, [0, 1, 2].map(k => (k === local ? 0 : 0.5)), slopes)
    let [dx, dy] = [0, 0]
    for (let a = 0; a < perCell; a++) {
      for (let k = 0; k < 3; k++) {
        const part = slopes[a * 3 + k] * values[mesh.cells[cell * perCell + a]]
        dx += part * gradient[2 * k]
        dy += part * gradient[2 * k + 1]
      }
    }
    const [p, q] = [mesh.cells[cell * perCell + i], mesh.cells[cell * perCell + j]]
    const squareLength = (mesh.points[2 * p] - mesh.points[2 * q]) ** 2 + (mesh.points[2 * p + 1] - mesh.points[2 * q + 1]) ** 2
    const sagitta = circle.radius - Math.sqrt(circle.radius ** 2 - squareLength / 4)
    // The value vanishes on the chord: its gradient is normal.
    sum += (hole ? -1 : 1) * (2 / 3) * sagitta * Math.sqrt(squareLength) * (dx * dx + dy * dy)
  }
  return sum
}
