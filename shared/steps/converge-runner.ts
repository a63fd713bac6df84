import type { StepEnvelope } from '../experiment/document'
import { FaultError, error } from '../fault'
import type { Run } from '../kernels/team'
import { gridWidth, resolutionsOf, solveStepAt } from './converge-options'
import { solveRequest } from './solve-options'
import { resolveRequest, solveAndMeasure } from './solve-runner'
import type { StepOutput, StepRunner } from './step-kind'

/**
 * Errors over resolutions and the fitted orders p of ‖u_h − u‖ = C h^p, by least squares of log error against log h over the finer half (at least the last three), where the asymptotic range is
 * nearest; errors at the level of rounding are left out. `order_l2_unknowns` is the order in N^{−1/d} instead of the width, which is what counts on adaptive meshes; a spectral method has no order but
 * a rate: `decay_l2` = −d ln ‖u_h − u‖ / dn over the nodes n per axis. Arrays: `h`, `nodes`, `unknowns`, `relative_l2`, `relative_h1`, `order` (between neighbours; the first is NaN).
 */
export const convergeRunner: StepRunner = {
  async run({ step, problem, team, run, libm }) {
    if (!problem) throw new FaultError(error('missing-problem', 'A convergence study needs a problem.', { where: { path: 'problem' } }))
    const dimension = problem.axes.length
    const resolutions = resolutionsOf(step, dimension)
    const count = resolutions.length
    const column = (): Float64Array => new Float64Array(count)
    const columns = { h: column(), nodes: column(), unknowns: column(), relative_l2: column(), relative_h1: column() }
    let last: StepOutput | undefined
    let converged = true
    let spectral = false
    const faults: StepOutput['faults'][number][] = []
    // One method for the whole study: what `auto` chooses for the finest grid.
    const { method: chosen, reason, options } = await resolveRequest(solveStepAt(step, resolutions[count - 1]), problem, run, libm)
    for (const [i, resolution] of resolutions.entries()) {
      const { method, request } = solveRequest({ ...(options as Partial<StepEnvelope>), ...solveStepAt(step, resolution), method: chosen }, problem, libm)
      spectral = method === 'spectral'
      const mark = team.arena.mark()
      last = await solveAndMeasure(method, request, team, within(run, i, count, resolution))
      team.arena.release(mark)
      converged &&= last.converged
      faults.push(...last.faults)
      columns.h[i] = gridWidth(problem, resolution)
      columns.nodes[i] = resolution.reduce((n, m) => n * m, 1)
      columns.unknowns[i] = last.metrics.unknowns ?? columns.nodes[i]
      columns.relative_l2[i] = last.metrics.relative_l2 ?? NaN
      columns.relative_h1[i] = last.metrics.relative_h1 ?? NaN
      run.log('info', `${resolution.join(' × ')}: relative L² error ${columns.relative_l2[i].toExponential(3)}`)
    }
    const { log } = libm
    const slopes = columns.relative_l2.map((e, i) => (i === 0 ? NaN : log(columns.relative_l2[i - 1] / e) / log(columns.h[i - 1] / columns.h[i])))
    const width = Array.from(columns.h, log)
    const perAxis = Array.from(columns.unknowns, n => -log(n) / dimension)
    const nodesAlong = resolutions.map(resolution => resolution.reduce((sum, n) => sum + n, 0) / dimension)
    const metrics: Record<string, number> = {
      order_l2: fittedSlope(width, columns.relative_l2, log), order_h1: fittedSlope(width, columns.relative_h1, log), order_l2_unknowns: fittedSlope(perAxis, columns.relative_l2, log),
      relative_l2: columns.relative_l2[count - 1], unknowns: columns.unknowns[count - 1],
    }
    if (spectral) metrics.decay_l2 = -fittedSlope(nodesAlong, columns.relative_l2, log)
    return {
      fields: last!.fields, store: step.store as StepOutput['store'],
      arrays: [...Object.entries(columns).map(([name, values]) => ({ name, values })), { name: 'order', values: slopes }],
      metrics, converged, faults, ran: { method: chosen, ...(reason === undefined ? {} : { reason }) },
    }
  },
}

/** Below this an error is rounding, and its slope says nothing. */
const roundingLevel = 2e-13

/** Least-squares slope of log error over x, on the finer half of the runs above rounding (at least three where there are). NaN below two. */
export function fittedSlope(x: readonly number[], errors: Float64Array, log: (x: number) => number): number {
  const usable = x.map((_, i) => i).filter(i => errors[i] > roundingLevel)
  const from = Math.min(Math.max(0, usable.length - 3), Math.floor(usable.length / 2))
  const chosen = usable.slice(from)
  if (chosen.length < 2) return NaN
  const y = chosen.map(i => log(errors[i]))
  const meanX = chosen.reduce((sum, i) => sum + x[i], 0) / chosen.length
  const meanY = y.reduce((sum, v) => sum + v, 0) / y.length
  return chosen.reduce((sum, i, k) => sum + (x[i] - meanX) * (y[k] - meanY), 0) / chosen.reduce((sum, i) => sum + (x[i] - meanX) * (x[i] - meanX), 0)
}

/** Progress of one solve as part of the whole study; a study starts over instead of resuming in the middle of one solve. */
function within(run: Run, index: number, count: number, resolution: readonly number[]): Run {
  return {
    ...run,
    resumed: undefined,
    checkpoint: () => undefined,
    progress: update => run.progress({ ...update, fraction: (index + (update.fraction ?? 0)) / count, stage: `${resolution.join(' × ')}${update.stage ? `: ${update.stage}` : ''}` }),
    frame: make => run.frame(make),
    series: (name, x, value) => run.series(`${name}_${resolution.join('x')}`, x, value),
    log: (severity, message) => run.log(severity, message),
    throwIfCancelled: () => run.throwIfCancelled(),
  }
}
