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

it('refuses transport whose inflow nothing gives, and warns where the speed depends on the solution', () => {
  const line = { domain: { bounds: [[0, 1]] }, time: [0, 1], initial: { u: 'sin(x)' }, boundary: [] }
  const left = [{ on: 'left', condition: 'u = 0' }]
  const right = [{ on: 'right', condition: 'u = 0' }]
  const transport = (speed: string): Record<string, unknown> => ({ ...line, equations: [`dt(u) + (${speed})*dx(u) = 0`] })
  expect(faultsOf(transport('2')).map(f => f.message)).toEqual(['u comes in through left at x = 0 and has no condition there, so what comes in is not determined.'])
  expect(told(transport('2'))).toEqual(['error missing-inflow problem.boundary'])
  expect(told({ ...transport('2'), boundary: left })).toEqual([])
  expect(told({ ...transport('2'), boundary: right })).toEqual(['error missing-inflow problem.boundary'])
  expect(told({ ...transport('-2'), boundary: right })).toEqual([])
  expect(told(transport('x*(1 - x)'))).toEqual([])
  expect(told({ ...transport('2'), domain: { bounds: [[0, 1]], periodic: [true] } })).toEqual([])
  expect(told(transport('u + 2'))).toEqual(['warning missing-inflow problem.boundary'])
  // In the plane a rotation enters and leaves through every side; a condition may hold where it enters only.
  const turn = { time: [0, 1], initial: { u: 'x' }, equations: ['dt(u) - (y - 0.5)*dx(u) + (x - 0.5)*dy(u) = 0'] }
  expect(told({ ...turn, boundary: [{ on: 'all', condition: 'u = 0' }] })).toEqual([])
  expect(told({ ...turn, boundary: [{ on: ['left', 'top', 'bottom'], condition: 'u = 0' }] })).toEqual(['error missing-inflow problem.boundary'])
  expect(told({ ...turn, boundary: [{ on: ['left', 'top', 'bottom'], condition: 'u = 0' }, { on: 'right', condition: 'u = 0' }] })).toEqual([])
  expect(told({ ...turn, domain: { shape: 'disk', center: [0.5, 0.5], radius: 0.5 }, boundary: [] })).toEqual([])
})

it('sees the waves of a system', () => {
  const sound = { domain: { bounds: [[0, 1]] }, time: [0, 1], unknowns: ['p', 'v'], initial: { p: '0', v: '0' }, equations: ['dt(p) + 4*dx(v) = 0', 'dt(v) + dx(p) = 0'] }
  expect(told({ ...sound, boundary: [] })).toEqual(['error missing-inflow problem.boundary'])
  expect(told({ ...sound, boundary: [{ on: 'all', condition: 'v = 0' }] })).toEqual([])
  expect(faultsOf({ ...sound, boundary: [{ on: 'left', condition: 'v = 0' }] }).map(f => f.message)).toEqual(['p and v come in through right at x = 1 and have no condition there, so what comes in is not determined.'])
})

it('notes initial values that the equations determine themselves', () => {
  const flow = { time: [0, 1], unknowns: ['w', 'psi'], equations: ['dt(w) = lap(w)', '-lap(psi) = w'], boundary: [{ on: 'all', condition: 'w = 0' }, { on: 'all', condition: 'psi = 0' }] }
  expect(told({ ...flow, initial: { w: 'x', psi: 'y' } })).toEqual(['info first-guess problem.initial.psi'])
  expect(told({ ...flow, initial: { w: 'x' } })).toEqual([])
})

it('names a constant coefficient once', () => {
  expect(faultsOf({ equations: ['lap(u) - 2*dxx(u) = 1'] }).map(f => f.message)).toEqual([expect.stringMatching(/^The equation is not elliptic: the diffusion coefficient along [xy] is -1\.$/)])
  expect(faultsOf({ time: [0, 1], initial: { u: '0' }, equations: ['dt(u) = -lap(u)'] }).map(f => f.message)).toEqual([expect.stringMatching(/^The evolution is not well posed: the diffusion coefficient is -1, which runs diffusion backwards\.$/)])
})

it.each(problems.map(p => p.descriptor.id))('has none for %s', id => {
  expect(analyse({ catalogue: id }, libm).faults.filter(f => ['unused-boundary', 'missing-inflow'].includes(f.code) || f.code === 'not-elliptic-system')).toEqual([])
})
