import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { analyse } from '../../problems/analyse'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { createNetwork, trainedNames } from '../networks'
import { createRandom } from '../random'
import { collocation } from './collocation'
import { networkStatement } from './formulation'
import { leastSquaresOf } from './jacobian'
import { weakMoments } from './weak'
import type { FixedTest } from './weak-counts'
import { inputsOf, residualOf, weightedParts, weightsInput, type SquaresPart } from '../training/form'
import { concat } from '../tf'

const libm = loadLibm(readKernels())

describe('the Jacobian of residuals is that of differences', () => {
  it.each([
    ['poisson-2d', 'mlp', { width: 5, depth: 2, activation: 'tanh' }, undefined], ['heat-1d', 'mlp', { width: 4, depth: 1, activation: 'sin' }, undefined], ['burgers-2d', 'mlp', { width: 4, depth: 2, activation: 'tanh' }, undefined],
    ['poisson-2d', 'residual', { width: 4, depth: 2, activation: 'tanh' }, undefined],
    ['poisson-2d', 'mlp', { width: 4, depth: 2, activation: 'tanh' }, { kind: 'elements', elements: 2, functions: 2, quadrature: 4, norm: 'dual' }],
    ['poisson-disk', 'mlp', { width: 4, depth: 1, activation: 'tanh' }, { kind: 'patches', patches: 2, degree: 1, quadrature: 3, norm: 'plain' }],
    ['kdv', 'mlp', { width: 4, depth: 1, activation: 'sin' }, { kind: 'elements', elements: 1, functions: 3, quadrature: 5, norm: 'dual' }],
  ] as readonly (readonly [string, string, object, FixedTest | undefined])[])('%s by %s', async (id, kind, options, test) => {
    const { problem } = analyse({ catalogue: id }, libm)
    const formulation = networkStatement(problem!)
    const network = await createNetwork(kind, options, { inputs: formulation.coordinates.length, outputs: formulation.outputs.length })
    const parameters = network.initialise(createRandom(3, libm, 'network'))
    const names = trainedNames(network, parameters)
    const request = { problem: problem!, points: { interior: 4, boundary: 5, initial: 3 }, sequence: 'sobol', libm } as const
    const points = test ? weakMoments(request, test) : collocation(request)
    const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
    const program = compile((_, inputs) => {
      const own = Object.fromEntries(names.map(name => [name, inputs[name]]))
      const parts = (all: typeof own) => weightedParts(points, network, all, inputs)
      const { residual, jacobian } = leastSquaresOf(parts, own, names)
      return { outputs: { residual, jacobian, again: concat(parts(own).map(part => residualOf(part as SquaresPart)), 0) } }
    }, { precision: 'float64', inputs: { ...inputsOf(points), ...shapes }, libm })
    const drawn = { ...points.draw(createRandom(5, libm, 'points')), [weightsInput]: Float64Array.from(points.parts, ({ kind }) => ({ equation: 1, boundary: 2, initial: 3, data: 4 })[kind]) }
    const at = (moved?: { name: string; i: number; by: number }) => {
      const values = Object.fromEntries(Object.entries(parameters).map(([name, { values: v }]) => [name, moved?.name === name ? v.map((x, i) => (i === moved.i ? x + moved.by : x)) : v]))
      return evaluateGraph(program.graph, { ...drawn, ...values }, libm).outputs
    }
    const { residual, jacobian, again } = at()
    expect([...residual]).toEqual([...again])
    const size = names.reduce((sum, name) => sum + parameters[name].values.length, 0)
    expect(jacobian.length).toBe(residual.length * size)
    let column = 0
    const scale = Math.max(...jacobian.map(Math.abs))
    for (const name of names) {
      for (let i = 0; i < parameters[name].values.length; i++, column++) {
        // A few columns of each array: one evaluation each way.
        if (i % 11 !== 0) continue
        const h = 1e-5
        const [plus, minus] = [at({ name, i, by: h }).residual, at({ name, i, by: -h }).residual]
        for (let n = 0; n < residual.length; n++) expect(Math.abs(jacobian[n * size + column] - (plus[n] - minus[n]) / (2 * h)), `${name} ${i}, residual ${n}`).toBeLessThan(1e-7 * scale)
      }
    }
  })
})
