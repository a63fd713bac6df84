import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readArrayAsField } from '../../../electron/engine/files/foreign'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { FaultError } from '../../fault'
import { uniformAxis, type Field } from '../../fields/field'
import { coleHopf, noisy, sampled } from './data.testing'
import type { Observations } from './data'
import { identifyTerms, type IdentifiedEquation, type TermsOptions } from './identify'

const libm = loadLibm(readKernels())
const identify = (data: Observations, options: TermsOptions = {}): readonly IdentifiedEquation[] => identifyTerms(data, options, libm).equations
const coefficients = ({ terms }: IdentifiedEquation): Record<string, number> => Object.fromEntries(terms.map(({ name, coefficient }) => [name, coefficient]))

/** Exactly these terms, each within a fraction of its coefficient. */
function expectTerms(equation: IdentifiedEquation, truth: Record<string, number>, within: number): void {
  const found = coefficients(equation)
  expect(Object.keys(found).sort()).toEqual(Object.keys(truth).sort())
  for (const [name, value] of Object.entries(truth)) expect(Math.abs(found[name] / value - 1), `${name} in ${equation.text}`).toBeLessThan(within)
}
const faultOf = (data: Observations, options?: TermsOptions): { code: string; message: string } => {
  try {
    identify(data, options)
  } catch (caught) {
    if (caught instanceof FaultError) return { code: caught.faults[0].code, message: caught.faults[0].message }
    throw caught
  }
  return { code: 'none', message: '' }
}

const folder = fileURLToPath(new URL('../../../../shared/data/raissi', import.meta.url))
const read = (file: string, array: string, time: string): Field => readArrayAsField(file, readFileSync(`${folder}/${file}`), array, { x: 'x', t: time }) as Field
const files = { burgers: ['burgers_shock.mat', 'usol', 't'], kdv: ['KdV.mat', 'uu', 'tt'], 'allen-cahn': ['AC.mat', 'uu', 'tt'] } as const
function reference(name: keyof typeof files): Observations {
  const [file, array, time] = files[name]
  const { grid, times, values } = read(file, array, time)
  return { axes: grid.axes, times: times!, unknowns: [{ name: 'u', values }] }
}
const truths = {
  burgers: { u_u_x: -1, u_xx: 0.01 / Math.PI },
  kdv: { u_u_x: -1, u_xxx: -0.0025 },
  'allen-cahn': { u: 5, u_xx: 0.0001, u3: -5 },
} as const

describe.skipIf(!existsSync(folder))('reference data (skips where ../shared/data is absent)', () => {
  it.each(Object.keys(truths) as (keyof typeof truths)[])('finds exactly the terms of %s within a hundredth', name => {
    const [equation] = identify(reference(name))
    expectTerms(equation, truths[name], 0.01)
    expect(equation.coefficients).toHaveLength(16)
  })

  it.each([['burgers', 0.03], ['kdv', 0.005], ['allen-cahn', 0.2]] as const)('finds them in %s under noise, within %f, and how much noise there is', (name, within) => {
    const [equation] = identify(noisy(reference(name), 0.01, 3, libm))
    expectTerms(equation, truths[name], within)
    expect(equation.noise).toBeGreaterThan(0.008)
    expect(equation.noise).toBeLessThan(0.012)
    for (const { name: term, coefficient, standardError } of equation.terms) expect(Math.abs(coefficient - (truths[name] as Record<string, number>)[term]), `${term} of ${equation.text}`).toBeLessThan(4.5 * standardError)
  })

  it('fails on the shock of Burgers in strong form at every threshold', () => {
    const data = reference('burgers')
    const [{ path, residual }] = identify(data, { form: 'strong' })
    const library = identifyTerms(sampled(coleHopf(0.3, libm), { nodes: 40, times: 20 }), { form: 'strong' }, libm).library.map(({ name }) => name)
    // At most thresholds the terms themselves are wrong; where they are right the coefficients are not.
    const right = path.filter(({ support }) => support.map(j => library[j]).sort().join() === 'u_u_x,u_xx')
    expect(right.length).toBeLessThan(3)
    for (const { threshold } of right) expect(Math.abs(coefficients(identify(data, { form: 'strong', threshold })[0]).u_xx / truths.burgers.u_xx - 1)).toBeGreaterThan(0.05)
    expect(residual).toBeGreaterThan(0.03)
  })

  it('finds both equations of nonlinear Schrödinger waves', () => {
    // i h_t + ½ h_xx + |h|² h = 0 with h = a + ib.
    const [re, im] = ['re(uu)', 'im(uu)'].map(part => read('NLS.mat', part, 'tt'))
    const data = { axes: re.grid.axes, times: re.times!, unknowns: [{ name: 'a', values: re.values }, { name: 'b', values: im.values }] }
    const [a, b] = identify(data, { library: { order: 2 } })
    expectTerms(a, { b_xx: -0.5, a2_b: -1, b3: -1 }, 0.01)
    expectTerms(b, { a_xx: 0.5, a3: 1, a_b2: 1 }, 0.01)
    expect(a.text).toMatch(/^dt\(a\) = -0\.\d+\*dxx\(b\)/)
  })
})

describe('terms of known solutions', () => {
  const burgers = sampled(coleHopf(0.3, libm), { end: 2 })

  it('finds Burgers in an exact solution, on a periodic and a bounded line', () => {
    expectTerms(identify(burgers)[0], { u_u_x: -1, u_xx: 0.3 }, 1e-3)
    const [bounded] = identify(sampled(coleHopf(0.3, libm), { end: 2, periodic: false }))
    expectTerms(bounded, { u_u_x: -1, u_xx: 0.3 }, 1e-3)
    expect(bounded.text).toMatch(/^dt\(u\) = 0\.\d+\*dxx\(u\) - (0\.999|1)\d*\*u\*dx\(u\)$/)
  })

  it('rescales coefficients with the units and finds the same terms', () => {
    const [length, time, size] = [250, 0.01, 40]
    const data: Observations = {
      axes: burgers.axes.map(axis => ({ ...axis, coordinates: axis.coordinates.map(x => length * x) })), times: burgers.times.map(t => time * t),
      unknowns: burgers.unknowns.map(({ name, values }) => ({ name, values: values.map(u => size * u) })),
    }
    const [own] = identify(burgers)
    const [scaled] = identify(data)
    expect(scaled.terms.map(({ name }) => name)).toEqual(own.terms.map(({ name }) => name))
    const [before, after] = [coefficients(own), coefficients(scaled)]
    expect(after.u_xx / before.u_xx / ((length * length) / time)).toBeCloseTo(1, 8)
    expect(after.u_u_x / before.u_u_x / (length / time / size)).toBeCloseTo(1, 8)
    scaled.path.forEach((point, k) => expect(point.support).toEqual(own.path[k].support))
  })

  it('says as much as repeated noise scatters', () => {
    const draws = Array.from({ length: 24 }, (_, seed) => identify(noisy(burgers, 0.02, seed + 1, libm), { library: { power: 2, order: 2 } })[0])
    for (const draw of draws) expect(draw.terms.map(({ name }) => name)).toEqual(['u_xx', 'u_u_x'])
    for (const k of [0, 1]) {
      const values = draws.map(({ terms }) => terms[k].coefficient)
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const scatter = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
      const claimed = draws.reduce((sum, { terms }) => sum + terms[k].standardError, 0) / draws.length
      expect(scatter / claimed).toBeGreaterThan(0.6)
      expect(scatter / claimed).toBeLessThan(1.6)
    }
  })

  it('finds derivatives along both axes and the mixed one', () => {
    const [x, y] = [uniformAxis('x', 0, 2 * Math.PI, 40, true), uniformAxis('y', 0, 2 * Math.PI, 36, true)]
    const times = Float64Array.from({ length: 40 }, (_, i) => i / 39)
    const waves = [[1, 0, 1, 0.2], [0, 1, 0.8, 1.0], [1, 1, 0.7, 0.4], [2, -1, 0.5, 2.0], [1, 3, 0.3, 0.7], [3, 1, 0.3, 1.7], [2, 2, 0.4, 2.9]]
    const u = (px: number, py: number, t: number): number => 0.4 + waves.reduce((sum, [kx, ky, size, phase]) =>
      sum + size * Math.exp(-(0.08 * kx * kx + 0.05 * ky * ky + 0.06 * kx * ky) * t) * Math.cos(kx * (px - 1.5 * t) + ky * (py + 0.7 * t) + phase), 0)
    const values = Float64Array.from({ length: 40 * 36 * 40 }, (_, i) => u(x.coordinates[i % 40], y.coordinates[Math.floor(i / 40) % 36], times[Math.floor(i / 1440)]))
    const result = identifyTerms({ axes: [x, y], times, unknowns: [{ name: 'u', values }] }, {}, libm)
    expect(result.library).toHaveLength(19)
    expectTerms(result.equations[0], { u_x: -1.5, u_y: 0.7, u_xx: 0.08, u_xy: 0.06, u_yy: 0.05 }, 0.01)
  })

  it('takes a threshold that is given, and finds nothing above all weights', () => {
    expect(identify(burgers, { threshold: 1e-4 })[0].terms.length).toBeGreaterThanOrEqual(2)
    const [none] = identify(burgers, { threshold: 50 })
    expect(none.text).toBe('dt(u) = 0')
    expect(none.residual).toBeCloseTo(1, 12)
  })
})

describe('data that determine nothing', () => {
  const good = sampled(coleHopf(0.3, libm))
  const withValues = (change: (values: Float64Array) => void): Observations => {
    const values = good.unknowns[0].values.slice()
    change(values)
    return { ...good, unknowns: [{ name: 'u', values }] }
  }
  it('says what is missing in one sentence', () => {
    expect(faultOf({ ...good, times: Float64Array.of(0), unknowns: [{ name: 'u', values: good.unknowns[0].values.slice(0, 96) }] })).toMatchObject({ code: 'terms-no-time', message: expect.stringContaining('no time axis') as string })
    expect(faultOf(sampled(coleHopf(0.3, libm), { times: 12 }))).toEqual({ code: 'terms-too-few-points', message: 'The data have 12 values of t; windows of test functions need at least 16.' })
    expect(faultOf(sampled(coleHopf(0.3, libm), { nodes: 24 }))).toMatchObject({ code: 'terms-too-few-points', message: expect.stringContaining('24 values of x') as string })
    expect(faultOf(good, { windows: { t: 60 } })).toMatchObject({ code: 'terms-too-few-points' })
    expect(faultOf(good, { windows: { x: 3 } })).toMatchObject({ code: 'terms-window' })
    expect(faultOf(withValues(values => { values[200] = NaN }))).toMatchObject({ code: 'terms-not-finite', message: expect.stringMatching(/^1 of the 7680 values of u is no number; the first stands at x = 0\.5\d*, t = 0\.02\d*\.$/) as string })
    expect(faultOf({ ...good, times: good.times.map(t => t * t) })).toMatchObject({ code: 'terms-not-uniform' })
  })
  it('says which columns coincide', () => {
    expect(faultOf(withValues(values => values.fill(2)))).toEqual({ code: 'terms-constant', message: 'All values of u are 2: 1, u, u² … coincide and every derivative is zero.' })
    expect(faultOf(sampled(x => Math.sin(x) + Math.cos(2 * x)))).toEqual({ code: 'terms-steady', message: 'u does not change in time, so there is no ∂u/∂t to explain.' })
    expect(faultOf(sampled((_, t) => Math.exp(-t)))).toEqual({ code: 'terms-constant', message: 'u does not change along x: 1, u, u² … are independent of x and every derivative along x is zero.' })
    // One decaying wave: u_xx = −u, and no data of it tell −u from u_xx.
    expect(faultOf(sampled((x, t) => Math.exp(-t) * Math.sin(x)))).toEqual({ code: 'terms-dependent', message: 'On these data the columns u and dxx(u) of the library coincide up to a factor.' })
  })
})
