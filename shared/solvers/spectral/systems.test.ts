import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readMat5 } from '../../../electron/engine/files/mat5'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Statement } from '../../experiment/document'
import { parseExpression } from '../../expressions'
import type { Field } from '../../fields/field'
import { relativeL2Nodes } from '../../fields/norms'
import { resampleField } from '../../fields/resample'
import { createSerialTeam } from '../../kernels/serial-team'
import { faultCodes, quietRun, requestFor, solveInPieces, solveStatement, type Ask } from '../time/solving.testing'
import { spectral } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const solve = (statement: Statement, ask: Ask) => solveStatement(spectral, statement, ask, createSerialTeam({ kernels }), libm)

const torus = (dimension: number, rest: Pick<Statement, 'unknowns' | 'equations'> & Partial<Statement>): Statement => ({
  domain: { shape: 'box', bounds: Array.from({ length: dimension }, () => [0, '2*pi'] as [number, string]), periodic: Array.from({ length: dimension }, () => true) }, time: [0, 1], ...rest,
} as Statement)

/** Solves with functionals whose values are kept at every output time. */
function withQuantities(statement: Statement, ask: Ask, densities: Readonly<Record<string, string>>) {
  const request = requestFor(statement, ask, libm)
  const conserved = Object.entries(densities).map(([name, text]) => {
    const parsed = parseExpression(text)
    if (!parsed.ok) throw new Error(text)
    return { name, density: parsed.value }
  })
  const problem = { ...request.problem, properties: { ...request.problem.properties, conserved } }
  return spectral.solve({ ...request, problem }, createSerialTeam({ kernels }), quietRun())
}

type Exact = (x: number, y: number, z: number) => readonly number[]

/** Relative error over all components of an unknown at the last time. */
function errorAtEnd(fields: readonly unknown[], name: string, exact: Exact): number {
  const field = (fields as Field[]).find(candidate => candidate.name === name)!
  const [x, y, z] = field.grid.axes.map(axis => axis.coordinates)
  const nodes = x.length * (y?.length ?? 1) * (z?.length ?? 1)
  const components = field.components?.length ?? 1
  const last = field.values.subarray(field.values.length - nodes * components)
  const reference = Float64Array.from(last, (_, i) => {
    const node = i % nodes
    return exact(x[node % x.length], y?.[Math.floor(node / x.length) % y.length], z?.[Math.floor(node / x.length / (y?.length ?? 1))])[Math.floor(i / nodes)]
  })
  return relativeL2Nodes(last, reference)
}

const decay = Math.exp(-0.1)
const vortices = torus(2, { unknowns: ['w', 'psi'], parameters: { nu: 0.05 }, equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w)', '-lap(psi) = w'], initial: { w: '2*sin(x)*sin(y)' } })
const flow = (dimension: number, nu: number, initial: string): Statement =>
  torus(dimension, { unknowns: [{ name: 'v', type: 'vector' }, 'p'], parameters: { nu }, equations: ['dt(v) + dot(v, grad(v)) + grad(p) = nu*lap(v)', 'div(v) = 0'], initial: { v: initial } })

describe('systems with constraints', () => {
  it('finds the stream function of a vorticity at every stage: Taylor–Green in two dimensions', () => {
    const { fields } = solve(vortices, { resolution: [16, 16] })
    expect(errorAtEnd(fields, 'w', (x, y) => [2 * Math.sin(x) * Math.sin(y) * decay])).toBeLessThan(1e-14)
    expect(errorAtEnd(fields, 'psi', (x, y) => [Math.sin(x) * Math.sin(y) * decay])).toBeLessThan(1e-14)
  })

  it.each(['etdrk4', 'dop853', 'imex'])('keeps a velocity free of divergence and finds its pressure: %s', method => {
    const { fields } = solve(flow(2, 0.05, 'vec(sin(x)*cos(y), -cos(x)*sin(y))'), { resolution: [16, 16], options: { time: { method } } })
    expect(errorAtEnd(fields, 'v', (x, y) => [Math.sin(x) * Math.cos(y) * decay, -Math.cos(x) * Math.sin(y) * decay])).toBeLessThan(1e-10)
    expect(errorAtEnd(fields, 'p', (x, y) => [0.25 * (Math.cos(2 * x) + Math.cos(2 * y)) * decay ** 2])).toBeLessThan(1e-10)
  })

  it('solves the Navier–Stokes equations in three dimensions: the Arnold–Beltrami–Childress flow decays', () => {
    const { fields } = solve(flow(3, 0.1, 'vec(sin(z) + cos(y), sin(x) + cos(z), sin(y) + cos(x))'), { resolution: [12, 12, 12] })
    expect(errorAtEnd(fields, 'v', (x, y, z) => [Math.sin(z) + Math.cos(y), Math.sin(x) + Math.cos(z), Math.sin(y) + Math.cos(x)].map(u => u * decay))).toBeLessThan(1e-13)
  })

  it('dissipates the energy of the Taylor–Green vortex at the rate of its gradient', () => {
    const statement = flow(3, 0.1, 'vec(sin(x)*cos(y)*cos(z), -cos(x)*sin(y)*cos(z), 0)')
    const squares = ['x', 'y', 'z'].map(c => `v__${c}`)
    const { arrays } = withQuantities(statement, { resolution: [24, 24, 24], times: [0, 0.98, 1, 1.02], options: { time: { tolerance: 1e-8 } } }, {
      energy: `0.5*(${squares.map(c => `${c}^2`).join(' + ')})`, gradient: squares.flatMap(c => ['x', 'y', 'z'].map(d => `${c}_${d}^2`)).join(' + '),
    })
    const [energy, gradient] = ['energy', 'gradient'].map(name => arrays.find(array => array.name === name)!.values)
    expect(energy[0]).toBeCloseTo(Math.PI ** 3, 12)
    expect(gradient[0]).toBeCloseTo(6 * Math.PI ** 3, 11)
    // Vortices stretch: the gradient no longer falls as fast as the energy.
    expect(gradient[2] / energy[2]).toBeGreaterThan(6.1)
    expect(((energy[1] - energy[3]) / 0.04 / (0.1 * gradient[2])) - 1).toBeLessThan(1e-3)
    expect(((energy[1] - energy[3]) / 0.04 / (0.1 * gradient[2])) - 1).toBeGreaterThan(-1e-3)
  })

  it('solves constraints with nonlinear sources, as another method and grid do', () => {
    const statement = torus(1, { unknowns: ['u', 'q'], equations: ['dt(u) = dxx(u) + q', '-dxx(q) + q = u^2 + sin(x)'], initial: { u: 'cos(x)' } })
    const coarse = solve(statement, { resolution: [32] }).fields as Field[]
    const fine = solve(statement, { resolution: [64], options: { time: { method: 'rk4', tolerance: 1e-11 } } }).fields as Field[]
    for (const i of [0, 1]) expect(relativeL2Nodes(coarse[i].values.subarray(32), fine[i].values.subarray(64).filter((_, j) => j % 2 === 0))).toBeLessThan(2e-9)
  })

  it('takes second order in time as a coupled pair: standing and travelling waves in one exact step', () => {
    const { fields, metrics } = solve(torus(1, { time: [0, 3], unknowns: ['u'], equations: ['dtt(u) = dxx(u)'], initial: { u: 'sin(x) + cos(3*x)', 'dt(u)': 'cos(x)' } }), { resolution: [16] })
    expect(fields).toHaveLength(1)
    expect(metrics.steps).toBe(1)
    expect(errorAtEnd(fields, 'u', x => [Math.sin(x + 3) + Math.cos(3 * x) * Math.cos(9)])).toBeLessThan(1e-13)
  })

  it('solves steady systems mode by mode: Stokes flow under a force', () => {
    // u = curl of sin x sin y, p = cos x cos 2y.
    const stokes = { ...torus(2, { unknowns: [{ name: 'v', type: 'vector' }, 'p'], equations: ['-lap(v) + grad(p) = vec(2*sin(x)*cos(y) - sin(x)*cos(2*y), -2*cos(x)*sin(y) - 2*cos(x)*sin(2*y))', 'div(v) = 0'] }), time: undefined }
    const { fields } = solve(stokes, { resolution: [16, 12] })
    expect(errorAtEnd(fields, 'v', (x, y) => [Math.sin(x) * Math.cos(y), -Math.cos(x) * Math.sin(y)])).toBeLessThan(1e-13)
    expect(errorAtEnd(fields, 'p', (x, y) => [Math.cos(x) * Math.cos(2 * y)])).toBeLessThan(1e-13)
    expect(faultCodes(() => solve({ ...stokes, equations: ['-lap(v) + grad(p) = vec(1, 0)', 'div(v) = 0'] }, { resolution: [8, 8] }))).toEqual(['incompatible'])
  })

  it('names what constraints cannot meet', () => {
    const coupled = (constraint: string): Statement => torus(1, { unknowns: ['u', 'q'], equations: ['dt(u) = dxx(u) + q', constraint], initial: { u: 'cos(x)' } })
    expect(faultCodes(() => solve(coupled('-dxx(q) = u^2'), { resolution: [16] }))).toEqual(['incompatible'])
    expect(faultCodes(() => solve(coupled('-dxx(q) + q^3 = u'), { resolution: [16] }))).toEqual(['unsupported-constraint'])
    expect(faultCodes(() => solve(flow(2, 0.1, 'vec(sin(x), 0)'), { resolution: [16, 16] }))).toEqual(['incompatible'])
  })
})

describe('time integrators on the coefficients', () => {
  // u = sin(x − t) + ½ cos(2x + t): two coupled components, sources in time and place, linear parts that damp and rotate.
  const manufactured = torus(1, {
    unknowns: ['u', 'v'],
    equations: [
      'dt(u) = 0.02*dxx(u) - dx(v) + u*v - (sin(x - t)*cos(x + 2*t)) - cos(x - t) + 0.02*sin(x - t) - sin(x + 2*t)',
      'dt(v) = 0.02*dxx(v) + dx(u) - u^2 + sin(x - t)^2 - 2*sin(x + 2*t) + 0.02*cos(x + 2*t) - cos(x - t)',
    ],
    initial: { u: 'sin(x)', v: 'cos(x)' },
  })
  it.each([['etdrk4', 4, 20], ['rk4', 4, 20], ['tsit5', 5, 10], ['imex', 4, 20], ['strang', 2, 40]])('%s has order %i', (method, order, steps) => {
    const errors = [steps, 2 * steps, 4 * steps].map(n => {
      const { fields } = solve(manufactured, { resolution: [12], options: { time: { method, dt: 1 / n } } })
      return errorAtEnd(fields, 'u', x => [Math.sin(x - 1)]) + errorAtEnd(fields, 'v', x => [Math.cos(x + 2)])
    })
    expect(Math.abs(Math.log2(errors[1] / errors[2]) - order)).toBeLessThan(0.1)
  })
  it('dop853 has order 8', () => {
    const errors = [16, 32].map(n => {
      const { fields } = solve(torus(1, { unknowns: ['u'], equations: ['dt(u) = dxxx(u) + 0.1*dxx(u)'], initial: { u: 'sin(2*x)' } }), { resolution: [8], options: { time: { method: 'dop853', dt: 1 / n } } })
      return errorAtEnd(fields, 'u', x => [Math.exp(-0.4) * Math.sin(2 * (x - 4))])
    })
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - 8)).toBeLessThan(0.1)
  })
})

const complex = (rest: Partial<Statement>): Statement => ({ unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) + 0.5*dxx(h) + abs(h)^2*h = 0'], ...rest } as Statement)
const soliton = complex({ domain: { shape: 'box', bounds: [[-20, 20]], periodic: [true] }, time: [0, 20], parameters: { v: '3*2*pi/40' }, initial: { h: 'exp(i*v*x)/cosh(x)' } })

describe('the nonlinear Schrödinger equation', () => {
  it('keeps mass, momentum and energy to rounding with DOP853 at tolerance 1e-9', () => {
    const { metrics, arrays } = withQuantities(soliton, { resolution: [512], times: [0, 5, 10, 15, 20], options: { time: { method: 'dop853', tolerance: 1e-9 } } }, {
      mass: 'h__re^2 + h__im^2', momentum: 'h__re*h__im_x - h__im*h__re_x', energy: '0.5*(h__re_x^2 + h__im_x^2) - 0.5*(h__re^2 + h__im^2)^2',
    })
    expect(metrics.drift_mass).toBeLessThan(1e-14)
    expect(metrics.drift_momentum).toBeLessThan(1e-14)
    expect(metrics.drift_energy).toBeLessThan(1e-12)
    expect(arrays.find(array => array.name === 'mass')!.values).toHaveLength(5)
    expect(arrays.find(array => array.name === 'mass')!.values[4]).toBeCloseTo(2, 12)
  })

  it.each([['strang', 2], ['yoshida', 4]])('%s has order %i and nearly keeps the energy', (method, order) => {
    const short = { ...soliton, time: [0, 1] } as Statement
    const reference = solve(short, { resolution: [128], options: { time: { method: 'dop853', tolerance: 1e-12 } } }).fields[0].values.subarray(256)
    const errors = [40, 80].map(n => relativeL2Nodes(solve(short, { resolution: [128], options: { time: { method, dt: 1 / n } } }).fields[0].values.subarray(256), reference))
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - order)).toBeLessThan(0.1)
  })

  it('gives equal bits when it was interrupted and resumed', () => {
    for (const method of ['etdrk4', 'dop853']) {
      const ask = { resolution: [64], times: [0, 0.3, 1], options: { time: { method } } }
      const short = { ...soliton, time: [0, 1] } as Statement
      const whole = solve(short, ask).fields[0].values
      const { solution, pieces } = solveInPieces(run => solve(short, { ...ask, run }), 7)
      expect(pieces).toBeGreaterThan(2)
      expect(solution.fields[0].values).toEqual(whole)
    }
  })

  const file = fileURLToPath(new URL('../../../../shared/data/raissi/NLS.mat', import.meta.url))
  it.skipIf(!existsSync(file))('agrees with published values: relative L² at most 5e-5', () => {
    const variables = readMat5(readFileSync(file))
    const numbers = (name: string): Float64Array => variables.find(variable => variable.name === name)!.read().values
    const [x, t] = [numbers('x'), numbers('tt')]
    const { fields } = solve(complex({ domain: { shape: 'box', bounds: [[-5, 5]], periodic: [true] }, time: [0, t[t.length - 1]], initial: { h: '2/cosh(x)' } } as Partial<Statement>), { resolution: [512], times: [...t] })
    const axis = { name: 'x' as const, lower: -5, upper: 5, periodic: false, coordinates: x }
    const ours = resampleField(fields[0] as Field, { axes: [axis] }, t, 'trigonometric', libm).values
    const uu = variables.find(variable => variable.name === 'uu')!.read()
    const reference = ours.map((_, i) => (Math.floor(i / x.length) % 2 === 0 ? uu.values : uu.imaginary!)[(i % x.length) * t.length + Math.floor(i / x.length / 2)])
    expect(relativeL2Nodes(ours, reference)).toBeLessThan(5e-5)
  })
})

describe('a shock under a spectral method', () => {
  const inviscid = torus(1, { time: [0, 3], unknowns: ['u'], equations: ['dt(u) + u*dx(u) = 0'], initial: { u: 'sin(x)' } })
  it.each([[{}], [{ time: { method: 'dop853' } }], [{ time: { method: 'rk4', dt: 0.005 } }]])('is named, with the last good state kept: %j', options => {
    const { faults, converged, fields: [field] } = solve(inviscid, { resolution: [128], options })
    expect(faults.map(fault => fault.code)).toEqual(['under-resolved'])
    expect(converged).toBe(false)
    // The wave breaks at t = 1.
    expect(field.times!.at(-1)).toBeGreaterThan(0.9)
    expect(field.times!.at(-1)).toBeLessThan(1.1)
    expect(Math.max(...field.values.subarray(-128))).toBeLessThan(1.2)
  })
  it('is none where viscosity resolves it, nor in rough data that decay', () => {
    expect(solve({ ...inviscid, equations: ['dt(u) + u*dx(u) = 0.05*dxx(u)'] }, { resolution: [128] }).converged).toBe(true)
    expect(solve({ ...inviscid, equations: ['dt(u) + u^2 = 0.05*dxx(u)'], time: [0, 0.2], initial: { u: 'if(x < pi, 1, 0)' } }, { resolution: [64] }).converged).toBe(true)
  })
})
