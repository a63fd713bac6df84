import { FaultError, error } from '../../../fault'
import type { Block } from '../../../kernels/team'
import { centralWeights } from '../jets/weights'
import type { StabilityLimits } from '../../time/stability-limits'
import type { StableStep } from '../../time/stepper'
import type { JetSystem } from './jet-system'
import type { Factor, Linearisation } from './linearisation'

/** Nodes at which the factors are looked at. */
const mostSamples = 4096

/** What limits an explicit step, 1/time: the spectral radius of the linearised rows, and the kinds of terms in it. */
export interface Rates {
  readonly total: number
  /** Of pure second derivatives, first and other odd derivatives, and undifferentiated terms. */
  readonly diffusion: number
  readonly advection: number
  readonly reaction: number
}

/**
 * The stability limit of explicit steps from the linearised rows on the real state: at sampled nodes the nonnegative matrix B_ij = Σ |∂row_i/∂jet| σ(jet)/limit bounds the symbol of the
 * linearisation over all wavenumbers, entry by entry, so by its Perron root the spectral radius too (R. A. Horn, C. R. Johnson, Matrix Analysis, theorem 8.1.18); σ(jet) is the sum of the absolute
 * weights of the difference formula. Even derivatives of a component in its own row count against the limit on the negative real axis, odd ones against that on the imaginary axis, all couplings
 * against the smaller of the two: dt ≤ 1/ρ(B).
 */
export function createStability(system: JetSystem, linearisation: Linearisation) {
  const { nodes, count, operators: { order, active, grid }, problem } = system
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const sigma = (orders: Factor['orders']): number => orders.reduce((product, m, a) => {
    if (m === 0 || a >= steps.length) return product
    let scale = 1
    for (let k = 0; k < m; k++) scale /= steps[a]
    return product * scale * centralWeights(m, order).reduce((sum, w) => sum + Math.abs(w), 0)
  }, 1)
  // Closures of order four and unequal arms at curved boundaries have larger eigenvalues than the central formulas.
  const closures = new Map<number, number>()
  const withClosures = ({ jet, component, orders }: Factor): number => {
    if (orders.every(m => m === 0)) return 1
    if (grid.axes.every(axis => axis.periodic) && system.operators.whole) return sigma(orders)
    if (order === 2 && system.operators.whole) return sigma(orders)
    const known = closures.get(jet) ?? Math.max(sigma(orders), radiusOf(system, jet, component))
    closures.set(jet, known)
    return known
  }
  const terms = linearisation.factors.map(factor => ({ factor, sigma: withClosures(factor), degree: factor.orders[0] + factor.orders[1] + factor.orders[2] }))
  // Where a component is damped by higher derivatives, negative diffusion only makes waves of some lengths grow.
  const highest = new Map<number, number>()
  for (const { factor: { row, component }, degree } of terms) if (row === component) highest.set(row, Math.max(highest.get(row) ?? 0, degree))
  const evolving = system.problem.system.rows.map(row => row.kind === 'rate')
  const stride = Math.max(1, Math.floor(nodes / mostSamples))
  const samples = terms.some(({ factor }) => factor.values) ? [...Array(Math.ceil(nodes / stride)).keys()].map(i => i * stride).filter(node => active[node] === 1) : [active.indexOf(1)]

  function limitsAt(time: number, state: Block, limits: StabilityLimits): Rates & { readonly worst: number } {
    linearisation.evaluate(time, state)
    const views = terms.map(({ factor }) => factor.values?.view())
    const weak = Math.min(limits.real, Math.max(limits.imaginary, 1e-3))
    let [total, diffusion, advection, reaction, worst] = [0, 0, 0, 0, 0]
    const B = new Float64Array(count * count)
    for (const node of samples) {
      B.fill(0)
      terms.forEach(({ factor, sigma: s, degree }, k) => {
        const { row, component } = factor
        if (!evolving[row] || !evolving[component]) return
        const value = views[k] ? views[k][node] : factor.constant!
        const size = Math.abs(value) * s
        const even = degree % 2 === 0
        B[row * count + component] += size / (row !== component ? weak : even ? limits.real : Math.max(limits.imaginary, 1e-3))
        if (even && degree > 0) diffusion = Math.max(diffusion, size)
        else if (degree > 0) advection = Math.max(advection, size)
        else reaction = Math.max(reaction, size)
        if (row === component && degree === 2 && highest.get(row) === 2 && !limits.sufficient && factor.orders.includes(2) && value < worst) worst = value
      })
      total = Math.max(total, perronRoot(B, count))
    }
    return { total, diffusion, advection, reaction, worst }
  }

  return {
    rates: (time: number, state: Block, limits: StabilityLimits): Rates => limitsAt(time, state, limits),
    stableStep(time: number, state: Block, limits: StabilityLimits): StableStep {
      const { total, diffusion, advection, reaction, worst } = limitsAt(time, state, limits)
      if (worst < -1e-12 * diffusion * steps[0] * steps[0]) {
        throw new FaultError(error('ill-posed', `The equation is not well-posed: the factor of a second derivative of ${problem.unknown} is ${Number(worst.toPrecision(4))} somewhere at t = ${Number(time.toPrecision(4))}, and negative diffusion grows without bound.`, { where: { path: 'problem.equations[0]' }, tip: 'Check the sign of the diffusion term.' }))
      }
      // Without this a limit that is not a number would be no limit at all.
      if (Number.isNaN(total)) {
        throw new FaultError(error('non-finite', `The derivatives of the rates by the unknowns are not numbers everywhere at t = ${Number(time.toPrecision(4))}, so no stable time step is known.`, {
          where: { path: 'problem.equations' }, tip: 'Check for a division by an unknown or a root of it where it is zero or negative, initial and boundary values included.',
        }))
      }
      const cells = steps.map(h => Number(h.toPrecision(3))).join(' × ')
      const main = diffusion >= advection && diffusion >= reaction ? 'diffusion' : advection >= reaction ? 'advection' : 'reaction'
      return { dt: total > 0 ? 1 / total : Infinity, reason: `${main} on cells of ${cells} limits it`, sufficient: limits.sufficient }
    },
  }
}

const powerSteps = 60
const powerMargin = 1.03

/** The spectral radius of a jet's matrix on the free nodes by power iteration from a fixed rough vector, with a margin: isolated large eigenvalues, which closures have, are found well. */
function radiusOf({ nodes, operators }: JetSystem, jet: number, component: number): number {
  const { starts, columns, values } = operators.matrix(jet).rows
  const free = operators.active.slice()
  for (const node of operators.fixed[component].nodes) free[node] = 0
  let x = new Float64Array(nodes)
  let seed = 12345
  for (let node = 0; node < nodes; node++) {
    seed = (seed * 16807) % 2147483647
    x[node] = free[node] === 1 ? seed / 2147483647 - 0.5 : 0
  }
  const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0))
  let size = norm(x)
  let largest = 0
  let before = 0
  for (let step = 0; step < powerSteps && size > 0; step++) {
    const y = new Float64Array(nodes)
    for (let node = 0; node < nodes; node++) {
      if (free[node] === 0) continue
      let sum = 0
      for (let e = starts[node]; e < starts[node + 1]; e++) sum += values[e] * x[columns[e]]
      y[node] = sum / size
    }
    size = norm(y)
    x = y
    // Two steps together: a pair of complex eigenvalues swings from one to the next.
    if (step > powerSteps / 2) largest = Math.max(largest, Math.sqrt(size * before))
    before = size
  }
  return powerMargin * largest
}

/** The largest eigenvalue of a nonnegative matrix, from above by Collatz and Wielandt's quotients: max (Bx)_i/x_i over a few power steps from x = 1. */
export function perronRoot(B: Float64Array, n: number): number {
  if (n === 1) return B[0]
  let x = new Float64Array(n).fill(1)
  let bound = Infinity
  for (let iteration = 0; iteration < 40; iteration++) {
    const y = new Float64Array(n)
    let [most, size] = [0, 0]
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) y[i] += B[i * n + j] * x[j]
      most = Math.max(most, y[i] / x[i])
      size = Math.max(size, y[i])
    }
    const settled = most > 0.999 * bound
    bound = Math.min(bound, most)
    if (settled && iteration > 2 || size === 0) break
    // Averaged with x: a matrix that only exchanges entries (u' = v, v' = u_xx) would swing for ever; floors keep the quotients finite.
    const next = new Float64Array(n)
    for (let i = 0; i < n; i++) next[i] = Math.max(1e-12, 0.5 * (y[i] / bound + x[i]))
    x = next
  }
  return bound
}
