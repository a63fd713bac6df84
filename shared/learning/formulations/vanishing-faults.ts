import { error, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { sampledDomain } from '../sampling'

/** Why there is no smooth function that vanishes on just this domain's boundary, in one sentence; empty where there is. */
export function vanishingFaults(problem: AnalysedProblem): readonly Fault[] {
  const { geometry } = sampledDomain(problem)
  if (!geometry) return []
  const outside = geometry.outer.kind === 'polygon' || geometry.holes.some(hole => hole.kind === 'polygon') || geometry.where !== undefined
  return outside ? [error('test-domain', 'An adversarial test function needs a smooth factor that vanishes on the boundary, which boxes, disks, balls and round holes have, and this domain has not.', { where: { path: 'test.kind' }, tip: 'Take "patches".' })] : []
}
