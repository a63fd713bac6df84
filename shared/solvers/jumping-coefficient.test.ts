import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { statementSchema } from '../experiment/document'
import { analyse } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import { solveRequests } from '../steps/solve-options'
import { firstAccepted } from './automatic'
import { methods } from './registry'

const libm = loadLibm(readKernels())
const problemOf = (given: object): AnalysedProblem => {
  const { problem, faults } = analyse(statementSchema.parse({ domain: { bounds: [[0, 1]] }, unknowns: ['u'], definitions: { a: 'if(x < 0.5, 1, 10)' }, boundary: [{ on: 'all', condition: 'u = 0' }], ...given }), libm)
  if (!problem) throw new Error(faults.map(f => f.message).join(' '))
  return problem
}
async function codes(problem: AnalysedProblem, own: object): Promise<string[]> {
  const found = await firstAccepted(solveRequests({ id: 's', kind: 'solve', ...own }, problem, libm), methods)
  return 'refused' in found ? found.refused.map(f => f.code) : []
}
const evolution = { time: [0, 1], initial: { u: '0' } }

describe('coefficients that jump', () => {
  const heat = problemOf({ ...evolution, equations: ['dt(u) = div(a*grad(u)) + 1'] })
  it('are taken where fluxes are differenced or integrated', async () => {
    for (const method of ['auto', 'rk4', 'imex', 'crank-nicolson']) expect(await codes(heat, { method: 'finite-difference', time: { method } })).toEqual([])
    expect(await codes(heat, { method: 'finite-element' })).toEqual([])
    expect(await codes(heat, {})).toEqual([])
    expect(await codes(problemOf({ equations: ['-div(a*grad(u)) = 1'] }), { method: 'finite-difference' })).toEqual([])
  })
  it('are refused where the equation is written out', async () => {
    expect(await codes(heat, { method: 'finite-difference', time: { method: 'bdf' } })).toEqual(['discontinuous-coefficient'])
    expect(await codes(heat, { method: 'finite-difference', order: 4 })).toEqual(['discontinuous-coefficient'])
    expect(await codes(heat, { method: 'spectral' })).toEqual(['discontinuous-coefficient'])
    expect(await codes(problemOf({ equations: ['-div(a*grad(u)) = 1'] }), { method: 'spectral' })).toEqual(['discontinuous-coefficient'])
    expect(await codes(problemOf({ ...evolution, equations: ['dt(u) = dx(a*u*dx(u)) + 1'] }), { method: 'finite-difference' })).toEqual(['discontinuous-coefficient'])
    expect(await codes(problemOf({ ...evolution, equations: ['dt(u) = dx(a*dx(u))'], boundary: [{ on: 'all', condition: 'u = sin(t)' }] }), { method: 'finite-difference' })).toEqual(['discontinuous-coefficient'])
  })
  it('may jump in time, and in terms without second derivatives', async () => {
    expect(await codes(problemOf({ ...evolution, definitions: {}, equations: ['dt(u) = if(t < 0.5, 1, 2)*dxx(u) + sign(x - 0.5)'] }), { method: 'finite-difference', time: { method: 'bdf' } })).toEqual([])
  })
})
