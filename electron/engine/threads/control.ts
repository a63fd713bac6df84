/**
 * Words that conductor and helpers share (Int32Array on a SharedArrayBuffer). The conductor writes a command, raises `epoch`, and works
 * on its own share; each helper answers by lowering `pending`. Arguments and partial sums travel beside it as float64.
 */
export const word = {
  /** Raised by one with every command; helpers wait on it. */
  epoch: 0,
  /** Helpers that have not answered the current command; the conductor waits on it. */
  pending: 1,
  command: 2,
  /** Number of the kernel function. */
  kernel: 3,
  argumentCount: 4,
  /** Modules posted so far; a helper that has seen fewer drains its port first. */
  loads: 5,
  /** Contiguous pieces of the current command; piece 0 is the conductor's, piece `rank` that helper's. */
  pieces: 6,
  /** 1 + rank of a helper whose kernel threw in the current command, 0 for none. */
  failed: 7,
  /** Number of the command from which on a helper takes part, one word per rank. Without it, a helper that wakes late could take the next command for the one it slept through. */
  enlisted: 8,
} as const

/** Words: the fixed ones, then per rank `enlisted`, then per rank 1 when that helper is up. */
export const controlLength = (threads: number): number => word.enlisted + 2 * threads
export const readyWord = (threads: number, rank: number): number => word.enlisted + threads + rank

export const command = { parallel: 1, sum: 2, stop: 3 } as const

/** Slots of the float64 side: begin, end, step (grain or block), then the kernel's arguments. */
export const slot = { begin: 0, end: 1, step: 2, arguments: 3, limit: 64 } as const

/** Partial results of one round of a reduction. */
export const partialLimit = 8192

export interface HelperData {
  readonly rank: number
  readonly threads: number
  readonly memory: WebAssembly.Memory
  readonly control: Int32Array<SharedArrayBuffer>
  readonly values: Float64Array<SharedArrayBuffer>
  readonly partials: Float64Array<SharedArrayBuffer>
  /** What a failing kernel said, UTF-8, ended by 0. */
  readonly failure: Uint8Array<SharedArrayBuffer>
}

/** Looks at a word for a short while before a thread goes to sleep: about 20 µs, the distance between two kernels of a solver. */
export const spins = 4000

/** Returns when `control[index]` differs from `value`: spins first, then sleeps. */
export function awaitChange(control: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(control, index) !== value) return
  while (Atomics.load(control, index) === value) Atomics.wait(control, index, value)
}
