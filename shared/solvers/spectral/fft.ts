import type { Libm } from '../../expressions/libm'
import type { Block, Pointer, Team } from '../../kernels/team'

/** ∂ˣᵅ∂ʸᵝ∂ᶻᵞ as a factor of Fourier coefficients: i^turns · px[kx] py[ky] pz[kz]. */
export interface Derivative {
  /** Pointers to px, py, pz; absent axes have one entry 1. */
  readonly factors: readonly Pointer[]
  readonly turns: number
}

export type Window = 'none' | 'two-thirds' | 'exponential'

const exponentialFilter = (j: number, n: number, libm: Libm): number => libm.exp(-36 * libm.pow((2 * j) / n, 36))

/** Real fast Fourier transforms on a tensor grid, as kernels of `shared/kernels/assembly/fft.ts` on the team's arena. */
export interface FourierTransform {
  /** Nodes per axis in x, y, z order. */
  readonly shape: readonly number[]
  /** Complex coefficients per axis: nx/2 + 1 (rounded down) along x, all along the others. */
  readonly modes: readonly number[]
  readonly nodes: number
  readonly coefficients: number
  /** û_k = Σ_j u_j e^{−2πi jk/n} of real values [z, y, x] into interleaved complex coefficients [z, y, kx]; zero for the modes that a truncated transform leaves out. */
  forward(values: Pointer, spectrum: Pointer): void
  /** Real values of a spectrum that is Hermitian by construction, or of a derivative of it, divided by the number of nodes: inverse(forward(u)) = u. The spectrum is kept. */
  inverse(spectrum: Pointer, values: Pointer, derivative?: Derivative): void
}

/**
 * Lines per axis may be of any length; prime factors beyond 5 cost their size squared.
 *
 * @param window `two-thirds` keeps only modes with 3|j| < n: `forward` zeroes the others, `inverse` never reads them. `exponential` multiplies what `forward` gives by
 *   exp(−36 (2|j|/n)^36) along each axis (T. Y. Hou, R. Li, J. Comput. Phys. 226 (2007), doi:10.1016/j.jcp.2007.04.014, eq. 2.11)
 */
export function createFourierTransform(team: Team, libm: Libm, shape: readonly number[], window: Window = 'none'): FourierTransform {
  const { arena } = team
  const [nx] = shape
  const halfLength = nx % 2 === 0 ? nx / 2 : nx
  const modes = shape.map((n, a) => (a === 0 ? Math.floor(n / 2) + 1 : n))
  const nodes = shape.reduce((n, m) => n * m, 1)
  const coefficients = modes.reduce((n, m) => n * m, 1)
  const lines = nodes / nx
  const xForward = createPlan(team, libm, halfLength, 1)
  const xInverse = createPlan(team, libm, halfLength, -1)
  const turns = arena.from(interleavedRoots(libm, nx, modes[0]))
  // Waves beyond two thirds are zero: neither computed nor read.
  const zeros = shape.map(n => (window === 'two-thirds' ? zeroRange(n) : { from: n, to: n }))
  const kept = Math.min(modes[0], zeros[0].from)
  const along = shape.slice(1).map((n, i): ColumnAxis => {
    const first = i === 0
    const pitch = first ? modes[0] : modes[0] * modes[1]
    const groups = first ? 1 : modes[1] - (zeros[1].to - zeros[1].from)
    return {
      n, pitch, zero: zeros[i + 1], groups, slab: first ? modes[0] * n : 0, group: modes[0], skipFrom: first ? 1 : zeros[1].from, skipped: first ? 0 : zeros[1].to - zeros[1].from,
      blocks: (first ? shape[2] ?? 1 : groups) * Math.ceil(kept / lanes), forward: createPlan(team, libm, n, 1), inverse: createPlan(team, libm, n, -1),
    }
  })
  const units = (total: number): number => Math.ceil(total / chunkOf(total))
  const scratchLength = Math.max(units(lines) * 6 * nx, ...along.map(axis => units(axis.blocks) * 6 * axis.n * lanes))
  const scratch = arena.f64(scratchLength).pointer
  const work = arena.f64(2 * coefficients).pointer
  const layout = arena.bytes(80)
  const windowAlong = (n: number, a: number): Float64Array => Float64Array.from({ length: a === 0 ? modes[0] : n }, (_, j) => exponentialFilter(Math.min(j, n - j), n, libm))
  const filter = window === 'exponential' ? [0, 1, 2].map(a => arena.from(a < shape.length ? windowAlong(shape[a], a) : [1]).pointer) : undefined
  const rows = (modes[1] ?? 1) * (modes[2] ?? 1)
  const runLines = (kernel: string, total: number, args: readonly number[]): void => {
    const chunk = chunkOf(total)
    team.parallel(kernel, 0, Math.ceil(total / chunk), [chunk, total, ...args])
  }
  const runColumns = (axis: ColumnAxis, source: Pointer, data: Pointer, direction: 1 | -1, derivative?: Derivative): void => {
    const truncated = axis.zero.to > axis.zero.from
    const isY = axis.slab !== 0
    const [px, py, pz] = derivative?.factors ?? [0, 0, 0]
    new Int32Array(arena.memory.buffer, layout, 20).set([
      source, data, axis.pitch, axis.slab, axis.groups, axis.group, axis.skipFrom, axis.skipped, kept, lanes, direction === 1 ? axis.forward.pointer : axis.inverse.pointer, axis.zero.from, axis.zero.to,
      (truncated && direction === -1) || isPlainSum(axis.n) ? 1 : 0, truncated && direction === 1 ? 1 : 0, derivative?.turns ?? -1, px, isY ? py : pz, isY ? pz : py, isY ? 0 : 1,
    ])
    runLines('fft.columns', axis.blocks, [layout, scratch, direction])
  }
  const scaled = (spectrum: Pointer, out: Pointer, factors: readonly Pointer[], quarterTurns: number): void =>
    team.parallel('spectral.differentiate', 0, rows, [spectrum, out, modes[0], modes[1] ?? 1, ...factors, quarterTurns], { grain: Math.ceil(1024 / modes[0]) })
  return {
    shape, modes, nodes, coefficients,
    forward(values, spectrum) {
      runLines('fft.realForward', lines, [values, nx, spectrum, modes[0], nx, kept, xForward.pointer, turns.pointer, scratch])
      for (const axis of along) runColumns(axis, spectrum, spectrum, 1)
      if (filter) scaled(spectrum, spectrum, filter, 0)
    },
    inverse(spectrum, values, derivative) {
      let source = spectrum
      if (along.length === 0 && derivative) {
        scaled(spectrum, work, derivative.factors, derivative.turns)
        source = work
      }
      ;[...along].reverse().forEach((axis, i) => {
        runColumns(axis, source, work, -1, i === 0 ? derivative : undefined)
        source = work
      })
      runLines('fft.realInverse', lines, [source, modes[0], values, nx, nx, kept, xInverse.pointer, turns.pointer, scratch, 1 / nodes])
    },
  }
}

/** Lines along y or z: how the columns of the array [z, y, kx] lie. Distances count complex numbers. */
interface ColumnAxis {
  readonly n: number
  /** From one number of a line to the next. */
  readonly pitch: number
  readonly zero: { readonly from: number; readonly to: number }
  /** Groups of neighbouring columns per slab (lines along z: one per y), of which those from `skipFrom` on leave `skipped` out. */
  readonly groups: number
  readonly slab: number
  readonly group: number
  readonly skipFrom: number
  readonly skipped: number
  /** Blocks of `lanes` columns. */
  readonly blocks: number
  readonly forward: Block
  readonly inverse: Block
}

/** Lines that one plain sum transforms: it cannot write where it still reads, so their numbers are copied first. */
const isPlainSum = (n: number): boolean => n > 5 && radices(n).length === 1 && n !== 8

/** Indices j of n with 3 min(j, n − j) ≥ n. */
function zeroRange(n: number): { readonly from: number; readonly to: number } {
  const from = Math.ceil(n / 3)
  return { from, to: Math.max(from, n - from + 1) }
}

/** Neighbouring columns transformed together: 8 complex numbers fill two cache lines. */
const lanes = 8

/** Lines per unit of parallel work: at most 64 units, each with its own scratch. */
const chunkOf = (total: number): number => Math.ceil(total / 64)

/** Radices of the passes, 8 before 4 before 2 before 3, 5 and the other primes; 16 = 4·4. */
export function radices(n: number): number[] {
  const list: number[] = []
  let rest = n
  for (const radix of [8, 4, 2, 3, 5]) {
    // 16 = 4·4 rather than 8·2.
    while (rest % radix === 0 && !(radix === 8 && rest % 16 === 0 && rest % 32 !== 0)) {
      list.push(radix)
      rest /= radix
    }
  }
  for (let prime = 7; rest > 1; prime += 2) {
    while (rest % prime === 0) {
      list.push(prime)
      rest /= prime
    }
    if (prime * prime > rest && rest > 1) {
      list.push(rest)
      rest = 1
    }
  }
  return list
}

/** The table described in the kernel: e^{∓2πi jk/n} for one complex line length and direction. */
export function createPlan(team: Team, libm: Libm, n: number, direction: 1 | -1): Block {
  const passes = radices(n)
  const values: number[] = [n, passes.length, ...passes]
  while (values.length < 64) values.push(0)
  const put = (numerator: number, denominator: number): void => {
    const [c, s] = unitRoot(libm, numerator, denominator)
    const sine = -direction * s
    values.push(c, c, -sine, sine)
  }
  let m = n
  for (const radix of passes) {
    m /= radix
    if (radix > 5 && radix !== 8) for (let j = 0; j < radix; j++) put(j, radix)
    for (let p = 0; p < m; p++) for (let k = 1; k < radix; k++) put(p * k, radix * m)
  }
  return team.arena.from(values)
}

/** e^{−2πik/n} for k = 0 … count − 1 as (re, im). */
function interleavedRoots(libm: Libm, n: number, count: number): Float64Array {
  const roots = new Float64Array(2 * count)
  for (let k = 0; k < count; k++) {
    const [c, s] = unitRoot(libm, k, n)
    roots[2 * k] = c
    roots[2 * k + 1] = -s
  }
  return roots
}

/** cos and sin of 2πk/n with the argument reduced exactly to the first octant, so that symmetries hold bit for bit. */
export function unitRoot(libm: Libm, k: number, n: number): readonly [number, number] {
  // Eighths of a turn, in units of 1/(8n).
  const position = (8 * (k % n) + 8 * n) % (8 * n)
  const octant = Math.floor(position / n)
  const rest = position - octant * n
  const folded = octant % 2 === 0 ? rest : n - rest
  const angle = (Math.PI / 4) * (folded / n)
  const c = libm.cos(angle)
  const s = libm.sin(angle)
  switch (octant) {
    case 0: return [c, s]
    case 1: return [s, c]
    case 2: return [-s, c]
    case 3: return [-c, s]
    case 4: return [-c, -s]
    case 5: return [-s, -c]
    case 6: return [s, -c]
    default: return [c, -s]
  }
}
