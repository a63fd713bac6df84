import { FaultError } from '../../fault'
import { differentiate, divide, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Shape } from '../graph/graph'
import { createRandom } from '../random'
import { sampledDomain } from '../sampling'
import { add, div, maximum, mul, reshape, slice, sqrt, square, sub, sum, type Operand, type Tensor } from '../tf'
import type { EnergyPart, LossPart, TrainingForm } from '../training/form'
import { valuesAt } from './collocation'
import { energyDensity, naturalTerms, ordersIn, ordersOf } from './energy-density'
import { networkStatement, type FormulationFamily, type FormulationRequest } from './formulation'
import { asTensor, choleskyColumns, constantBeside, held, plus, times } from './semidefinite'
import { activePieces, pieceName, type PointValues } from './strong'
import { tensorOf } from './tensor-expression'
import { variationalFaults } from './variational-faults'
import type { VariationalOptions } from './variational-options'
import { energyPoints, refuseUnbalanced } from './variational-points'

/**
 * γ = `penalty` · a / (least side of the box), the factor of ½∫_{Γ_D} (u − g)², where a stands beside the normal derivative: 500 as in E & Yu 2018, §3.1. The least energy then has boundary values that
 * are wrong by a ∂ₙu/γ; a larger factor makes steps short. Nitsche's form must have γ above ∫ a (∂ₙv)² / ∫ a|∇v|² for everything that the network can do.
 */
export const penalty = 500

/**
 * The energy of a statement (Deep Ritz): Σ(u) = ∫ρ + ∫ over natural conditions. Dirichlet values that the network does not hold by itself cost ½γ∫_{Γ_D} (u − g)²; with `nitsche` there is
 * −∫_{Γ_D} q(u)(u − g) beside it, so that the exact solution makes the sum stationary for every γ, but nothing bounds it from below.
 * E & Yu 2018, doi:10.1007/s40304-018-0127-z; Nitsche 1971, doi:10.1007/BF02995904.
 */
export function variational(request: FormulationRequest, { dirichlet }: VariationalOptions = { dirichlet: 'penalty' }): TrainingForm {
  const { problem, held: byForm, libm } = request
  const refused = variationalFaults(problem)
  if (refused.length > 0) throw new FaultError(refused)
  const energy = energyDensity(problem)!
  const { outputs } = networkStatement(problem)
  const { coordinates, density, variables, hessian } = energy
  const domain = sampledDomain(problem)
  const points = energyPoints(domain, request, createRandom(0, libm, 'energy'))
  const { inside, sides } = points.first
  const { pieces } = problem
  if (problem.properties.definiteness === 'semidefinite') refuseUnbalanced(energy, problem, points.first, libm)
  const natural = pieces.map(piece => (piece.kind === 'dirichlet' || energy.order === 2 ? undefined : naturalTerms(energy, problem, piece)))
  const essential = pieces.flatMap((piece, k) => (natural[k] || byForm?.pieces.has(k) || problem.system.components[piece.component].part === 't' ? [] : [k]))
  const reach = Math.min(...domain.upper.map((b, i) => b - domain.lower[i]))
  const inputs: Record<string, Shape> = {
    interior: [inside.count, coordinates.length], volume: [inside.count, 1],
    ...(sides.count > 0 && pieces.length > 0 ? { boundary: [sides.count, coordinates.length], normals: [sides.count, coordinates.length], surface: [pieces.length, sides.count] } : {}),
  }
  const insideOrders = ordersIn(energy, [density])
  const boundaryOrders = [
    ...ordersIn(energy, pieces.flatMap((piece, k) => (natural[k] ? [...natural[k].terms, ...natural[k].curvature] : [...energy.flux(piece.component), ...(energy.order === 2 ? energy.moment(piece.component).flat() : [])]))),
    ...coordinates.map((_, axis) => coordinates.map((__, i) => (i === axis ? 1 : 0))),
  ]
  const namesAt = (at: PointValues) => (key: string): Operand | undefined => {
    const jet = energy.jets.read(key)
    return jet ? at.derivative(outputs.indexOf(jet.component), ordersOf(jet, coordinates)) : coordinates.includes(key) ? at.coordinate(key) : undefined
  }
  return {
    parts: [{ name: 'energy', kind: 'equation' }, ...essential.map(k => ({ name: pieceName(pieces[k], problem.system.components[pieces[k].component].name), kind: 'boundary' as const }))],
    inputs, energy: true,
    ...(points.again ? { resample: 1 } : {}),
    draw: stream => {
      const set = points.again ? points.again(stream) : points.first
      const drawn: Record<string, Float64Array> = { interior: set.inside.points, volume: set.inside.weights }
      if (inputs.boundary) {
        const active = activePieces(problem, set.sides, libm)
        Object.assign(drawn, { boundary: set.sides.points, normals: set.sides.normals, surface: active.map((a, i) => a * set.sides.weights[i % set.sides.count]) })
      }
      return drawn
    },
    evaluate(network, parameters, given) {
      const at = valuesAt(network, parameters, given.interior, [{ derivatives: insideOrders }], coordinates)
      const names = namesAt(at)
      let value = sum(mul(given.volume, tensorOf(density, names)))
      const half = sqrt(mul(given.volume, 0.5))
      const columns = choleskyColumns(hessian.map(row => row.map(e => tensorOf(e, names))), constantBeside(at.coordinate(coordinates[0])))
      const values = variables.map(v => names(v.name)!)
      const metric = columns.flatMap(column => {
        const total = column.reduce<Operand>((all, factor, i) => plus(all, times(factor, values[i])), 0)
        return typeof total === 'number' ? [] : [mul(half, total)]
      })
      if (!inputs.boundary) return [{ kind: 'energy', value, metric }]
      const on = valuesAt(network, parameters, given.boundary, [{ derivatives: boundaryOrders }], coordinates, given.normals)
      const onNames = namesAt(on)
      const normals = coordinates.map((_, axis) => on.normal(axis))
      const weightOf = (k: number): Tensor => reshape(slice(given.surface, [k, 0], [1, sides.count]), [sides.count, 1])
      pieces.forEach((_, k) => {
        const own = natural[k]
        if (!own) return
        const squares = normals.map(n => square(n))
        const across = (terms: readonly Expression[]): Operand => terms.reduce<Operand>((all, e, axis) => plus(all, times(squares[axis], tensorOf(e, onNames))), 0)
        value = add(value, sum(mul(weightOf(k), across(own.terms))))
        const stiffness = across(own.curvature)
        if (stiffness === 0) return
        const u = on.derivative(outputs.indexOf(pieces[k].component), coordinates.map(() => 0))
        metric.push(mul(sqrt(mul(weightOf(k), maximum(mul(held(stiffness), 0.5), 0))), u))
      })
      const boundary = essential.map((k): LossPart => {
        const { work, part, squares } = essentialPart(k, weightOf(k))
        if (dirichlet === 'penalty') return { kind: 'squares', columns: [squares] }
        value = sub(value, work)
        return part
      })
      return [{ kind: 'energy', value, metric }, ...boundary]

      /** ½γ∫ (u − g)² as squares; and of Nitsche's form ∫ q (u − g) and the part ½γ∫ (u − g)² with the metric of u − g − q/γ: with the energy's it lies above the whole second variation. */
      function essentialPart(k: number, weight: Tensor): { readonly work: Tensor; readonly part: EnergyPart; readonly squares: Tensor } {
        const { component, kind, data, value: factor, normal } = pieces[k]
        const output = outputs.indexOf(component)
        const u = on.derivative(output, coordinates.map(() => 0))
        const along = (axis: number): Tensor => on.derivative(output, coordinates.map((_, i) => (i === axis ? 1 : 0)))
        const overNormals = (terms: readonly Operand[]): Operand => terms.reduce<Operand>((all, e, axis) => plus(all, times(e, normals[axis])), 0)
        const expected = tensorOf(simplify(divide(data, kind === 'dirichlet' ? factor : normal)), onNames)
        const known = (e: Expression): Operand => tensorOf(e, onNames)
        const strength = (order: number): Tensor => asTensor(variables.reduce<Operand>((all, v, i) => (v.component === component && v.along.length === order && v.along.every(a => a === v.along[0])
          ? plus(all, times(square(normals[coordinates.indexOf(v.along[0])]), held(known(hessian[i][i])))) : all), 0), u)
        const cost = (difference: Tensor, gamma: Tensor, column: Tensor) => {
          const root = sqrt(mul(mul(weight, gamma), 0.5))
          return { squares: mul(root, difference), part: { kind: 'energy', value: sum(square(mul(root, difference))), metric: [mul(root, column)] } as const }
        }
        if (energy.order < 2) {
          const gamma = mul(strength(1), penalty / reach)
          const flux = asTensor(overNormals(energy.flux(component).map(known)), u)
          const difference = sub(u, expected)
          return { work: sum(mul(weight, mul(flux, difference))), ...cost(difference, gamma, sub(u, div(flux, maximum(gamma, 1e-300)))) }
        }
        // M n: what stands beside the derivatives of δu.
        const moments = energy.moment(component).map(row => overNormals(row.map(known)))
        const slope = normals.map((n, axis) => mul(n, along(axis))).reduce((a, b) => add(a, b))
        if (kind !== 'dirichlet') {
          const difference = sub(slope, expected)
          return { work: sum(mul(weight, times(overNormals(moments), difference) as Tensor)), ...cost(difference, mul(strength(2), penalty / reach), slope) }
        }
        const difference = sub(u, expected)
        const rates = coordinates.map((c, axis) => sub(along(axis), tensorOf(simplify(differentiate(divide(data, factor), c)), onNames)))
        const outward = rates.map((rate, axis) => mul(rate, normals[axis])).reduce((a, b) => add(a, b))
        const tangential = moments.reduce<Operand>((all, m, axis) => plus(all, times(m, sub(rates[axis], mul(outward, normals[axis])))), 0)
        const through = asTensor(plus(times(asTensor(overNormals(energy.flux(component).map(known)), u), difference), tangential), u)
        return { work: sum(mul(weight, through)), ...cost(difference, mul(strength(2), (penalty / reach) ** 3), u) }
      }
    },
  }
}

export const variationalForm: FormulationFamily<VariationalOptions> = { create: (options, request) => variational(request, options) }
