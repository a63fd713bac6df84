import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import type { MeshField } from '../../fields/mesh'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Solution } from '../method'
import { faultCodes, solveStatement } from '../time/solving.testing'
import { finiteElement } from './index'
import { symmetricEigenpairs } from './lanczos'
import { meshErrors } from './measuring.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const box = (bounds: number[][]) => ({ shape: 'box', bounds, periodic: bounds.map(() => false) })
const square = box([[0, 1], [0, 1]])
const solve = (domain: unknown, resolution: readonly number[], options = {}, parts: object = {}): Solution =>
  solveStatement(finiteElement, { parameters: {}, definitions: {}, unknowns: ['u'], eigenvalue: 'lambda', equations: ['-lap(u) = lambda*u'], boundary: [{ on: 'all', condition: 'u = 0' }], domain, ...parts } as unknown as Statement, { resolution, options }, team, libm)
const eigenvalues = (solution: Solution): number[] => [...solution.arrays.find(a => a.name === 'eigenvalues')!.values]
const errors = (solution: Solution, exact: readonly number[]): number[] => eigenvalues(solution).map((value, i) => Math.abs(value - exact[i]) / (exact[i] || 1))

describe('eigenvalues of the Laplacian', () => {
  const pi2 = Math.PI ** 2
  it.each([['degree 1', 1, [2, 5, 5, 8, 10, 10]], ['degree 2', 2, [2, 5, 5, 8, 10, 10]]] as const)('on the square come with order 2k, %s', (_, order, modes) => {
    const exact = modes.map(m => m * pi2)
    const [coarse, fine] = [9, 17].map(n => solve(square, [n, n], { order }))
    expect(fine.converged).toBe(true)
    expect(fine.fields.map(f => f.name)).toEqual(['u', 'u-2', 'u-3', 'u-4', 'u-5', 'u-6'])
    expect(Math.abs(Math.log2(errors(coarse, exact)[0] / errors(fine, exact)[0]) - 2 * order)).toBeLessThan(0.15)
    eigenvalues(fine).forEach((value, i) => expect(value).toBeGreaterThan(exact[i]))
    // Normalised: 2 sin πx sin πy.
    expect(meshErrors(fine.fields[0] as MeshField, '2*sin(pi*x)*sin(pi*y)', libm).l2).toBeLessThan(order === 1 ? 0.02 : 3e-4)
  })

  it('are refused for several real unknowns', () => {
    expect(faultCodes(() => solve(square, [9, 9], {}, { unknowns: [{ name: 'h', type: 'complex' }], equations: ['-lap(h) = lambda*h'], boundary: [{ on: 'all', condition: 'h = 0' }] }))).toEqual(['method-class'])
  })

  it('on the disk are squares of Bessel zeros', () => {
    const zeros = [2.404825557695773, 3.831705970207512, 3.831705970207512, 5.135622301840683, 5.135622301840683, 5.520078110286311]
    expect(Math.max(...errors(solve({ shape: 'disk', center: [0, 0], radius: 1 }, [33, 33]), zeros.map(z => z * z)))).toBeLessThan(3e-5)
  })

  it('on the L-shape: the first one suffers from the corner, the third does not', () => {
    const [first, , third] = errors(solve({ shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] }, [33, 33]), [9.6397238440219, 15.19725192, 2 * pi2])
    expect(first).toBeLessThan(2e-3)
    expect(third).toBeLessThan(3e-5)
  })

  it('with Neumann sides begin with 0, with a well below', () => {
    expect(Math.max(...errors(solve(square, [17, 17], {}, { boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }), [0, 1, 1, 2, 4, 4].map(m => m * pi2)))).toBeLessThan(1e-4)
    expect(eigenvalues(solve(square, [17, 17], { eigenvalues: 2 }, { equations: ['-lap(u) - 100*u = lambda*u'] }))[0]).toBeCloseTo(2 * pi2 - 100, 2)
  })

  it('in a cube has threefold eigenvalues', () => {
    const found = eigenvalues(solve(box([[0, 1], [0, 1], [0, 1]]), [7, 7, 7], { eigenvalues: 4 }))
    expect(Math.abs(found[0] / (3 * pi2) - 1)).toBeLessThan(5e-3)
    for (const value of found.slice(1)) expect(Math.abs(value / (6 * pi2) - 1)).toBeLessThan(0.02)
  })

  it('are not sought for operators that are not symmetric, nor with data', () => {
    expect(faultCodes(() => solve(square, [9, 9], {}, { equations: ['-lap(u) + 5*dx(u) = lambda*u'] }))).toEqual(['method-class'])
    expect(faultCodes(() => solve(square, [3, 3], { order: 1 }))).toEqual(['eigenvalue-count'])
  })
})

it('small symmetric matrices', () => {
  const { values, vectors } = symmetricEigenpairs([[2, -1, 0], [-1, 2, -1], [0, -1, 2]])
  expect([...values].sort((a, b) => a - b).map(v => v.toFixed(12))).toEqual([2 - Math.SQRT2, 2, 2 + Math.SQRT2].map(v => v.toFixed(12)))
  values.forEach((value, k) => expect(Math.abs(2 * vectors[0][k] - vectors[1][k] - value * vectors[0][k])).toBeLessThan(1e-13))
})
