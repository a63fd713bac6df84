import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { Statement } from '../../experiment/document'
import { evaluate, parseExpression } from '../../expressions'
import type { Field } from '../../fields/field'
import { gridSize } from '../../fields/field'
import { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import { Cancelled, type Team } from '../../kernels/team'
import { faultCodes, gridField, quietRun, solveStatement, type Ask } from '../time/solving.testing'
import { finiteDifference } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const serial = createSerialTeam({ kernels })
type Problem = Omit<Partial<Statement>, 'domain'> & { bounds: [number, number][]; periodic?: boolean[]; equation: string }

const statementOf = ({ bounds, periodic, equation, ...rest }: Problem): Statement =>
  ({ unknowns: ['u'], parameters: {}, definitions: {}, boundary: [], ...rest, domain: { shape: 'box', bounds, periodic: periodic ?? bounds.map(() => false) }, equations: [equation] }) as Statement
const solve = (problem: Problem, ask: Ask, team: Team = serial) => solveStatement(finiteDifference, statementOf(problem), ask, team, libm)

/** Relative L² error at the nodes, each weighted with its control volume. */
function nodalError(field: Field, exact: string): number {
  const parsed = parseExpression(exact)
  if (!parsed.ok) throw new FaultError(parsed.faults)
  const [x, y, z] = [0, 1, 2].map(a => field.grid.axes[a]?.coordinates ?? new Float64Array(1))
  let error = 0
  let size = 0
  for (let node = 0; node < gridSize(field.grid); node++) {
    const index = [node % x.length, Math.floor(node / x.length) % y.length, Math.floor(node / (x.length * y.length))]
    const weight = field.grid.axes.reduce((w, axis, a) => (axis.periodic || (index[a] > 0 && index[a] < axis.coordinates.length - 1) ? w : w / 2), 1)
    const value = evaluate(parsed.value, { x: x[index[0]], y: y[index[1]], z: z[index[2]] }, libm)
    error += weight * (field.values[node] - value) ** 2
    size += weight * value * value
  }
  return Math.sqrt(error / size)
}

function observedOrder(problem: Problem, exact: string, resolutions: number[][], options?: Ask['options']): number {
  const errors = resolutions.map(resolution => {
    const solution = solve(problem, { resolution, options })
    expect(solution.converged).toBe(true)
    return nodalError(gridField(solution), exact)
  })
  const widths = resolutions.map(r => 1 / (problem.periodic?.[0] ? r[0] : r[0] - 1))
  return Math.log(errors[0] / errors[errors.length - 1]) / Math.log(widths[0] / widths[widths.length - 1])
}

const unit: [number, number] = [0, 1]
const zero = [{ on: 'all', condition: 'u = 0' }]
const poisson: Problem = { bounds: [unit, unit], definitions: { ue: 'sin(pi*x)*sin(pi*y)' }, equation: '-lap(u) = 2*pi^2*ue', boundary: zero }
const acceptance = (a: string): Problem => ({
  bounds: [[0, 2], [-1, 1]],
  definitions: {
    a, ue: 'exp(x)*cos(2*y)',
    f: '-(2*x*y*ue + a*ue) - (x^2*(-2*exp(x)*sin(2*y)) - 4*a*ue) + 3*ue',
  },
  equation: '-div(a*grad(u)) + 3*u = f',
  boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'left', condition: 'dn(u) = -cos(2*y)' }, { on: 'top', condition: 'dn(u) + 2*u = 2*exp(x)*(cos(2)-sin(2))' }],
})
const noFlux = [{ on: 'all', condition: 'dn(u) = 0' }]

describe('accuracy', () => {
  it('meets the nodal error of the five-point scheme at 129²', () => {
    const solution = solve(poisson, { resolution: [129, 129] })
    expect(nodalError(gridField(solution), 'sin(pi*x)*sin(pi*y)')).toBeCloseTo(5.02e-5, 7)
    expect(solution.metrics.unknowns).toBe(127 * 127)
    expect(solution.arrays[0].values.length).toBe(solution.metrics.iterations + 1)
  })

  const exp = 'exp(x)*cos(2*y)'
  it.each<[string, Problem, string, number[][]]>([
    ['mixed conditions and a variable coefficient', acceptance('5 + x^2*y'), exp, [[17, 17], [33, 33], [65, 65], [129, 129]]],
    ['the same on even and unequal numbers of nodes', acceptance('5 + x^2*y'), exp, [[18, 34], [36, 68], [72, 136]]],
    ['pure Neumann', { bounds: [unit, unit], equation: '-lap(u) = 2*pi^2*cos(pi*x)*cos(pi*y)', boundary: noFlux }, 'cos(pi*x)*cos(pi*y)', [[17, 17], [33, 33], [100, 100]]],
    ['Neumann data that balance only in the limit', { bounds: [unit, unit], equation: '-lap(u) = -4', boundary: [{ on: 'all', condition: 'dn(u) = 2*x*(2*x-1) + 2*y*(2*y-1)' }, { on: ['left', 'bottom'], condition: 'dn(u) = 0' }, { on: 'right', condition: 'dn(u) = 2' }, { on: 'top', condition: 'dn(u) = 2' }] }, 'x^2 + y^2 - 2/3', [[9, 9], [17, 17], [33, 33]]],
    ['periodic', { bounds: [unit, unit], periodic: [true, true], equation: '-lap(u) = 8*pi^2*cos(2*pi*x)*sin(2*pi*y)' }, 'cos(2*pi*x)*sin(2*pi*y)', [[16, 16], [33, 33], [63, 64]]],
    ['periodic along one axis', { bounds: [unit, [0, 2]], periodic: [true, false], equation: '-lap(u) + u = (4*pi^2 + 1)*cos(2*pi*x)*exp(y) - cos(2*pi*x)*exp(y)', boundary: [{ on: 'bottom', condition: 'u = cos(2*pi*x)' }, { on: 'top', condition: 'dn(u) + u = 2*cos(2*pi*x)*exp(2)' }] }, 'cos(2*pi*x)*exp(y)', [[16, 33], [32, 65], [64, 129]]],
    ['conditions on pieces of a side', { ...acceptance('5 + x^2*y'), boundary: [...acceptance('').boundary!, { on: 'y > 0', condition: 'u = exp(x)*cos(2*y)' }] }, exp, [[17, 17], [33, 33], [65, 65]]],
    ['advection', { bounds: [unit, unit], equation: '-lap(u) + 20*dx(u) - 10*x*dy(u) + 2*u = (2*pi^2 + 2)*sin(pi*x)*cos(pi*y) + 20*pi*cos(pi*x)*cos(pi*y) + 10*pi*x*sin(pi*x)*sin(pi*y)', boundary: [{ on: ['left', 'right'], condition: 'u = 0' }, { on: ['bottom', 'top'], condition: 'dn(u) = 0' }] }, 'sin(pi*x)*cos(pi*y)', [[17, 17], [33, 33], [65, 65]]],
    ['advection through Robin sides', { bounds: [unit, unit], equation: '-lap(u) + 3*dx(u) + 2*dy(u) = 3*exp(x+2*y) + 4*exp(x+2*y) - 5*exp(x+2*y)', boundary: [{ on: 'right', condition: 'dn(u) + u = 2*exp(1+2*y)' }, { on: 'left', condition: '2*dn(u) + 4*u = 2*exp(2*y)' }, { on: 'bottom', condition: 'u = exp(x)' }, { on: 'top', condition: 'dn(u) = 2*exp(x+2)' }] }, 'exp(x+2*y)', [[17, 17], [33, 33], [65, 65]]],
    ['an anisotropic operator on an elongated box', { bounds: [[0, 10], unit], equation: '-dxx(u) - 0.001*dyy(u) = (pi^2/100 + 0.001*pi^2)*sin(pi*x/10)*sin(pi*y)', boundary: zero }, 'sin(pi*x/10)*sin(pi*y)', [[17, 33], [33, 65], [65, 129]]],
    ['a line', { bounds: [unit], equation: '-dx((1+x)*dx(u)) + u = (9*(1+x) + 1)*sin(3*x) - 3*cos(3*x)', boundary: [{ on: 'left', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) + u = 3*cos(3) + sin(3)' }] }, 'sin(3*x)', [[17], [33], [65], [1024]]],
    ['a ring', { bounds: [unit], periodic: [true], equation: '-dxx(u) = 4*pi^2*sin(2*pi*x)' }, 'sin(2*pi*x)', [[16], [33], [64]]],
    ['a line between walls without a level', { bounds: [unit], equation: '-dxx(u) = pi^2*cos(pi*x)', boundary: noFlux }, 'cos(pi*x)', [[17], [33], [64]]],
    ['a cube with mixed sides', { bounds: [unit, unit, unit], equation: '-div((1+x)*grad(u)) = -(y^2 + 2*(1+x)*x + 6*(1+x)*z)', boundary: [{ on: 'all', condition: 'u = x*y^2 + z^3' }, { on: 'right', condition: 'dn(u) + u = 2*y^2 + z^3' }, { on: 'back', condition: 'dn(u) = 0' }] }, 'x*y^2 + z^3', [[9, 9, 9], [17, 17, 17], [32, 32, 32]]],
    ['a cube', { bounds: [unit, unit, unit], equation: '-lap(u) = 3*pi^2*sin(pi*x)*sin(pi*y)*sin(pi*z)', boundary: zero }, 'sin(pi*x)*sin(pi*y)*sin(pi*z)', [[9, 9, 9], [17, 17, 17], [33, 33, 33]]],
  ])('is of order 2: %s', (_, problem, exact, resolutions) => {
    expect(Math.abs(observedOrder(problem, exact, resolutions) - 2)).toBeLessThan(0.1)
  })

  it('takes an inequality that names a side as that side, without the neighbours\' corners', () => {
    const { boundary, ...rest } = acceptance('5 + x^2*y')
    const named = solve({ ...rest, boundary }, { resolution: [17, 20] })
    const byInequality = solve({ ...rest, boundary: boundary!.map(entry => ({ ...entry, on: entry.on === 'left' ? 'x <= 0' : entry.on === 'top' ? 'y >= 1' : entry.on })) }, { resolution: [17, 20] })
    expect(byInequality.fields[0].values).toEqual(named.fields[0].values)
  })

  it('returns the solution of zero mean', () => {
    const { fields: [{ values }] } = solve({ bounds: [unit, unit], periodic: [true, true], equation: '-lap(u) = sin(2*pi*x) + cos(4*pi*y)' }, { resolution: [32, 32] })
    expect(Math.abs(values.reduce((a, b) => a + b, 0))).toBeLessThan(1e-12)
  })

  it('reproduces a quadratic on any grid, exactly up to the tolerance', () => {
    const problem: Problem = { bounds: [[0, 2], [1, 4]], equation: '-lap(u) = -6', boundary: [{ on: 'all', condition: 'u = x^2 + 2*y^2 - x*y' }, { on: 'right', condition: 'dn(u) + 3*u = 4 - y + 3*(4 + 2*y^2 - 2*y)' }] }
    for (const resolution of [[9, 12], [30, 7], [106, 65]]) expect(nodalError(gridField(solve(problem, { resolution, options: { tolerance: 1e-13 } })), 'x^2 + 2*y^2 - x*y')).toBeLessThan(1e-11)
  })
})

describe('honesty', () => {
  const messageOf = (call: () => unknown): string => {
    try {
      call()
    } catch (reason) {
      return (reason as FaultError).faults.map(f => `${f.code}: ${f.message}`).join('\n')
    }
    return ''
  }

  it('refuses an equation that is not elliptic, with the worst place', () => {
    expect(messageOf(() => solve(acceptance('1 + x^2*y'), { resolution: [33, 33] }))).toMatch(/^not-elliptic: The equation is not elliptic where .*: the diffusion coefficient.* is -3 at x = 2, y = -1\.$/)
    // Between the points that the analysis samples: only the grid sees it.
    const narrow: Problem = { ...poisson, equation: '-div((1 - 1.1*exp(-1e6*((x-0.5)^2+(y-0.5019)^2)))*grad(u)) = 1' }
    expect(faultCodes(() => solve(narrow, { resolution: [527, 527] }))).toEqual(['not-elliptic'])
  })

  it('refuses a source that no flux balances, with its defect', () => {
    const source = (f: string): Problem => ({ bounds: [unit, unit], equation: `-lap(u) = ${f}`, boundary: noFlux })
    expect(messageOf(() => solve(source('1 + cos(pi*x)'), { resolution: [33, 33] }))).toMatch(/^incompatible: .*∫ f \+ ∮ a dn\(u\) = 1 for f/)
    expect(messageOf(() => solve(source('1e-4 + cos(pi*x)'), { resolution: [33, 33] }))).toMatch(/= 0\.0001 for f/)
    expect(messageOf(() => solve({ bounds: [unit], periodic: [true], equation: '-dxx(u) = 2 + sin(2*pi*x)' }, { resolution: [64] }))).toMatch(/^incompatible: .*∫ f = 2 for f/)
    expect(messageOf(() => solve({ ...source('-4'), boundary: [{ on: 'all', condition: 'dn(u) = 2' }] }, { resolution: [17, 17] }))).toMatch(/= 4 for f/)
  })

  it('takes a balanced source that the grid sums only to O(h²)', () => {
    const problem: Problem = { bounds: [unit, unit], equation: '-lap(u) = exp(x) - (e - 1)', boundary: noFlux }
    expect(solve(problem, { resolution: [9, 9] }).converged).toBe(true)
    expect(solve({ ...problem, equation: '-lap(u) = if(x < 1/3, 2, -1)' }, { resolution: [40, 40] }).converged).toBe(true)
  })

  it('names field and node of a division by zero', () => {
    const message = (problem: Problem): string => messageOf(() => solve(problem, { resolution: [33, 33] }))
    expect(message({ ...poisson, equation: '-lap(u) = 1/(x - 0.5)' })).toMatch(/^non-finite: The source .* is (minus infinity|infinite) at the node x = 0\.5, y = 0\.$/)
    expect(message({ ...poisson, equation: '-lap(u) + u/(y-0.25) = 1' })).toMatch(/coefficient of the unknown.*y = 0\.25/)
    expect(message({ ...poisson, boundary: [{ on: 'all', condition: 'u = log(x - 0.5)' }] })).toMatch(/boundary value \(side left\) log.*not a number at the node x = 0, y = 0/)
  })

  it('refuses order 4 where the diffusion jumps, and pressures', () => {
    const jump = { ...poisson, equation: '-div((1 + 9*if(x > 0.5, 1, 0))*grad(u)) = 1' }
    expect(solve(jump, { resolution: [33, 33] }).converged).toBe(true)
    expect(faultCodes(() => solve(jump, { resolution: [33, 33], options: { order: 4 } }))).toEqual(['discontinuous-coefficient'])
    const stokes = { ...statementOf(poisson), unknowns: ['u', 'v', 'p'], definitions: {}, equations: ['-lap(u) + dx(p) = 0', '-lap(v) + dy(p) = 0', 'dx(u) + dy(v) = 0'], boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'v = 0' }] } as unknown as Statement
    expect(faultCodes(() => solveStatement(finiteDifference, stokes, { resolution: [17, 17] }, serial, libm))).toEqual(['unsupported-class'])
  })

  it('refuses resolutions before anything is allocated', () => {
    expect(faultCodes(() => solve(poisson, { resolution: [3_300_000, 3_300_000] }))).toEqual(['too-large'])
    expect(faultCodes(() => solve(poisson, { resolution: [2, 33] }))).toEqual(['too-coarse'])
  })

  it('solves Helmholtz problems below and above the first eigenvalues', () => {
    const helmholtz = (k2: number): Problem => ({ bounds: [unit, unit], equation: `-lap(u) - ${k2}*u = (5*pi^2 - ${k2})*sin(pi*x)*sin(2*pi*y)`, boundary: zero })
    for (const k2 of [10, 100, 400]) {
      const solution = solve(helmholtz(k2), { resolution: [65, 65] })
      expect(solution.converged).toBe(true)
      expect(nodalError(gridField(solution), 'sin(pi*x)*sin(2*pi*y)')).toBeLessThan(5e-3)
    }
  })

  it('says when it did not converge', () => {
    const solution = solve({ ...poisson, equation: '-lap(u) - 5000*u = 1 + x*y^2' }, { resolution: [65, 65], options: { solver: 'gmres', maximumIterations: 20 } })
    expect(solution.converged).toBe(false)
    expect(solution.faults[0]).toMatchObject({ severity: 'warning', code: 'not-converged' })
    expect(solution.metrics.residual).toBeGreaterThan(1e-10)
  })
  it('does not call a residual rounding where the operator is singular and the solution all kernel', () => {
    // 17 × 17 nodes: the reaction is the lowest eigenvalue of the five-point Laplacian.
    const equation = '-lap(u) - 2*4*16^2*sin(pi/32)^2*u = 1'
    const solution = solve({ bounds: [[0, 1], [0, 1]], equation, boundary: [{ on: 'all', condition: 'u = 0' }] }, { resolution: [17, 17] })
    expect(solution.converged).toBe(false)
    expect(solution.faults.map(f => f.code)).toContain('not-converged')
  })

  it('warns when advection dominates the cells', () => {
    const solution = solve({ ...poisson, equation: '-lap(u) + 500*dx(u) = 1' }, { resolution: [33, 33] })
    expect(solution.faults.map(f => f.code)).toContain('cell-peclet')
    expect(solution.faults.find(f => f.code === 'cell-peclet')!.message).toMatch(/reaches 15\.6/)
  })

  it('stops when the user says so', () => {
    let looks = 0
    const run = quietRun({ throwIfCancelled() {
      if (++looks === 5) throw new Cancelled()
    } })
    const used = serial.arena.used
    expect(() => solve(poisson, { resolution: [129, 129], run })).toThrow(Cancelled)
    expect(serial.arena.used).toBe(used)
  })
})

describe('threads', () => {
  it.each<[string, Problem, number[]]>([
    ['constant coefficients', poisson, [257, 257]],
    ['variable coefficients', acceptance('5 + x^2*y'), [201, 180]],
    ['odd periodic', { bounds: [unit, unit], periodic: [true, true], equation: '-lap(u) = sin(2*pi*x)*cos(4*pi*y)' }, [151, 149]],
    ['space', { bounds: [unit, unit, unit], equation: '-lap(u) = x*y+z', boundary: zero }, [40, 33, 41]],
  ])('two give the bits of one: %s', async (_, problem, resolution) => {
    const team = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 29 })
    await team.ready
    const one = solve(problem, { resolution })
    const two = solve(problem, { resolution }, team)
    await team.dispose()
    expect(two.metrics).toEqual(one.metrics)
    expect(two.fields[0].values.every((value, i) => Object.is(value, one.fields[0].values[i]))).toBe(true)
    expect(two.arrays).toEqual(one.arrays)
  })
})
