import type { Libm } from '../../../expressions/libm'

/** A complex matrix as two real ones, row-major. */
export interface ComplexMatrix {
  readonly real: Float64Array
  readonly imaginary: Float64Array
  readonly shape: readonly [number, number]
}

const twoPi = 6.283185307179586

/** cos and sin of 2πt/n for whole t: the angle is brought below an eighth of a turn first, so that zeros, halves and symmetries are exact. */
function turn(t: number, n: number, libm: Libm): readonly [number, number] {
  const rest = ((t % n) + n) % n
  if (2 * rest > n) {
    const [c, s] = turn(n - rest, n, libm)
    return [c, -s]
  }
  if (4 * rest > n) {
    // cos(π − a) = −cos a, with 2πt/n = π − a and a = 2π(n/2 − t)/n, in units of half a step.
    const [c, s] = eighth(n - 2 * rest, 2 * n, libm)
    return [-c, s]
  }
  return eighth(2 * rest, 2 * n, libm)
}

/** For 0 ≤ t ≤ n/4. */
function eighth(t: number, n: number, libm: Libm): readonly [number, number] {
  if (8 * t <= n) return [libm.cos((twoPi * t) / n), libm.sin((twoPi * t) / n)]
  const angle = (twoPi * (n - 4 * t)) / (4 * n)
  return [libm.sin(angle), libm.cos(angle)]
}

/**
 * Discrete Fourier transform as a matrix [n, frequencies]: e^{∓2πi k j/n}, so that X_k = Σⱼ x_j e^{−2πi k j/n} is x · matrix. `inverse` turns the sign.
 * Only the wanted frequencies (any whole numbers) are computed. Where they are few, products with it are faster than a fast transform.
 */
export function fourierMatrix(n: number, frequencies: readonly number[], libm: Libm, { inverse = false, scale = 1 }: { inverse?: boolean; scale?: number } = {}): ComplexMatrix {
  const m = frequencies.length
  const [real, imaginary] = [new Float64Array(n * m), new Float64Array(n * m)]
  for (let j = 0; j < n; j++) {
    frequencies.forEach((k, i) => {
      const [c, s] = turn((((k % n) + n) % n) * j, n, libm)
      real[j * m + i] = scale * c
      imaginary[j * m + i] = inverse ? scale * s : -scale * s
    })
  }
  return { real, imaginary, shape: [n, m] }
}

/** Whole numbers 0 … m − 1, then −m … −1: the kept rows of a truncated two-sided transform. */
export const lowFrequencies = (modes: number): readonly number[] => [...Array.from({ length: modes }, (_, k) => k), ...Array.from({ length: modes }, (_, k) => k - modes)]

/** x [.., n] · result [n, 2 modes] = real parts, then imaginary parts, of X_0 … X_{modes−1} for real x. Unnormalised, as rfft. Needs modes ≤ n/2 + 1. */
export function realFourierMatrix(n: number, modes: number, libm: Libm): Float64Array {
  const { real, imaginary } = fourierMatrix(n, Array.from({ length: modes }, (_, k) => k), libm)
  return Float64Array.from({ length: 2 * n * modes }, (_, at) => {
    const [j, c] = [Math.floor(at / (2 * modes)), at % (2 * modes)]
    return c < modes ? real[j * modes + c] : imaginary[j * modes + c - modes]
  })
}

/** The other way: [real parts, imaginary parts] [.., 2 modes] · result [2 modes, n] = x, scaled by 1/n, frequencies from `modes` on taken as zero, as irfft. */
export function inverseRealFourierMatrix(n: number, modes: number, libm: Libm): Float64Array {
  const { real, imaginary } = fourierMatrix(n, Array.from({ length: modes }, (_, k) => k), libm, { inverse: true, scale: 1 / n })
  const matrix = new Float64Array(2 * modes * n)
  for (let k = 0; k < modes; k++) {
    // Every frequency but the constant and the highest of an even length stands for its mirror image too.
    const weight = k === 0 || 2 * k === n ? 1 : 2
    for (let j = 0; j < n; j++) {
      matrix[k * n + j] = weight * real[j * modes + k]
      matrix[(modes + k) * n + j] = k === 0 || 2 * k === n ? 0 : -weight * imaginary[j * modes + k]
    }
  }
  return matrix
}

/**
 * A complex matrix [n, m] as a real one [2n, 2m] for arrays that hold all real parts, then all imaginary parts: [a | b] · [[R, I], [−I, R]].
 * Its transpose is the matrix of the conjugate transpose.
 */
export function realBlockMatrix({ real, imaginary, shape: [n, m] }: ComplexMatrix): Float64Array {
  const block = new Float64Array(4 * n * m)
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < m; k++) {
      block[j * 2 * m + k] = real[j * m + k]
      block[j * 2 * m + m + k] = imaginary[j * m + k]
      block[(n + j) * 2 * m + k] = -imaginary[j * m + k]
      block[(n + j) * 2 * m + m + k] = real[j * m + k]
    }
  }
  return block
}
