import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import { philox } from './philox'

/**
 * Random numbers by address: (seed, stream, position). Draws do not depend on the order in which they are made, on threads or on what other streams drew, so a run that is resumed goes on with
 * the numbers it would have had. Positions are integers 0 … 2⁵³ − 1. `uniform`, `normal` and `integers` at the same position come from the same words: use a child stream for each purpose.
 */
export interface RandomStream {
  /** An independent stream: a name ("weights") or an index (the epoch, the seed of a repetition). */
  child(name: string | number): RandomStream
  /** Four 32-bit words of a position of their own numbering. */
  words(position: number): Uint32Array
  /** `count` numbers of [0, 1), multiples of 2⁻⁵³, at positions `from`, from + 1, … */
  uniform(count: number, from?: number): Float64Array
  /** `count` numbers of the standard normal distribution; at most 8.6 standard deviations. Box & Muller 1958, doi:10.1214/aoms/1177706645. */
  normal(count: number, from?: number): Float64Array
  /** `count` integers of 0 … bound − 1, bound ≤ 2³²; their probabilities differ by less than 2⁻²¹ of themselves. */
  integers(count: number, bound: number, from?: number): Float64Array
  /** A random order of 0 … n − 1 (Fisher & Yates; Durstenfeld 1964, doi:10.1145/364520.364540). Every order has its own stream. */
  permutation(n: number): Int32Array
  /** `count` different numbers of 0 … n − 1 in random order. */
  choice(n: number, count: number): Int32Array
}

const word = 2 ** 32
const largestSeed = 2 ** 53 - 1

/**
 * The stream of a seed. Throws FaultError `invalid-seed` for a seed that is no integer from 0 to 2⁵³ − 1.
 *
 * @param name separates the streams of one seed ("initial weights", "collocation points")
 */
export function createRandom(seed: number, libm: Libm, name: string | number = ''): RandomStream {
  if (!Number.isInteger(seed) || seed < 0 || seed > largestSeed) {
    throw new FaultError(error('invalid-seed', `The seed is ${seed}, which is not an integer from 0 to ${largestSeed}.`, { tip: 'Use for example 1.' }))
  }
  const key = [seed % word, Math.floor(seed / word)] as const
  return streamOf(key, absorb(key, [0, 0], name), libm)
}

type Words = readonly [number, number]

/** The 64-bit number of a child stream, by Philox under keys that no draw uses. Two streams collide with a probability of 2⁻⁶⁴. */
function absorb(key: Words, parent: Words, name: string | number): Words {
  const out = new Uint32Array(4)
  let [a, b] = parent
  const step = (first: number, second: number, kind: number): void => {
    philox(first, second, a, b, key[0] ^ (0x5bd1e995 + kind), key[1] ^ 0x27d4eb2f, out)
    a = out[0]
    b = out[1]
  }
  if (typeof name === 'number') {
    if (!Number.isSafeInteger(name) || name < 0) throw new Error(`a stream has the index ${name}`)
    step(name % word, Math.floor(name / word), 1)
  } else {
    for (let i = 0; i < name.length; i += 4) {
      const unit = (k: number): number => (i + k < name.length ? name.charCodeAt(i + k) : 0)
      step(unit(0) + 65536 * unit(1), unit(2) + 65536 * unit(3), 2)
    }
    step(name.length, 0, 3)
  }
  return [a, b]
}

function streamOf(key: Words, id: Words, libm: Libm): RandomStream {
  const out = new Uint32Array(4)
  const block = (position: number): void => philox(position % word, Math.floor(position / word), id[0], id[1], key[0], key[1], out)
  /** Two 53-bit fractions of the block that was drawn last. */
  const first = (): number => (out[0] * 2097152 + (out[1] >>> 11)) * 2 ** -53
  const second = (): number => (out[2] * 2097152 + (out[3] >>> 11)) * 2 ** -53

  /** Positions come in pairs, one block each. */
  function fill(count: number, from: number, pair: (write: (first: number, second: number) => void) => void): Float64Array {
    const values = new Float64Array(count)
    for (let position = from - (from % 2); position < from + count; position += 2) {
      block(position / 2)
      pair((a, b) => {
        if (position >= from) values[position - from] = a
        if (position + 1 < from + count) values[position + 1 - from] = b
      })
    }
    return values
  }
  const uniform = (count: number, from = 0): Float64Array => fill(count, from, write => write(first(), second()))

  const stream: RandomStream = {
    child: name => streamOf(key, absorb(key, id, name), libm),
    words(position) {
      block(position)
      return out.slice()
    },
    uniform,
    normal: (count, from = 0) =>
      fill(count, from, write => {
        const radius = Math.sqrt(-2 * libm.log(1 - first()))
        const angle = 2 * Math.PI * second()
        write(radius * libm.cos(angle), radius * libm.sin(angle))
      }),
    integers(count, bound, from = 0) {
      if (!Number.isInteger(bound) || bound < 1 || bound > word) throw new Error(`random integers below ${bound}`)
      return uniform(count, from).map(u => Math.floor(u * bound))
    },
    permutation: n => stream.choice(n, n),
    choice(n, count) {
      if (!(count >= 0 && count <= n)) throw new Error(`${count} different numbers out of ${n}`)
      const draws = uniform(count)
      const chosen = new Int32Array(count)
      // The list 0 … n − 1 in which chosen entries change places; only displaced entries are kept when few are chosen.
      const displaced = new Map<number, number>()
      const list = 8 * count >= n ? Int32Array.from({ length: n }, (_, i) => i) : undefined
      for (let i = 0; i < count; i++) {
        const j = i + Math.floor(draws[i] * (n - i))
        if (list) {
          chosen[i] = list[j]
          list[j] = list[i]
        } else {
          chosen[i] = displaced.get(j) ?? j
          displaced.set(j, displaced.get(i) ?? i)
        }
      }
      return chosen
    },
  }
  return stream
}
