import { describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { createKrylov } from './krylov/solver'
import { mapOf } from './map'
import { denseCopy, fivePoint, noise, sevenPoint } from './matrices.testing'
import { algebraicMultigrid } from './preconditioner/algebraic'
import { multiplySparse } from './product'
import { sparseFromTriplets, type SparseMatrix } from './sparse'

const team = createSerialTeam({ kernels: readKernels() })

function iterations(A: SparseMatrix): number {
  const b = team.arena.from(noise(A.rows))
  const x = team.arena.f64(A.rows)
  const report = createKrylov(team, { method: 'cg', map: mapOf(team, A), preconditioner: algebraicMultigrid(team, A) }).solve(b, x, { tolerance: 1e-8 })
  expect(report.converged).toBe(true)
  return report.iterations
}

describe('the sparse product', () => {
  it('is the product of the dense copies', () => {
    const random = (rows: number, columns: number, seed: number): SparseMatrix => {
      const values = noise(60, seed)
      return sparseFromTriplets(team.arena, rows, columns, { rows: values.map(v => Math.floor(((v + 1) / 2) * rows)), columns: noise(60, seed + 1).map(v => Math.floor(((v + 1) / 2) * columns)), values })
    }
    const [A, B] = [random(9, 12, 1), random(12, 7, 5)]
    const [a, b, c] = [denseCopy(A), denseCopy(B), denseCopy(multiplySparse(team.arena, A, B))]
    c.forEach((value, at) => {
      let sum = 0
      for (let k = 0; k < 12; k++) sum += a[Math.floor(at / 7) * 12 + k] * b[k * 7 + (at % 7)]
      expect(value).toBeCloseTo(sum, 13)
    })
  })
})

describe('smoothed aggregation', () => {
  it('needs few iterations, hardly more on finer grids, in two and three dimensions', () => {
    const mark = team.arena.mark()
    const plane = [32, 64, 128].map(n => iterations(fivePoint(team.arena, n)))
    expect(plane[2]).toBeLessThan(26)
    expect(plane[2] - plane[0]).toBeLessThan(9)
    const space = [12, 24].map(n => iterations(sevenPoint(team.arena, n)))
    expect(space[1]).toBeLessThan(18)
    team.arena.release(mark)
  })

  it('stands jumps of the coefficient and strong anisotropy', () => {
    const mark = team.arena.mark()
    const jumps = (contrast: number) => fivePoint(team.arena, 80, { coefficient: (x, y) => ((Math.floor(x * 7) + Math.floor(y * 5)) % 2 ? contrast : 1) })
    expect(iterations(jumps(1e6))).toBeLessThan(60)
    team.arena.release(mark)
  })
})
