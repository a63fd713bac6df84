import { error, FaultError } from '../../../fault'
import type { Domain, Run } from './domain'
import type { Traces } from './traces'
import { centralRadius, centralWeights, differenceWeights, type StencilItem } from './weights'
import { pointText } from '../../multigrid/sample'

/** One row of a jet: factors of nodes and of boundary slots. */
export class RowSum {
  readonly nodes = new Map<number, number>()
  readonly slots = new Map<number, number>()

  addNode(node: number, factor: number): void {
    this.nodes.set(node, (this.nodes.get(node) ?? 0) + factor)
  }
  addSlot(slot: number, factor: number): void {
    this.slots.set(slot, (this.slots.get(slot) ?? 0) + factor)
  }
}

export interface Rows {
  /** Whether the central formula of ∂^orders fits at an active node: its nodes are all in the domain, with no boundary between them. */
  isCentral(node: number, orders: readonly number[]): boolean
  /** ∂^orders of a component at an active node. Throws FaultError `too-coarse` where the domain is narrower than the formula. */
  row(component: number, node: number, orders: readonly number[]): RowSum
}

/** A number of a grid line that formulas may use: a node of the run, or what is known at one of its ends. */
interface Item extends StencilItem {
  readonly node: number
  readonly slot: number
  /** Of a slope: u′ = slot factor · slot + node factor · u(node). */
  readonly ofSlot: number
  readonly ofNode: number
}

/** `gain`: by how much formulas beside a boundary are more accurate than `order`. */
export function createRows(domain: Domain, traces: Traces, order: 2 | 4, gain: 0 | 1): Rows {
  const { axes, steps, dimensions } = domain
  const central = (m: number): Float64Array => (centrals[m] ??= centralWeights(m, order))
  const centrals: Float64Array[] = []
  const known = new Map<string, Float64Array>()
  const position = (run: Run, axis: number, node: number): number => (Math.floor((node - run.base) / axes[axis].stride) - run.first + axes[axis].count) % axes[axis].count
  const nodeAt = (run: Run, axis: number, p: number): number => {
    const { count, stride } = axes[axis]
    return run.base + ((((run.first + p) % count) + count) % count) * stride
  }
  const fits = (run: Run, p: number, r: number): boolean => (run.ring ? run.count > 2 * r : p >= r && p + r < run.count)

  /** Items in order from the lower to the upper end of a run, nodes limited to `reach` from each end. */
  function itemsFrom(component: number, axis: number, run: Run, end: 'lower' | 'upper', p: number, most: number, withData: boolean): Item[] {
    const items: Item[] = []
    const direction = end === 'lower' ? 1 : -1
    const edge = end === 'lower' ? 0 : run.count - 1
    const addEnd = (which: 'lower' | 'upper'): void => {
      if (!withData) return
      const at = run[which]
      const trace = traces.at(component, axis, which, at)
      const last = which === 'lower' ? 0 : run.count - 1
      const outward = which === 'lower' ? -1 : 1
      if (at.kind === 'cut') {
        if (trace.value !== undefined) items.push({ position: last + outward * at.distance - p, slope: false, node: -1, slot: trace.value, ofSlot: 1, ofNode: 0 })
      } else if (trace.slope) {
        // A slope enters in units of the mesh width: h u′ = ± h ∂ₙu.
        const factor = outward * steps[axis]
        items.push({ position: last - p, slope: true, node: nodeAt(run, axis, last), slot: trace.slope.slot, ofSlot: factor, ofNode: -factor * trace.slope.ratio })
      }
    }
    addEnd(end)
    for (let k = 0; k < run.count && items.length < most; k++) items.push({ position: edge + direction * k - p, slope: false, node: nodeAt(run, axis, edge + direction * k), slot: -1, ofSlot: 0, ofNode: 1 })
    if (items.length < most) addEnd(end === 'lower' ? 'upper' : 'lower')
    return items
  }

  /** ∂^m along an axis as factors of items. `withData`: boundary slopes and points off the grid may be used; else nodes only. */
  function along(component: number, axis: number, node: number, m: number, withData: boolean): { readonly items: readonly Item[]; readonly weights: Float64Array } {
    const run = axes[axis].runAt(node)
    const p = position(run, axis, node)
    const r = centralRadius(m, order)
    if (fits(run, p, r)) {
      const items = Array.from({ length: 2 * r + 1 }, (_, k): Item => ({ position: k - r, slope: false, node: nodeAt(run, axis, p + k - r), slot: -1, ofSlot: 0, ofNode: 1 }))
      return { items, weights: central(m) }
    }
    if (run.ring) throw tooCoarse(node, axis)
    const end = p < run.count - 1 - p ? 'lower' : 'upper'
    let items = itemsFrom(component, axis, run, end, p, m + order + gain, withData)
    // The compact second difference of order 2: the reflected node beyond a Neumann or Robin side, unequal arms beside a curved boundary.
    if (order === 2 && m === 2 && items.length > 3 && (items[0].slope ? !traces.isFixed(component, items[0].node) : items[0].node < 0)) items = items.slice(0, 3)
    if (items.length < m + 1 || (m >= 1 && !items.some(item => item.position !== 0))) throw tooCoarse(node, axis)
    const key = `${m} ${items.map(item => `${item.position}${item.slope ? 's' : ''}`).join(' ')}`
    let weights = known.get(key)
    if (!weights) {
      weights = differenceWeights(m, items)
      if (domain.whole) known.set(key, weights)
    }
    return { items, weights }
  }

  function tooCoarse(node: number, axis: number): FaultError {
    const [x, y, z] = domain.place(node)
    return new FaultError(error('too-coarse', `There are too few nodes along ${domain.grid.axes[axis].name} at ${pointText({ x, y, z }, dimensions)} for differences of order ${order}.`, { where: { path: 'resolution' }, tip: 'Use more nodes or order 2.' }))
  }

  /** Axes with a derivative, the one whose boundary the node is nearest to first: that one may use the boundary's data, and differences along the others are taken of its result. */
  function nesting(node: number, orders: readonly number[]): number[] {
    const room = (axis: number): number => {
      const run = axes[axis].runAt(node)
      const p = position(run, axis, node)
      return run.ring ? Infinity : Math.min(p, run.count - 1 - p)
    }
    const list = [0, 1, 2].filter(axis => axis < dimensions && orders[axis] > 0)
    return list.length < 2 ? list : list.map(axis => ({ axis, room: room(axis) })).sort((a, b) => a.room - b.room || a.axis - b.axis).map(({ axis }) => axis)
  }

  function add(component: number, node: number, orders: readonly number[], nest: readonly number[], factor: number, row: RowSum): void {
    if (nest.length === 0) {
      row.addNode(node, factor)
      return
    }
    const axis = nest[nest.length - 1]
    const m = orders[axis]
    const { items, weights } = along(component, axis, node, m, nest.length === 1)
    let scale = factor
    for (let k = 0; k < m; k++) scale /= steps[axis]
    items.forEach((item, i) => {
      const w = scale * weights[i]
      if (w === 0) return
      if (item.slot >= 0) row.addSlot(item.slot, w * item.ofSlot)
      if (item.node >= 0 && item.ofNode !== 0) add(component, item.node, orders, nest.slice(0, -1), w * item.ofNode, row)
    })
  }

  return {
    isCentral(node, orders) {
      const check = (at: number, list: readonly number[]): boolean => {
        if (list.length === 0) return true
        const axis = list[list.length - 1]
        const r = centralRadius(orders[axis], order)
        const run = axes[axis].runAt(at)
        const p = position(run, axis, at)
        if (!fits(run, p, r)) return false
        if (list.length === 1) return true
        for (let k = -r; k <= r; k++) if (!check(nodeAt(run, axis, p + k), list.slice(0, -1))) return false
        return true
      }
      return check(node, [0, 1, 2].filter(axis => axis < dimensions && orders[axis] > 0))
    },
    row(component, node, orders) {
      const row = new RowSum()
      add(component, node, orders, nesting(node, orders), 1, row)
      return row
    },
  }
}
