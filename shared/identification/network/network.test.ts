import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import type { Statement } from '../../experiment/document'
import type { FaultError } from '../../fault'
import { compile } from '../../learning/compile'
import { columnJacobians } from '../../learning/formulations/jacobian'
import { scalarArrays, scalarsIn, withScalars } from '../../learning/formulations/trained-scalars'
import { evaluateGraph } from '../../learning/graph/evaluate'
import { createNetwork, trainedNames } from '../../learning/networks'
import { createRandom } from '../../learning/random'
import { derivativeSpace } from '../../learning/taylor'
import { mul, slice, sub, type Tensors } from '../../learning/tf'
import { identifiedWith, sampledField } from '../identify.testing'
import { openProblem } from './open-statement'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const identified = identifiedWith(libm, team)

const heat = { domain: { shape: 'box', bounds: [[0, 1]] }, time: [0, 0.6], unknowns: ['u'], parameters: { nu: 0.1 }, definitions: { k: '2*nu' }, equations: ['dt(u) = 0.5*k*dxx(u)'], boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: 'sin(pi*x)' } }
const data = sampledField([17], [0, 0.1, 0.2, 0.4, 0.6], (x, _, t) => libm.exp(-0.25 * Math.PI * Math.PI * t) * libm.sin(Math.PI * x))
const options = { method: 'network', unknown: ['nu'], truth: { nu: 0.25 }, network: { kind: 'mlp', width: 16, depth: 1 }, collocation: { interior: 120, boundary: 20, initial: 20 }, resolution: [17] }

describe('open statements', () => {
  it('keep parameters by name in the rows, through definitions', () => {
    const { system } = openProblem(heat as unknown as Statement, ['nu'], [0.1], libm)
    expect(system.components.map(c => c.name)).toEqual(['u', 'nu'])
    expect(JSON.stringify(system.rows[0].expression)).toContain('"nu"')
    expect(system.jet.map(j => j.name)).toEqual(expect.arrayContaining(['nu', 'u_xx']))
  })

  it('open steady ones too', () => {
    const { system } = openProblem({ domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], parameters: { c: 2 }, equations: ['-lap(u) + c*u = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] } as unknown as Statement, ['c'], [2], libm)
    expect(system.components.map(c => c.name)).toEqual(['u', 'c'])
    expect(JSON.stringify(system.rows.map(r => r.expression))).toContain('"c"')
  })

  it('refuse parameters of initial values, and those that enter boundary conditions nonlinearly', () => {
    const refused = (change: object): string => {
      try {
        openProblem({ ...heat, ...change } as unknown as Statement, ['nu'], [0.1], libm)
      } catch (caught) {
        return (caught as FaultError).faults[0].message
      }
      return 'taken'
    }
    expect(refused({ initial: { u: 'nu*sin(pi*x)' } })).toBe('The method "network" finds parameters of the equations, and nu stands in initial.u.')
    expect(refused({ boundary: [{ on: 'all', condition: 'u = sin(nu)' }] })).toMatch(/^The method "network" finds parameters of the equations, and nu stands in boundary\[0\]/)
    // A linear condition ties the solution to the parameter, as it may to another component.
    expect(refused({ boundary: [{ on: 'all', condition: 'u = nu' }] })).toBe('taken')
  })
})

describe('trained scalars', () => {
  it('are outputs without derivatives, whose columns of the Jacobian are exact', async () => {
    const network = withScalars(await createNetwork('mlp', { width: 5, depth: 1 }, { inputs: 2, outputs: 1 }), [0.5, -3])
    const initial = network.initialise(createRandom(1, libm))
    const names = trainedNames(network, initial)
    expect(names).toContain(scalarArrays.bias)
    expect(names).not.toContain(scalarArrays.kernel)
    const space = derivativeSpace(2, [[2, 0], [0, 1]])
    const program = compile((_, given) => {
      const output = (all: Tensors, orders: number[], k: number) => slice(space.derivative(network.propagate(all, space.seed(given.x)), orders), [0, k], [3, 1])
      // r = u_t − λ₁ u_xx: ∂r/∂b₁ = −s₁ u_xx at each point, nothing for λ₂.
      const parameters = Object.fromEntries(Object.keys(initial).map(name => [name, given[name]]))
      const [{ jacobian }] = columnJacobians(all => [sub(output({ ...parameters, ...all }, [0, 1], 0), mul(output({ ...parameters, ...all }, [0, 0], 1), output({ ...parameters, ...all }, [2, 0], 0)))], parameters, [scalarArrays.bias])
      return { outputs: { first: output(parameters, [0, 0], 1), second: output(parameters, [0, 0], 2), bent: output(parameters, [2, 0], 1), curvature: output(parameters, [2, 0], 0), jacobian } }
    }, { precision: 'float64', inputs: { x: [3, 2], ...Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape])) }, libm })
    const given = Object.fromEntries(Object.entries(initial).map(([name, { values }]) => [name, Float64Array.from(values)]))
    const { outputs: found } = evaluateGraph(program.graph, { ...given, x: Float64Array.of(0.1, 0.2, 0.7, 0.4, -0.3, 0.9) }, libm)
    expect([found.first, found.second, found.bent].map(values => Array.from(values))).toEqual([[0.5, 0.5, 0.5], [-3, -3, -3], [0, 0, 0]])
    Array.from(found.curvature).forEach((c, n) => {
      expect(found.jacobian[2 * n]).toBeCloseTo(-0.5 * c, 14)
      expect(found.jacobian[2 * n + 1]).toBeCloseTo(0, 14)
    })
    expect(Array.from(scalarsIn({ [scalarArrays.bias]: [2, 1] }, [0.5, -3]))).toEqual([1, 3])
  })
})

describe('parameters beside a network', () => {
  it('are found from clean and from noisy data', async () => {
    const learning = createLearningRuntime({ threads: 1 })
    const clean = await identified({ problem: heat, data, learning, options: { ...options, budget: { steps: 30 } } })
    expect(clean.metrics.nu_error).toBeLessThan(5e-3)
    expect(clean.metrics).toMatchObject({ identified: 1, points: 85 })
    expect(clean.fields.map(f => f.name)).toEqual(['u'])
    expect(clean.models).toHaveLength(1)
    const values = clean.arrays.find(a => a.name === 'value_nu')!.values
    expect(values).toHaveLength(clean.arrays.find(a => a.name === 'value_steps')!.values.length)
    expect(clean.arrays.map(a => a.name)).toEqual(expect.arrayContaining(['loss', 'loss_data_u', 'loss_equation_u']))
    expect(clean.arrays.map(a => a.name)).not.toContain('loss_equation_nu')
    const noisy = await identified({ problem: heat, data, learning, options: { ...options, noise: 0.01, budget: { steps: 30 } } })
    expect(noisy.metrics.nu_error).toBeLessThan(0.02)
    expect(noisy.metrics.nu_standard_error).toBeGreaterThan(0.2 * 0.25 * noisy.metrics.nu_error)
    expect(noisy.metrics.nu_standard_error).toBeLessThan(0.01)
  })

  it('are found by a quasi-Newton method too', async () => {
    const { metrics } = await identified({ problem: heat, data, learning: createLearningRuntime({ threads: 1 }), options: { ...options, optimizer: { kind: 'ssbroyden' }, budget: { steps: 120 } } })
    expect(metrics.nu_error).toBeLessThan(0.05)
  })
})
