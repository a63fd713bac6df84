import { add, differentiate, evaluate, freeNames, isNumber, negate, number, simplify, substitute, zero } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import type { Pointer, Team } from '../../../kernels/team'
import type { AnalysedProblem, LinearOperator } from '../../../problems/analysed'
import { samplePoints } from '../../../problems/sampling'
import type { Preconditioner } from '../../linear/map'
import { hierarchyOfConstants, hierarchyOfNetwork } from '../../multigrid/hierarchy'
import { createEllipticOperator, type DiscreteOperator } from '../../multigrid/operator'
import { createVectors } from '../../linear/vectors'
import type { SystemEquations } from './equations'

export interface MultigridPreconditioner {
  readonly map: Preconditioner
  readonly operator: DiscreteOperator
  /** Constants are in the kernel of the operator that it approximates. */
  readonly singular: boolean
}

/**
 * One multigrid cycle of the order-2 operator in flux form as M⁻¹ for equations of one unknown on a whole box, whatever their order of accuracy and mixed derivatives (defect correction: W. Hackbusch,
 * *Multi-Grid Methods and Applications*, Springer 1985, § 14, doi:10.1007/978-3-662-02427-0). Undefined where the factors of second derivatives are not of one sign.
 */
export function multigridPreconditioner(problem: AnalysedProblem, equations: SystemEquations, linear: LinearOperator, team: Team, libm: Libm): MultigridPreconditioner {
  const { operators: { grid, nodes }, unknowns, placeOf } = equations
  const { arena } = team
  const operator = createEllipticOperator({ linear, boundary: problem.boundary, grid, elliptic: true }, team, libm)
  const { constant, network, axes, fixedNodes } = operator.discretisation
  const singular = network !== undefined && fixedNodes.length === 0 && network.d.view().every(value => value === 0)
  const hierarchy = constant ? hierarchyOfConstants(team, axes, constant.diffusion, constant.reaction) : hierarchyOfNetwork(team, network!, singular)
  const cell = grid.axes.reduce((v, axis) => (v * (axis.upper - axis.lower)) / (axis.periodic ? axis.coordinates.length : axis.coordinates.length - 1), 1)
  const [source, result] = [arena.f64(nodes), arena.f64(nodes)]
  const vectors = createVectors(team, nodes)
  const factors = arena.from(new Float64Array(unknowns).fill(1))
  const places = arena.bytes(4 * Math.max(1, unknowns))
  new Int32Array(arena.memory.buffer, places, unknowns).set(placeOf)
  return {
    operator, singular,
    map: {
      apply(r: Pointer, z: Pointer) {
        vectors.fill(0, result.pointer)
        team.parallel('stencil.place', 0, unknowns, [places, r, source.pointer], { grain: 4096 })
        vectors.scale(cell, source.pointer, source.pointer)
        hierarchy.cycle(result.pointer, source.pointer)
        team.parallel('stencil.gather', 0, unknowns, [places, result.pointer, factors.pointer, z], { grain: 4096 })
      },
    },
  }
}

/** sign · row ≈ −Σ∂ᵢ(aᵢ∂ᵢu) + Σbᵢ∂ᵢu + cu for the linearised row of a scalar problem: mixed derivatives left out, and lower terms that depend on the solution or make it indefinite. */
export function ellipticPart(problem: AnalysedProblem, equations: SystemEquations, libm: Libm): { readonly linear: LinearOperator; readonly sign: 1 | -1 } | undefined {
  if (problem.system.components.length !== 1) return undefined
  const { operators: { jets, fixed }, terms } = equations
  if (jets.some(({ orders: [x, y, z] }) => x + y + z > 2)) return undefined
  const known = new Set([...problem.axes.map(axis => axis.name as string), 'pi', 'e', 'tau'])
  const coefficient = (orders: readonly number[]): Expression => terms.find(term => jets[term.jet].orders.every((m, a) => m === orders[a]))?.coefficient ?? zero
  const isKnown = (e: Expression): boolean => [...freeNames(e).keys()].every(name => known.has(name))
  const unit = (axis: number, m: number): number[] => [0, 1, 2].map(a => (a === axis ? m : 0))
  // Where second derivatives have factors that depend on the solution, those of the start u = 0 stand for them.
  const atStart = Object.fromEntries(jets.map(jet => [jet.name, zero]))
  const second = problem.axes.map((_, a) => simplify(substitute(coefficient(unit(a, 2)), atStart)))
  if (!second.every(isKnown)) return undefined
  const points = [...samplePoints(problem.axes, problem.axes.length === 3 ? 5 : 9)]
  const values = second.flatMap(e => points.map(point => evaluate(e, point, libm)))
  const negative = values.every(value => value < 0)
  if (!negative && !values.every(value => value > 0)) return undefined
  const oriented = (e: Expression): Expression => simplify(negative ? e : negate(e))
  const sign = negative ? 1 : -1
  if (problem.equation.kind === 'elliptic') return { linear: problem.equation.operator, sign }
  const diffusion = second.map(e => simplify(negate(oriented(e))))
  const first = problem.axes.map((_, a) => coefficient(unit(a, 1)))
  const advection = first.every(isKnown)
    ? first.map((e, a) => simplify(add(oriented(e), differentiate(diffusion[a], problem.axes[a].name))))
    : first.map(() => zero)
  const own = oriented(coefficient([0, 0, 0]))
  const usable = isKnown(own) && points.every(point => evaluate(own, point, libm) >= 0)
  // Without anything that fixes the level, a dropped term leaves a singular operator: a reaction as weak as the domain is wide takes its place.
  const width = Math.max(...problem.axes.map(axis => axis.upper - axis.lower))
  const reaction = usable ? own : fixed[0].nodes.length > 0 ? zero : number(1 / (width * width))
  return { linear: { diffusion, advection, reaction, symmetric: advection.every(e => isNumber(e, 0)) }, sign }
}
