import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { parseExpression } from '../../expressions'
import { analyse } from '../../problems/analyse'
import { networkStatement } from '../formulations/formulation'
import { line } from '../formulations/line.testing'
import { measureOf } from './energy'

const libm = loadLibm(readKernels())
const runtime = createLearningRuntime({ threads: 1 })

async function measure(given: object, direction: string) {
  const { problem, faults } = analyse(given as never, libm)
  if (!problem?.exact) throw new Error(JSON.stringify(faults))
  const parsed = parseExpression(direction)
  if (!parsed.ok) throw new Error(direction)
  const statement = networkStatement(problem)
  const network = line(problem.exact, problem.exact.map(() => parsed.value), statement.coordinates)
  const initial = { s: { values: Float64Array.of(0), shape: [] } }
  const measured = await measureOf({ problem, statement, network, initial, precision: 'float64', runtime, libm })
  return (s: number) => measured!.at({ s: Float64Array.of(s) })
}

describe('the energy identity', () => {
  it('holds without a boundary term for a function that meets its values: ½∫|∇(xy(1−x)(1−y))|² = 1/90', async () => {
    const at = await measure({ catalogue: 'poisson-2d' }, 'x*(1 - x)*y*(1 - y)')
    const { energy_gap, half_energy_norm, boundary_term, lower_bound, identity_defect } = await at(0.3)
    expect(half_energy_norm).toBeCloseTo(0.09 / 90, 14)
    expect(energy_gap).toBeCloseTo(half_energy_norm, 14)
    expect(Math.abs(boundary_term)).toBeLessThan(1e-15)
    expect(identity_defect).toBeLessThan(1e-12)
    // C‖e‖² = π² · 0.09/900.
    expect(lower_bound).toBeCloseTo(Math.PI * Math.PI * 0.09 / 900, 14)
    expect(lower_bound).toBeLessThan(energy_gap)
  })

  it('is broken by missed boundary values, even in sign, and whole again with their term', async () => {
    const at = await measure({ catalogue: 'poisson-2d' }, 'cos(x)*cos(y)')
    // ∂ₙu* is negative all around: a function that is larger there has less energy than the solution.
    const above = await at(0.1)
    expect(above.energy_gap).toBeLessThan(0)
    expect(above.half_energy_norm).toBeGreaterThan(0)
    const below = await at(-0.1)
    expect(below.energy_gap).toBeGreaterThan(5 * below.half_energy_norm)
    for (const { energy_gap, half_energy_norm, boundary_term, identity_defect } of [above, below]) {
      expect(Math.abs(energy_gap - half_energy_norm - boundary_term)).toBeLessThan(1e-11)
      expect(identity_defect).toBeLessThan(1e-10)
    }
    // Small errors do not drown in the energies.
    expect((await at(1e-7)).identity_defect).toBeLessThan(1e-9)
    // Near rounding what is left of u − u* has digits of its own everywhere.
    expect((await at(1e-12)).identity_defect).toBeLessThan(1e-3)
  })

  it.each([['diffusion-variable', 1e-10], ['poisson-disk', 1e-10], ['poisson-neumann', 1e-9], ['elasticity', 1e-9], ['poisson-1d', 1e-9], ['anisotropic', 1e-3]])('counts coefficients, Neumann and Robin conditions, systems: %s', async (catalogue, tolerance) => {
    const at = await measure({ catalogue }, catalogue === 'poisson-1d' ? 'cos(2*x) + 1' : 'cos(2*x + 0.3)*exp(y)')
    const { identity_defect, half_energy_norm } = await at(0.2)
    expect(half_energy_norm).toBeGreaterThan(0)
    expect(identity_defect).toBeLessThan(tolerance)
  })

  it('is not asked of statements without energy, or of nonlinear ones', async () => {
    for (const catalogue of ['advection-diffusion-1d', 'helmholtz', 'poisson-boltzmann', 'biharmonic']) await expect(measure({ catalogue }, 'x').then(at => at(0))).rejects.toThrow()
  })
})
