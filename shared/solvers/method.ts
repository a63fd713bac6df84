import type { Fault } from '../fault'
import type { Libm } from '../expressions/libm'
import type { AnyField } from '../fields/mesh'
import type { Run, Team } from '../kernels/team'
import type { AnalysedProblem } from '../problems/analysed'

/** What every method of a `solve` step implements. Synchronous: it runs on the conductor thread. */
export interface SolveMethod {
  /** Faults that can be told before anything is computed (class not covered, resolution too large, time step beyond a limit). */
  check(request: SolveRequest): readonly Fault[]
  /** Throws `FaultError` for what cannot be solved (not elliptic, incompatible data, non-finite values) and `Cancelled`. */
  solve(request: SolveRequest, team: Team, run: Run): Solution
}

export interface SolveRequest {
  readonly problem: AnalysedProblem
  /** Nodes per axis of the (bounding) box in x, y, z order; both ends counted on a bounded axis, one on a periodic axis. On a mesh: bounds/(n − 1) is the width of its cells. */
  readonly resolution: readonly number[]
  /** Output times of an evolution problem, increasing, first is the initial time. */
  readonly times: Float64Array
  /** The method's own options, validated by its descriptor. */
  readonly options: Readonly<Record<string, unknown>>
  readonly libm: Libm
}

export interface Solution {
  /** One field per unknown, under its name; complex and vector unknowns have components. */
  readonly fields: readonly AnyField[]
  /** Other arrays by name, 1-D unless shape is given: `residuals`, … */
  readonly arrays: readonly { readonly name: string; readonly values: Float64Array; readonly shape?: readonly number[] }[]
  /** Finite numbers or NaN; names of experiment-format (`iterations`, `residual`, `unknowns`, …). No wall-clock values. */
  readonly metrics: Readonly<Record<string, number>>
  /** False when the iteration ended before its tolerance: shown everywhere the result is shown. */
  readonly converged: boolean
  readonly faults: readonly Fault[]
}
