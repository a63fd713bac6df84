/** Geometry of line cuts in the plane of a picture. Points are [x, y]. */
export type Point = readonly [number, number]

export interface Cut { readonly from: Point; readonly to: Point }

/** Holding Shift: the nearest of eight directions as seen on screen (`unit` = pixels per coordinate unit along x and y). */
export function snapped(from: Point, to: Point, unit: Point): Point {
  const dx = (to[0] - from[0]) * unit[0]
  const dy = (to[1] - from[1]) * unit[1]
  const angle = Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * (Math.PI / 4)
  const cosine = Math.cos(angle)
  const sine = Math.sin(angle)
  const along = dx * cosine + dy * sine
  const tidy = (v: number): number => (Math.abs(v) < 1e-12 ? 0 : v)
  return [from[0] + (along * tidy(cosine)) / unit[0], from[1] + (along * tidy(sine)) / unit[1]]
}

/** The part of the segment inside the box (Liang–Barsky); undefined when it misses the box or has no length. */
export function clippedCut({ from, to }: Cut, x: readonly [number, number], y: readonly [number, number]): Cut | undefined {
  let enter = 0
  let leave = 1
  const d = [to[0] - from[0], to[1] - from[1]]
  if (d[0] === 0 && d[1] === 0) return undefined
  for (const [axis, [lower, upper]] of [[0, x], [1, y]] as const) {
    if (d[axis] === 0) {
      if (from[axis] < lower || from[axis] > upper) return undefined
      continue
    }
    const a = (lower - from[axis]) / d[axis]
    const b = (upper - from[axis]) / d[axis]
    enter = Math.max(enter, Math.min(a, b))
    leave = Math.min(leave, Math.max(a, b))
  }
  if (!(leave > enter)) return undefined
  const at = (s: number): Point => [clamp(from[0] + s * d[0], x), clamp(from[1] + s * d[1], y)]
  return { from: at(enter), to: at(leave) }
}

const clamp = (v: number, [lower, upper]: readonly [number, number]): number => Math.min(upper, Math.max(lower, v))

/** What the abscissa of a cut shows: a coordinate when the cut runs along an axis, the distance otherwise. */
export function cutAbscissa({ from, to }: Cut): 'first' | 'second' | 'distance' {
  return from[1] === to[1] ? 'first' : from[0] === to[0] ? 'second' : 'distance'
}
