import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import { evaluate, toText } from '../expressions'
import { analyse } from './analyse'
import type { AnalysedProblem } from './analysed'

const libm = loadLibm(readKernels())
type Given = Partial<Omit<Statement, 'domain' | 'unknowns'>> & { domain: unknown; unknowns?: unknown }
const analysis = (given: Given): ReturnType<typeof analyse> =>
  analyse(statementSchema.parse({ unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }], ...given }), libm)
const problemOf = (given: Given): AnalysedProblem => {
  const { problem, faults } = analysis(given)
  expect(faults.map(f => f.message)).toEqual([])
  return problem!
}
const faultOf = (given: Given): string => {
  const fault = analysis(given).faults.find(f => f.severity === 'error')
  expect(fault?.message).not.toMatch(/\n/)
  return `${fault?.code}: ${fault?.message}`
}
const ends = (problem: AnalysedProblem): number[][] => problem.axes.map(a => [a.lower, a.upper])

describe('shapes', () => {
  it('a disk with holes of both kinds', () => {
    const problem = problemOf({ domain: { shape: 'disk', center: [1, '-1/2'], radius: '4/2', holes: [{ disk: { center: [1, 0.5], radius: 0.25 } }, { polygon: { points: [[0, -1], [0, -0.5], [0.5, -0.5]] } }] } })
    expect(ends(problem)).toEqual([[-1, 3], [-2.5, 1.5]])
    expect(problem.geometry!.outer).toEqual({ kind: 'ball', center: [1, -0.5], radius: 2 })
    // turned counterclockwise
    expect(problem.geometry!.holes).toEqual([{ kind: 'ball', center: [1, 0.5], radius: 0.25 }, { kind: 'polygon', points: [[0.5, -0.5], [0, -0.5], [0, -1]] }])
    expect(problem.equation.kind).toBe('general')
    expect(problem.boundary).toEqual([])
    expect(problem.pieces).toHaveLength(1)
  })
  it('an L-shape: its box without the lower right quadrant', () => {
    const problem = problemOf({ domain: { shape: 'l-shape' } })
    expect(ends(problem)).toEqual([[-1, 1], [-1, 1]])
    expect(problem.geometry!.outer).toEqual({ kind: 'polygon', points: [[-1, -1], [0, -1], [0, 0], [1, 0], [1, 1], [-1, 1]] })
    expect(ends(problemOf({ domain: { shape: 'l-shape', bounds: [[0, 2], [0, 4]] } }))).toEqual([[0, 2], [0, 4]])
  })
  it('a polygon given clockwise and closed, with conditions on its sides', () => {
    const problem = problemOf({ domain: { shape: 'polygon', points: [[0, 0], [0, 1], [2, 1], [1, 0], [0, 0]] }, boundary: [{ on: ['left', 'top'], condition: 'u = 0' }, { on: 'bottom', condition: 'dn(u) = 1' }, { on: 'x > 1', condition: 'dn(u) = 1' }] })
    expect(problem.geometry!.outer).toEqual({ kind: 'polygon', points: [[1, 0], [2, 1], [0, 1], [0, 0]] })
  })
  it('a ball, and a box with spherical holes and conditions on them', () => {
    expect(ends(problemOf({ domain: { shape: 'ball' } }))).toEqual([[-1, 1], [-1, 1], [-1, 1]])
    const box = problemOf({ domain: { bounds: [[0, 1], [0, 1], [0, 1]], holes: [{ disk: { center: [0.5, 0.5, 0.5], radius: 0.2 } }] }, boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'holes', condition: 'u = 1' }] })
    expect(box.boundary).toHaveLength(6)
    expect(box.boundary[0].pieces).toHaveLength(1)
    expect(box.pieces.map(p => p.on)).toEqual(['all', ['holes']])
  })
  it('a mask', () => {
    const problem = problemOf({ domain: { shape: 'mask', bounds: [[-1, 1], [-1, 1]], where: 'x^2 + y^2 < r^2' }, parameters: { r: 0.5 } })
    expect(evaluate(problem.geometry!.where!, { x: 0.4, y: 0 }, libm)).toBe(1)
    expect(evaluate(problem.geometry!.where!, { x: 0.6, y: 0 }, libm)).toBe(0)
  })
  it('cubes: axes up to three dimensions, coordinates beyond', () => {
    const plane = problemOf({ domain: { dimension: 2, bounds: [[0, 1]] }, equations: ['-lap(u) = sum(i, xi^2) + x1'], exact: undefined })
    expect(ends(plane)).toEqual([[0, 1], [0, 1]])
    expect(plane.equation.kind).toBe('elliptic')
    expect(evaluate(plane.equation.kind === 'elliptic' ? plane.equation.source : plane.system.rows[0].expression, { x: 0.5, y: 0.25 }, libm)).toBeCloseTo(0.3125 + 0.5, 14)
    const high = problemOf({ domain: { dimension: 100 }, equations: ['-lap(u) = -2*100'], boundary: [{ on: 'all', condition: 'u = sum(i, xi^2)' }], exact: { u: 'sum(i, xi^2)' } })
    expect(high.cube).toEqual({ dimension: 100, lower: 0, upper: 1 })
    expect(high.axes).toEqual([])
    expect(high.system.jet).toHaveLength(100)
    expect(high.system.jet.map(j => j.along)).toContainEqual([99, 99])
    expect(high.traits).toEqual(expect.arrayContaining(['elliptic', 'linear', '100 dimensions']))
    const wrong = analysis({ domain: { dimension: 10 }, equations: ['-lap(u) = 0'], boundary: [{ on: 'all', condition: 'u = sum(i, xi^2)' }], exact: { u: 'sum(i, xi^2)' } })
    expect(wrong.faults.map(f => f.code)).toEqual(['exact-inconsistent'])
  })
  it.each<[string, Given, RegExp]>([
    ['a polygon that crosses itself', { domain: { shape: 'polygon', points: [[0, 0], [1, 1], [1, 0], [0, 1]] } }, /^polygon-crossing: .*\(0, 0\)–\(1, 1\)/],
    ['a polygon that folds back', { domain: { shape: 'polygon', points: [[0, 0], [2, 0], [1, 0], [1, 1]] } }, /^polygon-crossing/],
    ['a polygon without area', { domain: { shape: 'polygon', points: [[0, 0], [1, 1], [0, 0]] } }, /^polygon-points/],
    ['a point twice', { domain: { shape: 'polygon', points: [[0, 0], [1, 0], [1, 0], [0, 1]] } }, /^polygon-points: The point \(1, 0\)/],
    ['a hole outside', { domain: { bounds: [[0, 1], [0, 1]], holes: [{ disk: { center: [0.9, 0.5], radius: 0.2 } }] } }, /^hole-outside: The hole 1/],
    ['a hole in the missing quadrant', { domain: { shape: 'l-shape', holes: [{ disk: { center: [0.5, -0.5], radius: 0.1 } }] } }, /^hole-outside/],
    ['holes that meet', { domain: { bounds: [[0, 1], [0, 1]], holes: [{ disk: { center: [0.4, 0.5], radius: 0.1 } }, { polygon: { points: [[0.45, 0.45], [0.6, 0.45], [0.6, 0.6]] } }] } }, /^holes-meet: The holes 1 and 2 meet/],
    ['a hole within a hole', { domain: { bounds: [[0, 1], [0, 1]], holes: [{ polygon: { points: [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]] } }, { disk: { center: [0.5, 0.4], radius: 0.05 } }] } }, /^holes-meet/],
    ['a hole in a line', { domain: { bounds: [[0, 1]], holes: [{ disk: { center: [0.5, 0.5], radius: 0.1 } }] } }, /^holes-dimension/],
    ['a radius of zero', { domain: { shape: 'disk', radius: 'a - 1' }, parameters: { a: 1 } }, /^radius: The disk has the radius 0/],
    ['an empty mask', { domain: { shape: 'mask', bounds: [[0, 1], [0, 1]], where: 'x > 2' } }, /^empty-domain/],
    ['a mask without its inequality', { domain: { shape: 'mask', bounds: [[0, 1], [0, 1]] } }, /^missing-where/],
    ['a key of another shape', { domain: { shape: 'disk', bounds: [[0, 1]] } }, /^domain-key: A domain of the shape disk has no "bounds"/],
    ['a side of a disk', { domain: { shape: 'disk' }, boundary: [{ on: 'left', condition: 'u = 0' }] }, /^unknown-side: The disk has no side "left"/],
    ['holes that are not there', { domain: { shape: 'l-shape' }, boundary: [{ on: 'holes', condition: 'u = 0' }] }, /^no-holes/],
    ['a hole without a condition', { domain: { bounds: [[0, 1], [0, 1]], holes: [{ disk: { center: [0.5, 0.5], radius: 0.1 } }] }, boundary: [{ on: ['left', 'right', 'top', 'bottom'], condition: 'u = 0' }] }, /^missing-boundary: The boundary of a hole has no boundary condition at x = /],
    ['an edge of a polygon without one', { domain: { shape: 'l-shape' }, boundary: [{ on: ['left', 'right', 'top', 'bottom'], condition: 'u = 0' }] }, /^missing-boundary: The boundary has no boundary condition at x = 0,|^missing-boundary: The boundary has no boundary condition at x = 0\.0/],
    ['a disk half covered', { domain: { shape: 'disk' }, boundary: [{ on: 'x < 0', condition: 'u = 0' }] }, /^missing-boundary/],
    ['a coordinate beyond a cube', { domain: { dimension: 5 }, equations: ['-lap(u) = x6'] }, /^unknown-name: "x6"/],
    ['too large a cube', { domain: { dimension: 10000 } }, /^cube-dimension: The cube has 10000 dimensions/],
  ])('refuses %s', (_title, given, message) => expect(faultOf(given)).toMatch(message))
})

describe('conditions', () => {
  const flow: Given = { domain: { bounds: [[0, 1], [0, 1]] }, unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['-lap(v) + grad(p) = 0', 'div(v) = 0'] }
  it('sets every component of a vector', () => {
    const problem = problemOf({ ...flow, boundary: [{ on: 'all', condition: 'v = 0' }, { on: 'top', condition: 'v = vec(x, 2)' }, { on: 'right', condition: 'dn(v) = vec(0, y)' }, { on: 'left', condition: 'v__x = 1' }] })
    expect(problem.pieces.map(p => `${problem.system.components[p.component].name} ${p.kind} ${toText(p.data)}`)).toEqual(['v__x dirichlet 0', 'v__y dirichlet 0', 'v__x dirichlet x', 'v__y dirichlet 2', 'v__x neumann 0', 'v__y neumann y', 'v__x dirichlet 1'])
    expect(problem.boundary.map(s => s.pieces.length)).toEqual([3, 4, 2, 4])
  })
  it('asks for the velocity, not for the pressure', () => {
    expect(faultOf({ ...flow, boundary: [{ on: ['left', 'right', 'top'], condition: 'v = 0' }] })).toMatch(/missing-boundary: The side bottom \(y = 0\) has no boundary condition for v\./)
    expect(faultOf({ ...flow, boundary: [{ on: ['left', 'right', 'top'], condition: 'v = 0' }, { on: 'bottom', condition: 'p = 0' }] })).toMatch(/missing-boundary/)
  })
  it('ties the parts of a complex unknown', () => {
    const { pieces } = problemOf({ domain: { bounds: [[0, 1]] }, unknowns: [{ name: 'h', type: 'complex' }], parameters: { k: 3 }, equations: ['-lap(h) - k^2*h = 0'], boundary: [{ on: 'left', condition: 'h = exp(i*pi/2)' }, { on: 'right', condition: 'dn(h) - i*k*h = 0' }] })
    expect(pieces.map(p => [p.component, p.kind, evaluate(p.data, {}, libm), p.coupled?.map(c => [c.component, evaluate(c.value, {}, libm)])])).toEqual([
      [0, 'dirichlet', expect.closeTo(0, 15), undefined], [1, 'dirichlet', 1, undefined], [0, 'neumann', 0, [[1, 3]]], [1, 'neumann', 0, [[0, -3]]],
    ])
  })
  it('gives velocities the rate of what their components are given', () => {
    const { pieces, system } = problemOf({ domain: { bounds: [[0, 1]] }, time: [0, 1], equations: ['dtt(u) = lap(u)'], boundary: [{ on: 'left', condition: 'u = sin(3*t)' }, { on: 'right', condition: 'dn(u) + 2*u = t^2' }], initial: { u: '0', 'dt(u)': '3*(1 - x)' } })
    expect(system.components.map(c => c.name)).toEqual(['u', 'u__t'])
    expect(pieces.map(p => `${p.component} ${p.kind} ${toText(p.data)}`)).toEqual(['0 dirichlet sin(3*t)', '1 dirichlet 3*cos(3*t)', '0 robin t^2', '1 robin 2*t'])
  })
  it('wants two for fourth order', () => {
    expect(faultOf({ domain: { bounds: [[0, 1], [0, 1]] }, equations: ['lap(lap(u)) = 1'] })).toMatch(/missing-boundary: The side left \(x = 0\) has one boundary condition for u, but its derivatives of order 4 need two\./)
  })
  it('wants none for transport, and lets waves have them', () => {
    const transport = { domain: { bounds: [[0, 1]] }, time: [0, 1], equations: ['dt(u) + dx(u) = 0'], initial: { u: 'sin(x)' } } satisfies Given
    expect(problemOf({ ...transport, boundary: [{ on: 'left', condition: 'u = 0' }] }).equation.kind).toBe('general')
    expect(problemOf({ ...transport, boundary: [{ on: 'all', condition: 'u = 0' }] }).equation.kind).toBe('evolution')
  })
  it('takes the along-axis view: no condition where no derivative looks', () => {
    expect(problemOf({ domain: { bounds: [[0, 1], [0, 1]] }, time: [0, 1], equations: ['dt(u) = dxx(u)'], initial: { u: '0' }, boundary: [{ on: ['left', 'right'], condition: 'u = 0' }] }).equation.kind).toBe('general')
  })
})

describe('eigenproblems', () => {
  it('on a box and on an L-shape', () => {
    for (const domain of [{ bounds: [[0, 1], [0, 1]] }, { shape: 'l-shape' }]) {
      const problem = problemOf({ domain, equations: ['-div((1 + x^2)*grad(u)) + u = lambda*(2 + y)*u'], eigenvalue: 'lambda' })
      const { equation } = problem
      if (equation.kind !== 'eigen') throw new Error(equation.kind)
      expect(evaluate(equation.mass, { y: 0.5 }, libm)).toBeCloseTo(2.5, 14)
      expect(evaluate(equation.operator.diffusion[1], { x: 0.5 }, libm)).toBeCloseTo(1.25, 14)
      expect(toText(equation.operator.reaction)).toBe('1')
      expect(problem.traits).toContain('eigenproblem')
    }
  })
  it('whichever way round the equation is written', () => {
    const { equation } = problemOf({ domain: { bounds: [[0, 1]] }, equations: ['lap(u) + 3*lambda*u = 0'], eigenvalue: 'lambda', exact: { lambda: 'pi^2/3' } })
    expect(equation).toMatchObject({ kind: 'eigen', mass: { value: 3 } })
  })
  it('of systems stays general', () => {
    const problem = problemOf({ domain: { bounds: [[0, 1], [0, 1]] }, unknowns: [{ name: 'v', type: 'vector' }], equations: ['-lap(v) - grad(div(v)) = lambda*v'], eigenvalue: 'lambda', boundary: [{ on: 'all', condition: 'v = 0' }] })
    expect(problem.equation.kind).toBe('general')
    expect(problem.eigenvalue).toEqual({ name: 'lambda', exact: undefined })
  })
  it('needs its eigenvalue in the equation', () => {
    expect(faultOf({ domain: { bounds: [[0, 1]] }, eigenvalue: 'lambda' })).toMatch(/no-eigenvalue/)
    expect(faultOf({ domain: { bounds: [[0, 1]] }, eigenvalue: 'u' })).toMatch(/reserved-name/)
  })
})
