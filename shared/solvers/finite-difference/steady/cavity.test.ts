import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import type { Field } from '../../../fields/field'
import { createSerialTeam } from '../../../kernels/serial-team'
import { quietRun } from '../../time/solving.testing'
import { systemOf, type SystemText } from '../system.testing'
import { solveSystem } from './solve'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const data = '../shared/data/pinnacle/lid_driven_a4.dat'

/** ν Δ²ψ = ψ_y (Δψ)_x − ψ_x (Δψ)_y, (u, v) = (ψ_y, −ψ_x), Re = 100, lid velocity 4x(1 − x). */
const stream: SystemText = {
  bounds: [[0, 1], [0, 1]], components: ['p'],
  rows: ['(p_xxxx + 2*p_xxyy + p_yyyy)/100 - p_y*(p_xxx + p_xyy) + p_x*(p_xxy + p_yyy)'],
  boundary: [{ data: '0' }, { normal: '1', data: '0' }, { on: ['top'], normal: '1', data: '4*x*(1 - x)' }],
}
/** The same as a system with the vorticity w, which has no condition of its own: the first equation holds on the walls too. */
const vorticity: SystemText = { ...stream, components: ['p', 'w'], rows: ['-p_xx - p_yy - w', '(w_xx + w_yy)/100 - p_y*w_x + p_x*w_y'] }

function solve(text: SystemText, n: number, order: 2 | 4): Field {
  const solution = solveSystem({ problem: systemOf(text), resolution: [n, n], times: new Float64Array(0), options: { order }, libm }, team, quietRun())
  expect(solution.converged).toBe(true)
  if (process.env.SHOW) console.log(n, order, solution.metrics, [...solution.arrays[0].values])
  return solution.fields[0] as Field
}

/** Weights of u(s) and u′(s) on six nodes beside s, in mesh widths. */
function lagrange(s: number, n: number): { readonly first: number; readonly value: number[]; readonly slope: number[] } {
  const first = Math.min(n - 6, Math.max(0, Math.floor(s) - 2))
  const nodes = [0, 1, 2, 3, 4, 5].map(k => first + k)
  const basis = (k: number, skip: number): number => nodes.reduce((product, node, m) => (m === k || m === skip ? product : (product * (s - node)) / (nodes[k] - node)), 1)
  return { first, value: nodes.map((_, k) => basis(k, -1)), slope: nodes.map((_, k) => nodes.reduce((sum, node, m) => (m === k ? sum : sum + basis(k, m) / (nodes[k] - node)), 0)) }
}

/** (ψ_y, −ψ_x) at a point, from the polynomial through 6 × 6 nodes. */
function velocityAt({ grid, values }: Field, x: number, y: number): [number, number] {
  const n = grid.axes[0].coordinates.length
  const [a, b] = [x, y].map(s => lagrange(s * (n - 1), n))
  let [u, v] = [0, 0]
  for (let j = 0; j < 6; j++) {
    for (let i = 0; i < 6; i++) {
      const psi = values[(b.first + j) * n + a.first + i] * (n - 1)
      u += a.value[i] * b.slope[j] * psi
      v -= a.slope[i] * b.value[j] * psi
    }
  }
  return [u, v]
}

describe.skipIf(!existsSync(data))('the lid-driven cavity at Re = 100', () => {
  const reference = existsSync(data) ? readFileSync(data, 'latin1').split('\n').filter(line => line.trim() !== '' && !line.startsWith('%')).map(line => line.trim().split(/\s+/).map(Number)) : []
  const distance = (field: Field): number => {
    let [difference, size] = [0, 0]
    for (const [x, y, u, v] of reference) {
      const [a, b] = velocityAt(field, x, y)
      difference += (a - u) * (a - u) + (b - v) * (b - v)
      size += u * u + v * v
    }
    return Math.sqrt(difference / size)
  }
  it.each<[string, SystemText, number, 2 | 4, number]>([
    ['stream function, order 4', stream, 97, 4, 1e-3],
    ['stream function and vorticity', vorticity, 65, 2, 5e-3],
  ])('has the velocity of the reference: %s', (_name, text, n, order, most) => {
    const error = distance(solve(text, n, order))
    if (process.env.SHOW) console.log('distance', error)
    expect(error).toBeLessThan(most)
  })
})
