import type { Mesh } from '../../fields/mesh'
import { meshNodes, nodesPerCell } from '../../fields/mesh'
import { simplexEdges } from '../../fields/mesh-element'
import type { AnalysedProblem, BoundaryPiece } from '../../problems/analysed'
import type { BoundaryFacet } from './boundary'
import { boundaryFacets, dirichletNodes } from './boundary'
import type { Libm } from '../../expressions/libm'
import type { DomainMesh } from './mesh/domain-mesh'
import { pointCount } from './mesh/domain-mesh'
import type { Facets } from './mesh/topology'
import { facetsOf, meshOfDegree } from './mesh/topology'
import type { WeakForm } from './weak-form'

/** The finite element spaces of all components on one mesh. Coefficients are kept by component and node, `[component, node]`; unknowns are those that no condition gives. */
export interface Space {
  readonly problem: AnalysedProblem
  readonly form: WeakForm
  readonly domain: DomainMesh
  readonly facets: Facets
  readonly mesh: Mesh
  readonly nodes: number
  readonly boundary: readonly BoundaryFacet[]
  /** Nodes of a cell that a component has: all, or the corners alone. */
  readonly nodesPerCell: readonly number[]
  /** Per component: given nodes. */
  readonly given: readonly ReadonlyMap<number, BoundaryPiece>[]
  /** `[component, node]` → unknown; −1 where the value is given or the component has no such node. Nodes joined by periodicity share one. */
  readonly unknownOf: Int32Array
  /** The component of every unknown. */
  readonly componentOf: Uint8Array
  readonly unknowns: number
  /** Components of which only derivatives occur and no boundary value is given: fixed up to a constant. One node of each is held. */
  readonly floating: readonly number[]
}

export function createSpace(problem: AnalysedProblem, form: WeakForm, domain: DomainMesh, degree: 1 | 2, floating: readonly number[], libm: Libm): Space {
  const mesh = meshOfDegree(domain, degree)
  const facets = facetsOf(domain)
  const needed = form.rows.map((_, c) => form.rows.some(row => row.second.some(s => s.component === c)))
  const boundary = boundaryFacets(problem, domain, facets, needed, libm)
  const given = dirichletNodes(problem, mesh, boundary).nodes
  const nodes = meshNodes(mesh)
  const corners = mesh.dimension + 1
  const vertices = pointCount(domain)
  const lowered = form.lowered.map(by => degree - by < 2)
  const master = periodicMasters(problem, mesh)
  const components = problem.system.components.length
  const unknownOf = new Int32Array(components * nodes).fill(-1)
  const owners: number[] = []
  for (let c = 0; c < components; c++) {
    const last = degree === 2 && lowered[c] ? vertices : nodes
    // A floating component is held at its first node.
    const held = floating.includes(c) ? master[0] : -1
    for (let node = 0; node < last; node++) {
      const own = master[node]
      if (own === held || given[c].has(own) || given[c].has(node)) continue
      if (own === node) {
        unknownOf[c * nodes + node] = owners.length
        owners.push(c)
      } else unknownOf[c * nodes + node] = unknownOf[c * nodes + own]
    }
  }
  return {
    problem, form, domain, facets, mesh, nodes, boundary, given, unknownOf, componentOf: Uint8Array.from(owners), unknowns: owners.length, floating,
    nodesPerCell: lowered.map(low => (low ? corners : nodesPerCell(mesh))),
  }
}

/** The node that stands for each node: itself, or the one on the lower side across a periodic axis (always a smaller number's owner is used). */
function periodicMasters({ axes }: AnalysedProblem, { dimension, points }: Mesh): Int32Array {
  const count = points.length / dimension
  const master = Int32Array.from({ length: count }, (_, i) => i)
  if (!axes.some(a => a.periodic)) return master
  const known = new Map<string, number>()
  for (let node = 0; node < count; node++) {
    // Structured meshes place opposite nodes at equal coordinates, bit for bit.
    const key = axes.map((axis, a) => (axis.periodic && points[node * dimension + a] === axis.upper ? axis.lower : points[node * dimension + a])).join(' ')
    const first = known.get(key)
    if (first === undefined) known.set(key, node)
    else master[node] = first
  }
  return master
}

/** Fills the midpoints of components of lower degree with the means of their edges' ends, so that all components are functions of the mesh's degree. */
export function fillMidpoints(space: Space, values: Float64Array): void {
  const { mesh, nodes, form } = space
  if (mesh.degree === 1) return
  const { dimension, cells } = mesh
  const perCell = nodesPerCell(mesh)
  form.lowered.forEach((low, c) => {
    if (low === 0) return
    for (let at = 0; at < cells.length; at += perCell) {
      simplexEdges[dimension].forEach(([i, j], e) => {
        values[c * nodes + cells[at + dimension + 1 + e]] = (values[c * nodes + cells[at + i]] + values[c * nodes + cells[at + j]]) / 2
      })
    }
  })
}
