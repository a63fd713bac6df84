import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { compile } from '../compile'
import { applyNetwork, createNetwork } from '../networks'
import { createRandom } from '../random'
import { constant, mean, square, sub } from '../tf'
import { flatten, layoutOf, lbfgs, minimisers, objectiveOf, objectiveStep, selfScaledBroyden, strongWolfe, unflatten, type Minimiser, type MinimiserState, type Objective } from '.'

const libm = loadLibm(readKernels())

/** Σ 100 (x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)² over pairs. */
const rosenbrock = (n: number): Objective => ({
  dimension: n,
  valueAndGradient: x => {
    let value = 0
    const gradient = new Float64Array(n)
    for (let i = 0; i < n; i += 2) {
      const [a, b] = [1 - x[i], x[i + 1] - x[i] * x[i]]
      value += a * a + 100 * b * b
      gradient[i] = -2 * a - 400 * x[i] * b
      gradient[i + 1] = 200 * b
    }
    return Promise.resolve({ value, gradient })
  },
})

/** ½ Σ λᵢ (xᵢ − i)² with condition number `condition`. */
const quadratic = (n: number, condition: number): Objective => ({
  dimension: n,
  valueAndGradient: x => {
    const gradient = x.map((v, i) => (1 + ((condition - 1) * i) / (n - 1)) * (v - i))
    return Promise.resolve({ value: 0.5 * gradient.reduce((s, g, i) => s + g * (x[i] - i), 0), gradient })
  },
})

async function minimise<S extends MinimiserState>(minimiser: Minimiser<S>, objective: Objective, x: Float64Array, iterations: number, tolerance = 0): Promise<{ readonly state: S; readonly values: readonly number[] }> {
  let state = await minimiser.start(objective, x)
  const values = [state.value]
  while (state.iterations < iterations && state.stalled === undefined && !(Math.max(...state.gradient.map(Math.abs)) <= tolerance)) {
    state = await minimiser.advance(objective, state)
    values.push(state.value)
  }
  return { state, values }
}
const start = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1.2))

const all: readonly (readonly [string, () => Minimiser<MinimiserState>])[] = [
  ['L-BFGS', () => lbfgs() as Minimiser<MinimiserState>], ...(['broyden', 'bfgs', 'unscaled'] as const).map(update => [`dense ${update}`, () => selfScaledBroyden({ update, libm }) as Minimiser<MinimiserState>] as const),
]

describe.each(all)('%s', (_, build) => {
  it('finds the minimum of Rosenbrock\'s function without ever climbing', async () => {
    const { state, values } = await minimise(build(), rosenbrock(10), start(10), 200, 1e-10)
    expect(state.value).toBeLessThan(1e-18)
    for (const x of state.x) expect(Math.abs(x - 1)).toBeLessThan(1e-9)
    values.slice(1).forEach((v, i) => { expect(v).toBeLessThanOrEqual(values[i]) })
  })

  it('solves a quadratic of 12 variables and condition 1000 in a few sweeps over its directions', async () => {
    const { state } = await minimise(build(), quadratic(12, 1000), new Float64Array(12).fill(5), 60, 1e-9)
    expect(Math.max(...state.gradient.map(Math.abs))).toBeLessThan(1e-9)
  })

  it('goes on from a checkpoint to the same bits', async () => {
    const minimiser = build()
    const straight = await minimise(minimiser, rosenbrock(6), start(6), 24)
    const first = await minimise(minimiser, rosenbrock(6), start(6), 10)
    const checkpoint = structuredClone(minimiser.store(first.state))
    let state = build().restore(checkpoint)
    while (state.iterations < 24) state = await minimiser.advance(rosenbrock(6), state)
    expect({ x: state.x, value: state.value, evaluations: state.evaluations }).toEqual({ x: straight.state.x, value: straight.state.value, evaluations: straight.state.evaluations })
  })

  it('says when no step lowers the value', async () => {
    const flat: Objective = { dimension: 2, valueAndGradient: () => Promise.resolve({ value: 1, gradient: Float64Array.of(1, 0) }) }
    const { state } = await minimise(build(), flat, new Float64Array(2), 10)
    expect(state.stalled).toMatch(/^No step along the direction of descent lowers the value 1\.000e\+0/)
  })
})

it('keeps the secant equation and a symmetric matrix: H y = s after each update', async () => {
  const minimiser = selfScaledBroyden({ libm })
  let state = await minimiser.start(rosenbrock(4), start(4))
  for (let k = 0; k < 8; k++) {
    const before = state
    state = await minimiser.advance(rosenbrock(4), state)
    const [s, y] = [state.x.map((v, i) => v - before.x[i]), state.gradient.map((v, i) => v - before.gradient[i])]
    const entry = (i: number, j: number): number => state.inverseHessian[(Math.max(i, j) * (Math.max(i, j) + 1)) / 2 + Math.min(i, j)]
    for (let i = 0; i < 4; i++) expect(Math.abs([0, 1, 2, 3].reduce((sum, j) => sum + entry(i, j) * y[j], 0) - s[i])).toBeLessThan(1e-10 * (1 + Math.abs(s[i])))
    for (let i = 0; i < 4; i++) expect(Math.abs([0, 1, 2, 3].reduce((sum, j) => sum - entry(i, j) * state.gradient[j], 0) - state.direction[i])).toBeLessThan(1e-8 * (1 + Math.abs(state.direction[i])))
  }
})

it('has a line search with both Wolfe conditions, also past values that are not finite', async () => {
  // f = −log(1 − x²) − 2x on |x| < 1: infinite beyond.
  const objective: Objective = { dimension: 1, valueAndGradient: ([x]) => Promise.resolve({ value: x * x < 1 ? -libm.log(1 - x * x) - 2 * x : NaN, gradient: Float64Array.of((2 * x) / (1 - x * x) - 2) }) }
  const { found } = await strongWolfe(objective, Float64Array.of(0), 0, -2, Float64Array.of(1), 4, { curvature: 0.1 })
  expect(found!.value).toBeLessThanOrEqual(1e-4 * found!.step * -2)
  expect(Math.abs(found!.slope)).toBeLessThanOrEqual(0.2)
})

it('refuses an inverse Hessian beyond its memory', async () => {
  await expect(selfScaledBroyden({ libm, maximumBytes: 1000 }).start(rosenbrock(20), start(20))).rejects.toThrow('The inverse Hessian of 20 parameters takes 1 MiB')
})

/** SciPy's counts for the same start and tolerance; L-BFGS-B differs in its line search, so the numbers agree loosely. */
const python = (() => {
  try {
    const code = `import json, numpy as np
from scipy.optimize import minimize
def f(x):
    a, b = 1 - x[0::2], x[1::2] - x[0::2]**2
    g = np.empty_like(x); g[0::2] = -2*a - 400*x[0::2]*b; g[1::2] = 200*b
    return float((a*a + 100*b*b).sum()), g
x = np.where(np.arange(10) % 2, 1.0, -1.2)
r = minimize(f, x, jac=True, method='L-BFGS-B', options=dict(maxcor=10, gtol=1e-8, ftol=0, maxiter=500))
q = minimize(f, x, jac=True, method='BFGS', options=dict(gtol=1e-8, maxiter=500))
print(json.dumps([r.nit, r.nfev, q.nit]))`
    return JSON.parse(execFileSync('/usr/bin/python3', ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [number, number, number]
  } catch {
    return undefined
  }
})()

it.skipIf(!python)('needs about as many iterations as SciPy (skipped where SciPy is missing)', async () => {
  const limited = await minimise(lbfgs({ history: 10 }), rosenbrock(10), start(10), 500, 1e-8)
  const dense = await minimise(selfScaledBroyden({ update: 'unscaled', libm }), rosenbrock(10), start(10), 500, 1e-8)
  expect(limited.state.iterations).toBeLessThan(1.5 * python![0] + 5)
  expect(limited.state.evaluations).toBeLessThan(2 * python![1] + 10)
  expect(dense.state.iterations).toBeLessThan(1.5 * python![2] + 5)
})

it('fits a network in double precision by compiled losses', async () => {
  const network = await createNetwork('mlp', { width: 8, depth: 2 }, { inputs: 1, outputs: 1 })
  const parameters = network.initialise(createRandom(3, libm))
  const layout = layoutOf(parameters)
  const x = Float64Array.from({ length: 32 }, (_, i) => i / 16 - 1)
  const y = x.map(v => libm.sin(3 * v))
  const program = compile(objectiveStep(layout, p => ({ value: mean(square(sub(applyNetwork(network, p, constant(x, [32, 1])), constant(y, [32, 1])))) })), { precision: 'float64', inputs: { x: [layout.size] }, libm })
  const objective = objectiveOf(layout, await createLearningRuntime({ threads: 1 }).prepare(program))
  const first = flatten(layout, Object.fromEntries(Object.entries(parameters).map(([name, { values }]) => [name, values])))
  expect(Object.keys(unflatten(layout, first))).toEqual(Object.keys(parameters))
  const [limited, dense] = [await minimise(lbfgs({ history: 50 }), objective, first, 150), await minimise(selfScaledBroyden({ libm }), objective, first, 150)]
  expect(limited.state.value).toBeLessThan(1e-6)
  expect(dense.state.value).toBeLessThan(1e-7)
})

it('is offered by the registry with its defaults', async () => {
  for (const { descriptor, load } of minimisers) {
    const minimiser = (await load()).build(descriptor.options!.parse({}) as never, libm)
    const { state } = await minimise(minimiser, rosenbrock(2), start(2), 100, 1e-8)
    expect(state.value).toBeLessThan(1e-14)
  }
})
