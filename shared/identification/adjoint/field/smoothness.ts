import type { Team } from '../../../kernels/team'
import { createDirect } from '../../../solvers/linear/direct/direct'
import { createAssembler } from '../../../solvers/linear/sparse'
import type { VolumeGrid } from './grid'

/** ½∫|∇m|² of nodal values, and the inverse that makes its Hessian a preconditioner. */
export interface Smoothness {
  value(m: Float64Array): number
  /** K m with K the stiffness matrix. */
  gradient(m: Float64Array): Float64Array
  /** (ω K + μ M)⁻¹ g with M the volumes, scaled so that constants are neither free nor stiff. */
  precondition(g: Float64Array): Float64Array
}

export function createSmoothness({ faces, nodes, volumes, axes }: VolumeGrid, team: Team): Smoothness {
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  const add = (r: number, c: number, v: number): void => { rows.push(r); columns.push(c); values.push(v) }
  for (let f = 0; f < faces.count; f++) {
    const [i, j, k] = [faces.first[f], faces.second[f], faces.conductance[f]]
    add(i, i, k)
    add(j, j, k)
    add(i, j, -k)
    add(j, i, -k)
  }
  const length = Math.max(...axes.map(({ lower, upper }) => upper - lower))
  for (let i = 0; i < nodes; i++) add(i, i, volumes[i] / (length * length))
  const { arena } = team
  const assembler = createAssembler(nodes, nodes, rows, columns)
  const matrix = assembler.matrix(arena)
  assembler.assemble(values, matrix)
  const direct = createDirect(team, matrix, { kind: 'positive' })
  const [source, target] = [arena.f64(nodes), arena.f64(nodes)]
  const gradient = (m: Float64Array): Float64Array => {
    const g = new Float64Array(nodes)
    for (let f = 0; f < faces.count; f++) {
      const flux = faces.conductance[f] * (m[faces.first[f]] - m[faces.second[f]])
      g[faces.first[f]] += flux
      g[faces.second[f]] -= flux
    }
    return g
  }
  return {
    gradient,
    value: m => 0.5 * gradient(m).reduce((sum, g, i) => sum + g * m[i], 0),
    precondition(g) {
      source.view().set(g)
      direct.solve(source, target)
      return target.view().slice()
    },
  }
}
