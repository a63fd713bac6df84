import { byteCount, refuse } from './refusal'

/**
 * What a file from elsewhere may ask of this machine. Every reader checks declared sizes against these before it allocates.
 * The user can raise `budgetBytes` and `arrayBytes`; the other bounds are fixed by the format.
 */
export interface Limits {
  /** Members of a zip, variables of a MATLAB file. */
  readonly entries: number
  /** Sum of all expanded sizes that one reading may produce. */
  readonly budgetBytes: number
  /** One array after conversion to float64. */
  readonly arrayBytes: number
  /** Expanded : stored size, enforced where more than `ratioFreeBytes` come out. */
  readonly ratio: number
  readonly ratioFreeBytes: number
  readonly rank: number
  readonly jsonBytes: number
  readonly jsonDepth: number
  /** Values of a text table. */
  readonly tableCells: number
}

const MiB = 1024 * 1024

export const defaultLimits: Limits = {
  entries: 10_000,
  budgetBytes: 8192 * MiB,
  arrayBytes: 4096 * MiB,
  ratio: 200,
  ratioFreeBytes: 64 * MiB,
  rank: 8,
  jsonBytes: 16 * MiB,
  jsonDepth: 64,
  tableCells: 50_000_000,
}

/**
 * The number of entries of an array, checked before anything is allocated: rank, each extent, the product and its size in bytes.
 * `code` starts the reason codes: `npy` gives `npy-rank`, `npy-shape`, `npy-size`.
 */
export function checkedSize(code: string, shape: readonly number[], bytesPerEntry: number, limits: Limits): number {
  if (shape.length > limits.rank) refuse(`${code}-rank`, `The array has ${shape.length} dimensions; at most ${limits.rank} are read.`)
  let product = 1
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) refuse(`${code}-shape`, `The array's shape (${shape.join(', ')}) is not one of whole numbers.`)
    product *= extent
    if (!Number.isSafeInteger(product)) refuse(`${code}-size`, `The array's shape (${shape.join(', ')}) has more entries than can be counted.`)
  }
  // With a zero extent the product hides the others, which must not be trusted as loop bounds either.
  if (product === 0 && shape.some(extent => extent > 2 ** 31)) refuse(`${code}-shape`, `The array's shape (${shape.join(', ')}) is empty and yet very long.`)
  const bytes = product * bytesPerEntry
  if (bytes > limits.arrayBytes) {
    refuse(`${code}-size`, `The array of shape (${shape.join(', ')}) needs ${byteCount(bytes)}; the limit is ${byteCount(limits.arrayBytes)}.`, {
      tip: 'Raise the size limit if you trust the file.',
    })
  }
  return product
}
