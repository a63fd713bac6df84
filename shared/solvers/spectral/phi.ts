import type { Libm } from '../../expressions/libm'

/** Complex number as [re, im]. */
export type Complex = readonly [number, number]

export const times = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]

export function exponential(z: Complex, libm: Libm): Complex {
  const radius = libm.exp(z[0])
  return z[1] === 0 ? [radius, 0] : [radius * libm.cos(z[1]), radius * libm.sin(z[1])]
}

/**
 * φ₁ = (e^z − 1)/z, φ₂ = (φ₁ − 1)/z, φ₃ = (φ₂ − ½)/z. Near zero the differences cancel: inside |z| < 1 their Taylor series φ_m = Σ z^j/(j + m)! to rounding,
 * outside the recurrence. The same values as the contour means of Kassam & Trefethen (2005, doi:10.1137/S1064827502410633), without their quadrature.
 */
export function phi(z: Complex, e: Complex): readonly [Complex, Complex, Complex] {
  const square = z[0] * z[0] + z[1] * z[1]
  if (square < 1) {
    // φ₃ by Horner's rule, then φ₂ = ½ + z φ₃ and φ₁ = 1 + z φ₂, which lose nothing.
    let third: Complex = [0, 0]
    for (let j = 20; j >= 0; j--) {
      const next = times(third, z)
      third = [next[0] + 1 / factorials[j + 3], next[1]]
    }
    const zThird = times(z, third)
    const second: Complex = [0.5 + zThird[0], zThird[1]]
    const zSecond = times(z, second)
    return [[1 + zSecond[0], zSecond[1]], second, third]
  }
  const inverse: Complex = [z[0] / square, -z[1] / square]
  const first = times([e[0] - 1, e[1]], inverse)
  const second = times([first[0] - 1, first[1]], inverse)
  const third = times([second[0] - 0.5, second[1]], inverse)
  return [first, second, third]
}

const factorials: number[] = [1]
for (let i = 1; i <= 23; i++) factorials.push(factorials[i - 1] * i)
