import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { Statement } from '../../experiment/document'
import { FaultError } from '../../fault'
import type { MeshField } from '../../fields/mesh'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import type { Solution } from '../method'
import { faultCodes, solveStatement, type Ask } from '../time/solving.testing'
import { finiteElement } from './index'
import { evaluator, meshErrors, observedOrder } from './measuring.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const serial = createSerialTeam({ kernels })
type Parts = Partial<Omit<Statement, 'domain'>> & { domain?: unknown; bounds?: number[][]; periodic?: boolean[] }
const statementOf = ({ bounds = [[0, 1], [0, 1]], periodic, domain, ...rest }: Parts): Statement =>
  ({ unknowns: ['u'], parameters: {}, definitions: {}, boundary: [], ...rest, domain: domain ?? { shape: 'box', bounds, periodic: periodic ?? bounds.map(() => false) } }) as unknown as Statement
const solve = (parts: Parts, ask: Ask, team: Team = serial): Solution => solveStatement(finiteElement, statementOf(parts), ask, team, libm)
const meshField = (solution: Solution, index = 0): MeshField => solution.fields[index] as MeshField

/** Orders of ‖u_h − u‖ and ‖∇(u_h − u)‖ between two resolutions. */
function orders(parts: Parts, exact: string, order: 1 | 2, resolutions: readonly number[][]): { l2: number; h1: number } {
  const widths = resolutions.map(r => 1 / (parts.periodic?.[0] ? r[0] : r[0] - 1))
  const errors = resolutions.map(resolution => {
    const solution = solve(parts, { resolution, options: { order } })
    expect(solution.converged).toBe(true)
    return meshErrors(meshField(solution), exact, libm)
  })
  return { l2: observedOrder(errors.map(e => e.l2), widths, libm), h1: observedOrder(errors.map(e => e.h1), widths, libm) }
}

const zero = [{ on: 'all' as const, condition: 'u = 0' }]
const mixed: Parts = {
  bounds: [[0, 2], [-1, 1]], equations: ['-div(a*grad(u)) + 3*u = f'], definitions: { a: '5+x^2*y', ue: 'exp(x)*cos(2*y)', f: '-(2*x*y*ue + a*ue) - (x^2*(-2*exp(x)*sin(2*y)) - 4*a*ue) + 3*ue' },
  boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'left', condition: 'dn(u) = -cos(2*y)' }, { on: 'top', condition: 'dn(u) + 2*u = 2*exp(x)*(cos(2)-sin(2))' }],
}
const plane = [[17, 17], [33, 33]]
const cases: [string, Parts, string, number[][]][] = [
  ['mixed conditions and a variable coefficient', mixed, 'exp(x)*cos(2*y)', plane],
  ['a full tensor and advection', { equations: ['-dx(2*dx(u) + x*dy(u)) - dy(x*dx(u) + (2+y)*dy(u)) + 3*dx(u) + u = -dx(2*dx(ue) + x*dy(ue)) - dy(x*dx(ue) + (2+y)*dy(ue)) + 3*dx(ue) + ue'], definitions: { ue: 'sin(x+2*y)' }, boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'right', condition: 'dn(u) = cos(1+2*y)' }] }, 'sin(x+2*y)', plane],
  ['pure Neumann', { equations: ['-lap(u) = 2*pi^2*cos(pi*x)*cos(pi*y)'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }, 'cos(pi*x)*cos(pi*y)', plane],
  ['periodic along both axes', { periodic: [true, true], equations: ['-lap(u) = 8*pi^2*cos(2*pi*x)*sin(2*pi*y)'] }, 'cos(2*pi*x)*sin(2*pi*y)', [[32, 32], [64, 64]]],
  ['a line', { bounds: [[0, 1]], equations: ['-dx((1+x)*dx(u)) + u = (9*(1+x) + 1)*sin(3*x) - 3*cos(3*x)'], boundary: [{ on: 'left', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) + u = 3*cos(3) + sin(3)' }] }, 'sin(3*x)', [[17], [33]]],
  ['a cube with mixed sides', { bounds: [[0, 1], [0, 1], [0, 1]], equations: ['-div((1+x)*grad(u)) = -(y^2 + 2*(1+x)*x + 6*(1+x)*z)'], boundary: [{ on: 'all', condition: 'u = x*y^2 + z^3' }, { on: 'right', condition: 'dn(u) + u = 2*y^2 + z^3' }, { on: 'back', condition: 'dn(u) = 0' }] }, 'x*y^2 + z^3', [[5, 5, 5], [9, 9, 9]]],
  ['an L-shape', { domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] }, equations: ['-lap(u) = 0'], boundary: [{ on: 'all', condition: 'u = exp(x)*sin(y)' }] }, 'exp(x)*sin(y)', plane],
  ['a polygon with two holes', {
    domain: { shape: 'polygon', points: [[0, 0], [2, 0], [2.5, 1], [1, 2], [-0.5, 1]], holes: [{ disk: { center: [1, 1], radius: 0.3 } }, { polygon: { points: [[0.2, 0.3], [0.6, 0.3], [0.5, 0.6]] } }] },
    equations: ['-lap(u) = 0'], boundary: [{ on: 'all', condition: 'u = exp(x)*sin(y)' }],
  }, 'exp(x)*sin(y)', [[33, 33], [65, 65]]],
  ['a disk', { domain: { shape: 'disk', center: [0.2, 0], radius: 1 }, equations: ['-lap(u) = 2*sin(x+y)'], boundary: [{ on: 'all', condition: 'u = sin(x+y)' }] }, 'sin(x+y)', plane],
  ['a nonlinear diffusion and reaction', { equations: ['-div((1+u^2)*grad(u)) + u^3 = -div((1+ue^2)*grad(ue)) + ue^3'], definitions: { ue: 'sin(pi*x)*sin(pi*y)' }, boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) = -pi*sin(pi*y)' }] }, 'sin(pi*x)*sin(pi*y)', plane],
]

describe('order', () => {
  it.each(cases.flatMap(([title, parts, exact, resolutions]) => ([1, 2] as const).map(k => [title, k, parts, exact, resolutions] as const)))('%s, degree %i', (_, degree, parts, exact, resolutions) => {
    // Quadratic functions are in their asymptotic range on meshes half as fine.
    const coarser = degree === 2 && resolutions[0].length === 2 ? resolutions.map(r => r.map(n => (parts.periodic ? n / 2 : (n + 1) / 2))) : resolutions
    const { l2, h1 } = orders(parts, exact, degree, coarser)
    expect(Math.abs(l2 - degree - 1)).toBeLessThan(0.1)
    expect(Math.abs(h1 - degree)).toBeLessThan(0.1)
  })

  it('keeps its order where the coefficient jumps on mesh lines', () => {
    const jump: Parts = { equations: ['-div(a*grad(u)) = 10*sin(pi*x)'], definitions: { a: 'if(x < 0.5, 1, 10)' }, boundary: [{ on: 'all', condition: 'dn(u) = 0' }, { on: ['left', 'right'], condition: 'u = 0' }] }
    // −(a u')' = 10 sin πx: a u' = (10/π) cos πx + C, u(0) = u(1) = 0 and continuity at ½ give C.
    const s = 10 / Math.PI ** 2
    const C = -(s - s / 10) / (0.5 + 0.05)
    const exact = ([x]: readonly number[]): [number, number, number] => {
      const flux = (10 / Math.PI) * Math.cos(Math.PI * x) + C
      return x < 0.5 ? [s * Math.sin(Math.PI * x) + C * x, flux, 0] : [(s * Math.sin(Math.PI * x) + C * (x - 1)) / 10, flux / 10, 0]
    }
    for (const degree of [1, 2] as const) {
      const errors = [9, 17].map(n => meshErrors(meshField(solve(jump, { resolution: [n, n], options: { order: degree } })), exact, libm))
      expect(Math.abs(Math.log2(errors[0].l2 / errors[1].l2) - degree - 1)).toBeLessThan(0.1)
      expect(Math.abs(Math.log2(errors[0].h1 / errors[1].h1) - degree)).toBeLessThan(0.1)
    }
  })

  it('has the polynomials of its degree as solutions, on any mesh (patch test)', () => {
    const patch = (degree: 1 | 2): Parts => ({
      domain: { shape: 'polygon', points: [[0, 0], [2, 0.1], [1.7, 1.6], [0.2, 1.2]], holes: [{ disk: { center: [0.9, 0.7], radius: 0.2 } }] }, definitions: { ue: degree === 1 ? '1 + 2*x - y' : '1 + x*y - 2*x^2 + y^2' },
      equations: ['-lap(u) + u = -lap(ue) + ue'], boundary: [{ on: 'all', condition: 'u = ue' }],
    })
    for (const degree of [1, 2] as const) expect(meshErrors(meshField(solve(patch(degree), { resolution: [13, 13], options: { order: degree } })), degree === 1 ? '1 + 2*x - y' : '1 + x*y - 2*x^2 + y^2', libm).l2).toBeLessThan(degree === 1 ? 1e-12 : 1e-9)
  })

  it('comes within a constant of the best approximation (Céa)', () => {
    // For the Laplacian with boundary values that the space takes exactly the constant in the energy norm is 1: no function of the space is nearer, the nodal interpolant is a little worse.
    const solution = solve({ equations: ['-lap(u) = 2*pi^2*sin(pi*x)*sin(pi*y)'], boundary: zero }, { resolution: [17, 17], options: { order: 1 } })
    const field = meshField(solution)
    const galerkin = meshErrors(field, 'sin(pi*x)*sin(pi*y)', libm).h1
    const interpolant = { ...field, values: field.values.map((_, i) => Math.sin(Math.PI * field.mesh.points[2 * i]) * Math.sin(Math.PI * field.mesh.points[2 * i + 1])) }
    const ratio = galerkin / meshErrors(interpolant, 'sin(pi*x)*sin(pi*y)', libm).h1
    expect(ratio).toBeLessThan(1)
    expect(ratio).toBeGreaterThan(0.9)
  })
})

describe('corners', () => {
  const angle = 'mod(atan2(y, x) + 2*pi, 2*pi)'
  const corner: Parts = {
    domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] }, equations: ['-lap(u) = 0'], definitions: { ue: `(x^2+y^2)^(1/3)*sin(2/3*${angle})` }, boundary: [{ on: 'all', condition: 'u = if(x^2+y^2 > 0, ue, 0)' }],
  }
  const exact = ([x, y]: readonly number[]): [number, number, number] => {
    const r = Math.hypot(x, y)
    const t = (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI)
    const [ur, ut] = [(2 / 3) * r ** (-1 / 3) * Math.sin((2 / 3) * t), (2 / 3) * r ** (-1 / 3) * Math.cos((2 / 3) * t)]
    return [r ** (2 / 3) * Math.sin((2 / 3) * t), ur * Math.cos(t) - ut * Math.sin(t), ur * Math.sin(t) + ut * Math.cos(t)]
  }

  it('limit uniform meshes to the orders 4/3 and 2/3', () => {
    const errors = [33, 65].map(n => meshErrors(meshField(solve(corner, { resolution: [n, n], options: { order: 1 } })), exact, libm))
    expect(Math.abs(Math.log2(errors[0].l2 / errors[1].l2) - 4 / 3)).toBeLessThan(0.1)
    expect(Math.abs(Math.log2(errors[0].h1 / errors[1].h1) - 2 / 3)).toBeLessThan(0.1)
  })

  it.each([1, 2] as const)('do not limit adaptive ones: error ~ unknowns^(−k/2), degree %i', order => {
    const runs = [500, 3000].map(maximumUnknowns => solve(corner, { resolution: [5, 5], options: { order, adaptive: { maximumUnknowns } } }))
    const errors = runs.map(run => meshErrors(meshField(run), exact, libm).h1)
    const rate = Math.log(errors[1] / errors[0]) / Math.log(runs[1].metrics.unknowns / runs[0].metrics.unknowns)
    expect(Math.abs(rate + order / 2)).toBeLessThan(0.1)
    // The estimator bounds the error from above and stays within a fixed factor of it.
    const factors = runs.map((run, i) => run.metrics.estimate / errors[i])
    for (const factor of factors) expect(factor).toBeGreaterThan(1)
    expect(factors[1] / factors[0]).toBeCloseTo(1, 0)
    const estimate = runs[1].arrays.find(a => a.name === 'estimate')!.values
    const unknowns = runs[1].arrays.find(a => a.name === 'unknowns')!.values
    expect(estimate.length).toBe(runs[1].metrics.meshes)
    expect([...unknowns]).toEqual([...unknowns].sort((a, b) => a - b))
  })
})

describe('systems', () => {
  it('elasticity: order 3 of the displacement', () => {
    const elastic: Parts = {
      parameters: { mu: 1, lam: 2 }, definitions: { ux: 'sin(pi*x)*sin(pi*y)', uy: 'x*y*(1-x)*(1-y)' }, unknowns: ['a', 'b'],
      equations: ['-mu*lap(a) - (lam+mu)*dx(dx(a)+dy(b)) = -mu*lap(ux) - (lam+mu)*dx(dx(ux)+dy(uy))', '-mu*lap(b) - (lam+mu)*dy(dx(a)+dy(b)) = -mu*lap(uy) - (lam+mu)*dy(dx(ux)+dy(uy))'],
      boundary: [{ on: 'all', condition: 'a = 0' }, { on: 'all', condition: 'b = 0' }, { on: 'right', condition: 'dn(a) = -pi*sin(pi*y)' }],
    }
    const errors = [9, 17].map(n => meshErrors(meshField(solve(elastic, { resolution: [n, n] })), 'sin(pi*x)*sin(pi*y)', libm))
    expect(Math.abs(Math.log2(errors[0].l2 / errors[1].l2) - 3)).toBeLessThan(0.1)
  })

  it('Stokes: Taylor–Hood elements have orders 3 in the velocity and 2 in the pressure', () => {
    const stokes: Parts = {
      definitions: { ux: 'pi*sin(pi*x)^2*sin(2*pi*y)', uy: '-pi*sin(2*pi*x)*sin(pi*y)^2', pe: 'cos(pi*x)*sin(pi*y)' }, unknowns: ['u', 'v', 'p'],
      equations: ['-lap(u) + dx(p) = -lap(ux) + dx(pe)', '-lap(v) + dy(p) = -lap(uy) + dy(pe)', 'dx(u) + dy(v) = 0'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'v = 0' }],
    }
    const solutions = [9, 17].map(n => solve(stokes, { resolution: [n, n] }))
    const velocity = solutions.map(s => meshErrors(meshField(s), 'pi*sin(pi*x)^2*sin(2*pi*y)', libm).l2)
    const pressure = solutions.map(s => meshErrors(meshField(s, 2), 'cos(pi*x)*sin(pi*y)', libm).l2)
    expect(Math.abs(Math.log2(velocity[0] / velocity[1]) - 3)).toBeLessThan(0.1)
    expect(Math.log2(pressure[0] / pressure[1])).toBeGreaterThan(1.9)
    expect(faultCodes(() => solve(stokes, { resolution: [9, 9], options: { order: 1 } }))).toEqual(['method-order'])
  })
})

const data = join(import.meta.dirname, '../../../../shared/data')
const rowsOf = (file: string): number[][] => readFileSync(file, 'utf8').split('\n').filter(line => line && !line.startsWith('%')).map(line => line.trim().split(/\s+/).map(Number))
const relative = (pairs: readonly (readonly [number, number])[]): number => Math.sqrt(pairs.reduce((s, [a, b]) => s + (a - b) ** 2, 0) / pairs.reduce((s, [, b]) => s + b * b, 0))

describe('against data of others (skipped where ../shared/data is absent)', () => {
  const holes = join(data, 'pinnacle/poisson1_cg_data.dat')
  it.skipIf(!existsSync(holes))('Poisson with holes', () => {
    const centers = [[0.3, 0.3], [0.3, -0.3], [-0.3, 0.3], [-0.3, -0.3]]
    const field = meshField(solve({
      domain: { shape: 'box', bounds: [[-0.5, 0.5], [-0.5, 0.5]], periodic: [false, false], holes: centers.map(center => ({ disk: { center, radius: 0.1 } })) }, equations: ['lap(u) = 0'],
      boundary: [{ on: 'all', condition: 'u = 1' }, { on: 'holes', condition: 'u = 0' }],
    }, { resolution: [65, 65] }))
    const u = evaluator(field)
    expect(relative(rowsOf(holes).map(([x, y, value]) => [u(x, y), value]))).toBeLessThan(1e-3)
  })

  const cavity = join(data, 'pinnacle/lid_driven_a4.dat')
  it.skipIf(!existsSync(cavity))('lid-driven cavity at Re = 100', () => {
    const solution = solve({
      parameters: { Re: 100 }, unknowns: [{ name: 'w', type: 'vector' }, 'p'], equations: ['dot(w, grad(w)) + grad(p) - lap(w)/Re = 0', 'div(w) = 0'],
      boundary: [{ on: 'all', condition: 'w = 0' }, { on: 'top', condition: 'w = vec(4*x*(1-x), 0)' }],
    }, { resolution: [49, 49] })
    expect(solution.converged).toBe(true)
    expect(solution.fields.map(f => f.components ?? [])).toEqual([['x', 'y'], []])
    const [u, v] = [0, 1].map(c => evaluator(meshField(solution), c))
    expect(relative(rowsOf(cavity).flatMap(([x, y, a, b]) => [[u(x, y), a], [v(x, y), b]] as const))).toBeLessThan(1e-3)
  })

  const lShape = join(data, 'hypino/poisson_L/reference_solution.npy')
  it.skipIf(!existsSync(lShape))('an L-shape with reaction', () => {
    const field = meshField(solve({ domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] }, equations: ['-lap(u) + u = 1'], boundary: zero }, { resolution: [65, 65] }))
    const file = readFileSync(lShape)
    const start = 10 + file.readUInt16LE(8)
    const u = evaluator(field)
    const pairs: [number, number][] = []
    for (let row = 0; row < 224; row++) {
      for (let column = 0; column < 224; column++) {
        const value = file.readFloatLE(start + 4 * (row * 224 + column))
        const [x, y] = [-1 + (2 * column) / 223, -1 + (2 * row) / 223]
        if (value !== 0 && !(x > 0 && y < 0)) pairs.push([u(x, y), value])
      }
    }
    expect(pairs.length).toBeGreaterThan(35_000)
    expect(relative(pairs)).toBeLessThan(1e-3)
  })
})

describe('honesty', () => {
  it('has the same bits on one thread and on two', async () => {
    const other = await createThreadTeam({ kernels, threads: 2 })
    try {
      expect(meshField(solve(mixed, { resolution: [33, 33] }, other)).values).toEqual(meshField(solve(mixed, { resolution: [33, 33] })).values)
    } finally {
      await other.dispose()
    }
  })

  it('refuses what it does not cover, in a sentence', () => {
    const codes = (parts: Parts, resolution = [9, 9], options = {}) => faultCodes(() => solve(parts, { resolution, options }))
    expect(codes({ equations: ['dxxxx(u) + 2*dxxyy(u) + dyyyy(u) = 1'], boundary: [...zero, { on: 'all', condition: 'dn(u) = 0' }] })).toEqual(['method-class'])
    expect(codes({ equations: ['-lap(u) = 1'], boundary: zero, periodic: [true, false] }, [9, 9], { adaptive: { maximumUnknowns: 100 } })).toEqual(['adaptive-periodic'])
    expect(codes({ equations: ['-lap(u) = 1'], boundary: zero, bounds: [[0, 1], [0, 1], [0, 1]] }, [1000, 1000, 1000])).toEqual(['too-large'])
    expect(codes({ equations: ['-lap(u) = 1 + cos(pi*x)'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] })).toEqual(['incompatible'])
    expect(codes({ equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = log(x - 0.5)' }] })).toEqual(['non-finite'])
  })

  it('warns where advection outweighs diffusion on a cell', () => {
    const layer = (nu: number) => solve({ parameters: { nu }, equations: ['-nu*lap(u) + dx(u) = 1'], boundary: zero }, { resolution: [9, 9] }).faults.map(f => f.code)
    expect(layer(0.005)).toEqual(['peclet'])
    expect(layer(1)).toEqual([])
  })

  it('takes conditions that tie components: an impedance boundary', () => {
    // Δh + k²h = 0 with h = e^{ikx}: dn(h) = ik h on the right, −ik h on the left is given by its value.
    const solution = solve({ parameters: { k: 3 }, unknowns: [{ name: 'h', type: 'complex' }], equations: ['lap(h) + k^2*h = 0'], boundary: [{ on: 'all', condition: 'dn(h) = 0' }, { on: 'left', condition: 'h = 1' }, { on: 'right', condition: 'dn(h) = i*k*h' }] }, { resolution: [17, 17] })
    expect(meshErrors(meshField(solution), 'cos(3*x)', libm).l2).toBeLessThan(1e-4)
    expect(meshErrors(meshField(solution), 'sin(3*x)', libm, 1).l2).toBeLessThan(1e-4)
  })

  it('takes a balanced jump that no quadrature sums exactly', () => {
    const solution = solve({ equations: ['-lap(u) = if(x < 1/3, 2, -1)'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }, { resolution: [20, 20], options: { order: 1 } })
    expect(solution.converged).toBe(true)
    expect(Math.max(...meshField(solution).values)).toBeLessThan(1)
  })

  it('has less energy on every finer mesh', () => {
    const energies = [5, 9, 17].map(n => {
      const field = meshField(solve({ equations: ['-lap(u) = 1'], boundary: zero }, { resolution: [n, n], options: { order: 1 } }))
      // At the solution the energy is −½ ∫ f u; twice the norm against zero does for ∫ |∇u|².
      return -0.5 * meshErrors(field, () => [0, 0, 0], libm).h1 ** 2
    })
    expect(energies[1]).toBeLessThan(energies[0])
    expect(energies[2]).toBeLessThan(energies[1])
  })

  it('marks a nonlinear problem that has no solution near as not converged', () => {
    try {
      const solution = solve({ equations: ['-lap(u) = 50*exp(u)'], boundary: zero }, { resolution: [9, 9], options: { newtonSteps: 8 } })
      expect(solution.converged).toBe(false)
      expect(solution.faults.map(f => f.code)).toContain('not-converged')
    } catch (reason) {
      expect(reason).toBeInstanceOf(FaultError)
    }
  })
})

it('an indefinite matrix is told of with the solvers that take it', () => {
  const faults = (() => {
    try {
      solve({ equations: ['-lap(u) - 200*u = 1'], boundary: zero }, { resolution: [17, 17], options: { solver: 'cg' } })
      return []
    } catch (reason) {
      return (reason as FaultError).faults
    }
  })()
  expect(faults.map(f => [f.code, f.where?.path, f.tip])).toEqual([['indefinite-operator', 'solver', 'Use the solver "gmres", "direct" or "auto".']])
})
