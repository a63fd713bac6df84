import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import type { Field } from '../../../fields/field'
import { createSerialTeam } from '../../../kernels/serial-team'
import type { Hole } from '../../../problems/geometry'
import { quietRun } from '../../time/solving.testing'
import { systemOf, type SystemText } from '../system.testing'
import { solveSystem } from './solve'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const data = '../shared/data'

function solve(text: SystemText, resolution: readonly number[], options: Record<string, unknown> = {}): Field {
  const solution = solveSystem({ problem: systemOf(text), resolution, times: new Float64Array(0), options, libm }, team, quietRun())
  expect(solution.converged).toBe(true)
  return solution.fields[0] as Field
}

/** Bilinear value at a point; undefined where a corner of its cell is outside the domain. */
function valueAt({ grid: { axes: [ax, ay] }, values }: Field, x: number, y: number): number | undefined {
  const n = ax.coordinates.length
  const place = (axis: typeof ax, at: number): [number, number] => {
    const s = ((at - axis.lower) / (axis.upper - axis.lower)) * (axis.coordinates.length - 1)
    const i = Math.min(axis.coordinates.length - 2, Math.max(0, Math.floor(s)))
    return [i, s - i]
  }
  const [[i, s], [j, t]] = [place(ax, x), place(ay, y)]
  const at = j * n + i
  const value = (1 - t) * ((1 - s) * values[at] + s * values[at + 1]) + t * ((1 - s) * values[at + n] + s * values[at + n + 1])
  return Number.isNaN(value) ? undefined : value
}

function relative(pairs: readonly (readonly [number, number])[]): number {
  let [difference, size] = [0, 0]
  for (const [a, b] of pairs) {
    difference += (a - b) * (a - b)
    size += b * b
  }
  return Math.sqrt(difference / size)
}

function npy(path: string): Float64Array {
  const bytes = readFileSync(path)
  const header = bytes.readUInt16LE(8)
  const text = bytes.toString('latin1', 10, 10 + header)
  const body = bytes.subarray(10 + header)
  return text.includes("'<f4'") ? Float64Array.from(new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length))) : new Float64Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length))
}

const holes = (offset: number, radius: number): Hole[] => [-1, 1].flatMap(i => [-1, 1].map(j => ({ kind: 'ball' as const, center: [i * offset, j * offset], radius })))
const withHoles = (half: number, offset: number, radius: number): SystemText => ({
  bounds: [[-half, half], [-half, half]], rows: ['u_xx + u_yy'], geometry: { outer: { kind: 'box' }, holes: holes(offset, radius) }, boundary: [{ on: ['left', 'right', 'bottom', 'top'], data: '1' }, { on: ['holes'], data: '0' }],
})
const corner: SystemText = { bounds: [[-1, 1], [-1, 1]], rows: ['-u_xx - u_yy + u - 1'], geometry: { outer: { kind: 'polygon', points: [[-1, -1], [1, -1], [1, 0], [0, 0], [0, 1], [-1, 1]] }, holes: [] }, boundary: [{ data: '0' }] }

describe('domains inside a box', () => {
  it('meets order 2 on an annulus with the exact solution log r, and order 4 with a smooth one', () => {
    const ring = (order: 2 | 4, n: number): number => {
      const text: SystemText = {
        bounds: [[-1, 1], [-1, 1]], rows: ['-u_xx - u_yy'], geometry: { outer: { kind: 'ball', center: [0, 0], radius: 1 }, holes: [{ kind: 'ball', center: [0, 0], radius: 0.35 }] },
        boundary: [{ data: '0' }, { on: ['holes'], data: 'log(0.35)' }],
      }
      const { values, grid } = solve(text, [n, n], { order })
      const x = grid.axes[0].coordinates
      return values.reduce((most, value, at) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value - Math.log(Math.hypot(x[at % n], x[Math.floor(at / n)]))))), 0)
    }
    const second = [33, 65, 129].map(n => ring(2, n))
    expect(Math.abs(Math.log2(second[0] / second[2]) / 2 - 2)).toBeLessThan(0.3)
    const fourth = [33, 65, 129].map(n => ring(4, n))
    expect(Math.log2(fourth[0] / fourth[2]) / 2).toBeGreaterThan(3.6)
    if (process.env.SHOW) console.log(second, fourth)
  })

  it.skipIf(!existsSync(`${data}/pinnacle/poisson1_cg_data.dat`))('agrees with the reference of a square with four holes to 1e-3', () => {
    const points = readFileSync(`${data}/pinnacle/poisson1_cg_data.dat`, 'latin1').split('\n').filter(line => line.trim() !== '' && !line.startsWith('%')).map(line => line.trim().split(/\s+/).map(Number))
    const field = solve(withHoles(0.5, 0.3, 0.1), [257, 257])
    const pairs = points.flatMap(([x, y, u]) => {
      const value = valueAt(field, x, y)
      return value === undefined ? [] : [[value, u] as const]
    })
    if (process.env.SHOW) console.log(pairs.length, points.length, relative(pairs))
    expect(pairs.length).toBeGreaterThan(0.8 * points.length)
    expect(relative(pairs)).toBeLessThan(1e-3)
  })

  it.skipIf(!existsSync(`${data}/hypino/poisson_L/reference_solution.npy`))('agrees with the reference of an L-shape to 1e-3, on its own nodes and by refinement', () => {
    const [reference, inside] = [npy(`${data}/hypino/poisson_L/reference_solution.npy`), npy(`${data}/hypino/poisson_L/domain_mask.npy`)]
    const n = 224
    // Row 0 is y = +1, and the corner that is cut out is the one where x > 0 and y > 0.
    const compare = (field: Field): number => relative([...reference].flatMap((value, k) => {
      const [x, y] = [-1 + (2 * (k % n)) / (n - 1), 1 - (2 * Math.floor(k / n)) / (n - 1)]
      const ours = inside[k] !== 0 ? valueAt(field, x, y) : undefined
      return ours === undefined ? [] : [[ours, value] as const]
    }))
    const errors = [129, 257].map(nodes => compare(solve(corner, [nodes, nodes])))
    if (process.env.SHOW) console.log('L', errors)
    expect(errors[1]).toBeLessThan(1e-3)
    expect(errors[1]).toBeLessThan(errors[0])
  })

  it.skipIf(!existsSync(`${data}/hypino/poisson_C/reference_solution.npy`))('agrees with a coarse reference of a square with four larger holes to 1e-2', () => {
    const [reference, inside] = [npy(`${data}/hypino/poisson_C/reference_solution.npy`), npy(`${data}/hypino/poisson_C/domain_mask.npy`)]
    const n = 224
    const field = solve(withHoles(1, 0.6, 0.2), [257, 257])
    const error = relative([...reference].flatMap((value, k) => {
      const ours = inside[k] !== 0 ? valueAt(field, -1 + (2 * (k % n)) / (n - 1), 1 - (2 * Math.floor(k / n)) / (n - 1)) : undefined
      return ours === undefined ? [] : [[ours, value] as const]
    }))
    if (process.env.SHOW) console.log('C', error)
    expect(error).toBeLessThan(1e-2)
  })
})
