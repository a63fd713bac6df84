import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import type { MeshField } from '../../fields/mesh'
import { sampleField } from '../../fields/resample'
import { createSerialTeam } from '../../kernels/serial-team'
import { analyse } from '../../problems/analyse'
import type { Solution } from '../method'
import { faultCodes, solveStatement } from '../time/solving.testing'
import { finiteDifference } from '../finite-difference'
import { finiteElement } from './index'
import { meshErrors } from './measuring.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const vector = [{ name: 'u', type: 'vector' as const }]
const solve = (statement: Statement, resolution: readonly number[], options = {}): Solution => solveStatement(finiteElement, statement, { resolution, options }, team, libm)
const l2 = ({ fields: [field] }: Solution, exact: readonly string[]): number => exact.reduce((sum, text, c) => sum + meshErrors(field as MeshField, text, libm, c).l2, 0)

/** σ = λ div u I + μ(∇u + ∇uᵀ) as the user writes it, and the tractions of a given displacement on the sides of a square. */
const stress = (u: string): string => `lambda*div(${u})*grad(vec(x, y)) + mu*(grad(${u}) + transpose(grad(${u})))`
const square = (more: Partial<Statement>): Statement => ({
  domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: vector, equations: [`-div(${stress('u')}) = -div(${stress('vec(a, b)')})`],
  definitions: { a: 'sin(x + y)', b: 'cos(x*y)', sxx: '(lambda + 2*mu)*dx(a) + lambda*dy(b)', sxy: 'mu*(dy(a) + dx(b))', syy: 'lambda*dx(a) + (lambda + 2*mu)*dy(b)' },
  boundary: [
    { on: 'all', condition: 'u = vec(a, b)' }, { on: 'right', condition: 'traction(u) = vec(sxx, sxy)' }, { on: 'top', condition: 'traction(u) = vec(sxy, syy)' },
    { on: 'bottom', condition: 'traction(u) + 3*u = vec(3*a - sxy, 3*b - syy)' },
  ],
  exact: { u: 'vec(a, b)' }, ...more,
})

describe('tractions', () => {
  it.each([['constant', { lambda: 2, mu: 1 }], ['variable', { one: 1 }]] as const)('keep the order of the elements, with an elastic support and %s coefficients', (kind, parameters) => {
    const statement = square({ parameters })
    const stated: Statement = kind === 'constant' ? statement : { ...statement, definitions: { lambda: '2 + x*y', mu: '1 + x', ...statement.definitions } }
    expect(analyse(stated, libm).faults).toEqual([])
    for (const [order, resolutions] of [[1, [13, 25]], [2, [13, 25]]] as const) {
      const [coarse, fine] = resolutions.map(n => l2(solve(stated, [n, n], { order }), ['sin(x + y)', 'cos(x*y)']))
      expect(Math.abs(Math.log2(coarse / fine) - order - 1)).toBeLessThan(0.1)
    }
  })

  it('carry a layered bar: the strain jumps where the stiffness does, and the stress does not', () => {
    // Uniaxial strain, twice as stiff on the right: σ_xx = 1 everywhere.
    const bar: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 0.5]] }, unknowns: vector, definitions: { mu: 'if(x < 0.5, 1, 2)', lambda: '0*mu' }, equations: [`-div(${stress('u')}) = vec(0, 0)`],
      boundary: [{ on: 'all', condition: 'traction(u) = vec(0, 0)' }, { on: 'left', condition: 'u = 0' }, { on: 'right', condition: 'traction(u) = vec(1, 0)' }],
    }
    const [field] = solve(bar, [9, 5], { order: 1 }).fields
    const [middle, end] = sampleField(field as MeshField, [Float64Array.of(0.5, 1), Float64Array.of(0.25, 0.25)], undefined, 5)
    expect(middle).toBeCloseTo(0.25, 12)
    expect(end).toBeCloseTo(0.375, 12)
  })

  it('act on one component where dot picks it, beside a value of the other', () => {
    // A block between frictionless plates under pressure: u = (0, −y)·(1 − 2ν)(1 + ν)/((1 − ν)E) with walls, found from λ + 2μ alone.
    const block: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]] }, unknowns: vector, parameters: { lambda: 1.5, mu: 1 }, equations: ['-mu*lap(u) - (lambda + mu)*grad(div(u)) = vec(0, 0, 0)'],
      boundary: [{ on: 'all', condition: 'traction(u) = vec(0, 0, 0)' }, { on: ['left', 'right'], condition: 'dot(u, vec(1, 0, 0)) = 0' }, { on: ['bottom', 'top'], condition: 'dot(u, vec(0, 1, 0)) = 0' }, { on: 'back', condition: 'u__z = 0' }, { on: 'front', condition: 'dot(traction(u), vec(0, 0, 1)) = -0.7' }],
    }
    expect(l2(solve(block, [4, 4, 4], { order: 1 }), ['0', '0', '-0.2*z'])).toBeLessThan(1e-12)
  })

  it('load anisotropic bodies, whose tensor is read off the equations', () => {
    // Orthotropic stress; pulled along x with free sides.
    const plate: Statement = {
      domain: { shape: 'box', bounds: [[0, 2], [0, 1]] }, unknowns: vector, parameters: { cxx: 5, cyy: 2, cxy: 1, cs: 0.7 },
      definitions: { ex: 'dx(u__x)', ey: 'dy(u__y)', g: 'dy(u__x) + dx(u__y)' }, equations: ['vec(dx(cxx*ex + cxy*ey) + dy(cs*g), dx(cs*g) + dy(cxy*ex + cyy*ey)) = vec(0, 0)'],
      boundary: [{ on: 'all', condition: 'traction(u) = vec(0, 0)' }, { on: 'right', condition: 'traction(u) = vec(0.9, 0)' }, { on: 'left', condition: 'u__x = 0' }, { on: 'bottom', condition: 'u__y = 0' }],
    }
    // ε_x = σ cyy/(cxx cyy − cxy²), ε_y = −σ cxy/(…): 0.2 and −0.1.
    expect(l2(solve(plate, [5, 3], { order: 1 }), ['0.2*x', '-0.1*y'])).toBeLessThan(1e-12)
  })

  it('are refused where they have no meaning, with the reason', () => {
    const codes = (more: Partial<Statement>): string[] => analyse(square({ parameters: { lambda: 2, mu: 1 }, exact: undefined, ...more }), libm).faults.map(fault => fault.code)
    expect(codes({ equations: ['-lap(u) = vec(0, 0)'] })).toContain('no-traction')
    expect(codes({ time: [0, 1], equations: [`dtt(u) = div(${stress('u')})`], initial: { u: '0', 'dt(u)': '0' } })).toContain('no-traction')
    expect(codes({ unknowns: ['u'], equations: ['-lap(u) = 0'], boundary: [{ on: 'all', condition: 'traction(u) = 1' }] })).toContain('no-traction')
    expect(codes({ equations: ['-lap(u) + traction(u) = vec(0, 0)'] })).toContain('normal-derivative')
    const free = square({ parameters: { lambda: 2, mu: 1 }, exact: undefined, boundary: [{ on: 'all', condition: 'traction(u) = vec(0, 0)' }] })
    expect(faultCodes(() => solve(free, [5, 5]))).toEqual(['rigid-motion'])
    expect(faultCodes(() => solveStatement(finiteDifference, free, { resolution: [9, 9] }, team, libm))).toEqual(['method-traction'])
  })

  it('warn of an exact solution whose tractions are not those of the statement', () => {
    const { faults } = analyse(square({ parameters: { lambda: 2, mu: 1 }, boundary: [{ on: 'all', condition: 'u = vec(a, b)' }, { on: 'right', condition: 'traction(u) = vec(sxx, sxy + 1)' }] }), libm)
    expect(faults.map(fault => fault.code)).toEqual(['exact-inconsistent'])
  })
})
