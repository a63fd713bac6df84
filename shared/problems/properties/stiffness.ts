import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { ParsedStatement } from '../parsed'
import type { RawSystem } from '../system'
import type { Linearisation } from './linearisation'

/** Half the length of the imaginary stability interval of the classical Runge–Kutta method, about that of the real one: steps are stable up to this over the spectral radius. */
const STABILITY = 2.8
/** A run of so many explicit steps is short whatever makes the steps small. */
const FEW_STEPS = 1000

/**
 * Whether explicit steps are far shorter than the solution asks for: the spectral radius ρ(h) of the linearised rates on a mesh of usual width, bounded by the matrix of the absolute symbols
 * Σ max|∂F/∂u_α| (2/h)^{|α|}, and its growth ρ(h/2)/ρ(h). Growth like 1/h is transport or waves, whose steps follow the solution; faster growth is diffusion or dispersion.
 */
export function stiffness(linearisation: Linearisation, states: readonly Record<string, number>[], raw: RawSystem, statement: ParsedStatement, libm: Libm): { readonly stiff: boolean; readonly reason: string } | undefined {
  const { time, axes } = statement
  if (!time || axes.length === 0) return undefined
  const rates = new Set(raw.rows.flatMap((row, i) => (row.kind === 'rate' ? [i] : [])))
  const entries = linearisation.entries.filter(e => rates.has(e.row) && rates.has(e.component))
  const sizes = entries.map(({ coefficient }) => {
    let most = 0
    for (const state of coefficient.kind === 'number' ? [{}] : states) {
      const value = Math.abs(evaluate(coefficient, state, libm))
      if (Number.isFinite(value)) most = Math.max(most, value)
    }
    return most
  })
  const intervals = [256, 128, 64][axes.length - 1]
  const radius = (finer: number, orders: (order: number) => boolean): number => {
    const n = raw.components.length
    const matrix = Array.from({ length: n }, () => new Float64Array(n))
    entries.forEach(({ row, component, along }, k) => {
      if (!orders(along.length)) return
      const growth = along.reduce((product, c) => {
        const axis = axes.find(a => a.name === c)!
        return (product * 2 * intervals * finer) / (axis.upper - axis.lower)
      }, 1)
      matrix[row][component] += sizes[k] * growth
    })
    return spectralRadius(matrix)
  }
  const all = radius(1, () => true)
  const growth = radius(2, () => true) / all
  const length = time[1] - time[0]
  const steps = (length * all) / STABILITY
  const text = (value: number): string => String(Number(value.toPrecision(2)))
  if (!Number.isFinite(steps)) return undefined
  const limit = `explicit steps of at most ${text(STABILITY / all)} on ${intervals} intervals per axis`
  const highest = Math.max(0, ...entries.filter((_, k) => sizes[k] > 0).map(e => e.along.length))
  if (steps <= FEW_STEPS) return { stiff: false, reason: `Not stiff: ${limit} are few enough over the time interval.` }
  if (growth > 2.8) return { stiff: true, reason: `Stiff: derivatives of order ${highest} allow only ${limit}, some ${text(steps)} steps.` }
  const reaction = radius(1, order => order === 0)
  if (reaction > 0.5 * all && (length * reaction) / STABILITY > FEW_STEPS) return { stiff: true, reason: `Stiff: reactions with the rate ${text(reaction)} allow only explicit steps of at most ${text(STABILITY / reaction)}.` }
  return { stiff: false, reason: `Not stiff: ${limit} follow how fast the waves of the solution cross a cell.` }
}

/** Of a matrix with entries ≥ 0, from the growth of its squares scaled to one: ρ = lim ‖Mᵏ‖^{1/k}. */
function spectralRadius(matrix: readonly Float64Array[]): number {
  const n = matrix.length
  let m = matrix.map(row => Float64Array.from(row))
  let scale = 1
  let exponent = 1
  for (let step = 0; step < 12; step++) {
    const norm = Math.max(...m.map(row => row.reduce((sum, v) => sum + v, 0)))
    if (!(norm > 0)) return 0
    // Mᵏ = (scale)ᵏ-th power kept apart: the root of every factor is taken at its own level.
    scale *= root(norm, exponent)
    m = m.map(row => row.map(v => v / norm))
    m = m.map(row => Float64Array.from({ length: n }, (_, j) => row.reduce((sum, v, k) => sum + v * m[k][j], 0)))
    exponent *= 2
  }
  return scale
}

/** The 2^k-th root by square roots. */
function root(value: number, exponent: number): number {
  let result = value
  for (let e = exponent; e > 1; e /= 2) result = Math.sqrt(result)
  return result
}
