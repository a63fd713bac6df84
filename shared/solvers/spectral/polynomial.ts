import { freeNames, type Expression } from '../../expressions'

/** Degree of an expression as a polynomial in the given names, undefined when it is none (`sin(u)`, `1/u`, `abs(u)`). */
export function degreeIn(e: Expression, names: ReadonlySet<string>): number | undefined {
  if (![...freeNames(e).keys()].some(name => names.has(name))) return 0
  switch (e.kind) {
    case 'name':
      return 1
    case 'negate':
      return degreeIn(e.argument, names)
    case 'binary': {
      const left = degreeIn(e.left, names)
      const right = degreeIn(e.right, names)
      if (left === undefined || right === undefined) return undefined
      if (e.operator === '+' || e.operator === '-') return Math.max(left, right)
      if (e.operator === '*') return left + right
      if (right > 0) return undefined
      if (e.operator === '/') return left
      return e.right.kind === 'number' && Number.isInteger(e.right.value) && e.right.value >= 0 ? left * e.right.value : undefined
    }
    default:
      return undefined
  }
}
