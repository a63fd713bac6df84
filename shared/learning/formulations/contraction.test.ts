import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluate, freeNames, parseExpression } from '../../expressions'
import { analyse } from '../../problems/analyse'
import { problems } from '../../problems/catalogue'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { createNetwork } from '../networks'
import { createRandom } from '../random'
import { valuesAt } from './collocation'
import { contractSeconds, type SecondDerivative } from './contraction'
import { strongFormulation } from './strong'
import { strongFaults } from './strong-faults'

const libm = loadLibm(readKernels())

describe('second derivatives gathered into weighted sums', () => {
  const seconds = new Map<string, SecondDerivative>([['u_xx', { output: 0, axis: 0 }], ['u_yy', { output: 0, axis: 1 }], ['v_xx', { output: 1, axis: 0 }]])
  const gathered = (text: string) => {
    const parsed = parseExpression(text)
    if (!parsed.ok) throw new Error(text)
    return { original: parsed.value, found: contractSeconds(parsed.value, seconds, 2) }
  }

  it.each([
    ['-(u_xx + u_yy) - f', [[1, 1]]], ['u*(2 - u) - 0.5*(u_xx + 3*u_yy)', [[1, 3]]], ['(1 + u^2)*(u_xx + u_yy)/x - u', [[1, 1]]], ['u_xx - 2*v_xx + u*v', [[1, 0], [1, 0]]], ['-u_yy/4', [[0, 1]]],
  ])('%s', (text, weights) => {
    const { original, found } = gathered(text)
    expect(found!.contractions.map(c => c.weights)).toEqual(weights)
    expect([...freeNames(found!.expression).keys()].some(name => seconds.has(name))).toBe(false)
    const at = { u: 0.3, v: -1.2, f: 2.5, x: 0.7, u_xx: 1.1, u_yy: -0.4, v_xx: 3.2 }
    const sums = Object.fromEntries(found!.contractions.map(c => [c.name, c.output === 0 ? c.weights[0] * at.u_xx + c.weights[1] * at.u_yy : at.v_xx]))
    expect(evaluate(found!.expression, { ...at, ...sums }, libm)).toBeCloseTo(evaluate(original, at, libm), 13)
  })

  it.each(['u_xx*u_yy', 'x*u_xx + y*u_yy', 'sin(u_xx)', 'step(u_xx) + u_xx', '1/u_xx', 'u + x'])('not %s', text => expect(gathered(text).found).toBeUndefined())
})

const applicable = problems.flatMap(({ descriptor: { id } }) => {
  const { problem } = analyse({ catalogue: id }, libm)
  if (!problem || strongFaults(problem).length > 0 || (problem.cube?.dimension ?? 0) > 10) return []
  const { terms, coordinates, outputs } = strongFormulation(problem)
  const equations = terms.filter(t => t.kind === 'equation')
  return equations.every(t => t.contracted ?? t.derivatives.every(orders => orders.reduce((sum, n) => sum + n, 0) < 2)) && equations.some(t => t.contracted) ? [{ id, equations, coordinates, outputs }] : []
})

describe('residuals through sums of second derivatives are those of the derivatives one by one', () => {
  it('applies to most of the catalogue', () => expect(applicable.length).toBeGreaterThan(20))
  it.each(applicable)('$id', async ({ id, equations, coordinates, outputs }) => {
    const network = await createNetwork('mlp', { width: 5, depth: 2, activation: 'sin', initialisation: 'spread' }, { inputs: coordinates.length, outputs: outputs.length })
    const parameters = network.initialise(createRandom(2, libm, 'contraction'))
    const count = 7
    const points = Float64Array.from(createRandom(3, libm, 'points').uniform(count * coordinates.length))
    const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
    const plain = equations.map(({ contracted: _, ...term }) => term)
    let paid = true
    const program = compile((_, inputs) => {
      const at = valuesAt(network, inputs, inputs.points, equations, coordinates)
      paid = at.contraction !== undefined
      const without = valuesAt(network, inputs, inputs.points, plain, coordinates)
      return { outputs: Object.fromEntries(equations.flatMap((term, k) => [[`sums${k}`, term.residual(at)], [`one${k}`, plain[k].residual(without)]])) }
    }, { precision: 'float64', inputs: { ...shapes, points: [count, coordinates.length] }, libm })
    const found = evaluateGraph(program.graph, { points, ...Object.fromEntries(Object.entries(parameters).map(([name, { values }]) => [name, values])) }, libm).outputs
    // Three dimensions of space and more take the short way, the plane does not.
    if (['poisson-2d', 'heat-2d'].includes(id)) expect(paid).toBe(false)
    if (['poisson-3d', 'heat-3d', 'poisson-10d'].includes(id)) expect(paid).toBe(true)
    equations.forEach((_, k) => {
      const [sums, one] = [found[`sums${k}`], found[`one${k}`]]
      const scale = Math.max(1, ...one.map(Math.abs))
      one.forEach((r, n) => expect(Math.abs(r - sums[n]), `point ${n}`).toBeLessThan(1e-13 * scale))
    })
  })
})
