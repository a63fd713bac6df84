import type { Libm } from '../../expressions/libm'
import type { Team } from '../../kernels/team'
import { compile } from '../compile'
import { truncatedSvd, type Matrix } from '../factorisation'
import { leastSquaresOf } from '../formulations/jacobian'
import type { Precision, Shape } from '../graph/graph'
import type { Network, Parameters } from '../networks/network'
import type { LearningRuntime } from '../runtime'
import type { Tensors } from '../tf'
import type { NetworkArrays, StepInputs } from '../training/feed'
import { inputsOf, residualOf, weightedParts, type LossPart, type TrainingForm } from '../training/form'

/** What a linearisation is taken of. */
export interface TangentTask {
  readonly network: Network
  /** All arrays of the network; only their shapes count. */
  readonly initial: Parameters
  /** Names of the arrays that are trained: the columns of J, in this order. */
  readonly trained: readonly string[]
  readonly form: TrainingForm
  readonly precision: Precision
  readonly runtime: LearningRuntime
  readonly libm: Libm
}

/** A loss Σ r² near some parameters: r(θ + d) = r + J d. */
export interface Tangent {
  /** [rows]; 0 beside the metric of an energy. */
  readonly residual: Float64Array
  /** [rows, parameters]. */
  readonly jacobian: Matrix
}

export interface TangentMap {
  /** Rows of each part in J, one part after the other. */
  readonly rows: readonly number[]
  at(parameters: NetworkArrays, inputs: StepInputs): Promise<Tangent>
  dispose(): void
}

/**
 * J = ∂r/∂θ of all parts of a loss, with their factors √λ: by reverse passes over all points at once (jacobian.ts), so it costs about as many gradients of the loss as it has columns. K = JJᵀ is the
 * neural tangent kernel (Jacot, Gabriel & Hongler 2018, arXiv:1806.07572; of the terms of a statement: Wang, Yu & Perdikaris 2022, doi:10.1016/j.jcp.2021.110768).
 * Throws FaultError `gauss-newton-parameters` for networks with arrays that are no layer's.
 */
export async function prepareTangent({ network, initial, trained, form, precision, runtime, libm }: TangentTask): Promise<TangentMap> {
  const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape as Shape]))
  let rows: readonly number[] = []
  const program = compile((_, given) => {
    const own: Tensors = Object.fromEntries(trained.map(name => [name, given[name]]))
    const parts = (parameters: Tensors) => weightedParts(form, network, { ...given, ...parameters }, given)
    rows = parts(own).map(rowsOf)
    const { residual, jacobian } = leastSquaresOf(parts, own, trained)
    return { outputs: { residual, jacobian } }
  }, { precision, inputs: { ...shapes, ...inputsOf(form) }, libm })
  const execution = await runtime.prepare(program)
  return {
    rows,
    at: async (parameters, inputs) => {
      const { residual, jacobian } = await execution.run({ ...inputs, ...parameters })
      return { residual: Float64Array.from(residual), jacobian: { rows: residual.length, columns: jacobian.length / residual.length, values: Float64Array.from(jacobian) } }
    },
    dispose: () => execution.dispose(),
  }
}

/** Rows that a part has in J. */
export function rowsOf(part: LossPart): number {
  if (part.kind === 'energy') return part.metric.reduce((n, column) => n + (column.shape as readonly number[])[0], 0)
  return (residualOf(part).shape as readonly number[])[0]
}

/** The rows of part number `part` alone. */
export function partOf({ residual, jacobian }: Tangent, rows: readonly number[], part: number): Tangent {
  const from = rows.slice(0, part).reduce((a, b) => a + b, 0)
  const { columns, values } = jacobian
  return { residual: residual.subarray(from, from + rows[part]), jacobian: { rows: rows[part], columns, values: values.subarray(from * columns, (from + rows[part]) * columns) } }
}

/** tr K_k = ‖J_k‖² of every part: the mean rate at which it is learned, times its rows. */
export function kernelTraces({ jacobian: { columns, values } }: Tangent, rows: readonly number[]): Float64Array {
  let at = 0
  return Float64Array.from(rows, count => {
    let sum = 0
    for (const end = at + count * columns; at < end; at++) sum += values[at] * values[at]
    return sum
  })
}

export interface KernelSpectrum {
  /** Eigenvalues of K = JJᵀ, decreasing, one for each row: squares of the singular values of J, so that small ones keep their digits. */
  readonly eigenvalues: Float64Array
  /** (u_kᵀ r)² of the residual in the direction of each eigenvalue. */
  readonly energies: Float64Array
}

/** Of all rows or of one part's. What a Jacobian of fewer parameters than rows cannot reach has the eigenvalue 0; its energy is put on the first of them. */
export function kernelSpectrum(team: Team, { residual, jacobian }: Tangent, throwIfCancelled?: () => void): KernelSpectrum {
  const { values, coefficients } = truncatedSvd(team, jacobian, residual, { negligible: 0, throwIfCancelled })
  const eigenvalues = new Float64Array(jacobian.rows)
  const energies = new Float64Array(jacobian.rows)
  values.forEach((sigma, k) => {
    eigenvalues[k] = sigma * sigma
    energies[k] = coefficients[k] * coefficients[k]
  })
  if (values.length < jacobian.rows) energies[values.length] = Math.max(0, residual.reduce((sum, r) => sum + r * r, 0) - energies.reduce((sum, e) => sum + e, 0))
  return { eigenvalues, energies }
}
