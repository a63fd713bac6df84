import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { afterAll, describe, expect, it } from 'vitest'
import { createThreadTeam } from '../../../../electron/engine/threads/team'
import { evaluate } from '../../../expressions'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Solution } from '../../method'
import { faultCodes, quietRun } from '../../time/solving.testing'
import { systemOf, type SystemText } from '../system.testing'
import { solveSystem } from './solve'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const threads = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 29, worthSharing: 0 })
afterAll(() => threads.dispose())

const solve = (text: SystemText, resolution: readonly number[], options: Record<string, unknown> = {}): Solution =>
  solveSystem({ problem: systemOf(text), resolution, times: new Float64Array(0), options, libm }, team, quietRun())

/** Largest error over all nodes and components beside the largest value. */
function error(text: SystemText, solution: Solution): number {
  const problem = systemOf(text)
  let [most, size] = [0, 0]
  solution.fields.forEach(({ name, values, ...field }) => {
    const exact = problem.exact![problem.system.components.findIndex(c => c.name === name)]
    values.forEach((value, node) => {
      if (Number.isNaN(value)) return
      let rest = node
      const at: Record<string, number> = { t: 0 }
      for (const axis of 'grid' in field ? field.grid.axes : []) {
        at[axis.name] = axis.coordinates[rest % axis.coordinates.length]
        rest = Math.floor(rest / axis.coordinates.length)
      }
      const expected = evaluate(exact, at, libm)
      most = Math.max(most, Math.abs(value - expected))
      size = Math.max(size, Math.abs(expected))
    })
  })
  return most / size
}

function orderOf(text: SystemText, coarse: readonly number[], options: Record<string, unknown>): number {
  const fine = coarse.map((n, a) => (text.periodic?.[a] ? 2 * n : 2 * n - 1))
  const errors = [coarse, fine].map(resolution => {
    const solution = solve(text, resolution, options)
    expect(solution.converged).toBe(true)
    return error(text, solution)
  })
  if (process.env.SHOW) console.log(text.rows[0], options, errors, Math.log2(errors[0] / errors[1]))
  return Math.log2(errors[0] / errors[1])
}

const unit = [0, 1] as const
const smooth = 'exp(x)*cos(2*y)'
const line: SystemText = { bounds: [[0, 2]], rows: ['-(1 + x^2)*u_xx - 2*x*u_x + u + (1 + x^2)*exp(x) + 2*x*exp(x) - exp(x)'], boundary: [{ on: ['left'], data: '1' }, { on: ['right'], normal: '1', value: '2', data: '3*exp(2)' }], exact: ['exp(x)'] }
const mixedSides = (rows: string[]): SystemText => ({
  bounds: [[0, 2], [-1, 1]], rows, exact: [smooth],
  boundary: [{ data: smooth }, { on: ['left'], normal: '1', data: '-cos(2*y)' }, { on: ['top'], normal: '1', value: '2', data: '2*exp(x)*(cos(2) - sin(2))' }],
})
const variable = mixedSides([`-(5 + x^2*y)*(u_xx + u_yy) - 2*x*y*u_x - x^2*u_y + 3*u + (5 + x^2*y)*(1 - 4)*${smooth} + 2*x*y*${smooth} - 2*x^2*exp(x)*sin(2*y) - 3*${smooth}`])
const anisotropic = mixedSides([`-2*u_xx - u_xy - 3*u_yy + u - (-2 + 12 + 1)*${smooth} - 2*exp(x)*sin(2*y)`])
const helmholtz: SystemText = { bounds: [unit, unit], rows: ['u_xx + u_yy + 100*u - (100 - 5*pi^2)*sin(pi*x)*sin(2*pi*y)'], boundary: [{ data: '0' }], exact: ['sin(pi*x)*sin(2*pi*y)'] }
const boltzmann: SystemText = { bounds: [unit, unit], rows: ['-u_xx - u_yy + exp(u) - exp(-u) - 2*pi^2*sin(pi*x)*sin(pi*y) - exp(sin(pi*x)*sin(pi*y)) + exp(-sin(pi*x)*sin(pi*y))'], boundary: [{ data: '0' }], exact: ['sin(pi*x)*sin(pi*y)'] }
const clamped: SystemText = { bounds: [unit, unit], rows: ['u_xxxx + 2*u_xxyy + u_yyyy - 64*pi^4*(4*cos(2*pi*x)*cos(2*pi*y) - cos(2*pi*x) - cos(2*pi*y))/16'], boundary: [{ data: '0' }, { normal: '1', data: '0' }], exact: ['(1 - cos(2*pi*x))*(1 - cos(2*pi*y))/4'] }
const solid: SystemText = {
  bounds: [unit, unit, [0, 1]], periodic: [false, false, true], rows: ['-u_xx - 2*u_yy - u_zz + u - (pi^2 + 8 + 4*pi^2 + 1 - 8 - 8)*sin(pi*x)*exp(2*y)*cos(2*pi*z)'],
  boundary: [{ data: 'sin(pi*x)*exp(2*y)*cos(2*pi*z)' }, { on: ['top'], normal: '1', data: '2*sin(pi*x)*exp(2)*cos(2*pi*z)' }], exact: ['sin(pi*x)*exp(2*y)*cos(2*pi*z)'],
}

describe('steady systems', () => {
  it.each<[string, SystemText, number[], Record<string, unknown>, number]>([
    ['a line, variable coefficient, Robin', line, [17], { order: 2 }, 2],
    ['a line, variable coefficient, Robin', line, [33], { order: 4 }, 4],
    ['variable coefficient, all kinds of sides', variable, [25, 25], { order: 2 }, 2],
    ['variable coefficient, all kinds of sides', variable, [17, 21], { order: 4 }, 4],
    ['mixed derivatives', anisotropic, [25, 25], { order: 2 }, 2],
    ['mixed derivatives', anisotropic, [21, 21], { order: 4 }, 4],
    ['Helmholtz above its first eigenvalue', helmholtz, [49, 49], { order: 4 }, 4],
    ['Poisson–Boltzmann', boltzmann, [17, 17], { order: 2 }, 2],
    ['Poisson–Boltzmann', boltzmann, [33, 33], { order: 4 }, 4],
    ['a clamped plate', clamped, [33, 33], { order: 2 }, 2],
    ['a clamped plate', clamped, [25, 25], { order: 4 }, 4],
    ['three dimensions', solid, [9, 9, 12], { order: 2 }, 2],
    ['three dimensions', solid, [9, 9, 12], { order: 4 }, 4],
  ])('%s (%#)', (_name, text, coarse, options, order) => {
    expect(Math.abs(orderOf(text, coarse, options) - order)).toBeLessThan(0.1)
  })

  it('ties components together in conditions: a plane wave leaves through impedance sides', () => {
    // u = e^{ik(cx + sy)} satisfies dn(u) − i k u = g with g from the exact solution.
    const [k, c, s] = [6, 0.6, 0.8]
    const wave = `${k}*(${c}*x + ${s}*y)`
    const sides = (['left', 'right', 'bottom', 'top'] as const).map((on, index) => {
      const n = [-c, c, -s, s][index]
      return [0, 1].map(component => ({ on: [on], component, normal: '1', value: '0', coupled: [{ component: 1 - component, value: component === 0 ? `${k}` : `-${k}` }], data: component === 0 ? `${k}*(1 - (${n}))*sin(${wave})` : `${k}*(${n} - 1)*cos(${wave})` }))
    }).flat()
    const text: SystemText = { bounds: [unit, unit], components: ['a', 'b'], rows: [`a_xx + a_yy + ${k * k}*a`, `b_xx + b_yy + ${k * k}*b`], boundary: sides, exact: [`cos(${wave})`, `sin(${wave})`] }
    expect(Math.abs(orderOf(text, [33, 33], { order: 2 }) - 2)).toBeLessThan(0.1)
    expect(Math.abs(orderOf(text, [33, 33], { order: 4 }) - 4)).toBeLessThan(0.1)
  })

  it('keeps the last iterate where Newton stalls, and says so', () => {
    // Bratu's problem has no solution beyond λ = 3.51 on a line.
    const bratu = (lambda: number): SystemText => ({ bounds: [unit], rows: [`u_xx + ${lambda}*exp(u)`], boundary: [{ data: '0' }] })
    expect(solve(bratu(3.4), [65]).converged).toBe(true)
    const failed = solve(bratu(5), [65])
    expect(failed.converged).toBe(false)
    expect(failed.faults[0].code).toMatch(/^(newton-stalled|not-converged)$/)
    const field = failed.fields[0] as { values: Float64Array }
    expect(field.values.every(Number.isFinite)).toBe(true)
    expect(failed.metrics.residual).toBeGreaterThan(1e-10)
  })

  it('solves problems without a level where the data balance, and refuses others with the defect', () => {
    const floating = (source: string): SystemText => ({ bounds: [unit, unit], rows: [`-u_xx - u_xy - 2*u_yy - (${source})`], boundary: [{ normal: '1', data: '0' }], exact: ['cos(pi*x)*cos(pi*y)'] })
    const balanced = floating('3*pi^2*cos(pi*x)*cos(pi*y) - pi^2*sin(pi*x)*sin(pi*y) + 0*x')
    for (const order of [2, 4]) {
      const errors = [17, 33].map(n => {
        const solution = solve(balanced, [n, n], { order })
        const { values } = solution.fields[0] as { values: Float64Array }
        // The discrete mean is zero; the exact solution's too.
        expect(Math.abs(values.reduce((sum, v) => sum + v, 0) / values.length)).toBeLessThan(0.1)
        return error(balanced, solution)
      })
      expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(order - 0.35)
    }
    expect(faultCodes(() => solve(floating('1'), [17, 17]))).toEqual(['incompatible'])
  })

  it('gives the same bits on two threads', () => {
    for (const [text, resolution, options] of [[boltzmann, [129, 131], { order: 4, solver: 'gmres' }], [anisotropic, [40, 41], { order: 2 }]] as const) {
      const problem = systemOf(text)
      const request = { problem, resolution, times: new Float64Array(0), options, libm }
      expect((solveSystem(request, threads, quietRun()).fields[0] as { values: Float64Array }).values).toEqual((solveSystem(request, team, quietRun()).fields[0] as { values: Float64Array }).values)
    }
  })

  it('refuses conjugate gradients by name where the operator is indefinite', () => {
    expect(faultCodes(() => solve(helmholtz, [33, 33], { solver: 'cg' }))).toEqual(['indefinite-operator'])
    expect(faultCodes(() => solve(variable, [33, 33], { solver: 'cg' }))).toEqual(['not-symmetric'])
  })
})
