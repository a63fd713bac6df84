import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import type { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Team } from '../../kernels/team'
import { factorCholesky, factorLU } from './dense/factor'
import { denseMatrix, multiplyDense, transposeDense, type DenseMatrix } from './dense/matrix'
import { factorQr, orthonormalFactor } from './dense/qr'
import { singularValues } from './dense/svd'
import { symmetricEigen } from './dense/symmetric-eigen'
import { noise } from './matrices.testing'

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
const random = (rows: number, columns: number, seed = 1, on: Team = team): DenseMatrix => denseMatrix(on.arena, rows, columns, noise(rows * columns, seed))
function symmetric(n: number, seed: number, on: Team = team): DenseMatrix {
  const values = noise(n * n, seed)
  return denseMatrix(on.arena, n, n, values.map((_, k) => values[Math.max(k, (k % n) * n + Math.floor(k / n))]))
}
const copy = (a: DenseMatrix, on: Team = team): DenseMatrix => denseMatrix(on.arena, a.rows, a.columns, a.block.view())
const at = (a: DenseMatrix): Float64Array => a.block.view()
/** Largest element of a − b. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.prototype.reduce.call(a, (most: unknown, value: unknown, k: number) => Math.max(most as number, Math.abs((value as number) - b[k])), 0) as number
const identity = (n: number): Float64Array => Float64Array.from({ length: n * n }, (_, k) => (k % n === Math.floor(k / n) ? 1 : 0))
function times(a: DenseMatrix, b: DenseMatrix, on: Team = team): DenseMatrix {
  const c = denseMatrix(on.arena, a.rows, b.columns)
  multiplyDense(on, a, b, c)
  return c
}
function flipped(a: DenseMatrix): DenseMatrix {
  const b = denseMatrix(team.arena, a.columns, a.rows)
  transposeDense(team, a, b)
  return b
}

const sizes = [1, 2, 3, 5, 31, 32, 33, 70, 131]

describe('dense matrices', () => {
  it.each([[1, 1, 1], [3, 5, 7], [4, 4, 4], [33, 17, 300], [130, 131, 67]])('multiplies %i × (%i inner %i) like three loops', (m, n, k) => {
    within(() => {
      const [a, b, c] = [random(m, k, 1), random(k, n, 2), random(m, n, 3)]
      const expected = at(c).map((value, place) => {
        let sum = 0
        for (let l = 0; l < k; l++) sum += at(a)[Math.floor(place / n) * k + l] * at(b)[l * n + (place % n)]
        return 0.5 * value - 2 * sum
      })
      multiplyDense(team, a, b, c, -2, 0.5)
      expect(distance(at(c), expected)).toBeLessThan(1e-13 * Math.sqrt(k))
    })
  })

  it.each(sizes)('factors by Cholesky and LU, and solves: n = %i', n => {
    within(() => {
      const b = random(n, 3, 9)
      const general = random(n, n, 4)
      const x = copy(b)
      factorLU(team, copy(general)).solve(x)
      const size = Math.max(1, ...at(x).map(Math.abs))
      expect(distance(at(times(general, x)), at(b))).toBeLessThan(1e-14 * n * size)
      const square = times(general, flipped(general))
      at(square).forEach((_, k, all) => (all[k] += k % n === Math.floor(k / n) ? 0.1 : 0))
      const y = copy(b)
      factorCholesky(team, copy(square)).solve(y)
      expect(distance(at(times(square, y)), at(b))).toBeLessThan(1e-13 * n * Math.max(1, ...at(y).map(Math.abs)))
    })
  })

  it.each([[1, 1], [5, 3], [40, 33], [100, 64], [90, 90]])('QR of %i × %i: orthonormal columns, triangle, least squares', (m, n) => {
    within(() => {
      const a = random(m, n, 5)
      const q = orthonormalFactor(team, copy(a))
      expect(distance(at(times(flipped(q), q)), identity(n))).toBeLessThan(1e-14 * Math.sqrt(n) * 4)
      const r = times(flipped(q), a)
      expect(distance(at(times(q, r)), at(a))).toBeLessThan(1e-14 * n)
      at(r).forEach((value, k) => k % n < Math.floor(k / n) && expect(Math.abs(value)).toBeLessThan(1e-14 * n))
      const b = random(m, 2, 7)
      const x = copy(b)
      factorQr(team, copy(a)).solve(x)
      const solution = denseMatrix(team.arena, n, 2, at(x).slice(0, 2 * n))
      const rest = denseMatrix(team.arena, m, 2, at(b))
      multiplyDense(team, a, solution, rest, -1, 1)
      expect(distance(at(times(flipped(a), rest)), new Float64Array(2 * n))).toBeLessThan(1e-12 * n * Math.max(1, ...at(solution).map(Math.abs)))
    })
  })

  it.each(sizes)('symmetric eigenvalues: A V = V Λ, orthonormal V: n = %i', n => {
    within(() => {
      const a = symmetric(n, 6)
      const { values, vectors } = symmetricEigen(team, copy(a))
      expect([...values]).toEqual([...values].sort((p, q) => p - q))
      expect(distance(at(times(vectors, flipped(vectors))), identity(n))).toBeLessThan(3e-14 * Math.sqrt(n))
      const product = times(vectors, a)
      expect(distance(at(product), at(vectors).map((value, k) => value * values[Math.floor(k / n)]))).toBeLessThan(2e-14 * n)
    })
  })

  it('finds equal eigenvalues with orthogonal vectors', () => {
    within(() => {
      const { values, vectors } = symmetricEigen(team, denseMatrix(team.arena, 6, 6, identity(6).map((value, k) => value + (k < 36 ? 1 : 0))))
      expect(distance(values, [1, 1, 1, 1, 1, 7])).toBeLessThan(1e-14)
      expect(distance(at(times(vectors, flipped(vectors))), identity(6))).toBeLessThan(1e-14)
    })
  })

  it.each([[1, 1], [4, 2], [33, 20], [64, 64], [120, 75]])('singular values of %i × %i: A = U Σ Vᵀ, orthonormal U and V', (m, n) => {
    within(() => {
      const a = random(m, n, 8)
      const { values, left, right } = singularValues(team, copy(a))
      expect(distance(at(times(left, flipped(left))), identity(n))).toBeLessThan(1e-13)
      expect(distance(at(times(right, flipped(right))), identity(n))).toBeLessThan(1e-13)
      const scaled = copy(right)
      at(scaled).forEach((_, k, all) => (all[k] *= values[Math.floor(k / n)]))
      expect(distance(at(times(flipped(left), scaled)), at(a))).toBeLessThan(1e-13 * Math.sqrt(n))
    })
  })

  it('finds tiny singular values with all their digits, and zeros with orthonormal vectors', () => {
    within(() => {
      // Columns graded over 30 decades: one-sided Jacobi sees each relative to itself.
      const n = 6
      const q = orthonormalFactor(team, random(n, n, 3))
      const grades = Float64Array.from({ length: n }, (_, i) => 10 ** (-6 * i))
      const a = denseMatrix(team.arena, n, n, at(q).map((value, k) => value * grades[k % n]))
      const { values } = singularValues(team, a)
      values.forEach((value, i) => expect(value / grades[i]).toBeCloseTo(1, 12))
      const rankOne = denseMatrix(team.arena, 5, 4, Float64Array.from({ length: 20 }, (_, k) => (1 + Math.floor(k / 4)) * (2 + (k % 4))))
      const { values: few, right } = singularValues(team, rankOne)
      expect(few[1]).toBeLessThan(1e-14 * few[0])
      expect(distance(at(times(right, flipped(right))), identity(4))).toBeLessThan(1e-12)
    })
  })

  it('has the same bits on one thread and on two', async () => {
    await threads.ready
    const all = (on: Team): number[] => within(() => {
      const a = random(150, 140, 2, on)
      const eigen = symmetricEigen(on, symmetric(140, 3, on))
      const svd = singularValues(on, copy(a, on))
      const b = random(140, 5, 4, on)
      factorLU(on, random(140, 140, 9, on)).solve(b)
      return [...eigen.values, ...at(eigen.vectors), ...svd.values, ...at(svd.left), ...at(b), ...at(times(a, b, on)), ...at(orthonormalFactor(on, copy(a, on)))]
    }, on)
    expect(all(threads)).toEqual(all(team))
  })

  it('refuses indefinite and singular matrices', () => {
    const codeOf = (work: () => unknown): string => within(() => {
      try {
        work()
      } catch (reason) {
        return (reason as FaultError).faults[0].code
      }
      return 'none'
    })
    expect(codeOf(() => factorCholesky(team, denseMatrix(team.arena, 2, 2, [1, 2, 2, 1])))).toBe('indefinite-operator')
    expect(codeOf(() => factorLU(team, denseMatrix(team.arena, 2, 2, [1, 2, 0, 0])))).toBe('singular-matrix')
    expect(codeOf(() => symmetricEigen(team, denseMatrix(team.arena, 3, 3, [1, NaN, 2, NaN, 1, 0, 2, 0, 1])))).toBe('not-converged')
  })

  const python = spawnSync('/usr/bin/python3', ['-c', 'import numpy'])
  it.skipIf(python.status !== 0)('agrees with NumPy on eigenvalues and singular values (skips where NumPy is missing)', () => {
    within(() => {
      const n = 60
      const [a, s] = [random(80, n, 11), symmetric(n, 12)]
      const script = 'import json,sys,numpy as np\nd=json.load(sys.stdin)\nprint(json.dumps([np.linalg.eigvalsh(np.array(d["s"]).reshape(60,60)).tolist(), np.linalg.svd(np.array(d["a"]).reshape(80,60),compute_uv=False).tolist()]))'
      const { stdout } = spawnSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify({ a: [...at(a)], s: [...at(s)] }), encoding: 'utf8' })
      const [eigenvalues, singular] = JSON.parse(stdout) as number[][]
      expect(distance(symmetricEigen(team, s).values, eigenvalues)).toBeLessThan(1e-13 * n)
      expect(distance(singularValues(team, a).values, singular)).toBeLessThan(1e-13 * n)
    })
  })
})
