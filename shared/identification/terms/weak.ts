import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import { centresOf, correlate, correlateLine, type Centres, type Pause } from './correlate'
import { linesOf, type Line, type Observations } from './data'
import { productOf, type Term } from './library'
import { bumpDegree, bumpDerivatives, cornerWaveNumber, halfWidthAt, lineSpectrum } from './window'

/** Half widths of the windows in nodes, by axis name and `t`. */
export type HalfWidths = Readonly<Partial<Record<Line['name'], number>>>

/** What the equations are tested with. */
export interface TestFunctions {
  /** Of time, z, y, x: the order of the arrays. */
  readonly centres: readonly Centres[]
  /** kernels[line][order]: ψ and its derivatives at the nodes of a window; `degrees` are their powers p. */
  readonly kernels: readonly (readonly Float64Array[])[]
  readonly degrees: readonly number[]
}

/** Rows are windows (or nodes, in strong form), columns are terms: ∂ₜu_k = Σ_j w_j term_j at every row. */
export interface TermSystem {
  readonly rows: number
  /** In the order of the library. */
  readonly columns: readonly Float64Array[]
  /** Of every unknown: its time derivative. */
  readonly rates: readonly Float64Array[]
}

/** Half widths from the corner of the spectrum along every line (mean over unknowns, each by its own size), where none are given. */
export function chooseHalfWidths(data: Observations, given: HalfWidths, orders: number, libm: Libm): Required<HalfWidths> {
  const lines = linesOf(data)
  const chosen: Partial<Record<Line['name'], number>> = {}
  let inner = data.unknowns[0].values.length
  for (const line of lines) {
    inner /= line.nodes
    const least = (line.name === 't' ? 1 : orders) + 3
    const most = Math.floor((line.nodes - 1) / 4)
    const own = given[line.name]
    const largest = Math.floor((line.nodes - 1) / 2)
    if (own === undefined ? most < least : own > largest) {
      const needed = own === undefined ? 4 * least + 1 : 2 * own + 1
      throw new FaultError(error('terms-too-few-points', `The data have ${line.nodes} values of ${line.name}; windows for derivatives of order ${line.name === 't' ? 1 : orders} ${own === undefined ? '' : `of half width ${own} `}need at least ${needed}.`, { tip: own === undefined ? `Give more values of ${line.name}, or lower the order of derivatives in the library.` : 'Choose narrower windows.' }))
    }
    if (own !== undefined && own < least) throw new FaultError(error('terms-window', `A window of half width ${own} along ${line.name} is too narrow for derivatives of order ${line.name === 't' ? 1 : orders}: at least ${least} are needed.`, { where: { path: `windows.${line.name}` } }))
    chosen[line.name] = own ?? halfWidthAt(corner(data, line, inner, libm), line.nodes, least, most, libm)
  }
  return chosen as Required<HalfWidths>
}

function corner({ unknowns }: Observations, line: Line, inner: number, libm: Libm): number {
  const mean = new Float64Array(Math.floor(line.nodes / 2) + 1)
  for (const { values } of unknowns) {
    const spectrum = lineSpectrum(values, line.nodes, inner, libm)
    const total = spectrum.subarray(1).reduce((a, b) => a + b, 0)
    if (total > 0) spectrum.forEach((a, k) => { mean[k] += a / total })
  }
  return cornerWaveNumber(mean)
}

/** Test functions on windows of these half widths, some thousand of them in all: neighbours overlap, and more would repeat them. */
export function createTestFunctions(data: Observations, halfWidths: Required<HalfWidths>, orders: number, libm: Libm): TestFunctions {
  const lines = linesOf(data)
  const most = [50, 50, 20, 10][lines.length - 1]
  const highest = lines.map(({ name }) => (name === 't' ? 1 : orders))
  const degrees = lines.map(({ name }, k) => bumpDegree(halfWidths[name], highest[k], libm))
  return {
    centres: lines.map(line => centresOf(line, halfWidths[line.name], most)),
    kernels: lines.map((line, k) => bumpDerivatives(halfWidths[line.name], degrees[k], line.spacing, highest[k])),
    degrees,
  }
}

/** Kernels of one term: derivatives moved to ψ, (−1)^|α| ∂^α ψ. `time` is the order in t. */
export function kernelsOf({ kernels }: TestFunctions, orders: readonly number[], time: number): Float64Array[] {
  const byLine = [time, ...[...orders].reverse()]
  const odd = byLine.reduce((a, b) => a + b, 0) % 2 === 1
  return byLine.map((order, k) => (k === 0 && odd ? kernels[k][order].map(value => -value) : kernels[k][order]))
}

/**
 * The weak form ⟨−∂ₜψ, u⟩ = Σ_j w_j ⟨(−1)^|α_j| ∂^{α_j}ψ, u^{p_j}⟩ with every window's ψ, sums by the trapezoidal rule (which is of high order for functions that vanish with many derivatives at their ends).
 *
 * Source: Messenger & Bortz 2021, doi:10.1016/j.jcp.2021.110525, (2.4) and section 3.
 */
export function weakSystem(data: Observations, library: readonly Term[], tests: TestFunctions, pause: Pause): TermSystem {
  const { centres, kernels } = tests
  const size = data.unknowns[0].values.length
  const inTime = new Map<string, Float64Array>()
  const columns = library.map(({ powers, orders }) => {
    const key = powers.join()
    // Space takes the longest time and all derivatives of a product share what time left.
    const shared = inTime.get(key) ?? correlateLine(productOf(data.unknowns, powers), size / centres[0].line.nodes, centres[0], kernels[0][0], pause)
    inTime.set(key, shared)
    const [, ...space] = kernelsOf(tests, orders, 0)
    const odd = orders.reduce((a, b) => a + b, 0) % 2 === 1
    const column = spatial(shared, centres, space, pause)
    return odd ? column.map(value => -value) : column
  })
  const still = data.axes.map(() => 0)
  const rates = data.unknowns.map(({ values }) => correlate(values, centres, kernelsOf(tests, still, 1), pause))
  return { rows: rates[0].length, columns, rates }
}

/** The spatial lines of an array whose time is reduced to centres already. */
function spatial(values: Float64Array, centres: readonly Centres[], kernels: readonly Float64Array[], pause: Pause): Float64Array {
  let [out, inner] = [values, values.length / centres[0].nodes.length]
  for (let k = 1; k < centres.length; k++) {
    inner /= centres[k].line.nodes
    out = correlateLine(out, inner, centres[k], kernels[k - 1], pause)
  }
  return out
}

/** What an equation with these coefficients leaves of ∂ₜu_k in every row, over the root mean square of ∂ₜu_k. */
export function residualsOf({ columns, rates, rows }: TermSystem, k: number, coefficients: readonly number[]): Float64Array {
  const residuals = rates[k].map(value => -value)
  coefficients.forEach((coefficient, j) => {
    if (coefficient !== 0) for (let i = 0; i < rows; i++) residuals[i] += coefficient * columns[j][i]
  })
  const size = Math.sqrt(rates[k].reduce((sum, value) => sum + value * value, 0) / rows) || 1
  return residuals.map(value => value / size)
}
