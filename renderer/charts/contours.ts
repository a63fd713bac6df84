import type { Picture } from './picture'
import { denormalise } from './value-scale'
import type { ValueScale } from './value-scale'
import { linearTicks, logTicks } from './ticks'

/** One contour line: points in coordinates, x and y alternating. Closed when the first point is repeated at the end. */
export interface ContourLine {
  readonly level: number
  readonly points: Float64Array
}

/** About `count` round levels strictly inside the range; evenly spaced along the map on a symmetric-log scale. */
export function contourLevels(scale: ValueScale, count: number): number[] {
  if (count < 1) return []
  const levels = scale.transform === 'linear' ? linearTicks(scale.lower, scale.upper, count + 1)
    : scale.transform === 'log' ? logTicks(scale.lower, scale.upper, count)
    : Array.from({ length: count }, (_, i) => denormalise(scale, (i + 1) / (count + 1)))
  return levels.filter(v => v > scale.lower && v < scale.upper)
}

/**
 * Lines where the bilinear picture crosses `level`, by marching squares: linear interpolation along cell edges, the mean of the four corners
 * decides saddles, cells with a missing corner are left out. Segments are chained into polylines.
 */
export function contourLines(picture: Picture, level: number): ContourLine[] {
  const nx = picture.x.length
  const ny = picture.y.length
  const { values } = picture
  // Edges are numbered 2·node for the one to the right and 2·node + 1 for the one upward; each belongs to at most two segments.
  const links = new Map<number, [number, number]>()
  const link = (a: number, b: number): void => {
    for (const [from, to] of [[a, b], [b, a]]) {
      const pair = links.get(from)
      if (!pair) links.set(from, [to, -1])
      else pair[1] = to
    }
  }
  for (let j = 0; j + 1 < ny; j++) {
    for (let i = 0; i + 1 < nx; i++) {
      const at = j * nx + i
      const v00 = values[at], v10 = values[at + 1], v01 = values[at + nx], v11 = values[at + nx + 1]
      const code = (v00 >= level ? 1 : 0) | (v10 >= level ? 2 : 0) | (v11 >= level ? 4 : 0) | (v01 >= level ? 8 : 0)
      if (code === 0 || code === 15) continue
      if (!Number.isFinite(v00 + v10 + v01 + v11)) continue
      const bottom = 2 * at, right = 2 * (at + 1) + 1, top = 2 * (at + nx), left = 2 * at + 1
      const high = (v00 + v10 + v01 + v11) / 4 >= level
      switch (code) {
        case 1: case 14: link(left, bottom); break
        case 2: case 13: link(bottom, right); break
        case 4: case 11: link(right, top); break
        case 8: case 7: link(top, left); break
        case 3: case 12: link(left, right); break
        case 6: case 9: link(bottom, top); break
        case 5: if (high) { link(left, top); link(bottom, right) } else { link(left, bottom); link(right, top) } break
        case 10: if (high) { link(left, bottom); link(right, top) } else { link(left, top); link(bottom, right) } break
      }
    }
  }
  return chain(links).map(edges => ({ level, points: locate(picture, level, edges) }))
}

function chain(links: Map<number, [number, number]>): number[][] {
  const chains: number[][] = []
  const used = new Set<number>()
  const walk = (start: number): void => {
    const edges = [start]
    used.add(start)
    let previous = -1
    for (let here = start; ;) {
      const [a, b] = links.get(here)!
      const next = a !== previous && a !== -1 && (!used.has(a) || (a === start && edges.length > 2)) ? a : b !== previous && b !== -1 && (!used.has(b) || (b === start && edges.length > 2)) ? b : -1
      if (next === -1) break
      edges.push(next)
      if (next === start) break
      used.add(next)
      previous = here
      here = next
    }
    chains.push(edges)
  }
  for (const [edge, [, second]] of links) if (second === -1 && !used.has(edge)) walk(edge)
  for (const edge of links.keys()) if (!used.has(edge)) walk(edge)
  return chains
}

function locate(picture: Picture, level: number, edges: readonly number[]): Float64Array {
  const nx = picture.x.length
  const points = new Float64Array(2 * edges.length)
  edges.forEach((edge, k) => {
    const node = edge >> 1
    const i = node % nx
    const j = (node - i) / nx
    const upward = edge & 1
    const a = picture.values[node]
    const b = picture.values[upward ? node + nx : node + 1]
    const t = (level - a) / (b - a)
    points[2 * k] = upward ? picture.x[i] : picture.x[i] + t * (picture.x[i + 1] - picture.x[i])
    points[2 * k + 1] = upward ? picture.y[j] + t * (picture.y[j + 1] - picture.y[j]) : picture.y[j]
  })
  return points
}
