/** A WebAssembly function of a kernel module. Pointers above 2 GiB pass as their signed 32-bit pattern: WebAssembly wraps them itself. */
export type KernelFunction = (...args: number[]) => number

/**
 * The kernel modules of one thread, all on one memory. Functions are numbered in the order of loading, the same on every thread, so that a
 * number is enough to tell a helper what to run.
 */
export interface Instances {
  /** Instantiates a module; its functions become `${name}.${export}`. Loading a name again replaces its functions and keeps their numbers. */
  load(name: string, module: WebAssembly.Module): void
  /** The number of a function; throws for one that was never loaded. */
  indexOf(kernel: string): number
  at(index: number): KernelFunction
}

export function createInstances(memory: WebAssembly.Memory): Instances {
  const functions: KernelFunction[] = []
  const numbers = new Map<string, number>()
  let libm = {}
  const abort = () => {
    throw new Error('a kernel called abort')
  }
  return {
    load(name, module) {
      const { exports } = new WebAssembly.Instance(module, { env: { memory, abort }, libm } as unknown as Record<string, Record<string, never>>)
      if (name === 'libm') libm = exports
      for (const [key, value] of Object.entries(exports)) {
        if (typeof value !== 'function') continue
        const kernel = `${name}.${key}`
        const number = numbers.get(kernel) ?? functions.length
        numbers.set(kernel, number)
        functions[number] = value as KernelFunction
      }
    },
    indexOf(kernel) {
      const number = numbers.get(kernel)
      if (number === undefined) throw new Error(`there is no kernel ${kernel}; loaded are ${[...numbers.keys()].join(', ')}`)
      return number
    },
    at: index => functions[index],
  }
}

/** The order in which a set of kernel modules is instantiated: libm first, because the others import it; then by name. */
export function loadingOrder(kernels: Readonly<Record<string, Uint8Array>>): string[] {
  return Object.keys(kernels).sort((a, b) => (a === 'libm' ? -1 : b === 'libm' ? 1 : a < b ? -1 : a > b ? 1 : 0))
}
