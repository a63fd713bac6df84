import { add, antiderivative, differentiate, divide, freeNames, isNumber, multiply, name as named, number, simplify, subtract, toText, zero } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { AnalysedProblem, BoundaryPiece } from '../../problems/analysed'
import { sideAxis, type SideName } from '../../problems/parsed'
import { Jets, type Jet } from '../../problems/jets'

/**
 * What follows from the density ρ of Σ(u) = ∫_Ω ρ(x, u, ∂u, …): its curvature, and what partial integration leaves on the boundary,
 *
 *   δΣ = ∫ (rows) δu + ∫_Γ Σ_c q_c δu_c,   q_c = Σ_j n_j ∂ρ/∂(∂_j u_c),
 *
 * for densities with second derivatives δΣ = ∫ (rows) δu + ∫_Γ Σ_c (Σ M_ab n_b ∂_a δu_c + q_c δu_c), M_ab the derivative by ∂_a∂_b u_c, q_c = Σ n_a (∂ρ/∂(∂_a u_c) − Σ_b D_b M_ab).
 */
export interface EnergyDensity {
  readonly density: Expression
  readonly jets: Jets
  readonly coordinates: readonly string[]
  /** Order of the highest derivatives in ρ: half of the statement's. */
  readonly order: number
  /** The jets of ρ, highest derivatives first. */
  readonly variables: readonly Jet[]
  /** ∂²ρ/∂(variable i)∂(variable j). */
  readonly hessian: readonly (readonly Expression[])[]
  /** q of a component, axis by axis: what stands beside n_a. */
  readonly flux: (component: number) => readonly Expression[]
  /** M of a component. */
  readonly moment: (component: number) => readonly (readonly Expression[])[]
}

/** Of statements whose analysis found an energy. */
export function energyDensity(problem: AnalysedProblem): EnergyDensity | undefined {
  const { energy } = problem.properties
  if ('refused' in energy) return undefined
  const coordinates = problem.cube ? Array.from({ length: problem.cube.dimension }, (_, i) => `x${i + 1}`) : problem.axes.map(a => a.name as string)
  const jets = new Jets(problem.system.components.map(c => c.name), coordinates)
  const { density } = energy
  const variables = [...jets.in(density)].sort((a, b) => b.along.length - a.along.length)
  const slopes = new Map(variables.map(v => [v.name, simplify(differentiate(density, v.name))]))
  const slope = (component: number, along: readonly string[]): Expression => slopes.get(jets.nameOf(component, along)) ?? zero
  const order = Math.max(0, ...variables.map(v => v.along.length))
  const moment = (component: number): Expression[][] => coordinates.map(a => coordinates.map(b => (a === b ? slope(component, [a, b]) : simplify(divide(slope(component, [a, b]), number(2))))))
  return {
    density, jets, coordinates, order, variables, moment,
    hessian: variables.map(a => {
      const own = slopes.get(a.name)!
      const present = freeNames(own)
      return variables.map(b => (present.has(b.name) ? simplify(differentiate(own, b.name)) : zero))
    }),
    flux: component => {
      const first = coordinates.map(a => slope(component, [a]))
      if (order < 2) return first
      const own = moment(component)
      return first.map((e, a) => simplify(coordinates.reduce((sum, b, j) => subtract(sum, jets.derivative(own[a][j], b)), e)))
    },
  }
}

export const isZero = (e: Expression): boolean => isNumber(e, 0)

/** Axes whose sides a piece may lie on where the domain is a box there; undefined where it may lie on a slanted or curved part. */
function axesOf(piece: BoundaryPiece, { axes, geometry, cube }: AnalysedProblem): readonly number[] | undefined {
  if (cube) return Array.from({ length: cube.dimension }, (_, i) => i)
  const sides = piece.on === 'all' ? undefined : piece.on.filter(place => place !== 'holes') as SideName[]
  if (sides && sides.length === piece.on.length) return [...new Set(sides.map(sideAxis))]
  return geometry ? undefined : axes.flatMap((a, i) => (a.periodic ? [] : [i]))
}

/** The energy of a condition α ∂ₙu + β u = g, as Σ_j n_j² B_j with B_j′ = a_j (β u − g)/α and a_j = ∂²ρ/∂(∂_j u)²; or why it has none. */
export interface NaturalTerms {
  readonly terms: readonly Expression[]
  /** B_j″. */
  readonly curvature: readonly Expression[]
}

/** The natural energy of a piece, where n·(∂ρ/∂∇u) is a multiple of ∂ₙu on its part of the boundary; undefined where it is not, or has no antiderivative. */
export function naturalTerms(energy: EnergyDensity, problem: AnalysedProblem, piece: BoundaryPiece): NaturalTerms | undefined {
  const { coordinates, jets, variables, hessian } = energy
  const { component } = piece
  const index = (axis: number): number => variables.findIndex(v => v.component === component && v.along.length === 1 && v.along[0] === coordinates[axis])
  const along = axesOf(piece, problem)
  const axes = along ?? coordinates.map((_, i) => i)
  for (const axis of axes) {
    const i = index(axis)
    if (i < 0) return undefined
    // No other derivative takes part in the flux through this side.
    if (hessian[i].some((e, j) => j !== i && variables[j].along.length > 0 && !isZero(e))) return undefined
  }
  const factor = (axis: number): Expression => hessian[index(axis)][index(axis)]
  if (!along && axes.some(axis => toText(factor(axis)) !== toText(factor(0)))) return undefined
  const u = jets.components[component]
  const slopes = coordinates.map((_, axis) => (axes.includes(axis) ? simplify(divide(multiply(factor(axis), subtract(multiply(piece.value, named(u)), piece.data)), piece.normal)) : zero))
  if (axes.some(axis => jets.in(factor(axis)).some(j => j.along.length > 0 || j.component !== component))) return undefined
  // Some derivative of u inside a factor that depends on u would be part of the flux too: ∂ρ/∂(∂_j u) must be a_j ∂_j u.
  for (const axis of axes) {
    const rest = simplify(subtract(energy.flux(component)[axis], multiply(factor(axis), named(variables[index(axis)].name))))
    if (jets.occursIn(rest) || !isZero(rest)) return undefined
  }
  const terms = slopes.map(e => (isZero(e) ? zero : antiderivative(e, u)))
  if (terms.some(t => t === undefined)) return undefined
  return { terms: terms as Expression[], curvature: slopes.map(e => simplify(differentiate(e, u))) }
}

/** Σᵢ eᵢ over what is not zero. */
export const sumOf = (terms: readonly Expression[]): Expression => simplify(terms.filter(e => !isZero(e)).reduce<Expression>((a, b) => add(a, b), zero))

/** Names of jets in expressions, as derivative orders by coordinate. */
export function ordersIn({ jets, coordinates }: EnergyDensity, expressions: readonly Expression[]): (readonly number[])[] {
  const found = new Map<string, readonly number[]>()
  for (const e of expressions) {
    for (const key of freeNames(e).keys()) {
      const jet = jets.read(key)
      if (jet) found.set(jet.along.join(), ordersOf(jet, coordinates))
    }
  }
  return [...found.values()]
}

export const ordersOf = (jet: Jet, coordinates: readonly string[]): readonly number[] => coordinates.map(c => jet.along.filter(a => a === c).length)
