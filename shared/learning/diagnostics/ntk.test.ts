import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { createSerialTeam } from '../../kernels/serial-team'
import { analyse } from '../../problems/analyse'
import { symmetricEigen } from '../../solvers/linear/dense/symmetric-eigen'
import { gramOfRows } from '../factorisation'
import { released } from '../factorisation/matrix'
import { collocation } from '../formulations/collocation'
import { networkStatement } from '../formulations/formulation'
import { createNetwork, trainedNames } from '../networks'
import { createRandom } from '../random'
import { weightsInput } from '../training/form'
import { kernelSpectrum, kernelTraces, partOf, prepareTangent } from './ntk'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })

async function poisson(width: number) {
  const { problem } = analyse({ catalogue: 'poisson-2d' }, libm)
  const network = await createNetwork('mlp', { width, depth: 1, activation: 'tanh' }, { inputs: 2, outputs: networkStatement(problem!).outputs.length })
  const initial = network.initialise(createRandom(3, libm, 'network'))
  const form = collocation({ problem: problem!, points: { interior: 20, boundary: 12, initial: 1 }, sequence: 'sobol', libm })
  const tangent = await prepareTangent({ network, initial, trained: trainedNames(network, initial), form, precision: 'float64', runtime: createLearningRuntime({ threads: 1 }), libm })
  const parameters = Object.fromEntries(Object.entries(initial).map(([name, { values }]) => [name, values as Float64Array]))
  return { tangent, at: (weights: readonly number[]) => tangent.at(parameters, { ...form.draw(createRandom(5, libm, 'points')), [weightsInput]: Float64Array.from(weights) }) }
}

describe('the tangent kernel of a loss', () => {
  it('has the parts one after the other, and factors scale them', async () => {
    const { tangent, at } = await poisson(6)
    expect(tangent.rows).toEqual([20, 12])
    const [plain, weighted] = [kernelTraces(await at([1, 1]), tangent.rows), kernelTraces(await at([1, 100]), tangent.rows)]
    expect(weighted[0]).toBeCloseTo(plain[0], 10)
    expect(weighted[1] / plain[1]).toBeCloseTo(100, 10)
    const whole = await at([1, 1])
    const boundary = partOf(whole, tangent.rows, 1)
    expect(boundary.jacobian).toMatchObject({ rows: 12, columns: 25 })
    expect(kernelSpectrum(team, boundary).eigenvalues.reduce((a, b) => a + b, 0) / plain[1]).toBeCloseTo(1, 10)
  })

  it.each([['more parameters than rows', 16], ['fewer parameters than rows', 3]])('%s: eigenvalues are those of JJᵀ, energies add up to the loss', async (_, width) => {
    const { at } = await poisson(width)
    const tangent = await at([1, 1])
    const { eigenvalues, energies } = kernelSpectrum(team, tangent)
    const expected = released(team.arena, () => symmetricEigen(team, gramOfRows(team, tangent.jacobian)).values.slice().sort((a, b) => b - a))
    expected.forEach((value, k) => expect(Math.abs(eigenvalues[k] - value)).toBeLessThan(1e-12 * expected[0]))
    const loss = tangent.residual.reduce((sum, r) => sum + r * r, 0)
    expect(energies.reduce((a, b) => a + b, 0) / loss).toBeCloseTo(1, 10)
    if (width === 3) expect(eigenvalues.subarray(13).every(v => v === 0)).toBe(true)
  })
})
