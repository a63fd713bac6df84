import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import type { Field } from '../../fields/field'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Solution } from '../method'
import { faultCodes, solveStatement } from '../time/solving.testing'
import { finiteDifference } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const solve = (statement: Partial<Statement>, resolution: number[], options: Record<string, unknown> = {}): Solution => solveStatement(finiteDifference, {
  domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], eigenvalue: 'lambda', equations: ['-lap(u) = lambda*u'], boundary: [{ on: 'all', condition: 'u = 0' }], ...statement,
} as Statement, { resolution, options }, team, libm)
const values = (solution: Solution): Float64Array => solution.arrays.find(({ name }) => name === 'eigenvalues')!.values

describe('eigenvalues by finite differences', () => {
  it('of the square have order 2, multiplicities included', () => {
    const exact = [2, 5, 5, 8, 10, 10].map(n => n * Math.PI ** 2)
    const errors = [17, 33, 65].map(n => [...values(solve({}, [n, n]))].map((value, k) => Math.abs(value - exact[k])))
    exact.forEach((_, k) => expect(Math.abs(Math.log2(errors[1][k] / errors[2][k]) - 2)).toBeLessThan(0.1))
  })

  it('of the L-shape approach 9.63972 at the rate of its corner, and the third one, an exact sine, with order 2', () => {
    const shape = { domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] } } as Partial<Statement>
    const found = [33, 65, 129].map(n => values(solve(shape, [n, n])))
    const errors = found.map(v => Math.abs(v[0] - 9.6397238440219))
    expect(errors[2] / 9.64).toBeLessThan(4e-3)
    // h^{4/3} of the corner over h² of the rest, of the other sign: the slope comes down to 4/3 from above.
    const slope = Math.log2(errors[1] / errors[2])
    expect(Math.abs(slope - 4 / 3)).toBeLessThan(0.2)
    expect(Math.abs(slope - 4 / 3)).toBeLessThan(Math.abs(Math.log2(errors[0] / errors[1]) - 4 / 3))
    const third = found.map(v => Math.abs(v[2] - 2 * Math.PI ** 2))
    expect(Math.abs(Math.log2(third[1] / third[2]) - 2)).toBeLessThan(0.1)
  })

  it('of a vibrating string with a variable weight and tension agree with refined grids', () => {
    const string = { domain: { shape: 'box', bounds: [[0, 2]] }, equations: ['-dx((1 + x)*dx(u)) = lambda*(2 + x^2)*u'], boundary: [{ on: 'left', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) = 0' }] } as Partial<Statement>
    const [coarse, middle, fine] = [65, 129, 257].map(n => values(solve(string, [n])))
    for (let k = 0; k < 6; k++) expect(Math.abs(Math.log2((coarse[k] - middle[k]) / (middle[k] - fine[k])) - 2)).toBeLessThan(0.1)
  })

  it('of free and periodic domains begin with 0 and a constant', () => {
    for (const domain of [{ shape: 'box', bounds: [[0, 1], [0, 1]] }, { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: ['x', 'y'] }]) {
      const free = solve({ domain, boundary: 'periodic' in domain ? [] : [{ on: 'all', condition: 'dn(u) = 0' }] } as unknown as Partial<Statement>, [32, 32])
      expect(free.converged).toBe(true)
      expect(Math.abs(values(free)[0])).toBeLessThan(1e-8)
      const u = (free.fields[0] as Field).values
      u.forEach(value => expect(value).toBeCloseTo(u[0], 6))
    }
  })

  it('of a cube come with their triple copies', () => {
    const cube = solve({ domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]] } } as Partial<Statement>, [17, 17, 17], { eigenvalues: 7 })
    ;[3, 6, 6, 6, 9, 9, 9].forEach((n, k) => expect(values(cube)[k] / (n * Math.PI ** 2)).toBeCloseTo(1, 1))
    expect(cube.converged).toBe(true)
  })

  it('of a well below zero are the lowest ones', () => {
    const well = { domain: { shape: 'box', bounds: [[-8, 8]] }, equations: ['-0.5*dxx(u) + (0.5*x^2 - 20)*u = lambda*u'] } as Partial<Statement>
    values(solve(well, [801])).forEach((value, k) => expect(value).toBeCloseTo(k + 0.5 - 20, 2))
  })

  it('give normalised fields, the first one positive', () => {
    const solution = solve({}, [33, 33])
    expect(solution.fields.map(field => field.name)).toEqual(['u', 'u-2', 'u-3', 'u-4', 'u-5', 'u-6'])
    const h = 1 / 32
    for (const field of solution.fields) expect((field as Field).values.reduce((sum, value) => sum + value * value * h * h, 0)).toBeCloseTo(1, 10)
    expect(Math.max(...(solution.fields[0] as Field).values)).toBeCloseTo(2, 2)
    expect(solution.metrics.eigenvalue_1).toBe(values(solution)[0])
  })

  it('are refused where the differences are not symmetric or data are given', () => {
    expect(faultCodes(() => solve({ domain: { shape: 'disk', center: [0, 0], radius: 1 } } as unknown as Partial<Statement>, [33, 33]))).toEqual(['not-symmetric'])
    expect(faultCodes(() => solve({ equations: ['-lap(u) + dx(u) = lambda*u'] }, [33, 33]))).toEqual(['not-symmetric'])
    expect(faultCodes(() => solve({}, [33, 33], { order: 4 }))).toEqual(['unsupported-order'])
    expect(faultCodes(() => solve({}, [4, 4]))).toEqual(['eigenvalue-count'])
  })
})
