import type { Libm } from '../../expressions/libm'
import { uniformTensor, type RandomStream } from '../random'
import { parameterNamed, type Parameters } from '../networks'
import { add, concat, constant, matMul, reshape, split, sub, type Tensor, type Tensors } from '../tf'
import { checkModes, complexForward, complexInverse, realForward, realInverse, type TransformMatrix } from './fourier-matrices'

/**
 * The spectral layer of Fourier neural operators: F⁻¹ (R · F v) on few modes. Fields are kept as [x, …, y, batch, channel], x first: then every transform is a matrix product from the left on
 * what memory already holds side by side, and no transpose is needed anywhere. Each stage turns one axis of points into one of modes, (re, im) going along just before the axis that comes next.
 */
export interface SpectralLayer {
  /** Points along each axis in the order of the layout: x first, then …, y. */
  readonly points: readonly number[]
  /** Modes 0 … m−1 along x (half spectrum); ±m along the others (2m of them). */
  readonly modes: readonly number[]
  readonly libm: Libm
}

/** Number of complex modes: m_x · 2m_y · 2m_z. */
export const modeCount = (modes: readonly number[]): number => modes.reduce((product, m, axis) => product * (axis === 0 ? m : 2 * m), 1)

const constantOf = ({ values, shape }: TransformMatrix): Tensor => constant(values, shape)

/** `name.real` and `name.imaginary`, [m_x, 2m_…, in, out]: uniform in [0, 1/(in·out)). Li et al. 2021, arXiv:2010.08895 (code of the authors). */
export function initialSpectral(random: RandomStream, name: string, modes: readonly number[], inputs: number, outputs: number): Parameters {
  const shape = [...modes.map((m, axis) => (axis === 0 ? m : 2 * m)), inputs, outputs]
  return Object.fromEntries(['real', 'imaginary'].map(part => {
    const centred = uniformTensor(random.child(`${name}.${part}`), shape, 0.5 / (inputs * outputs))
    return [`${name}.${part}`, { shape, values: centred.values.map(v => v + 0.5 / (inputs * outputs)) }]
  }))
}

/** v [x·…·y·batch, in] → [x·…·y·batch, out]. */
export function spectralLayer(parameters: Tensors, name: string, v: Tensor, batch: number, { points, modes, libm }: SpectralLayer): Tensor {
  points.forEach((n, axis) => { checkModes(modes[axis], n, axis === 0) })
  const [real, imaginary] = ['real', 'imaginary'].map(part => {
    const weight = parameterNamed(parameters, `${name}.${part}`)
    return reshape(weight, [modeCount(modes), ...weight.shape.slice(-2)])
  })
  const [inputs, outputs] = real.shape.slice(-2)
  const columns = (axis: number, channels: number): number => points.slice(axis + 1).reduce((product, n) => product * n, batch * channels)
  const before = (axis: number): number => modeCount(modes.slice(0, axis))
  let spectrum = matMul(constantOf(realForward(modes[0], points[0], libm)), reshape(v, [points[0], columns(0, inputs)]))
  for (let axis = 1; axis < points.length; axis++) {
    const { values, shape } = complexForward(modes[axis], points[axis], libm)
    spectrum = matMul(constant(values, [1, ...shape]), reshape(spectrum, [before(axis), 2 * points[axis], columns(axis, inputs)]))
  }
  let mixed = reshape(mixModes(reshape(spectrum, [modeCount(modes), 2 * batch, inputs]), real, imaginary), [modeCount(modes), 2 * batch * outputs])
  for (let axis = points.length - 1; axis > 0; axis--) {
    const { values, shape } = complexInverse(modes[axis], points[axis], libm)
    mixed = matMul(constant(values, [1, ...shape]), reshape(mixed, [before(axis), 4 * modes[axis], columns(axis, outputs)]))
  }
  return reshape(matMul(constantOf(realInverse(modes[0], points[0], libm)), reshape(mixed, [2 * modes[0], columns(0, outputs)])), [points[0] * columns(0, 1), outputs])
}

/** Complex product per mode: x [modes, (part, batch), in] with weights [modes, in, out]. */
function mixModes(x: Tensor, real: Tensor, imaginary: Tensor): Tensor {
  const [[realByReal, imaginaryByReal], [realByImaginary, imaginaryByImaginary]] = [real, imaginary].map(weight => split(matMul(x, weight), 2, 1))
  return concat([sub(realByReal, imaginaryByImaginary), add(imaginaryByReal, realByImaginary)], 1)
}
