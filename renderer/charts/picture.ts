/**
 * A picture: values on a tensor grid of two axes, `values[j * nx + i]` at (x[i], y[j]), ready to be drawn. Axes may be unevenly spaced.
 */
export interface Picture {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly values: Float32Array
}

/** Position of `at` among increasing coordinates as index + fraction; NaN outside (with a tolerance of 1e-9 of the length). */
export function fractionalIndex(coordinates: Float64Array, at: number): number {
  const last = coordinates.length - 1
  if (last === 0) return at === coordinates[0] ? 0 : NaN
  const tolerance = 1e-9 * (coordinates[last] - coordinates[0])
  if (!(at >= coordinates[0] - tolerance) || !(at <= coordinates[last] + tolerance)) return NaN
  let lower = 0
  let upper = last
  while (upper - lower > 1) {
    const middle = (lower + upper) >> 1
    if (coordinates[middle] <= at) lower = middle
    else upper = middle
  }
  const fraction = (at - coordinates[lower]) / (coordinates[upper] - coordinates[lower])
  return lower + Math.min(1, Math.max(0, fraction))
}

/** Bilinear value at fractional indices; NaN where an index is NaN or a corner that counts is missing. */
export function sampleIndices(picture: Picture, fx: number, fy: number): number {
  if (Number.isNaN(fx) || Number.isNaN(fy)) return NaN
  const nx = picture.x.length
  const i = Math.min(Math.floor(fx), Math.max(0, nx - 2))
  const j = Math.min(Math.floor(fy), Math.max(0, picture.y.length - 2))
  const a = fx - i
  const b = fy - j
  const at = j * nx + i
  const { values } = picture
  const triangle = withoutCorner(values, at, nx, a, b)
  if (triangle !== undefined) return triangle
  // A corner of weight zero must not spread its NaN.
  const mix = (p: number, q: number, w: number): number => (w === 0 ? p : w === 1 ? q : p + (q - p) * w)
  const lower = b === 1 ? 0 : mix(values[at], values[at + 1], a)
  const upper = b === 0 ? 0 : mix(values[at + nx], values[at + nx + 1], a)
  return mix(lower, upper, b)
}

/** Inside a cell with one corner outside the domain: the value on the triangle of the other three; undefined where the rule for whole cells holds. */
function withoutCorner(values: Float32Array, at: number, nx: number, a: number, b: number): number | undefined {
  const [v00, v10, v01, v11] = [values[at], values[at + 1], values[at + nx], values[at + nx + 1]]
  const corners = [v00, v10, v01, v11]
  if (corners.filter(Number.isFinite).length !== 3 || !corners.some(Number.isNaN)) return undefined
  if (Number.isNaN(v11)) return a + b <= 1 ? v00 + a * (v10 - v00) + b * (v01 - v00) : undefined
  if (Number.isNaN(v00)) return a + b >= 1 ? v11 + (1 - a) * (v01 - v11) + (1 - b) * (v10 - v11) : undefined
  if (Number.isNaN(v10)) return b >= a ? v01 + a * (v11 - v01) + (1 - b) * (v00 - v01) : undefined
  return a >= b ? v10 + (1 - a) * (v00 - v10) + b * (v11 - v10) : undefined
}

export const samplePicture = (picture: Picture, x: number, y: number): number => sampleIndices(picture, fractionalIndex(picture.x, x), fractionalIndex(picture.y, y))

/** Repeats the first node at the upper end of a periodic axis, so that the picture reaches it. `ends[k]` is undefined on a bounded axis. */
export function wrapPeriodic(picture: Picture, ends: readonly [number | undefined, number | undefined]): Picture {
  const grow = (coordinates: Float64Array, end: number | undefined): Float64Array =>
    end !== undefined && end > coordinates[coordinates.length - 1] ? Float64Array.of(...coordinates, end) : coordinates
  const x = grow(picture.x, ends[0])
  const y = grow(picture.y, ends[1])
  if (x === picture.x && y === picture.y) return picture
  const values = new Float32Array(x.length * y.length)
  for (let j = 0; j < y.length; j++) {
    const from = (j % picture.y.length) * picture.x.length
    for (let i = 0; i < x.length; i++) values[j * x.length + i] = picture.values[from + (i % picture.x.length)]
  }
  return { x, y, values }
}

/** Smallest and largest finite value; [NaN, NaN] when there is none. */
export function finiteRange(values: ArrayLike<number>): [number, number] {
  let minimum = Infinity
  let maximum = -Infinity
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    if (v < minimum && v > -Infinity) minimum = v
    if (v > maximum && v < Infinity) maximum = v
  }
  return minimum <= maximum ? [minimum, maximum] : [NaN, NaN]
}
