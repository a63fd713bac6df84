/** Deterministic pseudo-random numbers in [0, 1) (mulberry32), for tests only. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const interesting = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x2c, 0x22, 0x7b, 0x2d]
const words = ['nan', 'inf', '1e999', '-', ',', ';', '\n', '"', '{', '}', '[', ']', '\\u0000', '__proto__', '%', '0x1', ' ', '\t', '99999999999999999999']

/** One to four changes: flipped bits, set bytes, 32-bit extremes, cut, repeated, removed and inserted stretches; words where the format is text. */
export function mutant(seed: Uint8Array, next: () => number, text: boolean): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(seed)
  const below = (n: number): number => Math.floor(next() * Math.max(1, n))
  const changes = 1 + below(4)
  for (let change = 0; change < changes; change++) {
    const at = below(bytes.length)
    const length = 1 + below(next() < 0.8 ? 8 : 200)
    const kind = below(text ? 8 : 7)
    if (kind === 0 && bytes.length > 0) bytes[at] ^= 1 << below(8)
    else if (kind === 1 && bytes.length > 0) bytes[at] = interesting[below(interesting.length)]
    else if (kind === 2 && bytes.length > 0) bytes[at] = below(256)
    else if (kind === 3 && bytes.length >= at + 4) new DataView(bytes.buffer).setUint32(at, [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, below(65_536)][below(6)], true)
    else if (kind === 4) bytes = spliced(bytes, at, length, new Uint8Array())
    else if (kind === 5) bytes = spliced(bytes, at, 0, bytes.subarray(below(bytes.length)).subarray(0, length))
    else if (kind === 6 && next() < 0.3) bytes = bytes.slice(0, at)
    else if (kind === 7) bytes = spliced(bytes, at, below(3), new TextEncoder().encode(words[below(words.length)]))
  }
  return bytes
}

function spliced(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed))
  const out = new Uint8Array(at + inserted.length + rest.length)
  out.set(bytes.subarray(0, at))
  out.set(inserted, at)
  out.set(rest, at + inserted.length)
  return out
}
