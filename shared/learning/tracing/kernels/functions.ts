import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernels } from '../recorder'

/** Factors of the scaled exponential linear unit (Klambauer et al. 2017, doi 10.48550/arXiv.1706.02515). */
export const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const

const halfPi = 1.5707963267948966

/**
 * Functions that ONNX does not have, or only with attributes that are rounded to float32, composed of ones that exist in both precisions.
 */
export const functionKernels: TracedKernels = {
  Expm1: ({ x }, _, r) => expm1(x, r),
  Log1p: ({ x }, _, r) => log1p(x, r),
  /** sign(x) log1p(|x| + x² / (1 + √(x² + 1))); |x| up to the square root of the greatest number. */
  Asinh: ({ x }, _, r) => {
    const square = r.node('Mul', [x, x])
    const root = r.node('Sqrt', [r.node('Add', [square, r.real(1)])])
    const magnitude = r.node('Add', [r.node('Abs', [x]), r.node('Div', [square, r.node('Add', [root, r.real(1)])])])
    return r.node('Mul', [r.node('Sign', [x]), log1p(magnitude, r)])
  },
  /** log1p(t + √(2t + t²)), t = x − 1. */
  Acosh: ({ x }, _, r) => {
    const t = r.node('Sub', [x, r.real(1)])
    return log1p(r.node('Add', [t, r.node('Sqrt', [r.node('Add', [r.node('Mul', [t, r.real(2)]), r.node('Mul', [t, t])])])]), r)
  },
  /** ½ log1p(2x / (1 − x)). */
  Atanh: ({ x }, _, r) => r.node('Mul', [log1p(r.node('Div', [r.node('Mul', [x, r.real(2)]), r.node('Sub', [r.real(1), x])]), r), r.real(0.5)]),
  /** Angle of the point (b, a): the arc tangent of the quotient that is at most 1, turned into its quadrant. */
  Atan2: ({ a: y, b: x }, _, r) => {
    const steep = r.node('Greater', [r.node('Abs', [y]), r.node('Abs', [x])])
    const numerator = r.node('Where', [steep, x, y])
    const denominator = r.node('Where', [steep, y, x])
    const zero = r.node('Equal', [denominator, r.real(0)])
    const angle = r.node('Atan', [r.node('Div', [numerator, r.node('Where', [zero, r.real(1), denominator])])])
    const side = r.node('Where', [r.node('Less', [y, r.real(0)]), r.real(-1), r.real(1)])
    const flat = r.node('Where', [r.node('Less', [x, r.real(0)]), r.node('Add', [angle, r.node('Mul', [side, r.real(2 * halfPi)])]), angle])
    return r.node('Where', [steep, r.node('Sub', [r.node('Mul', [side, r.real(halfPi)]), angle]), flat])
  },
  Elu: ({ x }, _, r) => elu(x, r),
  /** Derivative from the value: 1 at y ≥ 0, y + 1 below. */
  EluGrad: ({ dy, y }, _, r) => r.node('Mul', [dy, r.node('Add', [r.node('Min', [y, r.real(0)]), r.real(1)])]),
  Selu: ({ x }, _, r) => {
    const below = r.node('Mul', [expm1(r.node('Min', [x, r.real(0)]), r), r.real(selu.scale * selu.alpha)])
    return r.node('Add', [r.node('Mul', [r.node('Relu', [x]), r.real(selu.scale)]), below])
  },
  LeakyRelu: ({ x }, { alpha }, r) => leaky(x, r.real(alpha as number), r),
  Prelu: ({ x, alpha }, _, r) => leaky(x, alpha, r),
  Relu6: ({ x }, _, r) => r.node('Min', [r.node('Relu', [x]), r.real(6)]),
}

/** eˣ − 1 = tanh(x/2) (eˣ + 1): full relative accuracy near zero, right at both infinities. */
export const expm1 = (x: Value, r: Recorder): Value => r.node('Mul', [r.node('Tanh', [r.node('Mul', [x, r.real(0.5)])]), r.node('Add', [r.node('Exp', [x]), r.real(1)])])

/** log(1 + x) with full relative accuracy near zero: log(u) x / (u − 1), u = 1 + x rounded (Kahan; Goldberg 1991, doi 10.1145/103162.103163, theorem 4). */
export function log1p(x: Value, r: Recorder): Value {
  const u = r.node('Add', [x, r.real(1)])
  const distance = r.node('Sub', [u, r.real(1)])
  const tiny = r.node('Equal', [distance, r.real(0)])
  // Beyond 1e17 the factor is 1 to the last digit, and ∞/∞ is avoided.
  const large = r.node('Greater', [x, r.real(1e17)])
  const factor = r.node('Where', [large, r.real(1), r.node('Div', [x, r.node('Where', [tiny, r.real(1), distance])])])
  return r.node('Where', [tiny, x, r.node('Mul', [r.node('Log', [u]), factor])])
}

export const elu = (x: Value, r: Recorder): Value => r.node('Add', [r.node('Relu', [x]), expm1(r.node('Min', [x, r.real(0)]), r)])

/** x above zero, alpha x below. */
export const leaky = (x: Value, alpha: Value, r: Recorder): Value => r.node('Add', [r.node('Relu', [x]), r.node('Mul', [r.node('Min', [x, r.real(0)]), alpha])])
