import { describe, expect, it, afterAll } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { Statement } from '../../experiment/document'
import type { Field } from '../../fields/field'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import { faultCodes, solveStatement } from '../time/solving.testing'
import { finiteDifference } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const serial = createSerialTeam({ kernels })
const threads = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28, worthSharing: 0 })
afterAll(() => threads.dispose())

/** Conditions at the two ends of an axis: value, slope or ring. */
type Ends = 'vv' | 'ss' | 'vs' | 'sv' | 'ring'

function statement(ends: readonly Ends[], reaction: number): Statement {
  const names = [['left', 'right'], ['bottom', 'top'], ['back', 'front']]
  const boundary = ends.flatMap((pair, a) => (pair === 'ring' ? [] : [0, 1].map(end => ({ on: names[a][end], condition: pair[end] === 'v' ? `u = ${'xyz'[(a + 1) % ends.length]}` : `dn(u) = ${a === 0 ? '0.3' : '-0.2'}` }))))
  const balance = reaction === 0 && ends.every(pair => pair === 'ring' || pair === 'ss')
  return {
    domain: { shape: 'box', bounds: ends.map((_, a) => [0, 1 + a / 2]), periodic: ends.map(pair => pair === 'ring') }, unknowns: ['u'], parameters: {}, definitions: {},
    equations: [`-${ends.length === 2 ? '(dxx(u) + 2*dyy(u))' : '(dxx(u) + 2*dyy(u) + dzz(u))'} + ${reaction}*u = ${balance ? `cos(2*pi*x)*sin(3*y)${ends.includes('ss') ? ' - 0.6*0' : ''}` : 'exp(x)*cos(5*y)'}`], boundary,
  } as unknown as Statement
}

function solve(text: Statement, resolution: readonly number[], solver: string, team: Team = serial): { field: Field; residual: number } {
  const solution = solveStatement(finiteDifference, text, { resolution, options: { solver, tolerance: 1e-11 } }, team, libm)
  expect(solution.converged).toBe(true)
  return { field: solution.fields[0] as Field, residual: solution.metrics.residual }
}

describe('the fast Poisson solver', () => {
  const cases: [Ends[], number, number[]][] = [
    [['vv', 'vv'], 0, [33, 25]], [['vv', 'vv'], 0, [20, 24]], [['ss', 'vv'], 0, [33, 17]], [['ss', 'vs'], 0, [22, 17]], [['vs', 'vv'], 0, [17, 20]], [['sv', 'ss'], 0, [18, 33]], [['ring', 'vv'], 0, [24, 33]],
    [['ring', 'sv'], 0, [25, 16]], [['ring', 'ring'], 2, [24, 27]], [['vv', 'ring'], 0, [33, 20]], [['ss', 'ss'], 1.5, [17, 22]], [['vs', 'sv'], 3, [16, 17]],
    [['vv', 'vv', 'vv'], 0, [17, 12, 14]], [['ss', 'ring', 'vs'], 0, [13, 16, 11]], [['ring', 'sv', 'ring'], 0, [12, 11, 15]], [['vs', 'ss', 'ss'], 1, [9, 10, 17]],
  ]
  it.each(cases)('inverts the same stencil as multigrid: %j, reaction %d, %j nodes', (ends, reaction, resolution) => {
    const text = statement(ends, reaction)
    const fast = solve(text, resolution, 'fast-poisson')
    const other = solve(text, resolution, 'auto')
    const size = other.field.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const difference = other.field.values.reduce((most, value, i) => Math.max(most, Math.abs(value - fast.field.values[i])), 0)
    expect(difference / size).toBeLessThan(1e-8)
    expect(fast.residual).toBeLessThan(1e-11)
  })

  it('gives the same bits on two threads', () => {
    for (const ends of [['ss', 'vs'], ['ring', 'vv', 'ss']] as Ends[][]) {
      const text = statement(ends, 0)
      const resolution = [70, 65, 20].slice(0, ends.length)
      expect(solve(text, resolution, 'fast-poisson', threads).field.values).toEqual(solve(text, resolution, 'fast-poisson').field.values)
    }
  })

  it('keeps zero mean where nothing fixes the level, and refuses what it cannot diagonalise', () => {
    const level = { ...statement(['ss', 'ss'], 0), boundary: [{ on: 'all', condition: 'dn(u) = 0' }], equations: ['-lap(u) = cos(pi*x)*cos(4*pi*y/3)'] } as unknown as Statement
    const [fast, other] = [solve(level, [33, 33], 'fast-poisson'), solve(level, [33, 33], 'cg')]
    fast.field.values.forEach((value, i) => expect(Math.abs(value - other.field.values[i])).toBeLessThan(1e-9))
    const varying = { ...statement(['vv', 'vv'], 0), equations: ['-div((1 + x)*grad(u)) = 1'] } as unknown as Statement
    expect(faultCodes(() => solve(varying, [17, 17], 'fast-poisson'))).toEqual(['unsupported-solver'])
    const robin = { ...statement(['vv', 'vv'], 0), boundary: [{ on: 'all', condition: 'dn(u) + u = 0' }] } as unknown as Statement
    expect(faultCodes(() => solve(robin, [17, 17], 'fast-poisson'))).toEqual(['unsupported-solver'])
  })
})
