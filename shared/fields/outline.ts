/**
 * The outline of a planar domain, and pictures of fields on grids that are cut by it: nodes outside are NaN, so that a picture of whole cells ends in stairs.
 * Values are continued a little beyond the last nodes inside, and what is drawn of them is clipped by the outline.
 */
export interface Round { readonly center: readonly [number, number]; readonly radius: number }
export interface Corners { readonly points: readonly (readonly [number, number])[] }

export interface DomainOutline {
  /** Of everything, holes included: x from, to, y from, to. */
  readonly box: readonly [number, number, number, number]
  readonly outer: Round | Corners
  readonly holes: readonly (Round | Corners)[]
}

export const isRound = (shape: Round | Corners): shape is Round => 'radius' in shape

/** Whether a picture over these ranges is one of the whole domain (to 1e-6 of its size). */
export function fitsOutline({ box }: DomainOutline, x: readonly [number, number], y: readonly [number, number]): boolean {
  const tolerance = 1e-6 * Math.max(box[1] - box[0], box[3] - box[2])
  return [x[0] - box[0], x[1] - box[1], y[0] - box[2], y[1] - box[3]].every(difference => Math.abs(difference) <= tolerance)
}

/** True in the domain and on its rim. */
export function isWithin({ outer, holes }: DomainOutline, x: number, y: number): boolean {
  return encloses(outer, x, y) && !holes.some(hole => encloses(hole, x, y))
}

/** Distance to the rim, positive inside the domain. */
export function depthWithin(outline: DomainOutline, x: number, y: number): number {
  const { outer, holes } = outline
  const distance = Math.min(...[outer, ...holes].map(shape => distanceTo(shape, x, y)))
  return isWithin(outline, x, y) ? distance : -distance
}

function distanceTo(shape: Round | Corners, x: number, y: number): number {
  if (isRound(shape)) return Math.abs(Math.sqrt((x - shape.center[0]) ** 2 + (y - shape.center[1]) ** 2) - shape.radius)
  const { points } = shape
  return points.reduce((least, [ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length]
    const [dx, dy] = [bx - ax, by - ay]
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    return Math.min(least, Math.sqrt((x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2))
  }, Infinity)
}

function encloses(shape: Round | Corners, x: number, y: number): boolean {
  if (isRound(shape)) return (x - shape.center[0]) ** 2 + (y - shape.center[1]) ** 2 <= shape.radius ** 2
  let inside = false
  const { points } = shape
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [points[i], points[j]]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** Layers of nodes beyond the last known that are continued in any case: a cell that the rim cuts has no corner further away. */
const leastLayers = 2
/** Values brought from a coarser grid may end some nodes before the rim; further than this nothing is made up. */
const mostLayers = 32
const steps = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]] as const

/** What a picture of values `[j·nx + i]` with NaN outside shows up to the rim; undefined where nothing is missing. See `continued`. */
export function continuedWithin<T extends Float32Array | Float64Array>(outline: DomainOutline, x: Float64Array, y: Float64Array, values: T): T | undefined {
  // With the corners beyond the rim of the cells that it cuts.
  return continued(values, x.length, y.length, (i, j) => [[i, j], [i - 1, j], [i + 1, j], [i, j - 1], [i, j + 1], [i - 1, j - 1], [i + 1, j - 1], [i - 1, j + 1], [i + 1, j + 1]].some(([k, l]) => isWithin(outline, x[k], y[l])))
}

/**
 * Values `[j·nx + i]` with NaN outside the domain, continued over two layers of nodes: linearly, by the mean over the directions in which two nodes are known.
 * After that only nodes that are `needed` are filled, by the mean of their neighbours. Undefined where nothing is missing.
 */
export function continued<T extends Float32Array | Float64Array>(values: T, nx: number, ny: number, needed: (i: number, j: number) => boolean = () => false): T | undefined {
  let missing: number[] = []
  values.forEach((v: number, k: number) => void (v !== v && missing.push(k)))
  if (missing.length === 0) return undefined
  const out = values.slice() as T
  for (let layer = 0; layer < mostLayers && missing.length > 0; layer++) {
    const isLinear = layer < leastLayers
    if (layer === leastLayers) missing = missing.filter(k => needed(k % nx, Math.floor(k / nx)))
    const found: (readonly [number, number])[] = []
    const at = (i: number, j: number): number => (i < 0 || j < 0 || i >= nx || j >= ny ? NaN : out[j * nx + i])
    missing = missing.filter(k => {
      const [i, j] = [k % nx, Math.floor(k / nx)]
      let [lines, lineCount, copies, copyCount] = [0, 0, 0, 0]
      for (const [di, dj] of steps) {
        const near = at(i + di, j + dj)
        if (!Number.isFinite(near)) continue
        copies += near
        copyCount++
        const far = isLinear ? at(i + 2 * di, j + 2 * dj) : NaN
        if (!Number.isFinite(far)) continue
        lines += 2 * near - far
        lineCount++
      }
      if (copyCount === 0) return true
      found.push([k, lineCount > 0 ? lines / lineCount : copies / copyCount])
      return false
    })
    for (const [k, value] of found) out[k] = value
    if (found.length === 0 && layer >= leastLayers) break
  }
  return out
}

/** Three decimals are finer than any device's dots; never −0. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000 + 0

/**
 * Path data of the outline under an affine map of the axes, each shape closed: the outer one first, holes the other way round, so that both fill rules leave them open.
 * A circle is four cubic arcs (largest radial error 2.7e-4 of the radius).
 */
export function outlinePath({ outer, holes }: DomainOutline, at: (x: number, y: number) => readonly [number, number]): string {
  return pathOf(outer, at, false) + holes.map(hole => pathOf(hole, at, true)).join('')
}

function pathOf(shape: Round | Corners, at: (x: number, y: number) => readonly [number, number], backwards: boolean): string {
  const point = (x: number, y: number): string => at(x, y).map(rounded).join(' ')
  if (!isRound(shape)) {
    const isClockwise = shape.points.reduce((area, [x, y], i) => area + x * shape.points[(i + 1) % shape.points.length][1] - y * shape.points[(i + 1) % shape.points.length][0], 0) < 0
    const points = isClockwise === backwards ? shape.points : [...shape.points].reverse()
    return `M${points.map(([x, y]) => point(x, y)).join('L')}Z`
  }
  const { center: [cx, cy], radius: r } = shape
  const k = 0.5522847498 * r
  const s = backwards ? -1 : 1
  const p = (dx: number, dy: number): string => point(cx + dx, cy + s * dy)
  return `M${p(r, 0)}C${p(r, k)} ${p(k, r)} ${p(0, r)}C${p(-k, r)} ${p(-r, k)} ${p(-r, 0)}C${p(-r, -k)} ${p(-k, -r)} ${p(0, -r)}C${p(k, -r)} ${p(r, -k)} ${p(r, 0)}Z`
}
