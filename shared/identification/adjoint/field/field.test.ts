import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Statement } from '../../../experiment/document'
import type { FaultError } from '../../../fault'
import { createRandom } from '../../../learning/random'
import { identifiedWith, sampledField } from '../../identify.testing'
import { createVolumeGrid } from './grid'
import { createFieldMisfit, plainField, positiveField } from './misfit'
import { createFieldModel } from './model'
import { createPointOperator } from './observation'
import { fieldRoles } from './roles'
import { createSmoothness } from './smoothness'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const identified = identifiedWith(libm, team)

const square = { domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], definitions: { a: '1', f: '10*(1+x)' }, equations: ['-div(a*grad(u)) = f'], boundary: [{ on: 'all', condition: 'u = 0' }] }
/** −(a u′)′ = f with a = 1 + x and u = sin πx. */
const line = { domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], definitions: { a: '2', f: '(1+x)*pi^2*sin(pi*x) - pi*cos(pi*x)' }, equations: ['-div(a*grad(u)) = f'], boundary: [{ on: 'all', condition: 'u = 0' }] }

describe('the discrete adjoint', () => {
  it.each([
    ['a diffusion', square],
    ['a diffusion beside advection, with fluxes on two sides', { ...square, equations: ['-div(a*grad(u)) + 3*dx(u) - y*dy(u) + u = f'], boundary: [{ on: ['left', 'right'], condition: 'u = y' }, { on: 'top', condition: 'dn(u) = 1' }, { on: 'bottom', condition: 'dn(u) + 2*u = x' }] }],
    ['a reaction', { ...square, equations: ['-lap(u) + (1 + x)*a*u = f'] }],
    ['a source', { ...square, equations: ['-lap(u) + dx(u) = 3*a + x'] }],
    ['a diffusion along one axis of an interval', { ...line, equations: ['-dx((1 + a)*dx(u)) + u = f'] }],
  ])('gives the gradient and products that differences give, for %s', (_, statement) => {
    const mark = team.arena.mark()
    const roles = fieldRoles(statement as unknown as Statement, 'a', libm)
    const dimension = roles.problem.axes.length
    const grid = createVolumeGrid(roles.problem, [9, 8].slice(0, dimension))
    const random = createRandom(3, libm)
    const points = Array.from({ length: dimension }, (__, a) => random.child(`x${a}`).uniform(30))
    const data = { coordinates: points, times: undefined, values: [random.child('d').normal(30)], names: ['u'], deviations: [0.7] }
    const field = roles.diffuses ? positiveField(libm) : plainField
    const misfit = createFieldMisfit(createFieldModel(roles, grid, team, libm), createPointOperator(data, grid), data, field, createSmoothness(grid, team), 0.01)
    const m = random.child('m').normal(grid.nodes).map(v => 0.3 * v)
    const d = random.child('direction').normal(grid.nodes)
    const moved = (h: number): Float64Array => m.map((v, i) => v + h * d[i])
    const h = 1e-5
    const slope = (misfit.cost(moved(h)) - misfit.cost(moved(-h))) / (2 * h)
    const gradient = misfit.gradient(m)
    const along = gradient.reduce((sum, g, i) => sum + g * d[i], 0)
    expect(Math.abs(along / slope - 1)).toBeLessThan(1e-7)
    // Gauss–Newton: dᵀHd = ‖δr‖² + ω |d|².
    misfit.cost(moved(h))
    const plus = misfit.residual().slice()
    misfit.cost(moved(-h))
    const change = misfit.residual().reduce((sum, r, i) => sum + ((plus[i] - r) / (2 * h)) ** 2, 0)
    misfit.gradient(m)
    const product = misfit.hessian(d).reduce((sum, v, i) => sum + v * d[i], 0)
    expect(Math.abs(product / (change + 0.02 * createSmoothness(grid, team).value(d)) - 1)).toBeLessThan(1e-6)
    team.arena.release(mark)
  })

  it('refuses what is not linear in the field, or where it stands outside of the divergence', () => {
    const refused = (equation: string): string => {
      try {
        fieldRoles({ ...square, equations: [equation] } as unknown as Statement, 'a', libm)
      } catch (caught) {
        return (caught as FaultError).faults[0].message
      }
      return 'taken'
    }
    expect(refused('-div(a^2*grad(u)) = f')).toBe('The equation is not linear in a.')
    expect(refused('-a*lap(u) = f')).toMatch(/^a stands outside of the divergence/)
    expect(refused('-lap(u) + a*dx(u) = f')).toMatch(/^a stands outside of the divergence/)
    expect(refused('-lap(u) = f')).toMatch(/do not depend on a/)
    expect(refused('-div(3*a*grad(u)) + a*u = f*a')).toBe('taken')
  })
})

describe('a coefficient field', () => {
  it('is recovered on an interval from clean and from noisy data', async () => {
    const data = sampledField([65], undefined, x => libm.sin(Math.PI * x))
    const options = { unknown: ['a'], truth: { a: '1 + x' }, resolution: [65] }
    const clean = await identified({ problem: line, data, options })
    expect(clean.converged).toBe(true)
    expect(clean.metrics.a_error).toBeLessThan(0.01)
    expect(clean.fields.map(f => f.name)).toEqual(['a', 'u'])
    const noisy = await identified({ problem: line, data, options: { ...options, noise: 0.01 } })
    expect(noisy.metrics.identified).toBe(1)
    expect(noisy.metrics.misfit).toBeLessThanOrEqual(0.01)
    expect(noisy.metrics.misfit).toBeGreaterThan(0.008)
    expect(noisy.metrics.a_error).toBeLessThan(0.1)
    expect(noisy.metrics.weight).toBeGreaterThan(clean.metrics.weight)
  })

  it('is recovered as a source, where its normal derivative vanishes as the regularisation wants it', async () => {
    const problem = { ...line, definitions: { s: '1' }, equations: ['-lap(u) = s'], boundary: [{ on: 'all', condition: 'u = cos(pi*x)' }] }
    const data = sampledField([65], undefined, x => libm.cos(Math.PI * x))
    const { metrics } = await identified({ problem, data, options: { unknown: ['s'], truth: { s: 'pi^2*cos(pi*x)' }, resolution: [65], regularisation: { weight: 1e-9 } } })
    expect(metrics.s_error).toBeLessThan(0.01)
    expect(metrics.weight).toBe(1e-9)
  })

  it('does not start below zero in a diffusion', async () => {
    const data = sampledField([17], undefined, x => libm.sin(Math.PI * x))
    await expect(identified({ problem: line, data, options: { unknown: ['a'], start: { a: 'x - 0.5' }, resolution: [17] } })).rejects.toThrow('The first values of a are not positive everywhere')
  })
})
