import { differentiate, freeNames, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { FaultError, error } from '../../fault'
import type { Grid } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { BoundarySide } from '../../problems/analysed'
import { besideEnd } from '../multigrid/boundary'
import { createPointwise } from '../time/pointwise'

/**
 * One bounded side of a 1-D or 2-D box during an evolution. Its points are the nodes of the side; on a lower or upper y side they start and end one cell outside,
 * so that ghosts at the corners exist. Condition α ∂ₙu + β u = g per point; where Dirichlet holds, u = g/β and ∂ₜu = ∂ₜg/β.
 */
export interface EvolutionSide {
  readonly axis: number
  readonly end: 'lower' | 'upper'
  readonly points: number
  readonly isDirichlet: Uint8Array
  readonly normal: Float64Array
  readonly value: Float64Array
  readonly data: Float64Array
  /** ∂ₜg. */
  readonly rate: Float64Array
  /** Evaluates g and ∂ₜg at another time; does nothing when they are constant. */
  update(time: number): void
}

export function createEvolutionSide(side: BoundarySide, grid: Grid, team: Team): EvolutionSide {
  const { arena } = team
  const along = grid.axes.length === 1 ? undefined : 1 - side.axis
  const coordinates = sidePoints(side, grid, along)
  const points = coordinates[0].length
  const inputs = Object.fromEntries(grid.axes.map((axis, a) => [axis.name, arena.from(coordinates[a]).pointer]))
  const pick = (list: readonly Expression[], from: Readonly<Record<string, number>> = inputs): Record<string, number> =>
    Object.fromEntries(Object.entries(from).filter(([name]) => list.some(e => freeNames(e).has(name))))
  const evaluateOnce = (e: Expression, at: Readonly<Record<string, number>> = pick([e])): Float64Array => {
    const out = arena.f64(points)
    createPointwise(team, [e], at, ['t'], [out.pointer]).run(0, points, [0])
    return out.view().slice()
  }
  // Chosen beside the corners, as in the elliptic operator: an inequality that names the neighbouring side holds at the corner itself too.
  const choosing = Object.fromEntries(grid.axes.map((axis, a) => [axis.name, a === along && !axis.periodic ? arena.from(besideEnds(axis.coordinates, points)).pointer : inputs[axis.name]]))

  const chosen = new Int32Array(points).fill(-1)
  side.pieces.forEach((piece, index) => {
    const holds = piece.where ? evaluateOnce(piece.where, pick([piece.where], choosing)) : undefined
    for (let i = 0; i < points; i++) if (!holds || holds[i] !== 0) chosen[i] = index
  })
  // Points one cell outside belong to the piece of the corner beside them.
  if (along === 0) {
    chosen[0] = chosen[1]
    chosen[points - 1] = chosen[points - 2]
  }
  const result = { isDirichlet: new Uint8Array(points), normal: new Float64Array(points), value: new Float64Array(points), data: new Float64Array(points), rate: new Float64Array(points) }
  const moving: { readonly index: number; readonly data: Block; readonly rate: Block; readonly run: (time: number) => void }[] = []
  side.pieces.forEach((piece, index) => {
    if (!chosen.includes(index)) return
    const normal = evaluateOnce(piece.normal)
    const value = evaluateOnce(piece.value)
    for (let i = 0; i < points; i++) {
      if (chosen[i] !== index) continue
      result.isDirichlet[i] = piece.kind === 'dirichlet' ? 1 : 0
      result.normal[i] = normal[i]
      result.value[i] = value[i]
    }
    const rate = simplify(differentiate(piece.data, 't'))
    const data = arena.f64(points)
    const slope = arena.f64(points)
    const program = createPointwise(team, [piece.data, rate], pick([piece.data, rate]), ['t'], [data.pointer, slope.pointer])
    moving.push({ index, data, rate: slope, run: time => program.run(0, points, [time]) })
  })
  const depends = side.pieces.some(piece => freeNames(piece.data).has('t'))
  let known: number | undefined

  return {
    axis: side.axis, end: side.end, points, ...result,
    update(time) {
      if (known === time || (known !== undefined && !depends)) return
      known = time
      for (const { index, data, rate, run } of moving) {
        run(time)
        const values = data.view()
        const slopes = rate.view()
        for (let i = 0; i < points; i++) {
          if (chosen[i] !== index) continue
          if (!Number.isFinite(values[i])) reportNonFinite(grid, coordinates, i, time)
          result.data[i] = values[i]
          result.rate[i] = slopes[i]
        }
      }
    },
  }
}

/** Where the condition of each point is chosen, along the side: the nodes, and the points outside, which take the choice of the corner anyway. */
function besideEnds(coordinates: Float64Array, points: number): Float64Array {
  const outside = (points - coordinates.length) / 2
  return Float64Array.from({ length: points }, (_, i) => besideEnd(coordinates, Math.min(coordinates.length - 1, Math.max(0, i - outside))))
}

/** Coordinates of a side's points, one array per axis. */
function sidePoints(side: BoundarySide, grid: Grid, along: number | undefined): Float64Array[] {
  const fixed = side.end === 'lower' ? grid.axes[side.axis].lower : grid.axes[side.axis].upper
  const nodes = along === undefined ? Float64Array.of(0) : grid.axes[along].coordinates
  // Only x is extended: x ghosts are made for every row first, and y ghosts then need them at the corners.
  const extended = along === 0 ? Float64Array.of(2 * nodes[0] - nodes[1], ...nodes, 2 * nodes[nodes.length - 1] - nodes[nodes.length - 2]) : nodes
  return grid.axes.map((_, a) => (a === side.axis ? new Float64Array(extended.length).fill(fixed) : extended))
}

function reportNonFinite(grid: Grid, coordinates: readonly Float64Array[], point: number, time: number): never {
  const place = grid.axes.map((axis, a) => `${axis.name} = ${Number(coordinates[a][point].toPrecision(6))}`).join(', ')
  throw new FaultError(error('non-finite', `The boundary value at ${place}, t = ${Number(time.toPrecision(6))} is not a finite number.`, { where: { path: 'problem.boundary' }, tip: 'Check the condition for a division by zero or a root of a negative number.' }))
}
