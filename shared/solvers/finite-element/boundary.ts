import { divide, evaluate, multiply, name, negate, simplify, subtract } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import { simplexEdges, simplexFacets } from '../../fields/mesh-element'
import type { AnalysedProblem, BoundaryPiece } from '../../problems/analysed'
import type { SideName } from '../../problems/parsed'
import { sideNames } from '../../problems/parsed'
import type { DomainMesh } from './mesh/domain-mesh'
import type { Facets } from './mesh/topology'
import { curveOfFacet } from './mesh/topology'
import type { NaturalCondition } from './weak-form'

/** A boundary facet with the condition that holds on it for every component (`undefined` where none is stated). */
export interface BoundaryFacet {
  readonly cell: number
  readonly local: number
  readonly pieces: readonly (BoundaryPiece | undefined)[]
}

/**
 * Conditions by facet, decided at its middle; facets of periodic sides are left out, they are no boundary. Of several pieces that hold the last one counts.
 * Throws FaultError `missing-boundary` where a component with second derivatives has none.
 *
 * @param needed per component, whether it must have a condition everywhere
 */
export function boundaryFacets(problem: AnalysedProblem, domain: DomainMesh, facets: Facets, needed: readonly boolean[], libm: Libm): BoundaryFacet[] {
  const { dimension, points, cells } = domain
  const middle = new Array<number>(dimension)
  const result: BoundaryFacet[] = []
  for (const { cell, local } of facets.boundary) {
    const corners = simplexFacets[dimension][local].map(i => cells[cell * (dimension + 1) + i])
    for (let axis = 0; axis < dimension; axis++) middle[axis] = corners.reduce((sum, p) => sum + points[p * dimension + axis], 0) / dimension
    const side = sideOf(problem, corners.map(p => points.subarray(p * dimension, (p + 1) * dimension)))
    if (side && problem.axes[Math.floor(sideNames.indexOf(side) / 2)].periodic) continue
    const hole = domain.curves[curveOfFacet(domain, cell, local)].hole
    const at: Record<string, number> = { x: middle[0], y: middle[1] ?? 0, z: middle[2] ?? 0, t: problem.time?.[0] ?? 0 }
    const applies = (piece: BoundaryPiece): boolean => {
      const named = piece.on === 'all' || piece.on.some(on => (on === 'holes' ? hole : !hole && on === side))
      return named && (piece.where === undefined || evaluate(piece.where, at, libm) !== 0)
    }
    const pieces = problem.system.components.map((_, c) => problem.pieces.filter(piece => piece.component === c).findLast(applies))
    const missing = pieces.findIndex((piece, c) => needed[c] && !piece)
    if (missing >= 0) {
      throw new FaultError(error('missing-boundary', `The boundary has no condition for ${problem.system.components[missing].unknown} at ${middle.map((v, a) => `${'xyz'[a]} = ${Number(v.toPrecision(4))}`).join(', ')}${hole ? ' (a hole)' : ''}.`, {
        where: { path: 'problem.boundary' }, tip: hole ? 'Add a condition with "on": "holes".' : 'Add a condition that holds there.',
      }))
    }
    result.push({ cell, local, pieces })
  }
  return result
}

/** The side of the box that a facet lies on; none for other outer shapes. */
function sideOf({ axes, geometry }: AnalysedProblem, corners: readonly Float64Array[]): SideName | undefined {
  if (geometry && geometry.outer.kind !== 'box') return undefined
  for (let axis = 0; axis < axes.length; axis++) {
    if (corners.every(p => p[axis] === axes[axis].lower)) return sideNames[2 * axis]
    if (corners.every(p => p[axis] === axes[axis].upper)) return sideNames[2 * axis + 1]
  }
  return undefined
}

/** ∂ₙu, or the traction, = (g − β u − Σ further terms)/α, over the values of the components. */
export function naturalCondition(piece: BoundaryPiece | undefined, component: number, values: readonly string[]): NaturalCondition {
  if (!piece || piece.kind === 'dirichlet') return undefined
  let rest = subtract(piece.data, multiply(piece.value, name(values[component])))
  for (const term of piece.coupled ?? []) rest = subtract(rest, multiply(term.value, name(values[term.component])))
  const right = simplify(divide(rest, piece.normal))
  return piece.traction ? { flux: piece.traction === 1 ? right : simplify(negate(right)) } : { slope: right }
}

/** Nodes where a component is given, with the piece that gives it: all nodes of a Dirichlet facet; where facets meet, the piece stated last. */
export interface DirichletNodes {
  /** Per component: node → piece. */
  readonly nodes: readonly ReadonlyMap<number, BoundaryPiece>[]
}

export function dirichletNodes(problem: AnalysedProblem, mesh: { readonly dimension: 1 | 2 | 3; readonly degree: 1 | 2; readonly cells: Int32Array }, facets: readonly BoundaryFacet[]): DirichletNodes {
  const { dimension, degree, cells } = mesh
  const corners = dimension + 1
  const edges = simplexEdges[dimension]
  const perCell = degree === 1 ? corners : corners + edges.length
  const rank = new Map(problem.pieces.map((piece, i) => [piece, i]))
  const nodes = problem.system.components.map(() => new Map<number, BoundaryPiece>())
  for (const { cell, local, pieces } of facets) {
    const locals = [...simplexFacets[dimension][local]]
    if (degree === 2) edges.forEach(([i, j], e) => void (i !== local && j !== local && locals.push(corners + e)))
    pieces.forEach((piece, c) => {
      if (piece?.kind !== 'dirichlet') return
      for (const i of locals) {
        const node = cells[cell * perCell + i]
        const before = nodes[c].get(node)
        if (!before || rank.get(before)! < rank.get(piece)!) nodes[c].set(node, piece)
      }
    })
  }
  return { nodes }
}
