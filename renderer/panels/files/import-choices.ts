/** What a foreign file holds, as the engine lists it. */
export interface ForeignArray {
  readonly array: string
  readonly shape: readonly number[]
  readonly complex: boolean
  readonly guess?: Readonly<Record<string, string>>
}

export interface AxisSource {
  /** As the document writes it: `x`, `x#1`, `[-1, 1]`. */
  readonly value: string
  readonly label: string
}

/** Dimensions that count: those of length 1 are dropped on import. */
const dimensions = (array: ForeignArray): { readonly index: number; readonly length: number }[] =>
  array.shape.map((length, index) => ({ index, length })).filter(({ length }) => length > 1)

/** How many axes the array can have: one per dimension, or up to four where each entry has its own coordinates (columns of a table). */
export const axesOf = (array: ForeignArray): number => dimensions(array).length

/**
 * What can give the coordinates of one axis of `field`: arrays as long as one of its dimensions (said which, where several are that long),
 * arrays of its own shape, and equally spaced nodes between two ends.
 */
export function axisSources(field: ForeignArray, arrays: readonly ForeignArray[]): AxisSource[] {
  const sources: AxisSource[] = []
  for (const other of arrays) {
    if (other.array === field.array || other.complex) continue
    const size = other.shape.reduce((product, n) => product * n, 1)
    const isLine = dimensions(other).length <= 1
    const along = isLine ? dimensions(field).filter(({ length }) => length === size) : []
    if (along.length === 1) sources.push({ value: other.array, label: `${other.array} (${size})` })
    if (along.length > 1) for (const { index } of along) sources.push({ value: `${other.array}#${index}`, label: `${other.array} along dimension ${index + 1}` })
    if (along.length === 0 && other.shape.join() === field.shape.join()) sources.push({ value: other.array, label: `${other.array}, point by point` })
  }
  return sources
}

/** `[-1, 1]` as its ends; undefined for any other source. */
export function endsOf(source: string): readonly [string, string] | undefined {
  const match = /^\[\s*([^,\]]+?)\s*,\s*([^,\]]+?)\s*\]/.exec(source)
  return match ? [match[1], match[2]] : undefined
}

export const rangeFrom = (lower: string, upper: string): string => `[${lower}, ${upper}]`

/** The field that most likely is meant: one whose axes are guessed, else the largest. */
export function likelyField(arrays: readonly ForeignArray[]): ForeignArray | undefined {
  const size = (item: ForeignArray): number => item.shape.reduce((product, n) => product * n, 1)
  const guessed = arrays.filter(item => item.guess && Object.keys(item.guess).length > 0)
  return [...(guessed.length > 0 ? guessed : arrays)].sort((a, b) => size(b) - size(a))[0]
}
