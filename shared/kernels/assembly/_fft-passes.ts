/**
 * Passes of fast Fourier transforms, X_k = Σ_j x_j e^{∓2πi jk/n}, of complex lines (interleaved re, im: one v128 per number).
 * Stockham's autosorting algorithm (Cochran et al. 1967; Van Loan 1992, §1.7) with radices 8, 4, 2, 3, 5 and a plain sum for other primes: no bit reversal, unit stride inside.
 *
 * A pass of radix r turns x[k, p, j] into y[p, k, j] for k < r, p < m, j < s: s counts what earlier passes have split off, j the interleaved lines too. The first pass may read, and the last
 * may write, rows at any distance, so that columns of an array are transformed where they lie.
 *
 * A plan is a float64 array made by the host: [n, passes, radix₀ … radix₆₁, tables …]; per pass first, for a radix beyond 5, its radix roots e^{∓2πi j/radix},
 * then for p = 0 … m−1 and k = 1 … radix−1 the twiddle w = e^{∓2πi pk/(radix·m)} as (wr, wr, −wi, wi). Forward and inverse have plans of their own.
 */

/** Bytes before the tables of a plan. */
export const PLAN_HEADER: i32 = 512

// @ts-ignore: decorator
@inline
export function twist(a: v128, w: i32): v128 {
  const swapped = v128.shuffle<f64>(a, a, 1, 0)
  return v128.add<f64>(v128.mul<f64>(a, v128.load(w)), v128.mul<f64>(swapped, v128.load(w, 16)))
}

// @ts-ignore: decorator
@inline
export function rotate(a: v128, rotation: v128): v128 {
  return v128.mul<f64>(v128.shuffle<f64>(a, a, 1, 0), rotation)
}

/** A quarter of a turn: the parts change places, and one of them its sign. */
// @ts-ignore: decorator
@inline
function quarter(a: v128, signs: v128): v128 {
  return v128.xor(v128.shuffle<f64>(a, a, 1, 0), signs)
}

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return v128.add<f64>(a, b)
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return v128.sub<f64>(a, b)
}

/**
 * Transforms `lanes` interleaved lines at once: number j of lane q is at a + j·aPitch + 16 q. Reads `a`, writes `b` (bPitch), with `work` and `more`, n·lanes numbers each, in between.
 * direction 1 forward, −1 inverse (unscaled). `a` may be `b`, except where the only pass is a plain sum; `work` and `more` are neither, but `a` may be `more` when it may be lost.
 */
export function transform(plan: i32, a: i32, aPitch: i32, b: i32, bPitch: i32, work: i32, more: i32, lanes: i32, direction: f64): void {
  const passes = i32(load<f64>(plan, 8))
  // Multiplication by −i (forward) or +i (inverse) is a swap and these signs.
  const rotation = f64x2(direction, -direction)
  const signs = v128.and(rotation, i64x2.splat(i64.MIN_VALUE))
  let m = i32(load<f64>(plan))
  let s = 1
  let table = plan + PLAN_HEADER
  let x = a
  if (passes == 0) {
    if (a != b) memory.copy(b, a, lanes << 4)
    return
  }
  for (let pass = 0; pass < passes; pass++) {
    const radix = i32(load<f64>(plan + 16 + (pass << 3)))
    m /= radix
    const last = pass == passes - 1
    const y = last ? b : x == work ? more : work
    // Rows of s·lanes numbers in between; of `lanes` numbers where rows lie apart.
    const apart = last && bPitch != lanes << 4
    const rows = apart ? s : 1
    const inPitch = pass == 0 ? aPitch : (apart ? lanes : s * lanes) << 4
    const outPitch = apart ? bPitch : (s * lanes) << 4
    const width = (apart ? lanes : s * lanes) << 4
    if (radix == 8) table = pass8(x, y, m, rows, width, inPitch, outPitch, table, signs)
    else if (radix == 4) table = pass4(x, y, m, rows, width, inPitch, outPitch, table, signs)
    else if (radix == 2) table = pass2(x, y, m, rows, width, inPitch, outPitch, table)
    else if (radix == 3) table = pass3(x, y, m, rows, width, inPitch, outPitch, table, rotation)
    else if (radix == 5) table = pass5(x, y, m, rows, width, inPitch, outPitch, table, rotation)
    else table = passAny(x, y, m, rows, width, inPitch, outPitch, table, radix)
    s *= radix
    x = y
  }
}

function pass2(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  for (let p = 0; p < m; p++) {
    const w = table + p * 32
    for (let j = 0; j < rows; j++) {
      let i = x + (p * rows + j) * inPitch
      let o = y + (p * 2 * rows + j) * outPitch
      const end = i + width
      if (p == 0) {
        // All twiddles are 1: the whole last pass, and a part of the others.
        while (i != end) {
          const a0 = v128.load(i)
          const a1 = v128.load(i + step)
          v128.store(o, add(a0, a1))
          v128.store(o + outStep, sub(a0, a1))
          i += 16
          o += 16
        }
        continue
      }
      while (i != end) {
        const a0 = v128.load(i)
        const a1 = v128.load(i + step)
        v128.store(o, add(a0, a1))
        v128.store(o + outStep, twist(sub(a0, a1), w))
        i += 16
        o += 16
      }
    }
  }
  return table + m * 32
}

function pass3(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32, rotation: v128): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  const half = f64x2.splat(0.5)
  const turn = v128.mul<f64>(rotation, f64x2.splat(0.8660254037844386467637231707529362))
  for (let p = 0; p < m; p++) {
    const w = table + p * 64
    for (let j = 0; j < rows; j++) {
      let i = x + (p * rows + j) * inPitch
      let o = y + (p * 3 * rows + j) * outPitch
      const end = i + width
      if (p == 0) {
        // All twiddles are 1: the whole last pass, and a part of the others.
        while (i != end) {
          const a0 = v128.load(i)
          const a1 = v128.load(i + step)
          const a2 = v128.load(i + 2 * step)
          const sum = add(a1, a2)
          const middle = sub(a0, v128.mul<f64>(half, sum))
          const side = rotate(sub(a1, a2), turn)
          v128.store(o, add(a0, sum))
          v128.store(o + outStep, add(middle, side))
          v128.store(o + 2 * outStep, sub(middle, side))
          i += 16
          o += 16
        }
        continue
      }
      while (i != end) {
        const a0 = v128.load(i)
        const a1 = v128.load(i + step)
        const a2 = v128.load(i + 2 * step)
        const sum = add(a1, a2)
        const middle = sub(a0, v128.mul<f64>(half, sum))
        const side = rotate(sub(a1, a2), turn)
        v128.store(o, add(a0, sum))
        v128.store(o + outStep, twist(add(middle, side), w))
        v128.store(o + 2 * outStep, twist(sub(middle, side), w + 32))
        i += 16
        o += 16
      }
    }
  }
  return table + m * 64
}

function pass4(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32, signs: v128): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  for (let p = 0; p < m; p++) {
    const w = table + p * 96
    for (let j = 0; j < rows; j++) {
      let i = x + (p * rows + j) * inPitch
      let o = y + (p * 4 * rows + j) * outPitch
      const end = i + width
      if (p == 0) {
        // All twiddles are 1: the whole last pass, and a part of the others.
        while (i != end) {
          const a0 = v128.load(i)
          const a1 = v128.load(i + step)
          const a2 = v128.load(i + 2 * step)
          const a3 = v128.load(i + 3 * step)
          const even = add(a0, a2)
          const odd = add(a1, a3)
          const evenDifference = sub(a0, a2)
          const oddDifference = quarter(sub(a1, a3), signs)
          v128.store(o, add(even, odd))
          v128.store(o + outStep, add(evenDifference, oddDifference))
          v128.store(o + 2 * outStep, sub(even, odd))
          v128.store(o + 3 * outStep, sub(evenDifference, oddDifference))
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
        const oddDifference = quarter(sub(a1, a3), signs)
        v128.store(o, add(even, odd))
        v128.store(o + outStep, twist(add(evenDifference, oddDifference), w))
        v128.store(o + 2 * outStep, twist(sub(even, odd), w + 32))
        v128.store(o + 3 * outStep, twist(sub(evenDifference, oddDifference), w + 64))
        i += 16
        o += 16
      }
    }
  }
  return table + m * 96
}

function pass5(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32, rotation: v128): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  const c1 = f64x2.splat(0.3090169943749474241022934171828191)
  const c2 = f64x2.splat(-0.8090169943749474241022934171828191)
  const s1 = v128.mul<f64>(rotation, f64x2.splat(0.9510565162951535721164393333793821))
  const s2 = v128.mul<f64>(rotation, f64x2.splat(0.5877852522924731291687059546390728))
  for (let p = 0; p < m; p++) {
    const w = table + p * 128
    for (let j = 0; j < rows; j++) {
      let i = x + (p * rows + j) * inPitch
      let o = y + (p * 5 * rows + j) * outPitch
      const end = i + width
      if (p == 0) {
        // All twiddles are 1: the whole last pass, and a part of the others.
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
          v128.store(o + outStep, add(m1, n1))
          v128.store(o + 2 * outStep, add(m2, n2))
          v128.store(o + 3 * outStep, sub(m2, n2))
          v128.store(o + 4 * outStep, sub(m1, n1))
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
        v128.store(o + outStep, twist(add(m1, n1), w))
        v128.store(o + 2 * outStep, twist(add(m2, n2), w + 32))
        v128.store(o + 3 * outStep, twist(sub(m2, n2), w + 64))
        v128.store(o + 4 * outStep, twist(sub(m1, n1), w + 96))
        i += 16
        o += 16
      }
    }
  }
  return table + m * 128
}

function pass8(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32, signs: v128): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  const root = f64x2.splat(0.7071067811865475244008443621048490)
  for (let p = 0; p < m; p++) {
    const w = table + p * 224
    for (let j = 0; j < rows; j++) {
      let i = x + (p * rows + j) * inPitch
      let o = y + (p * 8 * rows + j) * outPitch
      const end = i + width
      if (p == 0) {
        // All twiddles are 1: the whole last pass, and a part of the others.
        while (i != end) {
          const a0 = v128.load(i)
          const a1 = v128.load(i + step)
          const a2 = v128.load(i + 2 * step)
          const a3 = v128.load(i + 3 * step)
          const a4 = v128.load(i + 4 * step)
          const a5 = v128.load(i + 5 * step)
          const a6 = v128.load(i + 6 * step)
          const a7 = v128.load(i + 7 * step)
          const b0 = add(a0, a4)
          const b1 = sub(a0, a4)
          const b2 = add(a2, a6)
          const b3 = quarter(sub(a2, a6), signs)
          const c0 = add(a1, a5)
          const c1 = sub(a1, a5)
          const c2 = add(a3, a7)
          const c3 = quarter(sub(a3, a7), signs)
          const even0 = add(b0, b2)
          const even2 = sub(b0, b2)
          const even1 = add(b1, b3)
          const even3 = sub(b1, b3)
          const odd0 = add(c0, c2)
          const odd2 = quarter(sub(c0, c2), signs)
          const plain1 = add(c1, c3)
          const plain3 = sub(c1, c3)
          // Eighths of a turn: (1 ∓ i)/√2.
          const odd1 = v128.mul<f64>(root, add(plain1, quarter(plain1, signs)))
          const odd3 = v128.mul<f64>(root, sub(quarter(plain3, signs), plain3))
          v128.store(o, add(even0, odd0))
          v128.store(o + outStep, add(even1, odd1))
          v128.store(o + 2 * outStep, add(even2, odd2))
          v128.store(o + 3 * outStep, add(even3, odd3))
          v128.store(o + 4 * outStep, sub(even0, odd0))
          v128.store(o + 5 * outStep, sub(even1, odd1))
          v128.store(o + 6 * outStep, sub(even2, odd2))
          v128.store(o + 7 * outStep, sub(even3, odd3))
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
        const a4 = v128.load(i + 4 * step)
        const a5 = v128.load(i + 5 * step)
        const a6 = v128.load(i + 6 * step)
        const a7 = v128.load(i + 7 * step)
        const b0 = add(a0, a4)
        const b1 = sub(a0, a4)
        const b2 = add(a2, a6)
        const b3 = quarter(sub(a2, a6), signs)
        const c0 = add(a1, a5)
        const c1 = sub(a1, a5)
        const c2 = add(a3, a7)
        const c3 = quarter(sub(a3, a7), signs)
        const even0 = add(b0, b2)
        const even2 = sub(b0, b2)
        const even1 = add(b1, b3)
        const even3 = sub(b1, b3)
        const odd0 = add(c0, c2)
        const odd2 = quarter(sub(c0, c2), signs)
        const plain1 = add(c1, c3)
        const plain3 = sub(c1, c3)
        // Eighths of a turn: (1 ∓ i)/√2.
        const odd1 = v128.mul<f64>(root, add(plain1, quarter(plain1, signs)))
        const odd3 = v128.mul<f64>(root, sub(quarter(plain3, signs), plain3))
        v128.store(o, add(even0, odd0))
        v128.store(o + outStep, twist(add(even1, odd1), w))
        v128.store(o + 2 * outStep, twist(add(even2, odd2), w + 32))
        v128.store(o + 3 * outStep, twist(add(even3, odd3), w + 64))
        v128.store(o + 4 * outStep, twist(sub(even0, odd0), w + 96))
        v128.store(o + 5 * outStep, twist(sub(even1, odd1), w + 128))
        v128.store(o + 6 * outStep, twist(sub(even2, odd2), w + 160))
        v128.store(o + 7 * outStep, twist(sub(even3, odd3), w + 192))
        i += 16
        o += 16
      }
    }
  }
  return table + m * 224
}

/** radix² operations per output group: right for small primes, slow for large ones. */
function passAny(x: i32, y: i32, m: i32, rows: i32, width: i32, inPitch: i32, outPitch: i32, table: i32, radix: i32): i32 {
  const step = m * rows * inPitch
  const outStep = rows * outPitch
  const roots = table
  const twiddles = table + (radix << 5)
  for (let p = 0; p < m; p++) {
    const w = twiddles + p * ((radix - 1) << 5)
    for (let j = 0; j < rows; j++) {
      for (let q = 0; q < width; q += 16) {
        const i = x + (p * rows + j) * inPitch + q
        const o = y + (p * radix * rows + j) * outPitch + q
        for (let k = 0; k < radix; k++) {
          let sum = v128.load(i)
          let exponent = 0
          for (let l = 1; l < radix; l++) {
            exponent += k
            if (exponent >= radix) exponent -= radix
            sum = add(sum, twist(v128.load(i + l * step), roots + (exponent << 5)))
          }
          v128.store(o + k * outStep, k == 0 ? sum : twist(sum, w + ((k - 1) << 5)))
        }
      }
    }
  }
  return twiddles + ((m * (radix - 1)) << 5)
}
