import type { Item, Point, Rectangle } from '../display-list'
import { line, rectanglePath } from '../display-list'
import type { Look } from '../look'
import { isUpright } from '../measure'
import type { PlacedPanel } from '../layout'
import type { SetLabel, Typesetter } from '../text/typeset'

const ink = '#000000'
const gridInk = '#d9d9d9'

/** Hairlines under the curves. */
export function drawGrid({ model, plot, type }: PlacedPanel, look: Look): Item[] {
  const stroke = { colour: gridInk, width: look.axisWidth }
  return [
    ...(model.x.grid ? type.x.ticks.map(t => line([[plot.x + t.position * plot.width, plot.y], [plot.x + t.position * plot.width, plot.y + plot.height]], stroke)) : []),
    ...(model.y.grid ? type.y.ticks.map(t => line([[plot.x, plot.y + (1 - t.position) * plot.height], [plot.x + plot.width, plot.y + (1 - t.position) * plot.height]], stroke)) : []),
  ]
}

/** Frame, ticks, numbers, labels and title of one panel. */
export function drawAxes({ model, plot, type }: PlacedPanel, look: Look, setter: Typesetter): Item[] {
  const items: Item[] = []
  const { x, y, width, height } = plot
  const bottom = y + height
  const stroke = { colour: ink, width: look.axisWidth }
  const open = look.openFrame && !model.map && model.contours.length === 0
  if (open) items.push({ kind: 'path', d: pathOf([[x, y], [x, bottom], [x + width, bottom]]), stroke: { ...stroke, cap: 'square' } })
  else items.push({ kind: 'path', d: rectanglePath(plot), stroke })
  const digits = setter.capHeight(look.tick)
  const numberLine = bottom + look.tickLength + look.tickGap + digits
  for (const t of type.x.ticks) {
    const at = x + t.position * width
    items.push(line([[at, bottom], [at, bottom + look.tickLength]], stroke), ...t.label.place(at - t.label.width / 2, numberLine))
  }
  for (const p of type.x.minor) items.push(line([[x + p * width, bottom], [x + p * width, bottom + look.minorTickLength]], stroke))
  for (const t of type.y.ticks) {
    const at = bottom - t.position * height
    items.push(line([[x - look.tickLength, at], [x, at]], stroke), ...t.label.place(x - look.tickLength - look.tickGap - t.label.width, at + digits / 2))
  }
  for (const p of type.y.minor) items.push(line([[x - look.minorTickLength, bottom - p * height], [x, bottom - p * height]], stroke))
  items.push(...drawLabels(type, plot, numberLine, look, setter))
  return items
}

function drawLabels(type: PlacedPanel['type'], { x, y, width, height }: Rectangle, numberLine: number, look: Look, setter: Typesetter): Item[] {
  const items: Item[] = []
  const em = look.tick.size
  if (type.x.label) items.push(...type.x.label.place(x + (width - type.x.label.width) / 2, numberLine + 0.1 * em + look.labelGap + type.x.label.ascent))
  if (type.x.factor) items.push(...type.x.factor.place(x + width - type.x.factor.width, numberLine + 0.1 * em + look.labelGap + type.x.factor.ascent))
  if (type.y.label) {
    const numbers = type.y.ticks.length > 0 ? look.tickLength + look.tickGap + type.y.widest : 0
    const edge = x - numbers - look.labelGap
    const label: SetLabel = type.y.label
    if (isUpright(label, look)) items.push(...label.place(edge - label.width, y + height / 2 + setter.capHeight(look.base) / 2))
    else items.push(...label.place(edge - label.descent, y + (height + label.width) / 2, -90))
  }
  if (type.y.factor) items.push(...type.y.factor.place(x, y - 0.1 * em - type.y.factor.descent))
  if (type.title) items.push(...type.title.place(x + (width - type.title.width) / 2, y - 0.25 * em - type.title.descent))
  return items
}

const pathOf = (points: readonly Point[]): string => {
  const item = line(points, { colour: ink, width: 1 })
  return item.d
}
