import type { Expression } from '../expressions/ast'
import { checkedSize, differentiate, divide, freeNames, isNumber, multiply, negate, simplify, substitute, subtract, zero } from '../expressions'

export type RateSolution = { readonly rates: ReadonlyMap<string, Expression> } | { readonly failure: 'nonlinear' | 'too-few' | 'too-many' | 'singular' | 'too-large'; readonly names: readonly string[]; readonly equations: readonly number[] }

/** Blocks of this many equations that mix their time derivatives are still solved by elimination. */
const MAXIMUM_BLOCK = 6

/**
 * Solves rows that are linear in the rates `names`, 0 = rowᵢ = Σⱼ Mᵢⱼ rⱼ + bᵢ, for them: r = −M⁻¹ b, block by block of rows that share rates, by elimination with symbolic pivots
 * (numbers first, so that M = diag needs no division by an expression that could vanish).
 */
export function solveForRates(rows: readonly Expression[], names: readonly string[]): RateSolution {
  const rates = new Map<string, Expression>()
  for (const block of blocksOf(rows, names)) {
    const fail = (failure: 'nonlinear' | 'too-few' | 'too-many' | 'singular' | 'too-large'): RateSolution => ({ failure, names: block.names, equations: block.rows })
    if (block.rows.length < block.names.length) return fail('too-few')
    if (block.rows.length > block.names.length) return fail('too-many')
    if (block.rows.length > MAXIMUM_BLOCK) return fail('too-large')
    const withoutRates = Object.fromEntries(block.names.map(n => [n, zero]))
    const matrix = block.rows.map(i => block.names.map(n => differentiate(rows[i], n)))
    if (matrix.some(line => line.some(entry => block.names.some(n => freeNames(entry).has(n))))) return fail('nonlinear')
    const rest = block.rows.map(i => simplify(negate(substitute(rows[i], withoutRates))))
    const solved = eliminate(matrix, rest)
    if (!solved) return fail('singular')
    block.names.forEach((n, j) => rates.set(n, solved[j]))
  }
  return { rates }
}

/** Groups of rows and rates that hang together. */
function blocksOf(rows: readonly Expression[], names: readonly string[]): { rows: number[]; names: string[] }[] {
  const wanted = new Set(names)
  const group = new Map(names.map(n => [n, { rows: [] as number[], names: [n] }]))
  rows.forEach((row, i) => {
    const own = [...freeNames(row).keys()].filter(n => wanted.has(n))
    const [first, ...others] = [...new Set(own.map(n => group.get(n)!))]
    for (const other of others) {
      first.rows.push(...other.rows)
      first.names.push(...other.names)
      for (const n of other.names) group.set(n, first)
    }
    first?.rows.push(i)
  })
  return [...new Set(group.values())]
}

/** M x = b by elimination; undefined when a pivot is missing. */
function eliminate(matrix: readonly (readonly Expression[])[], right: readonly Expression[]): Expression[] | undefined {
  const n = right.length
  const m = matrix.map(line => [...line])
  const b = [...right]
  for (let k = 0; k < n; k++) {
    const order = [...Array(n - k).keys()].map(i => i + k)
    const pivot = order.find(i => m[i][k].kind === 'number' && !isNumber(m[i][k], 0)) ?? order.find(i => !isNumber(m[i][k], 0))
    if (pivot === undefined) return undefined
    ;[m[k], m[pivot]] = [m[pivot], m[k]]
    ;[b[k], b[pivot]] = [b[pivot], b[k]]
    for (let i = k + 1; i < n; i++) {
      if (isNumber(m[i][k], 0)) continue
      const factor = simplify(divide(m[i][k], m[k][k]))
      const reduce = (from: Expression, by: Expression): Expression => simplify(checkedSize(subtract(from, multiply(factor, by))))
      m[i] = m[i].map((entry, j) => (j <= k ? (j === k ? zero : entry) : reduce(entry, m[k][j])))
      b[i] = reduce(b[i], b[k])
    }
  }
  const x = new Array<Expression>(n)
  for (let k = n - 1; k >= 0; k--) {
    let rest = b[k]
    for (let j = k + 1; j < n; j++) if (!isNumber(m[k][j], 0)) rest = subtract(rest, multiply(m[k][j], x[j]))
    const pivot = m[k][k]
    // −1·b rather than b/(−1): the form the special classes have always had.
    x[k] = simplify(checkedSize(pivot.kind === 'number' ? multiply({ kind: 'number', value: 1 / pivot.value }, rest) : divide(rest, pivot)))
  }
  return x
}
