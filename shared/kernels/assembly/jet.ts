/**
 * First and second derivatives of a grid function by central differences of order 2, on every node of an nx × ny grid (x fastest; ny = 1 in 1-D).
 * Neighbours outside come from ghost values: `left`, `right` hold one per row, `below`, `above` nx + 2 each, corners included.
 * A derivative whose pointer is 0 is not wanted. Factors: 1/(2h) and 1/h² per axis.
 */

// @ts-ignore: decorator
@inline
function at(row: usize, i: i32): usize {
  return row + ((<usize>i) << 3)
}

/** out ← factor (e − w) along the row, w and e the ghosts at its ends. */
function slope(row: usize, n: i32, w: f64, e: f64, factor: f64, out: usize): void {
  store<f64>(out, factor * (load<f64>(at(row, 1)) - w))
  const f = f64x2.splat(factor)
  let i = 1
  for (; i + 2 < n; i += 2) v128.store(at(out, i), f64x2.mul(f, f64x2.sub(v128.load(at(row, i + 1)), v128.load(at(row, i - 1)))))
  for (; i < n - 1; i++) store<f64>(at(out, i), factor * (load<f64>(at(row, i + 1)) - load<f64>(at(row, i - 1))))
  store<f64>(at(out, n - 1), factor * (e - load<f64>(at(row, n - 2))))
}

/** out ← factor ((e − u) − (u − w)). */
function curvature(row: usize, n: i32, w: f64, e: f64, factor: f64, out: usize): void {
  const first = load<f64>(row)
  store<f64>(out, factor * (load<f64>(at(row, 1)) - first - (first - w)))
  const f = f64x2.splat(factor)
  let i = 1
  for (; i + 2 < n; i += 2) {
    const u = v128.load(at(row, i))
    v128.store(at(out, i), f64x2.mul(f, f64x2.sub(f64x2.sub(v128.load(at(row, i + 1)), u), f64x2.sub(u, v128.load(at(row, i - 1))))))
  }
  for (; i < n - 1; i++) {
    const u = load<f64>(at(row, i))
    store<f64>(at(out, i), factor * (load<f64>(at(row, i + 1)) - u - (u - load<f64>(at(row, i - 1)))))
  }
  const last = load<f64>(at(row, n - 1))
  store<f64>(at(out, n - 1), factor * (e - last - (last - load<f64>(at(row, n - 2)))))
}

/** Rows begin … end − 1. */
export function derivatives(
  begin: i32, end: i32, u: usize, nx: i32, ny: i32, left: usize, right: usize, below: usize, above: usize,
  ux: usize, uxx: usize, uy: usize, uyy: usize, uxy: usize, x1: f64, x2: f64, y1: f64, y2: f64,
): void {
  const bytes = (<usize>nx) << 3
  for (let j = begin; j < end; j++) {
    const offset = <usize>j * bytes
    const row = u + offset
    const w = load<f64>(at(left, j))
    const e = load<f64>(at(right, j))
    if (ux) slope(row, nx, w, e, x1, ux + offset)
    if (uxx) curvature(row, nx, w, e, x2, uxx + offset)
    if (!(uy | uyy | uxy)) continue
    const south = j > 0 ? row - bytes : below + 8
    const north = j < ny - 1 ? row + bytes : above + 8
    if (uy) {
      const f = f64x2.splat(y1)
      let i = 0
      for (; i + 2 <= nx; i += 2) v128.store(at(uy + offset, i), f64x2.mul(f, f64x2.sub(v128.load(at(north, i)), v128.load(at(south, i)))))
      for (; i < nx; i++) store<f64>(at(uy + offset, i), y1 * (load<f64>(at(north, i)) - load<f64>(at(south, i))))
    }
    if (uyy) {
      const f = f64x2.splat(y2)
      let i = 0
      for (; i + 2 <= nx; i += 2) {
        const c = v128.load(at(row, i))
        v128.store(at(uyy + offset, i), f64x2.mul(f, f64x2.sub(f64x2.sub(v128.load(at(north, i)), c), f64x2.sub(c, v128.load(at(south, i))))))
      }
      for (; i < nx; i++) {
        const c = load<f64>(at(row, i))
        store<f64>(at(uyy + offset, i), y2 * (load<f64>(at(north, i)) - c - (c - load<f64>(at(south, i)))))
      }
    }
    if (uxy) {
      const factor = x1 * y1
      const out = uxy + offset
      const southWest = j > 0 ? load<f64>(at(left, j - 1)) : load<f64>(below)
      const southEast = j > 0 ? load<f64>(at(right, j - 1)) : load<f64>(at(below, nx + 1))
      const northWest = j < ny - 1 ? load<f64>(at(left, j + 1)) : load<f64>(above)
      const northEast = j < ny - 1 ? load<f64>(at(right, j + 1)) : load<f64>(at(above, nx + 1))
      store<f64>(out, factor * (load<f64>(at(north, 1)) - northWest - (load<f64>(at(south, 1)) - southWest)))
      const f = f64x2.splat(factor)
      let i = 1
      for (; i + 2 < nx; i += 2) {
        const top = f64x2.sub(v128.load(at(north, i + 1)), v128.load(at(north, i - 1)))
        const bottom = f64x2.sub(v128.load(at(south, i + 1)), v128.load(at(south, i - 1)))
        v128.store(at(out, i), f64x2.mul(f, f64x2.sub(top, bottom)))
      }
      for (; i < nx - 1; i++) {
        const top = load<f64>(at(north, i + 1)) - load<f64>(at(north, i - 1))
        const bottom = load<f64>(at(south, i + 1)) - load<f64>(at(south, i - 1))
        store<f64>(at(out, i), factor * (top - bottom))
      }
      store<f64>(at(out, nx - 1), factor * (northEast - load<f64>(at(north, nx - 2)) - (southEast - load<f64>(at(south, nx - 2)))))
    }
  }
}
