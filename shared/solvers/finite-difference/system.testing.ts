import { freeNames, parseCondition, parseExpression } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { axisNames } from '../../fields/field'
import { FaultError } from '../../fault'
import type { AnalysedProblem, BoundaryPiece, SystemJet } from '../../problems/analysed'
import type { Geometry } from '../../problems/geometry'
import { sideAxis, sideEnd, sideNames, type SideName } from '../../problems/parsed'

/** A system written by hand: rows over jets (`u_xx`), conditions per component. */
export interface SystemText {
  readonly bounds: readonly (readonly [number, number])[]
  readonly periodic?: readonly boolean[]
  readonly components?: readonly string[]
  /** One residual per component: 0 = row. */
  readonly rows: readonly string[]
  readonly boundary?: readonly ConditionText[]
  readonly geometry?: Omit<Geometry, 'where'> & { readonly where?: string }
  readonly rate?: boolean
  readonly exact?: readonly string[]
}

export interface ConditionText {
  readonly on?: 'all' | readonly (SideName | 'holes')[]
  readonly where?: string
  readonly component?: number
  /** α of α ∂ₙu + β u = g; 0 when absent. */
  readonly normal?: string
  /** β; 1 without a normal part, else 0. */
  readonly value?: string
  readonly data: string
  /** Σ value · component beside them. */
  readonly coupled?: readonly { readonly component: number; readonly value: string }[]
}

export function parsed(text: string): Expression {
  const result = parseExpression(text)
  if (!result.ok) throw new FaultError(result.faults)
  return result.value
}

function condition(text: string): Expression {
  const result = parseCondition(text)
  if (!result.ok) throw new FaultError(result.faults)
  return result.value
}

export function systemOf({ bounds, periodic, components = ['u'], rows, boundary = [], geometry, rate = false, exact }: SystemText): AnalysedProblem {
  const axes = bounds.map(([lower, upper], a) => ({ name: axisNames[a], lower, upper, periodic: periodic?.[a] ?? false }))
  const expressions = rows.map(parsed)
  const jet = new Map<string, SystemJet>()
  for (const e of expressions) {
    for (const name of freeNames(e).keys()) {
      const component = components.findIndex(c => name === c || (name.startsWith(`${c}_`) && /^[xyz]+$/.test(name.slice(c.length + 1))))
      if (component < 0) continue
      const letters = name.slice(components[component].length + 1)
      jet.set(name, { name, component, orders: ['x', 'y', 'z'].map(l => [...letters].filter(c => c === l).length) as unknown as SystemJet['orders'] })
    }
  }
  const pieces = boundary.map((entry): BoundaryPiece => ({
    component: entry.component ?? 0, on: entry.on ?? 'all', where: entry.where === undefined ? undefined : condition(entry.where),
    kind: entry.normal === undefined ? 'dirichlet' : (entry.value ?? '0') === '0' ? 'neumann' : 'robin',
    normal: parsed(entry.normal ?? '0'), value: parsed(entry.value ?? (entry.normal === undefined ? '1' : '0')), data: parsed(entry.data),
    coupled: entry.coupled?.map(term => ({ component: term.component, value: parsed(term.value) })),
  }))
  const boxed = !geometry || geometry.outer.kind === 'box'
  const sides = sideNames.filter(side => sideAxis(side) < axes.length && !axes[sideAxis(side)].periodic)
  return {
    axes, unknown: components[0], unknowns: components.map((name, i) => ({ name, type: 'real', components: [i] })), parameters: {}, equation: { kind: 'general' },
    geometry: geometry && { ...geometry, where: geometry.where === undefined ? undefined : condition(geometry.where) },
    system: {
      components: components.map(name => ({ name, unknown: name })), jet: [...jet.values()],
      rows: expressions.map(expression => ({ kind: rate ? 'rate' : 'constraint', expression })), initial: components.map(() => undefined), linear: [], remainder: expressions,
    },
    boundary: boxed ? sides.map(side => ({ axis: sideAxis(side), end: sideEnd(side), pieces: pieces.filter(({ on }) => on === 'all' || on.includes(side)) })) : [],
    pieces, exact: exact?.map(parsed), traits: [],
    properties: { orderInSpace: Math.max(...[...jet.values()].map(j => j.orders[0] + j.orders[1] + j.orders[2])), orderInTime: 0, linear: false, conserved: [], energy: { refused: 'not looked for' } },
  }
}
