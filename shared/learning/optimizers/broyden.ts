import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import { restoredCounters, stalledReason } from './lbfgs'
import { dot, strongWolfe, type LineSearchOptions } from './line-search'
import type { MinimiserFamily } from './minimisers'
import type { Minimiser, MinimiserState } from './objective'

export interface BroydenOptions extends LineSearchOptions {
  /** `broyden`: SSBroyden, scaled member of Broyden's family; `bfgs`: self-scaled BFGS; `unscaled`: plain BFGS. Default `broyden`. */
  readonly update?: 'broyden' | 'bfgs' | 'unscaled'
  /** The inverse Hessian of n parameters takes 4 n (n + 1) bytes. Default 1 GiB: 16 000 parameters. */
  readonly maximumBytes?: number
  readonly libm: Libm
}

export interface BroydenState extends MinimiserState {
  /** Lower triangle of the symmetric inverse Hessian H, row by row. Belongs to this state alone: `advance` goes on in the same memory. */
  readonly inverseHessian: Float64Array
  /** −H g. */
  readonly direction: Float64Array
}

/**
 * Self-scaled Broyden methods with a dense inverse Hessian in double precision:
 *
 *   H ← (H − H y yᵀ H / yᵀHy + φ v vᵀ) / τ + s sᵀ / yᵀs,   v = √(yᵀHy) (s / yᵀs − H y / yᵀHy).
 *
 * φ and τ from b = sᵀBs/yᵀs, h = yᵀHy/yᵀs, a = hb − 1: Al-Baali & Khalfan's choice (§2.2, eqs. 13–23 of the paper below). One product H g per iteration serves Hy and the next direction.
 * For deterministic losses of up to some thousand parameters in double precision; reaches losses near 1e-16 where L-BFGS stalls far above.
 * Urbán, Stefanou & Pons 2025, doi:10.1016/j.jcp.2024.113656 (arXiv:2405.04230); Al-Baali, Spedicato & Maggioni 2014, doi:10.1080/10556788.2013.856909.
 */
export function selfScaledBroyden({ update = 'broyden', maximumBytes = 2 ** 30, libm, ...search }: BroydenOptions): Minimiser<BroydenState> {
  return {
    async start(objective, x) {
      const n = objective.dimension
      if (4 * n * (n + 1) > maximumBytes) {
        throw new FaultError(error('optimizer-memory', `The inverse Hessian of ${n} parameters takes ${Math.ceil((4 * n * (n + 1)) / 2 ** 20)} MiB, more than the ${Math.floor(maximumBytes / 2 ** 20)} MiB allowed.`, { tip: 'Take a smaller network or L-BFGS.' }))
      }
      const { value, gradient } = await objective.valueAndGradient(x)
      return { x: x.slice(), value, gradient, iterations: 0, evaluations: 1, length: 0, inverseHessian: identity(n), direction: gradient.map(g => -g) }
    },
    async advance(objective, state) {
      const { x, value, gradient, direction, inverseHessian: h } = state
      const n = x.length
      const slope = dot(direction, gradient)
      if (slope === 0) return { ...state, stalled: 'The gradient is zero.' }
      const fresh = isIdentity(h, n)
      const first = fresh ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
      const { found, evaluations } = slope < 0 ? await strongWolfe(objective, x, value, slope, direction, first, search) : { found: undefined, evaluations: 0 }
      const counted = { iterations: state.iterations + 1, evaluations: state.evaluations + evaluations }
      if (!found) return fresh ? { ...state, ...counted, length: 0, stalled: stalledReason(value, slope) } : { ...state, ...counted, length: 0, inverseHessian: identity(n), direction: gradient.map(g => -g) }
      const s = found.x.map((v, i) => v - x[i])
      const y = found.gradient.map((v, i) => v - gradient[i])
      const ys = dot(y, s)
      const moved = { x: found.x, value: found.value, gradient: found.gradient, ...counted, length: found.step, inverseHessian: h }
      // H before the first update has the wrong size in every direction; this one is right along y.
      if (fresh) scale(h, ys > 0 ? ys / dot(y, y) : 1)
      const product = symmetricProduct(h, found.gradient)
      if (!(ys > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y)))) return { ...moved, direction: product.map(v => -v) }
      const hy = fresh ? symmetricProduct(h, y) : product.map((v, i) => v + direction[i])
      const yhy = dot(y, hy)
      // sᵀBs with Bs = −step·g, as s = −step·H g; B of the first step is the scaled identity's inverse.
      const sbs = fresh ? (dot(s, s) * dot(y, y)) / ys : -found.step * dot(s, gradient)
      const { tau, phi } = update === 'unscaled' ? { tau: 1, phi: 1 } : update === 'bfgs' ? { tau: Math.min(1, ys / sbs), phi: 1 } : scaling(sbs / ys, yhy / ys, n, libm)
      const [a, b, c] = [(phi * yhy) / (tau * ys * ys) + 1 / ys, -phi / (tau * ys), (phi - 1) / (tau * yhy)]
      const [p, q] = [s.map((v, i) => a * v + b * hy[i]), s.map((v, i) => b * v + c * hy[i])]
      for (let i = 0, at = 0; i < n; i++) {
        const [pi, qi, inverse] = [p[i], q[i], 1 / tau]
        for (let j = 0; j <= i; j++, at++) h[at] = inverse * h[at] + pi * s[j] + qi * hy[j]
      }
      const [sg, wg] = [dot(s, found.gradient), dot(hy, found.gradient)]
      return { ...moved, direction: product.map((v, i) => -(v / tau + p[i] * sg + q[i] * wg)) }
    },
    async refresh(objective, { stalled: _, ...state }) {
      const { value, gradient } = await objective.valueAndGradient(state.x)
      return { ...state, value, gradient, evaluations: state.evaluations + 1, direction: symmetricProduct(state.inverseHessian, gradient).map(v => -v) }
    },
    store: ({ x, gradient, inverseHessian, direction, stalled, ...scalars }) => ({
      scalars: { ...scalars, ...(stalled === undefined ? {} : { stalled }) }, arrays: { x, gradient, direction, inverseHessian: inverseHessian.slice() },
    }),
    restore: ({ scalars, arrays }) => ({ ...restoredCounters(scalars), x: arrays.x, gradient: arrays.gradient, direction: arrays.direction, inverseHessian: arrays.inverseHessian.slice() }),
  }
}

/** τ and φ of the self-scaled Broyden update for n parameters. */
function scaling(b: number, h: number, n: number, libm: Libm): { readonly tau: number; readonly phi: number } {
  const first = Math.min(1, 1 / b)
  // a = 0 when y and s already agree with H: every member of the family is then the same.
  const a = h * b - 1
  if (!(a > 1e-14)) return { tau: first, phi: 1 }
  const c = Math.sqrt(a / (a + 1))
  const rho = Math.min(1, h * (1 - c))
  const theta = Math.max((rho - 1) / a, Math.min(1 / rho, (1 - b) / b))
  const sigma = 1 + a * theta
  const power = n > 1 ? libm.pow(sigma, -1 / (n - 1)) : 1
  const tau = theta > 0 ? first * Math.min(power, 1 / theta) : Math.min(first * power, sigma)
  return { tau, phi: (1 - theta) / sigma }
}

function identity(n: number): Float64Array {
  const h = new Float64Array((n * (n + 1)) / 2)
  for (let i = 0; i < n; i++) h[(i * (i + 3)) / 2] = 1
  return h
}

/** Whether nothing has been learned yet; ends at the first entry otherwise. */
function isIdentity(h: Float64Array, n: number): boolean {
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j <= i; j++, at++) if (h[at] !== (i === j ? 1 : 0)) return false
  return true
}

function scale(h: Float64Array, factor: number): void {
  for (let i = 0; i < h.length; i++) h[i] *= factor
}

/** H x from the lower triangle; each entry is read once. */
function symmetricProduct(h: Float64Array, x: Float64Array): Float64Array {
  const n = x.length
  const y = new Float64Array(n)
  for (let i = 0, at = 0; i < n; i++) {
    const xi = x[i]
    let sum = 0
    for (let j = 0; j < i; j++, at++) {
      const v = h[at]
      sum += v * x[j]
      y[j] += v * xi
    }
    y[i] += sum + h[at++] * xi
  }
  return y
}

export const broydenFamily: MinimiserFamily<Omit<BroydenOptions, 'libm'>> = { build: (options, libm) => selfScaledBroyden({ ...options, libm }) as Minimiser<MinimiserState> }
