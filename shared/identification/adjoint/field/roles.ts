import type { Statement } from '../../../experiment/document'
import { evaluate, type Expression } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import { FaultError, error } from '../../../fault'
import { analyse } from '../../../problems/analyse'
import type { AnalysedProblem, EllipticEquation } from '../../../problems/analysed'

/** q a + p at a point: how a coefficient of the statement depends on the field a. */
export interface Affine {
  readonly slope: (point: Point) => number
  readonly constant: (point: Point) => number
}

export type Point = Readonly<Record<string, number>>

/** −Σ∂ᵢ((αᵢ a + βᵢ)∂ᵢu) + Σ bᵢ ∂ᵢu + (γ a + δ) u = φ a + ψ, with a the unknown field. */
export interface FieldRoles {
  /** With a = 1; its boundary conditions are those of every a. */
  readonly problem: AnalysedProblem
  readonly diffusion: readonly Affine[]
  readonly advection: readonly ((point: Point) => number)[]
  readonly reaction: Affine
  readonly source: Affine
  /** Whether a stands in the diffusion, so that it must stay positive. */
  readonly diffuses: boolean
}

const probes = [0.3, 0.71]

/**
 * The part that the definition `name` plays in a linear elliptic statement, found by analysing it with a = 1, 2, 4 and with one that varies: the coefficients must be affine in a, and a must stand inside of the
 * divergence. Throws FaultError `field-class`.
 */
export function fieldRoles(statement: Statement, name: string, libm: Libm): FieldRoles {
  const [one, two, four] = ['1', '2', '4'].map(text => analysedWith(statement, name, text, libm))
  const varying = varyingField(one.problem)
  const other = analysedWith(statement, name, varying.text, libm)
  const at = (e: Expression) => (point: Point): number => evaluate(e, point, libm)
  const affine = (pick: (equation: EllipticEquation) => Expression): Affine => {
    const [first, second] = [at(pick(one.equation)), at(pick(two.equation))]
    return { slope: p => second(p) - first(p), constant: p => 2 * first(p) - second(p) }
  }
  const { axes } = one.problem
  const roles: FieldRoles = {
    problem: one.problem,
    diffusion: axes.map((_, i) => affine(e => e.operator.diffusion[i])),
    advection: axes.map((_, i) => at(one.equation.operator.advection[i])),
    reaction: affine(e => e.operator.reaction), source: affine(e => e.source), diffuses: false,
  }
  const points = probePoints(one.problem)
  const coefficients: readonly [Affine, (e: EllipticEquation) => Expression][] = [...roles.diffusion.map((a, i) => [a, (e: EllipticEquation) => e.operator.diffusion[i]] as [Affine, (e: EllipticEquation) => Expression]), [roles.reaction, e => e.operator.reaction], [roles.source, e => e.source]]
  for (const p of points) {
    for (const [role, pick] of coefficients) {
      if (!near(at(pick(four.equation))(p), 4 * role.slope(p) + role.constant(p))) throw new FaultError(error('field-class', `The equation is not linear in ${name}.`, { where: { path: 'unknown' }, tip: `Define a new name for the expression of ${name} that stands in the equation, and identify that.` }))
      if (!near(at(pick(other.equation))(p), varying.value(p) * role.slope(p) + role.constant(p))) throw outside(name)
    }
    axes.forEach((_, i) => { if (!near(at(other.equation.operator.advection[i])(p), roles.advection[i](p)) || !near(at(two.equation.operator.advection[i])(p), roles.advection[i](p))) throw outside(name) })
  }
  const occurs = points.some(p => coefficients.some(([role]) => role.slope(p) !== 0))
  if (!occurs) throw new FaultError(error('field-class', `The coefficients of the equation do not depend on ${name}.`, { where: { path: 'unknown' }, tip: 'Name a definition that stands in the equation itself.' }))
  return { ...roles, diffuses: roles.diffusion.some(role => points.some(p => role.slope(p) !== 0)) }
}

const outside = (name: string): FaultError => new FaultError(error('field-class', `${name} stands outside of the divergence, or is differentiated: only -div(${name}*grad(u)), ${name}*u and ${name} as a source are covered.`, { where: { path: 'unknown' } }))

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a) + Math.abs(b))

function analysedWith(statement: Statement, name: string, text: string, libm: Libm): { readonly problem: AnalysedProblem; readonly equation: EllipticEquation } {
  const { exact: _, ...rest } = statement
  const { problem, faults } = analyse({ ...rest, definitions: { ...statement.definitions, [name]: text } }, libm)
  if (!problem) throw new FaultError(faults.filter(f => f.severity === 'error'))
  if (problem.equation.kind !== 'elliptic') throw new FaultError(error('field-class', `With ${name} = ${text} the statement is not linear and elliptic.`, { where: { path: 'unknown' } }))
  return { problem, equation: problem.equation }
}

/** A field that changes along every axis, between 1 and 2. */
function varyingField({ axes }: AnalysedProblem): { readonly text: string; readonly value: (p: Point) => number } {
  const share = 1 / axes.length
  const value = (p: Point): number => axes.reduce((sum, { name, lower, upper }) => sum + (share * (p[name] - lower)) / (upper - lower), 1)
  const text = ['1', ...axes.map(({ name, lower, upper }) => `${share}*(${name} - (${lower}))/(${upper - lower})`)].join(' + ')
  return { text, value }
}

function probePoints({ axes }: AnalysedProblem): Point[] {
  return probes.map((s, k) => Object.fromEntries(axes.map(({ name, lower, upper }, i) => [name, lower + (upper - lower) * (s + 0.07 * i * (1 - 2 * k))])))
}
