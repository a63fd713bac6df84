import type { Libm } from '../../expressions/libm'
import type { Grid } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { BoundarySide, LinearOperator } from '../../problems/analysed'
import { controlLengths } from './axis'
import { datumAt, dependsOnTime, pointOf, type SideNodes } from './boundary'
import { discretise, type Discretisation } from './discretise'
import type { EllipticOperator } from './interface'
import { volumeAt } from './network'
import { fillVolumes, nodeGrain, rowGrain, sizeOf } from './shape'

export interface EllipticOperatorOptions {
  readonly linear: LinearOperator
  readonly boundary: readonly BoundarySide[]
  readonly grid: Grid
  /** Time at which the boundary data are evaluated first; 0 by default. */
  readonly time?: number
  /** Positive diffusion required (steady problems); otherwise it may vanish. False by default. */
  readonly elliptic?: boolean
}

/** The operator with its discretisation, as the solvers of this folder use it. */
export interface DiscreteOperator extends EllipticOperator {
  readonly discretisation: Discretisation
  /** What the natural boundary data add to the equations times control volumes; undefined when no side has such a condition. */
  readonly load: Block | undefined
  /** The control volume of every free node when they are all equal. */
  readonly uniformVolume: number | undefined
}

/** Discretises L with its boundary conditions; see interface.ts. Arrays live in the team's arena (mark and release around it). Throws FaultError as `discretise` does. */
export function createEllipticOperator(options: EllipticOperatorOptions, team: Team, libm: Libm): DiscreteOperator {
  const { grid, boundary, time = 0, elliptic = false } = options
  const { arena } = team
  const discretisation = discretise(team, { linear: options.linear, boundary, grid, elliptic }, libm)
  const { shape, axes, constant, network, sides, natural, fixedNodes, coordinates, dimensions } = discretisation
  const size = sizeOf(shape)
  const widths = axes.map(controlLengths)
  const uniformVolume = constant ? axes.reduce((v, axis) => v * (axis.lengths[0] ?? 1), 1) : undefined
  const load = natural.length > 0 ? arena.f64(size) : undefined
  const fixedValues = new Float64Array(fixedNodes.length)
  const rows = shape[1] * shape[2]

  const made: { free?: Block; volumes?: Block; inverseVolumes?: Block; radius?: number } = {}
  const freeNodes = (): Block => {
    if (!made.free) {
      made.free = arena.f64(size)
      const view = made.free.view().fill(1)
      for (const node of fixedNodes) view[node] = 0
    }
    return made.free
  }
  const volumes = (): Block => {
    if (!made.volumes) {
      made.volumes = arena.f64(size)
      fillVolumes(shape, widths, made.volumes.view())
    }
    return made.volumes
  }
  /** 1/volume at free nodes, 0 at fixed ones. */
  const inverseVolumes = (): Block => {
    if (!made.inverseVolumes) {
      const free = freeNodes().view()
      const volume = volumes().view()
      made.inverseVolumes = arena.f64(size)
      const view = made.inverseVolumes.view()
      for (let node = 0; node < size; node++) view[node] = free[node] / volume[node]
    }
    return made.inverseVolumes
  }
  // A time integrator marks and releases around its own arrays: what the operator needs must lie below.
  if (!elliptic) {
    volumes()
    inverseVolumes()
  }

  const datum = (side: SideNodes, index: number, node: number, now: number): number => {
    const { data } = side.pieces[side.piece[index]]
    return data.kind === 'number' && Number.isFinite(data.value) ? data.value : datumAt(side, index, pointOf(node, shape, coordinates, now), dimensions, libm)
  }
  function updateBoundary(now: number): void {
    for (const side of sides) {
      // Both lists are in increasing order.
      let place = 0
      side.nodes.forEach((node, index) => {
        if (side.alpha[index] !== 0) return
        while (fixedNodes[place] < node) place++
        fixedValues[place] = datum(side, index, node, now) / side.beta[index]
      })
    }
    const view = load?.view()
    view?.fill(0)
    for (const { side, index, node, factor } of natural) view![node] += factor * datum(side, index, node, now)
  }
  updateBoundary(time)

  return {
    grid, size, discretisation, load, uniformVolume, updateBoundary,
    symmetric: !network || network.velocity.length === 0,
    timeDependentBoundary: dependsOnTime(boundary),
    get spectralRadius() {
      return (made.radius ??= spectralRadius(discretisation, widths))
    },
    get free() {
      return freeNodes()
    },
    get volumes() {
      return volumes()
    },
    imposeDirichlet(u) {
      const view = u.view()
      fixedNodes.forEach((node, index) => (view[node] = fixedValues[index]))
    },
    apply(u, out) {
      if (network) {
        team.parallel('multigrid.apply', 0, rows, [network.description, u.pointer, out.pointer], { grain: rowGrain(shape) })
        const weights = inverseVolumes().pointer
        if (load) team.parallel('vectors.weightedDifference', 0, size, [weights, out.pointer, load.pointer, out.pointer], { grain: nodeGrain })
        else team.parallel('vectors.multiply', 0, size, [weights, out.pointer, out.pointer], { grain: nodeGrain })
        return
      }
      const h = axes.map(axis => axis.lengths[0] ?? 1)
      const k = axes.map((axis, a) => (axis.nodes === 1 ? 0 : constant!.diffusion[a] / (h[a] * h[a])))
      const diagonal = 2 * (k[0] + k[1] + k[2]) + constant!.reaction
      team.parallel('laplacian.residual', 0, rows, [...shape, ...k, diagonal, u.pointer, 0, out.pointer, 0], { grain: rowGrain(shape) })
    },
  }
}

/** Gershgorin: max over the free nodes of (|diagonal| + Σ |off-diagonal|) / volume. */
function spectralRadius({ shape, axes, constant, network }: Discretisation, widths: readonly Float64Array[]): number {
  if (constant) return axes.reduce((sum, axis, a) => sum + (axis.nodes === 1 ? 0 : (4 * constant.diffusion[a]) / (axis.lengths[0] * axis.lengths[0])), constant.reaction)
  const { kappa, d, velocity, inverse } = network!
  const stride = [1, shape[0], shape[0] * shape[1]]
  const sums = d.view().map(Math.abs)
  for (let axis = 0; axis < 3; axis++) {
    const n = shape[axis]
    if (n === 1) continue
    const k = kappa[axis].view()
    const v = velocity[axis]?.view()
    for (let node = 0; node < sums.length; node++) {
      const next = Math.floor(node / stride[axis]) % n === n - 1 ? node - (n - 1) * stride[axis] : node + stride[axis]
      // Each edge counts in the diagonal and beside it; with v: |κ − v| + |κ + v| = 2 max(κ, |v|).
      sums[node] += 2 * k[node]
      sums[next] += 2 * k[node]
      if (v) sums[node] += 2 * Math.abs(v[node])
    }
  }
  const inv = inverse.view()
  let most = 0
  for (let node = 0; node < sums.length; node++) if (inv[node] !== 0) most = Math.max(most, sums[node] / volumeAt(shape, widths, node))
  return most
}
