import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { StepEnvelope } from '../../experiment/document'
import type { Field } from '../../fields/field'
import { createSerialTeam } from '../../kernels/serial-team'
import { quietRun } from '../../solvers/time/solving.testing'
import { solveRequests } from '../../steps/solve-options'
import { solveAndMeasure } from '../../steps/solve-runner'
import type { StepOutput } from '../../steps/step-kind'
import { analyse } from '../analyse'

const kernels = readKernels()
const libm = loadLibm(kernels)

async function solve(catalogue: string, options: Record<string, unknown>): Promise<StepOutput> {
  const [{ method, request }] = solveRequests({ id: 's', kind: 'solve', ...options } as unknown as StepEnvelope, analyse({ catalogue }, libm).problem!, libm)
  return solveAndMeasure(method, request, createSerialTeam({ kernels }), quietRun())
}
/** The values at the last time with their abscissae. */
function profile({ fields }: StepOutput, name: string): { x: Float64Array; values: Float64Array } {
  const field = fields.find(f => f.name === name) as Field
  const x = field.grid.axes[0].coordinates
  return { x, values: field.values.subarray(-x.length) }
}
/** ∫|u − v| / ∫|v| on equally spaced nodes. */
const distance = ({ x, values }: { x: Float64Array; values: Float64Array }, exact: (x: number) => number): number => {
  let apart = 0
  let size = 0
  x.forEach((place, i) => {
    apart += Math.abs(values[i] - exact(place))
    size += Math.abs(exact(place))
  })
  return apart / size
}

describe('what the literature says of a problem of the catalogue', () => {
  it('euler-1d: the Riemann solution of Sod’s tube (E. F. Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, 2009, table 4.1: p* = 0.30313, u* = 0.92745, ρ = 0.42632 | 0.26557)', async () => {
    const [gamma, t] = [1.4, 0.2]
    const sound = Math.sqrt(gamma)
    const [pressure, speed, left, right, shock] = [0.30313, 0.92745, 0.42632, 0.26557, 1.75216]
    const density = (x: number): number => {
      const s = (x - 0.5) / t
      if (s < -sound) return 1
      if (s < speed - Math.sqrt((gamma * pressure) / left)) return Math.pow(2 / (gamma + 1) - ((gamma - 1) / ((gamma + 1) * sound)) * s, 2 / (gamma - 1))
      return s < speed ? left : s < shock ? right : 0.125
    }
    const coarse = distance(profile(await solve('euler-1d', { method: 'finite-difference', resolution: [101], times: [t] }), 'rho'), density)
    const fine = distance(profile(await solve('euler-1d', { method: 'finite-difference', resolution: [201], times: [t] }), 'rho'), density)
    expect(fine).toBeLessThan(0.01)
    // First order in the mean, as every scheme has at shocks and contacts.
    expect(Math.log2(coarse / fine)).toBeGreaterThan(0.6)
  })

  it.each([
    // The corner keeps uniform meshes from their order: the first value converges like h^(4/3).
    ['eigenvalues-l-shape', [33, 33], [9.6397238, 15.1972519, 2 * Math.PI ** 2, 29.5214811], 3e-3],
    ['eigenvalues-square', [17, 17], [2, 5, 5, 8].map(n => n * Math.PI ** 2), 1e-3],
    ['quantum-oscillator', [129], [0.5, 1.5, 2.5, 3.5], 1e-4],
  ] as const)('%s: the known spectrum', async (id, resolution, spectrum, within) => {
    const { arrays } = await solve(id, { method: 'finite-element', resolution: [...resolution] })
    const found = arrays.find(({ name }) => name === 'eigenvalues')!.values
    spectrum.forEach((value, i) => expect(Math.abs(found[i] / value - 1)).toBeLessThan(within))
  })

  it('nls-breather: the peak of 2 sech x reaches four times a soliton’s height at t = π/4 (J. Satsuma, N. Yajima, Prog. Theor. Phys. Suppl. 55 (1974))', async () => {
    const { fields: [field] } = await solve('nls-breather', { method: 'spectral', resolution: [256], times: [Math.PI / 4] })
    const { values } = field as Field
    const [re, im] = [values.subarray(-512, -256), values.subarray(-256)]
    expect(Math.max(...re.map((v, i) => Math.sqrt(v * v + im[i] * im[i])))).toBeCloseTo(4, 1)
  })
})
