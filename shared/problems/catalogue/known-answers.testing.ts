import { fieldAt, type Field } from '../../fields/field'
import { relativeL2Nodes } from '../../fields/norms'
import { sampleField } from '../../fields/resample'
import type { StepOutput } from '../../steps/step-kind'
import type { SolveOptions } from './agreements.testing'
import { bisect, damBreak, shockTube } from './riemann.testing'

/** A problem of the catalogue that one method alone takes, and an answer that none of its code computed. */
export interface KnownAnswer {
  readonly problem: string
  readonly options: SolveOptions
  readonly time?: number
  /** What it is held against, in words with the source; and why no second method stands beside it. */
  readonly answer: string
  readonly why: string
  /** Relative distance of a result from the answer. */
  readonly distance: (result: StepOutput) => number
  readonly within: number
}

const named = ({ fields }: StepOutput, name: string): Field => fields.find(field => field.name === name) as Field

/** Relative L² distance of a field on a line at its last time from a function of x. */
function fromProfile(result: StepOutput, name: string, exact: (x: number) => number): number {
  const field = named(result, name)
  return relativeL2Nodes(fieldAt(field, field.times!.length - 1), field.grid.axes[0].coordinates.map(exact))
}

/** J_m(x) by its power series, which loses no digits to speak of for x < 8. */
function bessel(m: number, x: number): number {
  let term = 1
  for (let k = 1; k <= m; k++) term *= x / (2 * k)
  let sum = term
  for (let k = 1; k < 60; k++) {
    term *= -(x * x) / (4 * k * (k + m))
    sum += term
  }
  return sum
}

/** The lowest six eigenvalues of −Δ on the unit disk: squares of zeros of J_m, twice for m > 0. */
const diskSpectrum = (): number[] =>
  ([[0, 2, 3], [1, 3, 4.5], [1, 3, 4.5], [2, 4.5, 6], [2, 4.5, 6], [0, 5, 6]] as const).map(([m, low, high]) => bisect(x => bessel(m, x), low, high) ** 2)

export const knownAnswers: readonly KnownAnswer[] = [
  {
    problem: 'dam-break', options: { method: 'finite-difference', resolution: [401] }, time: 3, within: 2e-2,
    answer: 'depth of the exact Riemann solution (Stoker 1957, § 10.8)', why: 'no other method captures shocks',
    distance: result => fromProfile(result, 'h', x => damBreak(2, 0.5, 1)(x / 3)),
  },
  {
    problem: 'euler-1d', options: { method: 'finite-difference', resolution: [401] }, time: 0.2, within: 3e-2,
    answer: 'density of the exact Riemann solution (Toro 2009, ch. 4)', why: 'no other method captures shocks',
    distance: result => fromProfile(result, 'rho', x => shockTube({ rho: 1, u: 0, p: 1 }, { rho: 0.125, u: 0, p: 0.1 }, 1.4)((x - 0.5) / 0.2).rho),
  },
  {
    problem: 'channel-cylinder', options: { method: 'finite-element', resolution: [89, 17] }, within: 1e-2,
    answer: 'pressure difference across the cylinder, 0.11752017 (Schäfer & Turek 1996, case 2D-1; digits by G. Nabh 1998)', why: 'finite differences hold no pressure, and the flow rate on either side of a hole is no datum of a stream function',
    distance: result => {
      const [front, back] = sampleField(named(result, 'p'), [Float64Array.of(0.15, 0.25), Float64Array.of(0.2, 0.2)], undefined, 5)
      return Math.abs((front - back) / 0.11752016697 - 1)
    },
  },
  {
    problem: 'plate-with-hole', options: { method: 'finite-element', resolution: [49, 49] }, within: 1e-2,
    answer: 'stress beside the hole, three times the pull (Kirsch 1898)', why: 'no other method takes tractions',
    distance: result => Math.abs(sampleField(named(result, 's'), [Float64Array.of(0), Float64Array.of(0.5)], undefined, 5)[0] / 3 - 1),
  },
  {
    problem: 'eigenvalues-disk', options: { method: 'finite-element', resolution: [25, 25] }, within: 2e-4,
    answer: 'squares of six zeros of Bessel functions, by their series', why: 'differences beside a circle are not symmetric, and spectral methods take no eigenproblems',
    distance: result => {
      const found = result.arrays.find(({ name }) => name === 'eigenvalues')!.values
      return Math.max(...diskSpectrum().map((value, i) => Math.abs(found[i] / value - 1)))
    },
  },
]
