import type { AxisScale } from '../../../charts/plot-frame'

/** How the arrays of a study are drawn over one another. One more study is one entry. */
export interface Study {
  /** Kind of the step. */
  readonly kind: string
  /** The array that opens the view in lists. */
  readonly opens: string
  readonly x: string
  readonly xLabel: string
  readonly xScale: AxisScale
  readonly yLabel: string
  readonly curves: readonly StudyCurve[]
  /** One sentence under the plot that says what to see. */
  readonly reading: string
}

export interface StudyCurve {
  readonly array: string
  readonly label: string
  /** 1 where the value was measured, 0 where it is extrapolated: drawn apart, and said so in the legend. */
  readonly measured?: string
  /** A bound or a reference: a dotted line without markers. */
  readonly bound?: boolean
}

export const studies: readonly Study[] = [
  {
    kind: 'dimensions', opens: 'dimension', x: 'dimension', xLabel: 'dimension d', xScale: 'linear', yLabel: 'unknowns',
    curves: [
      { array: 'unknowns_order2', label: 'order 2', measured: 'measured_order2' },
      { array: 'unknowns_order4', label: 'order 4', measured: 'measured_order4' },
      { array: 'network_unknowns', label: 'network' },
      { array: 'width_grid', label: 'grid of width ε', bound: true },
    ],
    reading: 'Unknowns that are needed for one error ε: on a grid they grow like ε^(−d/s) for a scheme of order s.',
  },
  {
    kind: 'energy-bounds', opens: 'energy_gap', x: 'h', xLabel: 'mesh width h', xScale: 'log', yLabel: 'energy',
    curves: [
      { array: 'energy_gap', label: 'Σ(u_N) − Σ(u*)' },
      { array: 'half_energy_norm', label: '½ a(u_N − u*, u_N − u*)' },
      { array: 'upper_bound', label: '½ inf a(u* − u, u* − u)', bound: true },
      { array: 'lower_bound', label: 'C ‖u* − u_N‖²', bound: true },
      { array: 'boundary_term', label: '|∫ a (u_N − u*) ∂ₙu*|' },
    ],
    reading: 'The excess of the energy is half the squared energy norm of the error, and lies between its two bounds.',
  },
  {
    kind: 'formulations', opens: 'least_squares', x: 'condition', xLabel: 'condition number κ', xScale: 'log', yLabel: 'iterations',
    curves: [
      { array: 'least_squares', label: 'least squares' },
      { array: 'energy', label: 'minimal energy' },
      { array: 'galerkin', label: 'Galerkin' },
      { array: 'cg_least_squares', label: 'conjugate gradients on AᵀA' },
      { array: 'cg', label: 'conjugate gradients' },
      { array: 'condition_squared', label: 'κ²', bound: true },
    ],
    reading: 'One solution, but the descent on ‖Ax − b‖² needs about κ² steps where energy and Galerkin need κ.',
  },
]

export const studyOf = (kind: string | undefined): Study | undefined => studies.find(study => study.kind === kind)
