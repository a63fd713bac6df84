import type { Item, Point } from '../display-list'
import { line, polyline, rectanglePath } from '../display-list'
import { outlinePath } from '../../fields/outline'
import type { DomainOutline } from '../../fields/outline'
import { boundaryFaces } from '../../fields/mesh-boundary'
import { contourLines } from '../contours'
import type { Look } from '../look'
import type { PlacedPanel } from '../layout'
import type { ContourModel, MapModel } from '../model'
import { paintPlane } from '../picture'
import type { Typesetter } from '../text/typeset'

const ink = '#000000'

/** The field as a picture that fills the plot, one pixel per dot. */
export function drawMap(map: MapModel, panel: PlacedPanel, dpi: number): Item {
  const { plot } = panel
  const columns = Math.max(1, Math.round((plot.width * dpi) / 72))
  const rows = Math.max(1, Math.round((plot.height * dpi) / 72))
  const image: Item = { kind: 'image', ...plot, columns, rows, rgb: paintPlane(map.plane, columns, rows, map.colours, map.cells) }
  return map.outline ? { kind: 'group', clip: rimPath(map.outline, panel), items: [image] } : image
}

const rimPath = (outline: DomainOutline, { model, plot }: PlacedPanel): string =>
  outlinePath(outline, (x, y) => [plot.x + model.x.scale.position(x) * plot.width, plot.y + (1 - model.y.scale.position(y)) * plot.height])

/** The rim of a domain that is no box: its outline, or the boundary of its mesh, as a line. */
export function drawRim({ plane: { exact }, outline }: MapModel, panel: PlacedPanel, look: Look): Item[] {
  const { model, plot } = panel
  if (outline) return [{ kind: 'group', clip: rectanglePath(plot), items: [{ kind: 'path', d: rimPath(outline, panel), stroke: { colour: ink, width: look.axisWidth, join: 'round' } }] }]
  if (!exact) return []
  const { mesh } = exact
  const at = (node: number): Point => [plot.x + model.x.scale.position(mesh.points[2 * node]) * plot.width, plot.y + (1 - model.y.scale.position(mesh.points[2 * node + 1])) * plot.height]
  const faces = boundaryFaces(mesh)
  const next = new Map<number, number>()
  for (let f = 0; f < faces.length; f += 2) next.set(faces[f], faces[f + 1])
  const chains: Point[][] = []
  while (next.size > 0) {
    const [start] = next.keys()
    const chain = [start]
    for (let node = start; ; ) {
      const following = next.get(node)
      next.delete(node)
      if (following === undefined) break
      chain.push(following)
      node = following
    }
    chains.push(thinned(chain.map(at)))
  }
  return [{ kind: 'group', clip: rectanglePath(plot), items: [{ kind: 'path', d: chains.map(chain => polyline(chain)).join(''), stroke: { colour: ink, width: look.axisWidth, join: 'round' } }] }]
}

/** Points nearer than this (pt) to the one before are left out of a contour. */
const contourGrain = 0.15

export function drawContours(contours: readonly ContourModel[], panel: PlacedPanel, look: Look, outline?: DomainOutline): Item[] {
  const { model, plot } = panel
  const at = ([u, v]: Point): Point => [plot.x + model.x.scale.position(u) * plot.width, plot.y + (1 - model.y.scale.position(v)) * plot.height]
  const items: Item[] = contours.flatMap(({ plane, levels, colour, opacity, width }) =>
    levels.flatMap(level => {
      const d = contourLines(plane, level).map(chain => polyline(thinned(chain.map(at)))).join('')
      return d ? [{ kind: 'path' as const, d, stroke: { colour, width: width ?? look.contourWidth, join: 'round' as const }, opacity }] : []
    }),
  )
  if (items.length === 0) return []
  const group: Item = { kind: 'group', clip: rectanglePath(plot), items }
  return outline ? [{ kind: 'group', clip: rimPath(outline, panel), items: [group] }] : [group]
}

function thinned(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  points.forEach((p, i) => {
    const last = kept.at(-1)
    if (!last || i === points.length - 1 || Math.abs(p[0] - last[0]) + Math.abs(p[1] - last[1]) > contourGrain) kept.push(p)
  })
  return kept
}

/** As high as the plot, its own picture one colour per row of dots, with ticks on the right. */
export function drawBar(placed: PlacedPanel, map: MapModel, look: Look, setter: Typesetter, dpi: number): Item[] {
  const { plot, type } = placed
  const bar = type.bar!
  const pixel = 72 / dpi
  const snap = (length: number): number => Math.floor(length / pixel + 1e-6) * pixel
  const box = { x: snap(plot.x + plot.width + look.barGap), y: plot.y, width: Math.max(pixel, snap(look.barWidth)), height: plot.height }
  const rows = Math.max(1, Math.round((box.height * dpi) / 72))
  // As many equal columns as dots: smoothing viewers would fade the edges of a single one.
  const columns = Math.max(1, Math.round((box.width * dpi) / 72))
  const rgb = new Uint8Array(3 * rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) map.colours.at(1 - (row + 0.5) / rows, rgb, 3 * (row * columns + column))
  }
  const stroke = { colour: ink, width: look.axisWidth }
  const items: Item[] = [{ kind: 'image', ...box, columns, rows, rgb }, { kind: 'path', d: rectanglePath(box), stroke }]
  const right = box.x + box.width
  const digits = setter.capHeight(look.tick)
  for (const t of bar.ticks) {
    const y = box.y + (1 - t.position) * box.height
    items.push(line([[right, y], [right + look.tickLength, y]], stroke), ...t.label.place(right + look.tickLength + look.tickGap, y + digits / 2))
  }
  for (const p of bar.minor) items.push(line([[right, box.y + (1 - p) * box.height], [right + look.minorTickLength, box.y + (1 - p) * box.height]], stroke))
  const em = look.tick.size
  const above = bar.above ?? bar.factor
  if (above) items.push(...above.place(box.x, box.y - 0.1 * em - above.descent - look.axisWidth))
  if (bar.label) items.push(...bar.label.place(right + look.tickLength + look.tickGap + bar.widest + look.labelGap + bar.label.ascent, box.y + (box.height + bar.label.width) / 2, -90))
  return items
}
