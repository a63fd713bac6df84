import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { ProblemEntry } from '../experiment/document'
import { analyse } from '../problems/analyse'
import { createSerialTeam } from '../kernels/serial-team'
import { quietRun } from '../solvers/time/solving.testing'
import { energyBounds } from './energy-bounds'
import type { StepContext } from './step-kind'

const kernels = readKernels()
const libm = loadLibm(kernels)

async function study(entry: object, options: Record<string, unknown>) {
  const { problem, faults } = analyse(entry as ProblemEntry, libm)
  expect(faults).toEqual([])
  const step = { id: 's', kind: 'energy-bounds', ...options }
  expect(energyBounds.check(step, {} as never, problem, libm)).toEqual([])
  const runner = await energyBounds.load()
  const output = await runner.run({ step, problem, run: quietRun(), libm, team: createSerialTeam({ kernels }) } as unknown as StepContext)
  return { arrays: Object.fromEntries(output.arrays.map(a => [a.name, Array.from(a.values)])), metrics: output.metrics }
}

const box = (bounds: number[][]) => ({ shape: 'box', bounds })
const poisson = {
  domain: box([[0, 1], [0, 1]]), unknowns: ['u'], definitions: { ue: 'sin(pi*x)*sin(pi*y)' }, equations: ['-lap(u) = 2*pi^2*ue'],
  boundary: [{ on: 'all', condition: 'u = 0' }], exact: { u: 'ue' },
}

describe('the energy and its bounds', () => {
  it('hold on the square: identity, two-sided bound, best approximation', async () => {
    const { arrays, metrics } = await study(poisson, { resolutions: [9, 17, 33] })
    // The Galerkin solution of Poisson is the best approximation: Céa's constant is 1, and the bound by Poincaré's constant 1/(2π²) holds.
    arrays.cea.forEach(c => expect(c).toBeCloseTo(1, 8))
    expect(metrics.poincare).toBeCloseTo(2 * Math.PI * Math.PI, 10)
    expect(metrics.identity_defect).toBeLessThan(1e-6)
    expect(metrics.order_energy).toBeCloseTo(2, 1)
    arrays.h.forEach((_, i) => {
      expect(arrays.lower_bound[i]).toBeLessThan(arrays.energy_gap[i])
      expect(arrays.energy_gap[i]).toBeLessThanOrEqual(arrays.upper_bound[i])
      expect(arrays.energy_gap[i] / arrays.half_energy_norm[i]).toBeCloseTo(1, 5)
    })
  })

  it('count boundary values that are only interpolated, where the identity would fail even in sign', async () => {
    const { arrays, metrics } = await study({
      domain: box([[0, 1], [0, 1]]), unknowns: ['u'], equations: ['-lap(u) = 0'], boundary: [{ on: 'all', condition: 'u = exp(x)*cos(y)' }], exact: { u: 'exp(x)*cos(y)' },
    }, { resolutions: [5, 9] })
    expect(metrics.identity_defect).toBeLessThan(1e-6)
    expect(Math.abs(arrays.boundary_term[0])).toBeGreaterThan(0.1 * arrays.half_energy_norm[0])
  })

  it('hold with a jumping reaction, Robin and Neumann sides and elements of degree 2', async () => {
    const { arrays, metrics } = await study({
      domain: box([[0, 1], [0, 2]]), unknowns: ['u'], definitions: { ue: 'cos(x)*sin(y)' }, equations: ['-div((1 + x)*grad(u)) + 3*u = -div((1 + x)*grad(ue)) + 3*ue'],
      boundary: [{ on: ['left', 'bottom'], condition: 'u = ue' }, { on: 'right', condition: 'dn(u) + 2*u = dx(ue) + 2*ue' }, { on: 'top', condition: 'dn(u) = dy(ue)' }], exact: { u: 'ue' },
    }, { resolutions: [9, 17], order: 2 })
    expect(metrics.identity_defect).toBeLessThan(1e-6)
    expect(metrics.order_energy).toBeGreaterThan(3.9)
    arrays.cea.forEach(c => expect(c).toBeGreaterThanOrEqual(1 - 1e-9))
    arrays.h.forEach((_, i) => expect(arrays.lower_bound[i]).toBeLessThan(arrays.half_energy_norm[i]))
  })

  it('leave only the distance to the best approximation where the operator has no energy', async () => {
    const { arrays } = await study({
      domain: box([[0, 1]]), unknowns: ['u'], definitions: { ue: 'sin(3*x)' }, equations: ['-0.1*dxx(u) + dx(u) = -0.1*dxx(ue) + dx(ue)'], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
    }, { resolutions: [5, 9] })
    expect(Object.keys(arrays).sort()).toEqual(['cea', 'h', 'unknowns'])
    expect(arrays.cea[0]).toBeGreaterThan(1.0001)
  })
})
