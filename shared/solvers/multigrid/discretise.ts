import { evaluate, toText } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { gridShape, type Grid } from '../../fields/field'
import { error, FaultError } from '../../fault'
import type { Block, Team } from '../../kernels/team'
import type { BoundarySide, LinearOperator } from '../../problems/analysed'
import { absentAxis, axisGeometry, controlLengths, nodeSpans, type AxisGeometry } from './axis'
import { pointOf, sideNodes, type SideNodes } from './boundary'
import { createNetwork, edgeCount, volumeAt, type Network } from './network'
import { constantValue, pointText, sample, type Coordinates } from './sample'
import { fillVolumes, forEachLine, sizeOf, type Shape } from './shape'

export type Axes = readonly [AxisGeometry, AxisGeometry, AxisGeometry]

/** The operator on a grid: with coefficient arrays (`network`), or without where constants and an all-Dirichlet box allow it. */
export interface Discretisation {
  readonly shape: Shape
  readonly axes: Axes
  readonly dimensions: number
  readonly coordinates: Coordinates
  readonly sides: readonly SideNodes[]
  /** Nodes with Dirichlet values, increasing. */
  readonly fixedNodes: Int32Array
  readonly constant?: { readonly diffusion: readonly number[]; readonly reaction: number }
  readonly network?: Network
  /** What the datum g of a natural condition adds to the right-hand side of its node: node, side, index on the side, factor. */
  readonly natural: readonly { readonly side: SideNodes; readonly index: number; readonly node: number; readonly factor: number }[]
}

export interface DiscretiseOptions {
  readonly linear: LinearOperator
  readonly boundary: readonly BoundarySide[]
  readonly grid: Grid
  /** True for a steady problem: the diffusion must be positive at all nodes and half nodes. Otherwise it may vanish, not be negative. */
  readonly elliptic: boolean
}

export function gridCoordinates(grid: Grid): Coordinates {
  const none = new Float64Array(1)
  return [0, 1, 2].map(axis => grid.axes[axis]?.coordinates ?? none) as unknown as Coordinates
}

/**
 * Second-order finite differences in flux form. Control volumes end half-way between nodes (at the boundary itself on the sides); the flux through a
 * face is a at the half node times the difference quotient; a natural condition replaces the flux through the boundary:
 * a ∂ₙu = a (g − β u)/α. Equations are multiplied by their control volume, which keeps the matrix symmetric when b = 0.
 *
 * Throws FaultError `not-elliptic`, `non-finite`, `missing-boundary`, `empty-boundary`.
 */
export function discretise(team: Team, { linear, boundary, grid, elliptic }: DiscretiseOptions, libm: Libm): Discretisation {
  const dimensions = grid.axes.length
  const axes = [0, 1, 2].map(axis => (axis < dimensions ? axisGeometry(grid.axes[axis]) : absentAxis)) as unknown as Axes
  const [nx, ny = 1, nz = 1] = gridShape(grid)
  const shape: Shape = [nx, ny, nz]
  const coordinates = gridCoordinates(grid)
  const sides = sideNodes(boundary, shape, coordinates, dimensions, libm)
  const isFixed = new Uint8Array(sizeOf(shape))
  for (const side of sides) side.nodes.forEach((node, index) => side.alpha[index] === 0 && (isFixed[node] = 1))
  let fixedCount = 0
  for (const fixed of isFixed) fixedCount += fixed
  const fixedNodes = new Int32Array(fixedCount)
  for (let node = 0, at = 0; node < isFixed.length; node++) if (isFixed[node] === 1) fixedNodes[at++] = node
  const common = { shape, axes, dimensions, coordinates, sides, fixedNodes }

  const diffusion = linear.diffusion.map(e => constantValue(e, libm))
  const advection = linear.advection.map(e => constantValue(e, libm))
  const reaction = constantValue(linear.reaction, libm)
  diffusion.forEach((value, axis) => value !== undefined && checkSign(linear.diffusion[axis], value, axis, coordinates.map(c => c[0]), dimensions, elliptic))
  const allFixed = sides.length === 2 * dimensions && sides.every(side => side.nodes.every(node => isFixed[node] === 1))
  const isConstant = diffusion.every(v => v !== undefined) && advection.every(v => v === 0) && reaction !== undefined && reaction >= 0
  if (isConstant && allFixed && dimensions > 1 && diffusion.every(v => v! > 0)) return { ...common, constant: { diffusion: diffusion as number[], reaction: reaction! }, natural: [] }

  const widths = axes.map(controlLengths)
  const kappa = [0, 1, 2].map(axis => {
    const block = team.arena.f64(edgeCount(shape, axis))
    if (axis < dimensions) edges(team, axis, linear.diffusion[axis], diffusion[axis], grid, common, widths, elliptic, libm, block)
    return block
  }) as unknown as [Block, Block, Block]
  const d = team.arena.f64(sizeOf(shape))
  sample(team, linear.reaction, coordinates, dimensions, 0, libm, 'coefficient of the unknown,', d)
  if (reaction !== 0) {
    const reactions = d.view()
    const mark = team.arena.mark()
    const volumes = team.arena.f64(reactions.length).view()
    fillVolumes(shape, widths, volumes)
    for (let node = 0; node < reactions.length; node++) reactions[node] = isFixed[node] ? 0 : reactions[node] * volumes[node]
    team.arena.release(mark)
  }
  const velocity = velocities(team, linear, advection, diffusion, common, libm)
  const natural = naturalConditions(linear, common, widths, velocity.map(block => block.view()), isFixed, d.view(), libm)
  const spans = axes.map(nodeSpans)
  velocity.forEach((block, axis) => {
    // b · volume so far; the central difference divides by the span. At a natural side the derivative is known: no difference there.
    const view = block.view()
    const { periodic, nodes } = axes[axis]
    forEachLine(shape, axis, (start, step) => {
      for (let i = 0; i < nodes && view.length > 0; i++) view[start + i * step] = nodes === 1 || (!periodic && (i === 0 || i === nodes - 1)) ? 0 : view[start + i * step] / spans[axis][i]
    })
  })
  return { ...common, network: createNetwork(team, axes, kappa, d, velocity, node => isFixed[node] === 1), natural }
}

type Common = Pick<Discretisation, 'shape' | 'axes' | 'dimensions' | 'coordinates' | 'sides'>

function checkSign(e: Expression, value: number, axis: number, at: readonly number[], dimensions: number, elliptic: boolean): void {
  if (elliptic ? value > 0 : value >= 0) return
  const point = { x: at[0], y: at[1], z: at[2] }
  const name = dimensions > 1 ? ` along ${'xyz'[axis]}` : ''
  const place = `the diffusion coefficient ${toText(e)}${name} is ${Number(value.toPrecision(6))} at ${pointText(point, dimensions)}.`
  throw new FaultError(elliptic
    ? error('not-elliptic', `The equation is not elliptic where ${toText(e)} <= 0: ${place}`, { where: { path: 'problem.equations[0]' }, tip: 'Keep the diffusion coefficient positive on the whole domain.' })
    : error('not-parabolic', `The evolution is not well posed where ${toText(e)} < 0: ${place}`, { where: { path: 'problem.equations[0]' }, tip: 'Check the sign of the second derivatives.' }))
}

/** κ = a(half node) · (area of the face) / (distance of the nodes), for the edges along one axis; checks the sign of a at half nodes and nodes. */
function edges(team: Team, axis: number, e: Expression, constant: number | undefined, grid: Grid, common: Common, widths: readonly Float64Array[], elliptic: boolean, libm: Libm, block: Block): void {
  const { shape, axes, coordinates, dimensions } = common
  const { lengths, periodic } = axes[axis]
  const nodes = coordinates[axis]
  const view = block.view()
  if (constant !== undefined) view.fill(constant)
  else {
    // The last midpoint of a bounded axis does not exist: the node itself keeps the array's shape, and its edge becomes 0 below.
    const midpoints = Float64Array.from(nodes, (x, i) => (i + 1 < nodes.length ? 0.5 * (x + nodes[i + 1]) : periodic ? 0.5 * (x + grid.axes[axis].upper) : x))
    const halves = coordinates.map((c, a) => (a === axis ? midpoints : c)) as unknown as Coordinates
    const mark = team.arena.mark()
    const nodal = team.arena.f64(view.length)
    const onNodes = nodal.view()
    const what = dimensions > 1 ? `diffusion coefficient along ${'xyz'[axis]},` : 'diffusion coefficient'
    sample(team, e, coordinates, dimensions, 0, libm, what, nodal)
    sample(team, e, halves, dimensions, 0, libm, what, block)
    let least = 0
    for (let i = 1; i < view.length; i++) if (Math.min(view[i], onNodes[i]) < Math.min(view[least], onNodes[least])) least = i
    const point = pointOf(least, shape, view[least] < onNodes[least] ? halves : coordinates)
    const minimum = Math.min(view[least], onNodes[least])
    team.arena.release(mark)
    checkSign(e, minimum, axis, [point.x, point.y, point.z], dimensions, elliptic)
  }
  forEachLine(shape, axis, (start, step, j, k) => {
    const area = widths[(axis + 1) % 3][j] * widths[(axis + 2) % 3][k]
    for (let i = 0; i < shape[axis]; i++) view[start + i * step] = i < lengths.length ? (view[start + i * step] * area) / lengths[i] : 0
  })
}

/** b · volume per axis; nothing when every b is zero or no larger than rounding beside the diffusion (b = ∂a − ∂a may not cancel symbolically). */
function velocities(team: Team, linear: LinearOperator, constant: readonly (number | undefined)[], diffusion: readonly (number | undefined)[], common: Common, libm: Libm): Block[] {
  const { shape, coordinates, dimensions, axes } = common
  if (constant.every(v => v === 0)) return []
  const widths = axes.map(controlLengths)
  const mark = team.arena.mark()
  const blocks = [0, 1, 2].map(axis => team.arena.f64(edgeCount(shape, axis)))
  let matters = false
  for (let axis = 0; axis < dimensions; axis++) {
    const view = blocks[axis].view()
    sample(team, linear.advection[axis], coordinates, dimensions, 0, libm, `velocity along ${'xyz'[axis]},`, blocks[axis])
    const extent = axes[axis].lengths.reduce((a, h) => a + h, 0)
    const scale = diffusion[axis] ?? Math.abs(evaluate(linear.diffusion[axis], pointOf(0, shape, coordinates), libm))
    for (let node = 0; node < view.length; node++) {
      if (Math.abs(view[node]) * extent > 1e-12 * scale) matters = true
      view[node] *= volumeAt(shape, widths, node)
    }
  }
  if (matters) return blocks
  team.arena.release(mark)
  return []
}

/** Natural conditions: flux through the boundary faces and, with advection, the known normal derivative. Adds the parts with u to d. */
function naturalConditions(linear: LinearOperator, common: Common, widths: readonly Float64Array[], momentum: readonly Float64Array[], isFixed: Uint8Array, d: Float64Array, libm: Libm): Discretisation['natural'] {
  const { shape, coordinates, sides } = common
  const natural: { side: SideNodes; index: number; node: number; factor: number }[] = []
  for (const side of sides) {
    const { axis } = side
    side.nodes.forEach((node, index) => {
      if (isFixed[node]) return
      const own = side.end === 'lower' ? widths[axis][0] : widths[axis][widths[axis].length - 1]
      const area = volumeAt(shape, widths, node) / own
      const a = evaluate(linear.diffusion[axis], pointOf(node, shape, coordinates), libm)
      // ∂ₓu = ∓∂ₙu at the lower (upper) end.
      const known = momentum.length > 0 ? (side.end === 'lower' ? momentum[axis][node] : -momentum[axis][node]) : 0
      const factor = (area * a + known) / side.alpha[index]
      d[node] += factor * side.beta[index]
      natural.push({ side, index, node, factor })
    })
  }
  return natural
}
