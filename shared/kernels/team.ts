/**
 * The threading interface. Solvers are plain synchronous code on the conductor thread; `Team` spreads one kernel over all threads of
 * the job and returns when it is done. Kernels own no memory: one arena on one shared WebAssembly memory holds every array.
 *
 * Kernels are WebAssembly functions `name(begin: i32, end: i32, ...args)`; args are numbers (f64) or byte offsets into the memory (i32), as the kernel declares.
 * A host implements `Team` (electron/engine/threads); `createSerialTeam` here runs everything on the calling thread with the same bits.
 */

/** Byte offset into the shared memory, 16-byte aligned. */
export type Pointer = number

/** A float64 array in the arena. `view()` is made at use: growing the memory detaches nothing on shared memories but stale views would not see the growth. */
export interface Block {
  readonly pointer: Pointer
  readonly length: number
  view(): Float64Array
}

export interface Arena {
  readonly memory: WebAssembly.Memory
  /** Float64 array of `length` zeros. Throws FaultError `out-of-memory` when the budget would be exceeded. */
  f64(length: number): Block
  /** Copies values in. */
  from(values: ArrayLike<number>): Block
  /** Raw bytes, 16-byte aligned, zeroed. */
  bytes(length: number): Pointer
  /** Stack discipline: everything allocated after `mark()` is given back by `release(mark)`. */
  mark(): number
  release(mark: number): void
  readonly used: number
  readonly budget: number
}

export interface Team {
  readonly threads: number
  readonly arena: Arena
  /** Makes a compiled module's exports callable as `${module}.${export}` on every thread. Imports offered: `env.memory` and `libm.*`. Loading a name again replaces it. */
  load(module: string, bytes: Uint8Array): void
  /** Runs kernel on [begin, end) in contiguous pieces (boundaries are multiples of `grain`, default 1), one barrier at the end. */
  parallel(kernel: string, begin: number, end: number, args: readonly number[], options?: { readonly grain?: number }): void
  /**
   * Sum over [begin, end) of a kernel that returns the partial sum of its piece. Pieces are blocks of fixed size (default 4096), added in index order:
   * the same bits for any number of threads.
   */
  reduce(kernel: string, begin: number, end: number, args: readonly number[], options?: { readonly block?: number; readonly combine?: 'sum' | 'max' }): number
  /** Runs a kernel once on the conductor thread. */
  call(kernel: string, args: readonly number[]): number
}

/** What a running step may tell the world. All calls are synchronous and cheap when nobody listens. */
export interface Run {
  progress(update: Progress): void
  log(severity: 'info' | 'warning', message: string): void
  /** A live picture of the running solution; `make` is called only when a subscriber wants one now (latest wins). */
  frame(make: () => LiveFrame): void
  /**
   * One point of a curve that grows while the step runs: `residuals` over iterations, a loss over training steps. Names are those of arrays (pattern `[a-z0-9_]`):
   * where the result holds the whole curve, its array has the same name. x does not decrease; a step back starts the curve anew.
   */
  series(name: string, x: number, value: number): void
  /** Stores what is needed to continue bit-equal; called by the solver at natural points, written only when one is due (`force` writes always). */
  checkpoint(make: () => Checkpoint, force?: boolean): void
  /** The last checkpoint of an interrupted earlier run of the same step with the same key. */
  readonly resumed: Checkpoint | undefined
  /** Throws `Cancelled` when the user pressed Stop. Call it at least every 20 ms of work. A solver may catch it, call `checkpoint(…, true)` and rethrow. */
  throwIfCancelled(): void
  /**
   * Said once by a step that returns a result (`stopped`) when it is stopped, instead of throwing `Cancelled` on: the host then waits for its last step and its result, where it ends other steps
   * after 750 ms. Absent on hosts that end nothing.
   */
  keepsWhenStopped?(): void
}

export class Cancelled extends Error {
  constructor() {
    super('cancelled')
    this.name = 'Cancelled'
  }
}

export interface Progress {
  /** 0 … 1, for the bar. */
  readonly fraction?: number
  readonly step?: number
  readonly steps?: number
  /** Physical time reached. */
  readonly time?: number
  readonly residual?: number
  /** Of a training. */
  readonly loss?: number
  /** Few words: "multigrid cycle 7". */
  readonly stage?: string
}

export interface LiveFrame {
  readonly name: string
  readonly time?: number
  /** Nodes per axis in x, y, z order; values C-order with x fastest. */
  readonly shape: readonly number[]
  readonly values: Float64Array
}

export interface Checkpoint {
  readonly scalars: Readonly<Record<string, number | string>>
  readonly arrays: Readonly<Record<string, Float64Array>>
}
