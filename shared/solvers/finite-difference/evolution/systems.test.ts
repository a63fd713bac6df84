import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { createThreadTeam } from '../../../../electron/engine/threads/team'
import type { Statement } from '../../../experiment/document'
import { fieldAt, type Field } from '../../../fields/field'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Solution } from '../../method'
import { faultCodes, quietRun, requestFor, solveInPieces, solveStatement, type Ask } from '../../time/solving.testing'
import { finiteDifference } from '..'
import { parsed } from '../system.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const solve = (statement: Statement, ask: Ask): Solution => solveStatement(finiteDifference, statement, ask, createSerialTeam({ kernels }), libm)

type Exact = (x: number, y: number, z: number) => number
/** Relative L² over the nodes at the last time, all components of all fields. */
function errorOf({ fields }: Solution, exact: readonly Exact[]): number {
  let [difference, reference] = [0, 0]
  let component = 0
  for (const field of fields as Field[]) {
    const [x, y, z] = field.grid.axes.map(axis => axis.coordinates)
    for (let c = 0; c < (field.components?.length ?? 1); c++) {
      const values = fieldAt(field, field.times!.length - 1, c)
      values.forEach((value, i) => {
        const want = exact[component](x[i % x.length], y ? y[Math.floor(i / x.length) % y.length] : 0, z ? z[Math.floor(i / (x.length * y.length))] : 0)
        difference += (value - want) ** 2
        reference += want * want
      })
      component++
    }
  }
  return Math.sqrt(difference / reference)
}
const refined = (statement: Statement, resolutions: readonly (readonly number[])[], exact: readonly Exact[], options: Ask['options']): number[] =>
  resolutions.map(resolution => errorOf(solve(statement, { resolution, options }), exact))
const lastOrder = (errors: readonly number[], ratio = 2): number => Math.log(errors[errors.length - 2] / errors[errors.length - 1]) / Math.log(ratio)

const box = (dimension: number, periodic?: boolean): Statement['domain'] => ({
  shape: 'box', bounds: Array.from({ length: dimension }, () => [0, 1] as [number, number]), ...(periodic ? { periodic: Array.from({ length: dimension }, () => true) } : {}),
})

describe('heat in one to three dimensions', () => {
  // e^{−t} Π sin(aᵢ xᵢ + bᵢ): no symmetry that would hide a wrong boundary.
  const factors = ['sin(2*x + 0.5)', 'cos(1.5*y + 0.2)', 'sin(z + 0.7)']
  const rates = [4, 2.25, 1]
  const exact = (dimension: number, t: number): Exact => (x, y, z) => Math.exp(-t) * Math.sin(2 * x + 0.5) * (dimension > 1 ? Math.cos(1.5 * y + 0.2) : 1) * (dimension > 2 ? Math.sin(z + 0.7) : 1)
  const statement = (dimension: number, end: number): Statement => {
    const shape = factors.slice(0, dimension).join('*')
    const k = 1 / rates.slice(0, dimension).reduce((a, b) => a + b)
    return {
      domain: box(dimension), time: [0, end], unknowns: ['u'], definitions: { ue: `exp(-t)*${shape}` }, equations: [`dt(u) = ${k}*lap(u)`],
      boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'right', condition: 'dn(u) = 2*exp(-t)*cos(2*x + 0.5)' + factors.slice(1, dimension).map(f => `*${f}`).join('') }], initial: { u: shape },
    }
  }
  it.each([[1, 2, [17, 33, 65]], [1, 4, [33, 65]], [2, 2, [11, 21]], [2, 4, [33, 65]], [3, 2, [9, 17]], [3, 4, [13, 21]]] as const)('%d-D has order %d', (dimension, order, sizes) => {
    const errors = refined(statement(dimension, 0.2), sizes.map(n => new Array<number>(dimension).fill(n)), [exact(dimension, 0.2)], { order, time: { method: 'dop853', tolerance: 1e-8 } })
    const ratio = (sizes[sizes.length - 1] - 1) / (sizes[sizes.length - 2] - 1)
    expect(Math.abs(lastOrder(errors, ratio) - order)).toBeLessThan(dimension === 3 && order === 4 ? 0.25 : 0.1)
  })
})

describe('orders in time on a manufactured system', () => {
  // u = sin(x) cos t, v = cos(x) (1 + ½ sin t) on a ring: sources from central differences' own symbol would hide nothing of the time error, so the finest run in time is the reference.
  // Faster sources raise the error of Tsit5 out of rounding where its order shows.
  const statement = (frequency: number): Statement => ({
    domain: { shape: 'box', bounds: [[0, '2*pi']], periodic: [true] }, time: [0, 1], unknowns: ['u', 'v'],
    equations: [`dt(u) = 0.3*dxx(u) - u*v + cos(${frequency}*t)*sin(x)`, 'dt(v) = 0.2*dxx(v) + 0.5*u^2 - v + 0.3*sin(3*t)'], initial: { u: 'sin(x)', v: '1 + 0.5*cos(x)' },
  })
  const end = (time: Record<string, unknown>, frequency: number): Float64Array => {
    const { fields } = solve(statement(frequency), { resolution: [24], options: { time } })
    return Float64Array.from((fields as Field[]).flatMap(field => [...fieldAt(field, 1)]))
  }
  const distance = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0))
  it.each([['rk4', {}, 4, 32], ['tsit5', {}, 5, 256, 60], ['crank-nicolson', {}, 2, 20], ['imex', {}, 4, 16], ['strang', {}, 2, 20], ...[1, 2, 3, 4, 5].map(order => ['bdf', { order }, order, [0, 320, 160, 80, 80, 80][order]] as const)] as const)('%s %j has order %d', (method, extra, order, steps, frequency: number = 2) => {
    const reference = end({ method: 'dop853', dt: frequency === 2 ? 1 / 256 : 1 / 1024 }, frequency)
    const errors = [steps, 2 * steps].map(n => distance(end({ method, ...extra, dt: 1 / n }, frequency), reference))
    expect(Math.abs(lastOrder(errors) - order)).toBeLessThan(0.1)
  })
})

describe('implicit diffusion of systems by multigrid', () => {
  // v = e^{−bt} cos πx, u = e^{−0.4π²t} cos 2πy + (e^{−at} − e^{−bt})/(b − a) cos πx with a = π²/10, b = 1 + π²/20.
  const statement: Statement = {
    domain: box(2), time: [0, 0.5], unknowns: ['u', 'v'], equations: ['dt(u) = 0.1*lap(u) + v', 'dt(v) = 0.05*lap(v) - v'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'all', condition: 'dn(v) = 0' }], initial: { u: 'cos(2*pi*y)', v: 'cos(pi*x)' },
  }
  const [a, b, t] = [Math.PI ** 2 / 10, 1 + Math.PI ** 2 / 20, 0.5]
  const mixed = (Math.exp(-a * t) - Math.exp(-b * t)) / (b - a)
  const exact: Exact[] = [(x, y) => Math.exp(-0.4 * Math.PI ** 2 * t) * Math.cos(2 * Math.PI * y) + mixed * Math.cos(Math.PI * x), x => Math.exp(-b * t) * Math.cos(Math.PI * x)]
  it.each([[2, 1e-3], [4, 3e-6]] as const)('order %d', (order, limit) => {
    const solution = solve(statement, { resolution: [49, 50], options: { order, time: { method: 'imex', dt: 0.05 } } })
    expect(errorOf(solution, exact)).toBeLessThan(limit)
  })
})

describe('waves', () => {
  const string: Statement = {
    domain: box(1), time: [0, 1.3], unknowns: ['u'], equations: ['dtt(u) = dxx(u)'], boundary: [{ on: 'left', condition: 'u = 0' }, { on: 'right', condition: 'dn(u) = 0' }],
    initial: { u: 'sin(pi*x/2)', 'dt(u)': '0.5*pi*sin(pi*x/2)' },
  }
  const exact: Exact = x => Math.sin((Math.PI * x) / 2) * (Math.cos((Math.PI * 1.3) / 2) + Math.sin((Math.PI * 1.3) / 2))
  it.each([['auto', 2], ['auto', 4], ['dop853', 2]] as const)('have the order of the differences, %s %d', (method, order) => {
    const errors = refined(string, [[17], [33], [65]], [exact], { order, time: { method } })
    expect(Math.abs(lastOrder(errors) - order)).toBeLessThan(0.2)
  })
  it('keep their energy with the symplectic composition', () => {
    const plucked: Statement = { ...string, time: [0, 40], boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: 'sin(3*pi*x)*x', 'dt(u)': '0' } }
    const request = requestFor(plucked, { resolution: [65], times: Array.from({ length: 41 }, (_, i) => i) }, libm)
    const density = parsed('(u__t^2 - u*u_xx)/2')
    const problem = { ...request.problem, properties: { ...request.problem.properties, conserved: [{ name: 'energy', density }] } }
    const { metrics, fields, arrays } = finiteDifference.solve({ ...request, problem }, createSerialTeam({ kernels }), quietRun())
    expect(fields.map(field => field.name)).toEqual(['u'])
    expect(arrays.map(array => array.name)).toContain('energy')
    // The discrete energy with −u u_xx for u_x², which summation by parts makes the same: no drift, an oscillation of the size of the time error.
    expect(metrics.drift_energy).toBeLessThan(2e-3)
  })
  it('give equal bits when they were interrupted and resumed', () => {
    for (const time of [{ method: 'auto' }, { method: 'tsit5' }, { method: 'bdf', tolerance: 1e-3 }]) {
      const ask: Ask = { resolution: [33], times: [0, 0.4, 1.3], options: { time } }
      const whole = solve(string, ask)
      const { solution, pieces } = solveInPieces(run => solve(string, { ...ask, run }), 8)
      expect(pieces).toBeGreaterThan(2)
      expect(solution.fields[0].values).toEqual(whole.fields[0].values)
    }
  })
  it('refuse Yoshida with damping, in a sentence', () => {
    expect(faultCodes(() => solve({ ...string, equations: ['dtt(u) + dt(u) = dxx(u)'] }, { resolution: [33], options: { time: { method: 'yoshida' } } }))).toEqual(['needs-separable'])
  })
})

describe('Maxwell’s equations (TE)', () => {
  it('have order 2 and 4 in a box with conducting walls', () => {
    const statement: Statement = {
      domain: box(2), time: [0, 0.6], unknowns: ['Ex', 'Ey', 'Bz'], equations: ['dt(Ex) = dy(Bz)', 'dt(Ey) = -dx(Bz)', 'dt(Bz) = dy(Ex) - dx(Ey)'],
      boundary: [{ on: ['left', 'right'], condition: 'Ey = 0' }, { on: ['bottom', 'top'], condition: 'Ex = 0' }, { on: 'all', condition: 'dn(Bz) = 0' }, { on: ['left', 'right'], condition: 'dn(Ex) = 0' }, { on: ['bottom', 'top'], condition: 'dn(Ey) = 0' }],
      initial: { Ex: '0', Ey: '0', Bz: 'cos(pi*x)*cos(pi*y)' },
    }
    const w = Math.SQRT2 * Math.PI
    const [c, s] = [Math.cos(w * 0.6), Math.sin(w * 0.6) / w]
    const exact: Exact[] = [(x, y) => -Math.PI * s * Math.cos(Math.PI * x) * Math.sin(Math.PI * y), (x, y) => Math.PI * s * Math.sin(Math.PI * x) * Math.cos(Math.PI * y), (x, y) => c * Math.cos(Math.PI * x) * Math.cos(Math.PI * y)]
    for (const order of [2, 4]) {
      const errors = refined(statement, [[17, 17], [33, 33]], exact, { order })
      expect(Math.abs(lastOrder(errors) - order)).toBeLessThan(0.3)
    }
  })
})

describe('reaction and diffusion', () => {
  it('Fisher–KPP runs at its least speed with Neumann ends, and explicit and implicit methods agree', () => {
    const statement: Statement = {
      domain: { shape: 'box', bounds: [[0, 60]] }, time: [0, 20], unknowns: ['u'], equations: ['dt(u) = dxx(u) + u*(1 - u)'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }], initial: { u: '1/(1 + exp(x/sqrt(6) - 3))^2' },
    }
    // The exact wave of speed 5/√6 (Ablowitz & Zeppetella 1979), far from both ends.
    const exact: Exact = x => 1 / (1 + Math.exp(x / Math.sqrt(6) - 3 - (5 / 6) * 20)) ** 2
    const errors = ['tsit5', 'bdf', 'imex', 'strang'].map(method => errorOf(solve(statement, { resolution: [601], options: { order: 4, time: { method, tolerance: 1e-6 } } }), [exact]))
    for (const e of errors) expect(e).toBeLessThan(2e-3)
  })
  it('Gray–Scott and FitzHugh–Nagumo: implicit–explicit steps agree with explicit ones', () => {
    const grayScott: Statement = {
      domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] }, time: [0, 100], unknowns: ['u', 'v'],
      equations: ['dt(u) = 2e-5*lap(u) - u*v^2 + 0.04*(1 - u)', 'dt(v) = 1e-5*lap(v) + u*v^2 - 0.1*v'],
      initial: { u: '1 - 0.5*exp(-100*((x - 0.5)^2 + (y - 0.45)^2))', v: '0.25*exp(-100*((x - 0.5)^2 + (y - 0.45)^2))' },
    }
    const nagumo: Statement = {
      domain: { shape: 'box', bounds: [[0, 20], [0, 20]] }, time: [0, 5], unknowns: ['v', 'w'], equations: ['dt(v) = lap(v) + v - v^3/3 - w', 'dt(w) = 0.08*(v + 0.7 - 0.8*w)'],
      boundary: [{ on: 'all', condition: 'dn(v) = 0' }, { on: 'all', condition: 'dn(w) = 0' }], initial: { v: '-1.2 + 3*exp(-((x - 8)^2 + (y - 10)^2)/8)', w: '-0.62' },
    }
    for (const statement of [grayScott, nagumo]) {
      const [a, b] = ['tsit5', 'imex'].map(method => solve(statement, { resolution: [24, 24], options: { time: { method, tolerance: 1e-6 } } }))
      a.fields.forEach((field, i) => {
        const [p, q] = [field.values, b.fields[i].values]
        const scale = Math.sqrt(p.reduce((sum, v) => sum + v * v, 0))
        expect(Math.sqrt(p.reduce((sum, v, k) => sum + (v - q[k]) ** 2, 0)) / scale).toBeLessThan(2e-5)
      })
    }
  })
})

describe('constraints', () => {
  it('are solved with every stage: a decaying vortex', () => {
    const statement: Statement = {
      domain: box(2), time: [0, 0.1], unknowns: ['w', 'psi'], equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = 0.1*lap(w)', '-lap(psi) = w'],
      boundary: [{ on: 'all', condition: 'w = 0' }, { on: 'all', condition: 'psi = 0' }], initial: { w: 'sin(pi*x)*sin(pi*y)' },
    }
    const decay = Math.exp(-0.2 * Math.PI ** 2 * 0.1)
    const exact: Exact[] = [(x, y) => decay * Math.sin(Math.PI * x) * Math.sin(Math.PI * y), (x, y) => (decay * Math.sin(Math.PI * x) * Math.sin(Math.PI * y)) / (2 * Math.PI ** 2)]
    for (const [method, order] of [['tsit5', 2], ['tsit5', 4], ['bdf', 2]] as const) {
      const errors = refined(statement, [[13, 13], [25, 25]], exact, { order, time: { method, tolerance: 1e-7 } })
      expect(lastOrder(errors)).toBeGreaterThan(order - 0.2)
    }
  })
})

describe('domains with holes', () => {
  it('have the order of the differences: heat in a disk with a hole', () => {
    const statement: Statement = {
      domain: { shape: 'disk', center: [0, 0], radius: 1, holes: [{ disk: { center: [0.1, -0.2], radius: 0.35 } }] }, time: [0, 0.1], unknowns: ['u'], definitions: { ue: 'exp(-t)*sin(2*x + 0.3)*cos(1.5*y)' },
      equations: ['dt(u) = 0.16*lap(u)'], boundary: [{ on: 'all', condition: 'u = ue' }], initial: { u: 'sin(2*x + 0.3)*cos(1.5*y)' },
    }
    const decay = Math.exp(-0.1)
    const errors = [21, 41].map(n => {
      const [field] = solve(statement, { resolution: [n, n], options: { time: { method: 'imex', tolerance: 1e-7 } } }).fields as Field[]
      const [x, y] = field.grid.axes.map(axis => axis.coordinates)
      let [sum, count] = [0, 0]
      fieldAt(field, 1).forEach((value, i) => {
        if (Number.isNaN(value)) return
        sum += (value - decay * Math.sin(2 * x[i % n] + 0.3) * Math.cos(1.5 * y[Math.floor(i / n)])) ** 2
        count++
      })
      // Nodes outside are no numbers, about a third of the box.
      expect(count / (n * n)).toBeGreaterThan(0.5)
      expect(count / (n * n)).toBeLessThan(0.75)
      return Math.sqrt(sum / count)
    })
    expect(lastOrder(errors)).toBeGreaterThan(1.7)
  })
})

describe('threads', () => {
  it('change no bit: reaction and diffusion, waves, shocks', async () => {
    const team = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28 })
    try {
      await team.ready
      const ends: Statement['boundary'] = [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'all', condition: 'dn(v) = 0' }]
      const reaction: Statement = { domain: box(2), time: [0, 0.01], unknowns: ['u', 'v'], equations: ['dt(u) = lap(u) + u - u*v', 'dt(v) = 0.5*lap(v) + u*v - v'], boundary: ends, initial: { u: '1 + cos(pi*x)', v: '1 + cos(pi*y)/2' } }
      const shock: Statement = { domain: box(2, true), time: [0, 0.05], unknowns: ['u'], equations: ['dt(u) + u*dx(u) + u*dy(u) = 0'], initial: { u: 'sin(2*pi*x)*cos(2*pi*y)' } }
      for (const [statement, options] of [[reaction, { time: { method: 'tsit5' } }], [reaction, { time: { method: 'imex' } }], [reaction, { time: { method: 'bdf', tolerance: 1e-3 } }], [shock, {}]] as const) {
        const ask: Ask = { resolution: [65, 60], options }
        expect(solveStatement(finiteDifference, statement, ask, team, libm).fields.map(field => field.values)).toEqual(solve(statement, ask).fields.map(field => field.values))
      }
    } finally {
      await team.dispose()
    }
  })
})

describe('failures', () => {
  it('name a step beyond the limit with numbers before the first step, and keep the last good state of a solution that blows up', () => {
    const wave: Statement = { domain: box(1, true), time: [0, 1], unknowns: ['u', 'v'], equations: ['dt(u) = dx(v)', 'dt(v) = dx(u)'], initial: { u: 'sin(2*pi*x)', v: '0' } }
    expect(() => solve(wave, { resolution: [64], options: { time: { method: 'rk4', dt: 0.1 } } })).toThrow(/The time step 0\.1 is beyond the stability limit 0\.0\d+ of RK4/)
    const growth: Statement = { ...wave, equations: ['dt(u) = dxx(u) + u^2 + v', 'dt(v) = dxx(v) - v'], initial: { u: '2 + cos(2*pi*x)', v: '1' } }
    for (const method of ['tsit5', 'bdf', 'imex', 'rk4']) {
      const { fields: [field], converged, faults } = solve(growth, { resolution: [32], options: { time: { method } } })
      expect(converged).toBe(false)
      expect(['step-too-small', 'non-finite', 'not-converged']).toContain(faults[faults.length - 1].code)
      expect(field.times![1]).toBeGreaterThan(0.3)
      expect(field.times![1]).toBeLessThan(0.6)
      expect(field.values.every(Number.isFinite)).toBe(true)
    }
  })
})
