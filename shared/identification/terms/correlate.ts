import type { Line } from './data'

/** Where the windows of one line stand. */
export interface Centres {
  readonly line: Line
  readonly halfWidth: number
  /** Index of each window's middle node. */
  readonly nodes: readonly number[]
}

/** Evenly spread centres, at most `most`; on a bounded line whole windows lie inside. */
export function centresOf(line: Line, halfWidth: number, most: number): Centres {
  const [first, count] = line.periodic ? [0, line.nodes] : [halfWidth, line.nodes - 2 * halfWidth]
  const step = Math.max(1, Math.ceil(count / most))
  const taken = Math.ceil(count / step)
  // What the last step leaves over is shared by both ends.
  const offset = line.periodic ? 0 : Math.floor((count - 1 - (taken - 1) * step) / 2)
  return { line, halfWidth, nodes: Array.from({ length: taken }, (_, i) => first + offset + i * step) }
}

/**
 * Σ_j kernel[j] · values[centre + j − m] along one line of a C-order array, at its centres: the array's size along that line becomes their number.
 *
 * @param inner numbers between neighbours of the line
 */
export function correlateLine(values: Float64Array, inner: number, { line, halfWidth, nodes }: Centres, kernel: Float64Array, pause: Pause): Float64Array {
  const outer = values.length / (line.nodes * inner)
  const out = new Float64Array(outer * nodes.length * inner)
  const chunk = Math.max(1, Math.floor(work / (inner * kernel.length)))
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < nodes.length; c++) {
      if ((o * nodes.length + c) % chunk === 0) pause()
      const to = (o * nodes.length + c) * inner
      for (let j = 0; j < kernel.length; j++) {
        const from = (o * line.nodes + wrapped(nodes[c] + j - halfWidth, line.nodes)) * inner
        const weight = kernel[j]
        for (let k = 0; k < inner; k++) out[to + k] += weight * values[from + k]
      }
    }
  }
  return out
}

/** The transpose of `correlateLine`: numbers at centres are spread over the nodes of their windows. */
export function spreadLine(values: Float64Array, inner: number, { line, halfWidth, nodes }: Centres, kernel: Float64Array, pause: Pause): Float64Array {
  const outer = values.length / (nodes.length * inner)
  const out = new Float64Array(outer * line.nodes * inner)
  const chunk = Math.max(1, Math.floor(work / (inner * kernel.length)))
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < nodes.length; c++) {
      if ((o * nodes.length + c) % chunk === 0) pause()
      const from = (o * nodes.length + c) * inner
      for (let j = 0; j < kernel.length; j++) {
        const to = (o * line.nodes + wrapped(nodes[c] + j - halfWidth, line.nodes)) * inner
        const weight = kernel[j]
        for (let k = 0; k < inner; k++) out[to + k] += weight * values[from + k]
      }
    }
  }
  return out
}

/** Looks whether the work was cancelled, by throwing. */
export type Pause = () => void

/** Products between two looks: a few milliseconds. */
const work = 2_000_000

const wrapped = (index: number, nodes: number): number => (index < 0 ? index + nodes : index >= nodes ? index - nodes : index)

/** Over all lines, slowest first: one number for every window. */
export function correlate(values: Float64Array, centres: readonly Centres[], kernels: readonly Float64Array[], pause: Pause): Float64Array {
  let [out, inner] = [values, centres.reduce((n, { line }) => n * line.nodes, 1)]
  centres.forEach((own, k) => {
    inner /= own.line.nodes
    out = correlateLine(out, inner, own, kernels[k], pause)
  })
  return out
}

/** The transpose of `correlate`. */
export function spread(values: Float64Array, centres: readonly Centres[], kernels: readonly Float64Array[], pause: Pause): Float64Array {
  let [out, inner] = [values, 1]
  for (let k = centres.length - 1; k >= 0; k--) {
    out = spreadLine(out, inner, centres[k], kernels[k], pause)
    inner *= centres[k].line.nodes
  }
  return out
}
