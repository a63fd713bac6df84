import type { Value } from '../../graph'
import type { Rule, Rules } from '../rewrite'
import { formula, type Formula } from './formula'

const HALF_PI = 1.5707963267948966

/**
 * erf x = 2/√π ∫₀ˣ e^(−t²) dt. Below 1: x + x (2/√π − 1 + x² P(x²)); above: 1 − e^(−x²) G(t)/(1 + 2x) with G a polynomial in t = (x − 2.5)/(x + 2.5)
 * (the mapping of M. M. Shepherd, J. G. Laframboise, Math. Comp. 36 (1981) 249, doi:10.1090/S0025-5718-1981-0595058-X). The polynomials are those of our own libm.
 */
const erfSmall = [
  -4.374621450325064e-12, 8.800680090460203e-11, -1.219035624032117e-9, 1.4796618901290416e-8, -1.6365085592632062e-7, 1.6462076794793434e-6, -1.4925649082364785e-5,
  0.0001205533295270044, -0.0008548327023024696, 0.005223977625438469, -0.026866170645131082, 0.11283791670955125, -0.37612638903183754,
]
const erfLarge = [
  -3.6720652844883664e-6, 1.6400001424592632e-6, 2.248697948480339e-5, 6.5300035117948395e-6, -0.00011348048275648769, -8.851769806131952e-5, 0.0006321197924056705,
  0.0004918689559287528, -0.0043820780665235985, 0.0009318926767643532, 0.03276089326007464, -0.10296705603546631, 0.1576299190233377, -0.09902453957362807, -0.12235676308240478, 1.2648381843668615,
]
const erf: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  // Beyond 6, erf is ±1 to the last digit.
  const size = f.least(f.of('Abs', x), 6)
  // Both branches are computed everywhere, so neither may overflow where the other is taken.
  const z = f.least(f.mul(x, x), 1)
  const near = f.add(x, f.mul(x, f.add(f.mul(z, f.polynomial(z, erfSmall)), 0.1283791670955126)))
  const t = f.div(f.sub(size, 2.5), f.add(size, 2.5))
  const tail = f.div(f.mul(f.of('Exp', f.of('Neg', f.mul(size, size))), f.polynomial(t, erfLarge)), f.add(f.mul(size, 2), 1))
  return f.where(f.greater(size, 1), f.mul(f.of('Sign', x), f.sub(1, tail)), near)
}

/** (asin √z)/√z − 1 for 0 ≤ z ≤ ¼. */
const arc = [
  0.02961201126495512, -0.019241671746743044, 0.01955451333612338, 0.0030448799094556765, 0.009319560794767447, 0.009621842970100282, 0.011566459612121669, 0.01396378001220357,
  0.017352816540325496, 0.02237215744350722, 0.03038194447553234, 0.044642857142551895, 0.07500000000000118, 0.16666666666666666,
]
/** asin s for |s| ≤ ½, z = s². */
const smallArc = (f: Formula, s: Value, z: Value): Value => f.add(s, f.mul(s, f.mul(z, f.polynomial(z, arc))))

/** asin |x| = π/2 − 2 asin √((1 − |x|)/2) above ½ (fdlibm; K. C. Ng, 1993): whether so, and the small angle. */
function foldedArc(f: Formula, x: Value): { readonly large: Value; readonly angle: Value; readonly size: Value } {
  const size = f.of('Abs', x)
  const large = f.greater(size, 0.5)
  const z = f.where(large, f.mul(f.sub(1, size), 0.5), f.mul(x, x))
  return { large, size, angle: smallArc(f, f.of('Sqrt', z), z) }
}

const asin: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const { large, angle } = foldedArc(f, x)
  return f.mul(f.of('Sign', x), f.where(large, f.sub(HALF_PI, f.mul(angle, 2)), angle))
}

const acos: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const { large, angle } = foldedArc(f, x)
  const twice = f.mul(angle, 2)
  const outer = f.where(f.greater(x, 0), twice, f.sub(2 * HALF_PI, twice))
  return f.where(large, outer, f.sub(HALF_PI, f.mul(f.of('Sign', x), angle)))
}

/** atan z = 2 asin(w/√(1 + w²)) with w = z/(1 + √(1 + z²)), z = |x| or 1/|x|. */
const atan: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const size = f.of('Abs', x)
  const large = f.greater(size, 1)
  const z = f.where(large, f.of('Reciprocal', size), size)
  const w = f.div(z, f.add(f.of('Sqrt', f.add(f.mul(z, z), 1)), 1))
  const s = f.div(w, f.of('Sqrt', f.add(f.mul(w, w), 1)))
  const angle = f.mul(smallArc(f, s, f.mul(s, s)), 2)
  return f.mul(f.of('Sign', x), f.where(large, f.sub(HALF_PI, angle), angle))
}

const tan: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  return f.div(f.of('Sin', x), f.of('Cos', x))
}

/** ½ (e^x − e^−x) above 1, below 2 t/(1 − t²) with t = tanh ½x: no digits cancel. */
const sinh: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const e = f.of('Exp', x)
  const far = f.mul(f.sub(e, f.of('Reciprocal', e)), 0.5)
  const t = f.of('Tanh', f.mul(x, 0.5))
  return f.where(f.greater(f.of('Abs', x), 1), far, f.div(f.mul(t, 2), f.sub(1, f.mul(t, t))))
}

const cosh: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const e = f.of('Exp', x)
  return f.mul(f.add(e, f.of('Reciprocal', e)), 0.5)
}

/** log(1 + u) = log w · u/(w − 1) with w = 1 + u rounded, u where w = 1 (D. Goldberg, ACM Comput. Surv. 23 (1991) 5, theorem 4, doi:10.1145/103162.103163). */
function log1p(f: Formula, u: Value): Value {
  const w = f.add(u, 1)
  const away = f.sub(w, 1)
  const none = f.equal(w, 1)
  return f.where(none, u, f.div(f.mul(f.of('Log', w), u), f.where(none, 1, away)))
}

const softplus: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  return f.add(f.of('Relu', x), log1p(f, f.of('Exp', f.of('Neg', f.of('Abs', x)))))
}

/** sign x · log1p(|x| + x²/(1 + √(1 + x²))). */
const asinh: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const square = f.mul(x, x)
  return f.mul(f.of('Sign', x), log1p(f, f.add(f.of('Abs', x), f.div(square, f.add(f.of('Sqrt', f.add(square, 1)), 1)))))
}

/** log1p(d + √(d (x + 1))) with d = x − 1. */
const acosh: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const d = f.sub(x, 1)
  return log1p(f, f.add(d, f.of('Sqrt', f.mul(d, f.add(x, 1)))))
}

/** sign x · ½ log1p(2|x|/(1 − |x|)). */
const atanh: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  const size = f.of('Abs', x)
  return f.mul(f.of('Sign', x), f.mul(log1p(f, f.div(f.mul(size, 2), f.sub(1, size))), 0.5))
}

/** 1/(1 + e^−x). ONNX Runtime has Sigmoid in float64, but fuses x·σ(kx) to an operator that it has in float32 only, and then refuses the model. */
const sigmoid: Rule = ({ inputs: [x] }, r) => {
  const f = formula(r, x)
  return f.of('Reciprocal', f.add(f.of('Exp', f.of('Neg', x)), 1))
}

/**
 * Elementary functions that ONNX Runtime lacks in float64, from those it has, to a few units in the last place (sinh and cosh up to the overflow of e^|x|, tan relative to its poles' distance).
 */
export const elementaryRules: Rules = {
  Erf: [erf], Asin: [asin], Acos: [acos], Atan: [atan], Tan: [tan], Sinh: [sinh], Cosh: [cosh], Softplus: [softplus], Asinh: [asinh], Acosh: [acosh], Atanh: [atanh], Sigmoid: [sigmoid],
}
