import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { StepEnvelope } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import { analyse } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import { problems } from '../problems/catalogue'
import { checkSolve, defaultResolution, solveRequests } from '../steps/solve-options'
import { firstAccepted } from './automatic'
import { chooseMethod, neededWords, rankMethods } from './choose'
import { methods } from './registry'

const libm = loadLibm(readKernels())
const problemOf = (given: object): AnalysedProblem => {
  const { problem, faults } = analyse(statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given }), libm)
  if (!problem) throw new Error(faults.map(f => f.message).join(' '))
  return problem
}
const line = { domain: { bounds: [[0, 1]], periodic: [true] }, boundary: [], time: [0, 1], initial: { u: 'sin(2*pi*x)' } }
const step = (own: object = {}): StepEnvelope => ({ id: 's', kind: 'solve', ...own })

describe('the choice of a method', () => {
  it.each<[string, object, string, RegExp]>([
    ['Poisson on a box', {}, 'finite-difference', /elliptic equation on a box/],
    ['Poisson on a disk', { domain: { shape: 'disk' } }, 'finite-element', /mesh follows the boundary/],
    ['Stokes', { unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['-lap(v) + grad(p) = 0', 'div(v) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }] }, 'finite-element', /saddle point/],
    ['Poisson on a torus', { domain: { bounds: [[0, 1], [0, 1]], periodic: [true, true] }, boundary: [], equations: ['-lap(u) + u = sin(2*pi*x)'] }, 'spectral', /^Fourier modes: a linear steady problem/],
    ['viscous Burgers', { ...line, equations: ['dt(u) + u*dx(u) = 0.01*dxx(u)'] }, 'spectral', /stays? smooth|smooth solutions/],
    ['Burgers with fronts thinner than the mesh', { ...line, equations: ['dt(u) + u*dx(u) = 1e-5*dxx(u)'] }, 'finite-difference', /fronts far thinner than the mesh/],
    ['inviscid Burgers', { ...line, equations: ['dt(u) + u*dx(u) = 0'] }, 'finite-difference', /forms shocks/],
    ['a jump carried along', { ...line, equations: ['dt(u) + dx(u) = 0'], initial: { u: 'if(x < 0.5, 1, 0)' } }, 'finite-difference', /jumps/],
    ['heat between walls', { domain: { bounds: [[0, 1]] }, time: [0, 1], equations: ['dt(u) = dxx(u)'], initial: { u: 'x*(1 - x)' } }, 'finite-difference', /an evolution on a box/],
  ])('%s', (_title, given, method, reason) => {
    const choice = chooseMethod(problemOf(given), libm)!
    expect(choice.method).toBe(method)
    expect(choice.reason).toMatch(reason)
  })
  it('leaves out methods that do not know the step’s options', () => {
    const problem = problemOf({ domain: { bounds: [[0, 1], [0, 1]] } })
    expect(chooseMethod(problem, libm)?.method).toBe('finite-difference')
    expect(chooseMethod(problem, libm, { adaptive: {} })).toMatchObject({ method: 'finite-element', reason: expect.stringContaining('options') as string })
    expect(checkSolve(step({ adaptive: {} }), problem, libm)).toEqual([])
    expect(checkSolve(step({ adaptiv: {} }), problem, libm).map(f => f.code)).toEqual(['unknown-key'])
  })
  it('says that no grid reaches many dimensions', () => {
    const problem = problemOf({ domain: { dimension: 10 } })
    expect(rankMethods(problem, libm)).toEqual([])
    expect(checkSolve(step(), problem, libm).map(f => f.code)).toEqual(['too-many-dimensions'])
    expect(checkSolve(step({ method: 'finite-difference' }), problem, libm).map(f => f.code)).toEqual(['too-many-dimensions'])
  })
  it('keeps conditions that tie components away from methods that would not see them', () => {
    const problem = problemOf({ unknowns: [{ name: 'h', type: 'complex' }], equations: ['-lap(h) - 9*h = 0'], boundary: [{ on: 'all', condition: 'dn(h) = i*3*h' }] })
    for (const method of ['finite-difference', 'finite-element', 'spectral']) {
      const knows = rankMethods(problem, libm).some(c => c.method === method)
      expect(checkSolve(step({ method }), problem, libm).map(f => f.code)).toEqual(knows ? [] : ['coupled-conditions'])
    }
  })
  it('takes as many nodes along an axis as it is long', () => {
    expect(defaultResolution(problemOf({}))).toEqual([129, 129])
    expect(defaultResolution(problemOf({ domain: { bounds: [[0, 2], [0, 1]] } }))).toEqual([129, 65])
    expect(defaultResolution(problemOf({ domain: { bounds: [[0, 100], [0, 1]], periodic: [true, false] } }))).toEqual([128, 17])
  })
})

describe('the catalogue', () => {
  const solvable = problems.filter(p => !('dimension' in p.statement.domain && (p.statement.domain.dimension ?? 0) > 3))
  it.each(solvable.map(p => [p.descriptor.id, p] as const))('%s has a method that takes it', async (_id, { statement }) => {
    const { problem } = analyse(statementSchema.parse(statement), libm)
    const lacking = neededWords(problem!).filter(word => !methods.some(m => m.descriptor.supports?.includes(word)))
    if (lacking.length > 0) return expect(checkSolve(step(), problem, libm).map(f => f.code), lacking.join()).toEqual(['unsupported-class'])
    const found = await firstAccepted(solveRequests(step(), problem!, libm), methods)
    expect('refused' in found ? found.refused.map(f => f.message) : []).toEqual([])
    expect('chosen' in found && found.chosen.reason).toMatch(/\.$/)
  })
})
