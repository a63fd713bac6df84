/**
 * The operator with constant coefficients on a uniform grid whose whole boundary is fixed: no coefficient arrays, so each pass moves
 * only the unknown and the right-hand side. Equations are multiplied by their control volume:
 *
 *     (A u)ᵢ = κx (2u − u_west − u_east) + κy (2u − u_south − u_north) + κz (2u − u_below − u_above) + d u
 *
 * Layout, colours and tiles as in the multigrid kernels; nz = 1 in two dimensions. Boundary values are read, never written.
 */
// @ts-ignore: decorator
@inline function lanes(array: usize, index: usize): v128 {
  return v128.load(array + (index << 3))
}
// @ts-ignore: decorator
@inline function get(array: usize, index: usize): f64 {
  return load<f64>(array + (index << 3))
}

/** (a₀, b₀) */
// @ts-ignore: decorator
@inline function firsts(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
}
/** (a₁, b₁) */
// @ts-ignore: decorator
@inline function seconds(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
}
/** Elements index and index + 2 of an array. */
// @ts-ignore: decorator
@inline function everySecond(array: usize, index: usize): v128 {
  return firsts(lanes(array, index), lanes(array, index + 2))
}

// Two nodes of the colour at a time, i and i + 2. No load overlaps half of a store just before it (it would have to wait): the pair that starts at
// i + 3 is kept in a register for the next round.
function relaxRow2(row: usize, nx: usize, kx: f64, ky: f64, inverse: f64, u: usize, f: usize, colour: i32): void {
  const start = row * nx
  const last = nx - 1
  const kx2 = f64x2.splat(kx)
  const ky2 = f64x2.splat(ky)
  const inverse2 = f64x2.splat(inverse)
  let i: usize = ((1 + <i32>row) & 1) == colour ? 1 : 2
  let before = lanes(u, start + i - 1)
  for (; i + 4 <= last; i += 4) {
    const at = start + i
    const middle = lanes(u, at + 1)
    const after = lanes(u, at + 3)
    const along = f64x2.mul(kx2, f64x2.add(firsts(before, middle), firsts(middle, after)))
    const across = f64x2.mul(ky2, f64x2.add(everySecond(u, at - nx), everySecond(u, at + nx)))
    const updated = f64x2.mul(inverse2, f64x2.add(everySecond(f, at), f64x2.add(along, across)))
    v128.store_lane<f64>(u + (at << 3), updated, 0)
    v128.store_lane<f64>(u + (at << 3), updated, 1, 16)
    before = after
  }
  for (; i < last; i += 2) {
    const at = start + i
    const sum = kx * (get(u, at - 1) + get(u, at + 1)) + ky * (get(u, at - nx) + get(u, at + nx))
    store<f64>(u + (at << 3), inverse * (get(f, at) + sum))
  }
}

/** With the factor `omega` of overrelaxation. */
function relaxRow3(j: usize, k: usize, nx: usize, ny: usize, kx: f64, ky: f64, kz: f64, inverse: f64, omega: f64, u: usize, f: usize, colour: i32): void {
  const start = (k * ny + j) * nx
  const plane = nx * ny
  const last = nx - 1
  const kx2 = f64x2.splat(kx)
  const ky2 = f64x2.splat(ky)
  const kz2 = f64x2.splat(kz)
  const scaled = omega * inverse
  const kept = 1 - omega
  const scaled2 = f64x2.splat(scaled)
  const kept2 = f64x2.splat(kept)
  let i: usize = ((1 + <i32>(j + k)) & 1) == colour ? 1 : 2
  let before = lanes(u, start + i - 1)
  for (; i + 4 <= last; i += 4) {
    const at = start + i
    const middle = lanes(u, at + 1)
    const after = lanes(u, at + 3)
    const along = f64x2.mul(kx2, f64x2.add(firsts(before, middle), firsts(middle, after)))
    const across = f64x2.mul(ky2, f64x2.add(everySecond(u, at - nx), everySecond(u, at + nx)))
    const through = f64x2.mul(kz2, f64x2.add(everySecond(u, at - plane), everySecond(u, at + plane)))
    const centre = seconds(before, middle)
    const updated = f64x2.add(f64x2.mul(kept2, centre), f64x2.mul(scaled2, f64x2.add(everySecond(f, at), f64x2.add(f64x2.add(along, across), through))))
    v128.store_lane<f64>(u + (at << 3), updated, 0)
    v128.store_lane<f64>(u + (at << 3), updated, 1, 16)
    before = after
  }
  for (; i < last; i += 2) {
    const at = start + i
    const sum = kx * (get(u, at - 1) + get(u, at + 1)) + ky * (get(u, at - nx) + get(u, at + nx)) + kz * (get(u, at - plane) + get(u, at + plane))
    store<f64>(u + (at << 3), kept * get(u, at) + scaled * (get(f, at) + sum))
  }
}

/** One colour of one slab: row `slab` in 2-D, plane `slab` in 3-D. */
function relaxSlab(slab: i32, nx: usize, ny: usize, nz: usize, kx: f64, ky: f64, kz: f64, inverse: f64, omega: f64, u: usize, f: usize, colour: i32): void {
  if (nz == 1) {
    if (slab > 0 && slab < <i32>ny - 1) relaxRow2(slab, nx, kx, ky, inverse, u, f, colour)
  } else if (slab > 0 && slab < <i32>nz - 1) {
    for (let j: usize = 1; j < ny - 1; j++) relaxRow3(j, slab, nx, ny, kx, ky, kz, inverse, omega, u, f, colour)
  }
}

/** One red–black sweep, first part; see the multigrid kernels. */
export function relaxTiles(begin: i32, end: i32, nx: i32, ny: i32, nz: i32, kx: f64, ky: f64, kz: f64, inverse: f64, omega: f64, u: usize, f: usize, slabs: i32, tile: i32, first: i32): void {
  for (let t = begin; t < end; t++) {
    const from = t * tile
    const to = min<i32>(slabs, from + tile)
    for (let s = from; s < to; s++) {
      relaxSlab(s, nx, ny, nz, kx, ky, kz, inverse, omega, u, f, first)
      if (s - 1 > from) relaxSlab(s - 1, nx, ny, nz, kx, ky, kz, inverse, omega, u, f, first ^ 1)
    }
  }
}

/** One red–black sweep, second part: the second colour of the slabs at the tiles' borders. */
export function relaxBorders(begin: i32, end: i32, nx: i32, ny: i32, nz: i32, kx: f64, ky: f64, kz: f64, inverse: f64, omega: f64, u: usize, f: usize, slabs: i32, tile: i32, first: i32): void {
  for (let t = begin; t < end; t++) {
    const from = t * tile
    const to = min<i32>(slabs, from + tile)
    relaxSlab(from, nx, ny, nz, kx, ky, kz, inverse, omega, u, f, first ^ 1)
    if (to - 1 > from) relaxSlab(to - 1, nx, ny, nz, kx, ky, kz, inverse, omega, u, f, first ^ 1)
  }
}

/** A u at nodes i, i + 1 of an inner row. */
// @ts-ignore: decorator
@inline function pairApply(at: usize, nx: usize, plane: usize, kx: v128, ky: v128, kz: v128, diagonal: v128, u: usize): v128 {
  let sum = f64x2.add(f64x2.mul(kx, f64x2.add(lanes(u, at - 1), lanes(u, at + 1))), f64x2.mul(ky, f64x2.add(lanes(u, at - nx), lanes(u, at + nx))))
  if (plane != 0) sum = f64x2.add(sum, f64x2.mul(kz, f64x2.add(lanes(u, at - plane), lanes(u, at + plane))))
  return f64x2.sub(f64x2.mul(diagonal, lanes(u, at)), sum)
}
// @ts-ignore: decorator
@inline function nodeApply(at: usize, nx: usize, plane: usize, kx: f64, ky: f64, kz: f64, diagonal: f64, u: usize): f64 {
  let sum = kx * (get(u, at - 1) + get(u, at + 1)) + ky * (get(u, at - nx) + get(u, at + nx))
  if (plane != 0) sum = sum + kz * (get(u, at - plane) + get(u, at + plane))
  return diagonal * get(u, at) - sum
}

// @ts-ignore: decorator
@inline function isInner(row: i32, ny: i32, nz: i32): bool {
  const j = row % ny
  const k = row / ny
  return j > 0 && j < ny - 1 && (nz == 1 || (k > 0 && k < nz - 1))
}

/** out ← f − A u (sign 1) or A u (sign 0, f unused) at inner nodes, 0 on the boundary. Ranges are rows. */
export function residual(begin: i32, end: i32, nx: i32, ny: i32, nz: i32, kx: f64, ky: f64, kz: f64, diagonal: f64, u: usize, f: usize, out: usize, sign: i32): void {
  const plane: usize = nz == 1 ? 0 : <usize>(nx * ny)
  const last = <usize>nx - 1
  const kx2 = f64x2.splat(kx)
  const ky2 = f64x2.splat(ky)
  const kz2 = f64x2.splat(kz)
  const diagonal2 = f64x2.splat(diagonal)
  for (let row = begin; row < end; row++) {
    const start = <usize>row * <usize>nx
    if (!isInner(row, ny, nz)) {
      memory.fill(out + (start << 3), 0, (<usize>nx) << 3)
      continue
    }
    store<f64>(out + (start << 3), 0)
    store<f64>(out + ((start + last) << 3), 0)
    let i: usize = 1
    if (sign == 1) {
      for (; i + 2 <= last; i += 2) v128.store(out + ((start + i) << 3), f64x2.sub(lanes(f, start + i), pairApply(start + i, nx, plane, kx2, ky2, kz2, diagonal2, u)))
      for (; i < last; i++) store<f64>(out + ((start + i) << 3), get(f, start + i) - nodeApply(start + i, nx, plane, kx, ky, kz, diagonal, u))
    } else {
      for (; i + 2 <= last; i += 2) v128.store(out + ((start + i) << 3), pairApply(start + i, nx, plane, kx2, ky2, kz2, diagonal2, u))
      for (; i < last; i++) store<f64>(out + ((start + i) << 3), nodeApply(start + i, nx, plane, kx, ky, kz, diagonal, u))
    }
  }
}

/** Σ (f − A u)² over the inner nodes of the rows. */
export function residualSquared(begin: i32, end: i32, nx: i32, ny: i32, nz: i32, kx: f64, ky: f64, kz: f64, diagonal: f64, u: usize, f: usize): f64 {
  const plane: usize = nz == 1 ? 0 : <usize>(nx * ny)
  const last = <usize>nx - 1
  const kx2 = f64x2.splat(kx)
  const ky2 = f64x2.splat(ky)
  const kz2 = f64x2.splat(kz)
  const diagonal2 = f64x2.splat(diagonal)
  let total: f64 = 0
  for (let row = begin; row < end; row++) {
    if (!isInner(row, ny, nz)) continue
    const start = <usize>row * <usize>nx
    let squares = f64x2.splat(0)
    let rest: f64 = 0
    let i: usize = 1
    for (; i + 2 <= last; i += 2) {
      const r = f64x2.sub(lanes(f, start + i), pairApply(start + i, nx, plane, kx2, ky2, kz2, diagonal2, u))
      squares = f64x2.add(squares, f64x2.mul(r, r))
    }
    for (; i < last; i++) {
      const r = get(f, start + i) - nodeApply(start + i, nx, plane, kx, ky, kz, diagonal, u)
      rest += r * r
    }
    total += f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1) + rest
  }
  return total
}

/** f − A u at one node. */
// @ts-ignore: decorator
@inline function nodeResidual(at: usize, nx: usize, kx: f64, ky: f64, diagonal: f64, u: usize, f: usize): f64 {
  return get(f, at) - nodeApply(at, nx, 0, kx, ky, 0, diagonal, u)
}

/** f − A u at nodes at and at + 2, with the operations of `nodeResidual`. */
// @ts-ignore: decorator
@inline function pairResidual(at: usize, nx: usize, kx: f64, ky: f64, diagonal: f64, u: usize, f: usize): v128 {
  const before = lanes(u, at - 1)
  const middle = lanes(u, at + 1)
  const after = lanes(u, at + 3)
  const along = f64x2.mul(f64x2.splat(kx), f64x2.add(firsts(before, middle), firsts(middle, after)))
  const across = f64x2.mul(f64x2.splat(ky), f64x2.add(everySecond(u, at - nx), everySecond(u, at + nx)))
  const centre = seconds(before, middle)
  return f64x2.sub(everySecond(f, at), f64x2.sub(f64x2.mul(f64x2.splat(diagonal), centre), f64x2.add(along, across)))
}

/** ¼ (r at 2I − 1 + r at 2I + 1) of fine row `row`: added to coarse row `before`, stored in coarse row `after`; 0 stands for no such row. */
function scatterRow(row: usize, nx: usize, kx: f64, ky: f64, diagonal: f64, u: usize, f: usize, before: usize, after: usize): void {
  const start = row * nx
  const count = (nx - 1) >> 1
  const first = nodeResidual(start + 1, nx, kx, ky, diagonal, u, f)
  let pair = f64x2.splat(first)
  let I: usize = 1
  for (; I + 2 < count; I += 2) {
    const next = pairResidual(start + 2 * I + 1, nx, kx, ky, diagonal, u, f)
    const left = i8x16.shuffle(pair, next, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
    const quarter = f64x2.mul(f64x2.splat(0.25), f64x2.add(left, next))
    if (before != 0) v128.store(before + (I << 3), f64x2.add(lanes(before, I), quarter))
    if (after != 0) v128.store(after + (I << 3), quarter)
    pair = next
  }
  let left = f64x2.extract_lane(pair, 1)
  for (; I < count; I++) {
    const right = nodeResidual(start + 2 * I + 1, nx, kx, ky, diagonal, u, f)
    const quarter = 0.25 * (left + right)
    if (before != 0) store<f64>(before + (I << 3), get(before, I) + quarter)
    if (after != 0) store<f64>(after + (I << 3), quarter)
    left = right
  }
}

/**
 * coarse ← Pᵀ (f − A u) in two dimensions with both axes halved, right after a sweep that ended with black: black residuals vanish, so only red ones
 * are formed (once each) and the four edge neighbours of a coarse node drop out. Ranges are coarse rows; boundary rows become 0.
 */
export function restrictRed(begin: i32, end: i32, nx: i32, ny: i32, kx: f64, ky: f64, diagonal: f64, u: usize, f: usize, coarse: usize): void {
  const countX = <usize>((nx + 1) >> 1)
  const countY = (ny + 1) >> 1
  let ready = false
  for (let J = begin; J < end; J++) {
    const target = coarse + ((<usize>J * countX) << 3)
    if (J == 0 || J == countY - 1) {
      memory.fill(target, 0, countX << 3)
      ready = false
      continue
    }
    if (!ready) scatterRow(2 * J - 1, nx, kx, ky, diagonal, u, f, 0, target)
    const start = <usize>(2 * J) * <usize>nx
    let I: usize = 1
    for (; I + 2 < countX - 1; I += 2) v128.store(target + (I << 3), f64x2.add(lanes(target, I), pairResidual(start + 2 * I, nx, kx, ky, diagonal, u, f)))
    for (; I < countX - 1; I++) store<f64>(target + (I << 3), get(target, I) + nodeResidual(start + 2 * I, nx, kx, ky, diagonal, u, f))
    const hasNext = J + 1 < end && J + 1 < countY - 1
    scatterRow(2 * J + 1, nx, kx, ky, diagonal, u, f, target, hasNext ? target + (countX << 3) : 0)
    store<f64>(target, 0)
    store<f64>(target + ((countX - 1) << 3), 0)
    ready = hasNext
  }
}

/** weight (½ r at 2I − 1 + r at 2I + ½ r at 2I + 1) of fine row `start`, added to coarse rows `one` and `other`; 0 stands for no such row. */
function restrictRow(start: usize, nx: usize, plane: usize, kx: f64, ky: f64, kz: f64, diagonal: f64, weight: f64, u: usize, f: usize, one: usize, other: usize): void {
  const count = (nx + 1) >> 1
  const kx2 = f64x2.splat(kx)
  const ky2 = f64x2.splat(ky)
  const kz2 = f64x2.splat(kz)
  const diagonal2 = f64x2.splat(diagonal)
  const half = f64x2.splat(0.5 * weight)
  const whole = f64x2.splat(weight)
  let odd = f64x2.splat(get(f, start + 1) - nodeApply(start + 1, nx, plane, kx, ky, kz, diagonal, u))
  let I: usize = 1
  for (; I + 2 < count; I += 2) {
    const at = start + 2 * I
    const first = f64x2.sub(lanes(f, at), pairApply(at, nx, plane, kx2, ky2, kz2, diagonal2, u))
    const second = f64x2.sub(lanes(f, at + 2), pairApply(at + 2, nx, plane, kx2, ky2, kz2, diagonal2, u))
    const next = seconds(first, second)
    const left = i8x16.shuffle(odd, next, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
    const value = f64x2.add(f64x2.mul(whole, firsts(first, second)), f64x2.mul(half, f64x2.add(left, next)))
    if (one != 0) v128.store(one + (I << 3), f64x2.add(lanes(one, I), value))
    if (other != 0) v128.store(other + (I << 3), f64x2.add(lanes(other, I), value))
    odd = next
  }
  let left = f64x2.extract_lane(odd, 1)
  for (; I < count - 1; I++) {
    const at = start + 2 * I
    const middle = get(f, at) - nodeApply(at, nx, plane, kx, ky, kz, diagonal, u)
    const right = get(f, at + 1) - nodeApply(at + 1, nx, plane, kx, ky, kz, diagonal, u)
    const value = weight * middle + 0.5 * weight * (left + right)
    if (one != 0) store<f64>(one + (I << 3), get(one, I) + value)
    if (other != 0) store<f64>(other + (I << 3), get(other, I) + value)
    left = right
  }
}

/** coarse ← Pᵀ (f − A u) in three dimensions with all axes halved, without an array for the residual. Ranges are coarse planes; the boundary becomes 0. */
export function restrictResidual(begin: i32, end: i32, nx: i32, ny: i32, nz: i32, kx: f64, ky: f64, kz: f64, diagonal: f64, u: usize, f: usize, coarse: usize): void {
  const countX = (nx + 1) >> 1
  const countY = (ny + 1) >> 1
  const countZ = (nz + 1) >> 1
  const plane = <usize>(nx * ny)
  const bytes = <usize>(countX * countY) << 3
  const rowBytes = <usize>countX << 3
  for (let K = begin; K < end; K++) {
    const target = coarse + <usize>K * bytes
    memory.fill(target, 0, bytes)
    if (K == 0 || K == countZ - 1) continue
    for (let k = 2 * K - 1; k <= 2 * K + 1; k++) {
      const across = k == 2 * K ? 1.0 : 0.5
      for (let j = 1; j < ny - 1; j++) {
        const start = (<usize>k * <usize>ny + <usize>j) * <usize>nx
        const J = j >> 1
        const row = target + <usize>J * rowBytes
        if ((j & 1) == 0) restrictRow(start, nx, plane, kx, ky, kz, diagonal, across, u, f, row, 0)
        else restrictRow(start, nx, plane, kx, ky, kz, diagonal, 0.5 * across, u, f, J > 0 ? row : 0, J + 1 < countY - 1 ? row + rowBytes : 0)
      }
    }
  }
}
