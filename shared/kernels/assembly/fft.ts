/**
 * Fast Fourier transforms, X_k = Σ_j x_j e^{∓2πi jk/n}, of complex lines (interleaved re, im: one v128 per number).
 * Stockham's autosorting algorithm (Cochran et al. 1967; Van Loan 1992, §1.7) with radices 4, 2, 3, 5 and a plain sum for other primes: no bit reversal, unit stride inside.
 *
 * A plan is a float64 array made by the host: [n, passes, radix₀ … radix₆₁, tables …]; per pass first, for a radix beyond 5, its radix roots e^{∓2πi j/radix},
 * then for p = 0 … m−1 and k = 1 … radix−1 the twiddle w = e^{∓2πi pk/(radix·m)} as (wr, wr, −wi, wi). Forward and inverse have plans of their own.
 */

const PLAN_HEADER: i32 = 512

// @ts-ignore: decorator
@inline
function twist(a: v128, w: i32): v128 {
  const swapped = v128.shuffle<f64>(a, a, 1, 0)
  return v128.add<f64>(v128.mul<f64>(a, v128.load(w)), v128.mul<f64>(swapped, v128.load(w, 16)))
}

// @ts-ignore: decorator
@inline
function rotate(a: v128, rotation: v128): v128 {
  return v128.mul<f64>(v128.shuffle<f64>(a, a, 1, 0), rotation)
}

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return v128.add<f64>(a, b)
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return v128.sub<f64>(a, b)
}

/**
 * Transforms `lanes` interleaved lines at once: number j of lane q is at a[j·lanes + q]. `a` and `b` are two buffers of n·lanes numbers;
 * returns the one that holds the result. direction 1 forward, −1 inverse (unscaled).
 */
function transform(plan: i32, a: i32, b: i32, lanes: i32, direction: f64): i32 {
  const passes = i32(load<f64>(plan, 8))
  // Multiplication by −i (forward) or +i (inverse) is a swap and these signs.
  const rotation = f64x2(direction, -direction)
  let m = i32(load<f64>(plan))
  let s = lanes
  let table = plan + PLAN_HEADER
  for (let pass = 0; pass < passes; pass++) {
    const radix = i32(load<f64>(plan + 16 + (pass << 3)))
    m /= radix
    if (radix == 4) table = pass4(a, b, m, s, table, rotation)
    else if (radix == 2) table = pass2(a, b, m, s, table)
    else if (radix == 3) table = pass3(a, b, m, s, table, rotation)
    else if (radix == 5) table = pass5(a, b, m, s, table, rotation)
    else table = passAny(a, b, m, s, table, radix)
    s *= radix
    const t = a
    a = b
    b = t
  }
  return a
}

function pass2(x: i32, y: i32, m: i32, s: i32, table: i32): i32 {
  const row = s << 4
  for (let p = 0; p < m; p++) {
    const w1 = table + (p << 5)
    let i0 = x + p * row
    let i1 = i0 + m * row
    let o0 = y + 2 * p * row
    const end = i0 + row
    while (i0 != end) {
      const a0 = v128.load(i0)
      const a1 = v128.load(i1)
      v128.store(o0, add(a0, a1))
      v128.store(o0 + row, twist(sub(a0, a1), w1))
      i0 += 16
      i1 += 16
      o0 += 16
    }
  }
  return table + (m << 5)
}

function pass3(x: i32, y: i32, m: i32, s: i32, table: i32, rotation: v128): i32 {
  const row = s << 4
  const half = f64x2.splat(0.5)
  const turn = v128.mul<f64>(rotation, f64x2.splat(0.8660254037844386467637231707529362))
  for (let p = 0; p < m; p++) {
    const w = table + p * 64
    let i = x + p * row
    let o = y + 3 * p * row
    const step = m * row
    const end = i + row
    while (i != end) {
      const a0 = v128.load(i)
      const a1 = v128.load(i + step)
      const a2 = v128.load(i + 2 * step)
      const sum = add(a1, a2)
      const middle = sub(a0, v128.mul<f64>(half, sum))
      const side = rotate(sub(a1, a2), turn)
      v128.store(o, add(a0, sum))
      v128.store(o + row, twist(add(middle, side), w))
      v128.store(o + 2 * row, twist(sub(middle, side), w + 32))
      i += 16
      o += 16
    }
  }
  return table + m * 64
}

function pass4(x: i32, y: i32, m: i32, s: i32, table: i32, rotation: v128): i32 {
  const row = s << 4
  const step = m * row
  for (let p = 0; p < m; p++) {
    const w = table + p * 96
    let i = x + p * row
    let o = y + 4 * p * row
    const end = i + row
    if (p == 0) {
      // All twiddles are 1: the whole last pass, and a quarter to a fortieth of the others.
      while (i != end) {
        const a0 = v128.load(i)
        const a1 = v128.load(i + step)
        const a2 = v128.load(i + 2 * step)
        const a3 = v128.load(i + 3 * step)
        const even = add(a0, a2)
        const odd = add(a1, a3)
        const evenDifference = sub(a0, a2)
        const oddDifference = rotate(sub(a1, a3), rotation)
        v128.store(o, add(even, odd))
        v128.store(o + row, add(evenDifference, oddDifference))
        v128.store(o + 2 * row, sub(even, odd))
        v128.store(o + 3 * row, sub(evenDifference, oddDifference))
        i += 16
        o += 16
      }
      continue
    }
    while (i != end) {
      const a0 = v128.load(i)
      const a1 = v128.load(i + step)
      const a2 = v128.load(i + 2 * step)
      const a3 = v128.load(i + 3 * step)
      const even = add(a0, a2)
      const odd = add(a1, a3)
      const evenDifference = sub(a0, a2)
      const oddDifference = rotate(sub(a1, a3), rotation)
      v128.store(o, add(even, odd))
      v128.store(o + row, twist(add(evenDifference, oddDifference), w))
      v128.store(o + 2 * row, twist(sub(even, odd), w + 32))
      v128.store(o + 3 * row, twist(sub(evenDifference, oddDifference), w + 64))
      i += 16
      o += 16
    }
  }
  return table + m * 96
}

function pass5(x: i32, y: i32, m: i32, s: i32, table: i32, rotation: v128): i32 {
  const row = s << 4
  const step = m * row
  const c1 = f64x2.splat(0.3090169943749474241022934171828191)
  const c2 = f64x2.splat(-0.8090169943749474241022934171828191)
  const s1 = v128.mul<f64>(rotation, f64x2.splat(0.9510565162951535721164393333793821))
  const s2 = v128.mul<f64>(rotation, f64x2.splat(0.5877852522924731291687059546390728))
  for (let p = 0; p < m; p++) {
    const w = table + p * 128
    let i = x + p * row
    let o = y + 5 * p * row
    const end = i + row
    while (i != end) {
      const a0 = v128.load(i)
      const a1 = v128.load(i + step)
      const a2 = v128.load(i + 2 * step)
      const a3 = v128.load(i + 3 * step)
      const a4 = v128.load(i + 4 * step)
      const t1 = add(a1, a4)
      const t2 = add(a2, a3)
      const d1 = sub(a1, a4)
      const d2 = sub(a2, a3)
      const m1 = add(a0, add(v128.mul<f64>(c1, t1), v128.mul<f64>(c2, t2)))
      const m2 = add(a0, add(v128.mul<f64>(c2, t1), v128.mul<f64>(c1, t2)))
      const n1 = add(rotate(d1, s1), rotate(d2, s2))
      const n2 = sub(rotate(d1, s2), rotate(d2, s1))
      v128.store(o, add(a0, add(t1, t2)))
      v128.store(o + row, twist(add(m1, n1), w))
      v128.store(o + 2 * row, twist(add(m2, n2), w + 32))
      v128.store(o + 3 * row, twist(sub(m2, n2), w + 64))
      v128.store(o + 4 * row, twist(sub(m1, n1), w + 96))
      i += 16
      o += 16
    }
  }
  return table + m * 128
}

/** radix² operations per output group: right for small primes, slow for large ones. */
function passAny(x: i32, y: i32, m: i32, s: i32, table: i32, radix: i32): i32 {
  const row = s << 4
  const step = m * row
  const roots = table
  const twiddles = table + (radix << 5)
  for (let p = 0; p < m; p++) {
    const w = twiddles + p * ((radix - 1) << 5)
    for (let q = 0; q < row; q += 16) {
      const i = x + p * row + q
      const o = y + radix * p * row + q
      for (let k = 0; k < radix; k++) {
        let sum = v128.load(i)
        let exponent = 0
        for (let j = 1; j < radix; j++) {
          exponent += k
          if (exponent >= radix) exponent -= radix
          sum = add(sum, twist(v128.load(i + j * step), roots + (exponent << 5)))
        }
        v128.store(o + k * row, k == 0 ? sum : twist(sum, w + ((k - 1) << 5)))
      }
    }
  }
  return twiddles + ((m * (radix - 1)) << 5)
}

/*
 * Kernels below run over units of `chunk` lines (the last may hold fewer, `total` lines in all): scratch is needed per unit, not per line.
 * Pointers are compared with != only, since those above 2 GiB are negative as i32.
 */

/** Complex lines in place: line r at data + r·stride numbers. `scratch` holds 2·n numbers per unit. */
export function rows(begin: i32, end: i32, chunk: i32, total: i32, data: i32, stride: i32, plan: i32, scratch: i32, direction: f64, scale: f64): void {
  const n = i32(load<f64>(plan))
  const bytes = n << 4
  const work = scratch + begin * 2 * bytes
  const factor = f64x2.splat(scale)
  const last = min(end * chunk, total)
  for (let r = begin * chunk; r < last; r++) {
    const line = data + ((r * stride) << 4)
    memory.copy(work, line, bytes)
    const result = transform(plan, work, work + bytes, 1, direction)
    for (let at = 0; at < bytes; at += 16) v128.store(line + at, v128.mul<f64>(factor, v128.load(result + at)))
  }
}

/**
 * Complex lines across the rows of a [outer, n, width] array, in place. One unit of work is a block of `lanes` neighbouring columns of one outer slab;
 * `total` is outer · ⌈width / lanes⌉. `scratch` holds 2·n·lanes numbers per unit.
 */
export function columns(begin: i32, end: i32, chunk: i32, total: i32, data: i32, width: i32, lanes: i32, plan: i32, scratch: i32, direction: f64, scale: f64): void {
  const n = i32(load<f64>(plan))
  const blocks = (width + lanes - 1) / lanes
  const bytes = (n * lanes) << 4
  const work = scratch + begin * 2 * bytes
  const factor = f64x2.splat(scale)
  const last = min(end * chunk, total)
  for (let block = begin * chunk; block < last; block++) {
    const outer = block / blocks
    const first = (block - outer * blocks) * lanes
    const count = min(lanes, width - first)
    const origin = data + ((outer * n * width + first) << 4)
    for (let j = 0; j < n; j++) {
      memory.copy(work + ((j * count) << 4), origin + ((j * width) << 4), count << 4)
    }
    const result = transform(plan, work, work + bytes, count, direction)
    for (let j = 0; j < n; j++) {
      const from = result + ((j * count) << 4)
      const to = origin + ((j * width) << 4)
      for (let q = 0; q < count; q++) v128.store(to + (q << 4), v128.mul<f64>(factor, v128.load(from + (q << 4))))
    }
  }
}

/**
 * Real lines of length n to their n/2 + 1 (n odd: (n+1)/2) leading Fourier coefficients. Even n: as a complex line of half the length, then
 * X_k = ½(Z_k + Z̄_{h−k}) − ½i e^{−2πik/n}(Z_k − Z̄_{h−k}). `turns` holds e^{−2πik/n} for k = 0 … h as (re, im). plan is for n/2 (odd n: n).
 */
export function realForward(begin: i32, end: i32, chunk: i32, total: i32, input: i32, inputStride: i32, output: i32, outputStride: i32, n: i32, plan: i32, turns: i32, scratch: i32): void {
  const work = scratch + begin * (n << 5)
  const last = min(end * chunk, total)
  if (n & 1) {
    const bytes = n << 4
    for (let r = begin * chunk; r < last; r++) {
      const line = input + ((r * inputStride) << 3)
      for (let j = 0; j < n; j++) {
        store<f64>(work + (j << 4), load<f64>(line + (j << 3)))
        store<f64>(work + (j << 4), 0, 8)
      }
      const result = transform(plan, work, work + bytes, 1, 1)
      memory.copy(output + ((r * outputStride) << 4), result, ((n + 1) >> 1) << 4)
    }
    return
  }
  const h = n >> 1
  const bytes = h << 4
  for (let r = begin * chunk; r < last; r++) {
    memory.copy(work, input + ((r * inputStride) << 3), bytes)
    const z = transform(plan, work, work + bytes, 1, 1)
    const out = output + ((r * outputStride) << 4)
    const re0 = load<f64>(z)
    const im0 = load<f64>(z, 8)
    store<f64>(out, re0 + im0)
    store<f64>(out, 0, 8)
    store<f64>(out + (h << 4), re0 - im0)
    store<f64>(out + (h << 4), 0, 8)
    for (let k = 1; 2 * k <= h; k++) {
      const j = h - k
      const ar = load<f64>(z + (k << 4))
      const ai = load<f64>(z + (k << 4), 8)
      const br = load<f64>(z + (j << 4))
      const bi = load<f64>(z + (j << 4), 8)
      const evenRe = 0.5 * (ar + br)
      const evenIm = 0.5 * (ai - bi)
      const oddRe = 0.5 * (ai + bi)
      const oddIm = 0.5 * (br - ar)
      const wr = load<f64>(turns + (k << 4))
      const wi = load<f64>(turns + (k << 4), 8)
      const tr = oddRe * wr - oddIm * wi
      const ti = oddRe * wi + oddIm * wr
      store<f64>(out + (k << 4), evenRe + tr)
      store<f64>(out + (k << 4), evenIm + ti, 8)
      store<f64>(out + (j << 4), evenRe - tr)
      store<f64>(out + (j << 4), ti - evenIm, 8)
    }
  }
}

/** The inverse of `realForward` (plan of the inverse direction), scaled. Imaginary parts of the mean and, for even n, of the Nyquist coefficient are ignored. */
export function realInverse(begin: i32, end: i32, chunk: i32, total: i32, input: i32, inputStride: i32, output: i32, outputStride: i32, n: i32, plan: i32, turns: i32, scratch: i32, scale: f64): void {
  const work = scratch + begin * (n << 5)
  const last = min(end * chunk, total)
  if (n & 1) {
    const bytes = n << 4
    for (let r = begin * chunk; r < last; r++) {
      const line = input + ((r * inputStride) << 4)
      store<f64>(work, load<f64>(line))
      store<f64>(work, 0, 8)
      for (let k = 1; 2 * k < n; k++) {
        const re = load<f64>(line + (k << 4))
        const im = load<f64>(line + (k << 4), 8)
        store<f64>(work + (k << 4), re)
        store<f64>(work + (k << 4), im, 8)
        store<f64>(work + ((n - k) << 4), re)
        store<f64>(work + ((n - k) << 4), -im, 8)
      }
      const result = transform(plan, work, work + bytes, 1, -1)
      const out = output + ((r * outputStride) << 3)
      for (let j = 0; j < n; j++) store<f64>(out + (j << 3), scale * load<f64>(result + (j << 4)))
    }
    return
  }
  const h = n >> 1
  const bytes = h << 4
  const factor = f64x2.splat(2 * scale)
  for (let r = begin * chunk; r < last; r++) {
    const line = input + ((r * inputStride) << 4)
    const re0 = load<f64>(line)
    const reh = load<f64>(line + (h << 4))
    store<f64>(work, 0.5 * (re0 + reh))
    store<f64>(work, 0.5 * (re0 - reh), 8)
    for (let k = 1; 2 * k <= h; k++) {
      const j = h - k
      const ar = load<f64>(line + (k << 4))
      const ai = load<f64>(line + (k << 4), 8)
      const br = load<f64>(line + (j << 4))
      const bi = load<f64>(line + (j << 4), 8)
      const evenRe = 0.5 * (ar + br)
      const evenIm = 0.5 * (ai - bi)
      const differenceRe = 0.5 * (ar - br)
      const differenceIm = 0.5 * (ai + bi)
      const wr = load<f64>(turns + (k << 4))
      const wi = load<f64>(turns + (k << 4), 8)
      // Odd part: conj(w)·difference.
      const oddRe = differenceRe * wr + differenceIm * wi
      const oddIm = differenceIm * wr - differenceRe * wi
      store<f64>(work + (k << 4), evenRe - oddIm)
      store<f64>(work + (k << 4), evenIm + oddRe, 8)
      store<f64>(work + (j << 4), evenRe + oddIm)
      store<f64>(work + (j << 4), oddRe - evenIm, 8)
    }
    const result = transform(plan, work, work + bytes, 1, -1)
    const out = output + ((r * outputStride) << 3)
    for (let at = 0; at < bytes; at += 16) v128.store(out + at, v128.mul<f64>(factor, v128.load(result + at)))
  }
}
