/**
 * Difference formulas on a grid of nx × ny × nz nodes, x fastest: one constant formula at all nodes where it fits, and separate rows (compressed) where it does not.
 * A formula of T terms is a table: T weights (f64), then T triples of node offsets along x, y, z (i32).
 */

// @ts-ignore: decorator
@inline
function at(row: usize, i: i32): usize {
  return row + ((<usize>i) << 3)
}

// @ts-ignore: decorator
@inline
function wrapped(i: i32, n: i32): i32 {
  return i < 0 ? i + n : i >= n ? i - n : i
}

// @ts-ignore: decorator
@inline
function weight(table: usize, term: i32): f64 {
  return load<f64>(at(table, term))
}

// @ts-ignore: decorator
@inline
function offset(offsets: usize, term: i32, axis: i32): i32 {
  return load<i32>(offsets + ((<usize>(3 * term + axis)) << 2))
}

/** The row of u that a term reads at row (j, k), moved by the term's offset along x. */
// @ts-ignore: decorator
@inline
function source(u: usize, offsets: usize, term: i32, j: i32, k: i32, nx: i32, ny: i32, nz: i32): usize {
  const row = wrapped(k + offset(offsets, term, 2), nz) * ny + wrapped(j + offset(offsets, term, 1), ny)
  return at(u + ((<usize>row * <usize>nx) << 3), offset(offsets, term, 0))
}

/** out[i] ← (+) Σ of `count` ≤ 4 terms for from ≤ i < to; count and first are constants at every call. */
// @ts-ignore: decorator
@inline
function span(count: i32, first: bool, from: i32, to: i32, out: usize, a: usize, b: usize, c: usize, d: usize, wa: f64, wb: f64, wc: f64, wd: f64): void {
  const va = f64x2.splat(wa)
  const vb = f64x2.splat(wb)
  const vc = f64x2.splat(wc)
  const vd = f64x2.splat(wd)
  let i = from
  for (; i + 2 <= to; i += 2) {
    let s = f64x2.mul(va, v128.load(at(a, i)))
    if (count > 1) s = f64x2.add(s, f64x2.mul(vb, v128.load(at(b, i))))
    if (count > 2) s = f64x2.add(s, f64x2.mul(vc, v128.load(at(c, i))))
    if (count > 3) s = f64x2.add(s, f64x2.mul(vd, v128.load(at(d, i))))
    if (!first) s = f64x2.add(v128.load(at(out, i)), s)
    v128.store(at(out, i), s)
  }
  if (i < to) {
    let s = wa * load<f64>(at(a, i))
    if (count > 1) s += wb * load<f64>(at(b, i))
    if (count > 2) s += wc * load<f64>(at(c, i))
    if (count > 3) s += wd * load<f64>(at(d, i))
    if (!first) s = load<f64>(at(out, i)) + s
    store<f64>(at(out, i), s)
  }
}

function spanOf(count: i32, first: bool, from: i32, to: i32, out: usize, a: usize, b: usize, c: usize, d: usize, wa: f64, wb: f64, wc: f64, wd: f64): void {
  if (first) {
    if (count == 4) span(4, true, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else if (count == 3) span(3, true, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else if (count == 2) span(2, true, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else span(1, true, from, to, out, a, b, c, d, wa, wb, wc, wd)
  } else {
    if (count == 4) span(4, false, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else if (count == 3) span(3, false, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else if (count == 2) span(2, false, from, to, out, a, b, c, d, wa, wb, wc, wd)
    else span(1, false, from, to, out, a, b, c, d, wa, wb, wc, wd)
  }
}

/** Nodes beside the ends of a periodic x axis. */
function ring(from: i32, to: i32, out: usize, u: usize, table: usize, offsets: usize, terms: i32, j: i32, k: i32, nx: i32, ny: i32, nz: i32): void {
  for (let i = from; i < to; i++) {
    let s: f64 = 0
    for (let term = 0; term < terms; term++) {
      const row = wrapped(k + offset(offsets, term, 2), nz) * ny + wrapped(j + offset(offsets, term, 1), ny)
      s += weight(table, term) * load<f64>(at(u + ((<usize>row * <usize>nx) << 3), wrapped(i + offset(offsets, term, 0), nx)))
    }
    store<f64>(at(out, i), s)
  }
}

/**
 * out ← formula(u) on rows begin … end − 1 (row = k·ny + j) at every node whose neighbours within (rx, ry, rz) are nodes of the grid; `periodic` has bit a set where axis a wraps.
 * Other nodes keep what they have.
 */
export function apply(begin: i32, end: i32, u: usize, out: usize, nx: i32, ny: i32, nz: i32, rx: i32, ry: i32, rz: i32, periodic: i32, terms: i32, table: usize): void {
  const offsets = at(table, terms)
  for (let line = begin; line < end; line++) {
    const j = line % ny
    const k = line / ny
    if (!(periodic & 2) && (j < ry || j >= ny - ry)) continue
    if (!(periodic & 4) && (k < rz || k >= nz - rz)) continue
    const target = out + ((<usize>line * <usize>nx) << 3)
    for (let term = 0; term < terms; term += 4) {
      const count = min<i32>(4, terms - term)
      // Absent terms point at the first: they are never read.
      const tb = count > 1 ? term + 1 : term
      const tc = count > 2 ? term + 2 : term
      const td = count > 3 ? term + 3 : term
      spanOf(
        count, term == 0, rx, nx - rx, target,
        source(u, offsets, term, j, k, nx, ny, nz), source(u, offsets, tb, j, k, nx, ny, nz), source(u, offsets, tc, j, k, nx, ny, nz), source(u, offsets, td, j, k, nx, ny, nz),
        weight(table, term), weight(table, tb), weight(table, tc), weight(table, td),
      )
    }
    if (periodic & 1) {
      ring(0, rx, target, u, table, offsets, terms, j, k, nx, ny, nz)
      ring(nx - rx, nx, target, u, table, offsets, terms, j, k, nx, ny, nz)
    }
  }
}

// @ts-ignore: decorator
@inline
function index(list: usize, i: i32): i32 {
  return load<i32>(list + ((<usize>i) << 2))
}

/** out[target[r]] ← Σ values · u[columns] + Σ slotValues · data[slotColumns] for rows begin … end − 1. */
export function rows(
  begin: i32, end: i32, target: usize, starts: usize, columns: usize, values: usize, slotStarts: usize, slotColumns: usize, slotValues: usize, u: usize, data: usize, out: usize,
): void {
  for (let r = begin; r < end; r++) {
    let s: f64 = 0
    for (let e = index(starts, r), last = index(starts, r + 1); e < last; e++) s += load<f64>(at(values, e)) * load<f64>(at(u, index(columns, e)))
    for (let e = index(slotStarts, r), last = index(slotStarts, r + 1); e < last; e++) s += load<f64>(at(slotValues, e)) * load<f64>(at(data, index(slotColumns, e)))
    store<f64>(at(out, index(target, r)), s)
  }
}

/** out[i] ← weights[i] · from[places[i]] */
export function gather(begin: i32, end: i32, places: usize, from: usize, weights: usize, out: usize): void {
  for (let i = begin; i < end; i++) store<f64>(at(out, i), load<f64>(at(weights, i)) * load<f64>(at(from, index(places, i))))
}

/** out[places[i]] ← out[places[i]] + factor · from[i] */
export function scatterAdd(begin: i32, end: i32, places: usize, factor: f64, from: usize, out: usize): void {
  for (let i = begin; i < end; i++) {
    const target = at(out, index(places, i))
    store<f64>(target, load<f64>(target) + factor * load<f64>(at(from, i)))
  }
}

/** out[places[i]] ← from[i] */
export function place(begin: i32, end: i32, places: usize, from: usize, out: usize): void {
  for (let i = begin; i < end; i++) store<f64>(at(out, index(places, i)), load<f64>(at(from, i)))
}

/** out[places[i]] ← from[sources[i]] */
export function transfer(begin: i32, end: i32, places: usize, sources: usize, from: usize, out: usize): void {
  for (let i = begin; i < end; i++) store<f64>(at(out, index(places, i)), load<f64>(at(from, index(sources, i))))
}
