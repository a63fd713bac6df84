/**
 * Kernels of geometric multigrid on tensor grids. Equations are multiplied by their control volume, so the operator is a network of
 * conductances: (A u)ᵢ = Σ κ(u_i − u_neighbour) + d u_i (+ advection v (u_next − u_previous)), and restriction is the transpose of prolongation.
 *
 * Arrays are [z, y, x], x fastest; a *row* is one line along x, row = j + ny·k. kx[i] is the edge from node i to its next node along x, and so
 * for ky, kz; the last edge of an axis closes the ring of a periodic axis and is 0 otherwise, so every row may read its neighbours with wrap-around.
 * `inv` is 1/diagonal, 0 at fixed (Dirichlet) nodes. The colour of a node is (i + j + k) mod 2: red 0, black 1.
 *
 * A level is described by 32-bit words in memory: nx, ny, nz, kx, ky, kz, d, inv, vx, vy, vz (vx = 0: no advection).
 */

// @ts-ignore: decorator
@inline const wordKx = 12
// @ts-ignore: decorator
@inline const wordD = 24
// @ts-ignore: decorator
@inline const wordInverse = 28
// @ts-ignore: decorator
@inline const wordVx = 32

// @ts-ignore: decorator
@inline function i32At(level: usize, index: usize): i32 {
  return load<i32>(level + (index << 2))
}

// @ts-ignore: decorator
@inline function get(array: usize, index: usize): f64 {
  return load<f64>(array + (index << 3))
}

// @ts-ignore: decorator
@inline function lanes(array: usize, index: usize): v128 {
  return v128.load(array + (index << 3))
}

/** Σ κ (u_i − u_neighbour) + d u_i + advection at one node; `west`, `east` are node indices of the whole grid, the other neighbours by row start. */
// @ts-ignore: decorator
@inline function nodeSum(level: usize, u: usize, row: usize, i: usize, west: usize, east: usize, south: usize, north: usize, below: usize, above: usize, threeD: bool, advective: bool): f64 {
  const kx = <usize>load<u32>(level + wordKx)
  const ky = <usize>load<u32>(level + wordKx + 4)
  const at = row + i
  const c = get(u, at)
  const w = get(u, row + west)
  const e = get(u, row + east)
  const s = get(u, south + i)
  const n = get(u, north + i)
  let total = get(kx, at) * (c - e) + get(kx, row + west) * (c - w) + (get(ky, at) * (c - n) + get(ky, south + i) * (c - s))
  if (threeD) {
    const kz = <usize>load<u32>(level + wordKx + 8)
    total += get(kz, at) * (c - get(u, above + i)) + get(kz, below + i) * (c - get(u, below + i))
  }
  if (advective) {
    total += get(<usize>load<u32>(level + wordVx), at) * (e - w) + get(<usize>load<u32>(level + wordVx + 4), at) * (n - s)
    if (threeD) total += get(<usize>load<u32>(level + wordVx + 8), at) * (get(u, above + i) - get(u, below + i))
  }
  return total + get(<usize>load<u32>(level + wordD), at) * c
}

/** (a₁, b₀): the pair that lies half in a and half in b. */
// @ts-ignore: decorator
@inline function between(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
}

/** The same for nodes i and i + 1, both inside the row: c, their values, w and e those of their neighbours along x. */
// @ts-ignore: decorator
@inline function pairSum(w: v128, c: v128, e: v128, kx: usize, ky: usize, kz: usize, d: usize, vx: usize, vy: usize, vz: usize, u: usize, row: usize, i: usize, south: usize, north: usize, below: usize, above: usize, threeD: bool, advective: bool): v128 {
  const at = row + i
  const s = lanes(u, south + i)
  const n = lanes(u, north + i)
  let total = f64x2.add(
    f64x2.add(f64x2.mul(lanes(kx, at), f64x2.sub(c, e)), f64x2.mul(lanes(kx, at - 1), f64x2.sub(c, w))),
    f64x2.add(f64x2.mul(lanes(ky, at), f64x2.sub(c, n)), f64x2.mul(lanes(ky, south + i), f64x2.sub(c, s))),
  )
  if (threeD) {
    total = f64x2.add(total, f64x2.add(f64x2.mul(lanes(kz, at), f64x2.sub(c, lanes(u, above + i))), f64x2.mul(lanes(kz, below + i), f64x2.sub(c, lanes(u, below + i)))))
  }
  if (advective) {
    total = f64x2.add(total, f64x2.add(f64x2.mul(lanes(vx, at), f64x2.sub(e, w)), f64x2.mul(lanes(vy, at), f64x2.sub(n, s))))
    if (threeD) total = f64x2.add(total, f64x2.mul(lanes(vz, at), f64x2.sub(lanes(u, above + i), lanes(u, below + i))))
  }
  return f64x2.add(total, f64x2.mul(lanes(d, at), c))
}

// What a pass over a row does with the sum.
// @ts-ignore: decorator
@inline const relaxing = 0
// @ts-ignore: decorator
@inline const residualOf = 1
// @ts-ignore: decorator
@inline const applying = 2
// @ts-ignore: decorator
@inline const squaring = 3

/** One node of a pass. Returns r² when squaring. */
// @ts-ignore: decorator
@inline function finishNode(task: i32, level: usize, u: usize, f: usize, out: usize, at: usize, sum: f64): f64 {
  const inverse = get(<usize>load<u32>(level + wordInverse), at)
  if (task == relaxing) {
    store<f64>(u + (at << 3), get(u, at) + inverse * (get(f, at) - sum))
  } else if (task == residualOf) {
    store<f64>(out + (at << 3), inverse != 0 ? get(f, at) - sum : 0)
  } else if (task == applying) {
    store<f64>(out + (at << 3), inverse != 0 ? sum : 0)
  } else {
    const r = inverse != 0 ? get(f, at) - sum : 0
    return r * r
  }
  return 0
}

// @ts-ignore: decorator
@inline function passRowAs(task: i32, threeD: bool, advective: bool, level: usize, row: i32, colour: i32, u: usize, f: usize, out: usize): f64 {
  const nx = <usize>i32At(level, 0)
  const ny = i32At(level, 1)
  const nz = i32At(level, 2)
  const j = row % ny
  const k = row / ny
  const plane = k * ny
  const start = <usize>row * nx
  const south = <usize>(plane + (j == 0 ? ny - 1 : j - 1)) * nx
  const north = <usize>(plane + (j == ny - 1 ? 0 : j + 1)) * nx
  const below = <usize>((k == 0 ? nz - 1 : k - 1) * ny + j) * nx
  const above = <usize>((k == nz - 1 ? 0 : k + 1) * ny + j) * nx
  const kx = <usize>load<u32>(level + wordKx)
  const ky = <usize>load<u32>(level + wordKx + 4)
  const kz = <usize>load<u32>(level + wordKx + 8)
  const d = <usize>load<u32>(level + wordD)
  const inv = <usize>load<u32>(level + wordInverse)
  const vx = <usize>load<u32>(level + wordVx)
  const vy = <usize>load<u32>(level + wordVx + 4)
  const vz = <usize>load<u32>(level + wordVx + 8)
  const last = nx - 1
  // Parity of the node at i = 0; lane 0 of a pair that starts at odd i has the other one.
  const parity = (j + k) & 1
  const zero = f64x2.splat(0)
  const mask = (parity ^ 1) == colour ? i64x2(-1, 0) : i64x2(0, -1)
  let squares = zero
  let rest: f64 = 0

  if (task != relaxing || parity == colour) {
    rest += finishNode(task, level, u, f, out, start, nodeSum(level, u, start, 0, last, 1, south, north, below, above, threeD, advective))
  }
  let i: usize = 1
  // Neighbours along x come from pairs loaded before the store, not from memory: a load that overlaps half of the store before it would wait for it.
  // The values are right all the same, since a sweep over one colour reads only the other.
  let previous = f64x2.splat(get(u, start))
  let centre = lanes(u, start + 1)
  for (; i + 2 <= last; i += 2) {
    const at = start + i
    const next = i + 4 <= nx ? lanes(u, at + 2) : f64x2.splat(get(u, at + 2))
    const sum = pairSum(between(previous, centre), centre, between(centre, next), kx, ky, kz, d, vx, vy, vz, u, start, i, south, north, below, above, threeD, advective)
    const inverse = lanes(inv, at)
    if (task == relaxing) {
      const updated = f64x2.add(centre, f64x2.mul(inverse, f64x2.sub(lanes(f, at), sum)))
      v128.store(u + (at << 3), v128.bitselect(updated, centre, mask))
    } else if (task == residualOf) {
      v128.store(out + (at << 3), v128.and(f64x2.sub(lanes(f, at), sum), f64x2.ne(inverse, zero)))
    } else if (task == applying) {
      v128.store(out + (at << 3), v128.and(sum, f64x2.ne(inverse, zero)))
    } else {
      const r = v128.and(f64x2.sub(lanes(f, at), sum), f64x2.ne(inverse, zero))
      squares = f64x2.add(squares, f64x2.mul(r, r))
    }
    previous = centre
    centre = next
  }
  for (; i < last; i++) {
    if (task == relaxing && ((parity + <i32>i) & 1) != colour) continue
    rest += finishNode(task, level, u, f, out, start + i, nodeSum(level, u, start, i, i - 1, i + 1, south, north, below, above, threeD, advective))
  }
  if (task != relaxing || ((parity + <i32>last) & 1) == colour) {
    rest += finishNode(task, level, u, f, out, start + last, nodeSum(level, u, start, last, last - 1, 0, south, north, below, above, threeD, advective))
  }
  return f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1) + rest
}

function relaxPlain2(level: usize, row: i32, colour: i32, u: usize, f: usize): void { passRowAs(relaxing, false, false, level, row, colour, u, f, 0) }
function relaxPlain3(level: usize, row: i32, colour: i32, u: usize, f: usize): void { passRowAs(relaxing, true, false, level, row, colour, u, f, 0) }
function relaxAdvective2(level: usize, row: i32, colour: i32, u: usize, f: usize): void { passRowAs(relaxing, false, true, level, row, colour, u, f, 0) }
function relaxAdvective3(level: usize, row: i32, colour: i32, u: usize, f: usize): void { passRowAs(relaxing, true, true, level, row, colour, u, f, 0) }

/** Gauss–Seidel on the nodes of one colour in one slab: a row in 2-D, a plane in 3-D. */
function relaxSlab(level: usize, slab: i32, colour: i32, u: usize, f: usize): void {
  const nz = i32At(level, 2)
  const advective = i32At(level, 8) != 0
  if (nz == 1) {
    if (advective) relaxAdvective2(level, slab, colour, u, f)
    else relaxPlain2(level, slab, colour, u, f)
    return
  }
  const ny = i32At(level, 1)
  for (let row = slab * ny; row < (slab + 1) * ny; row++) {
    if (advective) relaxAdvective3(level, row, colour, u, f)
    else relaxPlain3(level, row, colour, u, f)
  }
}

/**
 * One red–black sweep in one pass over the memory: slabs are taken in tiles; inside a tile the second colour of a slab follows the first colour of
 * the next. `relaxTiles` leaves out the second colour of each tile's first and last slab, `relaxBorders` does them afterwards. Tiles do not depend
 * on the number of threads, so neither do the bits.
 */
export function relaxTiles(begin: i32, end: i32, level: usize, u: usize, f: usize, slabs: i32, tile: i32, first: i32): void {
  for (let t = begin; t < end; t++) {
    const from = t * tile
    const to = min<i32>(slabs, from + tile)
    for (let s = from; s < to; s++) {
      relaxSlab(level, s, first, u, f)
      if (s - 1 > from) relaxSlab(level, s - 1, first ^ 1, u, f)
    }
  }
}

export function relaxBorders(begin: i32, end: i32, level: usize, u: usize, f: usize, slabs: i32, tile: i32, first: i32): void {
  for (let t = begin; t < end; t++) {
    const from = t * tile
    const to = min<i32>(slabs, from + tile)
    relaxSlab(level, from, first ^ 1, u, f)
    if (to - 1 > from) relaxSlab(level, to - 1, first ^ 1, u, f)
  }
}

/** out ← f − A u at free nodes, 0 at fixed ones. Ranges are rows. */
export function residual(begin: i32, end: i32, level: usize, u: usize, f: usize, out: usize): void {
  const threeD = i32At(level, 2) > 1
  const advective = i32At(level, 8) != 0
  for (let row = begin; row < end; row++) {
    if (threeD) {
      if (advective) passRowAs(residualOf, true, true, level, row, 0, u, f, out)
      else passRowAs(residualOf, true, false, level, row, 0, u, f, out)
    } else {
      if (advective) passRowAs(residualOf, false, true, level, row, 0, u, f, out)
      else passRowAs(residualOf, false, false, level, row, 0, u, f, out)
    }
  }
}

/** out ← A u at free nodes, 0 at fixed ones. */
export function apply(begin: i32, end: i32, level: usize, u: usize, out: usize): void {
  const threeD = i32At(level, 2) > 1
  const advective = i32At(level, 8) != 0
  for (let row = begin; row < end; row++) {
    if (threeD) {
      if (advective) passRowAs(applying, true, true, level, row, 0, u, 0, out)
      else passRowAs(applying, true, false, level, row, 0, u, 0, out)
    } else {
      if (advective) passRowAs(applying, false, true, level, row, 0, u, 0, out)
      else passRowAs(applying, false, false, level, row, 0, u, 0, out)
    }
  }
}

/** Σ (f − A u)² over the free nodes of the rows. */
export function residualSquared(begin: i32, end: i32, level: usize, u: usize, f: usize): f64 {
  const threeD = i32At(level, 2) > 1
  const advective = i32At(level, 8) != 0
  let total: f64 = 0
  for (let row = begin; row < end; row++) {
    if (threeD) total += advective ? passRowAs(squaring, true, true, level, row, 0, u, f, 0) : passRowAs(squaring, true, false, level, row, 0, u, f, 0)
    else total += advective ? passRowAs(squaring, false, true, level, row, 0, u, f, 0) : passRowAs(squaring, false, false, level, row, 0, u, f, 0)
  }
  return total
}

/** u ← u + ω r / diagonal: with `residual` before it, one damped Jacobi sweep. Ranges are nodes. */
export function jacobi(begin: i32, end: i32, omega: f64, inv: usize, r: usize, u: usize): void {
  let i = begin
  const w = f64x2.splat(omega)
  for (; i + 2 <= end; i += 2) v128.store(u + ((<usize>i) << 3), f64x2.add(lanes(u, i), f64x2.mul(w, f64x2.mul(lanes(inv, i), lanes(r, i)))))
  for (; i < end; i++) store<f64>(u + ((<usize>i) << 3), get(u, i) + omega * (get(inv, i) * get(r, i)))
}

/** p ← α p + β D⁻¹ r, u ← u + p over nodes: one step of a polynomial smoother. `inv` = 0: D⁻¹ is the number `inverse` (r is 0 at fixed nodes). */
export function polynomialStep(begin: i32, end: i32, alpha: f64, beta: f64, inv: usize, inverse: f64, r: usize, p: usize, u: usize): void {
  const a = f64x2.splat(alpha)
  const b = f64x2.splat(beta)
  const constant = f64x2.splat(inverse)
  let i = <usize>begin
  const last = <usize>end
  for (; i + 2 <= last; i += 2) {
    const scale = inv != 0 ? lanes(inv, i) : constant
    const step = f64x2.add(f64x2.mul(a, lanes(p, i)), f64x2.mul(b, f64x2.mul(scale, lanes(r, i))))
    v128.store(p + (i << 3), step)
    v128.store(u + (i << 3), f64x2.add(lanes(u, i), step))
  }
  for (; i < last; i++) {
    const step = alpha * get(p, i) + beta * ((inv != 0 ? get(inv, i) : inverse) * get(r, i))
    store<f64>(p + (i << 3), step)
    store<f64>(u + (i << 3), get(u, i) + step)
  }
}

/**
 * Zebra line Gauss–Seidel along one axis: every second line is solved as a tridiagonal system, the values beside it held. Ranges are lines (index along the next axis
 * fastest, then the one after it). Across the seam of a periodic axis the old value counts. `scratch` has one number per node. Needs a network without positive
 * off-diagonal entries.
 */
export function relaxLines(begin: i32, end: i32, level: usize, u: usize, f: usize, axis: i32, colour: i32, scratch: usize): void {
  const nx = i32At(level, 0)
  const ny = i32At(level, 1)
  const nz = i32At(level, 2)
  const d = <usize>load<u32>(level + wordD)
  const inv = <usize>load<u32>(level + wordInverse)
  const n = axis == 0 ? nx : axis == 1 ? ny : nz
  const countB = axis == 0 ? ny : axis == 1 ? nz : nx
  const countC = axis == 0 ? nz : axis == 1 ? nx : ny
  const strideX: i32 = 1
  const strideY = nx
  const strideZ = nx * ny
  const stride = axis == 0 ? strideX : axis == 1 ? strideY : strideZ
  const strideB = axis == 0 ? strideY : axis == 1 ? strideZ : strideX
  const strideC = axis == 0 ? strideZ : axis == 1 ? strideX : strideY
  const axisB = axis == 2 ? 0 : axis + 1
  const axisC = axisB == 2 ? 0 : axisB + 1
  const along = <usize>load<u32>(level + wordKx + <usize>(4 * axis))
  const kb = <usize>load<u32>(level + wordKx + <usize>(4 * axisB))
  const kc = <usize>load<u32>(level + wordKx + <usize>(4 * axisC))
  const va = <usize>load<u32>(level + wordVx + <usize>(4 * axis))
  const vb = <usize>load<u32>(level + wordVx + <usize>(4 * axisB))
  const vc = <usize>load<u32>(level + wordVx + <usize>(4 * axisC))
  const advective = i32At(level, 8) != 0
  for (let line = begin; line < end; line++) {
    const b = line % countB
    const c = line / countB
    if (((b + c) & 1) != colour) continue
    const start = b * strideB + c * strideC
    const southB = (b == 0 ? countB - 1 : -1) * strideB
    const northB = (b == countB - 1 ? 1 - countB : 1) * strideB
    const southC = (c == 0 ? countC - 1 : -1) * strideC
    const northC = (c == countC - 1 ? 1 - countC : 1) * strideC
    const last = start + (n - 1) * stride
    const firstValue = get(u, <usize>start)
    let previousUpper: f64 = 0
    let previousValue: f64 = get(u, <usize>last)
    for (let i = 0; i < n; i++) {
      const node = start + i * stride
      const at = <usize>node
      const west = i == 0 ? last : node - stride
      const inverse = get(inv, at)
      if (inverse == 0) {
        store<f64>(scratch + (at << 3), 0)
        previousUpper = 0
        previousValue = get(u, at)
        continue
      }
      let right = get(f, at)
      if (countB > 1) {
        const n1 = get(u, <usize>(node + northB))
        const s1 = get(u, <usize>(node + southB))
        right += get(kb, at) * n1 + get(kb, <usize>(node + southB)) * s1
        if (advective) right -= get(vb, at) * (n1 - s1)
      }
      if (countC > 1) {
        const n2 = get(u, <usize>(node + northC))
        const s2 = get(u, <usize>(node + southC))
        right += get(kc, at) * n2 + get(kc, <usize>(node + southC)) * s2
        if (advective) right -= get(vc, at) * (n2 - s2)
      }
      const v = advective ? get(va, at) : 0
      const lower = get(along, <usize>west) + v
      const upper = get(along, at) - v
      // The diagonal is the inverse's inverse: d counts only where it is positive, as everywhere in a hierarchy.
      const pivot = 1 / inverse - (i > 0 ? lower * previousUpper : 0)
      right += lower * previousValue
      if (i == n - 1) right += upper * firstValue
      const value = right / pivot
      const next = i == n - 1 ? 0 : upper / pivot
      store<f64>(scratch + (at << 3), next)
      store<f64>(u + (at << 3), value)
      previousUpper = next
      previousValue = value
    }
    for (let i = n - 2; i >= 0; i--) {
      const at = <usize>(start + i * stride)
      store<f64>(u + (at << 3), get(u, at) + get(scratch, at) * get(u, at + <usize>stride))
    }
  }
}
