import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { statementSchema } from '../experiment/document'
import { analyse } from './analyse'

/** Statements that try to take the analysis apart end in faults, quickly, in one sentence each. */

const libm = loadLibm(readKernels())
const many = (count: number, text: (i: number) => string, joint: string): string => Array.from({ length: count }, (_, i) => text(i)).join(joint)
const names = (count: number, prefix = 'u'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}a`)
const doubling = (levels: number, first: string): Record<string, string> => Object.fromEntries(Array.from({ length: levels }, (_, i) => [`a${i}b`, i === 0 ? first : `a${i - 1}b*a${i - 1}b + 1`]))

const cases: [string, Record<string, unknown>, RegExp][] = [
  ['thousands of unknowns', { unknowns: names(5000), equations: names(5000).map(n => `lap(${n}) = 0`) }, /statement-too-large/],
  ['thousands of equations', { equations: names(5000).map(() => 'lap(u) = 0') }, /statement-too-large/],
  ['thousands of definitions', { definitions: Object.fromEntries(names(5000, 'd').map(n => [n, '1'])) }, /statement-too-large/],
  ['deep nesting', { equations: [`lap(u) = ${'('.repeat(5000)}1${')'.repeat(5000)}`] }, /too-deep/],
  ['a chain of functions', { equations: [`lap(u) = ${'sin('.repeat(5000)}x${')'.repeat(5000)}`] }, /too-deep|too-long/],
  ['definitions that double', { definitions: doubling(40, 'x'), equations: ['-lap(u) = a39b'] }, /too-large/],
  ['definitions of unknowns that double', { definitions: doubling(16, 'u'), equations: ['lap(u) = lap(a15b)'] }, /too-large/],
  ['complex powers of powers', { unknowns: [{ name: 'h', type: 'complex' }], definitions: doubling(18, 'h'), equations: ['lap(h) = a17b^16'] }, /too-large/],
  ['eight derivatives of a long product', { equations: [`lap(u) = dxxxxxxxx(${many(60, i => `sin(u + ${i}*x)`, '*')})`] }, /too-large/],
  ['many derivatives of long products', { equations: [`lap(u) = ${many(60, i => `dxxxx(u^${i + 2}*sin(u*x)*exp(u*y*${i}))`, ' + ')}`] }, /too-large/],
  ['derivatives of derivatives', { equations: [`lap(u) = ${'dx(u*'.repeat(80)}u${')'.repeat(80)}`] }, /too-large/],
  ['products of matrices within each other', { unknowns: [{ name: 'v', type: 'vector' }], boundary: [{ on: 'all', condition: 'v = 0' }], equations: [`lap(v) = ${'dot(grad(v), '.repeat(80)}v${')'.repeat(80)}`] }, /too-large/],
  ['a cube of many sums', { domain: { dimension: 1000 }, equations: [`-lap(u) = sum(i, ${'sum(j, xj*'.repeat(3)}xi${')'.repeat(3)})`] }, /too-large/],
  ['rates mixed by everything', { unknowns: names(32), time: [0, 1], initial: Object.fromEntries(names(32).map(n => [n, '0'])), equations: names(32).map((_, i) => many(32, j => `sin(${i}*x + ${j})*dt(u${j}a)`, ' + ') + ' = 0'), domain: { bounds: [[0, 1]], periodic: [true] }, boundary: [] }, /unsupported-mass/],
  ['a polygon of thousands of points', { domain: { shape: 'polygon', points: Array.from({ length: 9000 }, (_, i) => [i, i * i]) } }, /polygon-points/],
  ['thousands of holes', { domain: { bounds: [[0, 1], [0, 1]], holes: Array.from({ length: 5000 }, () => ({ disk: { center: [0.5, 0.5], radius: 0.1 } })) } }, /too-many-holes/],
  ['thousands of conditions', { boundary: Array.from({ length: 5000 }, () => ({ on: 'x < 2', condition: 'u = 0' })) }, /statement-too-large/],
]

it.each(cases)('%s', (_title, given, code) => {
  const statement = statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given })
  const { faults, problem } = analyse(statement, libm)
  expect(problem).toBeUndefined()
  expect(faults.some(f => code.test(f.code)), faults.map(f => `${f.code}: ${f.message}`).slice(0, 3).join(' | ')).toBe(true)
  for (const fault of faults) {
    expect(fault.message).not.toMatch(/\n/)
    expect(fault.message.length).toBeLessThan(400)
  }
})

const membrane = { eigenvalue: 'lam', equations: ['-lap(u) = lam*u'] }
const drum: [string, Record<string, unknown>, string][] = [
  ['an eigenvalue squared', { ...membrane, equations: ['-lap(u) = lam^2*u'] }, 'nonlinear-eigenvalue'],
  ['an eigenproblem that is not linear', { ...membrane, equations: ['-lap(u) + u^3 = lam*u'] }, 'nonlinear-eigenproblem'],
  ['an eigenproblem with a source', { ...membrane, equations: ['-lap(u) = lam*u + 1'] }, 'eigen-data'],
  ['an eigenproblem with boundary values', { ...membrane, boundary: [{ on: 'all', condition: 'u = 1' }] }, 'eigen-data'],
  ['a system without its eigenvalue', { eigenvalue: 'lam', unknowns: ['u', 'w'], equations: ['-lap(u) = w', '-lap(w) = u'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'w = 0' }] }, 'no-eigenvalue'],
  ...['points', 'cells', 'residuals', 'eigenvalues', 'estimate', 'indicators', 'unknowns'].map((u): [string, Record<string, unknown>, string] =>
    [`an unknown called ${u}`, { unknowns: [u], equations: [`-lap(${u}) = 1`], boundary: [{ on: 'all', condition: `${u} = 0` }] }, 'reserved-name']),
]

it.each(drum)('%s is refused before anything is solved', (_title, given, code) => {
  const statement = statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given })
  const { faults, problem } = analyse(statement, libm)
  expect(problem).toBeUndefined()
  expect(faults.map(f => f.code)).toEqual([code])
})

it('takes eigenproblems whose data cancel', () => {
  const statement = statementSchema.parse({ ...membrane, domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], parameters: { g: 0 }, boundary: [{ on: 'all', condition: 'u = g*x' }] })
  expect(analyse(statement, libm).problem).toBeDefined()
})
