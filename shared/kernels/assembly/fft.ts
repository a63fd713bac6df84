import { add, sub, transform, twist } from './_fft-passes'

/**
 * Fast Fourier transforms of lines and columns of arrays; the passes and the plans that they take are in _fft-passes.ts. Complex numbers are interleaved (re, im), one v128 each.
 *
 * Kernels run over units of `chunk` lines (the last may hold fewer, `total` lines in all): scratch is needed per unit, not per line.
 * Pointers are compared with != only, since those above 2 GiB are negative as i32.
 */

// @ts-ignore: decorator
@inline
function conjugate(a: v128): v128 {
  return v128.xor(a, i64x2(0, i64.MIN_VALUE))
}

/** As twist by the conjugate of the factor. */
// @ts-ignore: decorator
@inline
function untwist(a: v128, w: i32): v128 {
  return sub(v128.mul<f64>(a, v128.load(w)), v128.mul<f64>(v128.shuffle<f64>(a, a, 1, 0), v128.load(w, 16)))
}

/** Complex lines in place: line r at data + r·stride numbers. `scratch` holds 3·n numbers per unit. */
export function rows(begin: i32, end: i32, chunk: i32, total: i32, data: i32, stride: i32, plan: i32, scratch: i32, direction: f64): void {
  const bytes = i32(load<f64>(plan)) << 4
  const work = scratch + begin * 3 * bytes
  const last = min(end * chunk, total)
  // A plain sum cannot write where it still reads.
  const copies = load<f64>(plan, 8) == 1
  for (let r = begin * chunk; r < last; r++) {
    const line = data + ((r * stride) << 4)
    if (copies) memory.copy(work, line, bytes)
    transform(plan, copies ? work : line, 16, line, 16, work + bytes, work + 2 * bytes, 1, direction)
  }
}

/**
 * Complex lines across the rows of an array, blocks of `lanes` neighbouring columns at a time. `layout` holds 32-bit integers; distances count complex numbers:
 *   0 source, 4 data (may be the source), 8 and 12 distance between the numbers of a line in source and data, 16 and 20 between outer slabs,
 *   24 groups of columns per slab, 28 distance between groups in both, 32 columns per group, 36 lanes, 40 plan,
 *   44 how many numbers of a line come before a gap and 48 how many the gap leaves out: in the source of an inverse transform (where they are zero), in the data of a forward one,
 *   52 whether lines are copied before they are transformed,
 *   56 quarter turns of a derivative taken on the way (−1: none), 60 its factors by column, 64 by stored number of the line, 68 by group or slab, 72 whether by group.
 * One unit is `chunk` blocks; `scratch` holds 3·n·lanes numbers per unit.
 */
export function columns(begin: i32, end: i32, chunk: i32, total: i32, layout: i32, scratch: i32, direction: f64): void {
  const source = load<i32>(layout)
  const data = load<i32>(layout, 4)
  const pitch = load<i32>(layout, 8) << 4
  const dataPitch = load<i32>(layout, 12) << 4
  const groups = load<i32>(layout, 24)
  const width = load<i32>(layout, 32)
  const lanes = load<i32>(layout, 36)
  const plan = load<i32>(layout, 40)
  const low = load<i32>(layout, 44)
  const gap = load<i32>(layout, 48)
  const turns = load<i32>(layout, 56)
  const n = i32(load<f64>(plan))
  const opens = gap != 0 && direction < 0
  const closes = gap != 0 && direction > 0
  const copies = load<i32>(layout, 52) != 0 || opens || turns >= 0
  const blocks = (width + lanes - 1) / lanes
  const bytes = (n * lanes) << 4
  const work = scratch + begin * 3 * bytes
  const spare = work + 2 * bytes
  const last = min(end * chunk, total)
  for (let unit = begin * chunk; unit < last; unit++) {
    const group = unit / blocks
    const slab = group / groups
    const g = group - slab * groups
    const first = (unit - group * blocks) * lanes
    const count = min(lanes, width - first)
    const row = count << 4
    const from = source + ((slab * load<i32>(layout, 16) + g * load<i32>(layout, 28) + first) << 4)
    const to = data + ((slab * load<i32>(layout, 20) + g * load<i32>(layout, 28) + first) << 4)
    if (copies) {
      const outer = turns < 0 ? 1 : load<f64>(load<i32>(layout, 68) + ((load<i32>(layout, 72) != 0 ? g : slab) << 3))
      gather(from, pitch, spare, row, opens ? low : n, opens ? n - low - gap : 0, gap, turns, load<i32>(layout, 60) + (first << 3), load<i32>(layout, 64), outer)
    }
    // The spare buffer may be read by the first pass and written by the last, but not both in a single pass.
    const result = closes ? (copies ? work + bytes : spare) : to
    transform(plan, copies ? spare : from, copies ? row : pitch, result, closes ? row : dataPitch, work, copies ? spare : work + bytes, count, direction)
    if (!closes) continue
    for (let j = 0; j < n - gap; j++) memory.copy(to + j * dataPitch, result + (j < low ? j : j + gap) * row, row)
  }
}

/** `low` rows of a block, zeros for `gap` rows, then `high` rows; where turns ≥ 0 times i^turns and the factors. */
function gather(from: i32, pitch: i32, to: i32, row: i32, low: i32, high: i32, gap: i32, turns: i32, columnFactors: i32, lineFactors: i32, outer: f64): void {
  const sign = turns & 1 ? f64x2(-1, 1) : f64x2.splat(1)
  for (let j = 0; j < low + high; j++, from += pitch) {
    if (j == low) {
      memory.fill(to, 0, gap * row)
      to += gap * row
    }
    if (turns < 0) {
      memory.copy(to, from, row)
      to += row
      continue
    }
    let f = outer * load<f64>(lineFactors + (j << 3))
    if (turns >= 2) f = -f
    const factor = v128.mul<f64>(sign, f64x2.splat(f))
    const stop = to + row
    let at = from
    let c = columnFactors
    if (turns & 1) {
      for (; to != stop; to += 16, at += 16, c += 8) {
        const value = v128.load(at)
        v128.store(to, v128.mul<f64>(v128.mul<f64>(factor, v128.load64_splat(c)), v128.shuffle<f64>(value, value, 1, 0)))
      }
    } else for (; to != stop; to += 16, at += 16, c += 8) v128.store(to, v128.mul<f64>(v128.mul<f64>(factor, v128.load64_splat(c)), v128.load(at)))
  }
  if (high == 0 && gap != 0) memory.fill(to, 0, gap * row)
}

/**
 * Real lines of length n to their n/2 + 1 (n odd: (n+1)/2) leading Fourier coefficients, of which the first `kept` are stored. Even n: as a complex line of half the
 * length, then X_k = ½(Z_k + Z̄_{h−k}) − ½i e^{−2πik/n}(Z_k − Z̄_{h−k}). `turns` holds w = −½i e^{−2πik/n} for k = 0 … h as (wr, wr, −wi, wi). plan is for n/2 (odd n: n). `scratch` holds 3·n numbers per unit.
 */
export function realForward(begin: i32, end: i32, chunk: i32, total: i32, input: i32, inputStride: i32, output: i32, outputStride: i32, n: i32, kept: i32, plan: i32, turns: i32, scratch: i32): void {
  const work = scratch + begin * 3 * (n << 4)
  const last = min(end * chunk, total)
  const zero = f64x2.splat(0)
  if (n & 1) {
    const bytes = n << 4
    for (let r = begin * chunk; r < last; r++) {
      const line = input + ((r * inputStride) << 3)
      for (let j = 0; j < n; j++) v128.store(work + (j << 4), v128.replace_lane<f64>(zero, 0, load<f64>(line + (j << 3))))
      const result = work + 2 * bytes
      transform(plan, work, 16, result, 16, work + bytes, work, 1, 1)
      memory.copy(output + ((r * outputStride) << 4), result, kept << 4)
    }
    return
  }
  const h = n >> 1
  const bytes = h << 4
  const half = f64x2.splat(0.5)
  for (let r = begin * chunk; r < last; r++) {
    transform(plan, input + ((r * inputStride) << 3), 16, work, 16, work + bytes, work + 2 * bytes, 1, 1)
    const z = work
    const out = output + ((r * outputStride) << 4)
    const re0 = load<f64>(z)
    const im0 = load<f64>(z, 8)
    v128.store(out, v128.replace_lane<f64>(zero, 0, re0 + im0))
    if (h < kept) v128.store(out + (h << 4), v128.replace_lane<f64>(zero, 0, re0 - im0))
    for (let k = 1; 2 * k <= h; k++) {
      const j = h - k
      const a = v128.load(z + (k << 4))
      const b = conjugate(v128.load(z + (j << 4)))
      const even = v128.mul<f64>(half, add(a, b))
      const odd = twist(sub(a, b), turns + (k << 5))
      if (k < kept) v128.store(out + (k << 4), add(even, odd))
      if (j < kept) v128.store(out + (j << 4), conjugate(sub(even, odd)))
    }
  }
}

/** The inverse of `realForward` (plan of the inverse direction), scaled; coefficients from `kept` on are taken as zero. Imaginary parts of the mean and, for even n, of the Nyquist coefficient are ignored. */
export function realInverse(begin: i32, end: i32, chunk: i32, total: i32, input: i32, inputStride: i32, output: i32, outputStride: i32, n: i32, kept: i32, plan: i32, turns: i32, scratch: i32, scale: f64): void {
  const work = scratch + begin * 3 * (n << 4)
  const last = min(end * chunk, total)
  const zero = f64x2.splat(0)
  if (n & 1) {
    const bytes = n << 4
    const factor = f64x2.splat(scale)
    for (let r = begin * chunk; r < last; r++) {
      const line = input + ((r * inputStride) << 4)
      v128.store(work, v128.replace_lane<f64>(zero, 0, scale * load<f64>(line)))
      for (let k = 1; 2 * k < n; k++) {
        const value = k < kept ? v128.mul<f64>(factor, v128.load(line + (k << 4))) : zero
        v128.store(work + (k << 4), value)
        v128.store(work + ((n - k) << 4), conjugate(value))
      }
      const result = work + 2 * bytes
      transform(plan, work, 16, result, 16, work + bytes, work, 1, -1)
      const out = output + ((r * outputStride) << 3)
      for (let j = 0; j < n; j++) store<f64>(out + (j << 3), load<f64>(result + (j << 4)))
    }
    return
  }
  const h = n >> 1
  const bytes = h << 4
  const factor = f64x2.splat(scale)
  const twice = f64x2.splat(2 * scale)
  for (let r = begin * chunk; r < last; r++) {
    const line = input + ((r * inputStride) << 4)
    const re0 = scale * load<f64>(line)
    const reh = h < kept ? scale * load<f64>(line + (h << 4)) : 0
    v128.store(work, v128.replace_lane<f64>(f64x2.splat(re0 + reh), 1, re0 - reh))
    for (let k = 1; 2 * k <= h; k++) {
      const j = h - k
      const a = k < kept ? v128.load(line + (k << 4)) : zero
      const b = j < kept ? conjugate(v128.load(line + (j << 4))) : zero
      const even = v128.mul<f64>(factor, add(a, b))
      // i e^{2πik/n} is twice the conjugate of −½i e^{−2πik/n}.
      const odd = untwist(v128.mul<f64>(twice, sub(a, b)), turns + (k << 5))
      v128.store(work + (k << 4), add(even, odd))
      v128.store(work + (j << 4), conjugate(sub(even, odd)))
    }
    transform(plan, work, 16, output + ((r * outputStride) << 3), 16, work + bytes, work + 2 * bytes, 1, -1)
  }
}
