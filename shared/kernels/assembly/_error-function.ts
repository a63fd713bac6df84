import { expCore } from './_exponential'
import { first, K } from './_lanes'

/**
 * erf x = 2/√π ∫₀ˣ e^(−t²) dt. Below 1: x + x (2/√π − 1 + x² P(x²)); above: 1 − e^(−x²) G(t)/(1 + 2x) with G a polynomial in t = (x − 2.5)/(x + 2.5)
 * (the mapping of M. M. Shepherd, J. G. Laframboise, Math. Comp. 36, 1981). P and G interpolated at Chebyshev nodes, relative error below 2⁻⁶⁰ and 2⁻⁵⁴.
 */
export function erfScalar(x: f64): f64 {
  const size = abs<f64>(x)
  if (size < 1) {
    const z = x * x
    let p: f64 = -4.374621450325064e-12
    p = p * z + 8.800680090460203e-11
    p = p * z - 1.219035624032117e-9
    p = p * z + 1.4796618901290416e-8
    p = p * z - 1.6365085592632062e-7
    p = p * z + 1.6462076794793434e-6
    p = p * z - 1.4925649082364785e-5
    p = p * z + 0.0001205533295270044
    p = p * z - 0.0008548327023024696
    p = p * z + 0.005223977625438469
    p = p * z - 0.026866170645131082
    p = p * z + 0.11283791670955125
    p = p * z - 0.37612638903183754
    return x + x * (0.1283791670955126 + z * p)
  }
  if (!(size < 6)) return x != x ? x : copysign<f64>(1, x)
  const t = (size - 2.5) / (size + 2.5)
  let g: f64 = -3.6720652844883664e-6
  g = g * t + 1.6400001424592632e-6
  g = g * t + 2.248697948480339e-5
  g = g * t + 6.5300035117948395e-6
  g = g * t - 0.00011348048275648769
  g = g * t - 8.851769806131952e-5
  g = g * t + 0.0006321197924056705
  g = g * t + 0.0004918689559287528
  g = g * t - 0.0043820780665235985
  g = g * t + 0.0009318926767643532
  g = g * t + 0.03276089326007464
  g = g * t - 0.10296705603546631
  g = g * t + 0.1576299190233377
  g = g * t - 0.09902453957362807
  g = g * t - 0.12235676308240478
  g = g * t + 1.2648381843668615
  return copysign<f64>(1 - (first(expCore(K(-(size * size)))) * g) / (1 + 2 * size), x)
}
