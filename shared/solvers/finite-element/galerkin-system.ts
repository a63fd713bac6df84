import { error, FaultError } from '../../fault'
import type { Field } from '../../fields/field'
import type { MeshField } from '../../fields/mesh'
import type { Team } from '../../kernels/team'
import { denseMatrix } from '../linear/dense/matrix'
import { symmetricEigen } from '../linear/dense/symmetric-eigen'
import { mostSpectralUnknowns, type Rows } from '../linear/formulations'
import type { SolveRequest } from '../method'
import { Discretisation } from './discretisation'
import { meshOfDomain } from './mesh/domain'
import { fieldsOf } from './steady'
import { weakForm } from './weak-form'

export interface GalerkinSystem {
  readonly matrix: Rows
  readonly b: Float64Array
  readonly solution: Float64Array
  readonly spectrum: readonly [number, number]
  readonly fields: readonly (Field | MeshField)[]
}

/**
 * The stiffness matrix A and the load b of a linear statement with a symmetric positive definite form, A⁻¹b from its eigenvectors, and the ends of its spectrum. Degree 1.
 * Throws FaultError `too-large` and `not-definite`.
 */
export function galerkinSystem({ problem, resolution, libm }: SolveRequest, team: Team): GalerkinSystem {
  const discretisation = new Discretisation(team, problem, weakForm(problem), meshOfDomain(problem, resolution, libm), 1, libm)
  const { space, matrix } = discretisation
  const n = space.unknowns
  if (n > mostSpectralUnknowns) throw new FaultError(error('too-large', `${resolution.join(' × ')} nodes give ${n} unknowns; the whole spectrum is computed of at most ${mostSpectralUnknowns}.`, { where: { path: 'resolutions' }, tip: 'Use fewer nodes.' }))
  const values = new Float64Array(space.nodes)
  discretisation.impose(values, 0)
  const b = discretisation.linearise(values, [0, ...space.floating.map(() => 0)]).map(v => -v)
  const rows: Rows = { starts: matrix.starts().slice(), columns: matrix.columnNumbers().slice(), values: matrix.values.view().slice() }
  const full = denseMatrix(team.arena, n, n)
  const entries = full.block.view().fill(0)
  for (let i = 0; i < n; i++) for (let e = rows.starts[i]; e < rows.starts[i + 1]; e++) entries[i * n + rows.columns[e]] = rows.values[e]
  const { values: eigenvalues, vectors } = symmetricEigen(team, full)
  const [lowest, highest] = [eigenvalues[0], eigenvalues[n - 1]]
  if (!discretisation.isSymmetric() || space.floating.length > 0 || !(lowest > 1e-13 * highest)) {
    throw new FaultError(error('not-definite', 'The formulations have one solution only where the form is symmetric and positive definite, and this one is not.', { where: { path: 'problem.equations[0]' }, tip: 'Leave out first derivatives, keep the reaction positive, and give a value on a part of the boundary.' }))
  }
  const V = vectors.block.view()
  const solution = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    let weight = 0
    for (let i = 0; i < n; i++) weight += V[k * n + i] * b[i]
    for (let i = 0; i < n; i++) solution[i] += (weight / eigenvalues[k]) * V[k * n + i]
  }
  discretisation.update(values, solution)
  return { matrix: rows, b, solution, spectrum: [lowest, highest], fields: fieldsOf(problem, space, values) }
}
