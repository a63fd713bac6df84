/** Step sizes from error estimates: G. Söderlind, ACM Trans. Math. Softw. 29 (2003), doi:10.1145/641876.641877; E. Hairer, G. Wanner, Solving ODEs II, Springer 1996, § IV.2. */
const safety = 0.9
const mostGrowth = 5
const leastShrinkage = 0.2

/**
 * By how much the next step may be longer after an accepted one: a proportional–integral controller.
 *
 * @param part error of the step as a part of what is allowed, and of the accepted step before (1: none)
 * @param exponent order of the dependence of the error on the step
 */
export function acceptedFactor(part: number, previous: number, exponent: number): number {
  if (part === 0) return mostGrowth
  const factor = (safety * fractionalPower(Math.max(previous, 1e-4), 0.4 / exponent)) / fractionalPower(part, 0.7 / exponent)
  return Math.min(mostGrowth, Math.max(leastShrinkage, factor))
}

/** … and by how much it must be shorter after a rejected one; NaN when the step left the finite numbers. */
export function rejectedFactor(part: number, exponent: number): number {
  if (!Number.isFinite(part)) return 0.1
  return Math.max(leastShrinkage, Math.min(0.9, safety / fractionalPower(part, 1 / exponent)))
}

/** x^y for x > 0 and 0 ≤ y ≤ 1, from square roots along the binary digits of y: the same bits in every host. */
export function fractionalPower(x: number, y: number): number {
  if (y >= 1) return x
  let result = 1
  let root = x
  let rest = y
  for (let i = 0; i < 48 && rest > 0; i++) {
    root = Math.sqrt(root)
    rest *= 2
    if (rest >= 1) {
      result *= root
      rest -= 1
    }
  }
  return result
}
