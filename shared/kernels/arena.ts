import { error, FaultError } from '../fault'
import type { Arena, Block, Pointer } from './team'

const pageBytes = 65536
/** WebAssembly's limit with 32-bit addresses: 4 GiB. */
export const maximumPages = 65536
/** The first page stays unused, so that no array has pointer 0. */
const base = pageBytes
const alignment = 16
const growthPages = 256

/** A size for a sentence: `1.5 GB`, decimal units, two significant digits or more. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  let unit = 0
  let value = bytes
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${units[unit]}`
}

/** One shared memory for all kernels and threads of a job, at most 4 GiB. */
export function createSharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 2, maximum: maximumPages, shared: true })
}

/**
 * A stack of 16-byte aligned arrays on one shared WebAssembly memory; the only allocator that kernels' data has. Grows the memory as
 * needed, never beyond `budgetBytes` (nor 4 GiB). What it hands out is zeroed.
 *
 * Throws FaultError `out-of-memory`, naming the size asked for, the budget and what is in use.
 */
export function createArena(memory: WebAssembly.Memory, budgetBytes: number): Arena {
  const budget = Math.min(budgetBytes, maximumPages * pageBytes - base)
  let top = base
  /** Bytes from here on were never handed out: the engine already zeroed them. */
  let untouched = base

  function refuse(length: number): never {
    throw new FaultError(error(
      'out-of-memory',
      `This needs another ${bytesText(length)} of memory, but ${bytesText(top - base)} of the ${bytesText(budget)} that one job may use are already taken.`,
      { tip: 'Use fewer nodes or free memory, or raise the memory limit of jobs in the settings.' },
    ))
  }

  function bytes(length: number): Pointer {
    if (!(length >= 0) || top - base + length > budget) refuse(length)
    const pointer = top
    const end = Math.ceil((top + length) / alignment) * alignment
    const missing = Math.ceil((end - memory.buffer.byteLength) / pageBytes)
    if (missing > 0) {
      const room = maximumPages - memory.buffer.byteLength / pageBytes
      if (missing > room) refuse(length)
      try {
        memory.grow(Math.min(room, Math.max(missing, growthPages)))
      } catch {
        refuse(length)
      }
    }
    if (pointer < untouched) new Uint8Array(memory.buffer, pointer, Math.min(end, untouched) - pointer).fill(0)
    top = end
    untouched = Math.max(untouched, end)
    return pointer
  }

  function f64(length: number): Block {
    const pointer = bytes(length * 8)
    return { pointer, length, view: () => new Float64Array(memory.buffer, pointer, length) }
  }

  return {
    memory,
    budget,
    get used() {
      return top - base
    },
    bytes,
    f64,
    from(values) {
      const block = f64(values.length)
      block.view().set(values)
      return block
    },
    mark: () => top,
    release(mark) {
      if (mark < base || mark > top) throw new Error(`release(${mark}) of an arena whose top is ${top}: marks are given back in reverse order`)
      top = mark
    },
  }
}
