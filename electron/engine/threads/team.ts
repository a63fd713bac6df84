import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { createArena, createSharedMemory } from '../../../shared/kernels/arena'
import { createInstances, loadingOrder } from '../../../shared/kernels/instances'
import { defaultBlock, pieceBegin, pieceCount } from '../../../shared/kernels/partition'
import { combineMax, defaultBudget } from '../../../shared/kernels/serial-team'
import type { Team } from '../../../shared/kernels/team'
import { builtFile } from '../kernels'
import { awaitChange, command, controlLength, partialLimit, readyWord, slot, word, type HelperData } from './control'

export interface ThreadTeam extends Team {
  /** Resolves when every helper is up (or gone). Nobody needs to wait for it: until a helper is up, the others do its share. */
  readonly ready: Promise<void>
  /** Ends the helpers; resolves when they are gone. The team must not be used any more. */
  dispose(): Promise<void>
}

/** A kernel that takes less than this is run by the conductor alone, in milliseconds. */
const defaultWorthSharing = 0.03

/**
 * A team on worker threads. The calling thread is the conductor: it works on its own share of each kernel and waits for the others, so calls
 * are synchronous. Helpers spin for some microseconds between kernels and sleep after that.
 *
 * @param options.threads conductor included; 1 starts no helpers
 * @param options.kernels compiled modules by name, instantiated once on every thread
 * @param options.budgetBytes limit of the arena, 2 GiB by default
 * @param options.worthSharing shortest kernel that is shared, in milliseconds; 0 shares every one
 */
export function createThreadTeam(options: { readonly threads: number; readonly kernels: Readonly<Record<string, Uint8Array>>; readonly budgetBytes?: number; readonly worthSharing?: number }): ThreadTeam {
  const threads = Math.max(1, Math.floor(options.threads))
  const memory = createSharedMemory()
  const instances = createInstances(memory)
  const control = new Int32Array(new SharedArrayBuffer(4 * controlLength(threads)))
  const values = new Float64Array(new SharedArrayBuffer(8 * slot.limit))
  const partials = new Float64Array(new SharedArrayBuffer(8 * partialLimit))
  const failure = new Uint8Array(new SharedArrayBuffer(1024))
  const ports: MessagePort[] = []
  const workers: Worker[] = []
  const ready: Promise<void>[] = []
  let enlisted = 0
  const worthSharing = options.worthSharing ?? defaultWorthSharing

  for (let rank = 1; rank < threads; rank++) {
    const { port1, port2 } = new MessageChannel()
    port1.unref()
    const data: HelperData & { port: MessagePort } = { rank, threads, memory, control, values, partials, failure, port: port2 }
    const worker = new Worker(builtFile('engine/helper.mjs'), { workerData: data, transferList: [port2], name: `residuum helper ${rank}` })
    worker.unref()
    // A helper that cannot start is one that never enlists: the others do its share.
    worker.on('error', () => {})
    ready.push(new Promise(resolve => {
      worker.once('message', () => resolve())
      worker.once('exit', () => resolve())
    }))
    ports.push(port1)
    workers.push(worker)
  }

  function load(name: string, bytes: Uint8Array): void {
    const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
    instances.load(name, module)
    for (const port of ports) port.postMessage({ name, module })
    Atomics.add(control, word.loads, 1)
  }
  for (const name of loadingOrder(options.kernels)) load(name, options.kernels[name])

  /** Counts in the helpers that came up since the last command; ranks without a gap. */
  function enlist(): number {
    while (enlisted < threads - 1 && Atomics.load(control, readyWord(threads, enlisted + 1)) === 1) {
      enlisted++
      Atomics.store(control, word.enlisted + enlisted, (control[word.epoch] + 1) | 0 || 1)
    }
    return enlisted
  }

  /**
   * Handing a kernel out costs some microseconds, more on a busy machine: short ones are faster alone. How long a kernel takes over so many indices is
   * measured as it runs (its first time alone); who does the work never changes the bits.
   */
  const milliseconds = new Map<number, number>()
  function share(index: number, count: number, pieces: number, own: (pieces: number) => void, conducted: (own: () => void) => void): void {
    const key = index * 2 ** 32 + count
    const known = milliseconds.get(key)
    const used = pieces > 1 && (worthSharing === 0 || (known !== undefined && known > worthSharing)) ? pieces : 1
    const timed = (): void => {
      const started = performance.now()
      own(used)
      // The least so far, forgotten slowly: a busy machine makes single runs long, never short.
      const took = used * (performance.now() - started)
      milliseconds.set(key, known === undefined ? took : Math.min(took, known * 1.01))
    }
    if (used === 1) timed()
    else conducted(timed)
  }

  /** Gives a command to all helpers, does `own` meanwhile, and returns when all have answered. */
  function conduct(kind: number, kernel: number, begin: number, end: number, step: number, args: readonly number[], pieces: number, own: () => void): void {
    if (args.length > slot.limit - slot.arguments) throw new Error(`a kernel takes at most ${slot.limit - slot.arguments} arguments`)
    values[slot.begin] = begin
    values[slot.end] = end
    values[slot.step] = step
    values.set(args, slot.arguments)
    control[word.command] = kind
    control[word.kernel] = kernel
    control[word.argumentCount] = args.length
    control[word.pieces] = pieces
    control[word.failed] = 0
    Atomics.store(control, word.pending, enlisted)
    Atomics.add(control, word.epoch, 1)
    Atomics.notify(control, word.epoch)
    try {
      own()
    } finally {
      for (let left = enlisted; left !== 0; left = Atomics.load(control, word.pending)) awaitChange(control, word.pending, left)
    }
    if (control[word.failed] !== 0) throw new Error(`a kernel failed on a helper thread: ${new TextDecoder().decode(failure.slice(0, failure.indexOf(0)))}`)
  }

  return {
    threads,
    arena: createArena(memory, options.budgetBytes ?? defaultBudget),
    load,
    parallel(kernel, begin, end, args, { grain = 1 } = {}) {
      if (end <= begin) return
      const index = instances.indexOf(kernel)
      const run = instances.at(index)
      const pieces = pieceCount(begin, end, grain, enlist() + 1)
      share(
        index, end - begin, pieces,
        used => run(begin, used === 1 ? end : pieceBegin(begin, end, grain, used, 1), ...args),
        own => conduct(command.parallel, index, begin, end, grain, args, pieces, own),
      )
    },
    reduce(kernel, begin, end, args, { block = defaultBlock, combine = 'sum' } = {}) {
      const index = instances.indexOf(kernel)
      const run = instances.at(index)
      let total = combine === 'sum' ? 0 : -Infinity
      for (let first = begin; first < end; first += block * partialLimit) {
        const last = Math.min(end, first + block * partialLimit)
        const pieces = pieceCount(first, last, block, enlist() + 1)
        share(
          index, last - first, pieces,
          used => {
            const to = used === 1 ? last : pieceBegin(first, last, block, used, 1)
            for (let at = first; at < to; at += block) partials[(at - first) / block] = run(at, Math.min(to, at + block), ...args)
          },
          own => conduct(command.sum, index, first, last, block, args, pieces, own),
        )
        const blocks = Math.ceil((last - first) / block)
        for (let i = 0; i < blocks; i++) total = combine === 'sum' ? total + partials[i] : combineMax(total, partials[i])
      }
      return total
    },
    call: (kernel, args) => instances.at(instances.indexOf(kernel))(...args),
    ready: Promise.all(ready).then(() => undefined),
    async dispose() {
      const gone = workers.map(worker => new Promise<void>(resolve => {
        worker.ref()
        worker.once('exit', () => resolve())
      }))
      control[word.command] = command.stop
      Atomics.add(control, word.epoch, 1)
      Atomics.notify(control, word.epoch)
      for (const port of ports) port.close()
      await Promise.all(gone)
    },
  }
}
