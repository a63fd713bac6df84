import type { Libm } from '../../expressions/libm'
import type { LeastSquares } from './least-squares'

/** One threshold of the sweep. */
export interface SweepPoint {
  readonly threshold: number
  readonly support: readonly number[]
  /** ‖A w − b‖ / ‖b‖ with the best weights of the support. */
  readonly residual: number
  readonly loss: number
}

export interface SparseFit {
  readonly support: readonly number[]
  /** Of normalised columns. */
  readonly weights: Float64Array
  readonly residual: number
  readonly path: readonly SweepPoint[]
  /** Exchanges of one term for another that the data do not tell from the support: their loss is less than one term higher. */
  readonly rivals: readonly { readonly chosen: number; readonly other: number }[]
}

export interface SparseOptions {
  readonly threshold: number | 'auto'
  /** Independent rows among all. */
  readonly effectiveRows: number
  /** What the discretised equations are trusted to, as a fraction of ‖∂ₜu‖: smaller residuals are not worth a term. */
  readonly trust: number
}

/** From 1e-4 to 1, ten to a decade. */
export const thresholds: readonly number[] = Array.from({ length: 41 }).reduce<number[]>(all => [...all, all.length === 0 ? 1e-4 : all[all.length - 1] * 1.2589254117941673], [])

/**
 * Sequentially thresholded least squares with normalised columns and right side: weights below the threshold are dropped and the rest is fitted again until nothing falls. The threshold is swept and the
 * smallest loss taken,
 *
 *     L(S) = log(r² + τ²) + |S| log(n)/n,   r = ‖A w − b‖/‖b‖,
 *
 * a Bayesian information criterion for n independent rows whose residual below τ counts as discretisation; terms are then taken out or in one at a time while that lowers the loss. Since columns are
 * normalised, units do not matter.
 *
 * Sources: thresholding Brunton, Proctor & Kutz 2016, doi:10.1073/pnas.1517384113; a loss over thresholds Messenger & Bortz 2021, doi:10.1016/j.jcp.2021.110525, section 5 (theirs adds |S|/J to the
 * residual of the fit, which drops terms that explain less than 1/J); the criterion Schwarz 1978, doi:10.1214/aos/1176344136.
 *
 * @param problem with columns and right side of norm 1
 */
export function sparseFit(problem: LeastSquares, { threshold, effectiveRows, trust }: SparseOptions, libm: Libm): SparseFit {
  const rows = Math.max(3, effectiveRows)
  const penalty = libm.log(rows) / rows
  const known = new Map<string, { weights: Float64Array; residual: number; loss: number }>()
  const fit = (support: readonly number[]): { weights: Float64Array; residual: number; loss: number } => {
    const key = support.join()
    const found = known.get(key)
    if (found) return found
    const solved = problem.solve(support)
    const made = { ...solved, loss: libm.log(solved.residual * solved.residual + trust * trust) + support.length * penalty }
    known.set(key, made)
    return made
  }
  const everything = Array.from({ length: problem.columns }, (_, j) => j)
  const thresholded = (limit: number): number[] => {
    let support = everything
    for (;;) {
      const { weights } = fit(support)
      const kept = support.filter((_, k) => Math.abs(weights[k]) >= limit)
      if (kept.length === support.length) return support
      support = kept
    }
  }
  const path = thresholds.map(limit => {
    const support = thresholded(limit)
    const { residual, loss } = fit(support)
    return { threshold: limit, support, residual, loss }
  })
  let support: readonly number[]
  if (threshold === 'auto') {
    support = path.reduce((best, point) => (point.loss < best.loss ? point : best)).support
    for (;;) {
      const neighbours = everything.map(j => (support.includes(j) ? support.filter(k => k !== j) : [...support, j].sort((a, b) => a - b)))
      const best = neighbours.reduce((a, b) => (fit(b).loss < fit(a).loss ? b : a))
      if (!(fit(best).loss < fit(support).loss - 1e-9)) break
      support = best
    }
  } else {
    support = thresholded(threshold)
  }
  const { weights, residual, loss } = fit(support)
  const rivals = support.flatMap(chosen => everything.flatMap(other => {
    if (support.includes(other)) return []
    const exchanged = [...support.filter(j => j !== chosen), other].sort((a, b) => a - b)
    return fit(exchanged).loss < loss + penalty ? [{ chosen, other }] : []
  }))
  return { support, weights, residual, path, rivals }
}
