import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { compile } from '../compile'
import { evaluateWith } from '../gradient-check.testing'
import type { Parameters } from '../networks'
import { add, constant, mul, square, sub, sum, type Tensors } from '../tf'
import { constantRate, cosineDecay, exponentialDecay, graphOptimizers, linearDecay, refinedRates, tabulatedRate, trainingProgram, type GraphOptimizer, type Schedule } from '.'

const libm = loadLibm(readKernels())
const runtime = createLearningRuntime({ threads: 1 })
const parameters: Parameters = { a: { values: Float64Array.of(1, -2, 0.5), shape: [3] }, b: { values: Float64Array.of(0.3), shape: [] } }
/** ½ Σ kᵢ aᵢ² + (b − 1)² + a₀ b. */
const curvatures = [1, 10, 0.1]
const loss = ({ a, b }: Tensors) => ({ value: add(add(mul(sum(mul(square(a), constant(curvatures))), 0.5), square(sub(b, 1))), sum(mul(mul(a, constant([1, 0, 0])), b))) })
const gradientAt = (p: readonly number[]): number[] => [...[0, 1, 2].map(i => curvatures[i] * p[i] + (i === 0 ? p[3] : 0)), 2 * (p[3] - 1) + p[0]]

const build = async (id: string, options: object, schedule: Schedule): Promise<GraphOptimizer> => {
  const { descriptor, load } = graphOptimizers.find(line => line.descriptor.id === id)!
  return (await load()).build(descriptor.options!.parse(options) as never, schedule)
}
async function run(id: string, options: object, steps: number, rate = 0.05): Promise<number[]> {
  const { state, step } = trainingProgram({ loss, parameters, optimizer: await build(id, options, constantRate(rate)) })
  const execution = await runtime.prepare(compile(step, { precision: 'float64', state, libm }))
  for (let k = 0; k < steps; k++) await execution.run()
  const end = execution.state()
  return [...end.a, ...end.b]
}

/** The update rules written out on plain numbers, as their papers have them. */
type Rule = (p: number, g: number, memory: number[], t: number) => number
function byHand(rule: Rule, steps: number): number[] {
  let p = [1, -2, 0.5, 0.3]
  const memory = p.map(() => [0, 0])
  for (let t = 1; t <= steps; t++) {
    const g = gradientAt(p)
    p = p.map((v, i) => rule(v, g[i], memory[i], t))
  }
  return p
}
const rate = 0.05
const adamRule = (decay: number): Rule => (p, g, m, t) => {
  m[0] = 0.9 * m[0] + 0.1 * g
  m[1] = 0.999 * m[1] + 0.001 * g * g
  const [first, second] = [m[0] / (1 - 0.9 ** t), m[1] / (1 - 0.999 ** t)]
  return p * (1 - rate * decay) - (rate * first) / (Math.sqrt(second) + 1e-8)
}

it.each<[string, object, Rule]>([
  ['adam', {}, adamRule(0)],
  ['adamw', { decay: 0.1 }, adamRule(0.1)],
  ['sgd', { momentum: 0 }, (p, g) => p - rate * g],
  ['sgd', { momentum: 0.8 }, (p, g, m) => { m[0] = 0.8 * m[0] + g; return p - rate * m[0] }],
  ['sgd', { momentum: 0.8, nesterov: true }, (p, g, m) => { m[0] = 0.8 * m[0] + g; return p - rate * (g + 0.8 * m[0]) }],
  ['lion', { decay: 0.1 }, (p, g, m) => { const u = Math.sign(0.9 * m[0] + 0.1 * g); m[0] = 0.99 * m[0] + 0.01 * g; return p - rate * (u + 0.1 * p) }],
])('%s %o takes the steps of its formula', async (id, options, rule) => {
  const [found, expected] = [await run(id, options, 30), byHand(rule, 30)]
  found.forEach((v, i) => { expect(Math.abs(v - expected[i])).toBeLessThan(1e-12) })
})

it('takes Adam\'s small first steps in single precision too', async () => {
  const { state, step } = trainingProgram({ loss, parameters, optimizer: await build('adam', {}, constantRate(1e-3)) })
  const execution = await runtime.prepare(compile(step, { precision: 'float32', state, libm }))
  await execution.run()
  // |Δ| = rate for every parameter, whatever its gradient.
  Array.from(execution.state().a).forEach((v, i) => { expect(Math.abs(Math.abs(v - parameters.a.values[i]) / 1e-3 - 1)).toBeLessThan(3e-4) })
})

it('keeps fixed parameters and reports loss, gradient norm and rate', async () => {
  const { state, step } = trainingProgram({ loss, parameters, optimizer: await build('adam', {}, constantRate(0.1)), fixed: ['b'] })
  const execution = await runtime.prepare(compile(step, { precision: 'float64', state, libm }))
  const { loss: value, gradientNorm, rate: used } = await execution.run()
  expect(value[0]).toBeCloseTo(0.5 * (1 + 40 + 0.025) + 0.49 + 0.3, 12)
  expect(gradientNorm[0]).toBeCloseTo(Math.sqrt(1.3 ** 2 + 400 + 0.0025), 12)
  expect(used[0]).toBe(0.1)
  expect([...execution.state().b]).toEqual([0.3])
})

const rates = (schedule: Schedule, steps: readonly number[]): number[] => steps.map(t => evaluateWith({}, () => ({ r: schedule(constant(t)) }), libm).r[0])

describe('schedules', () => {
  it('climb linearly, then fall as they say', () => {
    const options = { rate: 0.2, warmUp: 4, steps: 14 }
    expect(rates(constantRate(0.2), [0, 9])).toEqual([0.2, 0.2])
    const linear = rates(linearDecay(options), [0, 1, 3, 4, 9, 14, 20])
    ;[0.05, 0.1, 0.2, 0.2, 0.1, 0, 0].forEach((v, i) => { expect(linear[i]).toBeCloseTo(v, 14) })
    const cosine = rates(cosineDecay({ ...options, floor: 0.1 }), [3, 4, 9, 14, 99])
    ;[0.2, 0.2, 0.2 * (0.1 + 0.9 * 0.5), 0.02, 0.02].forEach((v, i) => { expect(cosine[i]).toBeCloseTo(v, 14) })
    rates(exponentialDecay({ rate: 1, factor: 0.5, interval: 10 }), [0, 10, 25]).forEach((v, i) => { expect(v).toBeCloseTo([1, 0.5, 0.5 ** 2.5][i], 14) })
    expect(rates(tabulatedRate(Float64Array.of(0.3, 0.2, 0.1)), [0, 1, 2, 7])).toEqual([0.3, 0.2, 0.1, 0.1])
  })

  it('refine themselves from gradient norms: constant norms give linear decay, large first norms a warm-up', () => {
    const constantNorms = refinedRates(new Float64Array(100).fill(3))
    constantNorms.forEach((v, t) => { expect(v).toBeCloseTo((99 - t) / 99, 12) })
    const large = refinedRates(Float64Array.from({ length: 200 }, (_, t) => 1 + 50 / (1 + t)), { power: 1, smoothing: 0.05 })
    const peak = large.indexOf(1)
    expect(peak).toBeGreaterThan(5)
    for (let t = 1; t < peak; t++) expect(large[t]).toBeGreaterThanOrEqual(large[t - 1] - 0.02)
    expect(large[199]).toBe(0)
    // One wild step of a hundred does not move the schedule: medians.
    const spike = new Float64Array(100).fill(3)
    spike[50] = 1e6
    refinedRates(spike).forEach((v, t) => { expect(v).toBeCloseTo(constantNorms[t], 12) })
  })
})
