import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { FaultError } from '../../fault'
import { identifiedWith, sampledField } from '../identify.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const identified = identifiedWith(libm, team)

const nu = 0.25
const heat = (more: object = {}): object => ({
  domain: { shape: 'box', bounds: [[0, 1]] }, time: [0, 0.6], unknowns: ['u'], parameters: { nu: 0.1, c: 1 }, equations: ['dt(u) = nu*dxx(u)'], boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: 'c*sin(pi*x)' }, ...more,
})
const data = sampledField([33], [0, 0.1, 0.2, 0.4, 0.6], (x, _, t) => libm.exp(-nu * Math.PI * Math.PI * t) * libm.sin(Math.PI * x))
const solver = { resolution: [13], solver: { method: 'spectral' } }
const faultOf = async (options: object, problem = heat(), field = data): Promise<string> => {
  try {
    await identified({ problem, data: field, options: { ...solver, ...options } })
  } catch (caught) {
    if (caught instanceof FaultError) return `${caught.faults[0].code}: ${caught.faults[0].message}`
    throw caught
  }
  return 'none'
}

describe('parameters by least squares through the solver', () => {
  it('are found to the accuracy of the solver from clean data', async () => {
    const { metrics, converged, arrays, fields, faults } = await identified({ problem: heat(), data, options: { unknown: ['nu', 'c'], truth: { nu, c: 1 }, start: { c: 2 }, ...solver } })
    expect(converged).toBe(true)
    expect(faults).toEqual([])
    expect(metrics.nu_error).toBeLessThan(1e-6)
    expect(metrics.c_error).toBeLessThan(1e-6)
    expect(metrics).toMatchObject({ identified: 2, points: 165 })
    expect(metrics).not.toHaveProperty('nu_cramer_rao')
    const values = arrays.find(a => a.name === 'value_nu')!.values
    expect(values[0]).toBe(0.1)
    expect(values.at(-1)).toBe(metrics.nu)
    expect(arrays.find(a => a.name === 'misfit')!.values).toHaveLength(values.length)
    expect(arrays.find(a => a.name === 'residual')!.values).toHaveLength(165)
    expect(fields.map(f => f.name)).toEqual(['u'])
  })

  it('scatter from noisy data as their standard errors say', async () => {
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map(seed => identified({ problem: heat(), data, seed, options: { unknown: ['nu'], truth: { nu }, noise: 0.02, ...solver } })))
    const scores = runs.map(({ metrics }) => (metrics.nu - nu) / metrics.nu_standard_error)
    const spread = Math.sqrt(scores.reduce((sum, z) => sum + z * z, 0) / scores.length)
    // χ² with six degrees of freedom: outside of these bounds once in a thousand draws.
    expect(spread).toBeGreaterThan(0.25)
    expect(spread).toBeLessThan(2)
    for (const { metrics } of runs) {
      expect(metrics.nu_standard_error / metrics.nu_cramer_rao).toBeGreaterThan(0.8)
      expect(metrics.nu_standard_error / metrics.nu_cramer_rao).toBeLessThan(1.2)
      expect(Math.abs(metrics.misfit / 0.02 - 1)).toBeLessThan(0.2)
    }
  })

  it('go on from a checkpoint to the same bits', async () => {
    const options = { unknown: ['nu'], noise: 0.02, ...solver }
    const stored: { scalars: Record<string, number | string>; arrays: Record<string, Float64Array> }[] = []
    const { quietRun } = await import('../../solvers/time/solving.testing')
    const whole = await identified({ problem: heat(), data, options, run: { ...quietRun(), checkpoint: make => { stored.push(make() as never) } } })
    expect(stored.length).toBeGreaterThan(2)
    const resumed = await identified({ problem: heat(), data, options, run: { ...quietRun(), resumed: stored[1] } })
    expect(resumed.metrics.nu).toBe(whole.metrics.nu)
    expect(resumed.arrays.find(a => a.name === 'value_nu')).toEqual(whole.arrays.find(a => a.name === 'value_nu'))
  })

  it('take a component of a system and a part of the points', async () => {
    const problem = { ...heat(), unknowns: ['u', 'v'], equations: ['dt(u) = nu*dxx(u)', 'dt(v) = nu*dxx(v) - u'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'v = 0' }], initial: { u: 'sin(pi*x)', v: '0' } }
    // v = −t u.
    const second = sampledField([33], [0, 0.2, 0.5], (x, _, t) => -t * libm.exp(-nu * Math.PI * Math.PI * t) * libm.sin(Math.PI * x))
    const { metrics } = await identified({ problem, data: { ...second, name: 'w' }, options: { unknown: ['nu'], truth: { nu }, observed: ['v'], points: 40, resolution: [13], solver: { method: 'spectral' } } })
    expect(metrics.points).toBe(40)
    expect(metrics.nu_error).toBeLessThan(1e-5)
  })

  it('name what the data cannot tell', async () => {
    expect(await faultOf({ unknown: ['nu', 'k'] }, heat({ parameters: { nu: 0.2, k: 3 }, equations: ['dt(u) = nu*dxx(u) + 0*k'], initial: { u: 'sin(pi*x)' } }))).toMatch(/^parameter-without-influence: k does not influence the data/)
    expect(await faultOf({ unknown: ['nu', 'c'] }, heat({ equations: ['dt(u) = nu*c*dxx(u)'], initial: { u: 'sin(pi*x)' } }))).toMatch(/^parameters-inseparable: The data determine only a combination of nu and c/)
    expect(await faultOf({ unknown: ['nu'], start: { nu: -1 } })).toMatch(/^first-values: With the first values nu = -1 the statement cannot be solved: /)
    expect(await faultOf({ unknown: ['nu'] }, heat({ domain: { shape: 'box', bounds: [[0, 0.5]] } }))).toMatch(/^data-outside: The data reach from x = 0 to 1, outside the statement's domain \[0, 0.5\]/)
    expect(await faultOf({ unknown: ['nu'] }, heat({ time: [0, 0.3] }))).toMatch(/^data-outside: The data reach from t = 0 to 0.6, outside the statement's time interval/)
    expect(await faultOf({ unknown: ['nu'] }, heat(), sampledField([9], undefined, x => x))).toMatch(/^data-times: The statement is an evolution/)
    expect(await faultOf({ unknown: ['nu'] }, heat(), sampledField([9], [0, 0.5], () => 2))).toMatch(/^data-constant/)
  })
})
