import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import { parseExpression, toText, evaluate } from '../expressions'
import type { EllipticEquation, EvolutionEquation } from './analysed'
import { analyse } from './analyse'
import { problems } from './catalogue'

const libm = loadLibm(readKernels())

const plane = (change: Partial<Statement> = {}): Statement =>
  statementSchema.parse({
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...change,
  })
const line = (change: Partial<Statement> = {}): Statement =>
  statementSchema.parse({
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], equations: ['dt(u) = dxx(u)'], initial: { u: 'sin(pi*x)' }, ...change,
  })
const faultOf = (statement: Statement): { code: string; message: string; path?: string; under?: string; tip?: string } => {
  const fault = analyse(statement, libm).faults.find(f => f.severity === 'error')
  if (!fault) throw new Error('no fault')
  const { text, from, to, path } = fault.where ?? {}
  return { code: fault.code, message: fault.message, path, tip: fault.tip, under: text?.slice(from, to) }
}
const at = (text: string): ReturnType<typeof parseExpression> => parseExpression(text)
const sameValues = (text: string, expression: Parameters<typeof evaluate>[0]): void => {
  const parsed = at(text)
  if (!parsed.ok) throw new Error('test expression')
  for (const point of [{ x: 0.3, y: -0.7, t: 0.2 }, { x: 1.9, y: 0.4, t: 0.9 }]) expect(evaluate(expression, point, libm)).toBeCloseTo(evaluate(parsed.value, point, libm), 12)
}

describe('elliptic statements', () => {
  it('reads diffusion, reaction and source in flux form', () => {
    const { problem, traits } = analyse(plane({ domain: { shape: 'box', bounds: [[0, 2], [-1, 1]] }, equations: ['-div((5 + x^2*y)*grad(u)) + 3*u = exp(x)'] }), libm)
    const { operator, source } = problem!.equation as EllipticEquation
    operator.diffusion.forEach(a => sameValues('5 + x^2*y', a))
    expect(operator.advection.map(toText)).toEqual(['0', '0'])
    expect(toText(operator.reaction)).toBe('3')
    sameValues('exp(x)', source)
    expect(traits).toEqual(['elliptic', 'linear', 'symmetric', 'variable coefficients'])
  })
  it('fills in what a document may leave out', () => {
    const bare = { domain: { bounds: [[0, 1]] }, unknowns: [{ name: 'u' }], equations: ['-dxx(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] } as unknown as Statement
    expect(analyse(bare, libm).faults).toEqual([])
  })
  it('takes either sign of the equation', () => {
    const { problem } = analyse(plane({ equations: ['lap(u) + u = x'] }), libm)
    const { operator, source } = problem!.equation as EllipticEquation
    expect(operator.diffusion.map(toText)).toEqual(['1', '1'])
    expect(toText(operator.reaction)).toBe('-1')
    sameValues('-x', source)
  })
  it('finds the advection that is not part of the flux', () => {
    const { problem } = analyse(plane({ equations: ['-(1 + x)*dxx(u) - dyy(u) + 2*dx(u) = 0'] }), libm)
    const { operator } = problem!.equation as EllipticEquation
    sameValues('3', operator.advection[0])
    expect(operator.symmetric).toBe(false)
    expect(problem!.traits).toContain('anisotropic')
  })
  it('reads boundary conditions with the outward normal', () => {
    const { problem } = analyse(plane({ boundary: [{ on: 'all', condition: 'u = 1' }, { on: 'top', condition: 'dn(u) + 2*u = x' }, { on: 'left', condition: '3*dn(u) = 6' }] }), libm)
    const [left, right, , top] = problem!.boundary
    expect(left.pieces.map(p => p.kind)).toEqual(['dirichlet', 'neumann'])
    expect(toText(left.pieces[1].normal)).toBe('3')
    expect(right.pieces).toHaveLength(1)
    expect(top.pieces[1]).toMatchObject({ kind: 'robin' })
    expect(toText(top.pieces[1].value)).toBe('2')
  })
  it('warns of an exact solution that does not solve the equation', () => {
    const { faults, problem } = analyse(plane({ equations: ['-lap(u) = 0'], exact: { u: 'x^2' } }), libm)
    expect(faults.map(f => [f.severity, f.code])).toEqual([['warning', 'exact-inconsistent']])
    expect(problem).toBeDefined()
  })
  it('warns of an exact solution that misses its boundary or initial data', () => {
    const messages = (statement: Statement): string[] => analyse(statement, libm).faults.map(f => `${f.severity}: ${f.message}`)
    expect(messages(plane({ equations: ['-lap(u) = 0'], exact: { u: 'x' }, boundary: [{ on: 'all', condition: 'u = x' }, { on: 'top', condition: 'u = 0' }] }))[0]).toMatch(/^warning: .*side top: they differ by 1\.00 at x = 1, y = 1/)
    expect(messages(plane({ equations: ['-lap(u) = 0'], exact: { u: 'x' }, boundary: [{ on: 'all', condition: 'u = x' }, { on: 'left', condition: 'dn(u) = -1' }, { on: 'top', condition: 'dn(u) = 0' }] }))).toEqual([])
    expect(messages(line({ equations: ['dt(u) = 0*dxx(u)'], exact: { u: '1' } }))[0]).toMatch(/initial value: they differ by/)
  })
})

describe('evolutions', () => {
  it('splits Burgers into viscosity and transport', () => {
    const { problem } = analyse(line({ parameters: { nu: '0.01/pi' }, equations: ['dt(u) + u*dx(u) = nu*dxx(u)'] }), libm)
    const equation = problem!.equation as EvolutionEquation
    expect(equation.jet).toEqual([{ name: 'u', orders: [0, 0, 0] }, { name: 'u_x', orders: [1, 0, 0] }, { name: 'u_xx', orders: [2, 0, 0] }])
    expect(equation.constantCoefficients).toEqual([{ orders: [2, 0, 0], coefficient: 0.01 / Math.PI }])
    const value = evaluate(equation.spectralRemainder, { u: 2, u_x: 3, u_xx: 5 }, libm)
    expect(value).toBeCloseTo(-6, 12)
    expect(problem!.traits).toEqual(['parabolic', 'nonlinear', 'conserves mass', 'periodic'])
  })
  it('differentiates products and takes the linear part of a polynomial reaction', () => {
    const { problem } = analyse(line({ equations: ['2*dt(u) = dx((1 + x^2)*dx(u)) + u - u^3 + t'] }), libm)
    const { linear, remainder, rightHandSide } = problem!.equation as EvolutionEquation
    sameValues('(1 + x^2)/2', linear.diffusion[0])
    expect(evaluate(linear.reaction, { x: 0 }, libm)).toBeCloseTo(-0.5, 14)
    expect(evaluate(remainder, { x: 0.5, t: 1, u: 2, u_x: 7, u_xx: 11 }, libm)).toBeCloseTo((1 - 8) / 2, 12)
    expect(evaluate(rightHandSide, { x: 0.5, t: 1, u: 2, u_x: 7, u_xx: 11 }, libm)).toBeCloseTo((1.25 * 11 + 7 + 2 - 8 + 1) / 2, 12)
  })
  it('accepts Kuramoto–Sivashinsky, whose fourth derivative damps', () => {
    expect(analyse(line({ equations: ['dt(u) + u*dx(u) + dxx(u) + dxxxx(u) = 0'] }), libm).faults).toEqual([])
  })
  it('knows orders beyond two', () => {
    const { problem } = analyse(line({ equations: ['dt(u) + u*dx(u) + 0.0025*dxxx(u) = 0'] }), libm)
    expect((problem!.equation as EvolutionEquation).constantCoefficients).toEqual([{ orders: [3, 0, 0], coefficient: -0.0025 }])
    expect(problem!.traits).toContain('evolution of order 3 in space')
  })
})

describe('refusals are one sentence with a place', () => {
  const cases: [string, Statement, ReturnType<typeof faultOf>['code'], string | undefined, RegExp][] = [
    ['not elliptic somewhere', plane({ domain: { shape: 'box', bounds: [[0, 2], [-1, 1]] }, equations: ['-div((1 + x^2*y)*grad(u)) + 3*u = 1'] }), 'not-elliptic', undefined, /not elliptic where .*x\^2\*y.* <= 0: .* is -3 at x = 2, y = -1/],
    ['a coordinate that is not there', plane({ equations: ['-dxx(u) - dzz(u) = 1'] }), 'no-such-coordinate', 'dzz(u)', /coordinate z, but the domain has only x and y/],
    ['a misspelt function', plane({ equations: ['-lap(u) = sinn(x)'] }), 'unknown-function', 'sinn', /sinn/],
    ['a constructor', plane({ equations: ['-lap(u) = constructor(x)'] }), 'unknown-function', 'constructor', /constructor/],
    ['an undeclared name', plane({ equations: ['-lap(u) = sourc'], definitions: { source: '1' } }), 'unknown-name', 'sourc', /not declared/],
    ['unbalanced brackets', plane({ equations: ['-lap(u) = (1 + x'] }), 'unclosed-bracket', undefined, /never closed/],
    ['a missing boundary condition', plane({ boundary: [{ on: ['left', 'right', 'top'], condition: 'u = 0' }] }), 'missing-boundary', undefined, /side bottom \(y = 0\) has no boundary condition/],
    ['a gap in inequalities', plane({ boundary: [{ on: 'x < 0.5', condition: 'u = 0' }] }), 'missing-boundary', undefined, /no boundary condition/],
    ['a condition on a periodic side', plane({ domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, false] }, boundary: [{ on: 'left', condition: 'u = 0' }] }), 'periodic-side', undefined, /periodic axis x/],
    ['an unknown side', plane({ boundary: [{ on: 'lft', condition: 'u = 0' }] }), 'unknown-side', undefined, /"lft" is not a part/],
    ['no initial value', line({ initial: undefined }), 'missing-initial', undefined, /no initial value/],
    ['no time derivative', line({ equations: ['dxx(u) = 1'] }), 'no-time-derivative', undefined, /no dt\(u\)/],
    ['backward diffusion', line({ equations: ['dt(u) = -dxx(u)'] }), 'not-parabolic', undefined, /backwards/],
    ['growth of short waves', line({ equations: ['dt(u) = dxxxx(u)'] }), 'not-parabolic', undefined, /1\*dxxxx makes short waves grow/],
    ['an interval beyond the numbers', line({ time: [0, 1e-300] }), 'interval-range', undefined, /too short/],
    ['a domain beyond the numbers', line({ domain: { shape: 'box', bounds: [[-1e308, 1e308]], periodic: [true] } }), 'interval-range', undefined, /too large/],
    ['a vector equation', plane({ equations: ['grad(u) = 1'] }), 'vector-operation', undefined, /./],
    ['a name with a meaning', plane({ parameters: { pi: 3 } }), 'reserved-name', undefined, /already has a meaning/],
    ['an empty interval', plane({ domain: { shape: 'box', bounds: [[1, 1], [0, 1]] } }), 'empty-interval', undefined, /empty/],
  ]
  it.each(cases)('%s', (_title, statement, code, under, message) => {
    const fault = faultOf(statement)
    expect(fault.code).toBe(code)
    expect(fault.message).toMatch(message)
    expect(fault.message).not.toMatch(/\n/)
    if (under) expect(fault.under).toBe(under)
    expect(fault.path).toMatch(/^problem/)
  })
})

it('refuses a statement that outgrows the algebra, in one sentence', () => {
  const product = Array.from({ length: 1200 }, (_, i) => `(x + ${i})`).join('*')
  expect(faultOf(plane({ equations: [`-div(${product}*grad(u)) = 1`] })).message).not.toMatch(/\n/)
})

it('reports a fault once, not again where the faulty name is used', () => {
  const { faults } = analyse(plane({ definitions: { a: 'sin(x', b: '2*a' }, equations: ['-lap(u) = b'], exact: { u: 'a' } }), libm)
  expect(faults.map(f => f.where?.path)).toEqual(['problem.definitions.a'])
})

describe('the catalogue', () => {
  it.each(problems.map(p => [p.descriptor.id, p] as const))('%s analyses without a fault', (_id, { statement }) => {
    const { faults, problem } = analyse(statementSchema.parse(statement), libm)
    expect(faults).toEqual([])
    expect(problem).toBeDefined()
  })
  it('names the nearest problem and parameter', () => {
    expect(analyse({ catalogue: 'poison-2d' }, libm).faults[0].tip).toBe('Did you mean "poisson-2d"?')
    expect(analyse({ catalogue: 'poisson-2d', parameters: { K: 2 } }, libm).faults[0].tip).toBe('Did you mean "k"?')
  })
})
