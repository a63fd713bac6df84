import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createThreadTeam } from '../../../electron/engine/threads/team'
import { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import { Cancelled } from '../../kernels/team'
import { factorSvd } from '../../solvers/linear/dense/svd'
import { symmetricEigen } from '../../solvers/linear/dense/symmetric-eigen'
import { createRandom } from '../random'
import { dampedStep, gramOfColumns, gramOfRows, matrixOf, pivotedStep, solveDamped, timesTransposed, truncatedSvd, type Matrix } from '.'
import { inArena, released } from './matrix'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const threads = createThreadTeam({ threads: 2, kernels, budgetBytes: 2 ** 28, worthSharing: 0 })
afterAll(() => threads.dispose())
const random = createRandom(1, libm, 'matrices')
const python = spawnSync('/usr/bin/python3', ['-c', 'import numpy'], { encoding: 'utf8' }).status === 0

const noise = (rows: number, columns: number, stream: string | number = 0): Matrix => ({ rows, columns, values: random.child(stream).normal(rows * columns) })
const transposed = ({ rows, columns, values }: Matrix): Matrix => ({ rows: columns, columns: rows, values: values.map((_, k) => values[(k % rows) * columns + Math.floor(k / rows)]) })
function times(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++) for (let k = 0; k < a.columns; k++) for (let j = 0; j < b.columns; j++) values[i * b.columns + j] += a.values[i * a.columns + k] * b.values[k * b.columns + j]
  return { rows: a.rows, columns: b.columns, values }
}
const largest = (values: Iterable<number>): number => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0)
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => largest(Float64Array.from(a, (v, k) => v - b[k]))
/** ‖V Vᵀ − I‖ of orthonormal rows. */
const skewness = (v: Matrix): number => difference(times(v, transposed(v)).values, Float64Array.from({ length: v.rows ** 2 }, (_, k) => (k % (v.rows + 1) === 0 ? 1 : 0)))
/** A matrix with given singular values and random vectors. */
function withValues(rows: number, columns: number, values: ArrayLike<number>): Matrix {
  const u = released(team.arena, () => matrixOf(factorSvd(team, inArena(team.arena, noise(rows, values.length, 'left'))).left()))
  const v = released(team.arena, () => matrixOf(factorSvd(team, inArena(team.arena, noise(columns, values.length, 'right'))).left()))
  const scaled: Matrix = { ...v, values: v.values.map((x, k) => x * values[Math.floor(k / columns)]) }
  return times(transposed(u), scaled)
}
function numpy(program: string, matrix: Matrix): number[] {
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', `import sys, numpy as np\na = np.array(sys.stdin.read().split(), float).reshape(${matrix.rows}, ${matrix.columns})\nr = ${program}\nsys.stdout.write(' '.join(map(repr, np.asarray(r).ravel().tolist())))`],
    { input: matrix.values.join(' '), encoding: 'utf8', maxBuffer: 1e8 })
  if (stderr) throw new Error(stderr)
  return stdout.split(' ').map(Number)
}

describe('singular values', () => {
  it.each([[1, 1], [7, 3], [40, 40], [150, 61]])('of %i × %i: A = U Σ Vᵀ with orthonormal vectors', (m, n) => {
    released(team.arena, () => {
      const a = noise(m, n)
      const svd = factorSvd(team, inArena(team.arena, a))
      const [u, v] = [matrixOf(svd.left()), matrixOf(svd.right)]
      expect(skewness(u)).toBeLessThan(1e-13)
      expect(skewness(v)).toBeLessThan(1e-13)
      expect(difference(times(transposed({ ...u, values: u.values.map((x, k) => x * svd.values[Math.floor(k / m)]) }), v).values, a.values)).toBeLessThan(1e-13 * svd.values[0])
      const b = random.child('b').normal(m)
      expect(difference(svd.project(b), times(u, { rows: m, columns: 1, values: b }).values)).toBeLessThan(1e-13 * Math.sqrt(m))
      const z = random.child('z').normal(n)
      expect(difference(svd.expand(z), times({ rows: 1, columns: n, values: z }, u).values)).toBeLessThan(1e-13 * Math.sqrt(n))
    })
  })
  it('of a column-graded matrix come with all their digits, however small', () => {
    // A = B D with D from 1 to 1e-40: the values of B D are determined to the accuracy of B's condition; checked against the product of pivots.
    const b = withValues(30, 12, Array.from({ length: 12 }, (_, k) => 2 - k / 12))
    const graded: Matrix = { ...b, values: b.values.map((x, k) => x * 10 ** (-(40 / 11) * (k % 12))) }
    const { values } = truncatedSvd(team, graded, new Float64Array(30), { negligible: 0 })
    const logarithm = values.reduce((sum, s) => sum + Math.log(s), 0)
    const expected = Array.from({ length: 12 }, (_, k) => Math.log(2 - k / 12) - (40 / 11) * k * Math.LN10).reduce((s, v) => s + v, 0)
    expect(Math.abs(logarithm - expected)).toBeLessThan(1e-12 * Math.abs(expected))
    expect(values[11]).toBeLessThan(1e-38)
  })
  it('of Kahan’s matrix, on which pivoting alone is deceived', () => {
    // R = diag(1, s, s², …)(I − c strictly upper): det = s^{n(n−1)/2}, the last pivot overestimates σ_n by 2^{n−1} for small s.
    const n = 60
    const [s, c] = [0.8, 0.6]
    const kahan: Matrix = { rows: n, columns: n, values: Float64Array.from({ length: n * n }, (_, k) => { const i = Math.floor(k / n), j = k % n; return s ** i * (i === j ? 1 : j > i ? -c : 0) }) }
    const { values } = truncatedSvd(team, kahan, new Float64Array(n), { negligible: 0 })
    const expected = (n * (n - 1)) / 2 * Math.log(s)
    expect(Math.abs(values.reduce((sum, v) => sum + Math.log(v), 0) / expected - 1)).toBeLessThan(1e-12)
    expect(values[n - 1]).toBeLessThan(1e-4 * s ** (n - 1))
  })
  it.skipIf(!python)('agree with NumPy’s on random, Hilbert’s and decaying matrices (skipped without NumPy)', () => {
    const hilbert: Matrix = { rows: 20, columns: 12, values: Float64Array.from({ length: 240 }, (_, k) => 1 / (Math.floor(k / 12) + (k % 12) + 1)) }
    for (const a of [noise(130, 70), hilbert, withValues(90, 40, Array.from({ length: 40 }, (_, k) => 10 ** (-k / 3)))]) {
      const { values } = truncatedSvd(team, a, new Float64Array(a.rows), { negligible: 0 })
      expect(difference(values, numpy('np.linalg.svd(a, compute_uv=False)', a))).toBeLessThan(1e-14 * Math.sqrt(a.rows) * values[0])
    }
  })
  it('are refused where the matrix is not finite', () => {
    expect(() => truncatedSvd(team, { rows: 2, columns: 2, values: Float64Array.of(1, NaN, 0, 1) }, [0, 0])).toThrow('has an entry that is not finite')
    expect(team.arena.used).toBe(0)
  })
  it('and so are those of damped steps, with what to look for', () => {
    let told = ''
    try {
      dampedStep(team, { rows: 2, columns: 2, values: Float64Array.of(1, 1e200, 0, 1) }, Float64Array.of(1, 1), 1e-3)
    } catch (reason) {
      told = reason instanceof FaultError ? `${reason.faults[0].code}: ${reason.faults[0].tip}` : String(reason)
    }
    expect(told).toMatch(/^not-finite: .*first values, weights and parameters/)
  })
})

describe('truncated steps', () => {
  const values = Array.from({ length: 30 }, (_, k) => 10 ** (-k / 2.5))
  it.each([[80, 40], [40, 80], [30, 30]])('of a %i × %i Jacobian solve the least-squares problem with least norm', (m, n) => {
    const a = withValues(m, n, values)
    const r = random.child('r').normal(m)
    const svd = truncatedSvd(team, a, r)
    expect(svd.values.subarray(0, 25).every((s, k) => Math.abs(s / values[k] - 1) < 1e-15 / values[k])).toBe(true)
    for (const cutoff of [2e-2, 2e-5, 2e-8]) {
      const { direction, rank, predicted } = svd.step(cutoff)
      expect(rank).toBe(values.filter(v => v > cutoff).length)
      const left = times(a, { rows: n, columns: 1, values: direction }).values.map((v, i) => v + r[i])
      expect(Math.abs(left.reduce((s, v) => s + v * v, 0) / predicted - 1)).toBeLessThan(1e-9)
      // The remaining residual has no part in the kept left vectors, the step none in the dropped right ones.
      const coefficients = truncatedSvd(team, a, left).coefficients
      expect(largest(coefficients.subarray(0, rank))).toBeLessThan(1e-13 / cutoff)
      expect(largest(times({ rows: svd.directions.rows, columns: n, values: svd.directions.values }, { rows: n, columns: 1, values: direction }).values.subarray(rank))).toBeLessThan(1e-13 * largest(direction))
    }
    expect(team.arena.used).toBe(0)
  })
  it.each([[80, 40], [40, 80]])('of a %i × %i Jacobian by column pivoting come close to them', (m, n) => {
    const a = withValues(m, n, values)
    const r = random.child('r').normal(m)
    const exact = truncatedSvd(team, a, r)
    for (const cutoff of [1e-3, 1e-7]) {
      const { direction, rank } = pivotedStep(team, a, r, cutoff)
      expect(Math.abs(rank - exact.step(cutoff).rank)).toBeLessThanOrEqual(2)
      const square = (d: Float64Array): number => times(a, { rows: n, columns: 1, values: d }).values.reduce((s, v, i) => s + (v + r[i]) ** 2, 0)
      expect(square(direction)).toBeLessThan(1.3 * exact.step(cutoff * 10).predicted)
    }
    const full = pivotedStep(team, noise(m, n, 'full'), r, 1e-14)
    const reference = truncatedSvd(team, noise(m, n, 'full'), r).step(0)
    expect(full.rank).toBe(40)
    expect(difference(full.direction, reference.direction)).toBeLessThan(1e-12 * largest(reference.direction) * 40)
  })
  it.skipIf(!python)('agree with NumPy’s pinv (skipped without NumPy)', () => {
    for (const a of [withValues(60, 35, values), transposed(withValues(60, 35, values))]) {
      const r = random.child('r').normal(a.rows)
      const theirs = numpy('-np.linalg.pinv(a, rcond=10 ** -5.1) @ np.array([' + r.join(',') + '])', a)
      expect(difference(truncatedSvd(team, a, r).step(10 ** -5.1).direction, theirs)).toBeLessThan(1e-9 * largest(theirs))
    }
  })
})

describe('damped steps', () => {
  it.each([[70, 33], [33, 70], [129, 129]])('of a %i × %i Jacobian satisfy (JᵀJ + λI) d = −Jᵀ r', (m, n) => {
    const a = noise(m, n)
    const r = random.child('r').normal(m)
    const damping = 0.1
    const d = dampedStep(team, a, r, damping)
    const gradient = timesTransposed(a, r)
    const product = timesTransposed(a, times(a, { rows: n, columns: 1, values: d }).values)
    expect(difference(product.map((v, j) => v + damping * d[j]), gradient.map(g => -g))).toBeLessThan(1e-11 * largest(gradient))
    expect(team.arena.used).toBe(0)
  })
  it.each([[5, 3], [64, 64], [100, 129], [200, 70]])('products of %i × %i are symmetric and right', (m, n) => {
    const a = noise(m, n)
    for (const [gram, expected] of [[gramOfColumns, times(transposed(a), a)], [gramOfRows, times(a, transposed(a))]] as const) {
      const own = released(team.arena, () => matrixOf(gram(team, a)))
      expect(difference(own.values, expected.values)).toBeLessThan(1e-13 * Math.max(m, n))
      expect(transposed(own).values).toEqual(own.values)
    }
  })
  it('name the damping and the pivot that fails', () => {
    const failing = (): unknown => released(team.arena, () => solveDamped(team, inArena(team.arena, { rows: 3, columns: 3, values: Float64Array.of(2, 0, 0, 0, -1, 0, 0, 0, 2) }), [1, 1, 1], 0.5))
    expect(failing).toThrow(FaultError)
    expect(failing).toThrow('The Gauss–Newton matrix with damping 0.5 is not positive definite: the pivot of row 1 of 3 is not positive.')
  })
})

describe('degenerate Jacobians', () => {
  it.each([[5, 3], [3, 5], [1, 1]])('of %i × %i zeros give no step', (m, n) => {
    const zero: Matrix = { rows: m, columns: n, values: new Float64Array(m * n) }
    const r = new Float64Array(m).fill(1)
    expect(truncatedSvd(team, zero, r).step(1e-8)).toEqual({ direction: new Float64Array(n), rank: 0, predicted: m })
    expect(truncatedSvd(team, zero, r, { negligible: 0 }).step(1e-8).rank).toBe(0)
    expect(largest(pivotedStep(team, zero, r, 1e-8).direction)).toBe(0)
  })
  it('with repeated columns give the step of least norm', () => {
    const one = noise(20, 1)
    const twice: Matrix = { rows: 20, columns: 2, values: Float64Array.from({ length: 40 }, (_, k) => one.values[k >> 1]) }
    const r = random.child('r').normal(20)
    const [single] = truncatedSvd(team, one, r).step(0).direction
    for (const { direction } of [truncatedSvd(team, twice, r).step(1e-10), pivotedStep(team, twice, r, 1e-10)]) expect(difference(direction, [single / 2, single / 2])).toBeLessThan(1e-14)
  })
  it('that are not finite are refused by every step', () => {
    const bad: Matrix = { rows: 2, columns: 2, values: Float64Array.of(1, Infinity, 0, 1) }
    for (const step of [() => pivotedStep(team, bad, [0, 0], 1e-8), () => dampedStep(team, bad, [0, 0], 1), () => truncatedSvd(team, bad, [0, 0])]) expect(step).toThrow('not finite')
    expect(team.arena.used).toBe(0)
  })
})

it('a step can be cancelled, and gives back its memory', () => {
  const a = noise(90, 60)
  for (const step of [(stop: () => void) => truncatedSvd(team, a, new Float64Array(90), { throwIfCancelled: stop }), (stop: () => void) => pivotedStep(team, a, new Float64Array(90), 1e-8, stop)]) {
    let calls = 0
    expect(() => step(() => { if (++calls === 40) throw new Cancelled() })).toThrow(Cancelled)
    expect(team.arena.used).toBe(0)
  }
})

it('everything has the same bits on one thread and on two', () => {
  for (const [m, n] of [[150, 70], [60, 90]]) {
    const a = noise(m, n)
    const r = random.child('r').normal(m)
    const results = [team, threads].map(on => released(on.arena, () => {
      const svd = truncatedSvd(on, a, r)
      return [svd.values, svd.coefficients, svd.step(1e-3).direction, pivotedStep(on, a, r, 1e-6).direction, dampedStep(on, a, r, 1e-3), gramOfRows(on, a).block.view().slice(), symmetricEigen(on, gramOfColumns(on, a)).vectors.block.view().slice()]
    }))
    expect(results[1]).toEqual(results[0])
  }
})
