import { error, FaultError } from '../../fault'
import { linesOf, type Line, type Observations } from './data'
import { productOf, type Term } from './library'
import type { TermSystem } from './weak'

/**
 * The strong form, for comparison: derivatives by central differences of second order at the nodes whose neighbours all exist. Noise is amplified by h^{−order}, and across a layer of a few
 * nodes differences have no digit right: this is what the weak form avoids. Source of the method: Rudy, Brunton, Proctor & Kutz 2017, doi:10.1126/sciadv.1602614.
 */
export function strongSystem(data: Observations, library: readonly Term[]): TermSystem {
  const lines = linesOf(data)
  const reach = Math.max(1, ...library.flatMap(({ orders }) => orders.map(order => Math.ceil(order / 2))))
  const margins = lines.map(line => (line.name === 't' ? 1 : line.periodic ? 0 : reach))
  lines.forEach((line, k) => {
    if (line.nodes <= 2 * margins[k]) throw new FaultError(error('terms-too-few-points', `The data have ${line.nodes} values of ${line.name}; differences need more than ${2 * margins[k]}.`))
  })
  const inner = interior(lines, margins)
  const take = (values: Float64Array): Float64Array => Float64Array.from(inner, i => values[i])
  const still = data.axes.map(() => 0)
  const columns = library.map(({ powers, orders }) => take(differences(productOf(data.unknowns, powers), lines, [0, ...[...orders].reverse()])))
  const rates = data.unknowns.map(({ values }) => take(differences(values, lines, [1, ...still])))
  return { rows: inner.length, columns, rates }
}

/** Weights of central differences of orders 1 … 6, by composition of δ² and the mean difference. */
function stencil(order: number, spacing: number): Float64Array {
  let weights = [1]
  for (let k = 0; k < Math.floor(order / 2); k++) weights = convolved(weights, [1, -2, 1])
  if (order % 2 === 1) weights = convolved(weights, [-0.5, 0, 0.5])
  const scale = Array.from({ length: order }).reduce<number>(s => s / spacing, 1)
  return Float64Array.from(weights, weight => weight * scale)
}

function convolved(a: readonly number[], b: readonly number[]): number[] {
  const out = new Array<number>(a.length + b.length - 1).fill(0)
  a.forEach((x, i) => b.forEach((y, j) => (out[i + j] += x * y)))
  return out
}

/** Differences along the lines; nodes beyond an end count as zero and are not used. */
function differences(values: Float64Array, lines: readonly Line[], orders: readonly number[]): Float64Array {
  let out = values
  let stride = values.length
  lines.forEach((line, k) => {
    stride /= line.nodes
    if (orders[k] === 0) return
    const weights = stencil(orders[k], line.spacing)
    const reach = (weights.length - 1) / 2
    const next = new Float64Array(out.length)
    for (let i = 0; i < out.length; i++) {
      const own = Math.floor(i / stride) % line.nodes
      for (let j = -reach; j <= reach; j++) {
        const node = own + j
        const wrapped = line.periodic ? (node + line.nodes) % line.nodes : node
        if (wrapped >= 0 && wrapped < line.nodes) next[i] += weights[j + reach] * out[i + (wrapped - own) * stride]
      }
    }
    out = next
  })
  return out
}

/** Indices of the nodes that keep these distances from the ends. */
function interior(lines: readonly Line[], margins: readonly number[]): Int32Array {
  let indices = [0]
  lines.forEach(({ nodes }, k) => {
    const next: number[] = []
    for (const index of indices) for (let i = margins[k]; i < nodes - margins[k]; i++) next.push(index * nodes + i)
    indices = next
  })
  return Int32Array.from(indices)
}
