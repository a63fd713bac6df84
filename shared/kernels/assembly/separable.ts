/**
 * Sine, cosine and Fourier transforms of the lines of an array, and the tridiagonal systems that remain along its last axis: constant-coefficient elliptic difference equations without iteration.
 * Kinds of lines with n nodes, m intervals: 0 values given at both ends (sine, m = n − 1), 1 slopes given at both ends (cosine, m = n − 1), 2 a ring (real Fourier, m = n),
 * 3 value at the first and slope at the last node (quarter-wave sine, m = n − 1), 4 the reverse.
 */
import { realForward, realInverse } from './fft'

// @ts-ignore: decorator
@inline
function at(row: usize, i: i32): usize {
  return row + ((<usize>i) << 3)
}

// @ts-ignore: decorator
@inline
function value(row: usize, i: i32): f64 {
  return load<f64>(at(row, i))
}

/** Neighbouring lines that are gathered together when lines do not lie along x. */
const lanes: i32 = 8

/** One line of `line` in place. `work` holds 2 L + 2 numbers behind the `length` ones, then 3 L for the transform. */
function transformLine(line: usize, n: i32, kind: i32, inverse: bool, length: i32, forwardPlan: i32, inversePlan: i32, turns: i32, sines: usize, scale: f64, work: usize): void {
  const m = kind == 2 ? n : n - 1
  const spectrum = at(work, length + (length & 1))
  const scratch = <i32>at(spectrum, 2 * length + 4)
  const kept = (length >> 1) + 1
  if (kind == 2 && inverse) {
    // 0, Re 1, Im 1, Re 2, Im 2 …, and Re n/2 of an even n.
    store<f64>(spectrum, value(line, 0))
    store<f64>(at(spectrum, 1), 0)
    for (let k = 1; 2 * k < n; k++) {
      store<f64>(at(spectrum, 2 * k), value(line, 2 * k - 1))
      store<f64>(at(spectrum, 2 * k + 1), value(line, 2 * k))
    }
    if (!(n & 1)) {
      store<f64>(at(spectrum, n), value(line, n - 1))
      store<f64>(at(spectrum, n + 1), 0)
    }
    realInverse(0, 1, 1, 1, <i32>spectrum, kept, <i32>work, length, length, kept, inversePlan, turns, scratch, scale)
    memory.copy(line, work, (<usize>n) << 3)
    return
  }
  let first: f64 = 0
  if (kind == 0) {
    store<f64>(work, 0)
    for (let j = 1; j < m; j++) {
      const a = value(line, j)
      const b = value(line, m - j)
      store<f64>(at(work, j), value(sines, j) * (a + b) + 0.5 * (a - b))
    }
  } else if (kind == 1) {
    // `sines` holds sin jπ/m, then cos jπ/m.
    first = 0.5 * (value(line, 0) - value(line, m))
    for (let j = 0; j < m; j++) {
      const a = value(line, j)
      const b = value(line, m - j)
      store<f64>(at(work, j), 0.5 * (a + b) - value(sines, j) * (a - b))
      if (j > 0) first += a * value(sines, m + j)
    }
  } else if (kind == 2) {
    memory.copy(work, line, (<usize>n) << 3)
  } else if (!inverse) {
    // Odd about 0, even about m: four times the length.
    store<f64>(work, 0)
    store<f64>(at(work, 2 * m), 0)
    for (let j = 1; j <= m; j++) {
      const f = value(line, kind == 3 ? j : m - j)
      store<f64>(at(work, j), f)
      store<f64>(at(work, 2 * m - j), f)
      store<f64>(at(work, 2 * m + j), -f)
      store<f64>(at(work, 4 * m - j), -f)
    }
  } else {
    memory.fill(work, 0, (<usize>(4 * m)) << 3)
    for (let k = 1; k <= m; k++) store<f64>(at(work, 2 * k - 1), value(line, kind == 3 ? k : k - 1))
  }
  realForward(0, 1, 1, 1, <i32>work, length, <i32>spectrum, kept, length, kept, forwardPlan, turns, scratch)
  if (kind == 0) {
    store<f64>(line, 0)
    store<f64>(at(line, m), 0)
    let sum = 0.5 * value(spectrum, 0)
    store<f64>(at(line, 1), scale * sum)
    for (let k = 1; 2 * k < m; k++) {
      store<f64>(at(line, 2 * k), -scale * value(spectrum, 2 * k + 1))
      if (2 * k + 1 < m) {
        sum += value(spectrum, 2 * k)
        store<f64>(at(line, 2 * k + 1), scale * sum)
      }
    }
  } else if (kind == 1) {
    store<f64>(line, scale * value(spectrum, 0))
    store<f64>(at(line, 1), scale * first)
    for (let k = 1; 2 * k <= m; k++) {
      store<f64>(at(line, 2 * k), scale * value(spectrum, 2 * k))
      first -= value(spectrum, 2 * k + 1)
      if (2 * k + 1 <= m) store<f64>(at(line, 2 * k + 1), scale * first)
    }
  } else if (kind == 2) {
    store<f64>(line, value(spectrum, 0))
    for (let k = 1; 2 * k < n; k++) {
      store<f64>(at(line, 2 * k - 1), value(spectrum, 2 * k))
      store<f64>(at(line, 2 * k), value(spectrum, 2 * k + 1))
    }
    if (!(n & 1)) store<f64>(at(line, n - 1), value(spectrum, n))
  } else if (!inverse) {
    for (let k = 1; k <= m; k++) store<f64>(at(line, kind == 3 ? k : k - 1), -0.25 * value(spectrum, 2 * (2 * k - 1) + 1))
    store<f64>(kind == 3 ? line : at(line, m), 0)
  } else {
    for (let j = 1; j <= m; j++) store<f64>(at(line, kind == 3 ? j : m - j), -scale * value(spectrum, 2 * j + 1))
    store<f64>(kind == 3 ? line : at(line, m), 0)
  }
}

/**
 * Lines of n nodes, `stride` apart, in place: units begin … end − 1 of `chunk` groups. Lines along x (stride 1): a group is one line. Others: a group is 8 neighbouring columns of one of `slabs` slabs of
 * `width` columns, `slab` numbers apart. `scratch` holds `unit` numbers per unit.
 */
export function lines(
  begin: i32, end: i32, chunk: i32, groups: i32, data: usize, n: i32, stride: i32, width: i32, slab: i32, kind: i32, inverse: i32, length: i32, forwardPlan: i32, inversePlan: i32, turns: i32,
  sines: usize, scale: f64, scratch: usize, unit: i32,
): void {
  for (let u = begin; u < end; u++) {
    const own = at(scratch, u * unit)
    const last = min<i32>((u + 1) * chunk, groups)
    for (let group = u * chunk; group < last; group++) {
      if (stride == 1) {
        transformLine(at(data, group * n), n, kind, inverse != 0, length, forwardPlan, inversePlan, turns, sines, scale, own)
        continue
      }
      const perSlab = (width + lanes - 1) / lanes
      const column = (group % perSlab) * lanes
      const count = min<i32>(lanes, width - column)
      const origin = at(data, (group / perSlab) * slab + column)
      const work = at(own, lanes * n)
      for (let j = 0; j < n; j++) {
        const row = at(origin, j * stride)
        for (let c = 0; c < count; c++) store<f64>(at(own, c * n + j), value(row, c))
      }
      for (let c = 0; c < count; c++) transformLine(at(own, c * n), n, kind, inverse != 0, length, forwardPlan, inversePlan, turns, sines, scale, work)
      for (let j = 0; j < n; j++) {
        const row = at(origin, j * stride)
        for (let c = 0; c < count; c++) store<f64>(at(row, c), value(own, c * n + j))
      }
    }
  }
}

/** Columns whose tridiagonal systems are solved together. */
const block: i32 = 128

/**
 * (2κ + λ_c) u_r − κ u_{r−1} − κ u_{r+1} = f_r in rows first … last of every column c, u = 0 beyond, or the row beyond mirrored (mirrorFirst, mirrorLast). f in place; `ratios` holds as many numbers.
 * A column whose last pivot vanishes (λ = 0, mirrored at both ends) gets 0 in its last row. Blocks begin … end − 1 of 128 columns.
 */
export function tridiagonal(begin: i32, end: i32, f: usize, ratios: usize, columns: i32, first: i32, last: i32, kappa: f64, lambda: usize, mirrorFirst: i32, mirrorLast: i32): void {
  const k = f64x2.splat(kappa)
  const twice = f64x2.splat(2 * kappa)
  const least = f64x2.splat(1e-11 * kappa)
  const one = f64x2.splat(1)
  for (let b = begin; b < end; b++) {
    const from = b * block
    const to = min<i32>(from + block, columns)
    for (let r = first; r <= last; r++) {
      const row = at(f, r * columns)
      const ratio = at(ratios, r * columns)
      const before = at(f, (r - 1) * columns)
      const ratioBefore = at(ratios, (r - 1) * columns)
      const coupling = r == last && mirrorLast ? twice : k
      const ahead = r == first && mirrorFirst ? twice : k
      for (let c = from; c < to; c += 2) {
        const single = c + 1 == to
        let pivot = f64x2.add(twice, single ? v128.load64_splat(at(lambda, c)) : v128.load(at(lambda, c)))
        let right = single ? v128.load64_splat(at(row, c)) : v128.load(at(row, c))
        if (r > first) {
          pivot = f64x2.sub(pivot, f64x2.mul(coupling, single ? v128.load64_splat(at(ratioBefore, c)) : v128.load(at(ratioBefore, c))))
          right = f64x2.add(right, f64x2.mul(coupling, single ? v128.load64_splat(at(before, c)) : v128.load(at(before, c))))
        }
        const inverse = v128.and(f64x2.div(one, pivot), f64x2.gt(pivot, least))
        right = f64x2.mul(right, inverse)
        const next = f64x2.mul(ahead, inverse)
        if (single) {
          store<f64>(at(row, c), f64x2.extract_lane(right, 0))
          store<f64>(at(ratio, c), f64x2.extract_lane(next, 0))
        } else {
          v128.store(at(row, c), right)
          v128.store(at(ratio, c), next)
        }
      }
    }
    for (let r = last - 1; r >= first; r--) {
      const row = at(f, r * columns)
      const ratio = at(ratios, r * columns)
      const after = at(f, (r + 1) * columns)
      let c = from
      for (; c + 2 <= to; c += 2) v128.store(at(row, c), f64x2.add(v128.load(at(row, c)), f64x2.mul(v128.load(at(ratio, c)), v128.load(at(after, c)))))
      if (c < to) store<f64>(at(row, c), value(row, c) + value(ratio, c) * value(after, c))
    }
  }
}

/** f[r, c] ← f[r, c] / (μ_r + λ_c), 0 where that vanishes; rows begin … end − 1. */
export function divide(begin: i32, end: i32, f: usize, columns: i32, mu: usize, lambda: usize, least: f64): void {
  for (let r = begin; r < end; r++) {
    const row = at(f, r * columns)
    const own = value(mu, r)
    for (let c = 0; c < columns; c++) {
      const sum = own + value(lambda, c)
      store<f64>(at(row, c), sum > least ? value(row, c) / sum : 0)
    }
  }
}
