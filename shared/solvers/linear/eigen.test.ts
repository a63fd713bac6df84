import { describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { solveEigen, type EigenPairs } from './eigen/solve'
import { fivePoint, sevenPoint } from './matrices.testing'
import { multiply, sparseFromTriplets, type SparseMatrix } from './sparse'

const team = createSerialTeam({ kernels: readKernels() })
const within = <T>(work: () => T): T => {
  const mark = team.arena.mark()
  try {
    return work()
  } finally {
    team.arena.release(mark)
  }
}
/** Eigenvalues of the difference matrix on n inner nodes per axis. */
const line = (n: number): number[] => Array.from({ length: n }, (_, i) => 4 * Math.sin(((i + 1) * Math.PI) / (2 * (n + 1))) ** 2)
const sorted = (values: number[]): number[] => values.sort((a, b) => a - b)
const plane = (n: number): number[] => sorted(line(n).flatMap(a => line(n).map(b => a + b)))
const space = (n: number): number[] => sorted(line(n).flatMap(a => line(n).flatMap(b => line(n).map(c => a + b + c))))

function expectOrthonormal({ vectors }: EigenPairs, mass?: SparseMatrix): void {
  const b = team.arena.f64(vectors[0].length)
  vectors.forEach((x, i) => {
    if (mass) multiply(team, mass, x.pointer, b.pointer)
    else b.view().set(x.view())
    vectors.forEach((y, j) => expect(y.view().reduce((sum, value, k) => sum + value * b.view()[k], 0)).toBeCloseTo(i === j ? 1 : 0, 8))
  })
}

describe.each(['lanczos', 'lobpcg'] as const)('%s', method => {
  it('finds the smallest eigenvalues of the square with their multiplicities', () => {
    within(() => {
      const pairs = solveEigen(team, { matrix: fivePoint(team.arena, 40), count: 12, method, tolerance: 1e-8 })
      expect(pairs.converged).toBe(true)
      const exact = plane(40)
      pairs.values.forEach((value, k) => expect(value / exact[k]).toBeCloseTo(1, 10))
      expect(Math.max(...pairs.residuals)).toBeLessThan(2e-8)
      expectOrthonormal(pairs)
    })
  })

  it('finds triple and sixfold eigenvalues of the cube', () => {
    within(() => {
      const pairs = solveEigen(team, { matrix: sevenPoint(team.arena, 9), count: 17, method })
      expect(pairs.converged).toBe(true)
      const exact = space(9)
      pairs.values.forEach((value, k) => expect(value / exact[k]).toBeCloseTo(1, 9))
    })
  })

  it('takes a mass matrix', () => {
    within(() => {
      // Linear elements on a line: K = tridiag(−1, 2, −1)/h, M = h tridiag(1, 4, 1)/6.
      const n = 60
      const h = 1 / (n + 1)
      const tri = (side: number, middle: number): SparseMatrix => {
        const rows: number[] = []
        const columns: number[] = []
        const values: number[] = []
        for (let i = 0; i < n; i++) {
          for (let j = Math.max(0, i - 1); j <= Math.min(n - 1, i + 1); j++) {
            rows.push(i)
            columns.push(j)
            values.push(i === j ? middle : side)
          }
        }
        return sparseFromTriplets(team.arena, n, n, { rows, columns, values })
      }
      const mass = tri(h / 6, (4 * h) / 6)
      const pairs = solveEigen(team, { matrix: tri(-1 / h, 2 / h), mass, count: 5, method })
      pairs.values.forEach((value, k) => {
        const c = Math.cos((k + 1) * Math.PI * h)
        expect(value).toBeCloseTo((6 / (h * h)) * ((1 - c) / (2 + c)), 6)
      })
      expectOrthonormal(pairs, mass)
    })
  })

  it('finds all of a matrix with fewer rows than asked for', () => {
    within(() => {
      const pairs = solveEigen(team, { matrix: fivePoint(team.arena, 3), count: 20, method })
      expect(pairs.values).toHaveLength(9)
      plane(3).forEach((value, k) => expect(pairs.values[k]).toBeCloseTo(value, 10))
    })
  })
})

it('Lanczos finds eigenvalues inside the spectrum, on both sides of the shift', () => {
  within(() => {
    const shift = 3.1
    const pairs = solveEigen(team, { matrix: fivePoint(team.arena, 20), count: 6, shift, method: 'lanczos' })
    const exact = plane(20).sort((a, b) => Math.abs(a - shift) - Math.abs(b - shift)).slice(0, 6).sort((a, b) => a - b)
    pairs.values.forEach((value, k) => expect(value).toBeCloseTo(exact[k], 10))
  })
})

it('LOBPCG needs about the same number of iterations on finer grids, and starts from given vectors', () => {
  within(() => {
    const [coarse, fine] = [32, 96].map(n => solveEigen(team, { matrix: fivePoint(team.arena, n), count: 4, method: 'lobpcg', tolerance: 1e-6 }))
    expect(fine.iterations).toBeLessThan(coarse.iterations + 8)
    expect(fine.iterations).toBeLessThan(25)
    const again = solveEigen(team, { matrix: fivePoint(team.arena, 96), count: 4, method: 'lobpcg', tolerance: 1e-5, start: fine.vectors.map(x => x.view()) })
    expect(again.iterations).toBeLessThan(fine.iterations / 2)
  })
})
