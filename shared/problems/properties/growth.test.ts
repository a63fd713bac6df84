import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { statementSchema } from '../../experiment/document'
import { analyse } from '../analyse'
import { spectralAbscissa } from './eigenvalues'

const libm = loadLibm(readKernels())
const codes = (given: object): string[] =>
  analyse(statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]], periodic: [true, true] }, time: [0, 1], unknowns: ['u', 'v'], equations: [], initial: { u: '1 + 0.1*sin(2*pi*x)', v: 'cos(2*pi*y)' }, ...given }), libm).faults.map(f => f.code)

describe('waves that grow the faster the shorter they are', () => {
  it.each<[string, object]>([
    ['diffusion backwards in one of two rows', { equations: ['dt(u) = lap(u)', 'dt(v) = -0.1*lap(v) + u'] }],
    ['diffusion across with both signs alike', { equations: ['dt(u) = lap(v)', 'dt(v) = lap(u)'] }],
    ['Cauchy–Riemann in time', { equations: ['dt(u) = dx(v)', 'dt(v) = -dx(u)'] }],
    ['Laplace’s equation as an evolution', { unknowns: ['u'], equations: ['dtt(u) = -lap(u)'], initial: { u: '1', 'dt(u)': '0' } }],
    ['a wave with the wrong sign of fourth order', { unknowns: ['u'], equations: ['dtt(u) = lap(u) + dxxxx(u)'], initial: { u: '1', 'dt(u)': '0' } }],
    ['Cahn–Hilliard with the wrong sign', { equations: ['dt(u) = -lap(v)', 'v = u^3 - u - 0.01*lap(u)'], initial: { u: 'sin(2*pi*x)' } }],
  ])('%s', (_title, given) => expect(codes(given)).toEqual(['not-parabolic']))
  it.each<[string, object]>([
    ['Cahn–Hilliard', { equations: ['dt(u) = lap(v)', 'v = u^3 - u - 1e-6*lap(u)'], initial: { u: 'sin(2*pi*x)' } }],
    ['waves, plates and damped waves', { unknowns: ['u'], equations: ['dtt(u) = lap(u) - lap(lap(u)) + dt(lap(u))'], initial: { u: '1', 'dt(u)': '0' } }],
    ['Schrödinger', { equations: ['dt(u) = -lap(v)', 'dt(v) = lap(u)'] }],
    ['growth of long waves alone', { unknowns: ['u', 'v'], equations: ['dt(u) = -lap(u) - 1e-6*lap(lap(u)) + v', 'dt(v) = 3*v + 0.1*lap(v)'] }],
    ['shallow water', { equations: ['dt(u) + dx(u*v) = 0', 'dt(v) + v*dx(v) + 9.81*dx(u) = 0'] }],
    ['vorticity', { equations: ['dt(u) + dy(v)*dx(u) - dx(v)*dy(u) = 0.01*lap(u)', '-lap(v) = u'], initial: { u: 'sin(2*pi*x)' } }],
    ['a row without derivatives', { equations: ['dt(u) = lap(u) - v', 'dt(v) = u - v'] }],
  ])('but not in %s', (_title, given) => expect(codes(given)).toEqual([]))
})

describe('eigenvalues of small matrices', () => {
  const matrix = (...rows: number[][]): Float64Array[] => rows.map(row => Float64Array.from(row))
  it('of a rotation, a nilpotent block and a badly scaled wave', () => {
    expect(spectralAbscissa(matrix([0, 1], [-1, 0]), matrix([0, 0], [0, 0])).abscissa).toBeCloseTo(0, 12)
    expect(spectralAbscissa(matrix([0, 1], [0, 0]), matrix([0, 0], [0, 0]))).toEqual({ abscissa: 0, radius: 0 })
    const plate = spectralAbscissa(matrix([0, 1], [-1e20, 0]), matrix([0, 0], [0, 0]))
    expect(plate.radius / 1e10).toBeCloseTo(1, 12)
    expect(Math.abs(plate.abscissa) / 1e10).toBeLessThan(1e-12)
  })
  it('of matrices whose shifts are singular', () => {
    // shallow water along y at rest: 0 and ±i√(gh)
    const { abscissa, radius } = spectralAbscissa(matrix([0, 0, 0], [0, 0, 0], [0, 0, 0]), matrix([0, 0, -1], [0, 0, 0], [-9.81, 0, 0]))
    expect(Math.abs(abscissa)).toBeLessThan(1e-12)
    expect(radius).toBeCloseTo(Math.sqrt(9.81), 11)
    const cyclic = spectralAbscissa(matrix([0, 0, 1], [1, 0, 0], [0, 1, 0]), matrix([0, 0, 0], [0, 0, 0], [0, 0, 0]))
    expect(cyclic.abscissa).toBeCloseTo(1, 11)
    expect(cyclic.radius).toBeCloseTo(1, 11)
  })
  it('of a companion matrix with the roots 1, 2, 3 and ±i', () => {
    // (x−1)(x−2)(x−3)(x²+1) = x⁵ − 6x⁴ + 12x³ − 12x² + 11x − 6
    const companion = matrix([6, -12, 12, -11, 6], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0])
    expect(spectralAbscissa(companion, companion.map(row => new Float64Array(row.length))).abscissa).toBeCloseTo(3, 9)
  })
})
