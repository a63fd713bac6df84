import type { Item, Point, Rectangle } from '../display-list'
import { line } from '../display-list'
import type { Look } from '../look'
import type { CurveModel, PanelModel } from '../model'
import { dashLengths, markerPath } from '../series'
import type { SetLabel, Typesetter } from '../text/typeset'

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right'
const corners: readonly Corner[] = ['top-right', 'top-left', 'bottom-right', 'bottom-left']

interface Entry {
  readonly curve: CurveModel
  readonly label: SetLabel
}

export interface Legend {
  readonly entries: readonly Entry[]
  readonly width: number
  readonly height: number
  readonly rowHeight: number
}

const sampleLength = (look: Look): number => 2.8 * look.tick.size
const textGap = (look: Look): number => 0.5 * look.tick.size
/** Room for the tallest entry. */
const rowHeightOf = (entries: readonly Entry[], look: Look): number => Math.max(1.25 * look.tick.size, ...entries.map(({ label }) => label.ascent + label.descent + 0.2 * look.tick.size))

/** The legend's block, or undefined when nothing has a label. */
export function makeLegend(model: PanelModel, setter: Typesetter, look: Look): Legend | undefined {
  const entries = model.curves.flatMap(curve => (curve.label ? [{ curve, label: setter.set(curve.label, look.tick) }] : []))
  if (entries.length === 0 || model.legend === 'none') return undefined
  const width = sampleLength(look) + textGap(look) + Math.max(...entries.map(entry => entry.label.width))
  const rowHeight = rowHeightOf(entries, look)
  return { entries, width, height: entries.length * rowHeight, rowHeight }
}

function boxAt(corner: Corner, { width, height }: Legend, plot: Rectangle, look: Look): Rectangle {
  const inset = 0.6 * look.tick.size
  return {
    x: corner.endsWith('left') ? plot.x + inset : plot.x + plot.width - inset - width,
    y: corner.startsWith('top') ? plot.y + inset * 0.7 : plot.y + plot.height - inset * 0.7 - height,
    width, height,
  }
}

/** The first corner where the legend covers no curve, or undefined: then it stands above the plot. */
export function freeCorner(legend: Legend, plot: Rectangle, obstacles: readonly (readonly Point[])[], look: Look): Corner | undefined {
  return corners.find(corner => {
    const box = boxAt(corner, legend, plot, look)
    if (box.x < plot.x || box.y < plot.y || box.y + box.height > plot.y + plot.height) return false
    const air = 0.35 * look.tick.size
    const wide = { x: box.x - air, y: box.y - air, width: box.width + 2 * air, height: box.height + 2 * air }
    return !obstacles.some(points => points.some((p, i) => crosses(i === 0 ? p : points[i - 1], p, wide)))
  })
}

/** Liang–Barsky: whether the segment meets the rectangle. */
function crosses([x0, y0]: Point, [x1, y1]: Point, { x, y, width, height }: Rectangle): boolean {
  let from = 0
  let to = 1
  for (const [p, q] of [[x0 - x1, x0 - x], [x1 - x0, x + width - x0], [y0 - y1, y0 - y], [y1 - y0, y + height - y0]]) {
    if (p === 0) {
      if (q < 0) return false
    } else if (p < 0) from = Math.max(from, q / p)
    else to = Math.min(to, q / p)
  }
  return from <= to
}

export function drawLegend(legend: Legend, corner: Corner, plot: Rectangle, setter: Typesetter, look: Look): Item[] {
  const box = boxAt(corner, legend, plot, look)
  return legend.entries.flatMap((entry, i) => drawEntry(entry, box.x, box.y + (i + 0.5) * legend.rowHeight, setter, look))
}

/** Entries in rows above the plot, as many side by side as fit. */
function rowsAbove(legend: Legend, width: number, look: Look): Entry[][] {
  const gap = 1.4 * look.tick.size
  const rows: Entry[][] = []
  let used = Infinity
  for (const entry of legend.entries) {
    const length = entryWidth(entry, look)
    if (used + gap + length > width) {
      rows.push([entry])
      used = length
    } else {
      rows[rows.length - 1].push(entry)
      used += gap + length
    }
  }
  return rows
}

const entryWidth = (entry: Entry, look: Look): number => sampleLength(look) + textGap(look) + entry.label.width

export const heightAbove = (legend: Legend, width: number, look: Look): number => rowsAbove(legend, width, look).length * legend.rowHeight + 0.4 * look.tick.size

/** `base`: the height (pt from the top of the page) on which the lowest row stands. */
export function drawLegendAbove(legend: Legend, plot: Rectangle, base: number, setter: Typesetter, look: Look): Item[] {
  const rows = rowsAbove(legend, plot.width, look)
  return rows.flatMap((row, r) => {
    let x = plot.x
    const y = base - 0.4 * look.tick.size - (rows.length - r - 0.5) * legend.rowHeight
    return row.flatMap(entry => {
      const items = drawEntry(entry, x, y, setter, look)
      x += entryWidth(entry, look) + 1.4 * look.tick.size
      return items
    })
  })
}

function drawEntry({ curve, label }: Entry, x: number, y: number, setter: Typesetter, look: Look): Item[] {
  const width = curve.width ?? look.lineWidth
  const dash = dashLengths(curve.style.dash, width)
  const length = sampleLength(look)
  return [
    line([[x, y], [x + length, y]], { colour: curve.style.colour, width, ...(dash ? { dash } : {}) }),
    ...(curve.markers ? [{ kind: 'path' as const, d: markerPath(curve.style.marker, x + length / 2, y, look.markerRadius), fill: curve.style.colour }] : []),
    ...label.place(x + length + textGap(look), y + setter.capHeight(look.tick) / 2),
  ]
}
