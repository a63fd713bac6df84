import type { Libm } from '../../../expressions/libm'
import type { Block, Team } from '../../../kernels/team'
import { createDirect, type DirectSolver } from '../../../solvers/linear/direct/direct'
import { createAssembler, transpose } from '../../../solvers/linear/sparse'
import { nodeConditions } from './conditions'
import type { VolumeGrid } from './grid'
import type { FieldRoles } from './roles'

/**
 * The statement on a grid of control volumes, as a function of the nodal values of the coefficient a: F(u, a) = 0 with
 *
 *     F_i = Σ_faces k_f D_f (u_i − u_j) + V_i (b·∇u + (γ a + δ) u − φ a − ψ)_i − outer fluxes,   D_f = α_f (a_i + a_j)/2 + β_f.
 *
 * Second order for smooth coefficients; affine in a, so that the derivatives below are exact for the discrete statement. Nodes with given values are fixed.
 */
export interface FieldModel {
  /** u for nodal values of a; factors the operator for the derivatives that follow. Throws FaultError where the operator is singular. */
  solve(a: Float64Array): Float64Array
  /** δu for δa at the last solution: A δu = −∂F/∂a δa. */
  tangent(da: Float64Array): Float64Array
  /** g = −(∂F/∂a)ᵀ p with Aᵀ p = q: the gradient with respect to a of a function with the gradient q with respect to u. */
  adjoint(q: Float64Array): Float64Array
}

export function createFieldModel(roles: FieldRoles, grid: VolumeGrid, team: Team, libm: Libm): FieldModel {
  const { faces, nodes, volumes, shape, widths } = grid
  const { fixed, outer } = nodeConditions(roles.problem, grid, libm)
  const middle = (f: number): Record<string, number> => {
    const [p, q] = [grid.point(faces.first[f]), grid.point(faces.second[f])]
    return Object.fromEntries(Object.keys(p).map(name => [name, 0.5 * (p[name] + q[name])]))
  }
  const alpha = Float64Array.from({ length: faces.count }, (_, f) => faces.conductance[f] * roles.diffusion[faces.axis[f]].slope(middle(f)))
  const beta = Float64Array.from({ length: faces.count }, (_, f) => faces.conductance[f] * roles.diffusion[faces.axis[f]].constant(middle(f)))
  const nodal = (role: (point: Readonly<Record<string, number>>) => number): Float64Array => Float64Array.from({ length: nodes }, (_, i) => volumes[i] * role(grid.point(i)))
  const [gamma, delta, phi, psi] = [nodal(roles.reaction.slope), nodal(roles.reaction.constant), nodal(roles.source.slope), nodal(roles.source.constant)]
  const edge = outer.map(o => ({ ...o, alpha: o.measure * roles.diffusion[o.axis].slope(grid.point(o.node)), beta: o.measure * roles.diffusion[o.axis].constant(grid.point(o.node)) }))
  const drift = advectionEntries(roles, grid)
  const free = Int32Array.from({ length: nodes }, () => -1)
  let count = 0
  for (let i = 0; i < nodes; i++) if (Number.isNaN(fixed[i])) free[i] = count++

  /** Contributions of the operator, in a fixed order: faces (4 each), advection, diagonal. */
  const rows: number[] = []
  const columns: number[] = []
  for (let f = 0; f < faces.count; f++) {
    const [i, j] = [faces.first[f], faces.second[f]]
    for (const [r, c] of [[i, i], [j, j], [i, j], [j, i]]) { rows.push(r); columns.push(c) }
  }
  for (const { row, column } of drift) { rows.push(row); columns.push(column) }
  for (let i = 0; i < nodes; i++) { rows.push(i); columns.push(i) }
  const kept = rows.flatMap((r, k) => (free[r] >= 0 && free[columns[k]] >= 0 ? [k] : []))
  const assembler = createAssembler(count, count, kept.map(k => free[rows[k]]), kept.map(k => free[columns[k]]))
  const { arena } = team
  const matrix = assembler.matrix(arena)
  const [source, target]: Block[] = [arena.f64(count), arena.f64(count)]
  let forward: DirectSolver | undefined
  let backward: DirectSolver | undefined
  let opposite: ReturnType<typeof transpose> | undefined
  let solution: Float64Array = new Float64Array(nodes)

  function contributions(a: Float64Array): Float64Array {
    const values = new Float64Array(rows.length)
    let at = 0
    for (let f = 0; f < faces.count; f++) {
      const d = 0.5 * alpha[f] * (a[faces.first[f]] + a[faces.second[f]]) + beta[f]
      values[at++] = d
      values[at++] = d
      values[at++] = -d
      values[at++] = -d
    }
    for (const { value } of drift) values[at++] = value
    const diagonal = Float64Array.from(gamma, (g, i) => g * a[i] + delta[i])
    for (const o of edge) diagonal[o.node] += (o.alpha * a[o.node] + o.beta) * o.slope
    values.set(diagonal, at)
    return values
  }

  function apply(solver: DirectSolver, rhs: Float64Array): Float64Array {
    const b = source.view()
    for (let i = 0; i < nodes; i++) if (free[i] >= 0) b[free[i]] = rhs[i]
    solver.solve(source, target)
    const x = target.view()
    return Float64Array.from(free, k => (k >= 0 ? x[k] : 0))
  }

  return {
    solve(a) {
      const values = contributions(a)
      assembler.assemble(Float64Array.from(kept, k => values[k]), matrix)
      const rhs = Float64Array.from(phi, (p, i) => p * a[i] + psi[i])
      for (const o of edge) rhs[o.node] += (o.alpha * a[o.node] + o.beta) * o.data
      rows.forEach((r, k) => { if (free[r] >= 0 && free[columns[k]] < 0) rhs[r] -= values[k] * fixed[columns[k]] })
      if (forward) forward.factor()
      else forward = createDirect(team, matrix, drift.length > 0 ? { kind: 'general' } : {})
      if (drift.length > 0) {
        if (opposite && backward) {
          // The pattern of Aᵀ is that of A: only values move.
          const mark = arena.mark()
          opposite.values.view().set(transpose(arena, matrix).values.view())
          arena.release(mark)
          backward.factor()
        } else {
          opposite = transpose(arena, matrix)
          backward = createDirect(team, opposite, { kind: 'general' })
        }
      }
      solution = apply(forward, rhs)
      for (let i = 0; i < nodes; i++) if (free[i] < 0) solution[i] = fixed[i]
      return solution
    },
    tangent(da) {
      const u = solution
      const rhs = Float64Array.from(gamma, (g, i) => (phi[i] - g * u[i]) * da[i])
      for (let f = 0; f < faces.count; f++) {
        const [i, j] = [faces.first[f], faces.second[f]]
        const flux = 0.5 * alpha[f] * (da[i] + da[j]) * (u[i] - u[j])
        rhs[i] -= flux
        rhs[j] += flux
      }
      for (const o of edge) rhs[o.node] += o.alpha * da[o.node] * (o.data - o.slope * u[o.node])
      return apply(forward!, rhs)
    },
    adjoint(q) {
      const u = solution
      const p = apply(backward ?? forward!, q)
      const gradient = Float64Array.from(gamma, (g, i) => (phi[i] - g * u[i]) * p[i])
      for (let f = 0; f < faces.count; f++) {
        const [i, j] = [faces.first[f], faces.second[f]]
        const part = -0.5 * alpha[f] * (u[i] - u[j]) * (p[i] - p[j])
        gradient[i] += part
        gradient[j] += part
      }
      for (const o of edge) gradient[o.node] += o.alpha * (o.data - o.slope * u[o.node]) * p[o.node]
      return gradient
    },
  }

  function advectionEntries({ advection }: FieldRoles, { point }: VolumeGrid): { row: number; column: number; value: number }[] {
    return advection.flatMap((b, axis) => Array.from({ length: nodes }, (_, i) => {
      const value = b(point(i)) * volumes[i]
      if (value === 0) return []
      const stride = axis === 0 ? 1 : shape[0]
      const index = axis === 0 ? i % shape[0] : Math.floor(i / shape[0])
      const [before, after] = [index > 0 ? i - stride : i, index < shape[axis] - 1 ? i + stride : i]
      const distance = widths[axis] * ((after - before) / stride)
      return [{ row: i, column: after, value: value / distance }, { row: i, column: before, value: -value / distance }]
    }).flat())
  }
}
