import type { AxisName } from '../../fields/field'

/** One candidate: a derivative of a product of powers of the unknowns, ∂^α (u₁^p₁ u₂^p₂ …). */
export interface Term {
  /** Of each unknown, in the order of the observations. */
  readonly powers: readonly number[]
  /** Orders along x, y, z. */
  readonly orders: readonly number[]
  /** Stable, `[A-Za-z0-9_]+`: `u`, `u2`, `u_v`, `u_xx`, `u_u_x`, `u2_u_x`; `u2__xx` is ∂ₓₓ(u²) and `u_v__x` is ∂ₓ(uv). */
  readonly name: string
  /** In the language of statements: `u^2`, `dxx(u)`, `u*dx(u)`, `dxx(u^2)`. */
  readonly text: string
  /** What one of the named term is of ∂^α of the product: p in ∂ₓuᵖ = p u^{p−1} ∂ₓu, otherwise 1. */
  readonly factor: number
}

export interface LibraryOptions {
  /** Largest total degree of a product of unknowns. */
  readonly power: number
  /** Largest order of a derivative. */
  readonly order: number
}

export const defaultLibrary = (dimension: number): LibraryOptions => ({ power: 3, order: dimension === 1 ? 4 : 2 })

/**
 * All terms up to a degree and an order: 1, then every product with every derivative, mixed ones included. One unknown in 1-D with power 3 and order 4 has 16 terms, in 2-D with order 2 it has 19.
 */
export function createLibrary(unknowns: readonly string[], axes: readonly AxisName[], { power, order }: LibraryOptions): Term[] {
  const products = multiIndices(unknowns.length, power).filter(powers => powers.some(p => p > 0))
  const derivatives = multiIndices(axes.length, order)
  const none = axes.map(() => 0)
  return [
    { powers: unknowns.map(() => 0), orders: none, name: 'constant', text: '1', factor: 1 },
    ...products.flatMap(powers => derivatives.map(orders => ({ powers, orders, ...wording(unknowns, axes, powers, orders) }))),
  ]
}

/** Multi-indices of a total of at most `total`, smallest total first, earlier entries first. */
function multiIndices(entries: number, total: number): number[][] {
  const all: number[][] = [[]]
  for (let k = 0; k < entries; k++) {
    for (const index of all.splice(0)) for (let n = 0; n <= total - sum(index); n++) all.push([...index, n])
  }
  return all.sort((a, b) => sum(a) - sum(b) || b.map((n, k) => n - a[k]).find(d => d !== 0) || 0)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

function wording(unknowns: readonly string[], axes: readonly AxisName[], powers: readonly number[], orders: readonly number[]): Pick<Term, 'name' | 'text' | 'factor'> {
  const present = unknowns.flatMap((name, k) => (powers[k] > 0 ? [{ name, power: powers[k] }] : []))
  const nameOf = (name: string, power: number): string => (power === 1 ? name : `${name}${power}`)
  const textOf = (name: string, power: number): string => (power === 1 ? name : `${name}^${power}`)
  const letters = axes.flatMap((axis, k) => Array.from({ length: orders[k] }, () => axis)).join('')
  const name = present.map(p => nameOf(p.name, p.power)).join('_')
  const text = present.map(p => textOf(p.name, p.power)).join('*')
  if (letters === '') return { name, text, factor: 1 }
  const [first] = present
  if (present.length > 1) return { name: `${name}__${letters}`, text: `d${letters}(${text})`, factor: 1 }
  if (first.power === 1) return { name: `${name}_${letters}`, text: `d${letters}(${text})`, factor: 1 }
  if (letters.length > 1) return { name: `${name}__${letters}`, text: `d${letters}(${text})`, factor: 1 }
  return { name: `${nameOf(first.name, first.power - 1)}_${first.name}_${letters}`, text: `${textOf(first.name, first.power - 1)}*d${letters}(${first.name})`, factor: first.power }
}

/** ∏ u_k^p_k on all nodes. */
export function productOf(unknowns: readonly { readonly values: Float64Array }[], powers: readonly number[]): Float64Array {
  const product = new Float64Array(unknowns[0].values.length).fill(1)
  unknowns.forEach(({ values }, k) => {
    for (let p = 0; p < powers[k]; p++) for (let i = 0; i < product.length; i++) product[i] *= values[i]
  })
  return product
}

/** A sum of terms as the right side of an equation in the language of statements, `-1.0003*u*dx(u) + 0.00318*dxx(u)`; `0` without terms. */
export function sumText(terms: readonly { readonly text: string; readonly coefficient: number }[], digits = 6): string {
  const parts = terms.map(({ text, coefficient }, k) => {
    const size = String(Number(Math.abs(coefficient).toPrecision(digits)))
    const signed = k === 0 ? (coefficient < 0 ? '-' : '') : coefficient < 0 ? ' - ' : ' + '
    return `${signed}${size}${text === '1' ? '' : `*${text}`}`
  })
  return parts.length === 0 ? '0' : parts.join('')
}
