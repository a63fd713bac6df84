/** Vector operations on float64 arrays. Pointers are byte offsets; ranges are half-open in elements. Two lanes at a time, the same bits as one by one. */

/** y ← α x + β y */
export function axpby(begin: i32, end: i32, alpha: f64, x: usize, beta: f64, y: usize): void {
  let i = begin
  const a = f64x2.splat(alpha)
  const b = f64x2.splat(beta)
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(y + at, f64x2.add(f64x2.mul(a, v128.load(x + at)), f64x2.mul(b, v128.load(y + at))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(y + at, alpha * load<f64>(x + at) + beta * load<f64>(y + at))
  }
}

/** y ← y + α x */
export function axpy(begin: i32, end: i32, alpha: f64, x: usize, y: usize): void {
  let i = begin
  const a = f64x2.splat(alpha)
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(y + at, f64x2.add(v128.load(y + at), f64x2.mul(a, v128.load(x + at))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(y + at, load<f64>(y + at) + alpha * load<f64>(x + at))
  }
}

/** y ← x */
export function copy(begin: i32, end: i32, x: usize, y: usize): void {
  memory.copy(y + ((<usize>begin) << 3), x + ((<usize>begin) << 3), (<usize>(end - begin)) << 3)
}

/** y ← value */
export function fill(begin: i32, end: i32, value: f64, y: usize): void {
  for (let i = begin; i < end; i++) store<f64>(y + ((<usize>i) << 3), value)
}

/** z ← x y, element by element */
export function multiply(begin: i32, end: i32, x: usize, y: usize, z: usize): void {
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(z + at, f64x2.mul(v128.load(x + at), v128.load(y + at)))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(z + at, load<f64>(x + at) * load<f64>(y + at))
  }
}

/** Σ x y over the piece: even and odd elements apart, then together. */
export function dot(begin: i32, end: i32, x: usize, y: usize): f64 {
  let i = begin
  let sum = f64x2.splat(0)
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    sum = f64x2.add(sum, f64x2.mul(v128.load(x + at), v128.load(y + at)))
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    total += load<f64>(x + at) * load<f64>(y + at)
  }
  return total
}

/** Σ w x y over the piece. */
export function weightedDot(begin: i32, end: i32, w: usize, x: usize, y: usize): f64 {
  let i = begin
  let sum = f64x2.splat(0)
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    sum = f64x2.add(sum, f64x2.mul(v128.load(w + at), f64x2.mul(v128.load(x + at), v128.load(y + at))))
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    total += load<f64>(w + at) * (load<f64>(x + at) * load<f64>(y + at))
  }
  return total
}

/** Σ x over the piece. */
export function sum(begin: i32, end: i32, x: usize): f64 {
  let total: f64 = 0
  for (let i = begin; i < end; i++) total += load<f64>(x + ((<usize>i) << 3))
  return total
}

/** max |x| over the piece; NaN if any element is NaN. Combine with `max`. */
export function maxAbs(begin: i32, end: i32, x: usize): f64 {
  let i = begin
  let most = f64x2.splat(0)
  for (; i + 2 <= end; i += 2) most = f64x2.max(most, f64x2.abs(v128.load(x + ((<usize>i) << 3))))
  let result = max<f64>(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  for (; i < end; i++) result = max<f64>(result, abs<f64>(load<f64>(x + ((<usize>i) << 3))))
  return result
}

/** z ← w (x − y), element by element */
export function weightedDifference(begin: i32, end: i32, w: usize, x: usize, y: usize, z: usize): void {
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(z + at, f64x2.mul(v128.load(w + at), f64x2.sub(v128.load(x + at), v128.load(y + at))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(z + at, load<f64>(w + at) * (load<f64>(x + at) - load<f64>(y + at)))
  }
}

/** y ← α x */
export function scale(begin: i32, end: i32, alpha: f64, x: usize, y: usize): void {
  let i = begin
  const a = f64x2.splat(alpha)
  for (; i + 2 <= end; i += 2) v128.store(y + ((<usize>i) << 3), f64x2.mul(a, v128.load(x + ((<usize>i) << 3))))
  for (; i < end; i++) store<f64>(y + ((<usize>i) << 3), alpha * load<f64>(x + ((<usize>i) << 3)))
}
