import { differentiate, simplify } from '../../expressions'
import { coercivity, poincareConstant } from '../../solvers/finite-element/energy'
import { compile } from '../compile'
import { energyDensity, naturalTerms, ordersIn, ordersOf } from '../formulations/energy-density'
import { valuesAt } from '../formulations/collocation'
import { activePieces, type PointValues } from '../formulations/strong'
import { tensorOf } from '../formulations/tensor-expression'
import { plus, times } from '../formulations/semidefinite'
import { variationalFaults } from '../formulations/variational-faults'
import { boundaryRule, domainRule, sampledDomain } from '../sampling'
import { abs, add, mul, reshape, slice, sum, type Operand, type Tensor } from '../tf'
import type { DiagnosticFamily, DiagnosticTask } from './diagnostic'

/** Points of the rules, by dimension. */
const interior: Readonly<Record<number, number>> = { 1: 128, 2: 1600, 3: 8000 }
const onBoundary = 400

/**
 * Curves of a training on a linear second-order statement with energy and exact solution u*, e = u_θ − u*, whatever its loss is:
 *
 *   `energy_gap` Σ(u_θ) − Σ(u*)  =  `half_energy_norm` ½a(e, e)  +  `boundary_term` ∫_{Γ_D} q(u*) e,
 *
 * with q the flux, a ∂ₙu* for −∇·(a∇u); a network that misses its boundary values may have less energy than the solution. `lower_bound` is C‖e‖² below the half norm, with Poincaré's constant, where one is known.
 * Metric `identity_defect`: |gap − half − boundary| at the end, relative to ∫ Σ |∂ρ/∂(∂^α u) ∂^α e|, which the gap is what remains of: the error of the rules and of rounding. In domains without Gauss rules there is nothing to see.
 */
export const energyIdentity: DiagnosticFamily = {
  create: async task => {
    const measured = await measureOf(task)
    if (!measured) return {}
    const known = (values: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(values).filter(([name, value]) => name !== 'identity_defect' && Number.isFinite(value)))
    return {
      observe: async ({ parameters }) => known(await measured.at(parameters)),
      finish: async ({ parameters }) => ({ metrics: { identity_defect: (await measured.at(parameters)).identity_defect } }),
      dispose: measured.dispose,
    }
  },
}

export interface EnergyMeasure {
  at(parameters: Readonly<Record<string, ArrayLike<number>>>): Promise<Readonly<Record<'energy_gap' | 'half_energy_norm' | 'boundary_term' | 'lower_bound' | 'identity_defect', number>>>
  dispose(): void
}

const magnitude = (x: Operand): Operand => (typeof x === 'number' ? Math.abs(x) : abs(x))

/** Undefined where the identity does not hold or cannot be measured. */
export async function measureOf({ problem, statement, network, initial, precision, runtime, libm }: Pick<DiagnosticTask, 'problem' | 'statement' | 'network' | 'initial' | 'precision' | 'runtime' | 'libm'>): Promise<EnergyMeasure | undefined> {
  const { exact, pieces, properties } = problem
  if (!exact || !properties.linear || variationalFaults(problem).length > 0) return undefined
  const energy = energyDensity(problem)!
  const domain = sampledDomain(problem)
  const { coordinates, variables, hessian, density } = energy
  const [inside, sides] = [domainRule(domain, interior[coordinates.length] ?? 0, libm), boundaryRule(domain, onBoundary, libm)]
  if (energy.order !== 1 || !inside || !sides) return undefined
  const { outputs } = statement
  const natural = pieces.map(piece => (piece.kind === 'dirichlet' ? undefined : naturalTerms(energy, problem, piece)))
  const single = problem.system.components.length === 1
  const open = problem.traits.includes('unique up to a constant')
  const hasBoundary = sides.count > 0 && pieces.length > 0
  const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
  const place = (at: PointValues) => (key: string): Operand | undefined => (coordinates.includes(key) ? at.coordinate(key) : undefined)
  const truth = (at: PointValues) => (key: string): Operand | undefined => {
    const jet = energy.jets.read(key)
    return jet ? tensorOf(simplify(jet.along.reduce((e, c) => differentiate(e, c), exact[jet.component])), place(at)) : place(at)(key)
  }
  const found = (at: PointValues) => (key: string): Operand | undefined => {
    const jet = energy.jets.read(key)
    return jet ? at.derivative(outputs.indexOf(jet.component), ordersOf(jet, coordinates)) : place(at)(key)
  }
  /** Where ρ is quadratic, ρ(v) − ρ(u) is its slope in the middle times v − u: nothing cancels but what is small. */
  const middle = (at: PointValues) => (key: string): Operand | undefined => (energy.jets.read(key) ? times(0.5, plus(found(at)(key)!, truth(at)(key)!)) : place(at)(key))
  const difference = (at: PointValues, key: string): Operand => plus(found(at)(key)!, times(-1, truth(at)(key)!))
  const execution = await runtime.prepare(compile((_, given) => {
    const at = valuesAt(network, given, given['energy points'], [{ derivatives: [...ordersIn(energy, [density]), coordinates.map(() => 0)] }], coordinates)
    const weights = given['energy weights']
    const errors = variables.map(v => difference(at, v.name))
    const integral = (x: Operand, by: Tensor): Tensor => sum(mul(by, x))
    const slopes = variables.map(v => tensorOf(simplify(differentiate(density, v.name)), middle(at)))
    const size = integral(slopes.reduce<Operand>((all, s, i) => plus(all, magnitude(times(s, errors[i]))), 0), weights)
    let gap = integral(slopes.reduce<Operand>((all, s, i) => plus(all, times(s, errors[i])), 0), weights)
    let half = integral(hessian.reduce<Operand>((all, row, i) => row.reduce<Operand>((own, e, j) => plus(own, times(times(0.5, tensorOf(e, truth(at))), times(errors[i], errors[j]))), all), 0), weights)
    const own = outputs.map(component => difference(at, energy.jets.components[component]))
    const squared = own.reduce<Operand>((all, e) => plus(all, integral(times(e, e), weights)), 0)
    const mean = own.map(e => integral(e, weights))
    let boundary: Tensor = mul(gap, 0)
    if (hasBoundary) {
      const on = valuesAt(network, given, given['energy boundary'], [{ derivatives: [coordinates.map(() => 0)] }], coordinates, given['energy normals'])
      pieces.forEach((piece, k) => {
        const weight = reshape(slice(given['energy surface'], [k, 0], [1, sides.count]), [sides.count, 1])
        const name = energy.jets.components[piece.component]
        const e = difference(on, name)
        const terms = natural[k]
        const across = (values: readonly Operand[], power: 1 | 2): Operand => values.reduce<Operand>((all, v, axis) => plus(all, times(v, power === 1 ? on.normal(axis) : mul(on.normal(axis), on.normal(axis)))), 0)
        if (!terms) {
          if (piece.kind === 'dirichlet') boundary = add(boundary, integral(times(across(energy.flux(piece.component).map(q => tensorOf(q, truth(on))), 1), e), weight))
          return
        }
        gap = add(gap, integral(times(across(terms.terms.map(b => tensorOf(simplify(differentiate(b, name)), middle(on))), 2), e), weight))
        half = add(half, integral(times(times(0.5, across(terms.curvature.map(c => tensorOf(c, truth(on))), 2)), times(e, e)), weight))
      })
    }
    const diagonal = variables.map((v, i) => ({ v, value: tensorOf(hessian[i][i], truth(at)) }))
    const column = (x: Operand): Tensor => add(mul(weights, 0), x)
    return {
      outputs: {
        gap, half, boundary, size, squared: typeof squared === 'number' ? add(mul(gap, 0), squared) : squared, mean: mean[0],
        ...(single ? Object.fromEntries(diagonal.map(({ v, value }) => [v.along.length === 0 ? 'reaction' : `diffusion${v.along[0]}`, column(value)])) : {}),
      },
    }
  }, {
    precision, libm,
    inputs: {
      ...shapes, 'energy points': [inside.count, coordinates.length], 'energy weights': [inside.count, 1],
      ...(hasBoundary ? { 'energy boundary': [sides.count, coordinates.length], 'energy normals': [sides.count, coordinates.length], 'energy surface': [pieces.length, sides.count] } : {}),
    },
  }))
  const active = hasBoundary ? activePieces(problem, sides, libm).map((a, i) => a * sides.weights[i % sides.count]) : undefined
  const volume = inside.weights.reduce((all, w) => all + w, 0)
  const poincare = single && !problem.cube ? poincareConstant(problem) : NaN
  return {
    async at(parameters) {
      const result = await execution.run({ ...parameters, 'energy points': inside.points, 'energy weights': inside.weights, ...(active ? { 'energy boundary': sides.points, 'energy normals': sides.normals, 'energy surface': active } : {}) })
      const [gap, half, boundary] = [result.gap[0], result.half[0], result.boundary[0]]
      const least = (values: ArrayLike<number> | undefined): number => (values ? Array.prototype.reduce.call(values, (a: unknown, b: unknown) => Math.min(a as number, b as number), Infinity) as number : 0)
      const constant = coercivity(poincare, Math.min(...coordinates.map(c => least(result[`diffusion${c}`] as ArrayLike<number> | undefined))), least(result.reaction as ArrayLike<number> | undefined))
      const squared = result.squared[0] - (open ? (result.mean[0] * result.mean[0]) / volume : 0)
      return {
        energy_gap: gap, half_energy_norm: half, boundary_term: boundary, lower_bound: constant * squared,
        identity_defect: Math.abs(gap - half - boundary) / Math.max(1e-300, result.size[0]),
      }
    },
    dispose: () => execution.dispose(),
  }
}
