import type { Expression } from '../expressions/ast'
import { differentiate, simplify } from '../expressions'
import { fieldNodes, selectComponent } from '../fields/components'
import type { Field } from '../fields/field'
import type { AnyField, MeshField } from '../fields/mesh'
import { isMeshField } from '../fields/mesh'
import { integrateMesh } from '../fields/mesh-errors'
import type { ErrorSums, PointFunction, Points } from '../fields/norms'
import { errorMetrics, errorSums } from '../fields/norms'
import { trapezoidalWeights } from '../fields/quadrature'
import type { Run, Team } from '../kernels/team'
import type { Solution, SolveRequest } from '../solvers/method'
import { pointFunction } from './point-function'

/** A component of a declared unknown with its field and its exact solution. */
interface Measured { readonly name: string; readonly field: AnyField; readonly component: number; readonly exact: Expression }

/**
 * Errors against the statement's exact solution: `relative_l2`, `relative_h1` (gradient at the last time), `max_error` and `relative_l2_spacetime` over all components together; with several
 * components `relative_l2_<component>` of each beside them. Internal velocities (`u__t`) are not stored and not measured. What a statement leaves open is taken from the exact solution:
 * the constant of a problem without boundary values, the factor of an eigenfunction.
 */
export function measureAgainstExact(solution: Pick<Solution, 'fields'>, method: string, request: SolveRequest, team: Team, run: Run): Record<string, number> {
  const { problem, libm } = request
  const measured = measuredComponents(solution.fields, request)
  if (measured.length === 0) return {}
  const names = problem.axes.map(axis => axis.name)
  const order = typeof request.options.order === 'number' ? request.options.order : 2
  const degree = method === 'spectral' ? 'trigonometric' : order + 2
  const open = problem.traits.includes('unique up to a constant')
  const sums = measured.map(({ field, component, exact }): ErrorSums[] => {
    const mark = team.arena.mark()
    try {
      const values = pointFunction(team, 'exact', exact, names)
      const gradient = names.map((axis, i) => pointFunction(team, `exact${i}`, simplify(differentiate(exact, axis)), names))
      const scalar = problem.equation.kind === 'eigen' ? scaledTo(field, component, values) : (selectComponent(field as MeshField, component) as AnyField)
      const shift = open ? meanDifference(scalar, values) : 0
      const shifted: PointFunction = shift === 0 ? values : (points, time) => values(points, time).map(v => v + shift)
      return errorSums(scalar, 0, shifted, { degree, libm, gradient, masked: problem.geometry !== undefined, pause: () => run.throwIfCancelled() })
    } finally {
      team.arena.release(mark)
    }
  })
  const { times } = measured[0].field
  const metrics: Record<string, number> = { ...errorMetrics(sums, times, true) }
  if (measured.length > 1) measured.forEach(({ name }, i) => (metrics[`relative_l2_${name}`] = errorMetrics([sums[i]], times, false).relative_l2))
  return metrics
}

function measuredComponents(fields: readonly AnyField[], { problem }: SolveRequest): Measured[] {
  const { exact, system, unknowns } = problem
  if (!exact) return []
  return unknowns.flatMap(unknown => {
    const field = fields.find(({ name }) => name === unknown.name)
    if (!field) return []
    const parts = unknown.components.filter(index => system.components[index].part !== 't')
    return parts.map((index, component) => ({ name: system.components[index].name, field, component, exact: exact[index] }))
  })
}

/** Coordinates of all nodes, x fastest. */
export function nodePoints(field: AnyField): Points {
  const size = fieldNodes(field)
  if (isMeshField(field)) {
    const { dimension, points } = field.mesh
    const column = (a: number): Float64Array => Float64Array.from({ length: size }, (_, i) => points[i * dimension + a])
    return { x: column(0), ...(dimension > 1 ? { y: column(1) } : {}), ...(dimension > 2 ? { z: column(2) } : {}) }
  }
  let stride = 1
  const columns = field.grid.axes.map(({ coordinates }) => {
    const own = stride
    stride *= coordinates.length
    return Float64Array.from({ length: size }, (_, i) => coordinates[Math.floor(i / own) % coordinates.length])
  })
  return { x: columns[0], y: columns[1], z: columns[2] }
}

/** Mean of u_h − u over the domain from the nodal differences: exact integration of their interpolant on a mesh, the trapezoidal rule on a grid (nodes outside the domain left out). */
function meanDifference(field: AnyField, exact: PointFunction): number {
  const values = exact(nodePoints(field), 0)
  const difference = values.map((v, i) => field.values[i] - v)
  if (isMeshField(field)) {
    const { integral, measure } = integrateMesh(field.mesh, difference)
    return integral / measure
  }
  const weights = nodeWeights(field)
  let [sum, total] = [0, 0]
  difference.forEach((d, i) => {
    if (d - d !== 0) return
    sum += weights[i] * d
    total += weights[i]
  })
  return sum / total
}

function nodeWeights(field: Field): Float64Array {
  const axes = field.grid.axes.map(trapezoidalWeights)
  const weights = new Float64Array(fieldNodes(field)).fill(1)
  let stride = 1
  for (const own of axes) {
    for (let i = 0; i < weights.length; i++) weights[i] *= own[Math.floor(i / stride) % own.length]
    stride *= own.length
  }
  return weights
}

/** The eigenfunction times the factor that brings it nearest to the exact one at the nodes. */
function scaledTo(field: AnyField, component: number, exact: PointFunction): AnyField {
  const scalar = selectComponent(field as MeshField, component) as AnyField
  const values = exact(nodePoints(scalar), 0)
  let [along, square] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const u = scalar.values[i]
    if (u - u !== 0) continue
    along += u * values[i]
    square += u * u
  }
  const factor = square > 0 ? along / square : 1
  return { ...scalar, values: scalar.values.map(u => factor * u) }
}
