import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Statement } from '../experiment/document'
import { analyse } from './analyse'

const libm = loadLibm(readKernels())
const statement = (change: Partial<Statement>): Statement => ({
  domain: { shape: 'box', bounds: [[0, 1]], periodic: [false] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...change,
})
const codes = (change: Partial<Statement>): string[] => analyse(statement(change), libm).faults.map(f => f.code)

describe('names in a statement', () => {
  it.each(['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'])('takes %s as a name like any other', name => {
    expect(codes({ definitions: { [name]: '2*x' }, equations: [`-lap(u) = ${name}`] })).toEqual([])
    expect(codes({ parameters: { [name]: 2 }, equations: [`-lap(u) = ${name}`] })).toEqual([])
    expect(codes({ unknowns: [name], equations: [`-lap(${name}) = 1`], boundary: [{ on: 'all', condition: `${name} = 0` }] })).toEqual([])
    expect(codes({ equations: [`-lap(u) = ${name}`] })).toEqual(['unknown-name'])
  })
  it('does not say of a name of the prototype that it is declared later', () => {
    expect(analyse(statement({ equations: ['-lap(u) = constructor'] }), libm).faults[0].tip).not.toContain('later')
  })
  it.each(['con', 'NUL', 'com1', 'residuals'])('refuses the unknown %s, whose result could not be stored', name => {
    expect(codes({ unknowns: [name], equations: [`-lap(${name}) = 1`], boundary: [{ on: 'all', condition: `${name} = 0` }] })).toContain('reserved-name')
  })
})
