import type { ArrayInfo } from '../fields/array-info'
import type { PanelSpecification } from './specification'

/** What can be drawn of a training beside its field; the ids of the window's views. */
export type TrainingPlot = 'history' | 'spectrum' | 'ntk' | 'weights' | 'grid-beside'

/** Panels of a training's curves, spectra, histogram, or its error beside that of grids; undefined where the result has not what they need. */
export function trainingPanels(plot: TrainingPlot, stepId: string, arrays: readonly ArrayInfo[], metrics: Readonly<Record<string, number>> = {}): PanelSpecification[] | undefined {
  const has = (name: string): boolean => arrays.some(array => array.name === name)
  const line = (name: string, more: object = {}) => ({ mark: 'line' as const, data: `${stepId}/${name}`, markers: false, ...more })
  const at = (name: string): string => `${stepId}/${name}`
  if (plot === 'history') {
    if (!has('loss')) return undefined
    const terms = arrays.filter(({ name }) => name.startsWith('loss_')).map(({ name }) => name)
    const losses: PanelSpecification = {
      marks: ['loss', ...terms].slice(0, 40).map(name => line(name, { label: words(name) })), x: { label: 'step' }, y: { label: 'loss', scale: 'log' },
    }
    if (!has('relative_l2_curve') || !has('relative_l2_steps')) return [losses]
    return [losses, { marks: [line('relative_l2_curve', { x: at('relative_l2_steps') })], x: { label: 'step' }, y: { label: 'relative $L^2$ error', scale: 'log' } }]
  }
  if (plot === 'spectrum') {
    const singular = arrays.find(({ name }) => name === 'singular_values')
    if (!singular) return undefined
    return [{
      marks: [
        line('singular_values', { label: '$\\sigma_k$', dash: 'solid' }), ...(has('residual_coefficients') ? [line('residual_coefficients', { label: '$|u_k^\\top r|$', dash: 'dotted' })] : []),
        ...(metrics.cutoff === undefined ? [] : [{ mark: 'rule' as const, y: metrics.cutoff * singular.maximum, label: 'cut-off' }]),
      ],
      x: { label: '$k$' }, y: { label: 'singular value', scale: 'log' },
    }]
  }
  if (plot === 'ntk') {
    if (!has('ntk')) return undefined
    const ends = arrays.filter(({ name }) => /^ntk(_|$)/.test(name) && !name.endsWith('_start')).map(({ name }) => name).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#000000', '#e69f00', '#56b4e9']
    return [{
      marks: ends.flatMap((name, k) => {
        const own = { colour: colours[k % colours.length] }
        const label = name === 'ntk' ? 'whole loss' : words(name.slice(4))
        return [line(name, { ...own, label, dash: 'solid' }), ...(has(`${name}_start`) ? [line(`${name}_start`, { ...own, label: `${label}, start`, dash: 'dashed' })] : [])]
      }).slice(0, 40),
      x: { label: '$k$' }, y: { label: 'eigenvalue of $K$', scale: 'log' },
    }]
  }
  if (plot === 'weights') {
    if (!has('weights_histogram') || !has('weights_edges')) return undefined
    return [{
      marks: [line('weights_histogram', { x: at('weights_edges'), label: 'end', dash: 'solid' }), ...(has('weights_histogram_start') ? [line('weights_histogram_start', { x: at('weights_edges'), label: 'start', dash: 'dashed' })] : [])],
      x: { label: 'parameter' }, y: { label: 'share of the parameters' },
    }]
  }
  if (!has('grid_relative_l2') || !has('relative_l2_curve')) return undefined
  return [{
    marks: [line('relative_l2_curve', { x: at('seconds_training'), label: 'network' }), line('grid_relative_l2', { x: at('seconds_grid'), label: 'grids', markers: true })],
    x: { label: 'seconds', scale: 'log' }, y: { label: 'relative $L^2$ error', scale: 'log' },
  }]
}

const words = (name: string): string => name.replace(/^loss_/, '').replaceAll('_', ' ')
