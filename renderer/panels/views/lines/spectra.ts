import { listName } from './lists'

/** What a training's spectrum is of: the Jacobian of its last linear problem, or its tangent kernel. */
export type SpectrumKind = 'singular_values' | 'ntk'

export interface SpectrumList {
  readonly name: string
  readonly label: string
  /** Lists of one group are one thing before and after. */
  readonly group: number
  readonly isStart: boolean
  /** Points without a line: coefficients scatter. */
  readonly isBare: boolean
}

const partLabel = (name: string): string => (name === 'ntk' ? 'whole loss' : listName(name.replace(/^ntk_/, '')))

/** The lists of a spectrum among those that are there: the whole before the parts, each at the end and then at the start. */
export function spectrumLists(kind: SpectrumKind, there: readonly string[]): SpectrumList[] {
  if (kind === 'singular_values') {
    const labels: Readonly<Record<string, string>> = { singular_values: 'singular values σ', residual_coefficients: 'residual in their directions |uᵀr|' }
    return Object.keys(labels).filter(name => there.includes(name)).map((name, group) => ({ name, label: labels[name], group, isStart: false, isBare: group === 1 }))
  }
  const ends = there.filter(name => /^ntk(_|$)/.test(name) && !name.endsWith('_start')).sort((a, b) => a.length - b.length || a.localeCompare(b))
  return ends.flatMap((name, group) => [
    { name, label: `${partLabel(name)}, end`, group, isStart: false, isBare: false },
    ...(there.includes(`${name}_start`) ? [{ name: `${name}_start`, label: `${partLabel(name)}, start`, group, isStart: true, isBare: false }] : []),
  ])
}

/** What to see, in one sentence. */
export const readingOf = (kind: SpectrumKind): string =>
  kind === 'ntk' ? 'Rates at which gradient descent learns: small eigenvalues wait long.' : 'Directions below the cut-off are left out of the step; points above the line there are what it cannot reach.'
