import { error, FaultError } from '../../fault'
import type { RandomStream } from '../random'
import { directionNumbers } from './sobol-numbers'

export const largestSobolDimension = 111
const bits = 32

/** The 32 direction numbers of every dimension as bits behind the point: v_k = m_k 2^{32−k}. Made once; a table of constants. */
const directions = directionTable()

function directionTable(): Uint32Array {
  const table = new Uint32Array(largestSobolDimension * bits)
  for (let k = 0; k < bits; k++) table[k] = 2 ** (bits - 1 - k)
  directionNumbers.split(' ').forEach((entry, index) => {
    const [polynomial, initial] = entry.split(':')
    const own = table.subarray((index + 1) * bits, (index + 2) * bits)
    const given = initial.split(',').map(Number)
    const degree = given.length
    const coefficients = Number(polynomial)
    for (let k = 0; k < bits; k++) {
      if (k < degree) {
        own[k] = given[k] * 2 ** (bits - 1 - k)
        continue
      }
      // m_k = 2 a₁ m_{k−1} ⊕ 2² a₂ m_{k−2} ⊕ … ⊕ 2^s m_{k−s} ⊕ m_{k−s}, with v_k = m_k 2^{32−k}.
      let value = own[k - degree] ^ (own[k - degree] >>> degree)
      for (let j = 1; j < degree; j++) if ((coefficients >>> (degree - j)) & 1) value ^= own[k - j]
      own[k] = value
    }
  })
  return table
}

/**
 * Points `from`, from + 1, … of the Sobol sequence with Owen's nested uniform scrambling in its hashed form, `[count, dimension]`: every point is uniform on the cube, and the first 2^m points are
 * a net. Without a stream the plain sequence, whose first point is the origin.
 *
 * Sources: Sobol 1967, doi:10.1016/0041-5553(67)90144-9; Owen 1995, doi:10.1007/978-1-4612-2552-2_19; Burley 2020, jcgt.org/published/0009/04/01.
 * Throws FaultError `too-many-dimensions` beyond 111.
 */
export function sobolPoints(count: number, dimension: number, stream?: RandomStream, from = 0): Float64Array {
  if (dimension > largestSobolDimension) {
    throw new FaultError(error('too-many-dimensions', `Sobol points exist here in up to ${largestSobolDimension} dimensions, not in ${dimension}.`, { tip: 'Use latin-hypercube or uniform.' }))
  }
  const points = new Float64Array(count * dimension)
  for (let axis = 0; axis < dimension; axis++) {
    const own = directions.subarray(axis * bits, (axis + 1) * bits)
    const seeds = stream?.child('scrambling').words(axis)
    for (let k = 0; k < count; k++) {
      let value = 0
      for (let index = from + k, bit = 0; index > 0; index = Math.floor(index / 2), bit++) if (index % 2 === 1) value ^= own[bit]
      points[k * dimension + axis] = seeds ? ((scrambled(value, seeds[0], seeds[1]) >>> 0) + 0.5) * 2 ** -32 : (value >>> 0) * 2 ** -32
    }
  }
  return points
}

/** A permutation of 32-bit fractions in which every bit depends on itself and the bits before it only: the permutation of Laine & Karras between two reversals, constants of Burley. */
function scrambled(value: number, seed: number, flips: number): number {
  let x = (reversed(value) + seed) | 0
  x ^= Math.imul(x, 0x6c50b47c)
  x ^= Math.imul(x, 0xb82f1e52)
  x ^= Math.imul(x, 0xc7afe638)
  x ^= Math.imul(x, 0x8d22f6e6)
  return reversed(x) ^ flips
}

function reversed(x: number): number {
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8)
  return (x >>> 16) | (x << 16)
}
