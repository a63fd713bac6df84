import type { RandomStream } from '../random'

/** The first n primes. */
export function primes(n: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < n; candidate++) if (found.every(p => p * p > candidate || candidate % p !== 0)) found.push(candidate)
  return found
}

/**
 * Points `from`, from + 1, … of the Halton sequence, `[count, dimension]`: coordinate i is the radical inverse in the i-th prime base, with a random permutation of the digits of every place, so
 * that high dimensions do not line up. Sources: Halton 1960, doi:10.1007/BF01386213; Owen 2017, arXiv:1706.02808.
 */
export function haltonPoints(count: number, dimension: number, stream: RandomStream, from = 0): Float64Array {
  const points = new Float64Array(count * dimension)
  for (const [axis, base] of primes(dimension).entries()) {
    const places: Int32Array[] = []
    for (let size = 1; size < 2 ** 32; size *= base) places.push(stream.child('digits').child(axis).child(places.length).permutation(base))
    for (let k = 0; k < count; k++) {
      let index = from + k
      let scale = 1
      let value = 0
      for (const digits of places) {
        scale /= base
        value += digits[index % base] * scale
        index = Math.floor(index / base)
      }
      points[k * dimension + axis] = value + 0.5 * scale
    }
  }
  return points
}
