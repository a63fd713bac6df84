import type { Field } from '../fields/field'
import { gridSize } from '../fields/field'
import { isMeshField } from '../fields/mesh'
import type { PointFunction } from '../fields/norms'
import { errorsAgainstExact } from '../fields/norms'
import { FaultError, error } from '../fault'
import { differentiate, simplify } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Run, Team } from '../kernels/team'
import type { Solution, SolveRequest } from '../solvers/method'
import { methods } from '../solvers/registry'
import { pointFunction } from './point-function'
import { solveRequest } from './solve-options'
import type { StepOutput, StepRunner } from './step-kind'

/** Solves and, when the statement has an exact solution, measures the error as an integral over the domain. */
export const solveRunner: StepRunner = {
  async run({ step, problem, team, run, libm }) {
    if (!problem) throw new FaultError(error('missing-problem', 'A solve step needs a problem.', { where: { path: 'problem' } }))
    const { method, request } = solveRequest(step, problem, libm)
    return solveAndMeasure(method, request, team, run, libm)
  },
}

export async function solveAndMeasure(method: string, request: SolveRequest, team: Team, run: Run, libm: Libm): Promise<StepOutput> {
  const implementation = await methods.find(m => m.descriptor.id === method)!.load()
  const refused = implementation.check(request).filter(f => f.severity === 'error')
  if (refused.length > 0) throw new FaultError(refused)
  const solution = implementation.solve(request, team, run)
  const metrics: Record<string, number> = { ...solution.metrics }
  if (request.problem.exact) {
    run.progress({ stage: 'measuring the error' })
    Object.assign(metrics, measure(solution, method, request, team, run, libm))
  }
  return { fields: solution.fields, arrays: solution.arrays, metrics, converged: solution.converged, faults: solution.faults }
}

function measure(solution: Solution, method: string, request: SolveRequest, team: Team, run: Run, libm: Libm): Readonly<Record<string, number>> {
  const { problem } = request
  const names = problem.axes.map(a => a.name)
  const exact = problem.exact![0]
  const mark = team.arena.mark()
  try {
    const order = typeof request.options.order === 'number' ? request.options.order : 2
    const values = pointFunction(team, 'exact', exact, names)
    const gradient = names.map((axis, i) => pointFunction(team, `exact${i}`, simplify(differentiate(exact, axis)), names))
    const degree = method === 'spectral' ? 'trigonometric' : order + 2
    const field = solution.fields[0]
    if (isMeshField(field)) return {}
    // Without boundary values the solution is fixed only up to a constant: it is compared with the exact solution of the same mean.
    const shift = problem.traits.includes('unique up to a constant') ? meanDifference(field, values) : 0
    const shifted: PointFunction = shift === 0 ? values : (points, time) => values(points, time).map(v => v + shift)
    return errorsAgainstExact(field, shifted, { degree, libm, gradient, pause: () => run.throwIfCancelled() })
  } finally {
    team.arena.release(mark)
  }
}

/** Mean of u_h − u over the domain, by the trapezoidal rule on the nodes (weights ½ at bounded ends), second order as the constant needs. */
function meanDifference(field: Field, exact: PointFunction): number {
  const { axes } = field.grid
  const size = gridSize(field.grid)
  const columns = axes.map(() => new Float64Array(size))
  const weights = new Float64Array(size).fill(1)
  let stride = 1
  axes.forEach((axis, a) => {
    const n = axis.coordinates.length
    for (let k = 0; k < size; k++) {
      const i = Math.floor(k / stride) % n
      columns[a][k] = axis.coordinates[i]
      if (!axis.periodic && (i === 0 || i === n - 1)) weights[k] *= 0.5
    }
    stride *= n
  })
  const values = exact({ x: columns[0], y: columns[1], z: columns[2] }, 0)
  let sum = 0
  let total = 0
  for (let k = 0; k < size; k++) {
    sum += weights[k] * (field.values[k] - values[k])
    total += weights[k]
  }
  return sum / total
}
