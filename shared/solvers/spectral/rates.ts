import type { Libm } from '../../expressions/libm'
import type { Block, Team } from '../../kernels/team'
import { denseRadius } from './modal-matrix'
import { isSecond, type Slope } from './slopes'
import { eachMode, type ModeAxis } from './wavenumbers'

/** Bounds of the rates that the linearised N adds to the symbol, 1/time. */
export interface RateBounds {
  /** At the largest kept wavenumbers: the spectral radius of the matrix Σ max |∂N_i/∂(∂^orders e_j)| · k^orders. */
  readonly largest: number
  /** Row sums of that matrix by mode and evolving component, with the part of e's own pure second derivatives (`diffusive`) apart from all others. */
  byMode(visit: (mode: number, component: number, diffusive: number, other: number) => void): void
}

export interface RateQuestion {
  readonly rows: readonly number[]
  readonly slopes: () => readonly Slope[]
  readonly axes: readonly ModeAxis[]
  /** Fills the jets for the present state. */
  evaluate(): void
  readonly time: number
  readonly nodes: number
  readonly work: Block
  readonly team: Team
  readonly libm: Libm
}

export function rateBounds({ rows, slopes, axes, evaluate, time, nodes, work, team, libm }: RateQuestion): RateBounds {
  const list = slopes()
  if (list.length > 0) evaluate()
  const sizes = list.map(slope => {
    slope.run(time)
    return team.reduce('vectors.maxAbs', 0, nodes, [work.pointer], { combine: 'max' })
  })
  const n = rows.length
  const bound = new Float64Array(2 * n * n)
  list.forEach((slope, k) => (bound[2 * (slope.row * n + slope.column)] += sizes[k] * slope.peak))
  const own = ({ row, column, jet }: Slope): boolean => row === column && isSecond(jet.orders)
  return {
    largest: bound.some(v => !Number.isFinite(v)) ? Infinity : denseRadius(bound, n, libm),
    byMode: visit => eachMode(axes, (mode, j, l, m) => {
      for (let row = 0; row < n; row++) {
        let diffusive = 0
        let other = 0
        list.forEach((slope, k) => {
          if (slope.row !== row || slope.peak === 0) return
          const { powers } = slope.jet
          const rate = sizes[k] * Math.abs(powers[0][j] * (powers[1]?.[l] ?? 1) * (powers[2]?.[m] ?? 1))
          if (own(slope)) diffusive += rate
          else other += rate
        })
        visit(mode, row, diffusive, other)
      }
    }),
  }
}
