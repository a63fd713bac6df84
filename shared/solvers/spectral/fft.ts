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
  /** Complex coefficients stored per axis: nx/2 + 1 (rounded down) along x, all along the others; under the 2/3 rule those with 3|j| < n. */
  readonly modes: readonly number[]
  readonly nodes: number
  readonly coefficients: number
  /** û_k = Σ_j u_j e^{−2πi jk/n} of real values [z, y, x] into interleaved complex coefficients [z, y, kx]. */
  forward(values: Pointer, spectrum: Pointer): void
  /** Real values of a spectrum that is Hermitian by construction, or of a derivative of it, divided by the number of nodes: inverse(forward(u)) = u. The spectrum is kept. */
  inverse(spectrum: Pointer, values: Pointer, derivative?: Derivative): void
  /** Doubles that `inverseColumns` needs. */
  readonly columnLength: number
  /** The first part of `inverse`, along all axes but x; returns where its result lies (`columns`, or in one dimension perhaps the spectrum). */
  inverseColumns(spectrum: Pointer, columns: Pointer, derivative?: Derivative): Pointer
  /** The second part for lines `from` … `to` − 1 along x; `values` is where line `from` goes. */
  inverseLines(columns: Pointer, values: Pointer, from: number, to: number): void
  /** The first part of `forward` for lines `from` … `to` − 1 along x; `values` is where line `from` lies. */
  forwardLines(values: Pointer, from: number, to: number, spectrum: Pointer): void
  /** The second part, along all other axes. */
  forwardColumns(spectrum: Pointer): void
}

/**
 * Lines per axis may be of any length; prime factors beyond 5 cost their size squared.
 *
 * @param window `two-thirds` keeps only modes with 3|j| < n: no others are stored, computed or read. `exponential` multiplies what `forward` gives by
 *   exp(−36 (2|j|/n)^36) along each axis (T. Y. Hou, R. Li, J. Comput. Phys. 226 (2007), doi:10.1016/j.jcp.2007.04.014, eq. 2.11)
 */
export function createFourierTransform(team: Team, libm: Libm, shape: readonly number[], window: Window = 'none'): FourierTransform {
  const { arena } = team
  const [nx, ny = 1, nz = 1] = shape
  const halfLength = nx % 2 === 0 ? nx / 2 : nx
  const modes = shape.map((n, a) => storedIndices(n, a, window).length)
  const [mx, my = 1] = modes
  const nodes = nx * ny * nz
  const coefficients = modes.reduce((n, m) => n * m, 1)
  const lines = ny * nz
  const xForward = createPlan(team, libm, halfLength, 1)
  const xInverse = createPlan(team, libm, halfLength, -1)
  const turns = arena.from(realTurns(libm, nx, Math.floor(nx / 2) + 1))
  // Where an array is whole along y its slabs hold mx·ny numbers, of which transforms along z use mx·my.
  const along = shape.slice(1).map((n, i): ColumnAxis => {
    const isY = i === 0
    const groups = isY ? 1 : my
    return {
      n, isY, groups, blocks: (isY ? nz : groups) * Math.ceil(mx / lanes), low: Math.ceil(modes[i + 1] / 2), gap: n - modes[i + 1],
      whole: isY ? mx : mx * ny, stored: isY ? mx : mx * my, forward: createPlan(team, libm, n, 1), inverse: createPlan(team, libm, n, -1),
    }
  })
  const gaps = along.some(axis => axis.gap > 0)
  const units = (total: number): number => Math.ceil(total / chunkOf(total, team))
  const scratchLength = Math.max(units(lines) * 6 * nx, ...along.map(axis => units(axis.blocks) * 6 * axis.n * lanes))
  const scratch = arena.f64(scratchLength).pointer
  const columnLength = 2 * mx * ny * nz
  const work = arena.f64(columnLength).pointer
  const layout = arena.bytes(80)
  const filterAlong = (n: number, a: number): Float64Array => storedIndices(n, a, window).map(j => exponentialFilter(Math.abs(j), n, libm))
  const filter = window === 'exponential' ? [0, 1, 2].map(a => arena.from(a < shape.length ? filterAlong(shape[a], a) : [1]).pointer) : undefined
  const rows = (modes[1] ?? 1) * (modes[2] ?? 1)
  const runLines = (kernel: string, total: number, args: readonly number[]): void => {
    const chunk = chunkOf(total, team)
    team.parallel(kernel, 0, Math.ceil(total / chunk), [chunk, total, ...args])
  }
  const runColumns = (axis: ColumnAxis, source: Pointer, data: Pointer, direction: 1 | -1, derivative?: Derivative): void => {
    const { isY, stored, whole } = axis
    const [px, py, pz] = derivative?.factors ?? [0, 0, 0]
    // Only the spectrum itself is stored without the gaps along y; in between slabs keep their distance.
    const [from, to] = isY ? [whole, whole] : direction === 1 ? [whole, stored] : [stored, whole]
    const slab = isY ? mx * ny : 0
    new Int32Array(arena.memory.buffer, layout, 20).set([
      source, data, from, to, slab, slab, axis.groups, mx, mx, lanes, (direction === 1 ? axis.forward : axis.inverse).pointer, axis.low, axis.gap, isPlainSum(axis.n) ? 1 : 0,
      derivative?.turns ?? -1, px, isY ? py : pz, isY ? pz : py, isY ? 0 : 1, 0,
    ])
    runLines('fft.columns', axis.blocks, [layout, scratch, direction])
  }
  const scaled = (spectrum: Pointer, out: Pointer, factors: readonly Pointer[], quarterTurns: number): void =>
    team.parallel('spectral.differentiate', 0, rows, [spectrum, out, mx, modes[1] ?? 1, ...factors, quarterTurns], { grain: Math.ceil(1024 / mx) })
  const inverseColumns = (spectrum: Pointer, columns: Pointer, derivative?: Derivative): Pointer => {
    if (along.length === 0) {
      if (!derivative) return spectrum
      scaled(spectrum, columns, derivative.factors, derivative.turns)
      return columns
    }
    let source = spectrum
    ;[...along].reverse().forEach((axis, i) => {
      runColumns(axis, source, columns, -1, i === 0 ? derivative : undefined)
      source = columns
    })
    return columns
  }
  const inverseLines = (columns: Pointer, values: Pointer, from: number, to: number): void =>
    runLines('fft.realInverse', to - from, [columns + 16 * mx * from, mx, values, nx, nx, mx, xInverse.pointer, turns.pointer, scratch, 1 / nodes])
  const forwardLines = (values: Pointer, from: number, to: number, spectrum: Pointer): void =>
    runLines('fft.realForward', to - from, [values, nx, (gaps ? work : spectrum) + 16 * mx * from, mx, nx, mx, xForward.pointer, turns.pointer, scratch])
  const forwardColumns = (spectrum: Pointer): void => {
    const source = gaps ? work : spectrum
    along.forEach((axis, i) => runColumns(axis, source, i === along.length - 1 ? spectrum : source, 1))
    if (filter) scaled(spectrum, spectrum, filter, 0)
  }
  return {
    shape, modes, nodes, coefficients, columnLength, inverseColumns, inverseLines, forwardLines, forwardColumns,
    forward(values, spectrum) {
      forwardLines(values, 0, lines, spectrum)
      forwardColumns(spectrum)
    },
    inverse: (spectrum, values, derivative) => inverseLines(inverseColumns(spectrum, work, derivative), values, 0, lines),
  }
}

/** Whole numbers j of the modes that are stored along an axis, in order: 0 … along x (real transform), 0 …, then the negative ones along the others. */
export function storedIndices(n: number, axis: number, window: Window): Float64Array {
  const half = Math.floor(n / 2)
  const most = window === 'two-thirds' ? Math.min(half, Math.ceil(n / 3) - 1) : half
  if (axis === 0) return Float64Array.from({ length: most + 1 }, (_, j) => j)
  // The Nyquist mode of an even number stands once, as a positive one.
  const negative = 2 * most === n ? most - 1 : most
  return Float64Array.from({ length: most + 1 + negative }, (_, j) => (j <= most ? j : j - (most + 1 + negative)))
}

/** Lines along y or z of arrays [z, y, kx]. */
interface ColumnAxis {
  readonly n: number
  readonly isY: boolean
  readonly groups: number
  /** Blocks of `lanes` columns. */
  readonly blocks: number
  /** Stored numbers before the gap of the modes that are left out, and its length. */
  readonly low: number
  readonly gap: number
  /** From one number of a line to the next, in complex numbers: where slabs are whole, and in a spectrum. */
  readonly whole: number
  readonly stored: number
  readonly forward: Block
  readonly inverse: Block
}

/** Lines that one plain sum transforms: it cannot write where it still reads, so their numbers are copied first. */
const isPlainSum = (n: number): boolean => n > 5 && radices(n).length === 1 && n !== 8

/** Neighbouring columns transformed together: 16 complex numbers fill four cache lines, and share the twiddles. */
const lanes = 16

/** Lines per unit of parallel work: one unit for each thread, with its own scratch. */
const chunkOf = (total: number, { threads }: Team): number => Math.ceil(total / threads)

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

/** w = −½i e^{−2πik/n} for k = 0 … count − 1 as the kernel takes them: (wr, wr, −wi, wi). */
export function realTurns(libm: Libm, n: number, count: number): Float64Array {
  const turns = new Float64Array(4 * count)
  for (let k = 0; k < count; k++) {
    const [c, s] = unitRoot(libm, k, n)
    turns.set([-s / 2, -s / 2, c / 2, -c / 2], 4 * k)
  }
  return turns
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

/** Fast Fourier transforms of complex numbers [y, x] or [z, y, x], interleaved (re, im), in place. */
export interface ComplexTransform {
  /** X_k = Σ_j x_j e^{−2πi jk/n}. */
  forward(values: Pointer): void
  /** Divided by the number of nodes: inverse(forward(x)) = x. */
  inverse(values: Pointer): void
}

export function createComplexTransform(team: Team, libm: Libm, shape: readonly number[]): ComplexTransform {
  const { arena } = team
  const nodes = shape.reduce((n, m) => n * m, 1)
  const plans = shape.map(n => ({ 1: createPlan(team, libm, n, 1), '-1': createPlan(team, libm, n, -1) }))
  const blocks = shape.map((_, a) => (a === 0 ? nodes / shape[0] : (nodes / (shape[0] * shape[a])) * Math.ceil(shape[0] / lanes)))
  const units = (total: number): number => Math.ceil(total / chunkOf(total, team))
  const scratch = arena.f64(Math.max(...shape.map((n, a) => units(blocks[a]) * 6 * n * (a === 0 ? 1 : lanes)))).pointer
  const layout = arena.bytes(80)
  const run = (values: Pointer, direction: 1 | -1): void => {
    shape.forEach((n, a) => {
      const chunk = chunkOf(blocks[a], team)
      const plan = plans[a][direction].pointer
      if (a === 0) {
        team.parallel('fft.rows', 0, units(blocks[a]), [chunk, blocks[a], values, n, plan, scratch, direction])
        return
      }
      // Along y: one slab per z. Along z: one group of columns per y.
      const [pitch, slab, groups] = a === 1 ? [shape[0], shape[0] * n, 1] : [shape[0] * shape[1], 0, shape[1]]
      new Int32Array(arena.memory.buffer, layout, 20).set([values, values, pitch, pitch, slab, slab, groups, shape[0], shape[0], lanes, plan, n, 0, isPlainSum(n) ? 1 : 0, -1, 0, 0, 0, 0, 0])
      team.parallel('fft.columns', 0, units(blocks[a]), [chunk, blocks[a], layout, scratch, direction])
    })
  }
  return {
    forward: values => run(values, 1),
    inverse(values) {
      run(values, -1)
      team.parallel('vectors.scale', 0, 2 * nodes, [1 / nodes, values, values], { grain: 1024 })
    },
  }
}
