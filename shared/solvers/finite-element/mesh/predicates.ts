/**
 * Orientation and in-circle tests with the right sign for all doubles: first in floating point with a bound of the rounding error (J. R. Shewchuk, Adaptive precision floating-point arithmetic and fast robust
 * geometric predicates, 1997, doi:10.1007/PL00009321), and where that cannot tell, exactly in integers, since every double is an integer times a power of two.
 */
const epsilon = 2 ** -53
const orientationBound = (3 + 16 * epsilon) * epsilon
const circleBound = (10 + 96 * epsilon) * epsilon

/** Positive when a, b, c turn counterclockwise, zero when they lie on a line. Only the sign has a meaning. */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (ax - cx) * (by - cy)
  const right = (ay - cy) * (bx - cx)
  const determinant = left - right
  if (Math.abs(determinant) > orientationBound * (Math.abs(left) + Math.abs(right))) return determinant
  const [x1, y1, x2, y2, x3, y3] = integers([ax, ay, bx, by, cx, cy])
  return sign((x1 - x3) * (y2 - y3) - (y1 - y3) * (x2 - x3))
}

/** Positive when d lies inside the circle through the counterclockwise a, b, c. Only the sign has a meaning. */
export function inCircle(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number): number {
  const [adx, ady, bdx, bdy, cdx, cdy] = [ax - dx, ay - dy, bx - dx, by - dy, cx - dx, cy - dy]
  const aSquare = adx * adx + ady * ady
  const bSquare = bdx * bdx + bdy * bdy
  const cSquare = cdx * cdx + cdy * cdy
  const determinant = aSquare * (bdx * cdy - cdx * bdy) + bSquare * (cdx * ady - adx * cdy) + cSquare * (adx * bdy - bdx * ady)
  const size = aSquare * (Math.abs(bdx * cdy) + Math.abs(cdx * bdy)) + bSquare * (Math.abs(cdx * ady) + Math.abs(adx * cdy)) + cSquare * (Math.abs(adx * bdy) + Math.abs(bdx * ady))
  if (Math.abs(determinant) > circleBound * size) return determinant
  const [x1, y1, x2, y2, x3, y3, x4, y4] = integers([ax, ay, bx, by, cx, cy, dx, dy])
  const [a, b, c] = [[x1 - x4, y1 - y4], [x2 - x4, y2 - y4], [x3 - x4, y3 - y4]]
  const square = ([x, y]: bigint[]): bigint => x * x + y * y
  return sign(square(a) * (b[0] * c[1] - c[0] * b[1]) + square(b) * (c[0] * a[1] - a[0] * c[1]) + square(c) * (a[0] * b[1] - b[0] * a[1]))
}

const sign = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)

/** The numbers times a common power of two, as integers. */
function integers(values: readonly number[]): bigint[] {
  let shift = 0
  for (const value of values) {
    let exponent = 0
    for (let v = value; v !== Math.floor(v); v *= 2) exponent++
    shift = Math.max(shift, exponent)
  }
  // Doubling is exact, and so is a large double as an integer; in two parts so that no intermediate value overflows.
  return values.map(value => {
    let exponent = 0
    let v = value
    for (; v !== Math.floor(v); v *= 2) exponent++
    return BigInt(v) << BigInt(shift - exponent)
  })
}
