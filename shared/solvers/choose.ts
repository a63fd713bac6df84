import type { Expression } from '../expressions/ast'
import { differentiate, evaluate, freeNames, visit } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { AnalysedProblem } from '../problems/analysed'
import { domainPoints } from '../problems/inside'
import type { Descriptor } from '../descriptor'
import { finiteDifferenceDescriptor } from './finite-difference/descriptor'
import { finiteElementDescriptor } from './finite-element/descriptor'
import { spectralDescriptor } from './spectral/descriptor'

export interface MethodChoice {
  readonly method: string
  /** Options of the method that go with the choice; what the step gives itself comes first. */
  readonly options?: Readonly<Record<string, unknown>>
  /** One sentence for the log and the screen: why this method. */
  readonly reason: string
}

const descriptors: readonly Descriptor[] = [finiteDifferenceDescriptor, finiteElementDescriptor, spectralDescriptor]
type MethodId = 'finite-difference' | 'finite-element' | 'spectral'

/** The method that `auto` stands for; undefined where none applies (more than three dimensions). `own`: the step's own options, which the method must know. */
export function chooseMethod(problem: AnalysedProblem, libm: Libm, own: Readonly<Record<string, unknown>> = {}): MethodChoice | undefined {
  return rankMethods(problem, libm, own)[0]
}

/**
 * Methods by preference: the class of the statement decides the order, the descriptors which of them are out (their `supports` lack what the class needs, or their options do not take the step's).
 * A runner takes the first whose own check has nothing against the request.
 */
export function rankMethods(problem: AnalysedProblem, libm: Libm, own: Readonly<Record<string, unknown>> = {}): readonly MethodChoice[] {
  if (problem.cube) return []
  const { order, reason } = preference(problem, libm)
  const known = descriptors.filter(d => takes(d, own))
  const words = neededWords(problem)
  const candidates = (known.length > 0 ? known : descriptors).filter(d => words.every(word => d.supports?.includes(word)))
  const ranked = order.filter(id => candidates.some(d => d.id === id))
  return ranked.map((method, i) => ({
    method,
    ...(method === 'finite-element' && own.order === undefined && !problem.time && problem.equation.kind === 'general' ? { options: { order: 2 } } : {}),
    reason: method === order[0] ? reason : i === 0 ? `${titleOf(method)}: ${Object.keys(own).length > 0 && !known.some(d => d.id === order[0]) ? 'the options of the step are theirs' : 'they cover this class'}.` : `${titleOf(method)} as the next best method for this class.`,
  }))
}

const titleOf = (id: string): string => descriptors.find(d => d.id === id)!.name
const takes = (descriptor: Descriptor, own: Readonly<Record<string, unknown>>): boolean => Object.keys(own).length === 0 || descriptor.options?.safeParse(own).success === true

/** Capability words without which a method is out of the question; finer refusals are the methods' own. */
export function neededWords(problem: AnalysedProblem): string[] {
  const words: string[] = []
  const { geometry } = problem
  if (problem.time) words.push('evolution')
  if (problem.eigenvalue) words.push('eigenproblem')
  if (problem.pieces.some(p => p.coupled)) words.push('coupled conditions')
  if (problem.pieces.some(p => p.traction)) words.push('traction')
  if (geometry) words.push(geometry.where ? 'mask' : geometry.outer.kind === 'polygon' ? 'polygon' : geometry.outer.kind === 'ball' ? 'disk' : 'holes')
  return words
}

function preference(problem: AnalysedProblem, libm: Libm): { readonly order: readonly MethodId[]; readonly reason: string } {
  const { axes, geometry, equation, properties, system } = problem
  const periodic = axes.every(a => a.periodic)
  if (problem.eigenvalue) {
    return geometry
      ? { order: ['finite-element', 'finite-difference'], reason: 'Finite elements: an eigenproblem on a domain that is no box.' }
      : { order: ['finite-element', 'finite-difference', 'spectral'], reason: 'Finite elements: an eigenproblem.' }
  }
  if (!problem.time) {
    if (geometry?.where) return { order: ['finite-difference', 'finite-element'], reason: 'Finite differences: the domain is cut out of a box by an inequality.' }
    if (geometry) return { order: ['finite-element', 'finite-difference'], reason: 'Finite elements: the mesh follows the boundary of the domain.' }
    if (periodic && !geometry && properties.linear) return { order: ['spectral', 'finite-difference', 'finite-element'], reason: 'Fourier modes: a linear steady problem on a periodic box, where they converge faster than any power of the mesh size.' }
    if (equation.kind === 'elliptic') return { order: ['finite-difference', 'finite-element'], reason: 'Finite differences: a linear elliptic equation on a box, solved by multigrid.' }
    if (isSaddlePoint(problem)) return { order: ['finite-element', 'finite-difference', 'spectral'], reason: 'Finite elements: a saddle point, in which a component (a pressure) does not occur in the row that determines it.' }
    if (properties.orderInSpace > 2) return { order: ['finite-difference', 'spectral', 'finite-element'], reason: `Finite differences: an equation of order ${properties.orderInSpace} on a box.` }
    return { order: ['finite-difference', 'finite-element', 'spectral'], reason: `Finite differences: a ${properties.linear ? 'linear' : 'nonlinear'} steady ${system.components.length > 1 ? 'system' : 'equation'} on a box.` }
  }
  if (geometry) return { order: ['finite-difference', 'finite-element'], reason: 'Finite differences: an evolution on a domain inside a box.' }
  if (!periodic) return { order: ['finite-difference', 'spectral', 'finite-element'], reason: 'Finite differences: an evolution on a box with boundary conditions.' }
  const steep = steepening(problem, libm)
  if (steep) return { order: ['finite-difference', 'spectral'], reason: `Finite differences: ${steep}, around which Fourier modes oscillate.` }
  return { order: ['spectral', 'finite-difference', 'finite-element'], reason: 'Fourier modes: a periodic evolution with smooth solutions, where they converge faster than any power of the mesh size.' }
}

/** Whether some component is absent from its own row, as a pressure is from div(v) = 0. */
function isSaddlePoint({ system }: AnalysedProblem): boolean {
  return system.rows.some((row, i) => row.kind === 'constraint' && !system.jet.some(j => j.component === i && freeNames(row.expression).has(j.name)))
}

/** Largest mesh Péclet number at which the modes of the default resolution still hold a steep front: layers ν/U are about two cells wide. */
const LARGEST_PECLET = 6

/** Why the solution of a periodic evolution will not stay smooth, in words; undefined when nothing speaks for that. */
function steepening(problem: AnalysedProblem, libm: Libm): string | undefined {
  const { properties, system, axes } = problem
  const jumps = system.initial.some(e => e !== undefined && hasJump(e))
  if (properties.orderInSpace <= 1 && !properties.linear && system.rows.some(row => row.kind === 'rate') && carriesItself(problem)) return 'a nonlinear conservation law without diffusion forms shocks'
  if (properties.orderInSpace <= 1 && jumps) return 'the initial value jumps and nothing smooths it'
  if (problem.equation.kind !== 'evolution' || properties.linear) return undefined
  const { rightHandSide, jet, linear, initial } = problem.equation
  const intervals = [256, 128, 64][axes.length - 1]
  for (const [i, axis] of axes.entries()) {
    const slope = jet.find(j => j.orders.every((o, k) => o === (k === i ? 1 : 0)))
    const transport = slope && differentiate(rightHandSide, slope.name)
    if (!transport || !freeNames(transport).has(problem.unknown)) continue
    let [speed, viscosity] = [0, Infinity]
    for (const point of domainPoints({ ...problem, coordinates: axes.map(a => a.name) }, axes.length === 1 ? 65 : 17, problem.time![0], libm)) {
      const scope = { ...Object.fromEntries(jet.map(j => [j.name, 0])), ...point, [problem.unknown]: evaluate(initial, point, libm) }
      speed = Math.max(speed, Math.abs(evaluate(transport, scope, libm)))
      viscosity = Math.min(viscosity, evaluate(linear.diffusion[i], point, libm))
    }
    const highest = Math.max(...jet.map(j => j.orders[0] + j.orders[1] + j.orders[2]))
    if (highest <= 2 && speed * ((axis.upper - axis.lower) / intervals) > LARGEST_PECLET * viscosity) return 'fronts far thinner than the mesh form'
  }
  return undefined
}

/** Whether some rate contains an unknown times a derivative: waves whose speed depends on their height. */
function carriesItself({ system }: AnalysedProblem): boolean {
  const names = new Set(system.jet.map(j => j.name))
  const slopes = system.jet.filter(j => j.orders[0] + j.orders[1] + j.orders[2] === 1)
  return system.rows.some(row => row.kind === 'rate' && slopes.some(j => freeNames(row.expression).has(j.name) && [...freeNames(differentiate(row.expression, j.name)).keys()].some(n => names.has(n))))
}

const jumping = new Set(['sign', 'heaviside', 'step', 'floor', 'ceil', 'mod', 'if'])
function hasJump(e: Expression): boolean {
  let found = false
  visit(e, node => { if (node.kind === 'call' && jumping.has(node.name)) found = true })
  return found
}

/** Intervals along the longest axis where the step gives no resolution: what takes seconds, not minutes. */
export function defaultIntervals(problem: AnalysedProblem, method: string): number {
  const dimension = problem.axes.length
  const components = problem.system.components.length
  if (method === 'finite-element') return [256, 64, 16][dimension - 1]
  if (dimension === 3) return problem.time || components > 1 ? 32 : 64
  if (dimension === 2) return !problem.time && problem.equation.kind === 'general' && components > 1 ? 64 : 128
  return problem.time && problem.properties.orderInSpace <= 1 && !problem.properties.linear ? 512 : 256
}
