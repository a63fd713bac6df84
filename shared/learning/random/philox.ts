/**
 * Philox 4×32-10: a keyed bijection of 128-bit counters that passes for random numbers. No state: the n-th number of a stream is a function of n, whoever asks and in whatever order.
 * Source: Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.
 */

/** High half of a · b, where b = (high, low) in 16-bit halves. */
function highProduct(a: number, high: number, low: number): number {
  const ah = a >>> 16
  const al = a & 0xffff
  const u = ah * low + ((al * low) >>> 16)
  const v = al * high + (u & 0xffff)
  return ah * high + (u >>> 16) + (v >>> 16)
}

const rounds = 10

/** Four 32-bit words, written to `out`, for the counter (c0 … c3), least significant word first, and the key (k0, k1). */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < rounds; round++) {
    const high0 = highProduct(c0, 0xd251, 0x1f53)
    const low0 = Math.imul(c0, 0xd2511f53)
    const high1 = highProduct(c2, 0xcd9e, 0x8d57)
    const low1 = Math.imul(c2, 0xcd9e8d57)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
