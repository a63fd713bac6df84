/**
 * Transfer between a fine tensor grid and a coarse one whose nodes are some of the fine nodes. Along one axis an interval of the coarse grid is one
 * fine interval or two; a fine node that is not coarse takes the linear interpolant of the coarse nodes on both sides.
 *
 * Per axis, for each coarse node J: `at` (i32) its fine node, `before` and `after` (f64) the weights with which the fine nodes at − 1 and at + 1 see
 * J (0 when those are coarse themselves or do not exist). Per axis, for each fine node: `left`, `right` (i32) coarse nodes, `toLeft`, `toRight` (f64)
 * their weights (1, 0 at a coarse node). A transfer is described by 32-bit words: fine nx, ny, nz, coarse nx, ny, nz, then per axis at, before, after, left, right, toLeft,
 * toRight; then 1 if x is halved regularly, so that fine 2I is coarse I.
 */
// @ts-ignore: decorator
@inline function word(t: usize, index: usize): i32 {
  return load<i32>(t + (index << 2))
}
// @ts-ignore: decorator
@inline function array(t: usize, axis: usize, which: usize): usize {
  return <usize>load<u32>(t + ((6 + axis * 7 + which) << 2))
}
// @ts-ignore: decorator
@inline function f64At(a: usize, i: usize): f64 {
  return load<f64>(a + (i << 3))
}
// @ts-ignore: decorator
@inline function i32Of(a: usize, i: usize): i32 {
  return load<i32>(a + (i << 2))
}

/** Adds weight · (restriction along x of one fine row) to a coarse row; the first contribution stores. */
function addRow(t: usize, weight: f64, fine: usize, coarse: usize, first: bool): void {
  const nx = word(t, 0)
  const count = word(t, 3)
  const at = array(t, 0, 0)
  const before = array(t, 0, 1)
  const after = array(t, 0, 2)
  for (let I = 0; I < count; I++) {
    const i = i32Of(at, I)
    const previous = i == 0 ? nx - 1 : i - 1
    const next = i == nx - 1 ? 0 : i + 1
    const value = weight * (f64At(fine, i) + (f64At(before, I) * f64At(fine, previous) + f64At(after, I) * f64At(fine, next)))
    const target = coarse + ((<usize>I) << 3)
    store<f64>(target, first ? value : load<f64>(target) + value)
  }
}

/** coarse ← Pᵀ fine. Ranges are coarse rows. */
export function restrict(begin: i32, end: i32, t: usize, fine: usize, coarse: usize): void {
  const nx = word(t, 0)
  const ny = word(t, 1)
  const nz = word(t, 2)
  const countX = word(t, 3)
  const countY = word(t, 4)
  for (let row = begin; row < end; row++) {
    const J = row % countY
    const K = row / countY
    const target = coarse + ((<usize>(row * countX)) << 3)
    const j0 = i32Of(array(t, 1, 0), J)
    const k0 = i32Of(array(t, 2, 0), K)
    let first = true
    for (let dk = -1; dk <= 1; dk++) {
      const wz = dk == 0 ? 1 : f64At(array(t, 2, dk < 0 ? 1 : 2), K)
      if (wz == 0) continue
      const k = (k0 + dk + nz) % nz
      for (let dj = -1; dj <= 1; dj++) {
        const wy = dj == 0 ? 1 : f64At(array(t, 1, dj < 0 ? 1 : 2), J)
        if (wy == 0) continue
        const j = (j0 + dj + ny) % ny
        addRow(t, wz * wy, fine + ((<usize>((k * ny + j) * nx)) << 3), target, first)
        first = false
      }
    }
  }
}

/** target[i] (+)= weight · P(coarse row)[i], only where `inv` ≠ 0 (pass inv = 0 for everywhere). */
function spreadRow(t: usize, weight: f64, coarse: usize, inv: usize, target: usize): void {
  const nx = word(t, 0)
  if (word(t, 27) != 0 && inv == 0) {
    const count = word(t, 3)
    let c = f64At(coarse, 0)
    for (let I = 0; I < count - 1; I++) {
      const next = f64At(coarse, I + 1)
      const to = target + ((<usize>I) << 4)
      const pair = f64x2.replace_lane(f64x2.splat(c), 1, 0.5 * (c + next))
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f64x2.splat(weight), pair)))
      c = next
    }
    const to = target + ((<usize>(count - 1)) << 4)
    store<f64>(to, load<f64>(to) + weight * c)
    return
  }
  const left = array(t, 0, 3)
  const right = array(t, 0, 4)
  const toLeft = array(t, 0, 5)
  const toRight = array(t, 0, 6)
  for (let i = 0; i < nx; i++) {
    if (inv != 0 && f64At(inv, i) == 0) continue
    const value = f64At(toLeft, i) * f64At(coarse, i32Of(left, i)) + f64At(toRight, i) * f64At(coarse, i32Of(right, i))
    const to = target + ((<usize>i) << 3)
    store<f64>(to, load<f64>(to) + weight * value)
  }
}

/** fine ← fine + P coarse at free nodes (inv ≠ 0; inv = 0 as a pointer: everywhere). Ranges are fine rows. */
export function prolong(begin: i32, end: i32, t: usize, coarse: usize, inv: usize, fine: usize): void {
  const nx = word(t, 0)
  const ny = word(t, 1)
  const countX = word(t, 3)
  const countY = word(t, 4)
  for (let row = begin; row < end; row++) {
    const j = row % ny
    const k = row / ny
    const offset = (<usize>(row * nx)) << 3
    const mask = inv == 0 ? 0 : inv + offset
    for (let side = 0; side < 2; side++) {
      const wz = f64At(array(t, 2, 5 + side), k)
      if (wz == 0) continue
      const K = i32Of(array(t, 2, 3 + side), k)
      for (let half = 0; half < 2; half++) {
        const wy = f64At(array(t, 1, 5 + half), j)
        if (wy == 0) continue
        const J = i32Of(array(t, 1, 3 + half), j)
        spreadRow(t, wz * wy, coarse + ((<usize>((K * countY + J) * countX)) << 3), mask, fine + offset)
      }
    }
  }
}
