import type { AnalysedProblem } from '../../problems/analysed'
import { distanceInInterval, distanceToSphere, productOfDistances, type JetFunction } from '../networks'
import { sampledDomain } from '../sampling'
import { multiplyJets } from '../taylor'

/**
 * A function that vanishes with its first m − 1 derivatives where test functions must, m derivatives having been moved to them: a product of distances, each to the power m. Along coordinates of which none was
 * moved, and periodic ones, nothing vanishes. undefined where it is 1.
 */
export function vanishingFactor(problem: AnalysedProblem, moved: readonly number[]): JetFunction | undefined {
  const { lower, upper, periodic, geometry } = sampledDomain(problem)
  const space = lower.length
  const powers = (distance: JetFunction, m: number): JetFunction[] => Array.from({ length: m }, () => distance)
  const together = Math.max(0, ...moved.slice(0, space))
  const box = !geometry || geometry.outer.kind === 'box'
  const factors: JetFunction[] = box ? lower.flatMap((a, axis) => (periodic[axis] ? [] : powers(distanceInInterval(axis, a, upper[axis]), moved[axis]))) : []
  if (geometry?.outer.kind === 'ball') factors.push(...powers(distanceToSphere(geometry.outer.center, geometry.outer.radius), together))
  for (const hole of geometry?.holes ?? []) if (hole.kind === 'ball') factors.push(...powers(distanceToSphere(hole.center, hole.radius, true), together))
  if (problem.time) factors.push(...powers(distanceInInterval(space, problem.time[0], problem.time[1]), moved[space] ?? 0))
  if (factors.length === 0) return undefined
  return factors.length === 1 ? factors[0] : productOfDistances(factors)
}

/** w · φ. */
export const timesFactor = (factor: JetFunction | undefined, x: Parameters<JetFunction>[0], jet: Parameters<JetFunction>[0]): Parameters<JetFunction>[0] => (factor ? multiplyJets(factor(x), jet) : jet)
