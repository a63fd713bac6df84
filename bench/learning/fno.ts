/** Fourier neural operators in 1-D and 2-D, without batch norm (Li et al. 2021, arXiv 2010.08895). */
import { add, concat, constant, erf, exp, matMul, mul, reshape, split, square, sub, transpose, type Tensor, type Tensors } from '../../shared/learning/tf'
import { customGrad } from '@tensorflow/tfjs-core'
import { dense, spectral } from './formula'
import type { BenchModel } from './model'
import { operatorData, relativeL2 } from './operator-data'

interface FnoSize {
  readonly grid: number
  readonly width: number
  readonly modes: number
  readonly layers: number
  readonly projection: number
  readonly batch: number
}

/** x Φ(x), with its derivative Φ(x) + x φ(x) written out: Φ is computed once. */
const gelu = (given: Tensor): Tensor => customGrad((input, save) => {
  const x = input as Tensor
  const share = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5)
  ;(save as (kept: Tensor[]) => void)([x, share])
  return {
    value: mul(x, share),
    gradFunc: (dy: Tensor, [kept, phi]: Tensor[]) => mul(dy, add(phi, mul(kept, mul(exp(mul(square(kept), -0.5)), 1 / Math.sqrt(2 * Math.PI))))),
  }
})(given)
const affine = (p: Tensors, name: string, x: Tensor): Tensor => add(matMul(x, p[`${name}.kernel`]), p[`${name}.bias`])

/** e^{−2πi kj/n} as a real matrix: rows (part, k), columns j of real values; with `complex`, columns (j, part). */
function forwardWaves(ks: readonly number[], n: number, complex: boolean): Tensor {
  const angle = (k: number, j: number): number => (2 * Math.PI * ((((k * j) % n) + n) % n)) / n
  const row = (k: number, entries: (angle: number) => number[]): number[] => Array.from({ length: n }, (_, j) => entries(angle(k, j))).flat()
  const real = ks.flatMap(k => row(k, a => (complex ? [Math.cos(a), Math.sin(a)] : [Math.cos(a)])))
  const imaginary = ks.flatMap(k => row(k, a => (complex ? [-Math.sin(a), Math.cos(a)] : [-Math.sin(a)])))
  return constant([...real, ...imaginary], [2 * ks.length, complex ? 2 * n : n])
}

/** The inverse without what was cut: rows (j, part), columns (part, k), divided by n; without `complex`, the real part only and the half spectrum's conjugates added. */
function inverseWaves(ks: readonly number[], n: number, complex: boolean): Tensor {
  const rows = Array.from({ length: n }, (_, j) => {
    const terms = ks.map(k => ({ weight: (complex || k === 0 ? 1 : 2) / n, angle: (2 * Math.PI * ((((k * j) % n) + n) % n)) / n }))
    const [c, s] = [terms.map(t => t.weight * Math.cos(t.angle)), terms.map(t => t.weight * Math.sin(t.angle))]
    const real = [...c, ...s.map(v => -v)]
    return complex ? [...real, ...s, ...c] : real
  })
  return constant(rows.flat(), [complex ? 2 * n : n, 2 * ks.length])
}

/** [modes, 2·batch, in] (real parts, then imaginary) times complex weights [modes, in, out]. */
function mixModes(x: Tensor, real: Tensor, imaginary: Tensor): Tensor {
  const [[pr, pi], [qr, qi]] = [real, imaginary].map(w => split(matMul(x, w), 2, 1))
  return concat([sub(pr, qi), add(pi, qr)], 1)
}

function network(size: FnoSize, p: Tensors, input: Tensor, convolution: (p: Tensors, name: string, v: Tensor) => Tensor): Tensor {
  let v = affine(p, 'lifting', reshape(input, [-1, input.shape.at(-1)!]))
  for (let i = 0; i < size.layers; i++) {
    const sum = add(affine(p, `block${i}.pointwise`, v), convolution(p, `block${i}.spectral`, v))
    v = i < size.layers - 1 ? gelu(sum) : sum
  }
  return reshape(affine(p, 'projection2', gelu(affine(p, 'projection1', v))), [...input.shape.slice(0, -1), 1])
}

const parametersOf = (size: FnoSize, channels: number, modes: readonly number[]) => [
  ...dense('lifting', channels, size.width),
  ...Array.from({ length: size.layers }, (_, i) => [...spectral(`block${i}.spectral`, modes, size.width, size.width), ...dense(`block${i}.pointwise`, size.width, size.width)]).flat(),
  ...dense('projection1', size.width, size.projection), ...dense('projection2', size.projection, 1),
]

const upTo = (m: number): number[] => [...Array(m).keys()]

/** [batch, (part, mode), c] to [mode, part·batch, c], and back. */
const byMode = (x: Tensor, batch: number, modes: number): Tensor => reshape(transpose(reshape(x, [batch, 2, modes, -1]), [2, 1, 0, 3]), [modes, 2 * batch, -1])
const bySample = (x: Tensor, batch: number, modes: number): Tensor => transpose(reshape(x, [modes, 2, batch, -1]), [2, 1, 0, 3])

export function fno1d(size: FnoSize): BenchModel {
  const { grid: n, modes: m, width: c, batch: b } = size
  const convolution = (p: Tensors, name: string, v: Tensor): Tensor => {
    const spectrum = matMul(forwardWaves(upTo(m), n, false), reshape(v, [b, n, c]))
    const mixed = mixModes(byMode(spectrum, b, m), p[`${name}.real`], p[`${name}.imaginary`])
    return reshape(matMul(inverseWaves(upTo(m), n, false), reshape(bySample(mixed, b, m), [b, 2 * m, c])), [b * n, c])
  }
  const output = (p: Tensors, { input }: Tensors): Tensor => network(size, p, input, convolution)
  return {
    parameters: parametersOf(size, 2, [m]), data: seed => operatorData(b, n, [[0, 8]], seed), output, outputData: ['input'],
    loss: (p, d) => relativeL2(output(p, d), d.target),
  }
}

export function fno2d(size: FnoSize): BenchModel {
  const { grid: n, modes: m, width: c, batch: b } = size
  const rows = [...upTo(m), ...upTo(m).map(k => k - m)]
  const modes = rows.length * m
  const flat = (w: Tensor): Tensor => reshape(w, [modes, c, c])
  const convolution = (p: Tensors, name: string, v: Tensor): Tensor => {
    // Along x, then along y of (y, part): no transpose in between.
    const alongX = matMul(forwardWaves(upTo(m), n, false), reshape(v, [b * n, n, c]))
    const spectrum = matMul(forwardWaves(rows, n, true), reshape(alongX, [b, 2 * n, m * c]))
    const mixed = mixModes(byMode(spectrum, b, modes), flat(p[`${name}.real`]), flat(p[`${name}.imaginary`]))
    const alongY = matMul(inverseWaves(rows, n, true), reshape(bySample(mixed, b, modes), [b, 2 * rows.length, m * c]))
    return reshape(matMul(inverseWaves(upTo(m), n, false), reshape(alongY, [b * n, 2 * m, c])), [b * n * n, c])
  }
  const output = (p: Tensors, { input }: Tensors): Tensor => network(size, p, input, convolution)
  return {
    parameters: parametersOf(size, 3, [2 * m, m]), data: seed => operatorData(b, n, [[0, 4], [-4, 4]], seed), output, outputData: ['input'],
    loss: (p, d) => relativeL2(output(p, d), d.target),
  }
}
