import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { truncatedSvd } from '../factorisation'
import { createRandom } from '../random'
import { levenbergMarquardtStep } from './levenberg-marquardt'
import { dampedDirection, traceOf, type LinearisedProducts, type NormalEquations } from './normal-equations'
import { automaticMomentum, springStep, type SpringState } from './spring'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })

interface Linear { readonly rows: number; readonly columns: number; readonly j: Float64Array; readonly b: Float64Array }

const product = ({ rows, columns, j }: Linear, x: ArrayLike<number>): Float64Array => Float64Array.from({ length: rows }, (_, i) => { let s = 0; for (let k = 0; k < columns; k++) s += j[i * columns + k] * x[k]; return s })
const transposed = ({ rows, columns, j }: Linear, w: ArrayLike<number>): Float64Array => Float64Array.from({ length: columns }, (_, k) => { let s = 0; for (let i = 0; i < rows; i++) s += j[i * columns + k] * w[i]; return s })

/** r = Jθ − b, by the product of columns or of rows. `energy` tells it as a loss without residuals, ½ of whose gradient is Jᵀr. */
function linearProblem(linear: () => Linear, of: 'columns' | 'rows', energy = false): NormalEquations {
  const residualAt = (theta: Float64Array): Float64Array => product(linear(), theta).map((v, i) => v - linear().b[i])
  return {
    dimension: linear().columns,
    at: async (theta, previous): Promise<LinearisedProducts> => {
      const { rows, columns, j } = linear()
      const residual = residualAt(theta)
      const gradient = transposed(linear(), residual)
      const n = of === 'rows' ? rows : columns
      const gram = Float64Array.from({ length: n * n }, (_, at) => {
        const [p, q] = [Math.floor(at / n), at % n]
        let s = 0
        if (of === 'rows') for (let k = 0; k < columns; k++) s += j[p * columns + k] * j[q * columns + k]
        else for (let i = 0; i < rows; i++) s += j[i * columns + p] * j[i * columns + q]
        return s
      })
      if (of === 'columns') return { of, gram, gradient }
      return { of, gram, residual, pushed: previous && product(linear(), previous), ...(energy ? { gradient, pushedGradient: product(linear(), gradient) } : {}) }
    },
    transposed: async (_, w) => transposed(linear(), w),
    loss: async theta => residualAt(theta).reduce((s, r) => s + r * r, 0),
  }
}

const drawn = (rows: number, columns: number, seed: number): Linear => {
  const random = createRandom(seed, libm, 'linear')
  const j = Float64Array.from(random.child('j').normal(rows * columns))
  return { rows, columns, j, b: Float64Array.from(random.child('b').normal(rows)) }
}
const farthest = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i])))

describe('a damped direction', () => {
  it.each([[12, 7], [7, 12]])('is the same from JᵀJ, JJᵀ, singular values and an energy, %i residuals and %i parameters', async (rows, columns) => {
    const linear = drawn(rows, columns, 1)
    const theta = Float64Array.from(createRandom(2, libm, 'theta').normal(columns))
    const found = await Promise.all((['columns', 'rows', 'energy'] as const).map(async kind => {
      const problem = linearProblem(() => linear, kind === 'columns' ? 'columns' : 'rows', kind === 'energy')
      const products = await problem.at(theta)
      return { trace: traceOf(products), ...(await dampedDirection(team, problem, theta, products, 0.3))! }
    }))
    const residual = product(linear, theta).map((v, i) => v - linear.b[i])
    const { values, coefficients, directions } = truncatedSvd(team, { rows, columns, values: linear.j }, residual)
    const expected = new Float64Array(columns)
    values.forEach((sigma, k) => { for (let i = 0; i < columns; i++) expected[i] -= (sigma / (sigma * sigma + 0.3)) * coefficients[k] * directions.values[k * columns + i] })
    const fall = (d: Float64Array): number => residual.reduce((s, r) => s + r * r, 0) - product(linear, d).reduce((s, v, i) => s + (v + residual[i]) * (v + residual[i]), 0)
    for (const { direction, predicted, trace } of found) {
      expect(farthest(direction, expected)).toBeLessThan(1e-12)
      expect(predicted).toBeCloseTo(fall(expected), 10)
      expect(trace).toBeCloseTo(values.reduce((s, v) => s + v * v, 0), 10)
    }
  })

  it.each([[12, 7], [7, 12]])('with momentum minimises ‖Jd + r‖² + λ‖d − μφ‖², %i residuals and %i parameters', async (rows, columns) => {
    const linear = drawn(rows, columns, 3)
    const random = createRandom(4, libm, 'momentum')
    const [theta, previous] = [Float64Array.from(random.child('theta').normal(columns)), Float64Array.from(random.child('previous').normal(columns))]
    const residual = product(linear, theta).map((v, i) => v - linear.b[i])
    for (const kind of ['columns', 'rows', 'energy'] as const) {
      const problem = linearProblem(() => linear, kind === 'columns' ? 'columns' : 'rows', kind === 'energy')
      const { direction } = (await dampedDirection(team, problem, theta, await problem.at(theta, previous), 0.2, 0.7, previous))!
      // Stationary: Jᵀ(Jd + r) + λ(d − μφ) = 0.
      const slope = transposed(linear, product(linear, direction).map((v, i) => v + residual[i])).map((s, i) => s + 0.2 * (direction[i] - 0.7 * previous[i]))
      expect(Math.max(...slope.map(Math.abs)), kind).toBeLessThan(1e-11)
    }
  })

  it('does not exist where rounding makes JᵀJ + λI indefinite, and Levenberg–Marquardt goes on with more damping', async () => {
    const linear = { rows: 2, columns: 3, j: Float64Array.of(1, 1, 1, 1, 1, 1 + 1e-12), b: Float64Array.of(1, 2) }
    const problem = linearProblem(() => linear, 'columns')
    const theta = new Float64Array(3)
    expect(await dampedDirection(team, problem, theta, { of: 'columns', gram: Float64Array.of(1, 2, 2, 1), gradient: Float64Array.of(1, 1) }, 1e-3)).toBeUndefined()
    const { loss, length } = await levenbergMarquardtStep(problem, { parameters: theta, loss: await problem.loss(theta), damping: 1e-18 }, team)
    expect(length).toBe(1)
    expect(loss).toBeCloseTo(0.5, 6)
  })
})

describe('SPRING', () => {
  /** Ten equations at a time for forty unknowns, of which the later ones count less and less; all have one solution in common. */
  async function solve(momentum: number, steps: number) {
    const columns = 40
    const solution = Float64Array.from(createRandom(5, libm, 'solution').normal(columns))
    let step = 0
    const problem = linearProblem(() => {
      const { rows, j, ...rest } = drawn(10, columns, 100 + step)
      const linear = { ...rest, rows, j: j.map((v, at) => v / (1 + (at % columns))) }
      return { ...linear, b: product(linear, solution) }
    }, 'rows')
    let state: SpringState = { parameters: new Float64Array(columns), previous: new Float64Array(columns), damping: 1e-8, level: Infinity }
    const losses: number[] = []
    for (; step < steps; step++) {
      losses.push(await problem.loss(state.parameters))
      state = await springStep(problem, losses.at(-1)!, state, { momentum, damping: 1e-8, automatic: false, least: 1e-15 }, team)
    }
    return losses
  }

  it('finds the one solution of all equations from a few of them at a time, and its memory helps', async () => {
    const [with_, without] = [await solve(automaticMomentum(10, 40), 80), await solve(0, 80)]
    const late = (losses: readonly number[]): number => losses.slice(-10).reduce((s, l) => s + l, 0)
    expect(late(with_) / with_[0]).toBeLessThan(1e-3)
    expect(late(with_)).toBeLessThan(late(without))
  })

  it('drops a memory that leads astray', async () => {
    const losses = await solve(0.95, 80)
    expect(Math.max(...losses)).toBeLessThan(100 * losses[0])
  })

  const few = drawn(6, 20, 7)
  const state = (own: Partial<SpringState> = {}): SpringState => ({ parameters: new Float64Array(20), previous: Float64Array.from({ length: 20 }, (_, k) => 0.1 * k), damping: 1e-3, level: Infinity, ...own })
  const options = { momentum: 0.5, damping: 1e-3, automatic: true, least: 1e-15 }
  const squares = few.b.reduce((s, b) => s + b * b, 0)

  it('trusts a model further that foretold the fall, and less one that did not', async () => {
    const problem = linearProblem(() => few, 'rows')
    expect((await springStep(problem, squares, state(), options, team)).damping).toBe(0.5e-3)
    // A loss that falls by a tenth of what the model says.
    const slow: NormalEquations = { ...problem, loss: async theta => squares - 0.1 * (squares - await problem.loss(theta)) }
    expect((await springStep(slow, squares, state(), options, team)).damping).toBe(3e-3)
  })

  it('remembers the last step, unless the loss has doubled since', async () => {
    const problem = linearProblem(() => few, 'rows')
    const after = async (own: Partial<SpringState>): Promise<Float64Array> => (await springStep(problem, squares, state(own), options, team)).parameters
    const forgetful = await after({ previous: new Float64Array(20) })
    expect(farthest(await after({ level: squares / 3 }), forgetful)).toBe(0)
    expect(farthest(await after({ level: 0.9 * squares }), forgetful)).toBeGreaterThan(0.1)
  })
})
