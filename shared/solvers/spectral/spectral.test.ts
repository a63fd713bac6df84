import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readMat5 } from '../../../electron/engine/files/mat5'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import { relativeL2Nodes } from '../../fields/norms'
import { resampleField } from '../../fields/resample'
import { createSerialTeam } from '../../kernels/serial-team'
import { faultCodes, fieldFromVariables, gridField, solveInPieces, solveStatement, type Ask } from '../time/solving.testing'
import { spectral } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const solve = (statement: Statement, ask: Ask) => solveStatement(spectral, statement, ask, createSerialTeam({ kernels }), libm)

const circle = (equation: string, initial: string, time: [number, number] = [0, 1], bounds: [number, number] = [-1, 1], exact?: string): Statement => ({
  domain: { shape: 'box', bounds: [bounds], periodic: [true] }, time, unknowns: ['u'], equations: [equation], initial: { u: initial }, ...(exact ? { exact: { u: exact } } : {}),
})
const burgers = circle('dt(u) + u*dx(u) = 0.01/pi*dxx(u)', '-sin(pi*x)')

function errorAtEnd(statement: Statement, ask: Ask, exact: (x: number, y: number) => number): number {
  const field = gridField(solve(statement, ask))
  const [x, y] = field.grid.axes.map(axis => axis.coordinates)
  const last = field.values.subarray(field.values.length - x.length * (y?.length ?? 1))
  return relativeL2Nodes(last, Float64Array.from(last, (_, i) => exact(x[i % x.length], y ? y[Math.floor(i / x.length)] : 0)))
}

describe('evolution on the Fourier basis', () => {
  it('solves linear constant-coefficient problems to rounding in one step per output time', () => {
    const statement = circle('dt(u) + 2*dx(u) = 0.03*dxx(u) + 0.001*dxxx(u) - 0.5*u', 'sin(pi*x) + cos(3*pi*x)')
    const exact = (x: number): number => [[1, Math.sin], [3, Math.cos]].reduce((sum, [m, f]) => {
      const k = Math.PI * (m as number)
      return sum + Math.exp(-0.03 * k * k - 0.5) * (f as (a: number) => number)(k * (x - 2) - 0.001 * k ** 3)
    }, 0)
    const { metrics } = solve(statement, { resolution: [32], times: [0, 0.5, 1] })
    expect(metrics.steps).toBe(2)
    expect(errorAtEnd(statement, { resolution: [32], times: [0, 0.5, 1] }, exact)).toBeLessThan(1e-13)
  })

  it('decays to 1e-12 on analytic solutions as the resolution grows', () => {
    // Cole–Hopf: u = −2ν θ_x/θ with θ = 2 + e^{−νπ²t} cos πx.
    const nu = 0.05
    const exact = (x: number): number => {
      const a = Math.exp(-nu * Math.PI ** 2)
      return (2 * nu * Math.PI * a * Math.sin(Math.PI * x)) / (2 + a * Math.cos(Math.PI * x))
    }
    const statement = circle(`dt(u) + u*dx(u) = ${nu}*dxx(u)`, `2*${nu}*pi*sin(pi*x)/(2 + cos(pi*x))`)
    const errors = [16, 32, 64].map(n => errorAtEnd(statement, { resolution: [n], options: { time: { tolerance: 1e-13 } } }, exact))
    expect(errors[0]).toBeGreaterThan(1e-6)
    expect(errors[1]).toBeLessThan(1e-6)
    expect(errors[2]).toBeLessThan(1e-12)
  })

  it.each(['etdrk4', 'rk4'])('%s has order 4 in time, with sources that depend on time and place', method => {
    const statement = circle('dt(u) + u*dx(u) = 0.01*dxx(u) - 3*sin(pi*x)*sin(3*t) + pi*sin(pi*x)*cos(pi*x)*cos(3*t)^2 + 0.01*pi^2*sin(pi*x)*cos(3*t)', 'sin(pi*x)')
    const exact = (x: number): number => Math.sin(Math.PI * x) * Math.cos(3)
    const errors = [20, 40, 80].map(steps => errorAtEnd(statement, { resolution: [24], options: { dealias: true, time: { method, dt: 1 / steps } } }, exact))
    expect(Math.log2(errors[1] / errors[2])).toBeGreaterThan(3.9)
    expect(Math.log2(errors[1] / errors[2])).toBeLessThan(4.1)
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(3.8)
  })

  it('keeps the time error below the tolerance asked for', () => {
    const reference = solve(burgers, { resolution: [256], times: [0, 0.8], options: { time: { tolerance: 1e-12 } } }).fields[0].values
    for (const tolerance of [1e-5, 1e-8]) {
      const { fields, metrics } = solve(burgers, { resolution: [256], times: [0, 0.8], options: { time: { tolerance } } })
      expect(relativeL2Nodes(fields[0].values, reference)).toBeLessThan(tolerance)
      expect(metrics.steps).toBeGreaterThan(4)
    }
  })

  it('solves in two and three dimensions', () => {
    const plane: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 2]], periodic: [true, true] }, time: [0, 0.1], unknowns: ['u'],
      equations: ['dt(u) = 0.1*lap(u) - 0.3*dx(u) + dy(u) + 0.2*dxy(u)'], initial: { u: 'sin(2*pi*x)*cos(pi*y)' },
    }
    const exact = (x: number, y: number): number => {
      const [k, l] = [2 * Math.PI, Math.PI]
      // sin a cos b = ½(sin(a+b) + sin(a−b)): two waves with wave vectors (k, ±l).
      return [1, -1].reduce((sum, s) => sum + 0.5 * Math.exp((-0.1 * (k * k + l * l) - 0.2 * k * l * s) * 0.1) * Math.sin(k * (x - 0.03) + s * l * (y + 0.1)), 0)
    }
    expect(errorAtEnd(plane, { resolution: [12, 10] }, exact)).toBeLessThan(1e-13)
    const { fields } = solve({
      domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]], periodic: [true, true, true] }, time: [0, 0.2], unknowns: ['u'],
      equations: ['dt(u) = u*(1 - u) + 0.01*lap(u)'], initial: { u: '0.5' },
    }, { resolution: [6, 4, 4] })
    const logistic = 1 / (1 + Math.exp(-0.2))
    expect(Math.max(...fields[0].values.subarray(96).map(v => Math.abs(v - logistic)))).toBeLessThan(1e-9)
  })

  it('conserves what the equation conserves: mass and energy of KdV', () => {
    const { fields: [field] } = solve(circle('dt(u) + u*dx(u) + 0.0025*dxxx(u) = 0', 'cos(pi*x)'), { resolution: [256], times: [0, 0.5, 1] })
    const moments = [0, 1, 2].map(k => field.values.subarray(256 * k, 256 * (k + 1)).reduce(([m, e], v) => [m + v / 256, e + (v * v) / 256], [0, 0]))
    expect(Math.abs(moments[2][0] - moments[0][0])).toBeLessThan(1e-14)
    expect(Math.abs(moments[2][1] / moments[0][1] - 1)).toBeLessThan(1e-8)
  })
})

describe('stiff terms outside the constant linear part', () => {
  it('keeps variable diffusion stable with the step that the tolerance allows', () => {
    const decaying = circle('dt(u) = dx((1 + 0.5*sin(pi*x))*dx(u))', 'sin(pi*x) + 0.5*cos(2*pi*x)', [0, 1], [0, 2])
    const { fields: [field], metrics } = solve(decaying, { resolution: [128] })
    expect(Math.max(...field.values.subarray(128).map(Math.abs))).toBeLessThan(2e-4)
    expect(metrics.steps).toBeLessThan(20000)
    const source = "exp(-t)*(-(2 + sin(pi*x)) - pi^2*(0.5*cos(pi*x)^2 - (1 + 0.5*sin(pi*x))*sin(pi*x)))"
    const manufactured = circle(`dt(u) = dx((1 + 0.5*sin(pi*x))*dx(u)) + ${source}`, '2 + sin(pi*x)', [0, 1], [0, 2])
    expect(errorAtEnd(manufactured, { resolution: [64] }, x => Math.exp(-1) * (2 + Math.sin(Math.PI * x)))).toBeLessThan(1e-9)
  })

  it.each([
    ['diffusion that depends on the solution', 'dt(u) = dx((0.1 + u^2)*dx(u))', '1 + 0.5*sin(pi*x)', 128, {}, 4e-5],
    ['a fast reaction', 'dt(u) = 0.5*dxx(u) + 300*(u - u^3)', '0.5*sin(pi*x) + 0.1', 128, {}, 4e-5],
    ['dispersion in explicit steps', 'dt(u) + u*dx(u) + 0.0025*dxxx(u) = 0', 'cos(pi*x)', 128, { method: 'rk4' }, 1e-5],
  ])('agrees with short fixed steps: %s', (_, equation, initial, nodes, time, dt) => {
    const statement = circle(equation, initial, [0, 0.1], [0, 2])
    const reference = solve(statement, { resolution: [nodes], options: { time: { method: 'rk4', dt } } }).fields[0].values
    const { values } = solve(statement, { resolution: [nodes], options: { time } }).fields[0]
    expect(relativeL2Nodes(values.subarray(nodes), reference.subarray(nodes))).toBeLessThan(1e-7)
  })

  it('takes rejected steps back to the last accepted state, also when it was interrupted on the way', () => {
    // Quiet at first, so that steps grow; then the source sets in and they are far too long.
    const sudden = circle('dt(u) = 0.01*dxx(u) + 2000*exp(-(200*(t - 0.5))^2)*sin(pi*x) - u^3', '0.1*sin(pi*x)')
    const ask = { resolution: [32], times: [0, 0.3, 0.55, 1], options: { time: { tolerance: 1e-7 } } }
    const whole = solve(sudden, ask)
    const reference = solve(sudden, { ...ask, options: { time: { dt: 2e-5 } } }).fields[0].values
    expect(relativeL2Nodes(whole.fields[0].values, reference)).toBeLessThan(1e-7)
    expect(whole.metrics.dt_largest).toBeGreaterThan(8 * whole.metrics.dt)
    const { solution, pieces } = solveInPieces(run => solve(sudden, { ...ask, run }), 37)
    expect(pieces).toBeGreaterThan(5)
    expect(solution.fields[0].values).toEqual(whole.fields[0].values)
    expect(solution.metrics).toEqual(whole.metrics)
  })
})

describe('against published solutions on their own points', () => {
  const against = (file: string, names: readonly [string, string, string], statement: Statement, resolution: number): number => {
    const reference = fieldFromVariables(readMat5(readFileSync(file)), ...names)
    const { fields: [field] } = solve(statement, { resolution: [resolution], times: [...reference.times!] })
    return relativeL2Nodes(resampleField(field, reference.grid, reference.times, 'trigonometric', libm).values, reference.values)
  }
  const [shock, kdv, allenCahn] = ['burgers_shock', 'KdV', 'AC'].map(name => fileURLToPath(new URL(`../../../../shared/data/raissi/${name}.mat`, import.meta.url)))
  it.skipIf(!existsSync(shock))('Burgers: relative L² at most 1e-6', () => {
    expect(against(shock, ['x', 't', 'usol'], { ...burgers, time: [0, 0.99] }, 2048)).toBeLessThan(1e-6)
  })
  it.skipIf(!existsSync(kdv))('KdV: at most 1e-8', () => {
    expect(against(kdv, ['x', 'tt', 'uu'], circle('dt(u) + u*dx(u) + 0.0025*dxxx(u) = 0', 'cos(pi*x)'), 512)).toBeLessThan(1e-8)
  })
  it.skipIf(!existsSync(allenCahn))('Allen–Cahn: at most 5e-5', () => {
    expect(against(allenCahn, ['x', 'tt', 'uu'], circle('dt(u) - 0.0001*dxx(u) + 5*u^3 - 5*u = 0', 'x^2*cos(pi*x)'), 512)).toBeLessThan(5e-5)
  })
})

describe('steady problems on the Fourier basis', () => {
  const steady = (equation: string, periodic = [true, true]): Statement => ({ domain: { shape: 'box', bounds: [[0, 1], [-1, 1]], periodic }, unknowns: ['u'], equations: [equation] })
  it('solves constant-coefficient equations to rounding', () => {
    const statement = steady('-dxx(u) - 2*dyy(u) + 0.5*dx(u) + 3*u = (4*pi^2 + 2*pi^2 + 3)*sin(2*pi*x)*cos(pi*y) + pi*cos(2*pi*x)*cos(pi*y)')
    expect(errorAtEnd(statement, { resolution: [16, 12] }, (x, y) => Math.sin(2 * Math.PI * x) * Math.cos(Math.PI * y))).toBeLessThan(1e-14)
  })
  it('gives a compatible source the solution of zero mean and refuses an incompatible one with its defect', () => {
    expect(errorAtEnd(steady('-lap(u) = 4*pi^2*cos(2*pi*x)'), { resolution: [8, 8] }, x => Math.cos(2 * Math.PI * x))).toBeLessThan(1e-14)
    try {
      solve(steady('-lap(u) = cos(2*pi*x) + 0.25'), { resolution: [8, 8] })
      expect.unreachable()
    } catch (reason) {
      expect((reason as Error).message).toContain('its integral is 0.5')
    }
  })
  it('solves variable coefficients by collocation on the same waves', () => {
    const statement = steady('-div((2 + sin(2*pi*x))*grad(u)) + u = (8*pi^2 + 1)*cos(2*pi*x) + 4*pi^2*sin(2*pi*x)*cos(2*pi*x) + 4*pi^2*cos(2*pi*x)*sin(2*pi*x)')
    expect(errorAtEnd(statement, { resolution: [12, 4] }, x => Math.cos(2 * Math.PI * x))).toBeLessThan(1e-12)
  })
  it('refuses resolutions that cannot fit', () => {
    expect(faultCodes(() => solve(steady('-lap(u) + u = 1'), { resolution: [3300000, 3300000] }))).toEqual(['too-large'])
  })
})

describe('runs', () => {
  it('gives equal bits when it was interrupted and resumed', () => {
    const ask = { resolution: [64], times: [0, 0.1, 0.25, 0.5] }
    const whole = solve(burgers, ask).fields[0].values
    for (const looks of [13, 29]) {
      const { solution, pieces } = solveInPieces(run => solve(burgers, { ...ask, run }), looks)
      expect(pieces).toBeGreaterThan(2)
      expect(solution.fields[0].values).toEqual(whole)
    }
  })
  it('reports a solution that blows up', () => {
    const growth = circle('dt(u) = u^2', '1', [0, 2])
    for (const [options, code] of [[{}, 'step-too-small'], [{ time: { dt: 0.01 } }, 'non-finite'], [{ time: { method: 'dop853' } }, 'step-too-small']] as const) {
      const { faults, converged, fields: [field] } = solve(growth, { resolution: [16], options })
      expect(faults.map(fault => fault.code)).toEqual([code])
      expect(converged).toBe(false)
      expect(field.times!.at(-1)).toBeGreaterThan(0.8)
      expect(field.values.every(Number.isFinite)).toBe(true)
    }
  })
  it('refuses a step beyond the limit of the explicit method', () => {
    expect(faultCodes(() => solve(burgers, { resolution: [64], options: { time: { method: 'rk4', dt: 0.1 } } }))).toEqual(['cfl'])
  })
})
