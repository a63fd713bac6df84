import type { Block, Pointer, Team } from '../../kernels/team'
import { controlLengths, nodeSpans, type AxisGeometry } from './axis'
import { fillVolumes, forEachLine, sizeOf, strides, type Shape } from './shape'
import type { Transfer } from './transfer'

type Axes = readonly [AxisGeometry, AxisGeometry, AxisGeometry]

/**
 * The discrete operator as a network: (A u)ᵢ = Σ κ (u_i − u_neighbour) + d u_i + Σ_axes v (u_next − u_previous), equations times control volumes.
 * `kappa[axis][node]` is the edge to the next node along the axis (0 where there is none), `velocity` half the advective flux or empty.
 */
export interface Network {
  readonly axes: Axes
  readonly shape: Shape
  readonly periodic: readonly boolean[]
  readonly kappa: readonly [Block, Block, Block]
  readonly d: Block
  readonly velocity: readonly Block[]
  /** 1/(Σκ + max(d, 0)), 0 at fixed nodes. */
  readonly inverse: Block
  readonly maximumDiagonal: number
  /** Pointer to the words that kernels read. */
  readonly description: Pointer
}

export const shapeOf = (axes: Axes): Shape => [axes[0].nodes, axes[1].nodes, axes[2].nodes]

/** Length of an edge array: kernels read the one along y even on a line, the one along z only in space. */
export const edgeCount = (shape: Shape, axis: number): number => (axis === 2 && shape[2] === 1 ? 0 : sizeOf(shape))

/** Closes a network from its arrays: diagonal, description. `fixed` says which nodes hold Dirichlet values. */
export function createNetwork(team: Team, axes: Axes, kappa: readonly [Block, Block, Block], d: Block, velocity: readonly Block[], isFixed: (node: number) => boolean): Network {
  const shape = shapeOf(axes)
  const size = sizeOf(shape)
  const inverse = team.arena.f64(size)
  const inv = inverse.view()
  addDiagonal(shape, kappa.map(block => block.view()), d.view(), inv)
  let maximumDiagonal = 0
  for (let node = 0; node < size; node++) {
    const sum = inv[node]
    if (isFixed(node)) inv[node] = 0
    else {
      inv[node] = sum > 0 ? 1 / sum : 1
      if (sum > maximumDiagonal) maximumDiagonal = sum
    }
  }
  const words = [...shape, ...kappa.map(block => block.pointer), d.pointer, inverse.pointer, ...[0, 1, 2].map(axis => velocity[axis]?.pointer ?? 0)]
  const description = team.arena.bytes(4 * words.length)
  new Int32Array(team.arena.memory.buffer, description, words.length).set(words)
  // The description's order: nx ny nz kx ky kz d inv vx vy vz.
  return { axes, shape, periodic: axes.map(a => a.periodic), kappa, d, velocity, inverse, maximumDiagonal, description }
}

/** out ← Σκ + max(d, 0) per node. */
function addDiagonal(shape: Shape, kappa: readonly Float64Array[], d: Float64Array, out: Float64Array): void {
  for (let node = 0; node < out.length; node++) out[node] = d[node] > 0 ? d[node] : 0
  for (let axis = 0; axis < 3; axis++) {
    const n = shape[axis]
    if (n === 1) continue
    const edges = kappa[axis]
    forEachLine(shape, axis, (start, step) => {
      const last = start + (n - 1) * step
      let previous = edges[last]
      for (let node = start; node <= last; node += step) {
        const next = edges[node]
        out[node] += previous + next
        previous = next
      }
    })
  }
}

/** The network of constant coefficients on a tensor grid with a fixed boundary. */
export function constantNetwork(team: Team, axes: Axes, diffusion: readonly number[], reaction: number, isFixed: (node: number) => boolean): Network {
  const shape = shapeOf(axes)
  const widths = axes.map(controlLengths)
  const kappa = [0, 1, 2].map(axis => {
    const block = team.arena.f64(edgeCount(shape, axis))
    if (shape[axis] === 1) return block
    const view = block.view()
    const { lengths } = axes[axis]
    forEachLine(shape, axis, (start, step, j, k) => {
      const area = diffusion[axis] * widths[(axis + 1) % 3][j] * widths[(axis + 2) % 3][k]
      for (let i = 0; i < lengths.length; i++) view[start + i * step] = area / lengths[i]
    })
    return block
  }) as unknown as [Block, Block, Block]
  const d = team.arena.f64(sizeOf(shape))
  if (reaction !== 0) {
    const view = d.view()
    fillVolumes(shape, widths, view)
    for (let node = 0; node < view.length; node++) view[node] *= isFixed(node) ? 0 : reaction
  }
  return createNetwork(team, axes, kappa, d, [], isFixed)
}

export function volumeAt(shape: Shape, widths: readonly Float64Array[], node: number): number {
  const i = node % shape[0]
  const j = Math.floor(node / shape[0]) % shape[1]
  const k = Math.floor(node / (shape[0] * shape[1]))
  return widths[0][i] * widths[1][j] * widths[2][k]
}

/**
 * The network on a coarser grid: two edges in a row become one in series (harmonic), lines side by side add up with the weights of
 * restriction, d and advection are restricted. Symmetric and positive like the fine one, and right for coefficients that jump.
 */
export function coarsenNetwork(team: Team, fine: Network, transfer: Transfer): Network {
  const axes = transfer.axes.map(t => t.coarse) as unknown as Axes
  const shape = shapeOf(axes)
  const size = sizeOf(shape)
  const kappa = [0, 1, 2].map(axis => {
    const block = team.arena.f64(edgeCount(shape, axis))
    if (shape[axis] > 1) coarsenEdges(axis, fine, transfer, shape, block.view())
    return block
  }) as unknown as [Block, Block, Block]
  const d = team.arena.f64(size)
  transfer.restrict(fine.d.pointer, d.pointer)
  const velocity = coarsenVelocity(team, fine, transfer, axes, shape)
  const inverseOfFine = fine.inverse.view()
  const fixed = new Uint8Array(size)
  const [ax, ay, az] = transfer.axes
  forEachLine(shape, 0, (start, _step, j, k) => {
    const row = (az.at[k] * fine.shape[1] + ay.at[j]) * fine.shape[0]
    for (let i = 0; i < shape[0]; i++) fixed[start + i] = inverseOfFine[row + ax.at[i]] === 0 ? 1 : 0
  })
  return createNetwork(team, axes, kappa, d, velocity, node => fixed[node] === 1)
}

function coarsenEdges(axis: number, fine: Network, transfer: Transfer, shape: Shape, out: Float64Array): void {
  const edges = fine.kappa[axis].view()
  const fineStride = strides(fine.shape)
  const step = fineStride[axis]
  const [b, c] = [(axis + 1) % 3, (axis + 2) % 3]
  const { at } = transfer.axes[axis]
  const intervals = transfer.axes[axis].coarse.lengths.length
  const isPair = Array.from({ length: intervals }, (_, I) => (I + 1 < at.length ? at[I + 1] : fine.shape[axis]) - at[I] === 2)
  const around = (a: number, I: number): [number, number][] => {
    const t = transfer.axes[a]
    const n = fine.shape[a]
    const lines: [number, number][] = [[t.at[I], 1], [(t.at[I] + n - 1) % n, t.before[I]], [(t.at[I] + 1) % n, t.after[I]]]
    return lines.filter(([, weight]) => weight > 0)
  }
  const aroundB = Array.from({ length: shape[b] }, (_, B) => around(b, B))
  const aroundC = Array.from({ length: shape[c] }, (_, C) => around(c, C))
  forEachLine(shape, axis, (start, coarseStep, B, C) => {
    for (const [k, weightC] of aroundC[C]) {
      for (const [j, weightB] of aroundB[B]) {
        const offset = j * fineStride[b] + k * fineStride[c]
        const weight = weightB * weightC
        for (let I = 0; I < intervals; I++) {
          const first = edges[offset + at[I] * step]
          out[start + I * coarseStep] += weight * (isPair[I] ? inSeries(first, edges[offset + (at[I] + 1) * step]) : first)
        }
      }
    }
  })
}

const inSeries = (a: number, b: number): number => (a > 0 && b > 0 ? (a * b) / (a + b) : 0)

/** Momentum b · volume = v · span is what restricts. */
function coarsenVelocity(team: Team, fine: Network, transfer: Transfer, axes: Axes, shape: Shape): Block[] {
  return fine.velocity.map((block, axis) => {
    const out = team.arena.f64(sizeOf(shape))
    const mark = team.arena.mark()
    const momentum = team.arena.f64(sizeOf(fine.shape))
    scaleBySpan(block.view(), momentum.view(), fine.shape, axis, nodeSpans(fine.axes[axis]))
    transfer.restrict(momentum.pointer, out.pointer)
    team.arena.release(mark)
    const view = out.view()
    scaleBySpan(view, view, shape, axis, nodeSpans(axes[axis]).map(span => 1 / span))
    return out
  })
}

function scaleBySpan(from: Float64Array, to: Float64Array, shape: Shape, axis: number, factors: Float64Array): void {
  forEachLine(shape, axis, (start, step) => {
    for (let i = 0; i < factors.length; i++) to[start + i * step] = from[start + i * step] * factors[i]
  })
}

/**
 * A copy with enough diffusion that no off-diagonal entry is positive (upwind where the cell Péclet number exceeds 2): for preconditioning only,
 * where smoothing must not amplify. Returns the network itself when it needs none. d counts with its absolute value: for Helmholtz
 * problems −Δu − k²u that is the shifted Laplacian −Δ + k² (Laird & Giles 2002; Erlangga 2008, doi:10.1007/s11831-007-9013-7).
 */
export function stabilised(team: Team, network: Network): Network {
  const { shape, velocity } = network
  const negative = network.d.view().some(value => value < 0)
  const kappa = network.kappa.map((block, axis) => {
    if (velocity.length === 0 || shape[axis] === 1) return block
    const v = velocity[axis].view()
    const k = block.view()
    const step = strides(shape)[axis]
    const n = shape[axis]
    let copy: Float64Array | undefined
    let result = block
    for (let node = 0; node < k.length; node++) {
      const i = Math.floor(node / step) % n
      const next = i === n - 1 ? node - (n - 1) * step : node + step
      if (i === n - 1 && !network.periodic[axis]) continue
      const needed = Math.max(v[node], -v[next])
      if (needed <= k[node]) continue
      if (!copy) {
        result = team.arena.from(k)
        copy = result.view()
      }
      copy[node] = needed
    }
    return result
  }) as unknown as [Block, Block, Block]
  if (!negative && kappa.every((block, axis) => block === network.kappa[axis])) return network
  let d = network.d
  if (negative) d = team.arena.from(network.d.view().map(value => Math.abs(value)))
  const inverse = network.inverse.view()
  return createNetwork(team, network.axes, kappa, d, velocity, node => inverse[node] === 0)
}

/** Mean conductance per axis over the edges: the grid is coarsened only along axes that couple strongly. */
export function meanConductance(network: Network): number[] {
  return network.kappa.map((block, axis) => {
    if (network.shape[axis] === 1) return 0
    const view = block.view()
    let total = 0
    for (let i = 0; i < view.length; i++) total += view[i]
    return total / view.length
  })
}
