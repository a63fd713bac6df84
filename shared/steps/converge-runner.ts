import { FaultError, error } from '../fault'
import type { Run } from '../kernels/team'
import { gridWidth, resolutionsOf, solveStepAt } from './converge-options'
import { solveRequest } from './solve-options'
import { solveAndMeasure } from './solve-runner'
import type { StepOutput, StepRunner } from './step-kind'

/**
 * Errors over resolutions and the fitted order p of ‖u_h − u‖ = C h^p, by least squares of log error against log h over the finer half (at least the last three),
 * where the asymptotic range is nearest. Arrays: `h`, `nodes`, `relative_l2`, `relative_h1`, `order` (between neighbours; the first is NaN).
 */
export const convergeRunner: StepRunner = {
  async run({ step, problem, team, run, libm }) {
    if (!problem) throw new FaultError(error('missing-problem', 'A convergence study needs a problem.', { where: { path: 'problem' } }))
    const resolutions = resolutionsOf(step, problem.axes.length)
    const count = resolutions.length
    const columns: Record<string, Float64Array> = { h: new Float64Array(count), nodes: new Float64Array(count), relative_l2: new Float64Array(count), relative_h1: new Float64Array(count) }
    let last: StepOutput | undefined
    let converged = true
    const faults: StepOutput['faults'][number][] = []
    for (const [i, resolution] of resolutions.entries()) {
      const { method, request } = solveRequest(solveStepAt(step, resolution), problem, libm)
      const mark = team.arena.mark()
      last = await solveAndMeasure(method, request, team, within(run, i, count, resolution), libm)
      team.arena.release(mark)
      converged &&= last.converged
      faults.push(...last.faults)
      columns.h[i] = gridWidth(problem, resolution)
      columns.nodes[i] = resolution.reduce((n, m) => n * m, 1)
      columns.relative_l2[i] = last.metrics.relative_l2
      columns.relative_h1[i] = last.metrics.relative_h1 ?? NaN
      run.log('info', `${resolution.join(' × ')}: relative L² error ${last.metrics.relative_l2.toExponential(3)}`)
    }
    const slopes = (column: Float64Array): Float64Array => Float64Array.from(column, (e, i) => (i === 0 ? NaN : libm.log(column[i - 1] / e) / libm.log(columns.h[i - 1] / columns.h[i])))
    const fit = (column: Float64Array): number => fittedOrder(columns.h, column, libm.log)
    return {
      fields: last!.fields,
      arrays: [...Object.entries(columns).map(([name, values]) => ({ name, values })), { name: 'order', values: slopes(columns.relative_l2) }],
      metrics: { order_l2: fit(columns.relative_l2), order_h1: fit(columns.relative_h1), relative_l2: last!.metrics.relative_l2, unknowns: last!.metrics.unknowns },
      converged,
      faults,
    }
  },
}

export function fittedOrder(h: Float64Array, errors: Float64Array, log: (x: number) => number): number {
  const from = Math.min(Math.max(0, h.length - 3), Math.floor(h.length / 2))
  const x = Array.from(h.subarray(from), log)
  const y = Array.from(errors.subarray(from), log)
  const meanX = x.reduce((a, b) => a + b, 0) / x.length
  const meanY = y.reduce((a, b) => a + b, 0) / y.length
  return x.reduce((s, v, i) => s + (v - meanX) * (y[i] - meanY), 0) / x.reduce((s, v) => s + (v - meanX) * (v - meanX), 0)
}

/** Progress of one solve as part of the whole study; a study starts over instead of resuming in the middle of one solve. */
function within(run: Run, index: number, count: number, resolution: readonly number[]): Run {
  return {
    ...run,
    resumed: undefined,
    checkpoint: () => undefined,
    progress: update => run.progress({ ...update, fraction: (index + (update.fraction ?? 0)) / count, stage: `${resolution.join(' × ')}${update.stage ? `: ${update.stage}` : ''}` }),
    frame: make => run.frame(make),
    log: (severity, message) => run.log(severity, message),
    throwIfCancelled: () => run.throwIfCancelled(),
  }
}
