import { error, FaultError } from '../fault'
import type { Expression } from '../expressions/ast'
import { differentiate, freeNames, sizeOf } from '../expressions'

/**
 * Names of derivatives of components: the component, an underscore and the sorted coordinates (`u_xx`, `v__x_yy`, `u_t`; `u_x1x1` in a cube of many dimensions).
 * Order 0 is the component's own name. `_n` is the outward normal derivative on the boundary, `_traction` the stress on it; both are no jets.
 */
export interface Jet {
  readonly name: string
  /** Index of the component. */
  readonly component: number
  /** Coordinates of the derivatives, sorted x, y, z (or x1 … xd), then t. */
  readonly along: readonly string[]
}

/** How many nodes of expressions the derivatives of one statement may have in all before it is refused: some seconds of work. */
const MAXIMUM_WORK = 1_000_000

export class Jets {
  private readonly known = new Map<string, Jet | undefined>()
  private readonly indices: ReadonlyMap<string, number>
  private readonly ranks: ReadonlyMap<string, number>
  private work = 0

  constructor(readonly components: readonly string[], readonly coordinates: readonly string[]) {
    this.indices = new Map(components.map((name, i) => [name, i]))
    this.ranks = new Map([...coordinates, 't'].map((name, i) => [name, i]))
  }

  /** The jet that a name stands for; undefined for any other name. */
  read(name: string): Jet | undefined {
    if (!this.known.has(name)) this.known.set(name, this.parse(name))
    return this.known.get(name)
  }

  private parse(name: string): Jet | undefined {
    const own = this.indices.get(name)
    if (own !== undefined) return { name, component: own, along: [] }
    const cut = name.lastIndexOf('_')
    const component = cut > 0 ? this.indices.get(name.slice(0, cut)) : undefined
    if (component === undefined) return undefined
    const letters = name.slice(cut + 1)
    const along = letters.match(/x\d+|[xyzt]/g) ?? []
    return along.length > 0 && along.join('') === letters && along.every(c => this.ranks.has(c)) ? { name, component, along } : undefined
  }

  nameOf(component: number, along: readonly string[]): string {
    const base = this.components[component]
    return along.length === 0 ? base : `${base}_${[...along].sort((a, b) => this.ranks.get(a)! - this.ranks.get(b)!).join('')}`
  }

  /** Every jet in an expression, by component, then order, then name. */
  in(e: Expression): Jet[] {
    const found: Jet[] = []
    for (const name of freeNames(e).keys()) {
      const jet = this.read(name)
      if (jet) found.push(jet)
    }
    return found.sort((a, b) => a.component - b.component || a.along.length - b.along.length || (a.name < b.name ? -1 : 1))
  }

  occursIn(e: Expression): boolean {
    for (const name of freeNames(e).keys()) if (this.read(name)) return true
    return false
  }

  /** Derivative orders along x, y, z. */
  orders(jet: Jet): [number, number, number] {
    const count = (letter: string): number => jet.along.filter(c => c === letter).length
    return [count('x'), count('y'), count('z')]
  }

  /** Total derivative along a coordinate or t: ∂e/∂x + Σ ∂e/∂u_J · u_{Jx}. Throws FaultError `statement-too-large` when all of them together are too much work. */
  derivative(e: Expression, along: string): Expression {
    if (e.kind === 'number') return { kind: 'number', value: 0 }
    if (e.kind === 'name') {
      const jet = this.read(e.name)
      if (jet) return { kind: 'name', name: this.nameOf(jet.component, [...jet.along, along]) }
      return { kind: 'number', value: e.name === along ? 1 : 0 }
    }
    this.spend(e)
    const result = differentiate(e, along, other => {
      const jet = this.read(other)
      return jet && { kind: 'name', name: this.nameOf(jet.component, [...jet.along, along]) }
    })
    this.spend(result)
    return result
  }

  spend(e: Expression): void {
    this.work += sizeOf(e).nodes
    if (this.work > MAXIMUM_WORK) throw new FaultError(error('statement-too-large', 'Written out with all its derivatives, the statement is too large.', { tip: 'Use fewer or shorter terms, or name parts of it as further unknowns.' }))
  }
}
