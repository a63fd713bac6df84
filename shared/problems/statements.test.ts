import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import { evaluate, parseExpression } from '../expressions'
import type { AnalysedProblem } from './analysed'
import { analyse } from './analyse'

/** Real statements: every expanded row against the expression derived by hand, at points where all jets have arbitrary values. */

const libm = loadLibm(readKernels())

type Given = Partial<Omit<Statement, 'domain' | 'unknowns'>> & { domain?: unknown; unknowns?: unknown }
const problemOf = (given: Given): AnalysedProblem => {
  const { problem, faults } = analyse(statementSchema.parse({ domain: { bounds: [[0, 1], [0, 1]], periodic: [true, true] }, unknowns: ['u'], equations: [], ...given }), libm)
  expect(faults.map(f => f.message)).toEqual([])
  return problem!
}
const numberOf = (name: string): number => {
  let seed = 7
  for (const c of name) seed = (seed * 31 + c.charCodeAt(0)) % 1009
  return 0.3 + seed / 700
}
/** Jets take values that depend on their names alone; the same on both sides. */
const scopeOf = (problem: AnalysedProblem, texts: readonly string[]): Record<string, number> => {
  const names = new Set([...problem.system.jet.map(j => j.name), ...texts.flatMap(t => t.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []), 'x', 'y', 'z', 't'])
  return Object.fromEntries([...names].map(n => [n, numberOf(n)]))
}
const expectRows = (problem: AnalysedProblem, rows: Readonly<Record<string, string>>): void => {
  const { components, rows: found } = problem.system
  expect(components.map(c => c.name)).toEqual(Object.keys(rows))
  Object.values(rows).forEach((text, i) => {
    const constraint = text.startsWith('0 = ')
    expect(`${components[i].name}: ${found[i].kind}`).toBe(`${components[i].name}: ${constraint ? 'constraint' : 'rate'}`)
    const wanted = parseExpression(constraint ? text.slice(4) : text)
    if (!wanted.ok) throw new Error(text)
    const scope = scopeOf(problem, Object.values(rows))
    expect(evaluate(found[i].expression, scope, libm), `${components[i].name}: ${text}`).toBeCloseTo(evaluate(wanted.value, scope, libm), 11)
  })
}
/** Linear part and remainder together are the row again. */
const expectSplit = (problem: AnalysedProblem): void => {
  const { rows, linear, remainder, jet } = problem.system
  const scope = scopeOf(problem, [])
  rows.forEach((row, i) => {
    const sum = linear.filter(term => term.row === i).reduce((total, term) => {
      const entry = jet.find(j => j.component === term.component && j.orders.every((o, k) => o === term.orders[k]))!
      return total + term.coefficient * scope[entry.name]
    }, evaluate(remainder[i], scope, libm))
    expect(sum).toBeCloseTo(evaluate(row.expression, scope, libm), 10)
  })
}

const line = (length: string, periodic = true): object => ({ shape: 'box', bounds: [[0, length]], periodic: [periodic] })
const torus = { shape: 'box', bounds: [[0, '2*pi'], [0, '2*pi']], periodic: [true, true] }
const walls = [{ on: 'all', condition: 'u = 0' }]

const table: [string, Given, Record<string, string>][] = [
  ['nonlinear Schrödinger', { domain: line('40'), time: [0, 1], unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) + dxx(h)/2 + abs(h)^2*h = 0'], initial: { h: 'exp(i*x)/cosh(x - 20)' } },
    { h__re: '-h__im_xx/2 - (h__re^2 + h__im^2)*h__im', h__im: 'h__re_xx/2 + (h__re^2 + h__im^2)*h__re' }],
  ['vorticity and stream function', { domain: torus, time: [0, 1], unknowns: ['w', 'psi'], parameters: { nu: 0.01 }, equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w)', '-lap(psi) = w'], initial: { w: 'sin(x)*cos(y)' } },
    { w: '0.01*(w_xx + w_yy) - psi_y*w_x + psi_x*w_y', psi: '0 = -psi_xx - psi_yy - w' }],
  ['velocity and pressure', { domain: torus, time: [0, 1], unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['dt(v) + dot(v, grad(v)) + grad(p) = 0.1*lap(v)', 'div(v) = 0'], initial: { v: 'vec(sin(x)*cos(y), -cos(x)*sin(y))' } },
    { v__x: '0.1*(v__x_xx + v__x_yy) - p_x - v__x*v__x_x - v__y*v__x_y', v__y: '0.1*(v__y_xx + v__y_yy) - p_y - v__x*v__y_x - v__y*v__y_y', p: '0 = v__x_x + v__y_y' }],
  ['the same with the pressure named first', { domain: torus, time: [0, 1], unknowns: ['p', { name: 'v', type: 'vector' }], equations: ['div(v) = 0', 'dt(v) + div(outer(v, v)) + grad(p) = 0'], initial: { v: '0' } },
    { p: '0 = v__x_x + v__y_y', v__x: '-p_x - 2*v__x*v__x_x - v__y_y*v__x - v__y*v__x_y', v__y: '-p_y - v__x_x*v__y - v__x*v__y_x - 2*v__y*v__y_y' }],
  ['Gray–Scott', { domain: torus, time: [0, 1], unknowns: ['a', 'b'], parameters: { F: 0.04, k: 0.06 }, equations: ['dt(a) = 2e-5*lap(a) - a*b^2 + F*(1 - a)', 'dt(b) = 1e-5*lap(b) + a*b^2 - (F + k)*b'], initial: { a: '1', b: '0.25*sin(x)^2' } },
    { a: '2e-5*(a_xx + a_yy) - a*b*b + 0.04*(1 - a)', b: '1e-5*(b_xx + b_yy) + a*b*b - 0.1*b' }],
  ['the wave equation', { domain: torus, time: [0, 1], equations: ['dtt(u) = 4*lap(u) - 0.1*dt(u)'], initial: { u: 'sin(x)', 'dt(u)': '0' } }, { u: 'u__t', u__t: '4*(u_xx + u_yy) - 0.1*u__t' }],
  ['a strongly damped wave', { domain: torus, time: [0, 1], equations: ['dtt(u) = lap(u) + dt(lap(u))'], initial: { u: 'sin(x)', 'dt(u)': '0' } }, { u: 'u__t', u__t: 'u_xx + u_yy + u__t_xx + u__t_yy' }],
  ['Maxwell, transverse electric', { domain: torus, time: [0, 1], unknowns: [{ name: 'E', type: 'vector' }, 'H'], equations: ['dt(E) = curl(H)', 'dt(H) = -curl(E)'], initial: { E: 'vec(0, sin(x))', H: 'sin(x)' } },
    { E__x: 'H_y', E__y: '-H_x', H: 'E__x_y - E__y_x' }],
  ['linear elasticity', { unknowns: [{ name: 'v', type: 'vector' }], domain: { bounds: [[0, 2], [0, 1]] }, parameters: { mu: 3, la: 5 }, equations: ['-div(mu*(grad(v) + transpose(grad(v)))) - la*grad(div(v)) = vec(0, -1)'], boundary: [{ on: 'all', condition: 'v = 0' }] },
    { v__x: '0 = -11*v__x_xx - 3*v__x_yy - 8*v__y_xy', v__y: '0 = -3*v__y_xx - 11*v__y_yy - 8*v__x_xy + 1' }],
  ['shallow water', { domain: torus, time: [0, 1], unknowns: ['h', { name: 'q', type: 'vector' }], equations: ['dt(h) + div(q) = 0', 'dt(q) + div(outer(q, q)/h) + grad(9.81*h^2/2) = 0'], initial: { h: '1 + 0.1*sin(x)', q: 'vec(0, 0)' } },
    { h: '-q__x_x - q__y_y', q__x: '-(2*q__x*q__x_x + q__y_y*q__x + q__y*q__x_y)/h + (q__x^2*h_x + q__x*q__y*h_y)/h^2 - 9.81*h*h_x', q__y: '-(q__x_x*q__y + q__x*q__y_x + 2*q__y*q__y_y)/h + (q__x*q__y*h_x + q__y^2*h_y)/h^2 - 9.81*h*h_y' }],
  ['Euler with a definition over unknowns', { domain: line('1'), time: [0, 0.2], unknowns: ['r', 'm', 'E'], definitions: { p: '0.4*(E - m^2/r/2)' }, equations: ['dt(r) + dx(m) = 0', 'dt(m) + dx(m^2/r + p) = 0', 'dt(E) + dx((E + p)*m/r) = 0'], initial: { r: '1', m: '0', E: '2.5' } },
    { r: '-m_x', m: '-(2*m*m_x/r - m^2*r_x/r^2) - 0.4*(E_x - m*m_x/r + m^2*r_x/(2*r^2))', E: '-(E_x + 0.4*(E_x - m*m_x/r + m^2*r_x/(2*r^2)))*m/r - (E + 0.4*(E - m^2/r/2))*(m_x/r - m*r_x/r^2)' }],
  ['Cahn–Hilliard, one equation', { domain: torus, time: [0, 1], equations: ['dt(u) = lap(u^3 - u - 0.01*lap(u))'], initial: { u: '0.1*sin(x)' } },
    { u: '3*u^2*(u_xx + u_yy) + 6*u*(u_x^2 + u_y^2) - u_xx - u_yy - 0.01*(u_xxxx + 2*u_xxyy + u_yyyy)' }],
  ['Cahn–Hilliard, a system', { domain: { bounds: [[0, 1], [0, 1]] }, time: [0, 1], unknowns: ['c', 'mu'], equations: ['dt(c) = lap(mu)', 'mu = c^3 - c - 0.01*lap(c)'], boundary: [{ on: 'all', condition: 'dn(c) = 0' }, { on: 'all', condition: 'dn(mu) = 0' }], initial: { c: '0.1*cos(pi*x)' } },
    { c: 'mu_xx + mu_yy', mu: '0 = mu - c^3 + c + 0.01*(c_xx + c_yy)' }],
  ['the biharmonic equation', { domain: { bounds: [[0, 1], [0, 1]] }, equations: ['lap(lap(u)) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'dn(u) = 0' }] }, { u: '0 = u_xxxx + 2*u_xxyy + u_yyyy - 1' }],
  ['Helmholtz with a radiation condition', { domain: { bounds: [[0, 1], [0, 1]] }, unknowns: [{ name: 'h', type: 'complex' }], parameters: { k: 10 }, equations: ['-lap(h) - k^2*h = 1 + i*x'], boundary: [{ on: 'all', condition: 'dn(h) = i*k*h' }] },
    { h__re: '0 = -h__re_xx - h__re_yy - 100*h__re - 1', h__im: '0 = -h__im_xx - h__im_yy - 100*h__im - x' }],
  ['the lid-driven cavity', { domain: { bounds: [[0, 1], [0, 1]] }, unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['dot(v, grad(v)) + grad(p) = 0.01*lap(v)', 'div(v) = 0'], boundary: [{ on: 'all', condition: 'v = 0' }, { on: 'top', condition: 'v = vec(1, 0)' }] },
    { v__x: '0 = v__x*v__x_x + v__y*v__x_y + p_x - 0.01*(v__x_xx + v__x_yy)', v__y: '0 = v__x*v__y_x + v__y*v__y_y + p_y - 0.01*(v__y_xx + v__y_yy)', p: '0 = v__x_x + v__y_y' }],
  ['the cavity by stream function and vorticity', { domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['psi', 'w'], equations: ['dy(psi)*dx(w) - dx(psi)*dy(w) = 0.01*lap(w)', '-lap(psi) = w'], boundary: [{ on: 'all', condition: 'psi = 0' }, { on: 'all', condition: 'dn(psi) = 0' }, { on: 'top', condition: 'dn(psi) = 1' }] },
    { psi: '0 = -psi_xx - psi_yy - w', w: '0 = psi_y*w_x - psi_x*w_y - 0.01*(w_xx + w_yy)' }],
  ['the cavity by its stream function alone', { domain: { bounds: [[0, 1], [0, 1]] }, unknowns: ['s'], equations: ['dy(s)*dx(lap(s)) - dx(s)*dy(lap(s)) = 0.01*lap(lap(s))'], boundary: [{ on: 'all', condition: 's = 0' }, { on: 'all', condition: 'dn(s) = 0' }] },
    { s: '0 = s_y*(s_xxx + s_xyy) - s_x*(s_xxy + s_yyy) - 0.01*(s_xxxx + 2*s_xxyy + s_yyyy)' }],
  ['time derivatives that are mixed', { domain: line('1'), time: [0, 1], unknowns: ['u', 'v'], equations: ['2*dt(u) + dt(v) = dxx(u)', 'dt(u) - dt(v) = v'], initial: { u: '0', v: '0' } }, { u: '(u_xx + v)/3', v: '(u_xx - 2*v)/3' }],
  ['a factor of the time derivative', { domain: line('1'), time: [0, 1], equations: ['(1 + u^2)*dt(u) = dxx(u)'], initial: { u: 'sin(2*pi*x)' } }, { u: 'u_xx/(1 + u^2)' }],
  ['a nonlinear steady equation', { domain: { bounds: [[0, 1], [0, 1]] }, equations: ['-lap(u) + u^2 = 1'], boundary: walls }, { u: '0 = -u_xx - u_yy + u*u - 1' }],
  ['a mixed derivative', { domain: { bounds: [[0, 1], [0, 1]] }, equations: ['-lap(u) + dxy(u) = 1'], boundary: walls }, { u: '0 = -u_xx - u_yy + u_xy - 1' }],
  ['three dimensions, curl of a curl', { domain: { bounds: [[0, 1], [0, 1], [0, 1]], periodic: [true, true, true] }, time: [0, 1], unknowns: [{ name: 'A', type: 'vector' }], equations: ['dt(A) = -curl(curl(A))'], initial: { A: 'vec(0, 0, sin(2*pi*x))' } },
    { A__x: 'A__x_yy + A__x_zz - A__y_xy - A__z_xz', A__y: 'A__y_xx + A__y_zz - A__x_xy - A__z_yz', A__z: 'A__z_xx + A__z_yy - A__x_xz - A__y_yz' }],
  ['Ginzburg–Landau, complex coefficients and powers', { domain: line('50'), time: [0, 1], unknowns: [{ name: 'h', type: 'complex' }], equations: ['dt(h) = h + (1 + 2*i)*dxx(h) - (1 - 3*i)*abs(h)^2*h + re(h^2)/(1 + i)'], initial: { h: 'cos(x/25*pi)' } }, {
    h__re: 'h__re + h__re_xx - 2*h__im_xx - (h__re^2 + h__im^2)*(h__re + 3*h__im) + (h__re^2 - h__im^2)/2', h__im: 'h__im + h__im_xx + 2*h__re_xx - (h__re^2 + h__im^2)*(h__im - 3*h__re) - (h__re^2 - h__im^2)/2' }],
  ['a complex wave', { domain: line('1'), time: [0, 1], unknowns: [{ name: 'h', type: 'complex' }], equations: ['dtt(h) = dxx(h) - i*dt(h)'], initial: { h: 'cos(2*pi*x)', 'dt(h)': 'i' } },
    { h__re: 'h__re__t', h__im: 'h__im__t', h__re__t: 'h__re_xx + h__im__t', h__im__t: 'h__im_xx - h__re__t' }],
]

describe('rows of real statements', () => {
  it.each(table)('%s', (_title, given, rows) => {
    const problem = problemOf(given)
    expectRows(problem, rows)
    expectSplit(problem)
  })
})
