import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { RandomStream } from '../random'

export interface AdaptiveOptions {
  /** k: how strongly large residuals attract points. 1 by default; 2 for sharp fronts. */
  readonly exponent?: number
  /** c: the even share. 1 by default; 0 leaves regions of small residual without points. */
  readonly constant?: number
}

/**
 * The density of points relative to the candidates', p_i = (|r_i|^k / mean |r|^k + c) / (1 + c), whose mean is 1. A point drawn by it stands for the volume |Ω| / (n p_i).
 * All residuals zero: even. Wu, Zhu, Tan, Kartha & Lu 2023, doi:10.1016/j.cma.2022.115671, eq. 2.
 *
 * Throws FaultError `non-finite-residual`.
 */
export function residualDensity(residuals: ArrayLike<number>, { exponent = 1, constant = 1 }: AdaptiveOptions, libm: Libm): Float64Array {
  const largest = Array.prototype.reduce.call(residuals, (most: unknown, r: unknown) => Math.max(most as number, Math.abs(r as number)), 0) as number
  if (!(largest < Infinity)) throw new FaultError(error('non-finite-residual', 'The residual is not finite at a candidate point, so points cannot be placed by it.', { tip: 'Lower the learning rate, or start again from the best state.' }))
  // Relative to the largest, so that no power overflows.
  const powers = Float64Array.from(residuals, r => (largest === 0 ? 1 : exponent === 1 ? Math.abs(r) / largest : r === 0 ? 0 : libm.pow(Math.abs(r) / largest, exponent)))
  const mean = powers.reduce((sum, p) => sum + p, 0) / Math.max(1, powers.length)
  return powers.map(p => (p / mean + constant) / (1 + constant))
}

/**
 * Residual-adaptive distribution (RAD): the indices, in increasing order, of `count` different candidates drawn with probabilities in proportion to `residualDensity`. Use ten or more candidates per point.
 * Drawing without replacement as a race of exponential times: Efraimidis & Spirakis 2006, doi:10.1016/j.ipl.2005.11.003.
 */
export function drawByResidual(residuals: ArrayLike<number>, count: number, options: AdaptiveOptions & { readonly stream: RandomStream; readonly libm: Libm }): Int32Array {
  const density = residualDensity(residuals, options, options.libm)
  const draws = options.stream.uniform(density.length)
  const times = density.map((p, i) => (p > 0 ? -options.libm.log(1 - draws[i]) / p : Infinity))
  return first(times, count)
}

/** Residual-based adaptive refinement (RAR): the indices, in increasing order, of the `count` candidates with the largest residuals, to be added to the points. Lu et al. 2021, doi:10.1137/19M1274067. */
export function largestResiduals(residuals: ArrayLike<number>, count: number): Int32Array {
  return first(Float64Array.from(residuals, r => -Math.abs(r)), count)
}

function first(keys: Float64Array, count: number): Int32Array {
  if (!(count >= 0 && count <= keys.length)) throw new Error(`${count} out of ${keys.length} candidates`)
  return Int32Array.from(keys.keys()).sort((i, j) => keys[i] - keys[j] || i - j).subarray(0, count).slice().sort()
}
