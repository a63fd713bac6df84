import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { analyse } from '../../problems/analyse'
import { createNetwork } from '../networks'
import { createRandom } from '../random'
import { halfWaves } from './half-waves'

const libm = loadLibm(readKernels())
const wavesOf = (problem: object): readonly number[] => halfWaves(analyse(problem as never, libm).problem!, libm)

describe('half-waves that a statement shows', () => {
  it.each([
    ['poisson-1d', {}, [3]], ['poisson-1d', { k: 7 }, [7]], ['poisson-2d', {}, [1, 1]], ['helmholtz', {}, [2.55, 8]], ['heat-1d', {}, [1, 1]], ['burgers-1d', {}, [2, 1]], ['poisson-5d', {}, [1, 1, 1, 1, 1]],
    // Nothing but the wave number k = 40 on [0, 1.5] speaks of x.
    ['helmholtz-absorbing', {}, [(40 * 1.5) / Math.PI, 40 / Math.PI]],
  ])('%s with %j', (catalogue, parameters, expected) => {
    wavesOf({ catalogue, parameters }).forEach((n, axis) => expect(Math.abs(n / expected[axis] - 1), `axis ${axis}`).toBeLessThan(0.05))
  })
  it('are exactly one where the data have no more, so that networks start as they always did', () => {
    for (const catalogue of ['poisson-2d', 'heat-1d', 'poisson-disk']) expect(wavesOf({ catalogue }).every(n => n === 1)).toBe(true)
  })
  it('are no more than 64 where data are too fine, and one where nothing varies', () => {
    const problem = (f: string) => ({ domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: [`-lap(u) = ${f}`], boundary: [{ on: 'all', condition: 'u = 0' }] })
    expect(wavesOf(problem('if(x > 0.5, 1e6, 0) + sin(300*y)*1e-3'))).toEqual([expect.any(Number), 1])
    const [finest] = wavesOf(problem('sin(1000*x)'))
    expect(finest).toBeGreaterThan(40)
    expect(finest).toBeLessThanOrEqual(64)
    expect(wavesOf(problem('1'))).toEqual([1, 1])
    expect(wavesOf(problem('0'))).toEqual([1, 1])
  })
})

it('the initial basis is as fine, and as it was for one half-wave', async () => {
  const kernel = async (halfWavesGiven?: readonly number[]) => (await createNetwork('mlp', { width: 200, depth: 1, activation: 'tanh', initialisation: 'spread' }, { inputs: 2, outputs: 1, ...(halfWavesGiven ? { halfWaves: halfWavesGiven } : {}) })).initialise(createRandom(1, libm, 'network'))
  const [plain, ones, fine] = [await kernel(), await kernel([1, 1]), await kernel([2, 8])]
  expect(ones).toEqual(plain)
  const most = (values: ArrayLike<number>, from: number, to: number): number => Math.max(...Array.from(values).slice(from, to).map(Math.abs))
  expect(most(fine['dense0.kernel'].values, 0, 200)).toBeCloseTo(2, 1)
  expect(most(fine['dense0.kernel'].values, 200, 400)).toBeCloseTo(8, 0)
  expect(most(fine['dense0.bias'].values, 0, 200)).toBeCloseTo(8, 0)
  expect(fine['dense1.kernel']).toEqual(plain['dense1.kernel'])
})
