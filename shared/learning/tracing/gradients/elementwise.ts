import * as tfjs from '@tensorflow/tfjs-core'
import { selu } from '../kernels/functions'
import { constant } from '../trace'
import { only, unbroadcast } from './sums'

/** 2/√π. */
const twoOverRootPi = 1.1283791670955126

const mask = (condition: tfjs.Tensor): tfjs.Tensor => tfjs.cast(condition, 'float32')

/**
 * Gradients of elementwise kernels that tfjs computes with constants rounded to float32, without undoing broadcasting, or with more operations than needed.
 */
export const elementwiseGradients: readonly tfjs.GradConfig[] = [
  { kernelName: 'Abs', inputsToSave: ['x'], gradFunc: (dy, [x]) => ({ x: () => tfjs.mul(only(dy), tfjs.sign(x)) }) },
  { kernelName: 'Relu', outputsToSave: [true], gradFunc: (dy, [y]) => ({ x: () => tfjs.mul(only(dy), tfjs.sign(y)) }) },
  { kernelName: 'Relu6', inputsToSave: ['x'], gradFunc: (dy, [x]) => ({ x: () => tfjs.mul(only(dy), mask(tfjs.logicalAnd(tfjs.greater(x, 0), tfjs.lessEqual(x, 6)))) }) },
  { kernelName: 'Erf', inputsToSave: ['x'], gradFunc: (dy, [x]) => ({ x: () => tfjs.mul(only(dy), tfjs.mul(tfjs.exp(tfjs.neg(tfjs.mul(x, x))), constant(twoOverRootPi))) }) },
  { kernelName: 'Sqrt', outputsToSave: [true], gradFunc: (dy, [y]) => ({ x: () => tfjs.div(tfjs.mul(only(dy), 0.5), y) }) },
  { kernelName: 'Rsqrt', outputsToSave: [true], gradFunc: (dy, [y]) => ({ x: () => tfjs.mul(tfjs.mul(only(dy), -0.5), tfjs.mul(y, tfjs.mul(y, y))) }) },
  {
    kernelName: 'RealDiv', inputsToSave: ['a', 'b'], outputsToSave: [true],
    gradFunc: (dy, [a, b, y]) => ({ a: () => unbroadcast(tfjs.div(only(dy), b), a.shape), b: () => unbroadcast(tfjs.neg(tfjs.mul(tfjs.div(only(dy), b), y)), b.shape) }),
  },
  {
    kernelName: 'LeakyRelu', inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => {
        const { alpha } = attributes as unknown as { alpha: number }
        return tfjs.mul(only(dy), tfjs.add(tfjs.mul(mask(tfjs.greater(x, 0)), constant(1 - alpha)), constant(alpha)))
      },
    }),
  },
  {
    kernelName: 'Selu', inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const below = tfjs.mul(tfjs.exp(tfjs.minimum(x, 0)), constant(selu.alpha * selu.scale))
        return tfjs.mul(only(dy), tfjs.where(tfjs.greater(x, 0), constant(selu.scale), below))
      },
    }),
  },
  {
    kernelName: 'ClipByValue', inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => {
        const { clipValueMin, clipValueMax } = attributes as unknown as { clipValueMin: number; clipValueMax: number }
        return tfjs.mul(only(dy), mask(tfjs.logicalAnd(tfjs.greaterEqual(x, constant(clipValueMin)), tfjs.lessEqual(x, constant(clipValueMax)))))
      },
    }),
  },
  { kernelName: 'Maximum', inputsToSave: ['a', 'b'], gradFunc: (dy, [a, b]) => chosen(only(dy), a, b, tfjs.greaterEqual(a, b)) },
  { kernelName: 'Minimum', inputsToSave: ['a', 'b'], gradFunc: (dy, [a, b]) => chosen(only(dy), a, b, tfjs.lessEqual(a, b)) },
  {
    kernelName: 'SquaredDifference', inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const slope = (): tfjs.Tensor => tfjs.mul(only(dy), tfjs.mul(tfjs.sub(a, b), 2))
      return { a: () => unbroadcast(slope(), a.shape), b: () => unbroadcast(tfjs.neg(slope()), b.shape) }
    },
  },
]

const nothing = (x: tfjs.Tensor): tfjs.Tensor => tfjs.zeros(x.shape)

/** Piecewise constant functions: choosing by a comparison, as in where(greater(x, 0), …), asks for its gradient, which tfjs has for one of them only. */
export const constantGradients: readonly tfjs.GradConfig[] = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'LogicalXor', 'FloorDiv'].map((kernelName): tfjs.GradConfig =>
    ({ kernelName, inputsToSave: ['a', 'b'], gradFunc: (_, [a, b]) => ({ a: () => nothing(a), b: () => nothing(b) }) })),
  ...['LogicalNot', 'IsNan', 'IsInf', 'IsFinite', 'All', 'Any', 'ArgMax', 'ArgMin', 'Sign', 'Floor', 'Ceil', 'Round', 'Step'].map((kernelName): tfjs.GradConfig => ({ kernelName, inputsToSave: ['x'], gradFunc: (_, [x]) => ({ x: () => nothing(x) }) })),
  // Whole numbers and truth values do not move with x; tfjs hands the gradient through.
  { kernelName: 'Cast', inputsToSave: ['x'], gradFunc: (dy, [x], attributes) => ({ x: () => (attributes?.dtype === 'float32' ? only(dy).clone() : nothing(x)) }) },
]

/** The gradient goes to the operand that was taken; of equal ones to the first. */
const chosen = (dy: tfjs.Tensor, a: tfjs.Tensor, b: tfjs.Tensor, first: tfjs.Tensor) => ({
  a: () => unbroadcast(tfjs.mul(dy, mask(first)), a.shape),
  b: () => unbroadcast(tfjs.mul(dy, mask(tfjs.logicalNot(first))), b.shape),
})
