import type { Point } from './display-list'
import type { Plane } from './slices'

/**
 * Lines of equal value by marching squares, linear along the grid's edges, in the slice's own coordinates (nodes may be uneven). A saddle is decided by the
 * mean of its four corners. Lines end at the domain's boundary and at cells that have a corner which is not a number; closed lines repeat their first point.
 */
export function contourLines({ horizontal, vertical, values }: Plane, level: number): Point[][] {
  const x = horizontal.coordinates
  const y = vertical.coordinates
  const n = x.length
  const m = y.length
  // Crossing points are named by their grid edge: 2·node for the edge to the right, 2·node + 1 for the edge upwards.
  const links = new Map<number, number[]>()
  const connect = (a: number, b: number): void => {
    links.set(a, [...(links.get(a) ?? []), b])
    links.set(b, [...(links.get(b) ?? []), a])
  }
  for (let j = 0; j + 1 < m; j++) {
    for (let i = 0; i + 1 < n; i++) {
      const k = j * n + i
      const [a, b, c, d] = [values[k], values[k + 1], values[k + n + 1], values[k + n]]
      const sum = a + b + c + d
      if (!(sum - sum === 0)) continue
      const inside = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0)
      if (inside === 0 || inside === 15) continue
      const [bottom, right, top, left] = [2 * k, 2 * (k + 1) + 1, 2 * (k + n), 2 * k + 1]
      const sides = [(inside & 3) === 1 || (inside & 3) === 2 ? bottom : -1, (inside & 6) === 2 || (inside & 6) === 4 ? right : -1, (inside & 12) === 4 || (inside & 12) === 8 ? top : -1, (inside & 9) === 1 || (inside & 9) === 8 ? left : -1]
      if (inside === 5 || inside === 10) {
        const centreInside = sum >= 4 * level
        // Corners a and c belong together when they and the centre are on the same side.
        if ((inside === 5) === centreInside) {
          connect(bottom, right)
          connect(top, left)
        } else {
          connect(bottom, left)
          connect(top, right)
        }
      } else {
        const [first, second] = sides.filter(side => side >= 0)
        connect(first, second)
      }
    }
  }
  const point = (edge: number): Point => {
    const node = edge >> 1
    const i = node % n
    const j = (node - i) / n
    const other = edge & 1 ? node + n : node + 1
    const f = (level - values[node]) / (values[other] - values[node])
    return edge & 1 ? [x[i], y[j] + f * (y[j + 1] - y[j])] : [x[i] + f * (x[i + 1] - x[i]), y[j]]
  }
  return chains(links).map(chain => chain.map(point))
}

/** Follows the links: open lines from their ends first, then closed ones. */
function chains(links: Map<number, number[]>): number[][] {
  const lines: number[][] = []
  const used = new Set<number>()
  const follow = (start: number): void => {
    const chain = [start]
    used.add(start)
    for (let at = start; ; ) {
      const next = links.get(at)!.find(edge => !used.has(edge))
      if (next === undefined) break
      chain.push(next)
      used.add(next)
      at = next
    }
    if (chain.length > 2 && links.get(chain[chain.length - 1])!.length === 2 && links.get(start)!.includes(chain[chain.length - 1])) chain.push(start)
    lines.push(chain)
  }
  for (const [edge, neighbours] of links) if (neighbours.length === 1 && !used.has(edge)) follow(edge)
  for (const edge of links.keys()) if (!used.has(edge)) follow(edge)
  return lines
}
