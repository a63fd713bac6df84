import { afterAll, describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import { createDirect } from './direct/direct'
import { graphOf } from './direct/graph'
import { minimumDegree } from './direct/minimum-degree'
import { analyse, estimate } from './direct/symbolic'
import { fivePoint, noise, relativeResidual, sevenPoint } from './matrices.testing'
import { sparseFromTriplets, type SparseMatrix } from './sparse'

const kernels = readKernels()
const team = createSerialTeam({ kernels })
const threads = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28, worthSharing: 0 })
afterAll(() => threads.dispose())
const within = <T>(work: () => T, on: Team = team): T => {
  const mark = on.arena.mark()
  try {
    return work()
  } finally {
    on.arena.release(mark)
  }
}

/** A matrix of random places and values with a permuted strong part, so that it is regular and its diagonal is mostly zero. */
function scattered(n: number, perRow: number, seed: number): SparseMatrix {
  const random = noise(3 * n * perRow, seed)
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < perRow; k++) {
      rows.push(i)
      columns.push(k === 0 ? (13 * i + 3) % n : Math.floor(((random[3 * (i * perRow + k)] + 1) / 2) * n))
      values.push((k === 0 ? 4 : 1) * random[3 * (i * perRow + k) + 1] * 10 ** Math.round(3 * random[3 * i + 2]))
    }
  }
  return sparseFromTriplets(team.arena, n, n, { rows, columns, values })
}

/** [A Bᵀ; B 0]: the five-point matrix with as many constraints as rows of nodes, zero diagonal there. */
function saddle(n: number): SparseMatrix {
  const A = fivePoint(team.arena, n)
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  const [starts, numbers, entries] = [A.starts(), A.columnNumbers(), A.values.view()]
  for (let i = 0; i < A.rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      rows.push(i)
      columns.push(numbers[e])
      values.push(entries[e])
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      rows.push(A.rows + i, i * n + j)
      columns.push(i * n + j, A.rows + i)
      values.push(1 + 0.1 * j, 1 + 0.1 * j)
    }
  }
  return sparseFromTriplets(team.arena, A.rows + n, A.rows + n, { rows, columns, values })
}

function expectSolved(A: SparseMatrix, tolerance = 1e-12): ReturnType<typeof createDirect> {
  const direct = createDirect(team, A)
  const b = team.arena.from(noise(A.rows, 9))
  const x = team.arena.f64(A.rows)
  const { residual } = direct.solve(b, x)
  // Backward error: beside ‖A‖ ‖x‖, which jumping coefficients make much larger than ‖b‖.
  const largest = A.values.view().reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const size = (v: Float64Array): number => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0))
  const scale = Math.max(1, (largest * size(x.view())) / size(b.view()))
  expect(residual / scale).toBeLessThan(tolerance)
  expect(relativeResidual(A, x, b) / scale).toBeLessThan(tolerance)
  return direct
}

describe('minimum degree', () => {
  it('orders every unknown once, dense rows last, with a fill near that of nested dissection', () => {
    within(() => {
      const n = 60
      const graph = graphOf(fivePoint(team.arena, n))
      const order = minimumDegree(graph)
      expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()])
      const { entries } = estimate(analyse(graph, order), true)
      // Nested dissection on a square grid: 7.75 N log₂ √N to leading order (George 1973); natural order: N √N.
      expect(entries).toBeLessThan(7.75 * n * n * Math.log2(n))
      const S = saddle(40)
      const last = minimumDegree(graphOf(S)).slice(-40)
      expect([...last].every(i => i < 1640)).toBe(true)
    })
  })

  it('does not depend on chance: graphs with islands, cliques and stars', () => {
    within(() => {
      for (const n of [1, 2, 7, 40]) {
        const none = sparseFromTriplets(team.arena, n, n, { rows: [], columns: [], values: [] })
        expect([...minimumDegree(graphOf(none))].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
        const star = sparseFromTriplets(team.arena, n, n, { rows: Array(n).fill(0), columns: [...Array(n).keys()], values: Array(n).fill(1) })
        expect([...minimumDegree(graphOf(star))].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
        const rows = Array.from({ length: n * n }, (_, k) => Math.floor(k / n))
        const clique = sparseFromTriplets(team.arena, n, n, { rows, columns: rows.map((_, k) => k % n), values: rows.map(() => 1) })
        expect([...minimumDegree(graphOf(clique))].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
      }
    })
  })
})

describe('the direct solver', () => {
  it.each<[string, () => SparseMatrix, string]>([
    ['the five-point Laplacian', () => fivePoint(team.arena, 70), 'positive'],
    ['jumping coefficients', () => fivePoint(team.arena, 50, { coefficient: (x, y) => (Math.round(8 * x) + Math.round(8 * y)) % 2 ? 1e6 : 1 }), 'positive'],
    ['the seven-point Laplacian', () => sevenPoint(team.arena, 15), 'positive'],
    ['strong advection', () => fivePoint(team.arena, 50, { velocity: [4000, 1000] }), 'general'],
    ['an indefinite Helmholtz matrix', () => fivePoint(team.arena, 50, { shift: -2500 }), 'general'],
    ['a saddle point', () => saddle(30), 'general'],
    ['one unknown', () => sparseFromTriplets(team.arena, 1, 1, { rows: [0], columns: [0], values: [-3] }), 'general'],
  ])('solves %s', (_, make, kind) => {
    within(() => expect(expectSolved(make()).kind).toBe(kind))
  })

  it('delays pivots on matrices without a diagonal, and stays accurate', () => {
    let delayed = 0
    for (let seed = 1; seed <= 12; seed++) within(() => (delayed += expectSolved(scattered(40 * seed, 4, seed), 1e-10).delayed))
    expect(delayed).toBeGreaterThan(50)
  })

  it('factors again with new values on the same analysis', () => {
    within(() => {
      const A = fivePoint(team.arena, 20)
      const direct = createDirect(team, A)
      const used = team.arena.used
      A.values.view().forEach((value, e, all) => (all[e] = 3 * value))
      direct.factor()
      expect(team.arena.used).toBe(used)
      const b = team.arena.from(noise(A.rows))
      const x = team.arena.f64(A.rows)
      expect(direct.solve(b, x).residual).toBeLessThan(1e-14)
    })
  })

  it('counts negative eigenvalues', () => {
    within(() => {
      // Eigenvalues of the five-point matrix: 4 sin² + 4 sin²; shifted below zero by σh².
      const n = 17
      const h = 1 / (n + 1)
      const shift = 500
      const line = Array.from({ length: n }, (_, i) => 4 * Math.sin(((i + 1) * Math.PI * h) / 2) ** 2)
      const expected = line.flatMap(a => line.map(b => a + b)).filter(value => value < shift * h * h).length
      const direct = createDirect(team, fivePoint(team.arena, n, { shift: -shift }), { kind: 'symmetric' })
      expect(direct.negativePivots).toBe(expected)
    })
  })

  it('has the same bits on one thread and on two', async () => {
    await threads.ready
    const solve = (on: Team, velocity: [number, number]): Float64Array => within(() => {
      const A = fivePoint(on.arena, 160, { velocity })
      const x = on.arena.f64(A.rows)
      createDirect(on, A).solve(on.arena.from(noise(A.rows)), x)
      return x.view().slice()
    }, on)
    expect(solve(threads, [0, 0])).toEqual(solve(team, [0, 0]))
    expect(solve(threads, [50, 0])).toEqual(solve(team, [50, 0]))
  })

  it('refuses what it cannot do, in words', () => {
    const codeOf = (work: () => unknown): string => within(() => {
      try {
        work()
      } catch (reason) {
        return (reason as FaultError).faults[0].code
      }
      return 'none'
    })
    expect(codeOf(() => createDirect(team, fivePoint(team.arena, 20, { shift: -300 }), { kind: 'positive' }))).toBe('indefinite-operator')
    expect(codeOf(() => createDirect(team, saddle(10), { kind: 'symmetric' }))).toMatch(/weak-pivot|none/)
    expect(codeOf(() => createDirect(team, sparseFromTriplets(team.arena, 3, 3, { rows: [0, 1, 2, 2], columns: [0, 0, 0, 2], values: [1, 2, 3, 4] })))).toBe('singular-matrix')
    expect(codeOf(() => createDirect(team, sparseFromTriplets(team.arena, 2, 2, { rows: [0, 0, 1, 1], columns: [0, 1, 0, 1], values: [NaN, 1, 1, 1] })))).toBe('singular-matrix')
    expect(codeOf(() => createDirect(team, fivePoint(team.arena, 100), { limitBytes: 1e6 }))).toBe('out-of-memory')
  })
})
