import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import type { Statement } from '../../../experiment/document'
import { fieldAt, type Field } from '../../../fields/field'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Solution } from '../../method'
import { faultCodes, requestFor, solveStatement, type Ask } from '../../time/solving.testing'
import { finiteDifference } from '..'
import { recogniseFluxes } from './fluxes'
import { spectralRadius } from './weno'

const kernels = readKernels()
const libm = loadLibm(kernels)
const solve = (statement: Statement, ask: Ask): Solution => solveStatement(finiteDifference, statement, ask, createSerialTeam({ kernels }), libm)
const gamma = 1.4

interface Gas { readonly rho: number; readonly u: number; readonly p: number }

/** The exact solution of the Riemann problem of a perfect gas at x/t (E. F. Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, Springer 2009, chapter 4). */
function riemann(left: Gas, right: Gas, s: number): Gas {
  const sound = ({ rho, p }: Gas): number => Math.sqrt((gamma * p) / rho)
  const [cl, cr] = [sound(left), sound(right)]
  const branch = (p: number, side: Gas, c: number): [number, number] => {
    if (p > side.p) {
      const [a, b] = [2 / ((gamma + 1) * side.rho), ((gamma - 1) / (gamma + 1)) * side.p]
      const root = Math.sqrt(a / (p + b))
      return [(p - side.p) * root, root * (1 - (p - side.p) / (2 * (p + b)))]
    }
    return [((2 * c) / (gamma - 1)) * ((p / side.p) ** ((gamma - 1) / (2 * gamma)) - 1), (p / side.p) ** (-(gamma + 1) / (2 * gamma)) / (side.rho * c)]
  }
  let p = 0.5 * (left.p + right.p)
  for (let k = 0; k < 60; k++) {
    const [[fl, dl], [fr, dr]] = [branch(p, left, cl), branch(p, right, cr)]
    p = Math.max(1e-12, p - (fl + fr + right.u - left.u) / (dl + dr))
  }
  const u = 0.5 * (left.u + right.u) + 0.5 * (branch(p, right, cr)[0] - branch(p, left, cl)[0])
  const [side, c, sign] = s <= u ? ([left, cl, 1] as const) : ([right, cr, -1] as const)
  if (p > side.p) {
    const ratio = p / side.p
    const speed = side.u - sign * c * Math.sqrt(((gamma + 1) / (2 * gamma)) * ratio + (gamma - 1) / (2 * gamma))
    if (sign * (s - speed) < 0) return side
    const k = (gamma - 1) / (gamma + 1)
    return { rho: (side.rho * (ratio + k)) / (k * ratio + 1), u, p }
  }
  const star = side.rho * (p / side.p) ** (1 / gamma)
  const cStar = c * (p / side.p) ** ((gamma - 1) / (2 * gamma))
  if (sign * (s - (side.u - sign * c)) < 0) return side
  if (sign * (s - (u - sign * cStar)) > 0) return { rho: star, u, p }
  const inside = 2 / (gamma + 1) + (sign * (gamma - 1) * (side.u - s)) / ((gamma + 1) * c)
  return { rho: side.rho * inside ** (2 / (gamma - 1)), u: (2 / (gamma + 1)) * (sign * c + ((gamma - 1) / 2) * side.u + s), p: side.p * inside ** ((2 * gamma) / (gamma - 1)) }
}

const sod: Statement = {
  domain: { shape: 'box', bounds: [[0, 1]] }, time: [0, 0.2], unknowns: ['rho', 'm', 'E'], parameters: { gamma },
  equations: ['dt(rho) + dx(m) = 0', 'dt(m) + dx(m^2/rho + (gamma - 1)*(E - m^2/(2*rho))) = 0', 'dt(E) + dx(m/rho*(E + (gamma - 1)*(E - m^2/(2*rho)))) = 0'],
  boundary: [{ on: 'all', condition: 'dn(rho) = 0' }, { on: 'all', condition: 'dn(m) = 0' }, { on: 'all', condition: 'dn(E) = 0' }],
  initial: { rho: 'if(x < 0.5, 1, 0.125)', m: '0', E: 'if(x < 0.5, 1, 0.1)/(gamma - 1)' },
}
const [dense, thin]: Gas[] = [{ rho: 1, u: 0, p: 1 }, { rho: 0.125, u: 0, p: 0.1 }]

describe('the shock tube of Sod', () => {
  const l1 = (n: number): number => {
    const { fields, converged } = solve(sod, { resolution: [n] })
    expect(converged).toBe(true)
    const [rho] = fields as Field[]
    return fieldAt(rho, 1).reduce((sum, value, i) => sum + Math.abs(value - riemann(dense, thin, (rho.grid.axes[0].coordinates[i] - 0.5) / 0.2).rho), 0) / n
  }
  it('converges to the exact Riemann solution, without overshoot to speak of', () => {
    const errors = [101, 201, 401].map(l1)
    expect(errors[2]).toBeLessThan(2.5e-3)
    expect(Math.log2(errors[0] / errors[2]) / 2).toBeGreaterThan(0.75)
    const { fields } = solve(sod, { resolution: [201] })
    const density = fieldAt(fields[0] as Field, 1)
    expect(Math.max(...density)).toBeLessThan(1.005)
    expect(Math.min(...density)).toBeGreaterThan(0.12)
  })
  it('has the pressure and the velocity between the waves that the literature gives', () => {
    const star = riemann(dense, thin, 0.5)
    expect(star.p).toBeCloseTo(0.30313, 5)
    expect(star.u).toBeCloseTo(0.92745, 5)
  })
})

describe('Burgers’ equation without viscosity', () => {
  const burgers: Statement = { domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] }, time: [0, 0.1], unknowns: ['u'], equations: ['dt(u) + u*dx(u) = 0'], initial: { u: '1 + 0.5*sin(2*pi*x)' } }
  const smooth = (x: number, t: number): number => {
    let u = 1
    for (let k = 0; k < 200; k++) u = 1 + 0.5 * Math.sin(2 * Math.PI * (x - u * t))
    return u
  }
  it('is of order five in space while it is smooth', () => {
    const errors = [40, 80].map(n => {
      const [field] = solve(burgers, { resolution: [n], options: { time: { dt: 2e-4 } } }).fields as Field[]
      return Math.sqrt(fieldAt(field, 1).reduce((sum, value, i) => sum + (value - smooth(field.grid.axes[0].coordinates[i], 0.1)) ** 2, 0) / n)
    })
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(4.8)
  })
  it('conserves its integral to rounding through the shock, which runs at the mean of the states beside it', () => {
    const shock: Statement = { ...burgers, time: [0, 0.6], initial: { u: 'if(abs(x - 0.3) < 0.2, 1, 0)' } }
    const [field] = solve(shock, { resolution: [200] }).fields as Field[]
    const sum = (k: number): number => fieldAt(field, k).reduce((total, value) => total + value, 0)
    expect(Math.abs(sum(1) / sum(0) - 1)).toBeLessThan(1e-13)
    const values = fieldAt(field, 1)
    const front = values.findLastIndex(value => value > 0.4)
    // The fan from 0.1 has not reached the shock from 0.5 before t = 0.8.
    expect(field.grid.axes[0].coordinates[front]).toBeCloseTo(0.8, 1)
    expect(Math.max(...values)).toBeLessThan(1.001)
  })
})

describe('shallow water', () => {
  it('keeps its mass in a closed basin in the plane, and the dam break its two states', () => {
    const basin: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 0.5]] }, time: [0, 0.3], unknowns: ['h', 'p', 'q'], equations: [
        'dt(h) + dx(p) + dy(q) = 0', 'dt(p) + dx(p^2/h + h^2/2) + dy(p*q/h) = 0', 'dt(q) + dx(p*q/h) + dy(q^2/h + h^2/2) = 0',
      ],
      boundary: [{ on: 'all', condition: 'dn(h) = 0' }, { on: ['left', 'right'], condition: 'p = 0' }, { on: ['bottom', 'top'], condition: 'dn(p) = 0' }, { on: ['bottom', 'top'], condition: 'q = 0' }, { on: ['left', 'right'], condition: 'dn(q) = 0' }],
      initial: { h: 'if(x + y < 0.6, 2, 1)', p: '0', q: '0' },
    }
    const { fields: [h], converged } = solve(basin, { resolution: [41, 21] })
    expect(converged).toBe(true)
    const weight = (i: number, n: number): number => (i === 0 || i === n - 1 ? 0.5 : 1)
    const mass = (k: number): number => fieldAt(h as Field, k).reduce((sum, value, i) => sum + value * weight(i % 41, 41) * weight(Math.floor(i / 41), 21), 0)
    expect(Math.abs(mass(1) / mass(0) - 1)).toBeLessThan(1e-13)
    expect(fieldAt(h as Field, 1).every(value => value > 0.9 && value < 2.6)).toBe(true)
  })
})

describe('fluxes', () => {
  it('are found for conservation laws and refused for other forms', () => {
    const problem = requestFor(sod, { resolution: [11] }, libm).problem
    expect(recogniseFluxes(problem, libm, true)).toBeDefined()
    const primitive: Statement = { ...sod, unknowns: ['h', 'u'], equations: ['dt(h) + u*dx(h) + h*dx(u) = 0', 'dt(u) + h*dx(u) + 2*u*dx(h) = 0'], boundary: [{ on: 'all', condition: 'dn(h) = 0' }, { on: 'all', condition: 'dn(u) = 0' }], initial: { h: '1', u: '0' } }
    expect(faultCodes(() => solve(primitive, { resolution: [33], options: { flux: 'weno5' } }))).toEqual(['no-fluxes'])
    expect(recogniseFluxes(requestFor(primitive, { resolution: [33] }, libm).problem, libm, false)).toBeUndefined()
  })
  it('transport with a speed that varies in space keeps its integral', () => {
    const statement: Statement = { domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], equations: ['dt(u) + dx((1 + 0.5*sin(2*pi*x))*u) = 0'], initial: { u: 'if(x < 0.5, 1, 0)' } }
    const [field] = solve(statement, { resolution: [100], options: { flux: 'weno5' } }).fields as Field[]
    const sum = (k: number): number => fieldAt(field, k).reduce((total, value) => total + value, 0)
    expect(Math.abs(sum(1) / sum(0) - 1)).toBeLessThan(1e-13)
  })
  it('go with viscosity beside them', () => {
    // A viscous shock at rest: u = −tanh(x/(2ν)).
    const statement: Statement = { domain: { shape: 'box', bounds: [[-1, 1]] }, time: [0, 0.5], unknowns: ['u'], equations: ['dt(u) + u*dx(u) = 0.05*dxx(u)'], boundary: [{ on: 'left', condition: 'u = tanh(10)' }, { on: 'right', condition: 'u = -tanh(10)' }], initial: { u: '-tanh(10*x)' } }
    const { fields: [field], converged } = solve(statement, { resolution: [101], options: { flux: 'weno5' } })
    expect(converged).toBe(true)
    const { coordinates } = (field as Field).grid.axes[0]
    expect(Math.max(...fieldAt(field as Field, 1).map((value, i) => Math.abs(value + Math.tanh(10 * coordinates[i]))))).toBeLessThan(5e-3)
  })
  it('take wave speeds from above, closely', () => {
    const [u, c] = [0.7, 1.3]
    expect(spectralRadius(Float64Array.of(0, 1, c * c - u * u, 2 * u), 2)).toBeGreaterThanOrEqual((u + c) * (1 - 1e-12))
    expect(spectralRadius(Float64Array.of(0, 1, c * c - u * u, 2 * u), 2)).toBeLessThan(1.05 * (u + c))
  })
})
