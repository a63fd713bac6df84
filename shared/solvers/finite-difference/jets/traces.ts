import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import { error, FaultError } from '../../../fault'
import type { AnalysedProblem, BoundaryPiece } from '../../../problems/analysed'
import { sideName } from '../../../problems/parsed'
import { besideEnd } from '../../multigrid/boundary'
import { pointText } from '../../multigrid/sample'
import type { SlotTable } from './boundary-data'
import type { Domain, RunEnd } from './domain'
import type { FixedNodes } from './interface'
import type { Place, Shape } from './shapes'

/** What is known of one component at one boundary point: its value (slot), its outward derivative ∂ₙu = slot − ratio · u, or both for equations that take two conditions. */
export interface Trace {
  readonly value?: number
  readonly slope?: { readonly slot: number; readonly ratio: number }
}

export interface Traces {
  /** At the end of a run; the slope there is along the run's axis. */
  at(component: number, axis: number, end: 'lower' | 'upper', run: RunEnd): Trace
  readonly fixed: readonly FixedNodes[]
  /** Per component: boundary nodes with a condition on the derivative, and those without any condition. */
  readonly sloped: readonly (readonly number[])[]
  readonly unconditioned: readonly (readonly number[])[]
  isFixed(component: number, node: number): boolean
}

/**
 * Chooses the condition of every component at every boundary point: the last in document order whose side and `where` match. Equations of third and fourth order in space — and systems in which
 * some component has no condition at all — may keep one Dirichlet condition beside one of the other kinds.
 * Throws FaultError `curved-neumann` where a derivative is asked for across a boundary that is no grid plane, and `missing-boundary`.
 */
export function createTraces(problem: AnalysedProblem, domain: Domain, slots: SlotTable, libm: Libm): Traces {
  const { components, jet } = problem.system
  const pieces = problem.pieces.length > 0 ? problem.pieces : [...new Set(problem.boundary.flatMap(side => side.pieces))]
  const perComponent = components.map((_, c) => pieces.filter(piece => piece.component === c))
  const someHaveNone = perComponent.some(list => list.length === 0)
  const two = components.map((_, c) => someHaveNone || jet.some(entry => entry.component === c && entry.orders[0] + entry.orders[1] + entry.orders[2] >= 3))
  const { grid, dimensions, shape } = domain

  const choose = (component: number, list: readonly BoundaryPiece[], [x, y, z]: Place): BoundaryPiece[] => {
    const holding = list.filter(piece => !piece.where || evaluate(piece.where, { x, y, z, t: 0 }, libm) !== 0)
    const last = holding[holding.length - 1]
    if (!last) return []
    const other = two[component] ? holding.findLast(piece => (piece.kind === 'dirichlet') !== (last.kind === 'dirichlet')) : undefined
    return other ? [last, other] : [last]
  }
  const traceOf = (component: number, chosen: readonly BoundaryPiece[], place: Place): Trace => {
    const trace: { value?: number; slope?: { slot: number; ratio: number } } = {}
    const scope = { x: place[0], y: place[1], z: place[2], t: 0 }
    for (const piece of chosen) {
      const [alpha, beta] = [evaluate(piece.normal, scope, libm), evaluate(piece.value, scope, libm)]
      if (!(Number.isFinite(alpha) && Number.isFinite(beta)) || (alpha === 0 && beta === 0)) {
        throw new FaultError(error('empty-boundary', `The boundary condition of ${components[component].name} has no usable factors at ${pointText(scope, dimensions)}: dn(u) has ${alpha} and u has ${beta}.`, { where: { path: 'problem.boundary' } }))
      }
      const slot = slots.add(piece, place, alpha === 0 ? beta : alpha)
      for (const { component: other, value } of piece.coupled ?? []) {
        if (alpha === 0) throw tied(components[component].name, components[other].name)
        slots.couple({ slot, component: other, node: domain.nodeAt(place), factor: -evaluate(value, scope, libm) / alpha })
      }
      if (alpha === 0) trace.value = slot
      else trace.slope = { slot, ratio: beta / alpha }
    }
    return trace
  }
  const onShape = (component: number, one: Shape, place: Place): BoundaryPiece[] => {
    const touched = grid.axes.flatMap((axis, a) => (['lower', 'upper'] as const).filter(end => !axis.periodic && Math.abs(place[a] - axis[end]) <= domain.tolerance).map(end => sideName(a, end)))
    return choose(component, perComponent[component].filter(({ on }) => on === 'all' || on.some(side => (side === 'holes' ? one.source === 'hole' : touched.includes(side)))), place)
  }
  const onSide = (component: number, axis: number, end: 'lower' | 'upper', place: Place): BoundaryPiece[] => {
    // Chosen beside the corner, which belongs to the neighbouring side too.
    const inner = place.map((value, a) => {
      const along = grid.axes[a]
      if (!along || along.periodic || a === axis) return value
      const i = value === along.lower ? 0 : value === along.upper ? shape[a] - 1 : -1
      return i < 0 ? value : besideEnd(along.coordinates, i)
    }) as unknown as Place
    const pieces = problem.boundary.find(side => side.axis === axis && side.end === end)?.pieces ?? []
    return choose(component, pieces.filter(piece => piece.component === component), inner)
  }

  const fixed = components.map(() => new Map<number, number>())
  const sloped = components.map(() => new Set<number>())
  const bare = components.map(() => new Set<number>())
  const shapeTrace = (component: number, axis: number, run: RunEnd): Trace => {
    const chosen = onShape(component, run.shape!, run.place)
    const slope = chosen.find(piece => piece.kind !== 'dirichlet')
    const isNormal = (a: number): boolean => run.kind === 'node' && run.shape!.isNormal(run.place, a, domain.tolerance)
    const normal = isNormal(axis)
    if (slope && !grid.axes.some((_, a) => isNormal(a))) {
      throw new FaultError(error('curved-neumann', `Finite differences take conditions on dn(${components[component].name}) only on sides along the grid, not at ${pointText({ x: run.place[0], y: run.place[1], z: run.place[2] }, dimensions)}.`, {
        where: { path: 'problem.boundary' }, tip: 'Use the method "finite-element" for fluxes through curved or slanted boundaries.',
      }))
    }
    if (run.kind === 'cut' && chosen.length === 0) throw missing(components[component].name, run.place, dimensions)
    return traceOf(component, normal ? chosen : chosen.filter(piece => piece.kind === 'dirichlet'), run.place)
  }

  const known = components.map(() => new Map<RunEnd, Trace>())
  const at = (component: number, axis: number, end: 'lower' | 'upper', run: RunEnd): Trace => {
    const before = known[component].get(run)
    if (before) return before
    const made = run.shape ? shapeTrace(component, axis, run) : traceOf(component, onSide(component, axis, end, run.place), run.place)
    known[component].set(run, made)
    return made
  }

  for (let c = 0; c < components.length; c++) {
    for (const side of problem.boundary) {
      const { runs, stride } = domain.axes[side.axis]
      for (const run of runs) {
        const end = side.end === 'lower' ? run.lower : run.upper
        if (run.ring || end.shape) continue
        const { value, slope } = at(c, side.axis, side.end, end)
        const node = run.base + (side.end === 'lower' ? run.first : run.first + run.count - 1) * stride
        if (value !== undefined) fixed[c].set(node, value)
        if (slope) sloped[c].add(node)
        if (value === undefined && !slope) bare[c].add(node)
      }
    }
    for (const { node, shape: one } of domain.onShapes) {
      const place = domain.place(node)
      const chosen = onShape(c, one, place)
      const piece = chosen.find(p => p.kind === 'dirichlet')
      if (piece) fixed[c].set(node, traceOf(c, [piece], place).value!)
      if (chosen.some(p => p.kind !== 'dirichlet')) sloped[c].add(node)
      if (chosen.length === 0) bare[c].add(node)
    }
  }
  const tables = fixed.map(table => {
    const entries = [...table].sort(([m], [n]) => m - n)
    return { nodes: Int32Array.from(entries, ([node]) => node), slots: Int32Array.from(entries, ([, slot]) => slot) }
  })
  return {
    fixed: tables,
    sloped: sloped.map(set => [...set]),
    unconditioned: bare.map((set, c) => [...set].filter(node => !fixed[c].has(node) && !sloped[c].has(node))),
    isFixed: (component, node) => fixed[component].has(node),
    at,
  }
}

function tied(name: string, other: string): FaultError {
  return new FaultError(error('unsupported-class', `A condition ties the value of ${name} to that of ${other} without a derivative; finite differences take such ties in conditions with dn(${name}) only.`, { where: { path: 'problem.boundary' }, tip: 'Eliminate one of both unknowns.' }))
}

function missing(name: string, place: Place, dimensions: number): FaultError {
  return new FaultError(error('missing-boundary', `The boundary has no condition for ${name} at ${pointText({ x: place[0], y: place[1], z: place[2] }, dimensions)}.`, { where: { path: 'problem.boundary' }, tip: `Add { "condition": "${name} = 0" } for the whole boundary.` }))
}

