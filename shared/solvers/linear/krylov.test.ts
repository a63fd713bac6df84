import { afterAll, describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import { createKrylov, type KrylovMethod } from './krylov/solver'
import { mapOf } from './map'
import { denseCopy, fivePoint, noise, relativeResidual } from './matrices.testing'
import { incompleteCholesky, incompleteLU } from './preconditioner/incomplete'
import { jacobi, ssor } from './preconditioner/pointwise'
import { asymmetry, createAssembler, multiply, sparseFromTriplets, transpose } from './sparse'

const kernels = readKernels()
const team = createSerialTeam({ kernels })
const within = <T>(work: () => T, on: Team = team): T => {
  const mark = on.arena.mark()
  try {
    return work()
  } finally {
    on.arena.release(mark)
  }
}
const threads = createThreadTeam({ threads: 3, kernels, budgetBytes: 2 ** 28, worthSharing: 0 })
afterAll(() => threads.dispose())

describe('a sparse matrix', () => {
  it('sums duplicates in order, transposes, and multiplies like its dense copy', () => {
    within(() => {
      const count = 400
      const place = (seed: number, range: number): Int32Array => Int32Array.from(noise(count, seed), value => Math.floor(((value + 1) / 2) * range))
      const rows = place(1, 13)
      const columns = place(2, 9)
      const values = noise(count, 3)
      const A = sparseFromTriplets(team.arena, 13, 9, { rows, columns, values })
      const dense = new Float64Array(13 * 9)
      rows.forEach((row, t) => (dense[row * 9 + columns[t]] += values[t]))
      expect(denseCopy(A)).toEqual(dense)
      const At = denseCopy(transpose(team.arena, A))
      expect(At.every((value, k) => value === dense[(k % 13) * 9 + Math.floor(k / 13)])).toBe(true)
      const x = team.arena.from(noise(9, 4))
      const y = team.arena.f64(13)
      multiply(team, A, x.pointer, y.pointer)
      y.view().forEach((value, i) => expect(value).toBeCloseTo(x.view().reduce((sum, xj, j) => sum + dense[i * 9 + j] * xj, 0), 13))
      const assembler = createAssembler(13, 9, rows, columns)
      const again = assembler.matrix(team.arena)
      assembler.assemble(values, again)
      assembler.assemble(values.map(value => 2 * value), again)
      expect(denseCopy(again)).toEqual(dense.map(value => 2 * value))
    })
  })

  it('measures asymmetry, also of the pattern', () => {
    within(() => {
      expect(asymmetry(team.arena, fivePoint(team.arena, 6))).toBe(0)
      expect(asymmetry(team.arena, fivePoint(team.arena, 6, { velocity: [1, 0] }))).toBeGreaterThan(1e-3)
      expect(asymmetry(team.arena, sparseFromTriplets(team.arena, 2, 2, { rows: [0, 1, 0], columns: [0, 1, 1], values: [1, 1, 1] }))).toBe(1)
    })
  })

  it('has the same bits on one thread and on three, Krylov iterations included', async () => {
    await threads.ready
    const solve = (on: Team): Float64Array => within(() => {
      const A = fivePoint(on.arena, 80, { velocity: [30, -20] })
      const b = on.arena.from(noise(A.rows))
      const x = on.arena.f64(A.rows)
      createKrylov(on, { method: 'gmres', map: mapOf(on, A), preconditioner: jacobi(on, A) }).solve(b, x, { maximumIterations: 50 })
      createKrylov(on, { method: 'bicgstab', map: mapOf(on, A) }).solve(b, x, { maximumIterations: 20 })
      return x.view().slice()
    }, on)
    expect(solve(threads)).toEqual(solve(team))
  })
})

const shifted = (n: number) => fivePoint(team.arena, n, { shift: -300 })
const systems: [KrylovMethod, string, () => ReturnType<typeof fivePoint>][] = [
  ['cg', 'positive definite', () => fivePoint(team.arena, 31, { coefficient: (x, y) => 1 + 100 * x * y })],
  ['minres', 'positive definite', () => fivePoint(team.arena, 31)],
  ['minres', 'indefinite', () => shifted(31)],
  ['gmres', 'advective', () => fivePoint(team.arena, 31, { velocity: [40, 20] })],
  ['fgmres', 'advective', () => fivePoint(team.arena, 31, { velocity: [40, 20] })],
  ['bicgstab', 'advective', () => fivePoint(team.arena, 31, { velocity: [40, 20] })],
]

describe('Krylov methods', () => {
  it.each(systems)('%s solves a system that is %s, and reports the residual it reached', (method, _, make) => {
    within(() => {
      const A = make()
      const b = team.arena.from(noise(A.rows))
      const x = team.arena.f64(A.rows)
      const report = createKrylov(team, { method, map: mapOf(team, A), restart: 60 }).solve(b, x, { tolerance: 1e-9, maximumIterations: 2000 })
      expect(report.stopped).toBe('tolerance')
      expect(report.residuals).toHaveLength(report.iterations + 1)
      expect(relativeResidual(A, x, b)).toBeLessThan(1.0001e-9)
      expect(relativeResidual(A, x, b) / report.residual).toBeCloseTo(1, 3)
    })
  })

  it('needs fewer iterations with every better preconditioner', () => {
    within(() => {
      const A = fivePoint(team.arena, 63, { coefficient: (x, y) => (x > 0.5 !== y > 0.5 ? 100 : 1) })
      const b = team.arena.from(noise(A.rows))
      const count = [undefined, jacobi(team, A), ssor(team, A), incompleteCholesky(team, A)].map(preconditioner => {
        const x = team.arena.f64(A.rows)
        const report = createKrylov(team, { method: 'cg', map: mapOf(team, A), preconditioner }).solve(b, x, { tolerance: 1e-8, maximumIterations: 5000 })
        expect(report.converged).toBe(true)
        return report.iterations
      })
      expect(count).toEqual([...count].sort((a, c) => c - a))
      expect(count[3]).toBeLessThan(0.3 * count[0])
      const U = fivePoint(team.arena, 63, { velocity: [100, 30] })
      const [plain, ilu] = [undefined, incompleteLU(team, U)].map(preconditioner => createKrylov(team, { method: 'bicgstab', map: mapOf(team, U), preconditioner }).solve(b, team.arena.f64(U.rows)).iterations)
      expect(ilu).toBeLessThan(0.4 * plain)
    })
  })

  it('MINRES with a preconditioner reports the Euclidean residual of every iteration', () => {
    within(() => {
      const A = shifted(24)
      const P = fivePoint(team.arena, 24)
      const b = team.arena.from(noise(A.rows))
      const solver = createKrylov(team, { method: 'minres', map: mapOf(team, A), preconditioner: incompleteCholesky(team, P) })
      for (const steps of [1, 2, 7, 20]) {
        const x = team.arena.f64(A.rows)
        const report = solver.solve(b, x, { maximumIterations: steps + 5, tolerance: 1e-14 })
        const y = team.arena.f64(A.rows)
        const short = solver.solve(b, y, { maximumIterations: steps, tolerance: 1e-14 })
        expect(report.residuals[steps] / short.residual).toBeCloseTo(1, 6)
      }
    })
  })

  it('conjugate gradients name an indefinite operator', () => {
    within(() => {
      const A = shifted(20)
      const solver = createKrylov(team, { method: 'cg', map: mapOf(team, A) })
      try {
        solver.solve(team.arena.from(noise(A.rows)), team.arena.f64(A.rows))
        expect.unreachable()
      } catch (reason) {
        expect((reason as FaultError).faults[0].code).toBe('indefinite-operator')
      }
    })
  })

  it('marks what it cannot solve: a right-hand side outside the range, too few iterations', () => {
    within(() => {
      const A = sparseFromTriplets(team.arena, 3, 3, { rows: [0, 0, 1, 1, 1, 2, 2], columns: [0, 1, 0, 1, 2, 1, 2], values: [1, -1, -1, 2, -1, -1, 1] })
      for (const method of ['cg', 'minres', 'gmres', 'bicgstab'] as const) {
        const report = createKrylov(team, { method, map: mapOf(team, A) }).solve(team.arena.from([1, 1, 1]), team.arena.f64(3), { maximumIterations: 5000 })
        expect(report.converged).toBe(false)
        expect(report.iterations).toBeLessThan(5000)
      }
      const B = fivePoint(team.arena, 40)
      const report = createKrylov(team, { method: 'cg', map: mapOf(team, B) }).solve(team.arena.from(noise(1600)), team.arena.f64(1600), { maximumIterations: 7 })
      expect([report.stopped, report.iterations, report.converged]).toEqual(['iterations', 7, false])
    })
  })

  it('stops when the run is cancelled', () => {
    within(() => {
      const A = fivePoint(team.arena, 40)
      let calls = 0
      const run = { throwIfCancelled: () => {
        if (++calls === 3) throw new Error('stopped')
      } }
      expect(() => createKrylov(team, { method: 'cg', map: mapOf(team, A) }).solve(team.arena.from(noise(1600)), team.arena.f64(1600), { run })).toThrow('stopped')
    })
  })
})
