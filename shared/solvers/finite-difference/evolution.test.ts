import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readMat5 } from '../../../electron/engine/files/mat5'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam, type ThreadTeam } from '../../../electron/engine/threads/team'
import type { Statement } from '../../experiment/document'
import { relativeL2Nodes } from '../../fields/norms'
import { resampleField } from '../../fields/resample'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import type { SolveMethod } from '../method'
import { spectral } from '../spectral'
import { faultCodes, fieldFromVariables, gridField, quietRun, solveInPieces, solveStatement, type Ask } from '../time/solving.testing'
import { checkEvolution, evolveFiniteDifference } from './evolution'

const kernels = readKernels()
const libm = loadLibm(kernels)
const method: SolveMethod = { check: checkEvolution, solve: evolveFiniteDifference }
const solve = (statement: Statement, ask: Ask, team: Team = createSerialTeam({ kernels })) => solveStatement(method, statement, ask, team, libm)

const started: ThreadTeam[] = []
afterAll(async () => {
  await Promise.all(started.map(team => team.dispose()))
})

type Exact = (x: number, y: number, t: number) => number
function errorAtEnd(statement: Statement, ask: Ask, exact: Exact): number {
  const field = gridField(solve(statement, ask))
  const [x, y] = field.grid.axes.map(axis => axis.coordinates)
  const last = field.values.subarray(field.values.length - x.length * (y?.length ?? 1))
  const time = field.times![field.times!.length - 1]
  return relativeL2Nodes(last, Float64Array.from(last, (_, i) => exact(x[i % x.length], y ? y[Math.floor(i / x.length)] : 0, time)))
}
/** Observed order between two refinements by 2. */
const orderOf = (errors: readonly number[]): number => Math.log2(errors[errors.length - 2] / errors[errors.length - 1])

// u = e^{−t} sin(x + ½) (1 + ¼ cos 2y): no symmetry that would hide a wrong boundary.
const line: Exact = (x, _, t) => Math.exp(-t) * Math.sin(2 * x + 0.5)
const lineText = 'exp(-t)*sin(2*x + 0.5)'
const lineSlope = '2*exp(-t)*cos(2*x + 0.5)'
const heat = (boundary: Statement['boundary']): Statement => ({
  domain: { shape: 'box', bounds: [[0, 1.5]] }, time: [0, 0.3], unknowns: ['u'],
  definitions: { ue: lineText, slope: lineSlope }, equations: ['dt(u) = 0.25*dxx(u)'], boundary, initial: { u: 'sin(2*x + 0.5)' },
})

describe('order in space', () => {
  it.each([
    ['Dirichlet', [{ on: 'all', condition: 'u = ue' }]],
    ['Neumann', [{ on: 'left', condition: 'dn(u) = -slope' }, { on: 'right', condition: 'dn(u) = slope' }]],
    ['Robin', [{ on: 'left', condition: 'dn(u) + 2*u = 2*ue - slope' }, { on: 'right', condition: '3*dn(u) + u = 3*slope + ue' }]],
    ['mixed', [{ on: 'left', condition: 'u = ue' }, { on: 'right', condition: 'dn(u) = slope' }]],
  ])('is 2 with %s ends, explicit and implicit', (_, boundary) => {
    for (const time of [{ method: 'rk4' }, { method: 'crank-nicolson', tolerance: 1e-8 }, { method: 'imex', tolerance: 1e-8 }]) {
      const errors = [17, 33, 65].map(n => errorAtEnd(heat(boundary), { resolution: [n], options: { time } }, line))
      expect(orderOf(errors)).toBeGreaterThan(1.9)
      expect(orderOf(errors)).toBeLessThan(2.1)
    }
  })

  it('is 2 in the plane with variable coefficients, a mixed derivative and every kind of side', () => {
    // u = e^{−t} (2 + sin(x + y/2 + ½)), F = lap-like terms with the source that makes it exact.
    const statement: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 1.5]] }, time: [0, 0.2], unknowns: ['u'],
      definitions: { s: 'sin(x + y/2 + 0.5)', c: 'cos(x + y/2 + 0.5)', ue: 'exp(-t)*(2 + s)', ux: 'exp(-t)*c', uy: 'exp(-t)*c/2' },
      equations: ['dt(u) = (1 + 0.5*x*y)*dxx(u) + 0.7*dyy(u) + 0.4*dxy(u) + y*dx(u) - dy(u) + u*dx(u) + exp(-t)*(-(2 + s) + (1 + 0.5*x*y)*s + 0.175*s + 0.2*s - y*c + c/2) - exp(-2*t)*(2 + s)*c'],
      boundary: [
        { on: 'left', condition: 'dn(u) = -ux' }, { on: 'right', condition: 'u = ue' },
        { on: 'bottom', condition: 'dn(u) + u = ue - uy' }, { on: 'top', condition: 'dn(u) = uy' },
      ],
      initial: { u: '2 + s' },
    }
    const exact: Exact = (x, y, t) => Math.exp(-t) * (2 + Math.sin(x + y / 2 + 0.5))
    const errors = [9, 17, 33].map(n => errorAtEnd(statement, { resolution: [n, n + 4] }, exact))
    expect(orderOf(errors)).toBeGreaterThan(1.9)
    expect(orderOf(errors)).toBeLessThan(2.15)
  })

  it('is 2 where an inequality names a side: its condition does not reach around the corners', () => {
    const ue = 'exp(-t)*exp(x)*cos(2*y)'
    const statement = (on: string): Statement => ({
      domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, time: [0, 0.1], unknowns: ['u'], equations: [`dt(u) = lap(u) + 2*${ue}`],
      boundary: [{ on: 'all', condition: `u = ${ue}` }, { on, condition: `dn(u) = ${ue}` }], initial: { u: 'exp(x)*cos(2*y)' },
    })
    for (const method of ['rk4', 'crank-nicolson']) {
      const [named, inequality] = ['right', 'x >= 1'].map(on => solve(statement(on), { resolution: [17, 17], options: { time: { method } } }).fields[0].values)
      expect(inequality).toEqual(named)
    }
    const errors = [9, 17, 33].map(n => errorAtEnd(statement('x >= 1'), { resolution: [n, n] }, (x, y, t) => Math.exp(x - t) * Math.cos(2 * y)))
    expect(orderOf(errors)).toBeGreaterThan(1.8)
  })

  it('is 2 on a periodic axis beside a bounded one, implicit too', () => {
    const statement: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, false] }, time: [0, 0.1], unknowns: ['u'],
      equations: ['dt(u) = 0.3*lap(u)'], boundary: [{ on: ['bottom', 'top'], condition: 'dn(u) = 0' }], initial: { u: 'sin(2*pi*x + 1)*cos(pi*y)' },
    }
    const exact: Exact = (x, y, t) => Math.exp(-0.3 * 5 * Math.PI ** 2 * t) * Math.sin(2 * Math.PI * x + 1) * Math.cos(Math.PI * y)
    for (const time of [{ method: 'rk4' }, { method: 'crank-nicolson', tolerance: 1e-7 }]) {
      const errors = [16, 32].map(n => errorAtEnd(statement, { resolution: [n, n + 1], options: { time } }, exact))
      expect(orderOf(errors)).toBeGreaterThan(1.9)
      expect(orderOf(errors)).toBeLessThan(2.1)
    }
  })
})

describe('conservation', () => {
  const insulated = (equation: string): Statement => ({
    domain: { shape: 'box', bounds: [[0, 2], [0, 1]] }, time: [0, 0.3], unknowns: ['u'], equations: [equation],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }], initial: { u: 'exp(-20*((x - 0.7)^2 + (y - 0.4)^2))' },
  })
  const masses = (statement: Statement, method: string): number[] => {
    const { fields: [{ values }] } = solve(statement, { resolution: [41, 31], options: { time: { method } } })
    const weight = (i: number, n: number): number => (i === 0 || i === n - 1 ? 0.5 : 1)
    return [0, 1].map(k => values.subarray(k * 1271, (k + 1) * 1271).reduce((sum, v, i) => sum + v * weight(i % 41, 41) * weight(Math.floor(i / 41), 31), 0))
  }
  it.each([['auto', 1e-12], ['crank-nicolson', 1e-7]])('keeps the mass behind insulated sides with variable diffusion, %s', (method, most) => {
    const [before, after] = masses(insulated('dt(u) = div((1 + x*y)*grad(u))'), method)
    expect(Math.abs(after / before - 1)).toBeLessThan(most)
  })
  it.each([
    ['rk4', '0', '0'], ['crank-nicolson', '0', '0'], ['rk4', 'u^2', '(exp(-t)*cos(pi*x)*cos(pi*y))^2'], ['imex', 'u^2', '(exp(-t)*cos(pi*x)*cos(pi*y))^2'],
  ])('has order 2 with the flux form and advection, %s, rest %s', (method, rest, balance) => {
    // u = e^{−t} cos(πx) cos(πy) with a = 1 + xy, b = (1 + y, 0), c = 0.3.
    const [c, s] = ['cos(pi*x)*cos(pi*y)', 'sin(pi*x)*cos(pi*y)']
    const diffusion = `-pi*y*${s} - pi*x*cos(pi*x)*sin(pi*y) - 2*pi^2*(1 + x*y)*${c}`
    const statement: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, time: [0, 0.1], unknowns: ['u'],
      equations: [`dt(u) + (1 + y)*dx(u) + 0.3*u = div((1 + x*y)*grad(u)) + exp(-t)*(-0.7*${c} - (1 + y)*pi*${s} - (${diffusion})) + ${rest} - ${balance}`],
      boundary: [{ on: 'all', condition: 'dn(u) = 0' }], initial: { u: c },
    }
    const time = method === 'rk4' ? { method } : { method, tolerance: 1e-6 }
    const errors = [9, 17, 33].map(n => errorAtEnd(statement, { resolution: [n, n], options: { time } }, (x, y, t) => Math.exp(-t) * Math.cos(Math.PI * x) * Math.cos(Math.PI * y)))
    expect(orderOf(errors)).toBeGreaterThan(1.9)
    expect(orderOf(errors)).toBeLessThan(2.1)
  })
  it('takes Crank–Nicolson by Newton’s iteration for what is not linear with steady coefficients', () => {
    for (const equation of ['dt(u) = lap(u) - u^2', 'dt(u) = (1 + t)*lap(u)', 'dt(u) = lap(u) + dxy(u)']) {
      const [a, b] = [{ method: 'crank-nicolson', dt: 0.02 }, { method: 'dop853', tolerance: 1e-6 }].map(time => solve(insulated(equation), { resolution: [9, 9], options: { time } }).fields[0].values)
      expect(relativeL2Nodes(a, b)).toBeLessThan(3e-3)
    }
  })
})

describe('order in time', () => {
  // The grid stays, so the reference is the same semi-discrete system with a far smaller step.
  const moving = heat([{ on: 'left', condition: 'u = ue' }, { on: 'right', condition: 'dn(u) + u = slope + ue' }])
  const reaction: Statement = { ...moving, equations: ['dt(u) = 0.25*dxx(u) + u - u^3 - u*dx(u)'] }
  it.each([
    ['rk4', 4, moving, [400, 800]], ['rk4', 4, reaction, [400, 800]], ['crank-nicolson', 2, moving, [20, 40]], ['imex', 2, moving, [20, 40]], ['imex', 2, reaction, [40, 80]], ['imex', 4, moving, [20, 40]],
  ] as const)('%s has order %i', (name, order, statement, steps) => {
    const run = (n: number): Float64Array => {
      const { values } = solve(statement, { resolution: [17], options: { time: { method: name, dt: 0.3 / n, ...(name === 'imex' ? { order } : {}) } } }).fields[0]
      return values.subarray(17)
    }
    const reference = run(steps[1] * (order === 4 ? 8 : 32))
    const errors = steps.map(n => relativeL2Nodes(run(n), reference))
    expect(orderOf(errors)).toBeGreaterThan(order - 0.1)
    expect(orderOf(errors)).toBeLessThan(order + 0.1)
  })
})

describe('step sizes', () => {
  const advection: Statement = {
    domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], equations: ['dt(u) + 2*dx(u) = 0'], initial: { u: 'sin(2*pi*x)' },
  }
  it('refuses a step beyond the CFL limit of the real coefficients and takes one below it', () => {
    expect(faultCodes(() => solve(advection, { resolution: [100], options: { time: { dt: 0.02 } } }))).toEqual(['cfl'])
    expect(faultCodes(() => solve(advection, { resolution: [100], options: { time: { dt: 0.01 } } }))).toEqual([])
  })
  it('stops when the solution grows beyond the limit on its way, and keeps what it has', () => {
    const growing: Statement = { ...advection, time: [0, 2], equations: ['dt(u) + u*dx(u) = 0.1*dxx(u) + 3'], initial: { u: '1' } }
    const { fields: [field], faults, converged } = solve(growing, { resolution: [64], times: [0, 2], options: { time: { dt: 0.00145 } } })
    expect(faults.map(fault => fault.code)).toEqual(['cfl'])
    expect(converged).toBe(false)
    const reached = field.times![1]
    expect(reached).toBeLessThan(2)
    expect(field.values[64]).toBeCloseTo(1 + 3 * reached, 8)
    expect(solve(growing, { resolution: [64], times: [0, 1] }).fields[0].values[64]).toBeCloseTo(4, 10)
  })
  it('keeps explicit steps stable under a tolerance too', () => {
    const statement: Statement = { ...advection, equations: ['dt(u) = dx((1 + 0.5*sin(2*pi*x))*dx(u))'], time: [0, 0.2] }
    const [bounded, stable] = [{ method: 'rk4', tolerance: 1e-6 }, { method: 'rk4' }].map(time => solve(statement, { resolution: [96], options: { time } }).fields[0].values.subarray(96))
    expect(Math.max(...bounded.map((v, i) => Math.abs(v - stable[i])))).toBeLessThan(1e-6)
  })
  it('keeps the explicit reaction of implicit–explicit steps stable', () => {
    const statement: Statement = { ...advection, domain: { shape: 'box', bounds: [[0, 2]], periodic: [true] }, equations: ['dt(u) = 0.01*dxx(u) + 300*(u - u^3)'], initial: { u: '0.5*sin(pi*x) + 0.1' } }
    const [mixed, explicit] = [{ method: 'imex' }, { method: 'rk4' }].map(time => solve(statement, { resolution: [128], times: [0, 0.25, 0.5, 0.75, 1], options: { time } }).fields[0].values.subarray(128))
    expect(relativeL2Nodes(mixed, explicit)).toBeLessThan(1e-3)
  })
  it('refuses coefficients that are not numbers, whose limit would be none', () => {
    const dividing: Statement = { domain: { shape: 'box', bounds: [[0, 1]], periodic: [false] }, time: [0, 1], unknowns: ['u'], equations: ['u*dt(u) = dxx(u)'], initial: { u: 'sin(pi*x)' }, boundary: [{ on: 'all', condition: 'u = 0' }] }
    expect(faultCodes(() => solve(dividing, { resolution: [33] }))).toEqual(['non-finite'])
    expect(faultCodes(() => solve(dividing, { resolution: [33], options: { time: { method: 'tsit5' } } }))).toEqual(['step-too-small'])
    const below: Statement = { ...dividing, equations: ['dt(u) = sqrt(u - 0.5)*dxx(u)'] }
    for (const method of ['rk4', 'tsit5']) expect(faultCodes(() => solve(below, { resolution: [33], options: { time: { method } } }))).toEqual(['non-finite'])
    // A limit of zero: the derivative of a root at zero.
    const rooted: Statement = { ...dividing, equations: ['dt(u) = dxx(u) - sqrt(u)'] }
    for (const method of ['rk4', 'tsit5']) expect(faultCodes(() => solve(rooted, { resolution: [33], options: { time: { method } } }))).toHaveLength(1)
  })
  it('refuses negative diffusion', () => {
    expect(faultCodes(() => solve({ ...advection, equations: ['dt(u) = u*dxx(u)'], initial: { u: 'sin(2*pi*x)' } }, { resolution: [32] }))).toEqual(['not-parabolic'])
    const turning = solve({ ...advection, equations: ['dt(u) = (1 - u)*dxx(u) + 2'], initial: { u: '0.1*sin(2*pi*x)' } }, { resolution: [32] })
    expect(turning.faults.map(fault => fault.code)).toEqual(['ill-posed'])
    expect(turning.fields[0].times![1]).toBeGreaterThan(0.4)
    expect(turning.fields[0].times![1]).toBeLessThan(0.6)
  })
  it('chooses implicit steps where diffusion would force too many explicit ones, and says why', () => {
    const logs: string[] = []
    const statement: Statement = { ...heat([{ on: 'all', condition: 'u = ue' }]), time: [0, 0.3] }
    const { metrics } = solve(statement, { resolution: [4001], run: quietRun({ log: (_, message) => logs.push(message) }) })
    expect(logs.join()).toMatch(/ESDIRK4.*: implicit in the diffusion/)
    expect(metrics.steps).toBeLessThan(300)
  })
})

describe('Burgers’ shock', () => {
  const periodic: Statement = {
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] }, time: [0, 0.99], unknowns: ['u'],
    equations: ['dt(u) + u*dx(u) = 0.01/pi*dxx(u)'], initial: { u: '-sin(pi*x)' },
  }
  const walls: Statement = { ...periodic, domain: { shape: 'box', bounds: [[-1, 1]] }, boundary: [{ on: 'all', condition: 'u = 0' }] }
  const file = fileURLToPath(new URL('../../../../shared/data/raissi/burgers_shock.mat', import.meta.url))
  it.skipIf(!existsSync(file)).each([['periodic', periodic, 3200], ['with u = 0 at both ends', walls, 3201]] as const)('%s: relative L² at most 1e-3 on the points of the published solution', (_, statement, nodes) => {
    const reference = fieldFromVariables(readMat5(readFileSync(file)), 'x', 't', 'usol')
    const { fields: [field] } = solve(statement, { resolution: [nodes], times: [...reference.times!] })
    expect(relativeL2Nodes(resampleField(field, reference.grid, reference.times, 3).values, reference.values)).toBeLessThan(1e-3)
  })
  it('agrees with the Fourier method, which shares no code for derivatives', () => {
    const ask = { resolution: [256], times: [0, 0.3] }
    const fourier = solveStatement(spectral, { ...periodic, time: [0, 0.3] }, ask, createSerialTeam({ kernels }), libm).fields[0].values
    const errors = [256, 512].map(n => {
      const { values } = solve(periodic, { resolution: [n], times: [0, 0.3] }).fields[0]
      return relativeL2Nodes(fourier.subarray(256).map((_, i) => values[n + (i * n) / 256]), fourier.subarray(256))
    })
    expect(orderOf(errors)).toBeGreaterThan(1.7)
  })
})

describe('runs', () => {
  const plane: Statement = {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, time: [0, 0.05], unknowns: ['u'],
    equations: ['dt(u) = 0.1*lap(u) + u*(1 - u) - u*dx(u)'], boundary: [{ on: 'left', condition: 'u = 1' }, { on: ['right', 'bottom', 'top'], condition: 'dn(u) = 0' }],
    initial: { u: 'exp(-5*x)' },
  }
  it.each(['rk4', 'imex'])('%s gives equal bits when it was interrupted and resumed', name => {
    const ask: Ask = { resolution: [21, 17], times: [0, 0.02, 0.05], options: { time: { method: name } } }
    const whole = solve(plane, ask).fields[0].values
    for (const looks of name === 'rk4' ? [1, 3] : [40]) {
      const { solution, pieces } = solveInPieces(run => solve(plane, { ...ask, run }), looks)
      expect(pieces).toBeGreaterThan(1)
      expect(solution.fields[0].values).toEqual(whole)
    }
  })
  it('gives equal bits on one and two threads', async () => {
    const team = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28 })
    started.push(team)
    await team.ready
    for (const time of [{ method: 'rk4' }, { method: 'imex', dt: 0.01 }]) {
      const ask: Ask = { resolution: [97, 81], times: [0, 0.01], options: { time } }
      expect(solve(plane, ask, team).fields[0].values).toEqual(solve(plane, ask).fields[0].values)
    }
    const periodic: Statement = { ...plane, domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] }, boundary: undefined, initial: { u: '0.5 + 0.4*sin(2*pi*x)*cos(2*pi*y)' } }
    const ask: Ask = { resolution: [96, 80], times: [0, 0.01] }
    const fourier = [team, createSerialTeam({ kernels })].map(t => solveStatement(spectral, periodic, ask, t, libm).fields[0].values)
    expect(fourier[0]).toEqual(fourier[1])
  })
  it('stops within ten steps of the first value that is not finite and names it', () => {
    const growth: Statement = { ...plane, equations: ['dt(u) = u^2'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }], initial: { u: '1 + x' }, time: [0, 2] }
    const { fields: [field], faults, converged, metrics } = solve(growth, { resolution: [9, 9], times: [0, 0.25, 2], options: { time: { method: 'rk4', dt: 0.001 } } })
    expect(converged).toBe(false)
    expect(faults[0].message).toMatch(/^u is no longer a finite number at x = 1, y = 0 after step 5\d\d, at t = 0\.5|beyond the stability limit/)
    // The last good state is kept, at its time.
    expect([...field.times!].slice(0, 2)).toEqual([0, 0.25])
    expect(field.times![2]).toBeGreaterThan(0.49)
    expect(metrics.steps).toBeLessThan(1000 * field.times![2] + 10)
    expect(field.values.every(Number.isFinite)).toBe(true)
    expect(faultCodes(() => solve({ ...growth, initial: { u: '1/x' } }, { resolution: [9, 9] }))).toEqual(['non-finite'])
  })
  it('tells progress and live frames with the field’s shape', () => {
    const seen: number[] = []
    const frames: number[][] = []
    solve(plane, { resolution: [21, 17], run: quietRun({ progress: p => p.fraction !== undefined && seen.push(p.fraction), frame: make => frames.push([...make().shape]) }) })
    expect(seen[seen.length - 1]).toBe(1)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
    expect(frames[0]).toEqual([21, 17])
  })
})
