import type { Expression } from '../../expressions/ast'
import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { BoundaryPiece } from '../analysed'
import { isZero } from '../operators'
import type { ParsedStatement } from '../parsed'
import { sideName } from '../parsed'
import type { RawSystem } from '../system'

type End = 'value' | 'slope'
/** Waves along an axis: periodic, or with value or slope zero at either end. */
export type AxisKind = 'periodic' | readonly [End, End]

/** For each component and axis which waves meet the homogeneous conditions; undefined where a condition is none of these (data, Robin, none, or changing along a side). */
export function waveKinds(pieces: readonly BoundaryPiece[], raw: RawSystem, statement: ParsedStatement): AxisKind[][] | undefined {
  if (statement.geometry || statement.cube) return undefined
  const kinds: AxisKind[][] = []
  for (const component of raw.components.keys()) {
    const own: AxisKind[] = []
    for (const [i, axis] of statement.axes.entries()) {
      if (axis.periodic) {
        own.push('periodic')
        continue
      }
      const ends = (['lower', 'upper'] as const).map((end): End | undefined => {
        const here = pieces.filter(p => p.component === component && (p.on === 'all' || p.on.includes(sideName(i, end))))
        const last = here[here.length - 1]
        if (!last || here.some(p => p.where !== undefined || p.coupled) || !isZero(last.data)) return undefined
        return last.kind === 'dirichlet' ? 'value' : last.kind === 'neumann' ? 'slope' : undefined
      })
      if (ends[0] === undefined || ends[1] === undefined) return undefined
      own.push([ends[0], ends[1]])
    }
    kinds.push(own)
  }
  return kinds
}

export interface TestField {
  /** Value of ∂^orders componentₖ at a node. */
  value(component: number, orders: readonly number[], node: number): number
}

export interface TestSpace {
  /** Coordinates by name, one array per axis and node. */
  readonly points: readonly Readonly<Record<string, number>>[]
  readonly weights: Float64Array
  /** A random smooth field of all components that meets the conditions. */
  field(seed: number): TestField
}

interface Wave {
  readonly amplitude: number
  /** Per axis: cos(frequency·(x − lower) + phase). */
  readonly factors: readonly { readonly frequency: number; readonly phase: number }[]
}

/** Quadrature that is exact for the products of few waves that polynomial rates make of them: equal weights on periodic axes, Gauss on bounded ones. */
export function testSpace(kinds: readonly (readonly AxisKind[])[], bases: readonly number[], statement: ParsedStatement, libm: Libm): TestSpace {
  const { axes } = statement
  const perAxis = [40, 20, 9][axes.length - 1]
  const modes = [3, 2, 1][axes.length - 1]
  const rules = axes.map(axis => {
    const rule = axis.periodic ? { nodes: Array.from({ length: perAxis }, (_, i) => i / perAxis), weights: Array.from({ length: perAxis }, () => 1 / perAxis) } : gaussRule(perAxis, libm)
    return { nodes: rule.nodes.map(s => s * (axis.upper - axis.lower)), weights: rule.weights }
  })
  const count = perAxis ** axes.length
  const indices = Array.from({ length: count }, (_, k) => axes.map((_unused, i) => Math.floor(k / perAxis ** i) % perAxis))
  const points = indices.map(index => Object.fromEntries(axes.map((axis, i) => [axis.name, axis.lower + rules[i].nodes[index[i]]])))
  const weights = Float64Array.from(indices, index => index.reduce((product, j, i) => product * rules[i].weights[j], 1))
  return { points, weights, field: seed => randomField(seed) }

  function randomField(seed: number): TestField {
    let state = seed * 7919 + 13
    const random = (): number => {
      state = (state * 16807) % 2147483647
      return state / 2147483647
    }
    const waves = kinds.map((own, component) => {
      const size = bases[component] !== 0 ? 0.03 * Math.abs(bases[component]) : 0.4
      return Array.from({ length: 4 }, (): Wave => ({
        amplitude: size * (0.5 + random()) * (random() < 0.5 ? -1 : 1),
        factors: own.map((kind, i) => {
          const length = axes[i].upper - axes[i].lower
          const k = Math.floor(random() * (modes + 1))
          if (kind === 'periodic') return { frequency: (2 * Math.PI * k) / length, phase: 2 * Math.PI * random() }
          const [lower, upper] = kind
          const half = lower === upper ? (lower === 'value' ? k + 1 : k) : k + 0.5
          return { frequency: (Math.PI * half) / length, phase: lower === 'value' ? -Math.PI / 2 : 0 }
        }),
      }))
    })
    const constants = kinds.map((own, c) => (own.every(kind => kind === 'periodic' || (kind[0] === 'slope' && kind[1] === 'slope')) ? bases[c] : 0))
    const known = new Map<string, Float64Array>()
    return {
      value(component, orders, node) {
        const key = `${component}:${orders.join()}`
        let values = known.get(key)
        if (!values) known.set(key, (values = derivativeOf(waves[component], constants[component], orders)))
        return values[node]
      },
    }
  }

  function derivativeOf(waves: readonly Wave[], constant: number, orders: readonly number[]): Float64Array {
    const values = new Float64Array(count).fill(orders.every(o => o === 0) ? constant : 0)
    for (const { amplitude, factors } of waves) {
      const columns = factors.map(({ frequency, phase }, i) => rules[i].nodes.map(x => frequency ** orders[i] * libm.cos(frequency * x + phase + (orders[i] * Math.PI) / 2)))
      for (let k = 0; k < count; k++) values[k] += indices[k].reduce((product, j, i) => product * columns[i][j], amplitude)
    }
    return values
  }
}

/** Gauss–Legendre on [0, 1] by Newton's method on the three-term recursion. */
function gaussRule(n: number, libm: Libm): { nodes: number[]; weights: number[] } {
  const nodes: number[] = []
  const weights: number[] = []
  for (let i = 0; i < n; i++) {
    let x = -libm.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 50; step++) {
      let [p, q] = [1, 0]
      for (let k = 1; k <= n; k++) [p, q] = [((2 * k - 1) * x * p - (k - 1) * q) / k, p]
      slope = (n * (x * p - q)) / (x * x - 1)
      const change = p / slope
      x -= change
      if (Math.abs(change) < 1e-15) break
    }
    nodes.push(0.5 * (1 + x))
    weights.push(1 / ((1 - x * x) * slope * slope))
  }
  return { nodes, weights }
}

/** A typical value of a component at the start: its mean, or zero where that is small beside what varies. */
export function meanOf(initial: Expression | undefined, points: readonly Readonly<Record<string, number>>[], start: number, libm: Libm): number {
  if (!initial) return 0
  let [sum, size] = [0, 0]
  for (const point of points) {
    const value = evaluate(initial, { ...point, t: start }, libm)
    if (!Number.isFinite(value)) return 0
    sum += value / points.length
    size = Math.max(size, Math.abs(value))
  }
  return Math.abs(sum) > 0.05 * size ? sum : 0
}
