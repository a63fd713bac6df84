import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { numbers } from '../../graph/examples.testing'
import { evaluateGraph } from '../../graph/evaluate'
import { optimise } from '../../graph/passes/optimise'
import { runOnnx } from '../../onnx/run-onnx.testing'
import { add, div, elu, erf, exp, expm1, leakyRelu, log1p, matMul, mul, normalise, selu, sigmoid, softplus, tanh, type Tensor, type Tensors } from '../../tf'
import { trace } from '../trace'
import { fourierMatrix, inverseRealFourierMatrix, lowFrequencies, realBlockMatrix, realFourierMatrix } from './spectral'

const libm = loadLibm(readKernels())

/** x [n] · matrix [n, m]. */
const applied = (x: ArrayLike<number>, matrix: Float64Array): Float64Array => {
  const m = matrix.length / x.length
  return Float64Array.from({ length: m }, (_, k) => Array.from(x).reduce((sum, v, j) => sum + v * matrix[j * m + k], 0))
}
const near = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-14): void => {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThanOrEqual(tolerance)
}

it('sines and cosines of the transform are exact where they are simple, and symmetric', () => {
  const { real, imaginary } = fourierMatrix(12, [1], libm)
  expect([real[3], real[9], imaginary[0], imaginary[6]].map(Math.abs)).toEqual([0, 0, 0, 0])
  for (let j = 1; j < 6; j++) {
    expect([real[12 - j], real[6 - j] + real[j]]).toEqual([real[j], 0])
    expect([imaginary[12 - j] + imaginary[j], imaginary[6 - j]]).toEqual([0, imaginary[j]])
  }
  for (let j = 0; j < 12; j++) {
    expect(Math.abs(real[j] - Math.cos((Math.PI * j) / 6))).toBeLessThan(1e-15)
    expect(Math.abs(imaginary[j] + Math.sin((Math.PI * j) / 6))).toBeLessThan(1e-15)
  }
})

it.each([[8, 5], [9, 5], [16, 4], [7, 1]])('a real signal of %i values comes back from its %i lowest frequencies', (n, modes) => {
  const signal = Float64Array.from({ length: n }, (_, j) => Array.from({ length: modes }, (_, k) => (2 * k === n ? 0.5 * libm.cos(Math.PI * j) : libm.cos((2 * Math.PI * k * j) / n + k) / (k + 1))).reduce((a, b) => a + b))
  const spectrum = applied(signal, realFourierMatrix(n, modes, libm))
  for (let k = 0; k < modes; k++) {
    let [re, im] = [0, 0]
    for (let j = 0; j < n; j++) {
      re += signal[j] * Math.cos((2 * Math.PI * k * j) / n)
      im -= signal[j] * Math.sin((2 * Math.PI * k * j) / n)
    }
    near([spectrum[k], spectrum[modes + k]], [re, im], 1e-13)
  }
  near(applied(spectrum, inverseRealFourierMatrix(n, modes, libm)), signal, 1e-14)
})

it('two-sided transforms of complex signals and their inverses cancel', () => {
  const [n, modes] = [6, 3]
  const signal = numbers([2 * n]).data
  const forward = realBlockMatrix(fourierMatrix(n, lowFrequencies(modes), libm))
  const back = realBlockMatrix(fourierMatrix(n, lowFrequencies(modes), libm, { inverse: true, scale: 1 / n }))
  // [n, frequencies] turned around is [frequencies, n].
  const turned = Float64Array.from({ length: back.length }, (_, at) => {
    const [k, j] = [Math.floor(at / (2 * n)), at % (2 * n)]
    const sign = (k < n) === (j < n) ? 1 : -1
    return sign * back[j * 2 * n + k]
  })
  near(applied(applied(signal, forward), turned), signal, 1e-14)
})

/** Shapes of networks that ONNX Runtime joins into kernels with float32 attributes. */
const networks: Readonly<Record<string, (x: Tensor, w: Tensor) => Tensor>> = {
  'a factor before a product': (x, w) => matMul(mul(x, 0.1), w),
  'a factor behind a product': (x, w) => div(matMul(x, w), 3),
  'layer normalisation': x => add(mul(normalise(x, [1], 1e-5), 1.3), 0.2),
  'layer normalisation with a large ε': x => normalise(x, [1], 0.1),
  'swish': x => mul(x, sigmoid(mul(x, 1.702))),
  'exact gelu': x => mul(mul(x, 0.5), add(erf(mul(x, 0.7071067811865476)), 1)),
  'tanh gelu': x => mul(mul(x, 0.5), add(tanh(mul(add(x, mul(mul(x, mul(x, x)), 0.044715)), 0.7978845608028654)), 1)),
  'leaky rectifier': x => leakyRelu(x, 0.01), 'scaled exponential': selu, 'exponential': elu, 'softplus': x => softplus(mul(x, 0.3)),
  'product, bias and rectifier': (x, w) => leakyRelu(add(mul(matMul(x, w), 0.7), 0.1), 0.3),
}

it.each(Object.keys(networks))('%s keeps its digits in ONNX Runtime under default options', async name => {
  const graph = trace((_, { x, w }) => ({ outputs: { y: networks[name](x, w) } }), { inputs: { x: [3, 4], w: [4, 5] } })
  const inputs = { x: numbers([3, 4], -2, 2).data, w: numbers([4, 5], -1, 1, 2).data }
  near((await runOnnx(optimise(graph, { precision: 'float64', libm }), inputs, 'float64')).y, evaluateGraph(graph, inputs, libm).outputs.y, 2e-15)
})

it('expm1 and log1p keep relative accuracy near zero in both precisions, and their limits', async () => {
  const x = Float64Array.of(1e-12, -1e-9, 1e-5, -0.4, 2, 30, -40)
  const graph = trace((_, given: Tensors) => ({ outputs: { e: expm1(given.x), l: log1p(mul(given.x, 0.02)), s: exp(given.x) } }), { inputs: { x: [7] } })
  for (const [precision, tolerance] of [['float64', 1e-15], ['float32', 4e-7]] as const) {
    const found = await runOnnx(optimise(graph, { precision, libm }), { x }, precision)
    x.forEach((v, i) => {
      expect(Math.abs(found.e[i] / libm.expm1(v) - 1)).toBeLessThan(tolerance)
      expect(Math.abs(found.l[i] / libm.log1p(0.02 * v) - 1)).toBeLessThan(tolerance)
    })
  }
  const limits = evaluateGraph(trace((_, given: Tensors) => ({ outputs: { e: expm1(given.x), l: log1p(given.x) } }), { inputs: { x: [2] } }), { x: Float64Array.of(Infinity, -Infinity) }, libm).outputs
  expect(limits.e).toEqual(Float64Array.of(Infinity, -1))
  expect(limits.l[0]).toBe(Infinity)
})
