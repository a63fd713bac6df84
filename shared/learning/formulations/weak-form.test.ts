import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { toText, zero } from '../../expressions'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'
import { problems } from '../../problems/catalogue'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { boxEmbedding, createNetwork, periodicEmbedding, withEmbedding, type Network } from '../networks'
import { createRandom } from '../random'
import { isBox, sampledDomain } from '../sampling'
import { add } from '../tf'
import { valuesAt } from './collocation'
import { networkStatement, type FormulationRequest } from './formulation'
import { strongFormulation } from './strong'
import { strongFaults } from './strong-faults'
import { testPoints } from './test-space'
import { weakFaults } from './weak-faults'
import { weakFormulation } from './weak-form'
import { columnOf, integrandValues } from './weak-integrands'
import type { FixedTest } from './weak-counts'
import { fixedTests } from './weak-space'

const libm = loadLibm(readKernels())

async function smoothNetwork(problem: AnalysedProblem): Promise<Network> {
  const { lower, upper, periodic } = sampledDomain(problem)
  const time = problem.time ? [problem.time] : []
  const box = boxEmbedding([...lower, ...time.map(t => t[0])], [...upper, ...time.map(t => t[1])])
  const waves = periodic.some(p => p) ? periodicEmbedding([...periodic.map(p => (p ? { period: 2 } : undefined)), ...time.map(() => undefined)]) : undefined
  const inner = await createNetwork('mlp', { width: 3, depth: 1, activation: 'sin' }, { inputs: waves?.outputs ?? box.outputs, outputs: networkStatement(problem).outputs.length })
  return withEmbedding(box, waves ? withEmbedding(waves, inner) : inner)
}

/** Moments of the weak form and of the strong residual of a network that fulfils nothing, by the same rule. */
async function bothMoments(problem: AnalysedProblem, test: FixedTest) {
  const formulation = weakFormulation(problem)
  const { coordinates, terms } = strongFormulation(problem)
  // The strong residual's moments need the test functions themselves, which an equation without source does not.
  const whole = { ...formulation, equations: [...formulation.equations, { name: 'strong', terms: [{ orders: coordinates.map(() => 0), integrand: zero }] }] }
  const space = fixedTests({ problem, points: { interior: 1, boundary: 0, initial: 0 }, sequence: 'sobol', libm } satisfies FormulationRequest, whole, test)
  const equations = terms.filter(t => t.kind === 'equation')
  const network = await smoothNetwork(problem)
  const parameters = network.initialise(createRandom(11, libm, 'network'))
  const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
  const none = coordinates.map(() => 0)
  const program = compile((_, inputs) => {
    const weak = integrandValues(network, inputs, inputs[testPoints], formulation)
    const strong = valuesAt(network, inputs, inputs[testPoints], equations, coordinates)
    return { outputs: Object.fromEntries(equations.flatMap((equation, k) => {
      const moments = formulation.equations[k].terms.map(t => space.moments(t.orders, inputs)(columnOf(t.integrand, weak, coordinates, space.points))).reduce((a, b) => add(a, b))
      const full = add(equation.residual(strong), columnOf({ kind: 'number', value: 0 }, weak, coordinates, space.points))
      return [[`weak${k}`, moments], [`strong${k}`, space.moments(none, inputs)(full)]]
    })) }
  }, { precision: 'float64', inputs: { ...shapes, ...space.inputs }, libm })
  const values = Object.fromEntries(Object.entries(parameters).map(([name, { values: own }]) => [name, own.map(x => 0.4 * x)]))
  const { outputs } = evaluateGraph(program.graph, { ...values, ...space.draw(createRandom(3, libm, 'tests')) }, libm)
  return equations.map((_, k) => ({ weak: outputs[`weak${k}`] as Float64Array, strong: outputs[`strong${k}`] as Float64Array }))
}

/** Coefficients that jump (Darcy) have no strong residual across the jump; three dimensions and time at once take long. */
const left = ['darcy', 'heat-3d', 'wave-3d', 'gray-scott-3d', 'taylor-green-3d']
const catalogue = problems.filter(p => !p.descriptor.id.endsWith('-100d')).map(({ descriptor: { id } }) => [id, analyse({ catalogue: id }, libm).problem!] as const)
const stated = catalogue.filter(([id, problem]) => !left.includes(id) && weakFaults(problem).length === 0)

describe('for any smooth function the moments are those of its strong residual', () => {
  it('in most of the catalogue', () => expect(stated.length).toBeGreaterThan(45))

  it.each(stated)('%s', async (_, problem) => {
    const box = isBox(sampledDomain(problem))
    const axes = sampledDomain(problem).coordinates.length + (problem.time ? 1 : 0)
    const test: FixedTest = box
      ? { kind: 'elements', elements: axes > 2 ? 1 : 2, functions: axes > 2 ? 2 : 3, quadrature: axes > 2 ? 13 : 16, norm: 'dual' }
      : { kind: 'patches', patches: 3, degree: 1, quadrature: 9, norm: 'dual' }
    for (const { weak, strong } of await bothMoments(problem, test)) {
      const scale = Math.max(...strong.map(Math.abs))
      expect(scale).toBeGreaterThan(0)
      weak.forEach((moment, k) => expect(Math.abs(moment - strong[k]), `moment ${k} of ${weak.length}`).toBeLessThan(1e-6 * scale))
    }
  })

  it('with plain moments too', async () => {
    const { problem } = analyse({ catalogue: 'biharmonic' }, libm)
    for (const test of [{ kind: 'elements', elements: 2, functions: 3, quadrature: 14, norm: 'plain' }, { kind: 'patches', patches: 3, degree: 1, quadrature: 9, norm: 'plain' }] as FixedTest[]) {
      const [{ weak, strong }] = await bothMoments(problem!, test)
      weak.forEach((moment, k) => expect(Math.abs(moment - strong[k])).toBeLessThan(1e-6 * Math.max(...strong.map(Math.abs))))
    }
  })
})

describe('derivatives that are moved', () => {
  const terms = (id: string, equation = 0) => {
    const problem = catalogue.find(([name]) => name === id)![1]
    return Object.fromEntries(weakFormulation(problem).equations[equation].terms.map(t => [t.orders.join(), toText(t.integrand)]))
  }
  it.each([
    ['poisson-1d', 0, { 0: '-9*pi^2*sin(3*pi*x)', 1: '∂0:1' }],
    ['heat-1d', 0, { '0,0': '∂0:0,1', '1,0': '0.25*∂0:1,0' }],
    ['wave-1d', 0, { '0,1': '-∂0:0,1', '1,0': '∂0:1,0' }],
    ['kdv-solitons', 0, { '0,0': '6*∂0:0,0*∂0:1,0 + ∂0:0,1', '1,0': '-∂0:2,0' }],
    ['kuramoto-sivashinsky', 0, { '0,0': '∂0:0,0*∂0:1,0 + ∂0:0,1', '1,0': '-∂0:1,0', '2,0': '∂0:2,0' }],
  ] as const)('%s', (id, equation, expected) => expect(terms(id, equation)).toEqual(expected))

  it('those of nonlinear diffusion lose what the product rule had added', () => {
    const found = terms('cahn-hilliard')
    expect(found['0,0,0']).toBe('∂0:0,0,1')
    expect(found['1,0,0']).toBe('-(1 - 3*∂0:0,0,0^2)*∂0:1,0,0')
  })

  it('a coefficient that jumps stays with the gradient, and nothing else is left', () => {
    const found = terms('darcy')
    expect(Object.keys(found).sort()).toEqual(['0,0', '0,1', '1,0'])
    expect(found['1,0']).toMatch(/^if\(.*, 12, 3\)\*∂0:1,0$/)
    expect(found['0,0']).toBe('-1')
  })
})

describe('statements without a weak form to train', () => {
  it.each(catalogue)('%s has one, or a reason', (_, problem) => {
    const faults = weakFaults(problem)
    if (problem.cube) return expect(faults.map(f => f.code)).toEqual(['test-dimensions'])
    expect(faults.length).toBe(strongFaults(problem).length)
  })
})
