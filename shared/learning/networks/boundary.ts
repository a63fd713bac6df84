import { addJets, applyFunction, columnsOfJet, multiplyJets, powerFunction, reciprocalFunction, reflectJet, scaleJet, shiftJet, sqrtFunction, type Jet } from '../taylor'
import type { Network } from './network'

/** A function of the coordinates with its derivatives: [points, inputs] → [points, 1] or [points, outputs]. */
export type JetFunction = (x: Jet) => Jet

/**
 * Dirichlet values that hold exactly: u = lift + distance · network. `distance` vanishes on the boundary (to first order, positive inside), `lift` has the boundary's values there.
 * Lagaris, Likas & Fotiadis 1998, doi:10.1109/72.712178; Sukumar & Srivastava 2022, doi:10.1016/j.cma.2021.114333 (arXiv:2104.08426).
 */
export const withHardBoundary = (network: Network, { distance, lift }: { readonly distance: JetFunction; readonly lift?: JetFunction }): Network => ({
  ...network,
  propagate: (parameters, x) => {
    const inner = multiplyJets(distance(x), network.propagate(parameters, x))
    return lift ? addJets(lift(x), inner) : inner
  },
})

/** Vanishes where coordinate `axis` is `at`: x − at, or at − x when the domain lies below. */
export const distanceToPlane = (axis: number, at: number, side: 'above' | 'below'): JetFunction => x => {
  const coordinate = columnsOfJet(x, axis, 1)
  return side === 'above' ? shiftJet(coordinate, -at) : reflectJet(at, coordinate)
}

/** 4 (x − a)(b − x) / (b − a)² along one coordinate: 0 at both ends, 1 in the middle. */
export const distanceInInterval = (axis: number, a: number, b: number): JetFunction => x => scaleJet(multiplyJets(distanceToPlane(axis, a, 'above')(x), distanceToPlane(axis, b, 'below')(x)), 4 / (b - a) ** 2)

/** (R² − |x − c|²) / (2R): distance to a sphere near it; `outside` changes the sign, for holes. */
export const distanceToSphere = (centre: readonly number[], radius: number, outside = false): JetFunction => x => {
  const squares = centre.map((c, axis) => {
    const coordinate = shiftJet(columnsOfJet(x, axis, 1), -c)
    return multiplyJets(coordinate, coordinate)
  })
  const inside = scaleJet(reflectJet(radius * radius, squares.reduce(addJets)), 1 / (2 * radius))
  return outside ? scaleJet(inside, -1) : inside
}

/** Product of distances: vanishes on all boundaries, smooth everywhere; small near corners and in many dimensions. */
export const productOfDistances = (distances: readonly JetFunction[]): JetFunction => x => distances.map(distance => distance(x)).reduce(multiplyJets)

/**
 * R-equivalence of order m: φ = (Σ φᵢ^{−m})^{−1/m}, normalised to order m like a distance to every part. Not defined on the boundary itself: for points inside.
 * Biswas & Shapiro 2004, doi:10.1016/j.gmod.2003.12.003, eq. 6.
 */
export const joinedDistances = (distances: readonly JetFunction[], order = 1): JetFunction => x => {
  const sum = distances.map(distance => applyFunction(powerFunction(-order), distance(x))).reduce(addJets)
  return order === 1 ? applyFunction(reciprocalFunction, sum) : order === 2 ? applyFunction(reciprocalFunction, applyFunction(sqrtFunction, sum)) : applyFunction(powerFunction(-1 / order), sum)
}
