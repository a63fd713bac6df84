import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { statementSchema } from '../experiment/document'
import type { Fault } from '../fault'
import { analyse } from './analyse'
import { problems } from './catalogue'

const libm = loadLibm(readKernels())
const faultsOf = (given: Record<string, unknown>): readonly Fault[] =>
  analyse(statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given }), libm).faults
const told = (given: Record<string, unknown>): string[] => faultsOf(given).map(f => `${f.severity} ${f.code} ${f.where?.path}`)

it('tells of conditions that hold nowhere', () => {
  const entry = (on: unknown): Record<string, unknown> => ({ boundary: [{ on: 'all', condition: 'u = 0' }, { on, condition: 'u = 1' }] })
  expect(told(entry('x > 3'))).toEqual(['warning unused-boundary problem.boundary[1].on'])
  expect(told(entry(['left', 'x > 0.5']))).toEqual(['warning unused-boundary problem.boundary[1].on'])
  for (const on of ['x > 0.9', 'x >= 1', ['left', 'y < 0.01'], ['top', 'bottom']]) expect(told(entry(on))).toEqual([])
  const disk = { domain: { shape: 'disk' } }
  expect(told({ ...disk, ...entry('x < 0') })).toEqual([])
  expect(told({ ...disk, ...entry('x < -1') })).toEqual(['warning unused-boundary problem.boundary[1].on'])
})

it('tells of steady systems that are not elliptic', () => {
  const vector = { unknowns: [{ name: 'v', type: 'vector' }], boundary: [{ on: 'all', condition: 'v = 0' }] }
  expect(told({ ...vector, equations: ['curl(curl(v)) = vec(1, 0)'] })).toEqual(['warning not-elliptic-system problem.equations'])
  expect(told({ ...vector, equations: ['curl(curl(v)) - grad(div(v)) = vec(1, 0)'] })).toEqual([])
})

it('names a constant coefficient once', () => {
  expect(faultsOf({ equations: ['lap(u) - 2*dxx(u) = 1'] }).map(f => f.message)).toEqual([expect.stringMatching(/^The equation is not elliptic: the diffusion coefficient along [xy] is -1\.$/)])
  expect(faultsOf({ time: [0, 1], initial: { u: '0' }, equations: ['dt(u) = -lap(u)'] }).map(f => f.message)).toEqual([expect.stringMatching(/^The evolution is not well posed: the diffusion coefficient is -1, which runs diffusion backwards\.$/)])
})

it.each(problems.map(p => p.descriptor.id))('has none for %s', id => {
  expect(analyse({ catalogue: id }, libm).faults.filter(f => f.code === 'unused-boundary' || f.code === 'not-elliptic-system')).toEqual([])
})
