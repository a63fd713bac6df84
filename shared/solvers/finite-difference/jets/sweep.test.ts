import { afterAll, describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { createThreadTeam } from '../../../../electron/engine/threads/team'
import { evaluate } from '../../../expressions'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Team } from '../../../kernels/team'
import { uniformGrid } from '../../time/grid'
import { systemOf, type SystemText } from '../system.testing'
import { createJetOperators } from './operators'
import { createSweep } from './sweep'

const kernels = readKernels()
const libm = loadLibm(kernels)
const serial = createSerialTeam({ kernels })
const threads = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28, worthSharing: 0 })
afterAll(() => threads.dispose())

/** Rows of a system at a rough state: by the sweep, and by derivatives in arrays with every row evaluated node by node. NaN where the sweep wrote nothing. */
function rowsOf(text: SystemText, resolution: readonly number[], order: 2 | 4, team: Team): { readonly swept: Float64Array; readonly expected: Float64Array } {
  const problem = systemOf(text)
  const grid = uniformGrid(problem.axes, resolution)
  const mark = team.arena.mark()
  const operators = createJetOperators(problem, grid, order, team, libm)
  const { nodes, components: count, active } = operators
  const state = team.arena.f64(nodes * count)
  const time = 0.3
  const u = state.view()
  for (let i = 0, seed = 7; i < u.length; i++) u[i] = active[i % nodes] === 1 ? (seed = (seed * 16807) % 2147483647) / 2147483647 : 0
  operators.imposeDirichlet(state, time)
  const out = team.arena.f64(nodes * count)
  out.view().fill(NaN)
  const rows = problem.system.rows.map(row => row.expression)
  const names = problem.system.components.map(c => c.name)
  const sweep = createSweep({ grid, components: names, jets: operators.sweepJets, ...(operators.whole ? {} : { active }) }, rows, team)
  sweep.run(time, state.pointer, operators.slotValues(state, time).pointer, rows.map((_, c) => out.pointer + 8 * nodes * c))
  const jets = operators.jets.map(({ orders }) => (orders.some(m => m > 0) ? team.arena.f64(nodes) : undefined))
  operators.evaluate(state, time, jets)
  const views = jets.map(block => block?.view())
  const expected = new Float64Array(nodes * count).fill(NaN)
  for (let node = 0; node < nodes; node++) {
    if (active[node] === 0) continue
    const at: Record<string, number> = { t: time }
    let stride = 1
    for (const { name, coordinates } of grid.axes) {
      at[name] = coordinates[Math.floor(node / stride) % coordinates.length]
      stride *= coordinates.length
    }
    names.forEach((name, c) => (at[name] = u[c * nodes + node]))
    operators.jets.forEach(({ name }, j) => views[j] && (at[name] = views[j][node]))
    rows.forEach((row, c) => (expected[c * nodes + node] = evaluate(row, at, libm)))
  }
  const swept = out.view().slice()
  team.arena.release(mark)
  return { swept, expected }
}

const cube: SystemText['bounds'] = [[0, 1], [0, 1.5], [-1, 1]]
const cases: readonly (readonly [string, SystemText, readonly number[]])[] = [
  ['a line with mixed sides', { bounds: [[0, 1]], rows: ['u_xx + x*exp(-x)*u_x - u^2 + t'], boundary: [{ on: ['left'], data: 'sin(t)' }, { on: ['right'], normal: '1', value: '2', data: 't' }], rate: true }, [23]],
  ['a ring', { bounds: [[0, 1]], periodic: [true], rows: ['u_xxx + sin(2*pi*x)*u*u_x'], rate: true }, [16]],
  ['mixed derivatives and sources of one and two coordinates', { bounds: cube.slice(0, 2), rows: ['(1 + x^2)*u_xx + u_xy + 2*u_yy + sin(pi*x)*cos(y)*t + exp(-x*y)*u'], boundary: [{ data: 'x + y' }], rate: true }, [18, 21]],
  ['a plane that is periodic along x', { bounds: cube.slice(0, 2), periodic: [true, false], rows: ['u_xx + u_yy + u_xy*sin(y)'], boundary: [{ normal: '1', data: 'x' }], rate: true }, [17, 14]],
  ['a torus with two components', { bounds: cube.slice(0, 2), periodic: [true, true], components: ['u', 'v'], rows: ['u_xx + u_yy - u*v^2', 'v_xx + v_yy + u_x*v_y'], rate: true }, [18, 13]],
  ['a disk with a hole', { bounds: [[-1, 1], [-1, 1]], geometry: { outer: { kind: 'ball', center: [0, 0], radius: 1 }, holes: [{ kind: 'ball', center: [0.1, 0], radius: 0.3 }] }, rows: ['u_xx + u_yy + sqrt(1 + x^2)*u'], boundary: [{ data: '1 + x' }], rate: true }, [41, 41]],
  ['space', { bounds: cube, periodic: [false, true, false], rows: ['u_xx + u_yy + u_zz + cos(z)*u_xz - u^3'], boundary: [{ normal: '1', value: '1', data: 'z' }], rate: true }, [13, 12, 15]],
  ['a periodic cube', { bounds: cube, periodic: [true, true, true], rows: ['u_xx + u_yy + u_zz + u_x*u_z'], rate: true }, [12, 11, 13]],
]

describe('a fused sweep', () => {
  for (const order of [2, 4] as const) {
    it.each(cases)(`gives what derivatives in arrays give, order ${order}: %s`, (_name, text, resolution) => {
      const { swept, expected } = rowsOf(text, resolution, order, serial)
      const size = expected.reduce((most, value) => Math.max(most, Number.isNaN(value) ? 0 : Math.abs(value)), 0)
      expect(size).toBeGreaterThan(0)
      expect(swept.findIndex((value, i) => Number.isNaN(value) !== Number.isNaN(expected[i]))).toBe(-1)
      expect(swept.reduce((most, value, i) => Math.max(most, Number.isNaN(value) ? 0 : Math.abs(value - expected[i])), 0)).toBeLessThan(1e-12 * size)
    })
  }

  it.each(cases)('gives the same bits on two threads: %s', async (_name, text, resolution) => {
    await threads.ready
    expect([...rowsOf(text, resolution, 4, threads).swept]).toEqual([...rowsOf(text, resolution, 4, serial).swept])
  })

  it('treats all nodes of a periodic grid alike, to the bit', () => {
    const nodes = 24
    const problem = systemOf({ bounds: [[0, 1]], periodic: [true], rows: ['u_xx + u*u_x'], rate: true })
    const operators = createJetOperators(problem, uniformGrid(problem.axes, [nodes]), 4, serial, libm)
    const sweep = createSweep({ grid: operators.grid, components: ['u'], jets: operators.sweepJets }, problem.system.rows.map(row => row.expression), serial)
    const [state, out] = [serial.arena.f64(nodes), serial.arena.f64(nodes)]
    const rough = Float64Array.from({ length: nodes }, (_, i) => ((i * 7919) % 31) / 31)
    const shifted = (by: number): number[] => {
      state.view().set(rough.map((_, i) => rough[(i + by) % nodes]))
      sweep.run(0, state.pointer, 0, [out.pointer])
      const values = [...out.view()]
      return values.map((_, i) => values[(i + nodes - by) % nodes])
    }
    const first = shifted(0)
    for (let by = 1; by < nodes; by++) expect(shifted(by)).toEqual(first)
  })
})
