import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { solveCube } from './fast-diagonalisation'

const libm = loadLibm(readKernels())
const nothing = (): void => undefined

/** Pseudo-random but fixed values. */
const noise = (length: number): Float64Array => {
  let state = 20261120
  return Float64Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648 - 0.5
  })
}

/** (2d u − Σ neighbours)/h² with zeros outside. */
function negativeLaplacian(u: Float64Array, dimension: number, intervals: number): Float64Array {
  const n = intervals - 1
  return u.map((value, i) => {
    let sum = 2 * dimension * value
    for (let axis = 0, stride = 1; axis < dimension; axis++, stride *= n) {
      const k = Math.floor(i / stride) % n
      if (k > 0) sum -= u[i - stride]
      if (k < n - 1) sum -= u[i + stride]
    }
    return sum * intervals * intervals
  })
}

describe('fast diagonalisation on the cube', () => {
  it.each([[1, 16], [2, 9], [3, 7], [4, 5], [5, 4]])('inverts the second-order stencil in dimension %i', (dimension, intervals) => {
    const source = noise((intervals - 1) ** dimension)
    const solved = solveCube(source, dimension, intervals, 2, libm, nothing)
    const back = negativeLaplacian(solved, dimension, intervals)
    back.forEach((value, i) => expect(value).toBeCloseTo(source[i], 11))
  })

  it('inverts the compact fourth-order scheme: K u = M f in one dimension', () => {
    const m = 12
    const f = noise(m - 1)
    const u = solveCube(f, 1, m, 4, libm, nothing)
    const at = (v: Float64Array, i: number): number => (i < 0 || i >= v.length ? 0 : v[i])
    for (let i = 0; i < m - 1; i++) {
      const left = (2 * u[i] - at(u, i - 1) - at(u, i + 1)) * m * m
      expect(left).toBeCloseTo((at(f, i - 1) + 10 * f[i] + at(f, i + 1)) / 12, 10)
    }
  })
})
