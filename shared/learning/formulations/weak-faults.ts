import { error, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { isBox, sampledDomain } from '../sampling'
import { strongFaults } from './strong-faults'
import { vanishingFaults } from './vanishing-faults'
import type { WeakOptions } from './weak-options'
import { elementCounts, patchCount, patchQuadrature, testOf, type FixedTest } from './weak-counts'

/** Points whose values and derivatives fit beside each other: 2²⁰ in double precision with ten channels of 64 neurons are 5 GiB. */
const mostPoints = 2 ** 18
const mostFunctions = 2 ** 16

/** Why a statement has no weak form to train against these test functions, in one sentence; empty when it has. */
export function weakFaults(problem: AnalysedProblem, options: Readonly<Record<string, unknown>> = {}): readonly Fault[] {
  const strong = strongFaults(problem)
  if (strong.length > 0) return strong.map(f => ({ ...f, message: f.message.replace(/strong form/g, 'weak form') }))
  const test = testOf(problem, options as WeakOptions)
  if (test.kind === 'adversarial') return vanishingFaults(problem)
  const domain = sampledDomain(problem)
  const dimension = domain.coordinates.length + (problem.time ? 1 : 0)
  if (problem.cube) return [error('test-dimensions', `Test functions with Gauss points exist in up to three dimensions of space, and this problem has ${problem.cube.dimension}.`, { where: { path: 'formulation' }, tip: 'Take "adversarial" test functions, or the strong form.' })]
  if (test.kind === 'elements') {
    if (!isBox(domain)) return [error('test-domain', 'Test functions on elements need a box, and this domain is none.', { where: { path: 'test.kind' }, tip: 'Take "patches".' })]
    if (Array.isArray(test.elements) && test.elements.length !== dimension) {
      return [error('test-elements', `The elements have ${test.elements.length} ${test.elements.length === 1 ? 'entry' : 'entries'}, but there are ${dimension} coordinates${problem.time ? ', the time among them' : ''}.`, { where: { path: 'test.elements' }, tip: 'Give one number for each coordinate, or one for all.' })]
    }
  }
  const [points, functions] = testCounts(problem, test)
  if (points > mostPoints || functions > mostFunctions) {
    const much = points > mostPoints ? `${points} quadrature points; ${mostPoints} are the most` : `${functions} test functions; ${mostFunctions} are the most`
    return [error('test-too-large', `These test functions need ${much}.`, { where: { path: 'test' }, tip: test.kind === 'elements' ? 'Give fewer elements, functions or Gauss points.' : 'Give fewer patches or Gauss points, or a lower degree.' })]
  }
  return []
}

/** Quadrature points and test functions, near enough. */
function testCounts(problem: AnalysedProblem, test: FixedTest): readonly [number, number] {
  const space = sampledDomain(problem).coordinates.length
  const dimension = space + (problem.time ? 1 : 0)
  if (test.kind === 'patches') {
    const n = patchQuadrature(test)
    const [ball, time] = [[1, n, 2 * n * n, 2 * n * n * n][space], problem.time ? n : 1]
    const functions = Array.from({ length: dimension }).reduce<number>((product, _, i) => (product * (test.degree + i + 1)) / (i + 1), 1)
    return [patchCount(problem, test) * ball * time, patchCount(problem, test) * functions]
  }
  const { elements, functions, quadrature } = elementCounts(dimension, test)
  const product = (each: (i: number) => number): number => elements.reduce((all, _, i) => all * each(i), 1)
  return [product(i => elements[i] * quadrature[i]), product(i => elements[i] * (functions[i] + 1))]
}
