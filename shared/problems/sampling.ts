import type { Expression } from '../expressions/ast'
import { evaluate, toText } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { AnalysedProblem, EvolutionEquation } from './analysed'

type Point = Record<string, number>

/** Points of a coarse tensor grid over the domain, both ends included: enough to tell early what a solver would find late. */
export function* samplePoints(axes: AnalysedProblem['axes'], perAxis: number, time = 0): Generator<Point> {
  const total = perAxis ** axes.length
  for (let k = 0; k < total; k++) {
    const point: Point = { t: time }
    let rest = k
    for (const axis of axes) {
      const i = rest % perAxis
      rest = Math.floor(rest / perAxis)
      point[axis.name] = (axis.lower * (perAxis - 1 - i) + axis.upper * i) / (perAxis - 1)
    }
    yield point
  }
}

export const pointText = (point: Point, axes: readonly { readonly name: string }[]): string => axes.slice(0, 3).map(a => `${a.name} = ${Number(point[a.name].toPrecision(4))}`).join(', ')

/** The diffusion must be positive everywhere: an elliptic equation, and an evolution that does not run heat backwards. */
export function checkDefiniteness(diffusion: readonly Expression[], axes: AnalysedProblem['axes'], kind: 'elliptic' | 'evolution', libm: Libm): Fault | undefined {
  const perAxis = axes.length === 1 ? 1025 : axes.length === 2 ? 65 : 17
  for (const [i, coefficient] of diffusion.entries()) {
    let least = Infinity
    let at: Point = {}
    for (const point of samplePoints(axes, coefficient.kind === 'number' ? 2 : perAxis)) {
      const value = evaluate(coefficient, point, libm)
      if (value < least) {
        least = value
        at = point
      }
    }
    const bad = kind === 'elliptic' ? !(least > 0) : least < 0
    if (!bad || least === Infinity) continue
    const text = toText(coefficient)
    const axis = diffusion.length > 1 && diffusion.some(d => toText(d) !== text) ? ` along ${axes[i].name}` : ''
    const constant = coefficient.kind === 'number'
    const place = constant ? '' : ` at ${pointText(at, axes)}`
    return kind === 'elliptic'
      ? error('not-elliptic', `The equation is not elliptic${constant ? '' : ` where ${text} <= 0`}: the diffusion coefficient${axis} is ${Number(least.toPrecision(4))}${place}.`, {
          where: { path: 'problem.equations[0]' }, tip: constant ? 'Check the signs of the second derivatives.' : 'Keep the diffusion coefficient positive on the whole domain.',
        })
      : error('not-parabolic', `The evolution is not well posed${constant ? '' : ` where ${text} < 0`}: the diffusion coefficient${axis} is ${Number(least.toPrecision(4))}${place}, which runs diffusion backwards.`, {
          where: { path: 'problem.equations[0]' }, tip: 'Check the sign of the second derivatives.',
        })
  }
  return undefined
}

/** Order beyond two: the highest even derivative along an axis must damp, c·(−1)^m ≤ 0 for c ∂^{2m}u on the right-hand side. */
export function checkHighestOrder(terms: EvolutionEquation['constantCoefficients'], highest: number): Fault | undefined {
  if (highest % 2 !== 0) return undefined
  const sign = highest % 4 === 0 ? 1 : -1
  const bad = terms.find(({ orders, coefficient }) => orders.includes(highest) && sign * coefficient > 0)
  if (!bad) return undefined
  const letters = ['x', 'y', 'z'][bad.orders.indexOf(highest)].repeat(highest)
  return error('not-parabolic', `The evolution is not well posed: the term ${bad.coefficient}*d${letters} makes short waves grow without bound.`, {
    where: { path: 'problem.equations[0]' }, tip: 'Check the sign of the highest derivative.',
  })
}
