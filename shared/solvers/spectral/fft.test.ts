import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { createFourierTransform, radices } from './fft'

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
