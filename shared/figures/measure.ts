import type { Look } from './look'
import type { AxisModel, PanelModel } from './model'
import type { Segment } from './text/label'
import type { SetLabel, Typesetter } from './text/typeset'
import { createScale } from './scales'
import type { TickSet } from './ticks'
import { makeTicks } from './ticks'

/** The words around one panel, set in type, for a plot of a given size. */
export interface PanelType {
  readonly x: AxisType
  readonly y: AxisType
  readonly bar?: BarType
  readonly title?: SetLabel
  readonly margins: Margins
  /** Above the plot: title, factor, label of the bar. A legend above stands on top of them. */
  readonly headroom: number
}

export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface AxisType {
  readonly ticks: readonly { readonly position: number; readonly label: SetLabel }[]
  readonly minor: readonly number[]
  readonly label?: SetLabel
  readonly factor?: SetLabel
  /** Widest tick number. */
  readonly widest: number
}

export interface BarType extends AxisType {
  /** A short label stands above the bar, a long one beside it, reading upwards. */
  readonly above?: SetLabel
}

/** Axis symbols up to this many em stay upright. */
const uprightUpTo = 1.7

export const isUpright = (label: SetLabel, look: Look): boolean => label.width <= uprightUpTo * look.base.size

export interface PlotSize {
  readonly width: number
  readonly height: number
}

/** Sets everything around a plot and says how much room it takes. */
export function measurePanel(model: PanelModel, plot: PlotSize, type: Typesetter, look: Look, letter: boolean, legendHeight: number): PanelType {
  const em = look.tick.size
  const x = horizontalAxis(model.x, plot.width, type, look)
  const y = verticalAxis(model.y, plot.height, type, look)
  const bar = model.map?.bar ? barType(model, plot.height, type, look) : undefined
  const title = model.title ? type.set(model.title, look.base) : undefined
  const toNumber = look.tickLength + look.tickGap
  const digits = type.capHeight(look.tick)
  const left = (y.ticks.length > 0 ? toNumber + y.widest : 0) + (y.label ? look.labelGap + (isUpright(y.label, look) ? y.label.width : y.label.ascent + y.label.descent) : 0)
  const belowNumbers = x.label || x.factor ? look.labelGap + Math.max(x.label ? x.label.ascent + x.label.descent : 0, x.factor ? x.factor.ascent + x.factor.descent : 0) : 0.12 * em
  const bottom = (x.ticks.length > 0 ? toNumber + digits + 0.1 * em : 0) + belowNumbers
  const lastNumber = x.ticks.reduce((reach, t) => Math.max(reach, t.position * plot.width + t.label.width / 2 - plot.width), 0)
  const firstNumber = x.ticks.reduce((reach, t) => Math.max(reach, t.label.width / 2 - t.position * plot.width), 0)
  const barReach = bar
    ? look.barGap + Math.max(look.barWidth + toNumber + bar.widest + (bar.label ? look.labelGap + bar.label.ascent + bar.label.descent : 0), bar.above?.width ?? 0, bar.factor?.width ?? 0)
    : 0
  const aboveBar = bar?.above ?? bar?.factor
  const headroom = Math.max(
    digits / 2,
    y.factor ? y.factor.ascent + y.factor.descent + 0.1 * em : 0,
    aboveBar ? aboveBar.ascent + aboveBar.descent + 0.1 * em : 0,
    title ? title.ascent + title.descent + 0.25 * em : 0,
  )
  const top = Math.max(headroom + legendHeight, letter ? type.capHeight(look.letter) + 0.6 * em : 0)
  return { x, y, ...(bar ? { bar } : {}), ...(title ? { title } : {}), margins: { left: Math.max(left, firstNumber), right: Math.max(barReach, lastNumber), top, bottom }, headroom }
}

function finish(set: TickSet, axis: AxisModel, type: Typesetter, look: Look): AxisType {
  const ticks = set.ticks.map(t => ({ position: t.position, label: type.set(t.label, look.tick) }))
  const hasLabel = typeof axis.label === 'string' ? axis.label !== '' : axis.label.length > 0
  return {
    ticks, minor: set.minor,
    ...(hasLabel ? { label: type.set(axis.label, look.base) } : {}),
    ...(set.factor ? { factor: type.set(set.factor, look.tick) } : {}),
    widest: Math.max(0, ...ticks.map(t => t.label.width)),
  }
}

/** As many numbers as fit with air between them. */
function horizontalAxis(axis: AxisModel, width: number, type: Typesetter, look: Look): AxisType {
  const em = look.tick.size
  if (axis.ticks !== undefined) return finish(makeTicks(axis.scale, axis.ticks), axis, type, look)
  for (let wanted = Math.min(8, Math.max(3, Math.round(width / (5.5 * em)))); ; wanted--) {
    const set = finish(makeTicks(axis.scale, wanted), axis, type, look)
    const collides = set.ticks.some((t, i) => i > 0 && (t.position - set.ticks[i - 1].position) * width < (t.label.width + set.ticks[i - 1].label.width) / 2 + 0.6 * em)
    if (!collides) return set
    if (wanted <= 2) return { ...set, ticks: apart(set.ticks, (a, b) => Math.abs(a.position - b.position) * width >= (a.label.width + b.label.width) / 2 + 0.6 * em) }
  }
}

type SetTick = AxisType['ticks'][number]

/** Leaves out numbers that would touch one already kept; the first in the list wins, the symlog axis lists zero first. */
function apart(ticks: readonly SetTick[], fit: (a: SetTick, b: SetTick) => boolean): SetTick[] {
  const kept: SetTick[] = []
  for (const t of ticks) if (kept.every(k => fit(k, t))) kept.push(t)
  return kept
}

function verticalAxis(axis: AxisModel, height: number, type: Typesetter, look: Look): AxisType {
  const wanted = axis.ticks ?? Math.min(8, Math.max(3, Math.round(height / (3.6 * look.tick.size))))
  const set = finish(makeTicks(axis.scale, wanted), axis, type, look)
  return { ...set, ticks: apart(set.ticks, (a, b) => Math.abs(a.position - b.position) * height >= 1.05 * look.tick.size) }
}

function barType(model: PanelModel, height: number, type: Typesetter, look: Look): BarType {
  const { bar, colours } = model.map!
  const scale = colours.scale.name === 'linear' ? createScale('linear', colours.range[0], colours.range[1]) : colours.scale
  const plain = verticalAxis({ label: '', scale, ticks: bar!.ticks, grid: false }, height, type, look)
  const axis = colours.turn !== undefined && bar!.ticks === undefined ? { ...plain, ticks: angles(type, look) } : plain
  if (!bar!.label) return axis
  const label = type.set(bar!.label, look.base)
  if (label.width > 3 * look.base.size) return { ...axis, label }
  if (!axis.factor) return { ...axis, above: label }
  const factor: Segment[] = [...makeTicks(scale, bar!.ticks ?? 5).factor!]
  return { ...axis, above: joined(label, type.set([{ text: '  (' }, ...factor, { text: ')' }], look.tick)) }
}

/** Quarters of a turn from −π to π. */
const angles = (type: Typesetter, look: Look): SetTick[] => ['−π', '−π/2', '0', 'π/2', 'π'].map((text, i) => ({ position: i / 4, label: type.set([{ text }], look.tick) }))

/** Two set labels side by side. */
function joined(a: SetLabel, b: SetLabel): SetLabel {
  return {
    width: a.width + b.width, ascent: Math.max(a.ascent, b.ascent), descent: Math.max(a.descent, b.descent),
    place: (x, y, angle = 0) => [...a.place(x, y, angle), ...b.place(angle === 0 ? x + a.width : x, angle === 0 ? y : y - a.width, angle)],
  }
}
