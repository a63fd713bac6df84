import type { AnalysedProblem } from '../../problems/analysed'
import { isBox, sampledDomain } from '../sampling'
import type { WeakOptions } from './weak-options'

export type FixedTest = Extract<NonNullable<WeakOptions['test']>, { kind: 'elements' | 'patches' }>

/** Functions along each axis that determine a network of the default size, by the number of coordinates. */
const functionsAlong = [0, 100, 20, 8, 5]
/** Patches, in one, two and three dimensions of space, steady and in time. */
const patchCounts = [[0, 40, 80, 60], [0, 60, 60, 40]]

/** What is left out follows the domain. */
export const testOf = (problem: AnalysedProblem, { test }: WeakOptions): NonNullable<WeakOptions['test']> =>
  test ?? (isBox(sampledDomain(problem)) ? { kind: 'elements', elements: 1, norm: 'dual' } : { kind: 'patches', degree: 2, norm: 'dual' })

/** Numbers of functions and points of the tests on elements, by coordinate. */
export function elementCounts(dimension: number, test: Extract<FixedTest, { kind: 'elements' }>): { readonly elements: readonly number[]; readonly functions: readonly number[]; readonly quadrature: readonly number[] } {
  const given = typeof test.elements === 'number' ? new Array<number>(dimension).fill(test.elements) : test.elements
  const elements = Array.from({ length: dimension }, (_, i) => given[i] ?? 1)
  const functions = elements.map(e => test.functions ?? Math.max(2, Math.ceil((functionsAlong[dimension] ?? 4) / e)))
  return { elements, functions, quadrature: functions.map(n => test.quadrature ?? Math.ceil(1.5 * n) + 2) }
}

export function patchCount(problem: AnalysedProblem, test: Extract<FixedTest, { kind: 'patches' }>): number {
  return test.patches ?? patchCounts[problem.time ? 1 : 0][sampledDomain(problem).coordinates.length] ?? 40
}

/** Gauss points along a patch's radius: the product of a test function and a network that is smooth there. */
export const patchQuadrature = (test: Extract<FixedTest, { kind: 'patches' }>): number => test.quadrature ?? 5
