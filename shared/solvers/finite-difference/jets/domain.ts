import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import { error, FaultError } from '../../../fault'
import type { Grid } from '../../../fields/field'
import type { Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { sample, type Coordinates } from '../../multigrid/sample'
import { sizeOf, type Shape as GridShape } from '../../multigrid/shape'
import { shapesOf, type Place, type Shape } from './shapes'

/** The nodes of a grid that lie in the closed domain, and the unbroken runs of them along the grid lines. */
export interface Domain {
  readonly grid: Grid
  readonly shape: GridShape
  readonly dimensions: number
  /** Mesh widths. */
  readonly steps: readonly number[]
  readonly active: Uint8Array
  readonly whole: boolean
  readonly axes: readonly AxisRuns[]
  /** Nodes on a curved or polygonal boundary, with the shape they lie on. */
  readonly onShapes: readonly { readonly node: number; readonly shape: Shape }[]
  /** Distances below this count as zero. */
  readonly tolerance: number
  place(node: number): Place
  /** The node nearest to a place. */
  nodeAt(place: Place): number
}

export interface AxisRuns {
  readonly stride: number
  readonly count: number
  readonly periodic: boolean
  /** The run that holds an active node. */
  runAt(node: number): Run
  readonly runs: readonly Run[]
}

/** Nodes first … first + count − 1 of one grid line (modulo the axis where it is periodic). */
export interface Run {
  /** Node of index 0 on this line. */
  readonly base: number
  readonly first: number
  readonly count: number
  /** A whole periodic line: it has no ends. */
  readonly ring: boolean
  readonly lower: RunEnd
  readonly upper: RunEnd
}

/** node: the run's last node lies on the boundary. cut: the boundary is `distance` mesh widths beyond it. */
export interface RunEnd {
  readonly kind: 'node' | 'cut'
  readonly distance: number
  /** Absent on sides of the bounding box. */
  readonly shape?: Shape
  readonly place: Place
}

/** The boundary of a mask, found where the condition changes between two nodes. */
const maskShape: Shape = { source: 'mask', side: () => 0, crossing: () => Infinity, isNormal: () => false }

export function createDomain(problem: AnalysedProblem, grid: Grid, team: Team, libm: Libm): Domain {
  const coordinates = [0, 1, 2].map(a => grid.axes[a]?.coordinates ?? new Float64Array(1)) as unknown as Coordinates
  const shape = coordinates.map(c => c.length) as unknown as GridShape
  const size = sizeOf(shape)
  const steps = grid.axes.map(axis => (axis.periodic ? (axis.upper - axis.lower) / axis.coordinates.length : (axis.upper - axis.lower) / (axis.coordinates.length - 1)))
  const tolerance = 1e-9 * Math.min(...steps)
  const place = (node: number): Place => [coordinates[0][node % shape[0]], coordinates[1][Math.floor(node / shape[0]) % shape[1]], coordinates[2][Math.floor(node / (shape[0] * shape[1]))]]
  const nodeAt = (at: Place): number => grid.axes.reduce((node, axis, a) => node + Math.min(shape[a] - 1, Math.max(0, Math.round((at[a] - axis.lower) / steps[a]))) * [1, shape[0], shape[0] * shape[1]][a], 0)
  const { geometry } = problem
  const whole = !geometry || (geometry.outer.kind === 'box' && geometry.holes.length === 0 && !geometry.where)
  const active = new Uint8Array(size).fill(1)
  const touching = new Map<number, Shape>()
  const shapes = geometry ? shapesOf(geometry) : []
  const strideOf = [1, shape[0], shape[0] * shape[1]]
  const neighbours = function* (): Generator<{ node: number; next: number; axis: number }> {
    for (let axis = 0; axis < grid.axes.length; axis++) {
      const [n, stride] = [shape[axis], strideOf[axis]]
      for (let node = 0; node < size; node++) {
        const i = Math.floor(node / stride) % n
        if (i < n - 1) yield { node, next: node + stride, axis }
        else if (grid.axes[axis].periodic) yield { node, next: node - (n - 1) * stride, axis }
      }
    }
  }
  let mask: Float64Array | undefined
  const cutOfMask = (from: number, axis: number, direction: -1 | 1): number => {
    const start = place(from)
    const holds = (t: number): boolean => {
      const at = [...start]
      at[axis] += direction * t
      return evaluate(geometry!.where!, { x: at[0], y: at[1], z: at[2], t: 0 }, libm) !== 0
    }
    let [low, high] = [0, steps[axis]]
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2
      if (holds(middle)) low = middle
      else high = middle
    }
    return high
  }
  if (!whole) {
    checkResolved(geometry, steps)
    if (geometry.where) {
      const mark = team.arena.mark()
      const block = team.arena.f64(size)
      sample(team, geometry.where, coordinates, grid.axes.length, 0, libm, 'mask', block)
      mask = block.view().slice()
      team.arena.release(mark)
    }
    for (let node = 0; node < size; node++) {
      if (mask?.[node] === 0) active[node] = 0
      const at = place(node)
      for (const one of shapes) {
        const side = one.side(at, tolerance)
        if (side < 0) active[node] = 0
        if (side === 0) touching.set(node, one)
      }
    }
    if (mask) {
      // A mask's boundary may run through nodes: those that fail the condition by being on it belong to the closed domain.
      for (const { node, next, axis } of neighbours()) {
        if ((mask[node] !== 0) === (mask[next] !== 0)) continue
        const [from, to, direction] = mask[node] !== 0 ? ([node, next, 1] as const) : ([next, node, -1] as const)
        if (active[from] === 0) continue
        const t = cutOfMask(from, axis, direction)
        if (t <= tolerance) touching.set(from, maskShape)
        else if (t >= steps[axis] - tolerance && shapes.every(one => one.side(place(to), tolerance) >= 0)) {
          active[to] = 1
          touching.set(to, maskShape)
        }
      }
    }
    if (!active.includes(1)) throw new FaultError(error('empty-domain', 'No node of the grid lies in the domain.', { where: { path: 'problem.domain' }, tip: 'Check the shape and the condition "where", or use more nodes.' }))
  }

  const endAt = (node: number, axis: number, direction: -1 | 1): RunEnd => {
    const at = place(node)
    const cut = (distance: number, one: Shape): RunEnd => {
      const where = [...at] as [number, number, number]
      where[axis] += direction * distance
      return { kind: 'cut', distance: distance / steps[axis], shape: one, place: where }
    }
    const on = touching.get(node)
    if (on) return { kind: 'node', distance: 0, shape: on, place: at }
    const { lower, upper, periodic } = grid.axes[axis]
    const atSide = !periodic && Math.abs(at[axis] - (direction < 0 ? lower : upper)) <= tolerance
    if (atSide) return { kind: 'node', distance: 0, place: at }
    let nearest: RunEnd | undefined
    for (const one of shapes) {
      const t = one.crossing(at, axis, direction)
      if (t <= steps[axis] + tolerance && (!nearest || t < nearest.distance * steps[axis])) nearest = cut(t, one)
    }
    if (mask) {
      const i = Math.floor(node / strideOf[axis]) % shape[axis]
      const last = direction > 0 ? i === shape[axis] - 1 : i === 0
      const next = last ? node - direction * (shape[axis] - 1) * strideOf[axis] : node + direction * strideOf[axis]
      if (mask[next] === 0) {
        const t = cutOfMask(node, axis, direction)
        if (!nearest || t < nearest.distance * steps[axis]) nearest = cut(t, maskShape)
      }
    }
    if (!nearest) throw new Error(`a run of nodes ends at ${at.join(', ')} without a boundary`)
    return nearest
  }
  const axes = grid.axes.map((axis, a) => (whole ? wholeRuns : brokenRuns)(a, shape, axis.periodic, active, endAt))
  const onShapes = [...touching].filter(([node]) => active[node] === 1).sort(([m], [n]) => m - n).map(([node, one]) => ({ node, shape: one }))
  return { grid, shape, dimensions: grid.axes.length, steps, active, whole, axes, onShapes, tolerance, place, nodeAt }
}

type EndAt = (node: number, axis: number, direction: -1 | 1) => RunEnd
const noEnd: RunEnd = { kind: 'node', distance: 0, place: [0, 0, 0] }

/** Lines along an axis: which one a node is on, and the node of index 0 on each. */
function linesAlong(axis: number, [nx, ny, nz]: GridShape): { count: number; lineOf(node: number): number; baseOf(line: number): number } {
  const plane = nx * ny
  if (axis === 0) return { count: ny * nz, lineOf: node => Math.floor(node / nx), baseOf: line => line * nx }
  if (axis === 1) return { count: nx * nz, lineOf: node => (node % nx) + nx * Math.floor(node / plane), baseOf: line => (line % nx) + Math.floor(line / nx) * plane }
  return { count: plane, lineOf: node => node % plane, baseOf: line => line }
}

function wholeRuns(axis: number, shape: GridShape, periodic: boolean, _active: Uint8Array, endAt: EndAt): AxisRuns {
  const stride = [1, shape[0], shape[0] * shape[1]][axis]
  const count = shape[axis]
  const { count: lines, lineOf, baseOf } = linesAlong(axis, shape)
  const runs: Run[] = []
  for (let line = 0; line < lines; line++) {
    const base = baseOf(line)
    runs.push(periodic
      ? { base, first: 0, count, ring: true, lower: noEnd, upper: noEnd }
      : { base, first: 0, count, ring: false, lower: endAt(base, axis, -1), upper: endAt(base + (count - 1) * stride, axis, 1) })
  }
  return { stride, count, periodic, runs, runAt: node => runs[lineOf(node)] }
}

function brokenRuns(axis: number, shape: GridShape, periodic: boolean, active: Uint8Array, endAt: EndAt): AxisRuns {
  const stride = [1, shape[0], shape[0] * shape[1]][axis]
  const n = shape[axis]
  const { count: lines, lineOf, baseOf } = linesAlong(axis, shape)
  const runs: Run[] = []
  const firstOf = new Int32Array(lines + 1)
  for (let line = 0; line < lines; line++) {
    const base = baseOf(line)
    const isActive = (i: number): boolean => active[base + (i % n) * stride] === 1
    firstOf[line] = runs.length
    // On a periodic line a run may pass the end of the array: start behind a gap.
    let from = 0
    if (periodic) while (from < n && isActive(from)) from++
    if (from === n) {
      runs.push({ base, first: 0, count: n, ring: true, lower: noEnd, upper: noEnd })
      continue
    }
    for (let i = from; i < from + n || (!periodic && i < n); i++) {
      if (!periodic && i >= n) break
      if (!isActive(i)) continue
      const first = i
      while (i + 1 < (periodic ? from + n : n) && isActive(i + 1)) i++
      const end = (index: number, direction: -1 | 1): RunEnd => endAt(base + (index % n) * stride, axis, direction)
      runs.push({ base, first: first % n, count: i - first + 1, ring: false, lower: end(first, -1), upper: end(i, 1) })
    }
  }
  firstOf[lines] = runs.length
  return {
    stride, count: n, periodic, runs,
    runAt(node) {
      const line = lineOf(node)
      const index = Math.floor((node - baseOf(line)) / stride)
      for (let r = firstOf[line]; r < firstOf[line + 1]; r++) if ((index - runs[r].first + n) % n < runs[r].count) return runs[r]
      throw new Error(`node ${node} is outside the domain`)
    },
  }
}

function checkResolved(geometry: NonNullable<AnalysedProblem['geometry']>, steps: readonly number[]): void {
  const width = Math.max(...steps)
  for (const hole of geometry.holes) {
    if (hole.kind === 'ball' && hole.radius < 1.5 * width) {
      throw new FaultError(error('too-coarse', `The hole of radius ${hole.radius} is hardly wider than a cell of ${Number(width.toPrecision(3))}.`, { where: { path: 'resolution' }, tip: 'Use more nodes.' }))
    }
  }
}
