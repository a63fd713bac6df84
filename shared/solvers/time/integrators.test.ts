import { describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Block, Team } from '../../kernels/team'
import { createAdditiveRungeKutta } from './additive'
import { createBdf, type BdfOrder } from './bdf'
import { createComposition, createLeapfrog } from './composition'
import { createCrankNicolson } from './crank-nicolson'
import { dop853 } from './dop853'
import { evolve, type EvolveRequest, type StepChoice } from './evolve'
import { createNewtonStage } from './newton'
import { createExplicitRungeKutta } from './runge-kutta'
import { quietRun, solveInPieces } from './solving.testing'
import { limitsOf } from './stability-limits'
import type { Stepper } from './stepper'
import type { AdditiveSystem, ImplicitPart, SemiDiscreteSystem } from './system'
import { ars222, ark436, rk4, sspRungeKutta3, tsit5 } from './tableaux'

const kernels = readKernels()

/**
 * y₁' = −y₁² + a(t), y₂' = −5 (y₂ − cos t) − sin t + y₁ y₂ − e^{…}: made so that y = (1/(1 + t) + ½ sin t, cos t) is exact, nonlinear, coupled and dependent on time.
 */
const exact = (t: number): [number, number] => [1 / (1 + t) + 0.5 * Math.sin(t), Math.cos(t)]
const slope = (t: number): [number, number] => [-1 / (1 + t) ** 2 + 0.5 * Math.cos(t), -Math.sin(t)]
/** Stiff in the second component with `rate`. */
function parts(t: number, y: Float64Array, rate: number): { implicit: [number, number]; explicit: [number, number] } {
  const [e1, e2] = exact(t)
  const [s1, s2] = slope(t)
  return {
    implicit: [0, -rate * (y[1] - e2) + s2],
    explicit: [-y[0] * y[0] + e1 * e1 + s1 + 0.3 * (y[1] - e2), y[0] * y[1] - e1 * e2],
  }
}

function system(team: Team, rate = 2): AdditiveSystem {
  const initial = team.arena.from(exact(0))
  const put = (out: Block, values: readonly number[]): void => out.view().set(values)
  const implicit: ImplicitPart = {
    rate: (t, u, out) => put(out, parts(t, u.view(), rate).implicit),
    solveStage(t, c, known, u) {
      const [k1, k2] = known.view()
      const [, e2] = exact(t)
      const [, s2] = slope(t)
      put(u, [k1, (k2 + c * (rate * e2 + s2)) / (1 + c * rate)])
    },
  }
  return {
    size: 2, parts: [1, 1], initial, implicit,
    rate(t, u, out) {
      const { implicit: i, explicit: e } = parts(t, u.view(), rate)
      put(out, [i[0] + e[0], i[1] + e[1]])
    },
    explicit: (t, u, out) => put(out, parts(t, u.view(), rate).explicit),
    nodalValues: u => u.view().slice(),
  }
}

/** The whole of F implicit, by Newton's iteration with the exact 2 × 2 matrix. */
function fullyImplicit(team: Team, rate = 2): SemiDiscreteSystem & { implicit: ImplicitPart } {
  const split = system(team, rate)
  let J = [0, 0, 0, 0]
  const solveStage = createNewtonStage({
    size: 2, rate: split.rate,
    linearise(_, u) {
      const [y1, y2] = u.view()
      J = [-2 * y1, 0.3, y2, y1 - rate]
    },
    solveShifted(c, residual, correction) {
      const [r1, r2] = residual.view()
      const [a, b, d, e] = [1 - c * J[0], -c * J[1], -c * J[2], 1 - c * J[3]]
      const determinant = a * e - b * d
      correction.view().set([(e * r1 - b * r2) / determinant, (a * r2 - d * r1) / determinant])
      return true
    },
  }, team)
  return { ...split, implicit: { rate: split.rate, solveStage }, explicit: undefined } as SemiDiscreteSystem & { implicit: ImplicitPart }
}

const output = { fields: [{ name: 'y', components: ['1', '2'] }], nodes: 1, place: () => 'the point' }
const request = (times: readonly number[], choice: StepChoice): EvolveRequest => ({ unknown: 'y', times: Float64Array.from(times), choice, output })
type Make = (team: Team) => Stepper
const make: Record<string, Make> = {
  rk4: team => createExplicitRungeKutta(rk4, system(team), team),
  'SSP-RK3': team => createExplicitRungeKutta(sspRungeKutta3, system(team), team),
  tsit5: team => createExplicitRungeKutta(tsit5, system(team), team),
  dop853: team => createExplicitRungeKutta(dop853, system(team), team),
  'ARS(2,2,2)': team => createAdditiveRungeKutta(ars222, system(team), team),
  'ARK4(3)6L': team => createAdditiveRungeKutta(ark436, system(team), team),
  ESDIRK4: team => createAdditiveRungeKutta(ark436, fullyImplicit(team), team),
  'Crank–Nicolson': team => createCrankNicolson(fullyImplicit(team), team),
  ...Object.fromEntries(([1, 2, 3, 4, 5] as BdfOrder[]).map(order => [`BDF${order}`, (team: Team) => createBdf({ order }, fullyImplicit(team), team)])),
}

function errorWith(stepper: Make, choice: StepChoice, times = [0, 2]): number {
  const team = createSerialTeam({ kernels })
  const { values } = evolve(request(times, choice), stepper(team), team, quietRun())
  const [e1, e2] = exact(times[times.length - 1])
  return Math.hypot(values[values.length - 2] - e1, values[values.length - 1] - e2)
}

describe('design order', () => {
  it.each([
    ['rk4', 4, 40], ['SSP-RK3', 3, 40], ['ARS(2,2,2)', 2, 160], ['ARK4(3)6L', 4, 40], ['ESDIRK4', 4, 60], ['Crank–Nicolson', 2, 80],
    ['BDF1', 1, 1280], ['BDF2', 2, 320], ['BDF3', 3, 320], ['BDF4', 4, 256], ['BDF5', 5, 256],
  ] as const)('of %s is %d', (name, order, steps) => {
    const errors = [steps, 2 * steps].map(n => errorWith(make[name], { kind: 'fixed', dt: 2 / n }))
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - order)).toBeLessThan(0.1)
  })

  // On the problem above their leading error terms nearly vanish; on a rotation they do not.
  it.each([['tsit5', tsit5, 5, 100], ['dop853', dop853, 8, 8]] as const)('of %s on a rotation', (_, tableau, order, steps) => {
    const rotation = (team: Team): SemiDiscreteSystem => ({
      size: 2, initial: team.arena.from([1, 0]), nodalValues: u => u.view().slice(),
      rate: (_time, u, out) => out.view().set([u.view()[1], -u.view()[0]]),
    })
    const errors = [steps, 2 * steps].map(n => {
      const team = createSerialTeam({ kernels })
      const { values } = evolve(request([0, 5], { kind: 'fixed', dt: 5 / n }), createExplicitRungeKutta(tableau, rotation(team), team), team, quietRun())
      return Math.hypot(values[2] - Math.cos(5), values[3] + Math.sin(5))
    })
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - order)).toBeLessThan(0.1)
  })

  it.each([['strang', 2, 80], ['yoshida', 4, 40]] as const)('of the composition %s is %d', (scheme, order, steps) => {
    // y₁' = −y₁² (exact flow), y₂' = y₁ y₂ with y₁ fixed (exact flow): together y₁ = 1/(1 + t), y₂ = 1 + t.
    const stepper: Make = team => createComposition(scheme, [
      (_, dt, state) => {
        const y = state.view()
        y[0] /= 1 + dt * y[0]
      },
      (_, dt, state) => {
        const y = state.view()
        y[1] *= Math.exp(dt * y[0])
      },
    ], { size: 2, initial: team.arena.from([1, 1]), nodalValues: u => u.view().slice() }, team)
    const errors = [steps, 2 * steps].map(n => {
      const team = createSerialTeam({ kernels })
      const { values } = evolve(request([0, 2], { kind: 'fixed', dt: 2 / n }), stepper(team), team, quietRun())
      return Math.abs(values[3] - 3)
    })
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - order)).toBeLessThan(0.1)
  })

  it('of the stiff methods holds up on a stiff component', () => {
    const stiff = (order: BdfOrder): Make => team => createBdf({ order }, fullyImplicit(team, 1e5), team)
    for (const order of [2, 3] as const) {
      const errors = [160, 320].map(n => errorWith(stiff(order), { kind: 'fixed', dt: 2 / n }))
      expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(order - 0.15)
    }
  })
})

describe('error control', () => {
  it.each(['tsit5', 'dop853', 'ARK4(3)6L', 'ESDIRK4', 'BDF5', 'BDF3'])('of %s meets the tolerance, and smaller ones with smaller errors', name => {
    const errors = [1e-4, 1e-6, 1e-8].map(tolerance => errorWith(make[name], { kind: 'embedded', tolerance, first: 1e-3 }, [0, 0.3, 1.1, 2]))
    errors.forEach((e, i) => expect(e).toBeLessThan(20 * [1e-4, 1e-6, 1e-8][i]))
    expect(errors[2]).toBeLessThan(errors[0] / 100)
  })

  it('stays accurate at the output times that BDF interpolates', () => {
    const team = createSerialTeam({ kernels })
    const times = Array.from({ length: 41 }, (_, i) => i / 20)
    const { values, steps } = evolve(request(times, { kind: 'embedded', tolerance: 1e-6, first: 1e-4 }), make.BDF5(team), team, quietRun())
    expect(steps).toBeGreaterThan(20)
    for (const [i, t] of times.entries()) expect(Math.hypot(values[2 * i] - exact(t)[0], values[2 * i + 1] - exact(t)[1])).toBeLessThan(2e-5)
  })

  it('takes few steps of a stiff method on a stiff problem', () => {
    const team = createSerialTeam({ kernels })
    const { steps, values } = evolve(request([0, 2], { kind: 'embedded', tolerance: 1e-5, first: 1e-4 }), createBdf({}, fullyImplicit(team, 1e6), team), team, quietRun())
    expect(steps).toBeLessThan(150)
    expect(Math.abs(values[3] - Math.cos(2))).toBeLessThan(1e-4)
  })
})

describe('a resumed run', () => {
  const choices: [string, StepChoice][] = [
    ...['tsit5', 'dop853', 'ARK4(3)6L', 'ESDIRK4', 'BDF5'].map((name): [string, StepChoice] => [name, { kind: 'embedded', tolerance: 1e-7, first: 1e-3 }]),
    ...['rk4', 'BDF4', 'Crank–Nicolson', 'ARS(2,2,2)'].map((name): [string, StepChoice] => [name, { kind: 'fixed', dt: 0.013 }]),
    ['rk4', { kind: 'tolerance', tolerance: 1e-8, first: 0.1 }],
  ]
  it.each(choices)('of %s has the same bits', (name, choice) => {
    const times = [0, 0.31, 1.3, 2]
    const once = (run = quietRun()) => {
      const team = createSerialTeam({ kernels })
      const { values, steps } = evolve(request(times, choice), make[name](team), team, run)
      return { fields: [], arrays: [{ name: 'values', values }], metrics: { steps }, converged: true, faults: [] }
    }
    const whole = once()
    const { solution, pieces } = solveInPieces(once, 7)
    expect(pieces).toBeGreaterThan(2)
    expect(solution.arrays[0].values).toEqual(whole.arrays[0].values)
    expect(solution.metrics).toEqual(whole.metrics)
  })
})

describe('stability limits', () => {
  it('are those of the literature', () => {
    const classical = limitsOf(rk4.a, rk4.b)
    expect(classical.real).toBeCloseTo(2.785, 3)
    expect(classical.imaginary).toBeCloseTo(2.828, 3)
    const shu = limitsOf(sspRungeKutta3.a, sspRungeKutta3.b)
    expect(shu.real).toBeCloseTo(2.513, 3)
    expect(shu.imaginary).toBeCloseTo(Math.sqrt(3), 3)
  })
})

describe('leapfrog', () => {
  const pendulum = (scheme: 'strang' | 'yoshida'): Make => team => createLeapfrog(scheme, [{ position: 0, velocity: 1, length: 1 }], (_, state, out) => {
    out.view()[1] = -Math.sin(state.view()[0])
  }, { size: 2, initial: team.arena.from([1.5, 0]), nodalValues: u => u.view().slice() }, team)
  const energy = (q: number, p: number): number => 0.5 * p * p - Math.cos(q)

  it.each([['strang', 2e-3], ['yoshida', 1e-4]] as const)('(%s) keeps the energy near its value over many periods', (scheme, most) => {
    const team = createSerialTeam({ kernels })
    const times = Array.from({ length: 101 }, (_, i) => 10 * i)
    const { values } = evolve(request(times, { kind: 'fixed', dt: 0.1 }), pendulum(scheme)(team), team, quietRun())
    const errors = times.map((_, i) => Math.abs(energy(values[2 * i], values[2 * i + 1]) - energy(1.5, 0)))
    expect(Math.max(...errors)).toBeLessThan(most)
    // No drift: the second half is no worse than the first.
    expect(Math.max(...errors.slice(50))).toBeLessThan(1.2 * Math.max(...errors.slice(0, 50)))
  })
})
