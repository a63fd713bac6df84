import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import type { Expression } from '../expressions'
import { evaluate, parseExpression, toText } from '../expressions'
import { analyse } from './analyse'
import type { AnalysedProblem, Properties } from './analysed'

const libm = loadLibm(readKernels())
type Given = Partial<Omit<Statement, 'domain' | 'unknowns'>> & { domain?: unknown; unknowns?: unknown }
const plane = { bounds: [[0, 1], [0, 1]] }
const problemOf = (given: Given): AnalysedProblem => {
  const { problem, faults } = analyse(statementSchema.parse({ domain: plane, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given }), libm)
  if (!problem) throw new Error(faults.map(f => f.message).join(' '))
  return problem
}
const propertiesOf = (given: Given): Properties => problemOf(given).properties
const torus = (size = '2*pi'): object => ({ bounds: [[0, size], [0, size]], periodic: [true, true] })
const circle = (length = '2*pi'): object => ({ bounds: [[0, length]], periodic: [true] })
const evolution = (given: Given): Given => ({ boundary: [], time: [0, 1], ...given })

/** Equal up to a factor, at places where every jet has its own value. */
const expectSame = (found: Expression, text: string): void => {
  const wanted = parseExpression(text)
  if (!wanted.ok) throw new Error(text)
  const scope = (k: number): Record<string, number> => new Proxy({}, { get: (_, n) => 0.3 + Math.abs(libm.sin(String(n).length * 3.1 + String(n).charCodeAt(String(n).length - 1) * (1.7 + k))), getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }) })
  const ratios = [0, 1, 2, 3].map(k => evaluate(found, scope(k), libm) / evaluate(wanted.value, scope(k), libm))
  for (const ratio of ratios) expect(ratio, `${toText(found)} against ${text}`).toBeCloseTo(ratios[0], 9)
}

describe('classes', () => {
  it.each<[string, Given, Partial<Properties>]>([
    ['Poisson', {}, { orderInSpace: 2, orderInTime: 0, linear: true, elliptic: true, symmetric: true, definiteness: 'positive' }],
    ['Poisson on a disk', { domain: { shape: 'disk' } }, { elliptic: true, symmetric: true, definiteness: 'positive' }],
    ['pure Neumann', { boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }, { definiteness: 'semidefinite' }],
    ['Robin', { boundary: [{ on: 'all', condition: 'dn(u) + u = 0' }] }, { definiteness: 'positive' }],
    ['Helmholtz below the lowest eigenvalue 2π²', { equations: ['-lap(u) - 19*u = 1'] }, { definiteness: 'positive' }],
    ['Helmholtz above it', { equations: ['-lap(u) - 20*u = 1'] }, { definiteness: 'indefinite' }],
    ['Helmholtz between walls on one axis', { domain: { ...plane, periodic: [false, true] }, equations: ['-lap(u) - 9*u = 1'] }, { definiteness: 'positive' }],
    ['Helmholtz with one open end, below π²/4 + π²', { boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) = 0' }], equations: ['-lap(u) - 12*u = 1'] }, { definiteness: 'positive' }],
    ['advection makes it unsymmetric', { equations: ['-lap(u) + dx(u) = 1'] }, { elliptic: true, symmetric: false }],
    ['a full tensor', { equations: ['-div(vec(2*dx(u) + dy(u), dx(u) + (1 + x)*dy(u))) = 1'] }, { elliptic: true, symmetric: true }],
    ['a full tensor with too large a mixed term', { equations: ['-dxx(u) - 3*dxy(u) - dyy(u) = 1'] }, { elliptic: false }],
    ['biharmonic', { equations: ['lap(lap(u)) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'dn(u) = 0' }] }, { orderInSpace: 4, elliptic: true, symmetric: true }],
    ['Stokes: elliptic in the sense of Douglis and Nirenberg, symmetric with one row turned round', { unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['-lap(v) + grad(p) = 0', 'div(v) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }] }, { elliptic: true, linear: true, symmetric: true }],
    ['Navier–Stokes', { unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['dot(v, grad(v)) - lap(v) + grad(p) = 0', 'div(v) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }] }, { elliptic: true, linear: false }],
    ['Cauchy–Riemann', { unknowns: ['a', 'b'], equations: ['dx(a) - dy(b) = 0', 'dy(a) + dx(b) = 0'], boundary: [{ on: 'all', condition: 'a = 0' }] }, { elliptic: true, orderInSpace: 1 }],
    ['elasticity', { unknowns: [{ name: 'v', type: 'vector' }], equations: ['-lap(v) - 2*grad(div(v)) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }] }, { elliptic: true, symmetric: true }],
    ['a hundred dimensions', { domain: { dimension: 100 } }, { elliptic: true, symmetric: true }],
    ['wave', evolution({ domain: torus(), equations: ['dtt(u) = lap(u)'], initial: { u: 'sin(x)', 'dt(u)': '0' } }), { orderInTime: 2, linear: true }],
  ])('%s', (_title, given, wanted) => expect(propertiesOf(given)).toMatchObject(wanted))
})

describe('stiffness', () => {
  const stiff = (given: Given): boolean => propertiesOf(evolution({ initial: { u: 'sin(x)', 'dt(u)': '0' }, domain: circle(), ...given })).stiff!.stiff
  it('tells diffusion and dispersion from waves', () => {
    expect(stiff({ equations: ['dt(u) = dxx(u)'], initial: { u: 'sin(x)' } })).toBe(true)
    expect(stiff({ equations: ['dt(u) + dxxx(u) = 0'], initial: { u: 'sin(x)' } })).toBe(true)
    expect(stiff({ equations: ['dt(u) + u*dx(u) = 0.001*dxx(u)'], initial: { u: 'sin(x)' } })).toBe(false)
    expect(stiff({ equations: ['dtt(u) = dxx(u)'], time: [0, 1000] })).toBe(false)
    expect(stiff({ equations: ['dtt(u) = -dxxxx(u)'], time: [0, 10] })).toBe(true)
    expect(stiff({ equations: ['dt(u) = 1e-6*dxx(u) + 1e5*(sin(x) - u)'], initial: { u: 'sin(x)' } })).toBe(true)
  })
  it('says why', () => {
    expect(propertiesOf(evolution({ domain: circle(), equations: ['dt(u) = dxx(u)'], initial: { u: 'sin(x)' } })).stiff!.reason).toMatch(/^Stiff: derivatives of order 2 allow only explicit steps of at most 0\.0004/)
  })
})

describe('conserved quantities', () => {
  const conserved = (given: Given): Record<string, Expression> => Object.fromEntries(propertiesOf(evolution(given)).conserved.map(c => [c.name, c.density]))
  it('of Korteweg–de Vries', () => {
    const found = conserved({ domain: circle(), equations: ['dt(u) + u*dx(u) + 0.0025*dxxx(u) = 0'], initial: { u: 'cos(x)' } })
    expect(Object.keys(found)).toEqual(['mass', 'momentum', 'energy'])
    expectSame(found.energy, '0.0025*u_x^2/2 - u^3/6')
  })
  it('of the nonlinear Schrödinger equation, with a potential too', () => {
    const found = conserved({ domain: circle(), unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) + dxx(h)/2 + abs(h)^2*h = 0'], initial: { h: 'exp(i*x)' } })
    expect(Object.keys(found)).toEqual(['mass', 'momentum', 'energy'])
    expectSame(found.mass, 'h__re^2 + h__im^2')
    expectSame(found.energy, '(h__re_x^2 + h__im_x^2)/2 - (h__re^2 + h__im^2)^2/2')
    const trapped = conserved({ domain: circle(), unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) = -dxx(h)/2 + cos(x)*h'], initial: { h: 'exp(i*x)' } })
    expect(Object.keys(trapped)).toEqual(['mass', 'energy'])
    expectSame(trapped.energy, '(h__re_x^2 + h__im_x^2)/2 + cos(x)*(h__re^2 + h__im^2)')
  })
  it('of waves: between walls, with a potential, of the sine–Gordon equation', () => {
    const walls = { domain: plane, boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'top', condition: 'dn(u) = 0' }], initial: { u: '0', 'dt(u)': '0' } }
    expectSame(conserved({ ...walls, equations: ['dtt(u) = 4*lap(u)'] }).energy, 'u__t^2/2 + 2*(u_x^2 + u_y^2)')
    expectSame(conserved({ ...walls, equations: ['dtt(u) = div((1 + x)*grad(u)) - u^3'] }).energy, 'u__t^2/2 + (1 + x)*(u_x^2 + u_y^2)/2 + u^4/4')
    const gordon = conserved({ domain: circle(), equations: ['dtt(u) = dxx(u) - sin(u)'], initial: { u: '0', 'dt(u)': '1' } })
    expect(Object.keys(gordon)).toEqual(['momentum', 'energy'])
    for (const [u, s, c] of [[0.3, 0.7, -0.2], [2, -0.4, 1]]) expect(evaluate(gordon.energy, { u, u__t: s, u_x: c }, libm)).toBeCloseTo(s * s / 2 + c * c / 2 - libm.cos(u), 9)
  })
  it('of Maxwell’s equations, elasticity in motion and plates', () => {
    const fields = conserved({ domain: torus(), unknowns: [{ name: 'E', type: 'vector' }, 'H'], equations: ['dt(E) = curl(H)', 'dt(H) = -curl(E)'], initial: { E: '0', H: 'sin(x)' } })
    expectSame(fields.energy, 'E__x^2 + E__y^2 + H^2')
    const plate = conserved({ domain: torus(), equations: ['dtt(u) = -lap(lap(u))'], initial: { u: 'sin(x)', 'dt(u)': '0' } })
    expectSame(plate.energy, 'u__t^2 + (u_xx + u_yy)^2')
  })
  it('of conservation laws: what shocks keep, and nothing else', () => {
    const water = conserved({ domain: torus(), unknowns: ['h', { name: 'q', type: 'vector' }], equations: ['dt(h) + div(q) = 0', 'dt(q) + div(outer(q, q)/h) + grad(9.81*h^2/2) = 0'], initial: { h: '1 + 0.1*sin(x)', q: '0' } })
    expect(Object.keys(water)).toEqual(['total_h', 'total_q__x', 'total_q__y'])
    expect(Object.keys(conserved({ domain: circle(), equations: ['dt(u) + u*dx(u) = 0'], initial: { u: 'sin(x)' } }))).toEqual(['mass'])
  })
  it('of incompressible flow, with the constraint as a multiplier', () => {
    const flow = { domain: torus(), unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['dt(v) + dot(v, grad(v)) + grad(p) = 0', 'div(v) = 0'], initial: { v: 'vec(sin(x)*cos(y), -cos(x)*sin(y))' } }
    expect(Object.keys(conserved({ ...flow, equations: ['dt(v) + dot(v, grad(v)) + grad(p) = 0.1*lap(v)', 'div(v) = 0'] }))).toEqual(['total_v__x', 'total_v__y'])
  })
  it('is nothing where something is lost', () => {
    expect(conserved({ domain: circle(), equations: ['dt(u) = dxx(u) - u'], initial: { u: 'sin(x)' } })).toEqual({})
    expect(conserved({ domain: { bounds: [[0, 1]] }, boundary: [{ on: 'all', condition: 'u = 0' }], equations: ['dt(u) = dxx(u)'], initial: { u: 'sin(pi*x)' } })).toEqual({})
    expect(Object.keys(conserved({ domain: { bounds: [[0, 1]] }, boundary: [{ on: 'all', condition: 'dn(u) = 0' }], equations: ['dt(u) = div((1 + u^2)*grad(u))'], initial: { u: 'cos(pi*x)' } }))).toEqual(['mass'])
    expect(conserved({ domain: circle(), equations: ['dtt(u) = dxx(u) - 0.1*dt(u)'], initial: { u: '0', 'dt(u)': '1' } })).toEqual({})
    expect(Object.keys(conserved({ domain: circle(), equations: ['dt(u) + cos(t)*dx(u) = 0'], initial: { u: 'sin(x)' } }))).toContain('mass')
    expect(conserved({ domain: circle(), equations: ['dt(u) + cos(x)*dx(u) = 0'], initial: { u: 'sin(x)' } })).toEqual({})
  })
})

describe('energies', () => {
  const energy = (given: Given): string | Expression => {
    const { energy: found } = propertiesOf(given)
    return 'refused' in found ? found.refused : found.density
  }
  it.each<[string, Given, string]>([
    ['Poisson', { equations: ['-lap(u) = sin(x)'] }, '(u_x^2 + u_y^2)/2 - sin(x)*u'],
    ['either sign', { equations: ['lap(u) = sin(x)'] }, '(u_x^2 + u_y^2)/2 + sin(x)*u'],
    ['a coefficient and a reaction', { equations: ['-div((2 + x)*grad(u)) + y*u = 1'] }, '(2 + x)*(u_x^2 + u_y^2)/2 + y*u^2/2 - u'],
    ['Allen–Cahn at rest', { equations: ['-0.01*lap(u) + u^3 - u = 0'] }, '0.01*(u_x^2 + u_y^2)/2 + u^4/4 - u^2/2'],
    ['Bratu', { equations: ['-lap(u) = 2*exp(u)'] }, '(u_x^2 + u_y^2)/2 - 2*exp(u)'],
    ['biharmonic', { equations: ['lap(lap(u)) = x'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'dn(u) = 0' }] }, '(u_xx + u_yy)^2/2 - x*u'],
  ])('%s', (_title, given, wanted) => {
    const found = energy(given)
    if (typeof found === 'string') throw new Error(found)
    expectSame(found, wanted)
  })
  it('of a nonlinear diffusion, by the homotopy', () => {
    expect(typeof energy({ equations: ['-div((1 + dot(grad(u), grad(u)))*grad(u)) = 1'] })).toBe('object')
  })
  it.each<[string, Given, RegExp]>([
    ['advection', { equations: ['-lap(u) + dx(u) = 1'] }, /first derivatives make the operator unsymmetric/],
    ['diffusion that depends on the solution', { equations: ['-div((1 + u^2)*grad(u)) = 1'] }, /not its own adjoint/],
    ['an evolution', evolution({ domain: torus(), equations: ['dt(u) = lap(u)'], initial: { u: '0' } }), /evolves in time/],
    ['an eigenproblem', { equations: ['-lap(u) = lambda*u'], eigenvalue: 'lambda' }, /quotient of energies/],
  ])('none for %s', (_title, given, reason) => expect(energy(given)).toMatch(reason))
})
