import { FaultError } from '../../../fault'
import type { Libm } from '../../../expressions/libm'
import type { Grid } from '../../../fields/field'
import type { Block, Pointer, Team } from '../../../kernels/team'
import type { AnalysedProblem, SystemJet } from '../../../problems/analysed'
import { sizeOf } from '../../multigrid/shape'
import { integers, type SpecialRow, type SpecialRows } from './border'
import { createSlotTable } from './boundary-data'
import { createDomain, type Domain } from './domain'
import type { JetMatrix, JetOperators, SparseRows } from './interface'
import { createRows, type Rows, type RowSum } from './rows'
import type { SweepJet } from './sweep'
import { createTraces } from './traces'
import { centralRadius, centralWeights } from './weights'

/** A central formula: node offsets along x, y, z and factors. */
interface Formula {
  readonly offsets: readonly (readonly [number, number, number])[]
  readonly weights: readonly number[]
  readonly radii: readonly [number, number, number]
}

/**
 * The jets of `problem.system` on a uniform grid (see interface.ts). `jets`: others than the system's own, over the same components.
 * `gain` 1 makes formulas of order 4 beside boundaries exact for one degree more, which lets the error of steady problems fall as h⁴ from coarse grids on; in evolutions their eigenvalues are complex, so leave it 0.
 * Arrays live in the team's arena (mark and release around it). Throws FaultError `too-coarse`, `empty-domain`, `curved-neumann`, `missing-boundary`, `empty-boundary`, `non-finite`.
 */
export function createJetOperators(problem: AnalysedProblem, grid: Grid, order: 2 | 4, team: Team, libm: Libm, jets: readonly SystemJet[] = problem.system.jet, gain: 0 | 1 = 0): JetOperators {
  const domain = createDomain(problem, grid, team, libm)
  const { shape, active, whole } = domain
  const nodes = sizeOf(shape)
  const components = problem.system.components.length
  const slots = createSlotTable()
  const traces = createTraces(problem, domain, slots, libm)
  const rows = createRows(domain, traces, order, gain)
  const formulas = jets.map(({ orders }) => formulaOf(orders, order, domain.steps))
  // Rows beside boundaries, found before the data are laid out: they name the slots.
  const special = jets.map((jet, j) => specialRows(jet, formulas[j], domain, rows, node => problem.system.components.every((_, c) => traces.isFixed(c, node))))
  const data = slots.finish(team, domain.dimensions)
  const compiled = jets.map((jet, j) => compile(jet, formulas[j], special[j], domain, team))
  const grain = Math.max(1, Math.ceil(4096 / shape[0]))

  const given = traces.fixed.flatMap(({ nodes: list }, c) => [...list].map(node => c * nodes + node))
  const [places, sources] = [integers(team, given), integers(team, traces.fixed.flatMap(({ slots: named }) => [...named]))]
  const impose = (state: Block, from: Block): void => {
    if (given.length > 0) team.parallel('stencil.transfer', 0, given.length, [places, sources, from.pointer, state.pointer], { grain: 4096 })
  }

  const zeros = team.arena.f64(Math.max(1, data.slots))
  const { couplings } = slots
  const tied = couplings.length > 0 ? team.arena.f64(data.slots) : undefined
  const effective = (state: Block, given: Block): Block => {
    if (!tied) return given
    const [values, view] = [tied.view(), state.view()]
    values.set(given.view())
    for (const { slot, component, node, factor } of couplings) values[slot] += factor * view[component * nodes + node]
    return tied
  }
  const evaluate = (state: Block, given: Block, out: readonly (Block | undefined)[]): void => {
    const values = effective(state, given)
    jets.forEach(({ component }, j) => {
      const target = out[j]
      const plan = compiled[j]
      if (!target || !plan) return
      const u = state.pointer + 8 * component * nodes
      const [nx, ny, nz] = shape
      team.parallel('stencil.apply', 0, ny * nz, [u, target.pointer, nx, ny, nz, ...formulas[j].radii, plan.periodic, plan.terms, plan.table], { grain })
      if (plan.count > 0) team.parallel('stencil.rows', 0, plan.count, [...plan.rows, u, values.pointer, target.pointer], { grain: 1024 })
    })
  }

  return {
    grid, order, nodes, components, active, whole, jets, data, couplings, fixed: traces.fixed, sloped: traces.sloped, unconditioned: traces.unconditioned,
    evaluate(state, time, out) {
      data.update(time)
      evaluate(state, data.values, out)
    },
    sweepJets: jets.flatMap(({ name, component, orders }, j) => (compiled[j] ? [{ name, component, factors: factorsOf(orders, order, domain.steps), special: special[j] }] : [])),
    slotValues(state, time) {
      data.update(time)
      return effective(state, data.values)
    },
    evaluateHomogeneous: (state, out) => evaluate(state, zeros, out),
    matrix: j => matrixOf(jets[j], formulas[j], special[j], domain),
    imposeDirichlet(state, time) {
      data.update(time)
      impose(state, data.values)
    },
    imposeRates(rate, time) {
      data.update(time)
      impose(rate, data.rates)
    },
  }
}

function formulaOf(orders: readonly [number, number, number], order: 2 | 4, steps: readonly number[]): Formula {
  let terms: { offset: [number, number, number]; weight: number }[] = [{ offset: [0, 0, 0], weight: 1 }]
  steps.forEach((h, axis) => {
    const m = orders[axis]
    if (m === 0) return
    const weights = centralWeights(m, order)
    const r = centralRadius(m, order)
    let scale = 1
    for (let k = 0; k < m; k++) scale /= h
    terms = [...weights].flatMap((w, i) => (w === 0 ? [] : terms.map(({ offset, weight }) => {
      const moved: [number, number, number] = [...offset]
      moved[axis] = i - r
      return { offset: moved, weight: weight * w * scale }
    })))
  })
  const radii = orders.map(m => centralRadius(m, order)) as [number, number, number]
  return { offsets: terms.map(t => t.offset), weights: terms.map(t => t.weight), radii }
}

/** The same as one-dimensional differences, whose product it is. */
function factorsOf(orders: readonly [number, number, number], order: 2 | 4, steps: readonly number[]): SweepJet['factors'] {
  return steps.flatMap((h, axis) => {
    const m = orders[axis]
    if (m === 0) return []
    let scale = 1
    for (let k = 0; k < m; k++) scale /= h
    return [{ axis, weights: centralWeights(m, order).map(w => w * scale) }]
  })
}

/** Every node where the central formula does not fit. */
function specialRows({ component, orders }: SystemJet, { radii }: Formula, domain: Domain, rows: Rows, isGiven: (node: number) => boolean): SpecialRows & { readonly nodes: readonly number[] } {
  const { shape: [nx, ny, nz], active, whole, grid } = domain
  const list: number[] = []
  const sums: (RowSum | undefined)[] = []
  if (orders.every(m => m === 0)) return { nodes: list, rows: sums }
  const near = (axis: number, i: number, n: number): boolean => grid.axes[axis] !== undefined && !grid.axes[axis].periodic && (i < radii[axis] || i >= n - radii[axis])
  const rowOrNone = (node: number): RowSum | undefined => {
    if (domain.onShapes.length === 0 || !isGiven(node)) return rows.row(component, node, orders)
    // A node where a grid line touches the boundary may be alone on it; nothing asks for derivatives where every component is given.
    try {
      return rows.row(component, node, orders)
    } catch (reason) {
      if (reason instanceof FaultError) return undefined
      throw reason
    }
  }
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const across = near(1, j, ny) || near(2, k, nz)
      for (let i = 0; i < nx; i++) {
        // Inside a whole box only the ends of a row are of interest.
        if (whole && !across && !near(0, i, nx)) {
          i = grid.axes[0].periodic ? nx : Math.max(i, nx - radii[0] - 1)
          continue
        }
        const node = (k * ny + j) * nx + i
        if (active[node] === 0) {
          list.push(node)
          sums.push(undefined)
        } else if (whole || !rows.isCentral(node, orders)) {
          list.push(node)
          sums.push(rowOrNone(node))
        }
      }
    }
  }
  // A periodic axis too short for the formula has nowhere to complain otherwise.
  if (grid.axes.some((axis, a) => axis.periodic && orders[a] > 0 && axis.coordinates.length <= 2 * radii[a])) rows.row(component, active.indexOf(1), orders)
  return { nodes: list, rows: sums }
}

interface Plan {
  readonly periodic: number
  readonly terms: number
  readonly table: Pointer
  readonly count: number
  /** Arguments of `stencil.rows` up to the state. */
  readonly rows: readonly number[]
}

function compile({ orders }: SystemJet, { offsets, weights }: Formula, special: ReturnType<typeof specialRows>, { grid }: Domain, team: Team): Plan | undefined {
  if (orders.every(m => m === 0)) return undefined
  const { arena } = team
  const table = arena.bytes(20 * weights.length)
  new Float64Array(arena.memory.buffer, table, weights.length).set(weights)
  new Int32Array(arena.memory.buffer, table + 8 * weights.length, 3 * weights.length).set(offsets.flat())
  const { rows, boundary } = compressed(special.rows)
  const pointers = [integers(team, special.nodes), integers(team, rows.starts), integers(team, rows.columns), arena.from(rows.values).pointer, integers(team, boundary.starts), integers(team, boundary.columns), arena.from(boundary.values).pointer]
  return { periodic: grid.axes.reduce((bits, axis, a) => bits | (axis.periodic ? 1 << a : 0), 0), terms: weights.length, table, count: special.nodes.length, rows: pointers }
}

function compressed(sums: readonly (SpecialRow | undefined)[]): JetMatrix {
  return { rows: compressedPart(sums, sum => sum.nodes), boundary: compressedPart(sums, sum => sum.slots) }
}

function compressedPart(sums: readonly (SpecialRow | undefined)[], pick: (sum: SpecialRow) => ReadonlyMap<number, number>): SparseRows {
  const starts = new Int32Array(sums.length + 1)
  sums.forEach((sum, i) => (starts[i + 1] = starts[i] + (sum ? pick(sum).size : 0)))
  const columns = new Int32Array(starts[sums.length])
  const values = new Float64Array(starts[sums.length])
  let at = 0
  for (const sum of sums) {
    if (!sum) continue
    for (const [column, value] of [...pick(sum)].sort(([a], [b]) => a - b)) {
      columns[at] = column
      values[at++] = value
    }
  }
  return { starts, columns, values }
}

/** All rows: the central formula's and the special ones. */
function matrixOf({ orders }: SystemJet, { offsets, weights }: Formula, special: SpecialRows, { shape, grid, active }: Domain): JetMatrix {
  const nodes = sizeOf(shape)
  const zero = orders.every(m => m === 0)
  const count = new Int32Array(nodes + 1)
  const slotStarts = new Int32Array(nodes + 1)
  for (let node = 0; node < nodes; node++) count[node + 1] = zero ? active[node] : weights.length
  special.nodes.forEach((node, i) => {
    count[node + 1] = special.rows[i]?.nodes.size ?? 0
    slotStarts[node + 1] = special.rows[i]?.slots.size ?? 0
  })
  for (let node = 0; node < nodes; node++) {
    count[node + 1] += count[node]
    slotStarts[node + 1] += slotStarts[node]
  }
  const columns = new Int32Array(count[nodes])
  const values = new Float64Array(count[nodes])
  const boundary = { starts: slotStarts, columns: new Int32Array(slotStarts[nodes]), values: new Float64Array(slotStarts[nodes]) }
  const [nx, ny, nz] = shape
  // Without wrapping, the terms have the same order of columns at every node.
  const jumps = offsets.map(([x, y, z], i) => ({ x, y, z, jump: (z * ny + y) * nx + x, weight: weights[i] })).sort((a, b) => a.jump - b.jump)
  const wraps = grid.axes.some((axis, a) => axis.periodic && orders[a] > 0)
  let next = 0
  for (let node = 0; node < nodes; node++) {
    let at = count[node]
    if (special.nodes[next] === node) {
      const sum = special.rows[next++]
      if (!sum) continue
      for (const [column, value] of [...sum.nodes].sort(([a], [b]) => a - b)) {
        columns[at] = column
        values[at++] = value
      }
      let slot = slotStarts[node]
      for (const [column, value] of [...sum.slots].sort(([a], [b]) => a - b)) {
        boundary.columns[slot] = column
        boundary.values[slot++] = value
      }
    } else if (zero) {
      if (active[node] === 0) continue
      columns[at] = node
      values[at] = 1
    } else if (!wraps) {
      for (const { jump, weight } of jumps) {
        columns[at] = node + jump
        values[at++] = weight
      }
    } else {
      const [i, j, k] = [node % nx, Math.floor(node / nx) % ny, Math.floor(node / (nx * ny))]
      const entries = jumps.map(({ x, y, z, weight }) => ({ column: (((k + z + nz) % nz) * ny + ((j + y + ny) % ny)) * nx + ((i + x + nx) % nx), weight })).sort((a, b) => a.column - b.column)
      for (const { column, weight } of entries) {
        columns[at] = column
        values[at++] = weight
      }
    }
  }
  return { rows: { starts: count, columns, values }, boundary }
}
