import type { Expression } from '../../expressions/ast'
import { add, evaluate, freeNames, multiply, name, negate, number } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { BoundaryPiece, LinearOperator } from '../analysed'
import { domainPoints } from '../inside'
import { isZero } from '../operators'
import type { ParsedStatement } from '../parsed'
import { sideName } from '../parsed'
import type { RawSystem } from '../system'
import type { Linearisation } from './linearisation'

/** Signs of the rows that make a linearised operator equal to its formal adjoint (a saddle point needs some turned round); undefined where there are none. */
export function symmetricSigns({ entries }: Linearisation, { components, jets }: RawSystem, statement: ParsedStatement, libm: Libm): readonly (1 | -1)[] | undefined {
  const n = components.length
  if (n > 12) return undefined
  const own = Array.from({ length: n }, () => Array.from({ length: n }, () => [] as Expression[]))
  const adjoint = Array.from({ length: n }, () => Array.from({ length: n }, () => [] as Expression[]))
  for (const { row, component, along, coefficient } of entries) {
    own[row][component].push(multiply(coefficient, name(`${jets.nameOf(component, along)}`)))
    // ∫ φ a ∂^α u = ∫ (−1)^{|α|} ∂^α(a φ) u: the entry that stands opposite, acting on the row's own component.
    const turned = along.reduce<Expression>((e, c) => jets.derivative(e, c), multiply(coefficient, name(components[row].name)))
    adjoint[component][row].push(along.length % 2 === 0 ? turned : negate(turned))
  }
  const sum = (list: readonly Expression[]): Expression => list.reduce(add, number(0))
  const signs = new Array<1 | -1 | undefined>(n).fill(undefined)
  const samples = samplesOf(statement, libm)
  for (let start = 0; start < n; start++) {
    if (signs[start] !== undefined) continue
    signs[start] = 1
    const pending = [start]
    while (pending.length > 0) {
      const i = pending.pop()!
      for (let j = 0; j < n; j++) {
        const relation = compare(sum(own[i][j]), sum(adjoint[i][j]), samples, libm)
        if (relation === undefined) return undefined
        if (relation === 0) continue
        if (signs[j] === undefined) {
          signs[j] = (signs[i]! * relation) as 1 | -1
          pending.push(j)
        } else if (signs[j] !== signs[i]! * relation) return undefined
      }
    }
  }
  return signs as (1 | -1)[]
}

type Scope = Record<string, number>

function samplesOf(statement: ParsedStatement, libm: Libm): Scope[] {
  const all = [...domainPoints(statement, 5, statement.time?.[0] ?? 0, libm)]
  return Array.from({ length: 6 }, (_, k) => all[Math.floor(((k + 0.5) * all.length) / 6)])
}

/** 1 for equal, −1 for opposite, 0 for both zero, undefined for anything else; jets take arbitrary values. */
function compare(a: Expression, b: Expression, samples: readonly Scope[], libm: Libm): 1 | -1 | 0 | undefined {
  const names = [...new Set([...freeNames(a).keys(), ...freeNames(b).keys()])]
  let [equal, opposite, vanish] = [true, true, true]
  for (const [k, point] of samples.entries()) {
    const scope = Object.fromEntries(names.map((n, i) => [n, 0.4 + libm.sin(1.7 * i + 2.3 * k + 0.9 * n.length)]))
    const [p, q] = [evaluate(a, { ...scope, ...point }, libm), evaluate(b, { ...scope, ...point }, libm)]
    const size = 1e-9 * (Math.abs(p) + Math.abs(q))
    if (!Number.isFinite(p) || !Number.isFinite(q)) continue
    if (Math.abs(p - q) > size) equal = false
    if (Math.abs(p + q) > size) opposite = false
    if (Math.abs(p) > 1e-14 || Math.abs(q) > 1e-14) vanish = false
  }
  return vanish ? 0 : equal ? 1 : opposite ? -1 : undefined
}

/**
 * Definiteness of −∇·(a∇u) + c u with its conditions: positive when c is above −λ with a lower bound λ of the lowest eigenvalue of −∇·(a∇) — from the box around the domain, Dirichlet
 * conditions all over — and indefinite when a test function has negative energy. Undefined where neither is found.
 */
export function definiteness(operator: LinearOperator, pieces: readonly BoundaryPiece[], statement: ParsedStatement, libm: Libm): 'positive' | 'semidefinite' | 'indefinite' | undefined {
  if (!operator.symmetric || statement.cube) return undefined
  const range = (e: Expression): [number, number] => {
    let [low, high] = [Infinity, -Infinity]
    for (const point of e.kind === 'number' ? [{}] : domainPoints(statement, statement.axes.length === 1 ? 257 : statement.axes.length === 2 ? 33 : 13, 0, libm)) {
      const value = evaluate(e, point, libm)
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    return [low, high]
  }
  const [lowest, highest] = range(operator.reaction)
  if (!Number.isFinite(lowest) || !Number.isFinite(highest)) return undefined
  const negativeRobin = pieces.some(p => p.kind === 'robin' && range({ kind: 'binary', operator: '/', left: p.value, right: p.normal })[0] < 0)
  if (negativeRobin) return undefined
  const fixed = sidesFixed(pieces, statement)
  const anywhere = pieces.some(p => p.kind !== 'neumann')
  const bound = statement.axes.reduce((sum, axis, i) => {
    const length = axis.upper - axis.lower
    const waves = fixed[i] === 2 ? Math.PI / length : fixed[i] === 1 ? Math.PI / (2 * length) : 0
    return sum + range(operator.diffusion[i])[0] * waves * waves
  }, 0)
  const shifted = lowest + bound
  if (shifted > 1e-12 * Math.max(1, bound)) return 'positive'
  if (lowest >= 0) return anywhere || highest > 0 ? 'positive' : 'semidefinite'
  return testEnergy(operator, fixed, statement, libm) < 0 ? 'indefinite' : undefined
}

/** How many ends of each axis have u = g all over, as far as that is certain. */
function sidesFixed(pieces: readonly BoundaryPiece[], statement: ParsedStatement): number[] {
  const all = pieces.length > 0 && pieces.every(p => p.kind === 'dirichlet')
  return statement.axes.map((axis, i) => {
    if (axis.periodic) return 0
    if (statement.geometry) return all ? 2 : 0
    return (['lower', 'upper'] as const).filter(end => {
      const own = pieces.filter(p => p.on === 'all' || p.on.includes(sideName(i, end)))
      return own.length > 0 && own.filter((p, k) => p.where !== undefined || k >= own.findLastIndex(q => q.where === undefined)).every(p => p.kind === 'dirichlet')
    }).length
  })
}

/** ∫ a|∇φ|² + cφ² over a box by the midpoint rule, φ a product of the lowest waves that the conditions allow; positive where the domain is no box. */
function testEnergy(operator: LinearOperator, fixed: readonly number[], statement: ParsedStatement, libm: Libm): number {
  if (statement.geometry) return 1
  const perAxis = statement.axes.length === 1 ? 512 : statement.axes.length === 2 ? 32 : 12
  let energy = 0
  for (let k = 0; k < perAxis ** statement.axes.length; k++) {
    let rest = k
    const point: Scope = { t: 0 }
    const waves = statement.axes.map((axis, i) => {
      const s = ((rest % perAxis) + 0.5) / perAxis
      rest = Math.floor(rest / perAxis)
      const length = axis.upper - axis.lower
      point[axis.name] = axis.lower + s * length
      // With one fixed end the quarter wave may lie either way round; the sine of both ends is a test function all the same.
      return fixed[i] > 0 ? { value: libm.sin(Math.PI * s), slope: (Math.PI / length) * libm.cos(Math.PI * s) } : { value: 1, slope: 0 }
    })
    const product = waves.reduce((p, w) => p * w.value, 1)
    energy += evaluate(operator.reaction, point, libm) * product * product
    waves.forEach((w, i) => {
      if (w.slope === 0) return
      const gradient = waves.reduce((p, other, j) => p * (j === i ? other.slope : other.value), 1)
      energy += evaluate(operator.diffusion[i], point, libm) * gradient * gradient
    })
  }
  return energy
}

/** Whether the operator kills constants and no condition fixes them. */
export const killsConstants = (operator: LinearOperator, pieces: readonly BoundaryPiece[]): boolean => operator.symmetric && isZero(operator.reaction) && pieces.every(p => p.kind === 'neumann')
