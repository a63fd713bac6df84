import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import type { MeshField } from '../../fields/mesh'
import { meshNodes } from '../../fields/mesh'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Solution } from '../method'
import { faultCodes, solveInPieces, solveStatement } from '../time/solving.testing'
import { finiteElement } from './index'
import { meshErrors } from './measuring.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const box = { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [false, false] }
const statementOf = (parts: object): Statement => ({ unknowns: ['u'], parameters: {}, definitions: {}, domain: box, ...parts }) as unknown as Statement
const solve = (parts: object, n: number, options = {}): Solution => solveStatement(finiteElement, statementOf(parts), { resolution: [n, n], options }, team, libm)

function lastError(solution: Solution, exact: string, component = 0): number {
  const field = solution.fields[0] as MeshField
  const perTime = meshNodes(field.mesh) * (field.components?.length ?? 1)
  return meshErrors({ ...field, values: field.values.subarray(field.values.length - perTime) }, exact, libm, component).l2
}

const heat = { time: [0, 0.1], equations: ['dt(u) = lap(u)'], initial: { u: 'sin(pi*x)*sin(pi*y)' }, boundary: [{ on: 'all', condition: 'u = 0' }] }
const heatExact = 'exp(-2*pi^2*0.1)*sin(pi*x)*sin(pi*y)'

describe('evolutions', () => {
  it('heat: time errors stay below those in space, which have order 3', () => {
    const [coarse, fine] = [9, 17].map(n => solve(heat, n))
    expect(fine.converged).toBe(true)
    expect(Math.log2(lastError(coarse, heatExact) / lastError(fine, heatExact))).toBeGreaterThan(2.9)
    expect(fine.metrics.steps).toBeLessThan(60)
  })

  it.each([['bdf', { method: 'bdf', order: 2 }], ['crank-nicolson', { method: 'crank-nicolson' }]] as const)('heat: order 2 in time by %s', (_, method) => {
    // Against the finest run on the same mesh: the space error drops out.
    const runs = [20, 40, 320].map(steps => (solve(heat, 9, { time: { ...method, dt: 0.1 / steps } }).fields[0] as MeshField).values)
    const distance = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v, i) => sum + (v - runs[2][i]) ** 2, 0))
    // The reference's own error takes a 64th: log₂((1 − 1/256)/(1/4 − 1/256)).
    expect(Math.abs(Math.log2(distance(runs[0]) / distance(runs[1])) - 2.02)).toBeLessThan(0.1)
  })

  it('moving boundary values on a disk, a nonlinear flux with a Robin side', () => {
    const moving = { time: [0, 1], domain: { shape: 'disk', center: [0, 0], radius: 1 }, equations: ['dt(u) = lap(u) + sin(x+t) + cos(x+t)'], initial: { u: 'sin(x)' }, boundary: [{ on: 'all', condition: 'u = sin(x+t)' }] }
    expect(lastError(solve(moving, 17), 'sin(x+1)')).toBeLessThan(3e-5)
    const robin = {
      time: [0, 1], equations: ['dt(u) = div((1+u)*grad(u)) - div((1+ue)*grad(ue)) + dt(ue)'], definitions: { ue: 'exp(-t)*cos(x+y)' }, initial: { u: 'cos(x+y)' },
      boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'right', condition: 'dn(u) + u = -exp(-t)*sin(1+y) + exp(-t)*cos(1+y)' }],
    }
    expect(lastError(solve(robin, 17), 'exp(-1)*cos(x+y)')).toBeLessThan(5e-6)
  })

  it('Schrödinger: undamped waves keep mass and energy in few steps', () => {
    const packet = {
      time: [0, 1], domain: { shape: 'box', bounds: [[0, 1]], periodic: [false] }, unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) = -0.1*dxx(h)'],
      initial: { h: 'sin(pi*x) + i*sin(2*pi*x)' }, boundary: [{ on: 'all', condition: 'h = 0' }],
    }
    const solution = solveStatement(finiteElement, statementOf(packet), { resolution: [17], options: { order: 2 } }, team, libm)
    expect(lastError(solution, 'cos(0.1*pi^2)*sin(pi*x) + sin(0.4*pi^2)*sin(2*pi*x)')).toBeLessThan(3e-4)
    expect(solution.metrics.drift_mass).toBeLessThan(1e-5)
    expect(solution.metrics.steps).toBeLessThan(500)
  })

  it('a disk heated from zero: boundary values beside the circle settle within every step', () => {
    const heated = { time: [0, 2], domain: { shape: 'disk', center: [0, 0], radius: 1 }, equations: ['dt(u) = lap(u) + 4'], initial: { u: '0' }, boundary: [{ on: 'all', condition: 'u = 0' }] }
    const solution = solve(heated, 9)
    expect(solution.converged).toBe(true)
    expect(lastError(solution, '1 - x^2 - y^2')).toBeLessThan(4e-4)
  })

  it('waves: Crank–Nicolson keeps the energy', () => {
    const wave = { time: [0, 1], equations: ['dtt(u) = lap(u)'], initial: { u: 'sin(pi*x)*sin(pi*y)', 'dt(u)': '0' }, boundary: [{ on: 'all', condition: 'u = 0' }] }
    const kept = solve(wave, 9, { time: { method: 'crank-nicolson', dt: 0.02 } })
    expect(kept.metrics.drift_energy).toBeLessThan(1e-12)
    expect(kept.fields.length).toBe(1)
    expect(lastError(solve(wave, 9), 'cos(sqrt(2)*pi)*sin(pi*x)*sin(pi*y)')).toBeLessThan(1e-3)
  })

  it('incompressible flow: velocity and pressure together', () => {
    const flow = {
      time: [0, 0.5], parameters: { nu: 0.05 }, unknowns: [{ name: 'w', type: 'vector' }, 'p'], equations: ['dt(w) + dot(w, grad(w)) + grad(p) - nu*lap(w) = 0', 'div(w) = 0'],
      definitions: { a: 'sin(2*pi*x)*cos(2*pi*y)*exp(-8*pi^2*nu*t)', b: '-cos(2*pi*x)*sin(2*pi*y)*exp(-8*pi^2*nu*t)' },
      initial: { w: 'vec(sin(2*pi*x)*cos(2*pi*y), -cos(2*pi*x)*sin(2*pi*y))' }, boundary: [{ on: 'all', condition: 'w = vec(a, b)' }],
    }
    const solution = solve(flow, 9)
    expect(solution.converged).toBe(true)
    expect(lastError(solution, 'sin(2*pi*x)*cos(2*pi*y)*exp(-8*pi^2*0.05*0.5)')).toBeLessThan(1e-3)
  })

  it('vorticity that starts at rest: its stream function fits it from the first step', () => {
    const spin = {
      time: [0, 0.5], unknowns: ['w', 'psi'], definitions: { s: 'sin(pi*x)*sin(pi*y)' }, equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = lap(w) + (exp(-t) + 2*pi^2*(1 - exp(-t)))*s', '-lap(psi) = w'],
      initial: { w: '0' }, boundary: [{ on: 'all', condition: 'w = 0' }, { on: 'all', condition: 'psi = 0' }],
    }
    const solution = solve(spin, 9)
    expect(solution.converged).toBe(true)
    expect(lastError(solution, '(1 - exp(-0.5))*sin(pi*x)*sin(pi*y)')).toBeLessThan(1e-3)
    // A stream function that grows from zero has no relative error to be judged by: judged all the same, it would cut the first steps to nothing.
    expect(solution.metrics.dt).toBeGreaterThan(1e-6)
  })

  it('continue from a checkpoint with the same bits', () => {
    const whole = solve(heat, 9)
    const { solution, pieces } = solveInPieces(run => solveStatement(finiteElement, statementOf(heat), { resolution: [9, 9], run }, team, libm), 40)
    expect(pieces).toBeGreaterThan(1)
    expect(solution.fields[0].values).toEqual(whole.fields[0].values)
    expect(solution.metrics).toEqual(whole.metrics)
  })

  it('refuse factors of the time derivative that vanish, and take others', () => {
    const factor = (initial: string, value: string): object => ({ domain: { shape: 'box', bounds: [[0, 1]] }, time: [0, 0.02], equations: ['u*dt(u) = dxx(u)'], initial: { u: initial }, boundary: [{ on: 'all', condition: `u = ${value}` }] })
    const run = (parts: object): Solution => solveStatement(finiteElement, statementOf(parts), { resolution: [9], options: {} }, team, libm)
    expect(faultCodes(() => run(factor('sin(pi*x)', '0')))).toEqual(['non-finite'])
    expect(run(factor('1 + sin(pi*x)', '1')).converged).toBe(true)
  })

  it('refuse explicit methods and bad starts', () => {
    expect(faultCodes(() => solve(heat, 9, { time: { method: 'rk4' } }))).toEqual(['method-time'])
    expect(faultCodes(() => solve(heat, 9, { adaptive: { maximumUnknowns: 100 } }))).toEqual(['adaptive-evolution'])
  })
})
