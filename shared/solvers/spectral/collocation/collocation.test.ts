import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import type { Statement } from '../../../experiment/document'
import type { Field } from '../../../fields/field'
import { relativeL2Nodes } from '../../../fields/norms'
import { createSerialTeam } from '../../../kernels/serial-team'
import { faultCodes, solveStatement, type Ask } from '../../time/solving.testing'
import { spectral } from '../index'
import { collocationGrid, differentiationMatrices } from './differentiation'

const kernels = readKernels()
const libm = loadLibm(kernels)
const solve = (statement: Partial<Statement>, ask: Ask) => solveStatement(spectral, statement as Statement, ask, createSerialTeam({ kernels }), libm)
const box = (bounds: [number, number][], periodic = bounds.map(() => false)): Statement['domain'] => ({ shape: 'box', bounds, periodic }) as Statement['domain']

function error(fields: readonly unknown[], exact: (x: number, y: number, z: number) => number, index = 0): number {
  const field = fields[index] as Field
  const [x, y, z] = field.grid.axes.map(axis => axis.coordinates)
  const nodes = x.length * (y?.length ?? 1) * (z?.length ?? 1)
  const last = field.values.subarray(field.values.length - nodes)
  return relativeL2Nodes(last, Float64Array.from(last, (_, i) => exact(x[i % x.length], y?.[Math.floor(i / x.length) % y.length], z?.[Math.floor(i / x.length / (y?.length ?? 1))])))
}

describe('differentiation matrices', () => {
  it('are exact for polynomials on Chebyshev nodes and for waves on uniform ones', () => {
    const { axes: [bounded, ring] } = collocationGrid([{ name: 'x', lower: -1, upper: 2, periodic: false }, { name: 'y', lower: 0, upper: 3, periodic: true }], [9, 9], libm)
    const apply = (matrix: Float64Array, values: Float64Array): Float64Array => values.map((_, i) => values.reduce((sum, v, j) => sum + matrix[i * 9 + j] * v, 0))
    const powers = differentiationMatrices(bounded, 4, libm)
    const cubic = bounded.coordinates.map(x => x ** 5)
    for (const [order, factor] of [[1, 5], [2, 20], [3, 60], [4, 120]]) expect(relativeL2Nodes(apply(powers[order], cubic), bounded.coordinates.map(x => factor * x ** (5 - order)))).toBeLessThan(1e-10)
    const waves = differentiationMatrices(ring, 3, libm)
    const k = (2 * Math.PI) / 3
    const sine = ring.coordinates.map(y => Math.sin(2 * k * y))
    expect(relativeL2Nodes(apply(waves[1], sine), ring.coordinates.map(y => 2 * k * Math.cos(2 * k * y)))).toBeLessThan(1e-13)
    expect(relativeL2Nodes(apply(waves[2], sine), ring.coordinates.map(y => -4 * k * k * Math.sin(2 * k * y)))).toBeLessThan(1e-13)
    expect(relativeL2Nodes(apply(waves[3], sine), ring.coordinates.map(y => -8 * k ** 3 * Math.cos(2 * k * y)))).toBeLessThan(1e-13)
  })
})

describe('steady statements on Chebyshev nodes', () => {
  it('decays to 1e-12 on an analytic solution with a variable coefficient and a Robin side', () => {
    // u = e^{sin 2x}: −((2 + x)u′)′ + u = f, u(−1) given, u′ + 3u at x = 1.
    const statement: Partial<Statement> = {
      domain: box([[-1, 1]]), unknowns: ['u'], definitions: { ue: 'exp(sin(2*x))', f: '-(2*cos(2*x)*ue) - (2 + x)*(4*cos(2*x)^2 - 4*sin(2*x))*ue + ue' }, equations: ['-dx((2 + x)*dx(u)) + u = f'],
      boundary: [{ on: 'left', condition: 'u = exp(-sin(2))' }, { on: 'right', condition: 'dn(u) + 3*u = (2*cos(2) + 3)*exp(sin(2))' }],
    }
    const errors = [9, 17, 33].map(n => error(solve(statement, { resolution: [n] }).fields, x => Math.exp(Math.sin(2 * x))))
    expect(errors[0]).toBeGreaterThan(1e-6)
    expect(errors[1]).toBeLessThan(1e-5)
    expect(errors[2]).toBeLessThan(1e-12)
  })

  it('solves in two dimensions, with a periodic axis, and in three', () => {
    const plane = { domain: box([[0, 1], [0, 1]], [false, true]), unknowns: ['u'], equations: ['-lap(u) = (4*pi^2 - 1)*exp(x)*sin(2*pi*y)'], boundary: [{ on: 'all', condition: 'u = exp(x)*sin(2*pi*y)' }] } as Partial<Statement>
    expect(error(solve(plane, { resolution: [15, 8] }).fields, (x, y) => Math.exp(x) * Math.sin(2 * Math.PI * y))).toBeLessThan(1e-12)
    const cube = { domain: box([[0, 1], [0, 1], [0, 1]]), unknowns: ['u'], equations: ['-lap(u) + u = -2*exp(x + y - z)'], boundary: [{ on: 'all', condition: 'u = exp(x + y - z)' }, { on: 'left', condition: 'dn(u) = -exp(x + y - z)' }, { on: 'top', condition: 'dn(u) = exp(x + y - z)' }] } as Partial<Statement>
    expect(error(solve(cube, { resolution: [9, 9, 9] }).fields, (x, y, z) => Math.exp(x + y - z))).toBeLessThan(1e-7)
  })

  it('solves nonlinear equations by Newton’s method, on bounded and on periodic axes', () => {
    const bratu = { domain: box([[0, 1]]), unknowns: ['u'], equations: ['-dxx(u) = exp(u)'], boundary: [{ on: 'all', condition: 'u = 0' }] } as Partial<Statement>
    const theta = 1.5171645990507543
    const { fields, converged } = solve(bratu, { resolution: [17] })
    expect(converged).toBe(true)
    expect(error(fields, x => -2 * Math.log(Math.cosh((x - 0.5) * theta / 2) / Math.cosh(theta / 4)))).toBeLessThan(1e-9)
    const ring = { domain: box([[0, 2]], [true]), unknowns: ['u'], equations: ['-dxx(u) + (2 + sin(pi*x))*u + u^3 = pi^2*cos(pi*x) + (2 + sin(pi*x))*cos(pi*x) + cos(pi*x)^3'] } as Partial<Statement>
    expect(error(solve(ring, { resolution: [16] }).fields, x => Math.cos(Math.PI * x))).toBeLessThan(1e-12)
  })

  it('takes two conditions at every end for fourth order: clamped beam and plate', () => {
    const beam = { domain: box([[0, 1]]), unknowns: ['u'], equations: ['dxxxx(u) = exp(x)'], boundary: [{ on: 'all', condition: 'u = exp(x)' }, { on: 'left', condition: 'dn(u) = -1' }, { on: 'right', condition: 'dn(u) = e' }] } as Partial<Statement>
    expect(error(solve(beam, { resolution: [17] }).fields, x => Math.exp(x))).toBeLessThan(1e-10)
    const bump = (s: number): number => Math.sin(Math.PI * s) ** 2
    const plate = {
      domain: box([[0, 1], [0, 1]]), unknowns: ['u'], definitions: { X: 'sin(pi*x)^2', Y: 'sin(pi*y)^2', cx: '2*pi^2*cos(2*pi*x)', cy: '2*pi^2*cos(2*pi*y)' },
      equations: ['dxxxx(u) + 2*dxxyy(u) + dyyyy(u) = -4*pi^2*cx*Y + 2*cx*cy - 4*pi^2*X*cy'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'dn(u) = 0' }],
    } as Partial<Statement>
    expect(error(solve(plate, { resolution: [19, 19] }).fields, (x, y) => bump(x) * bump(y))).toBeLessThan(1e-6)
  })

  it('gives a pure Neumann problem the solution of zero mean, or names its defect', () => {
    const neumann = (source: string): Partial<Statement> => ({ domain: box([[0, 1]]), unknowns: ['u'], equations: [`-dxx(u) = ${source}`], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] })
    expect(error(solve(neumann('pi^2*cos(pi*x)'), { resolution: [17] }).fields, x => Math.cos(Math.PI * x))).toBeLessThan(1e-12)
    expect(faultCodes(() => solve(neumann('1 + cos(pi*x)'), { resolution: [17] }))).toEqual(['incompatible'])
  })

  it('names a resonance instead of dividing by it', () => {
    const drum = (shift: string): Partial<Statement> => ({ domain: box([[0, 1], [0, 1]]), unknowns: ['u'], equations: [`-lap(u) - ${shift}*u = 1`], boundary: [{ on: 'all', condition: 'u = 0' }] })
    expect(faultCodes(() => solve(drum('2*pi^2'), { resolution: [17, 17] }))).toEqual(['singular-system'])
    expect(solve(drum('2.001*pi^2'), { resolution: [17, 17] }).converged).toBe(true)
  })

  it('solves the stream function of a lid-driven cavity with a smooth lid at Re = 100', () => {
    const cavity = {
      domain: box([[0, 1], [0, 1]]), unknowns: ['psi'], equations: ['dxxxx(psi) + 2*dxxyy(psi) + dyyyy(psi) = 100*(dy(psi)*(dxxx(psi) + dxyy(psi)) - dx(psi)*(dxxy(psi) + dyyy(psi)))'],
      boundary: [{ on: 'all', condition: 'psi = 0' }, { on: 'all', condition: 'dn(psi) = 0' }, { on: 'top', condition: 'dn(psi) = 16*x^2*(1 - x)^2' }],
    } as Partial<Statement>
    const [coarse, fine] = [13, 25].map(n => solve(cavity, { resolution: [n, n] }))
    expect(fine.converged).toBe(true)
    // Nodes of the coarse grid are nodes of the fine one.
    const shared = (fine.fields[0] as Field).values.filter((_, i) => i % 25 % 2 === 0 && Math.floor(i / 25) % 2 === 0)
    expect(relativeL2Nodes((coarse.fields[0] as Field).values, shared)).toBeLessThan(2e-2)
    const strength = Math.min(...(fine.fields[0] as Field).values)
    expect(strength).toBeGreaterThan(-0.0836)
    expect(strength).toBeLessThan(-0.0826)
  })

  it('refuses what full matrices do not hold', () => {
    expect(faultCodes(() => solve({ domain: box([[0, 1], [0, 1]]), unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] } as Partial<Statement>, { resolution: [129, 129] }))).toEqual(['too-large'])
    const stokes = { domain: box([[0, 1], [0, 1]]), unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['-lap(v) + grad(p) = vec(0, 1)', 'div(v) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }] } as Partial<Statement>
    expect(faultCodes(() => solve(stokes, { resolution: [9, 9] }))).toEqual(['unsupported-constraint'])
  })
})

describe('evolutions on Chebyshev nodes', () => {
  const heat = { domain: box([[0, 1]]), time: [0, 0.5], unknowns: ['u'], equations: ['dt(u) = 0.25*dxx(u)'], initial: { u: 'sin(pi*x)' }, boundary: [{ on: 'all', condition: 'u = 0' }] } as Partial<Statement>
  it('has order 4 in time', () => {
    const exact = (x: number): number => Math.exp(-0.125 * Math.PI ** 2) * Math.sin(Math.PI * x)
    const errors = [4, 8, 16].map(n => error(solve(heat, { resolution: [17], options: { time: { dt: 0.5 / n } } }).fields, exact))
    expect(Math.abs(Math.log2(errors[1] / errors[2]) - 4)).toBeLessThan(0.1)
    expect(error(solve(heat, { resolution: [17], options: { time: { tolerance: 1e-10 } } }).fields, exact)).toBeLessThan(1e-9)
  })
  it('solves Burgers’ equation with moving boundary values and a wave equation', () => {
    const nu = 0.1
    // Cole–Hopf: a travelling front.
    const front = (x: number, t: number): number => 0.5 - 0.5 * Math.tanh((x - 0.5 * t - 0.5) / (4 * nu))
    const text = '0.5 - 0.5*tanh((x - 0.5*t - 0.5)/0.4)'
    const burgers = { domain: box([[0, 1]]), time: [0, 1], unknowns: ['u'], equations: ['dt(u) + u*dx(u) = 0.1*dxx(u)'], initial: { u: '0.5 - 0.5*tanh((x - 0.5)/0.4)' }, boundary: [{ on: 'all', condition: `u = ${text}` }] } as Partial<Statement>
    expect(error(solve(burgers, { resolution: [21] }).fields, x => front(x, 1))).toBeLessThan(1e-7)
    const wave = { domain: box([[0, 1]]), time: [0, 1], unknowns: ['u'], equations: ['dtt(u) = dxx(u)'], initial: { u: 'sin(pi*x)', 'dt(u)': '0' }, boundary: [{ on: 'all', condition: 'u = 0' }] } as Partial<Statement>
    expect(error(solve(wave, { resolution: [17] }).fields, x => Math.cos(Math.PI) * Math.sin(Math.PI * x))).toBeLessThan(1e-6)
  })
})
