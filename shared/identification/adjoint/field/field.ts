import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import { FaultError, error, type Fault } from '../../../fault'
import type { Field } from '../../../fields/field'
import type { Identification, IdentificationHost, IdentificationRequest } from '../../method'
import { scatter } from '../../observations'
import { fieldExpression } from '../../unknowns'
import type { AdjointOptions } from '../descriptor'
import { createVolumeGrid, type VolumeGrid } from './grid'
import { createFieldMisfit, plainField, positiveField, type FieldMisfit } from './misfit'
import { createFieldModel } from './model'
import { gaussNewtonCg } from './newton-cg'
import { createPointOperator } from './observation'
import { fieldRoles } from './roles'
import { createSmoothness } from './smoothness'
import { regularised } from './weight'

/** Nodes per axis of a field in one and in two dimensions. */
const defaultNodes = [129, 65]
const mostProducts = 200

/**
 * A coefficient field a by min_m ½ Σ_n |u(x_n; a) − d_n|²/(n s²) + ½ ω ∫|∇m|², a = eᵐ in a diffusion and a = m elsewhere: Gauss–Newton with conjugate gradients, gradients by the discrete adjoint (one solution with the
 * transposed operator). Determined only where the data feel it: a diffusion coefficient not where ∇u vanishes, there the regularisation decides.
 */
export async function identifyField(request: IdentificationRequest, options: AdjointOptions, { team, run }: IdentificationHost): Promise<Identification> {
  const { libm, random, noise = 0, points: wanted } = request
  const [name] = request.unknown
  const roles = fieldRoles(request.statement!, name, libm)
  const { axes, unknown } = roles.problem
  if (roles.problem.traits.includes('unique up to a constant')) throw new FaultError(error('field-class', 'The solution is free up to a constant, which hides the coefficient.', { where: { path: 'unknown' }, tip: 'Give values on a part of the boundary.' }))
  const mark = team.arena.mark()
  try {
    const grid = createVolumeGrid(roles.problem, options.resolution ?? axes.map(() => defaultNodes[axes.length - 1]))
    const data = scatter(request.observations, wanted, random.child('points'))
    const field = roles.diffuses ? positiveField(libm) : plainField
    const points = createPointOperator(data, grid)
    const model = createFieldModel(roles, grid, team, libm)
    const smoothness = createSmoothness(grid, team)
    const first = onGrid(request.start[name] ?? request.statement!.definitions![name], grid, request, `start.${name}`)
    if (roles.diffuses && first.some(v => !(v > 0))) throw new FaultError(error('field-start', `The first values of ${name} are not positive everywhere, and it is a diffusion coefficient.`, { where: { path: `start.${name}` } }))
    const curve: number[] = []
    let iterations = 0
    let steps = 0
    let last: FieldMisfit | undefined
    const solve = (weight: number, start: Float64Array) => {
      const misfit = createFieldMisfit(model, points, data, field, smoothness, weight)
      last = misfit
      const watched: FieldMisfit = { ...misfit, hessian: d => { run.throwIfCancelled(); return misfit.hessian(d) } }
      const found = gaussNewtonCg(watched, start, { steps: options.iterations, tolerance: 1e-4, products: mostProducts }, () => {
        run.throwIfCancelled()
        const rms = norm(misfit.residual())
        curve.push(rms)
        run.series('misfit', iterations, rms)
        run.progress({ step: iterations++, residual: rms, stage: `weight ${weight.toExponential(1)}` })
      })
      steps += found.products
      misfit.cost(found.m)
      const rms = norm(misfit.residual())
      run.log('info', `Weight ${weight.toExponential(2)}: misfit ${rms.toExponential(3)} after ${found.steps} ${found.steps === 1 ? 'step' : 'steps'}.`)
      run.frame(() => ({ name, shape: grid.shape, values: field.value(found.m) }))
      return { m: found.m, misfit: rms, weight, converged: found.converged }
    }
    const carried = options.regularisation.noise ?? 0
    const level = Math.sqrt(noise * noise + carried * carried)
    const result = regularised(solve, field.inverse(first), { weight: options.regularisation.weight, noise: level > 0 ? level : undefined })
    last!.cost(result.m)
    const a = field.value(result.m)
    const faults: Fault[] = []
    if (!result.converged) faults.push({ severity: 'warning', code: 'not-converged', message: `At the weight ${result.weight.toExponential(1)} the field had not settled after ${options.iterations} steps.`, tip: 'Allow more "iterations".' })
    if (!result.reached) faults.push({ severity: 'warning', code: 'misfit-above-noise', message: `The misfit stays at ${result.misfit.toPrecision(2)} standard deviations of the data, above their noise of ${level.toPrecision(2)}.`, tip: 'Take a finer "resolution", or look whether the statement fits the data.' })
    return {
      fields: [fieldOf(name, grid, a), fieldOf(unknown, grid, last!.solution())],
      arrays: [{ name: 'misfit', values: Float64Array.from(curve) }, ...data.coordinates.map((values, i) => ({ name: `point_${axes[i].name}`, values })), { name: 'residual', values: last!.residual().map(r => r * Math.sqrt(data.values[0].length)) }],
      metrics: {
        misfit: result.misfit, weight: result.weight, iterations, products: steps, unknowns: grid.nodes, points: data.values[0].length, identified: result.converged && result.reached ? 1 : 0,
        ...errorOf(name, a, grid, request),
      },
      converged: result.converged, faults, ran: { method: 'control volumes', resolution: grid.shape },
    }
  } finally {
    team.arena.release(mark)
  }
}

const norm = (r: Float64Array): number => Math.sqrt(r.reduce((sum, v) => sum + v * v, 0))

const fieldOf = (name: string, { axes }: VolumeGrid, values: Float64Array): Field => ({ name, grid: { axes }, values: values.slice() })

function onGrid(text: string | number, grid: VolumeGrid, { libm, problem }: IdentificationRequest, path: string): Float64Array {
  const expression = fieldExpression(text, problem!.parameters)
  const values = expression && valuesAt(expression, grid, libm)
  if (!values?.every(Number.isFinite)) throw new FaultError(error('no-value', `"${text}" is no expression with finite values in the domain.`, { where: { path } }))
  return values
}

function valuesAt(expression: Parameters<typeof evaluate>[0], grid: VolumeGrid, libm: Libm): Float64Array | undefined {
  try {
    return Float64Array.from({ length: grid.nodes }, (_, i) => evaluate(expression, grid.point(i), libm))
  } catch (reason) {
    if (reason instanceof FaultError) return undefined
    throw reason
  }
}

/** `<name>_error`: relative L² norm of the error over the domain, by the trapezoidal rule on the nodes. */
function errorOf(name: string, a: Float64Array, grid: VolumeGrid, request: IdentificationRequest): Record<string, number> {
  if (!Object.hasOwn(request.truth, name)) return {}
  const known = onGrid(request.truth[name], grid, request, `truth.${name}`)
  let [difference, size] = [0, 0]
  known.forEach((v, i) => {
    difference += grid.volumes[i] * (a[i] - v) * (a[i] - v)
    size += grid.volumes[i] * v * v
  })
  return { [`${name}_error`]: Math.sqrt(difference / size) }
}

