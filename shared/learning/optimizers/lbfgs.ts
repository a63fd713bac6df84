import { dot, strongWolfe, type LineSearchOptions } from './line-search'
import type { MinimiserFamily } from './minimisers'
import type { Minimiser, MinimiserState } from './objective'

export interface LbfgsOptions extends LineSearchOptions {
  /** Pairs of steps and gradient differences kept. 10 for large problems; 50 to 100 pays for physics-informed networks. */
  readonly history?: number
}

export interface LbfgsState extends MinimiserState {
  /** Steps s and gradient differences y, oldest first. */
  readonly steps: readonly Float64Array[]
  readonly differences: readonly Float64Array[]
}

/** Why a line search that finds nothing ends the iteration. */
export const stalledReason = (value: number, slope: number): string => `No step along the direction of descent lowers the value ${value.toExponential(3)} (slope ${slope.toExponential(1)}): it is at the limit of its precision.`

/**
 * Limited-memory BFGS: the direction −H g by the two-loop recursion with H₀ = (sᵀy/yᵀy) I, a strong Wolfe line search, pairs with sᵀy > 0 only. When no step lowers the value, the history is
 * dropped and steepest descent tried once. Liu & Nocedal 1989, doi:10.1007/BF01589116.
 */
export function lbfgs({ history = 20, ...search }: LbfgsOptions = {}): Minimiser<LbfgsState> {
  return {
    async start(objective, x) {
      const { value, gradient } = await objective.valueAndGradient(x)
      return { x: x.slice(), value, gradient, iterations: 0, evaluations: 1, length: 0, steps: [], differences: [] }
    },
    async advance(objective, state) {
      const direction = twoLoops(state.gradient, state.steps, state.differences).map(v => -v)
      const slope = dot(direction, state.gradient)
      if (!(slope < 0)) return state.steps.length > 0 ? { ...state, steps: [], differences: [] } : { ...state, stalled: 'The gradient is zero.' }
      // Without curvature the gradient's size says nothing about the step's.
      const first = state.steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
      const { found, evaluations } = await strongWolfe(objective, state.x, state.value, slope, direction, first, search)
      const counted = { iterations: state.iterations + 1, evaluations: state.evaluations + evaluations }
      if (!found) return state.steps.length > 0 ? { ...state, ...counted, length: 0, steps: [], differences: [] } : { ...state, ...counted, length: 0, stalled: stalledReason(state.value, slope) }
      const s = found.x.map((v, i) => v - state.x[i])
      const y = found.gradient.map((v, i) => v - state.gradient[i])
      const curved = dot(s, y) > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y))
      const last = <T>(list: readonly T[]): readonly T[] => list.slice(Math.max(0, list.length - history))
      return {
        x: found.x, value: found.value, gradient: found.gradient, ...counted, length: found.step,
        steps: curved ? last([...state.steps, s]) : state.steps, differences: curved ? last([...state.differences, y]) : state.differences,
      }
    },
    async refresh(objective, { stalled: _, ...state }) {
      return { ...state, ...(await objective.valueAndGradient(state.x)), evaluations: state.evaluations + 1 }
    },
    store: ({ x, gradient, steps, differences, stalled, ...scalars }) => ({
      scalars: { ...scalars, ...(stalled === undefined ? {} : { stalled }) },
      arrays: { x, gradient, ...Object.fromEntries(steps.flatMap((s, i) => [[`step ${i}`, s], [`difference ${i}`, differences[i]]])) },
    }),
    restore: ({ scalars, arrays }) => {
      const listed = (name: string): Float64Array[] => Array.from({ length: Object.keys(arrays).filter(key => key.startsWith(`${name} `)).length }, (_, i) => arrays[`${name} ${i}`])
      return { ...restoredCounters(scalars), x: arrays.x, gradient: arrays.gradient, steps: listed('step'), differences: listed('difference') }
    },
  }
}

export const restoredCounters = (scalars: Readonly<Record<string, number | string>>): Omit<MinimiserState, 'x' | 'gradient'> => ({
  value: Number(scalars.value), iterations: Number(scalars.iterations), evaluations: Number(scalars.evaluations), length: Number(scalars.length),
  ...(scalars.stalled === undefined ? {} : { stalled: String(scalars.stalled) }),
})

/** H g. Nocedal & Wright 2006, algorithm 7.4. */
function twoLoops(gradient: Float64Array, steps: readonly Float64Array[], differences: readonly Float64Array[]): Float64Array {
  const q = gradient.slice()
  const m = steps.length
  if (m === 0) return q
  const alphas = new Float64Array(m)
  const rhos = steps.map((s, i) => 1 / dot(s, differences[i]))
  for (let i = m - 1; i >= 0; i--) {
    alphas[i] = rhos[i] * dot(steps[i], q)
    for (let j = 0; j < q.length; j++) q[j] -= alphas[i] * differences[i][j]
  }
  const scale = 1 / (rhos[m - 1] * dot(differences[m - 1], differences[m - 1]))
  for (let j = 0; j < q.length; j++) q[j] *= scale
  for (let i = 0; i < m; i++) {
    const beta = alphas[i] - rhos[i] * dot(differences[i], q)
    for (let j = 0; j < q.length; j++) q[j] += beta * steps[i][j]
  }
  return q
}

export const lbfgsFamily: MinimiserFamily<LbfgsOptions> = { build: options => lbfgs(options) as Minimiser<MinimiserState> }
