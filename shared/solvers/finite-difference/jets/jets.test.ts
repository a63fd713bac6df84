import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { describe, expect, it } from 'vitest'
import { evaluate, differentiate } from '../../../expressions'
import { createSerialTeam } from '../../../kernels/serial-team'
import { uniformGrid } from '../../time/grid'
import { parsed, systemOf, type SystemText } from '../system.testing'
import { createJetOperators } from './operators'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })

/** Largest error of each jet over all active nodes, the state being the exact function. */
function jetErrors(text: SystemText, exact: string, resolution: readonly number[], order: 2 | 4, time = 0): number[] {
  const problem = systemOf(text)
  const grid = uniformGrid(problem.axes, resolution)
  const mark = team.arena.mark()
  const operators = createJetOperators(problem, grid, order, team, libm)
  const state = team.arena.f64(operators.nodes * operators.components)
  const u = parsed(exact)
  const place = (node: number) => {
    let rest = node
    const at: Record<string, number> = { t: time }
    for (const axis of grid.axes) {
      at[axis.name] = axis.coordinates[rest % axis.coordinates.length]
      rest = Math.floor(rest / axis.coordinates.length)
    }
    return at
  }
  const view = state.view()
  for (let node = 0; node < operators.nodes; node++) view[node] = operators.active[node] ? evaluate(u, place(node), libm) : NaN
  operators.imposeDirichlet(state, time)
  const out = operators.jets.map(() => team.arena.f64(operators.nodes))
  operators.evaluate(state, time, out)
  const errors = operators.jets.map(({ orders }, j) => {
    if (orders.every(m => m === 0)) return 0
    let e = u
    orders.forEach((m, axis) => {
      for (let k = 0; k < m; k++) e = differentiate(e, 'xyz'[axis])
    })
    const values = out[j].view()
    let most = 0
    // Where every component is given, a shape may leave a node alone on its grid line: its jets are then left out.
    const given = new Set(operators.whole ? [] : operators.fixed[0].nodes)
    for (let node = 0; node < operators.nodes; node++) {
      if (given.has(node)) continue
      const difference = operators.active[node] ? Math.abs(values[node] - evaluate(e, place(node), libm)) : Math.abs(values[node])
      most = Math.max(most, Number.isNaN(difference) ? Infinity : difference)
    }
    // The matrix says the same as the fused evaluation.
    const { rows, boundary } = operators.matrix(j)
    const g = operators.data.values.view()
    let [unsorted, different] = [0, 0]
    for (let node = 0; node < operators.nodes; node++) {
      let sum = 0
      for (let i = rows.starts[node]; i < rows.starts[node + 1]; i++) {
        if (i > rows.starts[node] && !(rows.columns[i] > rows.columns[i - 1])) unsorted++
        sum += rows.values[i] * view[rows.columns[i]]
      }
      for (let i = boundary.starts[node]; i < boundary.starts[node + 1]; i++) sum += boundary.values[i] * g[boundary.columns[i]]
      if (!(Math.abs(sum - values[node]) < 1e-7 * (1 + Math.abs(sum)))) different++
    }
    expect({ unsorted, different }).toEqual({ unsorted: 0, different: 0 })
    return most
  })
  team.arena.release(mark)
  return errors
}

const order = (text: SystemText, exact: string, coarse: readonly number[], accuracy: 2 | 4, time = 0): number[] => {
  const fine = coarse.map((n, a) => (text.periodic?.[a] ? 2 * n : 2 * n - 1))
  const [first, second] = [jetErrors(text, exact, coarse, accuracy, time), jetErrors(text, exact, fine, accuracy, time)]
  return first.map((error, j) => (second[j] < 1e-11 ? Infinity : Math.log2(error / second[j])))
}

const unit = [0, 1] as const
const wave = 'sin(2*x + 0.3)*exp(0.5*y)'
const disk = { outer: { kind: 'ball', center: [0, 0], radius: 0.9 }, holes: [{ kind: 'ball', center: [0.1, -0.2], radius: 0.33 }] } as const

describe('jets', () => {
  it.each<[string, SystemText, string, number[], 2 | 4, number]>([
    ['Dirichlet on a line', { bounds: [unit], rows: ['u_x + u_xx + u_xxx + u_xxxx'], boundary: [{ data: 'exp(2*x)' }] }, 'exp(2*x)', [33], 2, 2],
    ['Dirichlet on a line', { bounds: [unit], rows: ['u_x + u_xx + u_xxx'], boundary: [{ data: 'exp(2*x)' }] }, 'exp(2*x)', [33], 4, 4],
    ['Robin on a line', { bounds: [unit], rows: ['u_x + u_xx'], boundary: [{ on: ['left'], normal: '1', value: '3', data: 'exp(2*x)*(3 - 2)' }, { on: ['right'], normal: '2', value: 'x', data: 'exp(2*x)*(4 + x)' }] }, 'exp(2*x)', [33], 4, 4],
    ['clamped', { bounds: [unit], rows: ['u_xxxx + u_xx'], boundary: [{ data: 'exp(2*x)' }, { on: ['left'], normal: '1', data: '-2*exp(2*x)' }, { on: ['right'], normal: '1', data: '2*exp(2*x)' }] }, 'exp(2*x)', [33], 4, 4],
    ['a ring', { bounds: [[0, 3]], periodic: [true], rows: ['u_x + u_xx + u_xxx + u_xxxx'] }, 'sin(2*pi*x/3)', [40], 4, 4],
    ['mixed derivatives, all kinds of sides', {
      bounds: [unit, unit], rows: ['u_x + u_y + u_xx + u_yy + u_xy + u_xxy + u_xxyy'],
      boundary: [{ data: wave }, { on: ['left'], normal: '1', data: '-2*cos(2*x + 0.3)*exp(0.5*y)' }, { on: ['top'], normal: '1', value: '2', data: `2.5*${wave}` }],
    }, wave, [21, 24], 4, 4],
    ['mixed derivatives', { bounds: [unit, unit], rows: ['u_x + u_y + u_yy + u_xy'], boundary: [{ data: wave }, { on: ['left', 'bottom'], where: 'x + y < 0.5', data: wave }] }, wave, [17, 20], 2, 2],
    ['moving data', { bounds: [unit], rows: ['u_x + u_xx'], boundary: [{ normal: '1', data: 'if(x > 0.5, 2, -2)*cos(2*x)*(1 + t^2)' }] }, 'sin(2*x)*(1 + t^2)', [33], 4, 4],
    ['three dimensions', { bounds: [unit, unit, [0, 2]], periodic: [false, false, true], rows: ['u_xy + u_zz + u_yz'], boundary: [{ data: 'exp(x - y)*sin(pi*z)' }] }, 'exp(x - y)*sin(pi*z)', [9, 10, 16], 4, 4],
    ['a disk with a hole', { bounds: [[-1, 1], [-1, 1]], rows: ['u_x + u_y'], geometry: disk, boundary: [{ data: wave }] }, wave, [41, 41], 2, 2],
    ['a disk with a hole', { bounds: [[-1, 1], [-1, 1]], rows: ['u_x + u_y + u_xx + u_yy'], geometry: disk, boundary: [{ data: wave }] }, wave, [61, 61], 4, 4],
    ['a slanted polygon', { bounds: [[-1, 1], [-1, 1]], rows: ['u_x + u_y'], geometry: { outer: { kind: 'polygon', points: [[-1, -0.9], [0.8, -1], [1, 0.3], [0.1, 1]] }, holes: [] }, boundary: [{ data: wave }] }, wave, [65, 65], 2, 2],
    ['a mask', { bounds: [[-1, 1], [-1, 1]], rows: ['u_x + u_yy'], geometry: { outer: { kind: 'box' }, holes: [], where: 'x + y^2 < 0.7' }, boundary: [{ data: wave }] }, wave, [49, 49], 4, 4],
  ])('%s', (_name, text, exact, coarse, accuracy, least) => {
    const orders = order(text, exact, coarse, accuracy)
    for (const observed of orders.filter(value => !Number.isNaN(value))) expect(observed).toBeGreaterThan(least - 0.35)
  })

  it('takes Neumann conditions on sides of an L-shape along the grid, and refuses them on a circle', () => {
    const points: [number, number][] = [[-1, -1], [1, -1], [1, 0], [0, 0], [0, 1], [-1, 1]]
    const boundary = [{ data: wave }, { where: 'x > 0 and x < 0.99 and y > -0.5', normal: '1', data: `0.5*${wave}` }]
    const orders = order({ bounds: [[-1, 1], [-1, 1]], rows: ['u_y + u_yy'], geometry: { outer: { kind: 'polygon', points }, holes: [] }, boundary }, wave, [33, 33], 4)
    for (const observed of orders) expect(observed).toBeGreaterThan(3.6)
    expect(() => jetErrors({ bounds: [[-1, 1], [-1, 1]], rows: ['u_xx'], geometry: disk, boundary: [{ normal: '1', data: '0' }] }, wave, [33, 33], 2)).toThrow(/finite-element|dn\(u\)/)
  })
})
