import { FaultError, error } from '../../fault'
import { solveSymmetric } from './least-squares'

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)

/** Below this a change of a parameter by its own size moves no prediction: rounding. Relative to the deviation of the data. */
const noInfluence = 1e-9
/** Eigenvalues of the correlation matrix of the sensitivities below which differences cannot tell parameters apart. */
const inseparable = 1e-9

/** Throws FaultError `parameter-without-influence` or `parameters-inseparable`, naming them. */
export function refuseSingular(names: readonly string[], jacobian: readonly Float64Array[], sizes: ArrayLike<number>, where: { readonly path: string }): void {
  const norms = jacobian.map(column => Math.sqrt(dot(column, column)))
  const silent = names.filter((_, k) => !(norms[k] * sizes[k] > noInfluence * Math.sqrt(jacobian[k].length)))
  if (silent.length > 0) {
    throw new FaultError(error('parameter-without-influence', `${silent.join(' and ')} ${silent.length === 1 ? 'does' : 'do'} not influence the data: no prediction changes with ${silent.length === 1 ? 'it' : 'them'}.`, { where, tip: `Leave ${silent.length === 1 ? 'it' : 'them'} out of "unknown", or observe more.` }))
  }
  const { eigenvalues, vectors } = jacobiEigen(correlation(jacobian, norms))
  const least = eigenvalues.indexOf(Math.min(...eigenvalues))
  if (names.length < 2 || eigenvalues[least] > inseparable) return
  const weights = vectors[least]
  const largest = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0)
  const mixed = names.filter((_, k) => Math.abs(weights[k]) > 0.1 * largest)
  throw new FaultError(error('parameters-inseparable', `The data determine only a combination of ${mixed.join(' and ')}: their influence is the same up to a factor.`, { where, tip: 'Leave one of them out of "unknown", or observe more.' }))
}

const correlation = (jacobian: readonly Float64Array[], norms: readonly number[]): Float64Array[] => jacobian.map((a, i) => Float64Array.from(jacobian, (b, j) => dot(a, b) / norms[i] / norms[j]))

/** √diag(σ² (JᵀJ)⁻¹): standard errors of least squares under independent noise of deviation σ in the residuals. With the true σ it is the Cramér–Rao bound for Gaussian noise. */
export function standardErrors(jacobian: readonly Float64Array[], sigma: number): Float64Array {
  const norms = jacobian.map(column => Math.sqrt(dot(column, column)))
  const gram = correlation(jacobian, norms)
  return Float64Array.from(jacobian, (_, k) => {
    const unit = new Float64Array(jacobian.length)
    unit[k] = 1
    return (sigma * Math.sqrt(Math.max(0, solveSymmetric(gram, unit)[k]))) / norms[k]
  })
}

/** Eigenpairs of a small symmetric matrix by cyclic rotations. Golub & Van Loan, Matrix Computations, §8.5. */
export function jacobiEigen(matrix: readonly Float64Array[]): { readonly eigenvalues: Float64Array; readonly vectors: Float64Array[] } {
  const n = matrix.length
  const a = matrix.map(row => row.slice())
  const vectors = a.map((_, i) => Float64Array.from(a, (__, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p][q] * a[p][q]
    if (!(off > 1e-32)) break
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]]
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]]
        for (let k = 0; k < n; k++) [vectors[p][k], vectors[q][k]] = [c * vectors[p][k] - s * vectors[q][k], s * vectors[p][k] + c * vectors[q][k]]
      }
    }
  }
  return { eigenvalues: Float64Array.from(a, (row, i) => row[i]), vectors }
}
