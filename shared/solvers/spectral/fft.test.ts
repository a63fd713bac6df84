import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { createComplexTransform, createFourierTransform, radices, storedIndices } from './fft'

const kernels = readKernels()
const libm = loadLibm(kernels)

function random(length: number): Float64Array {
  let state = 12345
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

function transformed(shape: readonly number[], values: Float64Array): { spectrum: Float64Array; back: Float64Array } {
  const team = createSerialTeam({ kernels })
  const fourier = createFourierTransform(team, libm, shape)
  const input = team.arena.from(values)
  const spectrum = team.arena.f64(2 * fourier.coefficients)
  const back = team.arena.f64(fourier.nodes)
  fourier.forward(input.pointer, spectrum.pointer)
  const result = spectrum.view().slice()
  fourier.inverse(spectrum.pointer, back.pointer)
  expect(spectrum.view()).toEqual(result)
  return { spectrum: result, back: back.view().slice() }
}

/** Σ u e^{−2πi jk/n} term by term, one axis after the other. */
function directTransform(shape: readonly number[], values: Float64Array): Float64Array {
  const [nx, ny = 1, nz = 1] = shape
  const mx = Math.floor(nx / 2) + 1
  const out = new Float64Array(2 * mx * ny * nz)
  for (let kz = 0; kz < nz; kz++) for (let ky = 0; ky < ny; ky++) for (let kx = 0; kx < mx; kx++) {
    let re = 0
    let im = 0
    for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) {
      const turn = ((kx * x) % nx) / nx + ((ky * y) % ny) / ny + ((kz * z) % nz) / nz
      const u = values[(z * ny + y) * nx + x]
      re += u * Math.cos(2 * Math.PI * turn)
      im -= u * Math.sin(2 * Math.PI * turn)
    }
    out[2 * ((kz * ny + ky) * mx + kx)] = re
    out[2 * ((kz * ny + ky) * mx + kx) + 1] = im
  }
  return out
}

const distance = (a: Float64Array, b: Float64Array): number => {
  let d = 0
  let r = 0
  a.forEach((v, i) => {
    d += (v - b[i]) ** 2
    r += b[i] ** 2
  })
  return Math.sqrt(d / r)
}

describe('fast Fourier transform', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 20, 21, 24, 25, 27, 30, 32, 49, 60, 64, 77, 100, 101, 128, 194, 243])('equals the direct sum on %i nodes and comes back', n => {
    const values = random(n)
    const { spectrum, back } = transformed([n], values)
    expect(distance(spectrum, directTransform([n], values))).toBeLessThan(2e-15 * (2 + n / 8))
    expect(distance(back, values)).toBeLessThan(1e-15)
  })
  it.each([[[8, 6]], [[7, 10]], [[6, 5, 4]], [[9, 3, 7]], [[16, 9]], [[2, 2, 2]], [[1, 8]]])('equals the direct sum on %j nodes and comes back', shape => {
    const values = random(shape.reduce((n, m) => n * m, 1))
    const { spectrum, back } = transformed(shape, values)
    expect(distance(spectrum, directTransform(shape, values))).toBeLessThan(1e-14)
    expect(distance(back, values)).toBeLessThan(1e-15)
  })
  it('keeps its accuracy on long lines', () => {
    for (const n of [4096, 3 ** 7, 5 ** 5, 30030]) expect(distance(transformed([n], random(n)).back, random(n))).toBeLessThan(3e-15)
  })
  it('leaves out the waves beyond two thirds, and takes derivatives on the way', () => {
    for (const shape of [[12], [9, 8], [14, 7], [6, 9, 16], [10, 12, 7]]) {
      const team = createSerialTeam({ kernels })
      const [plain, cut] = (['none', 'two-thirds'] as const).map(window => createFourierTransform(team, libm, shape, window))
      const values = team.arena.from(random(plain.nodes))
      const [whole, part, back, other] = [2 * plain.coefficients, 2 * plain.coefficients, plain.nodes, plain.nodes].map(length => team.arena.f64(length))
      plain.forward(values.pointer, whole.pointer)
      cut.forward(values.pointer, part.pointer)
      const indices = shape.map((n, a) => storedIndices(n, a, 'two-thirds'))
      const [mx, my = 1] = plain.modes
      const [kx, ky = 1] = cut.modes
      const padded = team.arena.f64(whole.length)
      let largest = 0
      for (let mode = 0; mode < cut.coefficients; mode++) {
        const place = [mode % kx, Math.floor(mode / kx) % ky, Math.floor(mode / kx / ky)]
        const [x, y, z] = [0, 1, 2].map(a => ((indices[a]?.[place[a]] ?? 0) + (shape[a] ?? 1)) % (shape[a] ?? 1))
        const at = (z * my + y) * mx + x
        for (let i = 0; i < 2; i++) {
          largest = Math.max(largest, Math.abs(whole.view()[2 * at + i] - part.view()[2 * mode + i]))
          padded.view()[2 * at + i] = part.view()[2 * mode + i]
        }
      }
      expect(largest).toBeLessThan(1e-13)
      expect(cut.coefficients).toBe(shape.reduce((n, m, a) => n * (Math.ceil(m / 3) * (a === 0 ? 1 : 2) - (a === 0 ? 0 : 1)), 1))
      for (let turns = 0; turns < 4; turns++) {
        const factors = (stored: readonly (Float64Array | undefined)[]): number[] => stored.map(list => team.arena.from(list?.map(j => 1 + 0.1 * j) ?? [1]).pointer)
        plain.inverse(padded.pointer, back.pointer, { factors: factors([0, 1, 2].map(a => (a < shape.length ? storedIndices(shape[a], a, 'none') : undefined))), turns })
        cut.inverse(part.pointer, other.pointer, { factors: factors([0, 1, 2].map(a => indices[a])), turns })
        expect(distance(other.view(), back.view())).toBeLessThan(1e-14)
      }
    }
  })
  it.each([[[8, 6]], [[7, 5]], [[64, 32]], [[6, 7, 20]], [[16, 11, 3]]])('transforms complex numbers on %j nodes', shape => {
    const team = createSerialTeam({ kernels })
    const nodes = shape.reduce((n, m) => n * m, 1)
    const complex = createComplexTransform(team, libm, shape)
    const real = createFourierTransform(team, libm, shape)
    const [re, im] = [random(nodes), random(2 * nodes).subarray(nodes)]
    const numbers = Float64Array.from({ length: 2 * nodes }, (_, i) => (i % 2 === 0 ? re : im)[i >> 1])
    const values = team.arena.from(numbers)
    const [a, b] = [re, im].map(part => {
      const spectrum = team.arena.f64(2 * real.coefficients)
      real.forward(team.arena.from(part).pointer, spectrum.pointer)
      return spectrum.view()
    })
    complex.forward(values.pointer)
    const mx = real.modes[0]
    const sums = new Float64Array(2 * mx * (nodes / shape[0]))
    const own = sums.map((_, i) => values.view()[2 * (Math.floor(i / 2 / mx) * shape[0] + (Math.floor(i / 2) % mx)) + (i % 2)])
    // The transform of re + i im.
    sums.forEach((_, i) => (sums[i] = i % 2 === 0 ? a[i] - b[i + 1] : a[i] + b[i - 1]))
    expect(distance(own, sums)).toBeLessThan(1e-14)
    complex.inverse(values.pointer)
    expect(distance(values.view(), numbers)).toBeLessThan(1e-15)
  })
  it('agrees with NumPy to rounding', context => {
    const shape = [24, 45]
    const values = random(24 * 45)
    let answer: string
    try {
      answer = execFileSync('/usr/bin/python3', ['-c', 'import sys, json, numpy as n; a = n.array(json.load(sys.stdin)).reshape(45, 24); f = n.fft.rfft2(a).ravel(); print(json.dumps(f.view(float).tolist()))'], { input: JSON.stringify([...values]), encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
    } catch {
      return context.skip('python3 with numpy is not installed')
    }
    expect(distance(transformed(shape, values).spectrum, Float64Array.from(JSON.parse(answer) as number[]))).toBeLessThan(1e-15)
  })
  it('factors every length', () => {
    for (let n = 1; n < 500; n++) expect(radices(n).reduce((a, b) => a * b, 1)).toBe(n)
    expect(radices(1024)).toEqual([8, 8, 4, 4])
  })
})
