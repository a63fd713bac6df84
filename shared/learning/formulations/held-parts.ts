import { differentiate, divide, evaluate, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import type { AnalysedProblem } from '../../problems/analysed'
import { sideAxis, sideEnd } from '../../problems/parsed'
import { createRandom } from '../random'
import { boundaryParts, boundaryPoints, sampledDomain, type BoundaryPart } from '../sampling'

/**
 * The conditions of a component that are in force on a part of the boundary; `whole` where on all of it, as far as points tell where an inequality selects. In equations of fourth order values and slopes stand
 * beside each other.
 */
export function piecesOn(problem: AnalysedProblem, component: number, part: BoundaryPart, libm: Libm): readonly { readonly piece: number; readonly whole: boolean }[] {
  const found: { piece: number; whole: boolean }[] = []
  const { pieces, properties } = problem
  const two = properties.orderInSpace >= 4
  const taken = new Map<boolean, 'partly' | 'wholly'>()
  for (let k = pieces.length - 1; k >= 0; k--) {
    const { on, where, kind } = pieces[k]
    if (pieces[k].component !== component) continue
    if (on !== 'all' && !on.some(place => (place === 'holes' ? part.inner : part.sides.includes(place)))) continue
    const slot = two && kind === 'dirichlet'
    if (taken.get(slot) === 'wholly') continue
    const share = where ? shareOf(problem, where, part, libm) : 1
    if (share === 0) continue
    found.push({ piece: k, whole: share === 1 && taken.get(slot) === undefined })
    taken.set(slot, share < 1 ? 'partly' : 'wholly')
  }
  return found
}

/** How much of a part an inequality selects. */
function shareOf(problem: AnalysedProblem, where: Expression, part: BoundaryPart, libm: Libm): number {
  const points = boundaryTests(problem, [part], libm)
  return points.filter(({ at }) => evaluate(where, at, libm) !== 0).length / points.length
}

/** Points of the boundary at which data are held against each other. */
const tests = 64

function boundaryTests(problem: AnalysedProblem, parts: readonly BoundaryPart[], libm: Libm) {
  const domain = sampledDomain(problem)
  const set = boundaryPoints(domain, Math.max(tests, parts.length), { sequence: 'uniform', stream: createRandom(0, libm, 'conditions'), libm, parts })
  const { coordinates } = domain
  return Array.from({ length: set.count }, (_, k) => ({
    part: set.parts[set.partOf[k]],
    at: { t: problem.time?.[0] ?? 0, ...Object.fromEntries(coordinates.map((c, i) => [c, set.points[k * set.dimension + i]])) } as Record<string, number>,
    normal: set.normals.subarray(k * coordinates.length, (k + 1) * coordinates.length),
  }))
}

const differ = (a: number, b: number): boolean => Math.abs(a - b) > 1e-8 * Math.max(1, Math.abs(a), Math.abs(b))

/** Whether n·∇g is the slope that piece k asks for. */
export function slopeFits(problem: AnalysedProblem, k: number, g: Expression, libm: Libm): boolean {
  const { coordinates } = sampledDomain(problem)
  const slopes = coordinates.map(c => simplify(differentiate(g, c)))
  const asked = simplify(divide(problem.pieces[k].data, problem.pieces[k].normal))
  const { component } = problem.pieces[k]
  const parts = boundaryParts(sampledDomain(problem), libm).filter(p => piecesOn(problem, component, p, libm).some(a => a.piece === k))
  return boundaryTests(problem, parts, libm).every(({ at, normal }) => !differ(slopes.reduce((sum, e, i) => sum + normal[i] * evaluate(e, at, libm), 0), evaluate(asked, at, libm)))
}

/** Which of the initial values of a component is not that of its Dirichlet condition on the boundary; undefined when all are. */
export function startMisfit(problem: AnalysedProblem, component: number, value: Expression, rate: Expression | undefined, libm: Libm): 'value' | 'velocity' | undefined {
  const { pieces } = problem
  const parts = boundaryParts(sampledDomain(problem), libm).filter(p => piecesOn(problem, component, p, libm).some(a => pieces[a.piece].kind === 'dirichlet'))
  for (const { part, at } of boundaryTests(problem, parts, libm)) {
    const own = piecesOn(problem, component, part, libm).find(a => pieces[a.piece].kind === 'dirichlet')!
    const data = simplify(divide(pieces[own.piece].data, pieces[own.piece].value))
    if (differ(evaluate(value, at, libm), evaluate(data, at, libm))) return 'value'
    if (rate && differ(evaluate(rate, at, libm), evaluate(differentiate(data, 't'), at, libm))) return 'velocity'
  }
  return undefined
}

/** Where two sides of a box meet on which a component has different values, in words; undefined where all agree. In the middle of an edge, and at the first time. */
export function meetingMisfit(problem: AnalysedProblem, component: number, libm: Libm): string | undefined {
  const { axes, cube, pieces } = problem
  if (cube || sampledDomain(problem).geometry) return undefined
  const middle = Object.fromEntries(axes.map(({ name, lower, upper }) => [name, (lower + upper) / 2]))
  const sides = boundaryParts(sampledDomain(problem), libm).flatMap(part => {
    const own = piecesOn(problem, component, part, libm).find(a => pieces[a.piece].kind === 'dirichlet')
    if (part.sides.length !== 1 || !own?.whole) return []
    const axis = axes[sideAxis(part.sides[0])]
    return [{ name: part.sides[0], axis: axis.name, end: axis[sideEnd(part.sides[0])], piece: own.piece, data: simplify(divide(pieces[own.piece].data, pieces[own.piece].value)) }]
  })
  for (const [k, a] of sides.entries()) {
    for (const b of sides.slice(k + 1)) {
      if (a.axis === b.axis || a.piece === b.piece) continue
      const at = { t: problem.time?.[0] ?? 0, ...middle, [a.axis]: a.end, [b.axis]: b.end }
      const [va, vb] = [evaluate(a.data, at, libm), evaluate(b.data, at, libm)]
      if (differ(va, vb)) return `${Number(va.toPrecision(3))} on the side ${a.name} and ${Number(vb.toPrecision(3))} on the side ${b.name}`
    }
  }
  return undefined
}
