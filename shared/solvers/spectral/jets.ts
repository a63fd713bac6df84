import { freeNames, type Expression } from '../../expressions'
import type { Pointer, Team, Block } from '../../kernels/team'
import type { SystemJet } from '../../problems/analysed'
import type { Derivative, FourierTransform } from './fft'
import { powers, type ModeAxis } from './wavenumbers'

/** A derivative that pointwise programs read: its wavenumber factors and the array of its nodal values. */
export interface Jet extends SystemJet {
  readonly values: Block
  /** Powers of the wavenumbers, one array per axis. */
  readonly powers: readonly Float64Array[]
  /** Largest |k^orders| of the modes. */
  readonly peak: number
  readonly derivative: Derivative | undefined
}

export interface JetArrays {
  readonly all: readonly Jet[]
  /** Those that occur in the expressions. */
  in(expressions: readonly Expression[]): readonly Jet[]
  pointers(expressions: readonly Expression[]): Record<string, Pointer>
  /** Nodal values of the jets, from the spectra of their components. */
  evaluate(list: readonly Jet[], spectrum: (component: number) => Pointer): void
}

export function createJets(entries: readonly SystemJet[], axes: readonly ModeAxis[], fourier: FourierTransform, team: Team): JetArrays {
  const { arena } = team
  const all = entries.map((entry): Jet => {
    const factors = axes.map((axis, a) => powers(axis, entry.orders[a]))
    const order = entry.orders[0] + entry.orders[1] + entry.orders[2]
    return {
      ...entry, values: arena.f64(fourier.nodes), powers: factors,
      peak: factors.reduce((product, list) => product * list.reduce((most, k) => Math.max(most, Math.abs(k)), 0), 1),
      derivative: order === 0 ? undefined : { factors: [0, 1, 2].map(a => arena.from(factors[a] ?? [1]).pointer), turns: order % 4 },
    }
  })
  const inside = (expressions: readonly Expression[]): Jet[] => {
    const names = new Set(expressions.flatMap(e => [...freeNames(e).keys()]))
    return all.filter(jet => names.has(jet.name))
  }
  return {
    all,
    in: inside,
    pointers: expressions => Object.fromEntries(inside(expressions).map(jet => [jet.name, jet.values.pointer])),
    evaluate(list, spectrum) {
      for (const jet of list) fourier.inverse(spectrum(jet.component), jet.values.pointer, jet.derivative)
    },
  }
}
