import type { Item, Point, Rectangle } from '../display-list'
import { polyline, rectanglePath } from '../display-list'
import { log10 } from '../decimal'
import type { Look } from '../look'
import type { PlacedPanel } from '../layout'
import type { CurveModel, PanelModel, SlopeModel } from '../model'
import { shortNumber } from '../decimal'
import { dashLengths, markerPath } from '../series'
import type { Typesetter } from '../text/typeset'

/** A curve in pt, broken where a value is missing or off the scale. */
export function curvePieces(curve: CurveModel, model: PanelModel, plot: Rectangle): Point[][] {
  const pieces: Point[][] = []
  let piece: Point[] = []
  const close = (): void => {
    if (piece.length > 0) pieces.push(piece)
    piece = []
  }
  for (let i = 0; i < curve.x.length; i++) {
    const u = model.x.scale.position(curve.x[i])
    const v = model.y.scale.position(curve.y[i])
    // A steep curve may leave the plot by far; the clip cuts it, but coordinates stay within what every viewer can take.
    if (Number.isFinite(u) && Number.isFinite(v)) piece.push([plot.x + u * plot.width, plot.y + (1 - Math.min(20, Math.max(-20, v))) * plot.height])
    else close()
  }
  close()
  return pieces.map(points => condensed(points))
}

/** Long curves keep first, lowest, highest and last point of every eighth of a point (pt) along x: the same ink, far fewer points. */
function condensed(points: Point[]): Point[] {
  const column = 0.125
  if (points.length < 4000) return points
  const kept: Point[] = []
  let from = 0
  while (from < points.length) {
    let to = from
    while (to + 1 < points.length && Math.floor(points[to + 1][0] / column) === Math.floor(points[from][0] / column)) to++
    let low = from
    let high = from
    for (let i = from; i <= to; i++) {
      if (points[i][1] < points[low][1]) low = i
      if (points[i][1] > points[high][1]) high = i
    }
    for (const i of [...new Set([from, low, high, to])].sort((a, b) => a - b)) kept.push(points[i])
    from = to + 1
  }
  return kept
}

/** The band around a curve as one closed path for every stretch without gaps. */
function bandPath(curve: CurveModel, model: PanelModel, plot: Rectangle): string {
  const { lower, upper } = curve.band!
  const edge = (y: Float64Array) => ({ ...curve, y: y.map((v, i) => (usable(lower[i], upper[i]) ? v : NaN)) })
  const usable = (a: number, b: number): boolean => Number.isFinite(model.y.scale.position(a)) && Number.isFinite(model.y.scale.position(b))
  const [below, above] = [curvePieces(edge(lower), model, plot), curvePieces(edge(upper), model, plot)]
  return below.map((piece, k) => polyline([...above[k], ...[...piece].reverse()], true)).join('')
}

/** Of a band's colour: two bands over one another still show both. */
const bandOpacity = 0.2

export function drawCurves({ model, plot }: PlacedPanel, look: Look): Item[] {
  if (model.curves.length === 0) return []
  const bands = model.curves.flatMap((curve): Item[] => {
    const d = curve.band ? bandPath(curve, model, plot) : ''
    return d ? [{ kind: 'path', d, fill: curve.style.colour, opacity: bandOpacity }] : []
  })
  const lines: Item[] = []
  const markers: Item[] = []
  for (const curve of model.curves) {
    const pieces = curvePieces(curve, model, plot)
    const width = curve.width ?? look.lineWidth
    const dash = dashLengths(curve.style.dash, width)
    const d = pieces.filter(piece => piece.length > 1).map(piece => polyline(piece)).join('')
    if (d) lines.push({ kind: 'path', d, stroke: { colour: curve.style.colour, width, join: 'round', cap: dash ? 'butt' : 'round', ...(dash ? { dash } : {}) } })
    if (curve.markers) {
      const inside = pieces.flat().filter(([x, y]) => x >= plot.x - 0.01 && x <= plot.x + plot.width + 0.01 && y >= plot.y - 0.01 && y <= plot.y + plot.height + 0.01)
      if (inside.length > 0) markers.push({ kind: 'path', d: inside.map(([x, y]) => markerPath(curve.style.marker, x, y, look.markerRadius)).join(''), fill: curve.style.colour })
    }
  }
  const clipped = [...bands, ...lines]
  return [...(clipped.length > 0 ? [{ kind: 'group' as const, clip: rectanglePath(grown(plot, look.lineWidth)), items: clipped }] : []), ...markers]
}

/** Half a line beyond the frame, so that a curve on the axis is not halved. */
const grown = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({ x: x - by / 2, y: y - by / 2, width: width + by, height: height + by })

export interface PlacedSlope {
  readonly triangle: readonly Point[]
  readonly items: readonly Item[]
}

/** The triangle under its curve: hypotenuse parallel to y ∝ x^order, the order written at the upright side. */
export function placeSlope(slope: SlopeModel, { model, plot }: PlacedPanel, look: Look, setter: Typesetter): PlacedSlope | undefined {
  const curve = model.curves[slope.curve]
  const points = Array.from(curve.x, (x, i) => [log10(x), log10(curve.y[i])] as const).filter(([u, v]) => Number.isFinite(u) && Number.isFinite(v)).sort((a, b) => a[0] - b[0])
  if (points.length < 2) return undefined
  const [least, greatest] = [points[0][0], points[points.length - 1][0]]
  const u1 = least + 0.42 * (greatest - least)
  const u2 = least + 0.68 * (greatest - least)
  const curveAt = (u: number): number => {
    const k = Math.max(1, points.findIndex(p => p[0] >= u))
    const [a, b] = [points[k - 1], points[k]]
    return a[1] + ((u - a[0]) / (b[0] - a[0])) * (b[1] - a[1])
  }
  const { x: sx, y: sy } = { x: model.x.scale, y: model.y.scale }
  const px = (u: number): number => plot.x + ((u - sx.from) / (sx.to - sx.from)) * plot.width
  const py = (v: number): number => plot.y + (1 - (v - sy.from) / (sy.to - sy.from)) * plot.height
  const gap = (1.3 * look.tick.size * (sy.to - sy.from)) / plot.height
  // The highest line of this slope that stays a gap below the curve over the triangle's width.
  const inner = [u1, u2, ...points.map(p => p[0]).filter(u => u > u1 && u < u2)]
  const offset = Math.min(...inner.map(u => curveAt(u) - slope.order * (u - u1))) - gap
  const v1 = offset
  const v2 = offset + slope.order * (u2 - u1)
  const rising = v2 > v1
  const corner: Point = rising ? [px(u2), py(v1)] : [px(u1), py(v2)]
  const triangle: Point[] = [[px(u1), py(v1)], [px(u2), py(v2)], corner]
  const label = setter.set(slope.label ?? [{ text: shortNumber(slope.order) }], look.tick)
  const side = rising ? px(u2) + 0.3 * look.tick.size : px(u1) - 0.3 * look.tick.size - label.width
  const middle = (py(v1) + py(v2)) / 2 + setter.capHeight(look.tick) / 2
  return { triangle, items: [{ kind: 'path', d: polyline(triangle, true), stroke: { colour: '#000000', width: look.axisWidth, join: 'round' } }, ...label.place(side, middle)] }
}

