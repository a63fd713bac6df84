import type { Axis } from '../../fields/field'

/** One axis of a tensor grid as multigrid sees it: interval lengths around the nodes. A missing axis is one node without intervals. */
export interface AxisGeometry {
  readonly nodes: number
  readonly periodic: boolean
  /** nodes − 1 intervals on a bounded axis, `nodes` on a periodic one (the last closes the ring). */
  readonly lengths: Float64Array
}

/** A coarser axis and the linear interpolation between both; see shared/kernels/assembly/transfer.ts for the arrays. */
export interface AxisTransfer {
  readonly coarse: AxisGeometry
  readonly at: Int32Array
  readonly before: Float64Array
  readonly after: Float64Array
  readonly left: Int32Array
  readonly right: Int32Array
  readonly toLeft: Float64Array
  readonly toRight: Float64Array
  /** Every second node is coarse, both ends too, weights ½. */
  readonly regular: boolean
  /** No coarsening along this axis. */
  readonly identity: boolean
}

export const absentAxis: AxisGeometry = { nodes: 1, periodic: false, lengths: new Float64Array(0) }

export function axisGeometry(axis: Axis): AxisGeometry {
  const nodes = axis.coordinates.length
  const intervals = axis.periodic ? nodes : nodes - 1
  return { nodes, periodic: axis.periodic, lengths: new Float64Array(intervals).fill((axis.upper - axis.lower) / intervals) }
}

/** Lengths of the control volumes along one axis: half of both neighbouring intervals; 1 on an absent axis. */
export function controlLengths({ nodes, periodic, lengths }: AxisGeometry): Float64Array {
  if (lengths.length === 0) return new Float64Array(nodes).fill(1)
  return Float64Array.from({ length: nodes }, (_, i) => {
    const west = i > 0 ? lengths[i - 1] : periodic ? lengths[lengths.length - 1] : 0
    const east = i < lengths.length ? lengths[i] : 0
    return 0.5 * (west + east)
  })
}

/** Distance from the previous to the next node (one-sided at the ends): the denominator of a central difference. */
export const nodeSpans = (axis: AxisGeometry): Float64Array => controlLengths(axis).map(w => (axis.lengths.length === 0 ? 1 : 2 * w))

export const canCoarsen = ({ periodic, lengths }: AxisGeometry): boolean => lengths.length > (periodic ? 5 : 2)

/** The same axis on both levels. */
export function identityTransfer(axis: AxisGeometry): AxisTransfer {
  const n = axis.nodes
  const index = Int32Array.from({ length: n }, (_, i) => i)
  const zeros = new Float64Array(n)
  return { coarse: axis, at: index, before: zeros, after: zeros, left: index, right: index, toLeft: new Float64Array(n).fill(1), toRight: zeros, regular: false, identity: true }
}

/** Merges neighbouring intervals in pairs. With an odd number of them the longest (of those that leave whole pairs on both sides) stays single, which keeps lengths within a factor of about two. */
export function coarsenAxis(axis: AxisGeometry): AxisTransfer {
  const { lengths, nodes, periodic } = axis
  const intervals = lengths.length
  let single = -1
  if (intervals % 2 === 1) {
    single = 0
    for (let i = 2; i < intervals; i += 2) if (lengths[i] >= lengths[single]) single = i
  }
  const starts: number[] = []
  const merged: number[] = []
  for (let i = 0; i < intervals; ) {
    const count = i === single ? 1 : 2
    starts.push(i)
    merged.push(count === 1 ? lengths[i] : lengths[i] + lengths[i + 1])
    i += count
  }
  const coarseNodes = periodic ? starts.length : starts.length + 1
  if (!periodic) starts.push(nodes - 1)
  const before = new Float64Array(coarseNodes)
  const after = new Float64Array(coarseNodes)
  const left = new Int32Array(nodes)
  const right = new Int32Array(nodes)
  const toLeft = new Float64Array(nodes)
  const toRight = new Float64Array(nodes)
  for (let I = 0; I < coarseNodes; I++) {
    left[starts[I]] = right[starts[I]] = I
    toLeft[starts[I]] = 1
  }
  for (let I = 0; I < merged.length; I++) {
    const s = starts[I]
    if (s === single) continue
    const next = (I + 1) % coarseNodes
    const weight = lengths[s + 1] / (lengths[s] + lengths[s + 1])
    left[s + 1] = I
    right[s + 1] = next
    after[I] = toLeft[s + 1] = weight
    before[next] = toRight[s + 1] = 1 - weight
  }
  const regular = !periodic && single < 0 && lengths.every(h => h === lengths[0])
  return { coarse: { nodes: coarseNodes, periodic, lengths: Float64Array.from(merged) }, at: Int32Array.from(starts), before, after, left, right, toLeft, toRight, regular, identity: false }
}
