import { error, FaultError } from '../../fault'
import { differentiate, evaluate, number, simplify, substitute } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import type { AnalysedProblem } from '../../problems/analysed'
import type { RandomStream } from '../random'
import { boundaryParts, boundaryPoints, boundaryRule, domainRule, interiorPoints, type BoundarySet, type PointSet, type SampledDomain } from '../sampling'
import { naturalTerms, type EnergyDensity } from './energy-density'
import type { FormulationRequest } from './formulation'
import { activePieces } from './strong'

export interface EnergyPoints { readonly inside: PointSet; readonly sides: BoundarySet }

/**
 * Points and weights of ∫_Ω and ∫_Γ. Gauss rules in up to three dimensions: the least value of a sampled energy lies as far from the least energy as the sampled integral from the integral.
 * Elsewhere samples, drawn `again` at every step, for a network would learn to be steep between points that stay.
 */
export function energyPoints(domain: SampledDomain, { points, sequence, held, libm }: FormulationRequest, stream: RandomStream): { readonly first: EnergyPoints; readonly again?: (stream: RandomStream) => EnergyPoints } {
  const parts = boundaryParts(domain, libm).filter(p => !held?.parts.has(p))
  const [inside, sides] = [domainRule(domain, points.interior, libm), boundaryRule(domain, points.boundary, libm, parts)]
  if (inside && sides) return { first: { inside, sides } }
  const again = (own: RandomStream): EnergyPoints => ({
    inside: interiorPoints(domain, points.interior, { sequence, libm, stream: own.child('interior') }),
    sides: boundaryPoints(domain, points.boundary, { sequence, libm, stream: own.child('boundary'), parts }),
  })
  return { first: again(stream), again }
}

/** The defect of data that must balance, relative to the size of what is balanced, below which it is one of the rule. */
const balance = 1e-4

/**
 * An energy that constants do not change but for a term ∫ f + ∫ a g linear in them has a least value only where that is 0. Throws FaultError `incompatible`.
 */
export function refuseUnbalanced(energy: EnergyDensity, problem: AnalysedProblem, { inside, sides }: EnergyPoints, libm: Libm): void {
  const { coordinates, variables, density, jets } = energy
  const rest = Object.fromEntries(variables.map(v => [v.name, number(0)]))
  const atRest = (e: Expression): Expression => simplify(substitute(e, rest))
  const place = (points: Float64Array, k: number): Record<string, number> => Object.fromEntries(coordinates.map((c, i) => [c, points[k * coordinates.length + i]]))
  let [sum, size] = [0, 0]
  const take = (value: number): void => {
    sum += value
    size += Math.abs(value)
  }
  const source = atRest(differentiate(density, jets.components[0]))
  for (let k = 0; k < inside.count; k++) take(inside.weights[k] * evaluate(source, place(inside.points, k), libm))
  const active = activePieces(problem, sides, libm)
  problem.pieces.forEach((piece, p) => {
    const found = naturalTerms(energy, problem, piece)
    if (!found) return
    const pulls = found.terms.map(e => atRest(differentiate(e, jets.components[0])))
    for (let k = 0; k < sides.count; k++) {
      if (active[p * sides.count + k] === 0) continue
      const at = place(sides.points, k)
      take(sides.weights[k] * pulls.reduce((all, e, axis) => all + sides.normals[k * coordinates.length + axis] ** 2 * evaluate(e, at, libm), 0))
    }
  })
  if (Math.abs(sum) <= balance * size) return
  throw new FaultError(error('incompatible', `The energy has no least value: nothing fixes the level of ${problem.unknown}, so its equation must balance over the domain, but the integral of its data is ${Number((-sum).toPrecision(6))}.`, {
    where: { path: 'problem.equations' }, tip: 'Subtract the mean from the right-hand side, or give the unknown a value somewhere on the boundary.',
  }))
}
