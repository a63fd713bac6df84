import { error, type Fault } from '../../fault'
import { bytesText } from '../../kernels/arena'
import type { SolveRequest } from '../method'

/** Bytes that an array of output values may take in all: what one typed array and one file still carry well. */
const largestOutput = 8 * 2 ** 30
/** 32-bit addresses of WebAssembly. */
const largestMemory = 4 * 2 ** 30

/** Faults `too-large` for a resolution that cannot fit: `arrays` float64 values per node in kernel memory, and one per node and output time. */
export function checkSize({ resolution, times, problem }: SolveRequest, arrays: number): Fault[] {
  const nodes = resolution.reduce((n, m) => n * m, 1)
  const working = 8 * arrays * nodes
  const output = 8 * nodes * Math.max(1, times.length)
  if (working <= largestMemory && output <= largestOutput) return []
  const shape = resolution.join(' × ')
  return [working > largestMemory
    ? error('too-large', `${shape} nodes need about ${bytesText(working)} of memory; a job has at most ${bytesText(largestMemory)}.`, { where: { path: 'resolution' }, tip: 'Use fewer nodes.' })
    : error('too-large', `${times.length} output times of ${problem.unknown} on ${shape} nodes take ${bytesText(output)}; at most ${bytesText(largestOutput)} are kept.`, { where: { path: 'times' }, tip: 'Ask for fewer output times or fewer nodes.' })]
}
