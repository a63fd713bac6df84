/** Up to which |λ dt| a method is stable on the negative real axis and on the imaginary one. */
export interface StabilityLimits {
  readonly real: number
  readonly imaginary: number
  /** Longer steps may be stable too: another part of the method may damp what this one excites. */
  readonly sufficient?: boolean
}

/** Growth of a step that is still called stable: rounding of the coefficients … */
const strict = 1e-7
/** … and weak growth along the imaginary axis that methods with error control keep in check (Tsit5 leaves the unit disk by 10⁻⁷ at 0.5 already, by 10⁻³ at 1.3). */
export const weakGrowth = 1e-3

/**
 * The stability limits of an explicit Runge–Kutta method, from its stability polynomial R(z) = 1 + Σ zʲ bᵀAʲ⁻¹1: the first |z| on each axis where |R| exceeds 1.
 *
 * @param a rows of the tableau below the diagonal
 * @param allowance growth of |R| on the imaginary axis that is still called stable
 */
export function limitsOf(a: readonly (readonly number[])[], b: readonly number[], allowance = strict): StabilityLimits {
  const stages = b.length
  const coefficients = [1]
  let powers: number[] = new Array<number>(stages).fill(1)
  for (let j = 1; j <= stages; j++) {
    coefficients.push(b.reduce((sum, weight, i) => sum + weight * powers[i], 0))
    powers = a.map(row => row.reduce((sum, entry, i) => sum + entry * powers[i], 0))
  }
  const modulusReal = (x: number): number => Math.abs(coefficients.reduceRight((value, c) => value * -x + c, 0))
  const modulusImaginary = (y: number): number => {
    let [re, im] = [0, 0]
    for (let j = coefficients.length - 1; j >= 0; j--) [re, im] = [-im * y + coefficients[j], re * y]
    return Math.sqrt(re * re + im * im)
  }
  return { real: firstBeyond(modulusReal, strict), imaginary: firstBeyond(modulusImaginary, allowance) }
}

function firstBeyond(modulus: (at: number) => number, allowance: number): number {
  const step = 1 / 256
  let last = 0
  while (last < 40 && modulus(last + step) <= 1 + allowance) last += step
  let beyond = last + step
  for (let i = 0; i < 30; i++) {
    const middle = 0.5 * (last + beyond)
    if (modulus(middle) <= 1 + allowance) last = middle
    else beyond = middle
  }
  return last
}
