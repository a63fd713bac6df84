import type { AxisSpan } from '../time/grid'
import { storedIndices, type Window } from './fft'

/** One axis of the Fourier basis e^{ikx}, k = 2πj/L. */
export interface ModeAxis {
  /** Nodes along the axis. */
  readonly nodes: number
  /** Whole numbers j in storage order. */
  readonly indices: Float64Array
  /** 2π/L. */
  readonly unit: number
}

export function modeAxes(axes: readonly AxisSpan[], shape: readonly number[], window: Window = 'none'): ModeAxis[] {
  return axes.map((axis, a) => ({ nodes: shape[a], indices: storedIndices(shape[a], a, window), unit: (2 * Math.PI) / (axis.upper - axis.lower) }))
}

/** k^order per mode. The Nyquist mode of an even number of nodes has no odd derivative: zero there. */
export function powers(axis: ModeAxis, order: number): Float64Array {
  return axis.indices.map(j => {
    if (order % 2 === 1 && 2 * Math.abs(j) === axis.nodes) return 0
    let product = 1
    for (let i = 0; i < order; i++) product *= axis.unit * j
    return product
  })
}

/** Calls `visit(mode, j, l, m)` for every mode in storage order [z, y, x]. */
export function eachMode(axes: readonly ModeAxis[], visit: (mode: number, j: number, l: number, m: number) => void): void {
  const [nx, ny, nz] = [0, 1, 2].map(a => axes[a]?.indices.length ?? 1)
  let mode = 0
  for (let m = 0; m < nz; m++) for (let l = 0; l < ny; l++) for (let j = 0; j < nx; j++) visit(mode++, j, l, m)
}

/** Σ coefficient (ik)^orders of a constant-coefficient operator, interleaved complex [z, y, x]. */
export function symbolOf(axes: readonly ModeAxis[], terms: readonly { readonly orders: readonly [number, number, number]; readonly coefficient: number }[]): Float64Array {
  const modes = axes.reduce((n, axis) => n * axis.indices.length, 1)
  const symbol = new Float64Array(2 * modes)
  for (const { orders, coefficient } of terms) {
    const factors = axes.map((axis, a) => powers(axis, orders[a]))
    const turns = (orders[0] + orders[1] + orders[2]) % 4
    const sign = turns >= 2 ? -coefficient : coefficient
    eachMode(axes, (mode, j, l, m) => {
      symbol[2 * mode + (turns % 2)] += sign * factors[0][j] * (factors[1]?.[l] ?? 1) * (factors[2]?.[m] ?? 1)
    })
  }
  return symbol
}
