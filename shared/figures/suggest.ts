import type { ArrayInfo } from '../fields/array-info'
import type { FigureSpecification, PanelSpecification } from './specification'
import { trainingPanels } from './training'
import type { PresetId } from './presets'
import { defaultPreset } from './presets'

/** Names a convergence study may give to its abscissa and its errors. */
const abscissae = ['h', 'spacing', 'mesh_size', 'dt', 'unknowns', 'resolution', 'resolutions', 'nodes']
const errorName = /error|_l2|^l2|_h1|^h1|max/
const historyName = /residual|loss|history/

/**
 * The default figure of a step's result, or undefined when nothing in it can be drawn.
 * One space axis and times: space–time map and curves at three times; one axis: a curve; two axes: map with contour lines (three times side by side
 * for an evolution); three axes: the middle plane; a comparison: both fields and their difference; a convergence study: errors on logarithmic axes with a slope; a residual history: semi-logarithmic.
 */
export function suggestFigure(stepId: string, arrays: readonly ArrayInfo[], title: string, options: { readonly preset?: PresetId } = {}): FigureSpecification | undefined {
  const panels = suggestPanels(stepId, arrays)
  if (!panels) return undefined
  const wide = panels.length > 1 && !options.preset
  return { id: `figure-${stepId}`.slice(0, 64), title, preset: options.preset ?? (wide ? 'nature-double' : defaultPreset), panels }
}

function suggestPanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const study = sweepPanels(stepId, arrays) ?? dimensionPanels(stepId, arrays) ?? energyPanels(stepId, arrays) ?? convergencePanels(stepId, arrays)
  if (study) return study
  const fields = arrays.filter(array => array.axes && array.axes.length > 0)
  const comparison = comparisonPanels(stepId, fields)
  if (comparison) return comparison
  const field = mainField(fields)
  return field ? fieldPanels(stepId, field) : historyPanels(stepId, arrays)
}

/** The solution rather than what is told of it: errors, residuals, differences. */
export const mainField = <T extends { readonly name: string }>(fields: readonly T[]): T | undefined => fields.find(({ name }) => !/^(error|residual)(_|$)|difference/.test(name)) ?? fields[0]

/** The two fields of a compare step and their difference: maps, or curves where there is one axis and no time. */
function comparisonPanels(stepId: string, fields: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const [a, b, difference] = ['a', 'b', 'difference'].map(name => fields.find(field => field.name === name))
  if (!a || !b || !difference) return undefined
  const data = (field: ArrayInfo): string => `${stepId}/${field.name}`
  if (a.axes!.length === 1 && (a.times?.length ?? 0) < 2) {
    return [
      { marks: [a, b].map(field => ({ mark: 'line' as const, data: data(field), label: `$${field.name}$` })) },
      { marks: [{ mark: 'line', data: data(difference) }], y: { label: '$a-b$' } },
    ]
  }
  const at = a.axes!.length > 2 ? { at: { z: (a.axes![2].lower + a.axes![2].upper) / 2 } } : {}
  return [a, b, difference].map(field => ({
    title: field === difference ? '$a-b$' : `$${field.name}$`,
    marks: [{ mark: 'heatmap' as const, data: data(field), ...at }],
    colours: { label: '' },
  }))
}

function fieldPanels(stepId: string, field: ArrayInfo): PanelSpecification[] {
  const data = `${stepId}/${field.name}`
  const axes = field.axes!
  const times = field.times && field.times.length > 1 ? field.times : undefined
  if (axes.length === 1) {
    if (!times) return [{ marks: [{ mark: 'line', data }] }]
    return [
      { marks: [{ mark: 'heatmap', data, view: 'spacetime' }] },
      { marks: [{ mark: 'line', data, time: spreadTimes(times, 3) }] },
    ]
  }
  const at = axes.length > 2 ? { z: (axes[2].lower + axes[2].upper) / 2 } : undefined
  const map = (time?: number): PanelSpecification => ({
    marks: [{ mark: 'heatmap', data, contours: 8, ...(at ? { at } : {}), ...(time === undefined ? {} : { time }) }],
  })
  return times ? spreadTimes(times, Math.min(3, times.length)).map(time => map(time)) : [map()]
}

/** `count` of the output times, first and last among them, evenly spread by index. */
function spreadTimes(times: readonly number[], count: number): number[] {
  const n = Math.min(count, times.length)
  return Array.from({ length: n }, (_, i) => times[n === 1 ? 0 : Math.round((i * (times.length - 1)) / (n - 1))])
}

/** Runs of a sweep: their errors and losses over steps, and the error over what was varied. */
function sweepPanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const there = (name: string): ArrayInfo | undefined => arrays.find(array => array.name === name)
  if (!there('group')?.labels) return undefined
  const swept = there('swept')
  const scaleOf = ({ minimum, maximum }: ArrayInfo): 'log' | 'linear' => (minimum > 0 && maximum > 30 * minimum ? 'log' : 'linear')
  const over = swept && ['relative_l2_spacetime', 'relative_l2', 'loss', 'residual'].map(there).find(array => array !== undefined)
  const panels: PanelSpecification[] = over ? [{
    marks: [{ mark: 'band', data: `${stepId}/${over.name}`, x: `${stepId}/swept`, group: `${stepId}/series` }],
    x: { ...(swept.title === undefined ? {} : { label: swept.title.replaceAll('_', ' ') }), scale: scaleOf(swept) }, y: { label: errorLabel(over.name), scale: 'log' },
  }] : []
  for (const name of ['relative_l2', 'loss', 'residuals']) {
    const curves = there(`${name}_curves`)
    if (!curves || panels.length === 2) continue
    panels.push({ marks: [{ mark: 'band', data: `${stepId}/${curves.name}`, x: `${stepId}/${name}_steps`, group: `${stepId}/group`, markers: false }], x: { label: 'step', scale: 'log' }, y: { label: errorLabel(name), scale: curves.minimum >= 0 ? 'log' : 'linear' } })
  }
  return panels.length > 0 ? panels : undefined
}

/** Unknowns over the dimension: the curse of dimensionality. */
function dimensionPanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const counts = [2, 4].filter(order => arrays.some(array => array.name === `unknowns_order${order}`))
  if (counts.length === 0 || !arrays.some(array => array.name === 'dimension')) return undefined
  const line = (name: string, label: string, more: object) => ({ mark: 'line' as const, data: `${stepId}/${name}`, x: `${stepId}/dimension`, label, ...more })
  const colours = ['#0072b2', '#d55e00']
  return [
    {
      marks: [
        ...counts.map((order, k) => line(`measured_unknowns_order${order}`, `order ${order}, measured`, { markers: true, dash: 'solid', colour: colours[k] })),
        ...counts.map((order, k) => line(`unknowns_order${order}`, `order ${order}, extrapolated`, { markers: false, dash: 'dashed', colour: colours[k] })),
        ...(arrays.some(array => array.name === 'network_unknowns') ? [line('network_unknowns', 'network, measured', { markers: true, dash: 'solid', colour: '#009e73' })] : []),
        line('width_grid', 'grid of width $\\varepsilon$', { dash: 'dotted', markers: false, colour: '#000000' }),
      ],
      x: { label: 'dimension $d$' },
      y: { label: 'unknowns', scale: 'log' },
    },
  ]
}

/** The excess of the energy between its bounds, over mesh widths. */
function energyPanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const labels: Readonly<Record<string, string>> = {
    energy_gap: '$\\Sigma(u_N)-\\Sigma(u^*)$', half_energy_norm: '$\\frac{1}{2}a(e,e)$', upper_bound: 'interpolant', lower_bound: '$C\\|e\\|^2$',
  }
  const there = Object.keys(labels).filter(name => arrays.some(array => array.name === name && array.minimum > 0))
  if (!there.includes('energy_gap')) return undefined
  const bound = (name: string): boolean => name.endsWith('bound')
  return [
    {
      marks: there.map(name => ({ mark: 'line' as const, data: `${stepId}/${name}`, x: `${stepId}/h`, label: labels[name], ...(bound(name) ? { dash: 'dotted' as const, markers: false } : {}) })),
      x: { label: '$h$', scale: 'log' },
      y: { label: 'energy', scale: 'log' },
    },
  ]
}

function convergencePanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const isColumn = (array: ArrayInfo): boolean => !array.axes && array.shape.length === 1 && array.shape[0] > 1 && array.minimum > 0
  const abscissa = abscissae.map(name => arrays.find(array => array.name === name && isColumn(array))).find(found => found !== undefined)
  if (!abscissa) return undefined
  const errors = arrays.filter(array => array !== abscissa && isColumn(array) && array.shape[0] === abscissa.shape[0] && errorName.test(array.name))
  if (errors.length === 0) return undefined
  return [
    {
      marks: [
        ...errors.map(array => ({ mark: 'line' as const, data: `${stepId}/${array.name}`, x: `${stepId}/${abscissa.name}`, label: errorLabel(array.name), fit: true })),
        { mark: 'slope' as const },
      ],
      x: { label: abscissa.name === 'h' ? '$h$' : abscissa.name.replaceAll('_', ' '), scale: 'log' },
      y: { label: 'error', scale: 'log' },
    },
  ]
}

/** `relative_l2` → "relative $L^2$". */
function errorLabel(name: string): string {
  return name.replaceAll('_', ' ').replace(/\bl2\b/, '$L^2$').replace(/\bh1\b/, '$H^1$')
}

function historyPanels(stepId: string, arrays: readonly ArrayInfo[]): PanelSpecification[] | undefined {
  const training = trainingPanels('history', stepId, arrays)
  if (training) return training
  const histories = arrays.filter(array => array.shape.length === 1 && array.shape[0] > 1 && historyName.test(array.name)).slice(0, 6)
  if (histories.length === 0) {
    const first = arrays.find(array => array.shape.length === 1 && array.shape[0] > 1)
    return first ? [{ marks: [{ mark: 'line', data: `${stepId}/${first.name}` }] }] : undefined
  }
  return [
    {
      marks: histories.map(array => ({ mark: 'line' as const, data: `${stepId}/${array.name}`, label: array.name.replaceAll('_', ' ') })),
      x: { label: 'iteration' },
      y: { label: histories.length === 1 ? histories[0].name.replaceAll('_', ' ') : undefined, scale: histories.every(array => array.maximum > 0) ? 'log' : 'linear' },
    },
  ]
}
