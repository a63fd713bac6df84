import type { ArrayInfo, StepState } from '../../../../shared/protocol/contract'

/** What the runs of a sweep are drawn over, and which array says what belongs together. */
export interface BandPlaces {
  readonly x: string
  readonly xLabel: string
  readonly group: string
}

const errors = ['relative_l2_spacetime', 'relative_l2', 'loss', 'residual']

/** Of curves [runs, points] their steps; of a metric what was varied, where that is a number. Undefined for other arrays. */
export function bandPlaces(array: ArrayInfo, step: Pick<StepState, 'result'>): BandPlaces | undefined {
  const arrays = step.result?.arrays ?? []
  const named = (name: string): ArrayInfo | undefined => arrays.find(other => other.name === name)
  if (!named('group')?.labels || array.axes) return undefined
  const family = /^(.+)_curves$/.exec(array.name)?.[1]
  if (family !== undefined && array.shape.length === 2) {
    const steps = named(`${family}_steps`)
    return steps && array.shape[0] * array.shape[1] <= 1e5 ? { x: steps.name, xLabel: steps.title ?? 'step', group: 'group' } : undefined
  }
  const swept = named('swept')
  if (!swept || !errors.includes(array.name) || array.shape.length !== 1) return undefined
  return { x: 'swept', xLabel: (swept.title ?? 'swept').replaceAll('_', ' '), group: 'series' }
}
