import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'

/**
 * Truncated real Fourier transforms as matrices: F of torch.fft.rfftn (no factor forwards, 1/n backwards, e^{−2πi kj/n}). For the mode counts of neural operators one dense product
 * is faster than a fast transform with complex arithmetic, and it has a gradient everywhere. Complex numbers are pairs (re, im) on an axis of length 2 before what is transformed next.
 */
export interface TransformMatrix {
  readonly values: Float64Array
  readonly shape: readonly [number, number]
}

/** 0 … m−1, then −m … −1: the corner blocks of a full axis. */
export const cornerFrequencies = (modes: number): readonly number[] => Array.from({ length: 2 * modes }, (_, i) => (i < modes ? i : i - 2 * modes))
/** 0 … m−1: the half axis of a real transform. */
export const halfFrequencies = (modes: number): readonly number[] => Array.from({ length: modes }, (_, i) => i)

/** Throws FaultError `operator-modes` where `points` cannot tell the modes apart. */
export function checkModes(modes: number, points: number, half: boolean): void {
  const most = half ? Math.floor(points / 2) + 1 : Math.floor(points / 2)
  if (modes > most) throw new FaultError(error('operator-modes', `${points} points carry at most ${most} modes along this axis, not ${modes}.`, { tip: 'Take fewer modes or a finer grid.' }))
}

function build(rows: number, columns: number, entry: (row: number, column: number) => number): TransformMatrix {
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[i * columns + j] = entry(i, j)
  return { values, shape: [rows, columns] }
}

/** cos and sin of 2π kj/n, from the remainder of kj so that large products lose nothing. */
function circle(n: number, libm: Libm): { readonly cos: (k: number, j: number) => number; readonly sin: (k: number, j: number) => number } {
  const angles = Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n)
  const [cosines, sines] = [angles.map(a => libm.cos(a)), angles.map(a => libm.sin(a))]
  const at = (k: number, j: number): number => (((k * j) % n) + n) % n
  return { cos: (k, j) => cosines[at(k, j)], sin: (k, j) => sines[at(k, j)] }
}

/** Real points to half spectrum: [2·modes, points], rows (k, part). */
export function realForward(modes: number, points: number, libm: Libm): TransformMatrix {
  const { cos, sin } = circle(points, libm)
  return build(2 * modes, points, (row, j) => (row % 2 === 0 ? cos(row >> 1, j) : -sin(row >> 1, j)))
}

/** Half spectrum to real points: [points, 2·modes], columns (k, part). The parts that a real signal does not have (im at k = 0 and n/2) are ignored, as irfft does. */
export function realInverse(modes: number, points: number, libm: Libm): TransformMatrix {
  const { cos, sin } = circle(points, libm)
  return build(points, 2 * modes, (j, column) => {
    const k = column >> 1
    const weight = (k === 0 || 2 * k === points ? 1 : 2) / points
    return column % 2 === 0 ? weight * cos(k, j) : 2 * k === points ? 0 : -weight * sin(k, j)
  })
}

/** Complex points to corner modes: [(k, part), (part, j)]. */
export function complexForward(modes: number, points: number, libm: Libm): TransformMatrix {
  const { cos, sin } = circle(points, libm)
  const ks = cornerFrequencies(modes)
  return build(2 * ks.length, 2 * points, (row, column) => {
    const [k, j] = [ks[row >> 1], column % points]
    return row % 2 === 0 ? (column < points ? cos(k, j) : sin(k, j)) : column < points ? -sin(k, j) : cos(k, j)
  })
}

/** Corner modes to complex points: [(part, j), (k, part)], with 1/n. */
export function complexInverse(modes: number, points: number, libm: Libm): TransformMatrix {
  const { cos, sin } = circle(points, libm)
  const ks = cornerFrequencies(modes)
  return build(2 * points, 2 * ks.length, (row, column) => {
    const [k, j] = [ks[column >> 1], row % points]
    const real = column % 2 === 0
    return (row < points ? (real ? cos(k, j) : -sin(k, j)) : real ? sin(k, j) : cos(k, j)) / points
  })
}
