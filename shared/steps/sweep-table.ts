import type { NamedArray } from './step-kind'
import type { PlannedRun, SweepPlan } from './sweep-plan'

/** What one run left. */
export interface Row {
  readonly metrics: Readonly<Record<string, number>>
  /** By the name of the run's array: values at the steps 1, 2, … of `at`. */
  readonly curves: Readonly<Record<string, RunCurve>>
  readonly converged: boolean
  /** Why there is nothing, in one sentence. */
  readonly failure?: string
}

export interface RunCurve {
  readonly at: Float64Array
  readonly values: Float64Array
}

/** Curves that are kept, by their names in runs: what they are called, and which array says where they were taken; their index from 1 where none does. */
const kept: Readonly<Record<string, { readonly name: string; readonly at?: string }>> = {
  loss: { name: 'loss' }, relative_l2_curve: { name: 'relative_l2', at: 'relative_l2_steps' }, residuals: { name: 'residuals' },
}

/**
 * Of a long curve the points 1, 2, … and then every twelfth part more: all runs share them, however long each was, and hundreds of runs stay a small array.
 */
export function thinned(arrays: readonly NamedArray[]): Record<string, RunCurve> {
  const named = (name: string | undefined): NamedArray | undefined => arrays.find(array => array.name === name && (array.shape?.length ?? 1) === 1)
  return Object.fromEntries(Object.entries(kept).flatMap(([name, { at }]) => {
    const values = named(name)?.values
    if (!values || values.length < 2) return []
    const places = named(at)?.values
    if (at !== undefined) return places?.length === values.length ? [[name, { at: places, values }]] : []
    const steps: number[] = []
    for (let step = 1; step <= values.length; step += Math.max(1, Math.floor(step / 12))) steps.push(step)
    return [[name, { at: Float64Array.from(steps), values: Float64Array.from(steps, step => values[step - 1]) }]]
  }))
}

/**
 * The table of a sweep, one entry for each run: `target`, `seed`, `group` and `series` (places in their labels), one column for every varied option (`swept` is the one to draw over), one for every
 * metric, `converged`. Curves are `<name>_curves` [runs, points] at `<name>_steps` [points]; where a run has ended they are NaN.
 */
export function sweepTable(plan: SweepPlan, runs: readonly PlannedRun[], rows: readonly Row[]): NamedArray[] {
  const column = (name: string, value: (run: PlannedRun, row: Row) => number, more: Partial<NamedArray> = {}): NamedArray => ({ name, values: Float64Array.from(rows, (row, r) => value(runs[r], row)), ...more })
  const chosen = (place: number) => ({ choice }: PlannedRun): number => (choice.has(place) ? plan.options[place].numbers[choice.get(place)!] : NaN)
  const arrays = [
    column('group', run => run.group, { labels: plan.groups }), column('series', run => run.series, { labels: plan.series }),
    column('target', run => plan.targets.indexOf(run.target), { labels: plan.targets.map(({ id }) => id) }), column('seed', run => run.seed), column('converged', (_, row) => (row.converged ? 1 : 0)),
    ...plan.options.map(({ name, labels }, place) => column(name, chosen(place), labels ? { labels } : {})),
    ...(plan.abscissa === undefined ? [] : [column('swept', chosen(plan.abscissa), { title: plan.options[plan.abscissa].name })]),
  ]
  const taken = new Set(arrays.map(({ name }) => name))
  const metrics = [...new Set(rows.flatMap(row => Object.keys(row.metrics)))]
  // An option may have the name of a metric: the metric is then found under its own with an underscore.
  for (const metric of metrics) arrays.push(column(taken.has(metric) ? `${metric}_` : metric, (_, row) => row.metrics[metric] ?? NaN))
  for (const [source, { name }] of Object.entries(kept)) {
    const curves = rows.map(row => row.curves[source])
    const longest = curves.reduce<RunCurve | undefined>((best, curve) => (curve && (!best || curve.at.length > best.at.length) ? curve : best), undefined)
    if (!longest) continue
    const points = longest.at.length
    const values = new Float64Array(rows.length * points).fill(NaN)
    curves.forEach((curve, r) => {
      // Steps of measurement are the same in all runs as far as each goes.
      curve?.values.forEach((value, i) => { if (curve.at[i] === longest.at[i]) values[r * points + i] = value })
    })
    arrays.push({ name: `${name}_steps`, values: longest.at, title: 'step' }, { name: `${name}_curves`, values, shape: [rows.length, points] })
  }
  return arrays
}

/** Median, least and greatest of a metric in each group, as metrics of the sweep: by the metric's name alone where there is one group. */
export function groupMetrics(plan: SweepPlan, runs: readonly PlannedRun[], rows: readonly Row[]): Record<string, number> {
  const found: Record<string, number> = {}
  if (plan.groups.length > mostGroups) return found
  const names = ['relative_l2', 'relative_l2_spacetime', 'loss'].filter(name => rows.some(row => row.metrics[name] !== undefined))
  for (const [g, label] of plan.groups.entries()) {
    const suffix = plan.groups.length === 1 ? '' : `_${label.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '')}`
    for (const name of names) {
      const values = rows.flatMap((row, r) => (runs[r].group === g && row.metrics[name] !== undefined ? [row.metrics[name]] : [])).sort((a, b) => a - b)
      if (values.length === 0) continue
      const middle = values.length >> 1
      found[`${name}_median${suffix}`] = values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
      found[`${name}_least${suffix}`] = values[0]
      found[`${name}_greatest${suffix}`] = values[values.length - 1]
    }
  }
  return found
}

/** More would be a table in a place for a few numbers. */
const mostGroups = 12
