import { error, type Fault } from '../../fault'

/** How the linear least-squares problem of a step is solved: by singular values of J, from JᵀJ [parameters²], or from JJᵀ [residuals²]. */
export type LinearSolver = 'svd' | 'cholesky' | 'woodbury'

/** Above this many residuals or parameters, whichever are fewer, singular values take longer than all else in a step (measured: docs/methods/training.md). */
export const largestSvd = 512

/** The fastest solver that is accurate enough, for so many residuals and parameters; or the smaller product. */
export const solverFor = (rows: number, columns: number): LinearSolver => (Math.min(rows, columns) <= largestSvd ? 'svd' : smallerProduct(rows, columns))
export const smallerProduct = (rows: number, columns: number): LinearSolver => (rows < columns ? 'woodbury' : 'cholesky')

/** Numbers of a Jacobian, or of a product of it with itself: a gibibyte in double precision. */
const mostEntries = 2 ** 27

/** One sentence when the matrices of a step have more numbers than can be held; undefined when they fit. */
export function leastSquaresFault(rows: number, columns: number, solver: LinearSolver = smallerProduct(rows, columns)): Fault | undefined {
  const side = solver === 'cholesky' ? columns : solver === 'woodbury' ? rows : 0
  const entries = Math.max(rows * columns, side * side)
  if (entries <= mostEntries) return undefined
  const what = side * side < entries ? `The Jacobian of ${rows} residuals by ${columns} parameters` : `The product of the Jacobian with itself, ${side} × ${side},`
  return error('least-squares-memory', `${what} has ${Math.round(entries / 1e6)} million numbers; ${Math.round(mostEntries / 1e6)} million can be held.`, { where: { path: 'optimizer' }, tip: 'Take fewer points, a smaller network, or the optimizer "lbfgs" or "adam".' })
}
