import { createArena, createSharedMemory } from './arena'
import { createInstances, loadingOrder } from './instances'
import { defaultBlock } from './partition'
import type { Team } from './team'

/** Memory of a team that nobody gave a budget: 2 GiB. */
export const defaultBudget = 2 ** 31

/**
 * A team of one: every kernel runs on the calling thread, with the same bits as on any number of threads.
 *
 * @param options.kernels compiled modules by name (`{ libm, multigrid, … }`); `libm` is instantiated first, the others may import it
 * @param options.budgetBytes limit of the arena, 2 GiB by default
 */
export function createSerialTeam(options: { readonly kernels: Readonly<Record<string, Uint8Array>>; readonly budgetBytes?: number }): Team {
  const memory = createSharedMemory()
  const instances = createInstances(memory)
  const load = (name: string, bytes: Uint8Array) => instances.load(name, new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>))
  for (const name of loadingOrder(options.kernels)) load(name, options.kernels[name])
  const find = (kernel: string) => instances.at(instances.indexOf(kernel))
  return {
    threads: 1,
    arena: createArena(memory, options.budgetBytes ?? defaultBudget),
    load,
    parallel(kernel, begin, end, args) {
      if (end > begin) find(kernel)(begin, end, ...args)
    },
    reduce(kernel, begin, end, args, { block = defaultBlock, combine = 'sum' } = {}) {
      const run = find(kernel)
      let total = combine === 'sum' ? 0 : -Infinity
      for (let from = begin; from < end; from += block) {
        const partial = run(from, Math.min(end, from + block), ...args)
        total = combine === 'sum' ? total + partial : combineMax(total, partial)
      }
      return total
    },
    call: (kernel, args) => find(kernel)(...args),
  }
}

/** The larger of two numbers; NaN wins, so that a maximum never hides a non-finite value. */
export const combineMax = (a: number, b: number): number => (b > a || b !== b ? b : a)
