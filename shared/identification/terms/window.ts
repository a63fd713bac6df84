import type { Libm } from '../../expressions/libm'

/**
 * The test function on one line, φ(v) = (1 − v²)^p for |v| ≤ 1 with v = (x − centre)/(m h), and its derivatives in x at the 2m + 1 nodes of a window.
 * Written as ∂ᵃφ = (1 − v²)^{p−a} q_a(v), q_{a+1} = (1 − v²) q_a′ − 2(p − a) v q_a, so that the ends, where φ is tiny, keep their digits.
 *
 * Source: Messenger & Bortz 2021, doi:10.1016/j.jcp.2021.110525, section 4.
 *
 * @returns one array for every order 0 … orders
 */
export function bumpDerivatives(halfWidth: number, degree: number, spacing: number, orders: number): Float64Array[] {
  const kernels: Float64Array[] = []
  let q = [1]
  let scale = 1
  for (let a = 0; a <= orders; a++) {
    const rest = degree - a
    kernels.push(Float64Array.from({ length: 2 * halfWidth + 1 }, (_, j) => {
      const v = (j - halfWidth) / halfWidth
      const polynomial = q.reduceRight((value, c) => value * v + c, 0)
      return scale * polynomial * (1 - v * v) ** rest
    }))
    const next = new Array<number>(q.length + 1).fill(0)
    q.forEach((c, k) => {
      if (k > 0) next[k - 1] += k * c
      next[k + 1] -= (k + 2 * rest) * c
    })
    q = next
    scale /= halfWidth * spacing
  }
  return kernels
}

/** The least degree at which φ has fallen to `tolerance` one node before its end, and at least one more than the highest derivative needs. */
export function bumpDegree(halfWidth: number, orders: number, libm: Libm, tolerance = edge): number {
  return Math.max(orders + 1, Math.ceil(libm.log(tolerance) / libm.log((2 * halfWidth - 1) / (halfWidth * halfWidth))))
}

const edge = 1e-10
const deviations = 3

/**
 * Where the amplitudes of a line's spectrum change from falling to flat: the wave number above which there is mostly noise, or nothing. Two chords are laid to the cumulated amplitudes, from the
 * highest wave number down, and the best joint is taken (relative squared distance).
 *
 * Source: Messenger & Bortz 2021, section 4.1.
 *
 * @param amplitudes mean |û| of wave numbers 0, 1, …; the mean itself is left out
 */
export function cornerWaveNumber(amplitudes: ArrayLike<number>): number {
  const count = amplitudes.length - 1
  const cumulated = new Float64Array(count)
  let total = 0
  for (let i = 0; i < count; i++) cumulated[i] = total += amplitudes[count - i]
  if (!(total > 0)) return 1
  // An exact zero (no content at all up there) must not divide.
  const least = total * 1e-15
  const misfit = (from: number, to: number): number => {
    let square = 0
    for (let i = from; i <= to; i++) {
      const chord = cumulated[from] + ((cumulated[to] - cumulated[from]) * (i - from)) / Math.max(1, to - from)
      const d = (chord - cumulated[i]) / Math.max(cumulated[i], least)
      square += d * d
    }
    return square
  }
  let [best, joint] = [Infinity, 0]
  for (let k = 1; k < count - 1; k++) {
    const square = misfit(0, k) + misfit(k, count - 1)
    if (square < best) [best, joint] = [square, k]
  }
  return Math.max(1, count - joint)
}

/**
 * The half width m (in nodes) whose test function has its spectrum within the corner k of a line of N nodes: taken for a Gaussian, its transform has τ̂ standard deviations at k when
 * log((2m − 1)/m²)(4π²k²m² − 3N²τ̂²) − 2N²τ̂² log τ = 0.
 *
 * Source: Messenger & Bortz 2021, section 4.2 and appendix. They take τ̂ = 2; with 3 the same noise disturbs the columns of high derivatives less, which otherwise fit noise by noise.
 *
 * @param most the largest half width that leaves room for windows
 */
export function halfWidthAt(corner: number, nodes: number, least: number, most: number, libm: Libm): number {
  const spread = nodes * nodes * deviations * deviations
  const defect = (m: number): number =>
    libm.log((2 * m - 1) / (m * m)) * (4 * Math.PI * Math.PI * corner * corner * m * m - 3 * spread) - 2 * spread * libm.log(edge)
  let found = most
  for (let m = most; m > least; m--) {
    if (defect(m) < 0 !== defect(m - 1) < 0) {
      found = m
      break
    }
  }
  return Math.min(most, Math.max(least, found))
}

/** Mean amplitudes of the wave numbers 0 … N/2 over some lines of a C-order array: `values[outer · nodes · inner + i · inner + k]`. At most `lines` lines, evenly chosen. */
export function lineSpectrum(values: Float64Array, nodes: number, inner: number, libm: Libm, lines = 48): Float64Array {
  const count = values.length / nodes
  const cosines = Float64Array.from({ length: nodes }, (_, k) => libm.cos((2 * Math.PI * k) / nodes))
  const sines = Float64Array.from({ length: nodes }, (_, k) => libm.sin((2 * Math.PI * k) / nodes))
  const mean = new Float64Array(Math.floor(nodes / 2) + 1)
  const taken = Math.min(lines, count)
  for (let l = 0; l < taken; l++) {
    const line = Math.floor(((l + 0.5) * count) / taken)
    const start = Math.floor(line / inner) * nodes * inner + (line % inner)
    for (let k = 0; k < mean.length; k++) {
      let [re, im] = [0, 0]
      for (let i = 0, turn = 0; i < nodes; i++) {
        const value = values[start + i * inner]
        re += value * cosines[turn]
        im += value * sines[turn]
        turn += k
        if (turn >= nodes) turn -= nodes
      }
      mean[k] += Math.sqrt(re * re + im * im) / taken
    }
  }
  return mean
}
