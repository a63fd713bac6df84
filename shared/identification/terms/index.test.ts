import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { FaultError } from '../../fault'
import { fieldTimes, gridShape, type Field } from '../../fields/field'
import { createSerialTeam } from '../../kernels/serial-team'
import { Cancelled } from '../../kernels/team'
import { createRandom } from '../../learning/random'
import { analyse } from '../../problems/analyse'
import { quietRun } from '../../solvers/time/solving.testing'
import type { IdentificationHost, IdentificationRequest } from '../method'
import { identificationMethods } from '../registry'
import { coleHopf, sampled } from './data.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const line = identificationMethods.find(({ descriptor }) => descriptor.id === 'terms')!
const { axes, times, unknowns } = sampled(coleHopf(0.3, libm), { end: 2 })
const observed: Field = { name: 'u', grid: { axes: axes.map(axis => ({ ...axis, lower: 0, upper: 2 * Math.PI })) }, times, values: unknowns[0].values }

const request = (change: Partial<IdentificationRequest> & { options?: object } = {}): IdentificationRequest => ({
  statement: undefined, problem: undefined, unknown: [], truth: {}, start: {}, noise: undefined, points: undefined, observations: { fields: [observed], deviations: [1] }, random: createRandom(1, libm), libm, ...change,
  options: line.descriptor.options!.parse(change.options ?? {}) as Record<string, unknown>,
})
const host: IdentificationHost = {
  team: createSerialTeam({ kernels }), run: quietRun(), now: () => 0,
  learning: { prepare: () => Promise.reject(new Error('no network is needed')) } as unknown as IdentificationHost['learning'],
  solver: () => Promise.reject(new Error('no solver is needed')),
  train: () => Promise.reject(new Error('no training is needed')),
}
const identify = async (change: Parameters<typeof request>[0] = {}) => (await line.load()).identify(request(change), host)
const faultOf = async (change: Parameters<typeof request>[0]): Promise<string> => {
  try {
    await identify(change)
  } catch (caught) {
    if (caught instanceof FaultError) return `${caught.faults[0].code}: ${caught.faults[0].message}`
    throw caught
  }
  return 'none'
}

describe('the method terms of identify', () => {
  it('says the equation, counts its terms and judges them', async () => {
    const { metrics, arrays, fields, faults, ran } = await identify({ truth: { 'u*dx(u)': -1, u_xx: '3/10' } })
    expect(metrics).toMatchObject({ identified: 2, wrong_terms: 0 })
    expect(metrics.coefficient_u_xx).toBeCloseTo(0.3, 4)
    expect(metrics.coefficient_u_u_x_error).toBeLessThan(1e-3)
    expect(metrics.worst_error).toBe(Math.max(metrics.coefficient_u_u_x_error, metrics.coefficient_u_xx_error))
    expect(metrics.coefficient_u_xx_standard_error).toBeGreaterThan(0)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ severity: 'info', code: 'identified-equation', message: expect.stringMatching(/^dt\(u\) = .* leaves .* % of ∂u\/∂t, with 2 of 16 terms\.$/) as string })
    expect(ran?.reason).toMatch(/^\d+ windows of half widths \d+ in t, \d+ in x$/)
    const lengths = Object.fromEntries(arrays.map(({ name, values, shape }) => [name, [values.length, ...(shape ?? [])]]))
    expect(lengths).toEqual({ coefficients: [16, 16], thresholds: [41], loss_path: [41, 41], residual_path: [41, 41], terms_path: [41, 41] })
    const [residual] = fields as Field[]
    expect(residual.values).toHaveLength(gridShape(residual.grid)[0] * fieldTimes(residual))
    expect(Math.max(...residual.values.map(Math.abs))).toBeLessThan(1e-2)
  })

  it('finds a statement that can be pasted: the analysis takes it', async () => {
    const { faults } = await identify({ options: { threshold: 1e-4 } })
    const equation = faults[0].message.split(' leaves ')[0]
    const pasted = analyse({ domain: { shape: 'box', bounds: [[0, 6.283185307179586]], periodic: [true] }, unknowns: ['u'], time: [0, 1], equations: [equation], initial: { u: 'sin(x)' } }, libm)
    expect(pasted.faults.filter(({ severity }) => severity === 'error')).toEqual([])
    const every = await identify({ options: { threshold: 1e-4, trust: 1e-6, windows: { x: 9, t: 6 } } })
    const text = `dt(u) = ${['u', 'dx(u)', 'dxxx(u)', 'u^2', 'u*dx(u)', 'u^2*dx(u)', 'dxx(u^2)', 'dxxxx(u^3)'].map((term, k) => `${k + 1}e-7*${term}`).join(' + ')}`
    expect(every.metrics.identified).toBeGreaterThan(1)
    expect(analyse({ domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] }, unknowns: ['u'], time: [0, 1], equations: [text], initial: { u: '0' } }, libm).faults.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('counts what is missing or superfluous against the truth', async () => {
    const { metrics } = await identify({ truth: { u: 2, u_xx: 0.3 } })
    expect(metrics).toMatchObject({ identified: 2, wrong_terms: 2, worst_error: 1 })
    expect(metrics.coefficient_u_error).toBeUndefined()
    expect(await faultOf({ truth: { 'dxxxxx(u)': 1 } })).toMatch(/^terms-truth: "dxxxxx\(u\)" is no term of the library/)
    expect(await faultOf({ truth: { u: 'nu*' } })).toBe('no-value: "nu*" is not a number or an expression of parameters.')
  })

  it('names the equation of each unknown in a system', async () => {
    // Two waves that turn into each other: u_t = v_x, v_t = u_x, from u ± v of different shapes that move apart.
    const [right, left] = [sampled((x, t) => libm.exp(libm.sin(x - t))), sampled((x, t) => libm.exp(0.8 * libm.cos(2 * x + 2 * t) + 0.4 * libm.sin(x + t)))].map(data => data.unknowns[0].values)
    const fields = [{ ...observed, name: 'w__re', values: right.map((r, i) => left[i] + r) }, { ...observed, name: 'w__im', values: right.map((r, i) => left[i] - r) }].map(field => ({ ...field, times: sampled(() => 0).times }))
    const { metrics, faults, fields: residuals } = await identify({ observations: { fields, deviations: [1, 1] }, options: { library: { power: 1 } }, truth: { 'w_re: dx(w_im)': 1, 'w_im: dx(w_re)': 1 } })
    expect(metrics).toMatchObject({ identified: 2, wrong_terms: 0 })
    expect(metrics.coefficient_w_re__w_im_x).toBeCloseTo(1, 6)
    expect(faults.map(({ message }) => message.slice(0, 10))).toEqual(['dt(w_re) =', 'dt(w_im) ='])
    expect(residuals.map(({ name }) => name)).toEqual(['residual_w_re', 'residual_w_im'])
  })

  it('warns when other terms would do as well', async () => {
    // A wave that travels without changing: any one of u_x and its higher odd derivatives carries it.
    const wave = sampled((x, t) => libm.sin(x - t) + 1e-4 * libm.cos(2 * x - 2 * t) + 1e-5 * libm.sin(3 * x - 3 * t + 1))
    const { metrics, faults } = await identify({ observations: { fields: [{ ...observed, times: wave.times, values: wave.unknowns[0].values }], deviations: [1] }, options: { library: { power: 1, order: 3 } } })
    expect(metrics.identified).toBe(1)
    expect(faults.at(-1)).toMatchObject({ severity: 'warning', code: 'terms-ambiguous', message: expect.stringMatching(/dx(xx)?\(u\) in place of dx(xx)?\(u\)/) as string })
  })

  it('says when nothing is found', async () => {
    const draws = createRandom(5, libm).normal(observed.values.length)
    const { metrics, faults } = await identify({ observations: { fields: [{ ...observed, values: draws }], deviations: [1] } })
    expect(metrics.identified).toBe(0)
    expect(faults[0]).toMatchObject({ severity: 'warning', code: 'terms-none' })
  })

  it('can be cancelled every few milliseconds of its work', async () => {
    let looks = 0
    const cancelling = { ...host, run: quietRun({ throwIfCancelled: () => { if (++looks === 60) throw new Cancelled() } }) }
    await expect((async () => (await line.load()).identify(request(), cancelling))()).rejects.toThrow('cancelled')
    expect(looks).toBe(60)
  })

  it('refuses what it does not use', () => {
    expect(line.faults(request({ points: 2000, unknown: ['nu'], start: { nu: 1 } })).map(({ code, where }) => `${code} ${where?.path}`)).toEqual(['terms-points points', 'terms-unknown unknown', 'terms-start start'])
    expect(line.faults(request())).toEqual([])
  })
})
