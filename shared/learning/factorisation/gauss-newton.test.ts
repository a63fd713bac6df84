import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { createRandom } from '../random'
import { boundaryPoints, interiorPoints, type SampledDomain } from '../sampling'
import { truncatedSvd } from '.'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const square: SampledDomain = { coordinates: ['x', 'y'], lower: [0, 0], upper: [1, 1], periodic: [false, false] }

/**
 * −Δu = f on the unit square with u = 0 on its boundary, u = sin πx sin πy, by Gauss–Newton: one hidden layer, u = c + Σ aⱼ tanh(pⱼ x + qⱼ y + bⱼ), derivatives written out by hand.
 * Returns the relative L² error on 33² nodes after every step, of which the last is the first below `enough`.
 */
function solvePoisson({ seed, width, interior, boundary, cutoff, steps, enough }: { seed: number; width: number; interior: number; boundary: number; cutoff: number; steps: number; enough: number }): number[] {
  const random = createRandom(seed, libm, 'poisson')
  const inside = interiorPoints(square, interior, { sequence: 'sobol', stream: random.child('interior'), libm })
  const edge = boundaryPoints(square, boundary, { sequence: 'sobol', stream: random.child('boundary'), libm })
  const rows = interior + boundary
  const columns = 4 * width + 1
  const points = new Float64Array(2 * rows)
  points.set(inside.points)
  points.set(edge.points, 2 * interior)
  const weights = [Math.sqrt(1 / interior), Math.sqrt(1 / boundary)]
  const source = (x: number, y: number): number => 2 * Math.PI * Math.PI * libm.sin(Math.PI * x) * libm.sin(Math.PI * y)
  const jacobian = new Float64Array(rows * columns)

  function residual(theta: Float64Array, differentiate: boolean): Float64Array {
    return Float64Array.from({ length: rows }, (_, i) => {
      const [x, y] = [points[2 * i], points[2 * i + 1]]
      const own = jacobian.subarray(i * columns, (i + 1) * columns)
      const isInside = i < interior
      const weight = weights[isInside ? 0 : 1]
      let sum = isInside ? -source(x, y) : theta[4 * width]
      for (let j = 0; j < width; j++) {
        const p = theta[j]
        const q = theta[width + j]
        const a = theta[3 * width + j]
        const t = libm.tanh(p * x + q * y + theta[2 * width + j])
        const t1 = 1 - t * t
        const t2 = -2 * t * t1
        const t3 = t1 * (6 * t * t - 2)
        const square = p * p + q * q
        sum += isInside ? -a * square * t2 : a * t
        if (!differentiate) continue
        own[j] = weight * (isInside ? -a * (2 * p * t2 + square * t3 * x) : a * t1 * x)
        own[width + j] = weight * (isInside ? -a * (2 * q * t2 + square * t3 * y) : a * t1 * y)
        own[2 * width + j] = weight * (isInside ? -a * square * t3 : a * t1)
        own[3 * width + j] = weight * (isInside ? -square * t2 : t)
      }
      if (differentiate) own[4 * width] = isInside ? 0 : weight
      return weight * sum
    })
  }
  const loss = (theta: Float64Array): number => residual(theta, false).reduce((sum, r) => sum + r * r, 0)
  function error(theta: Float64Array): number {
    let difference = 0
    let norm = 0
    for (let k = 0; k < 33 * 33; k++) {
      const [x, y] = [(k % 33) / 32, Math.floor(k / 33) / 32]
      const exact = libm.sin(Math.PI * x) * libm.sin(Math.PI * y)
      let u = theta[4 * width]
      for (let j = 0; j < width; j++) u += theta[3 * width + j] * libm.tanh(theta[j] * x + theta[width + j] * y + theta[2 * width + j])
      difference += (u - exact) * (u - exact)
      norm += exact * exact
    }
    return Math.sqrt(difference / norm)
  }

  let theta = new Float64Array(columns)
  theta.set(random.child('hidden').uniform(3 * width).map(u => 2 * u - 1))
  theta.set(random.child('outer').normal(width).map(z => z / Math.sqrt(width)), 3 * width)
  const errors: number[] = []
  for (let step = 0; step < steps; step++) {
    const r = residual(theta, true)
    const { direction } = truncatedSvd(team, { rows, columns, values: jacobian }, r).step(cutoff)
    let least = r.reduce((sum, v) => sum + v * v, 0)
    let best = theta
    for (let k = 0; k < 25; k++) {
      const trial = theta.map((v, j) => v + direction[j] * 2 ** -k)
      const value = loss(trial)
      if (value < least) {
        least = value
        best = trial
      } else if (best !== theta) break
    }
    if (best === theta) break
    theta = best
    errors.push(error(theta))
    if (errors[errors.length - 1] < enough) break
  }
  return errors
}

describe('Gauss–Newton on the Poisson problem', () => {
  it('reaches 1e-6 with 48 neurons within 45 steps, at a cut-off of 1e-8', () => {
    const errors = solvePoisson({ seed: 1, width: 48, interior: 400, boundary: 80, cutoff: 1e-8, steps: 45, enough: 1e-6 })
    expect(Math.min(...errors)).toBeLessThan(1e-6)
  })
})
