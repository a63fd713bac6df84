import type { Fault } from '../fault'
import type { DomainOutline } from '../fields/outline'
import type { FigureData } from './data'
import type { DisplayList, Item } from './display-list'
import { pointsPerMillimetre, rounded } from './display-list'
import { drawAxes, drawGrid } from './draw/axes'
import type { PlacedSlope } from './draw/curves'
import { curvePieces, drawCurves, placeSlope } from './draw/curves'
import type { Corner, Legend } from './draw/legend'
import { drawLegend, drawLegendAbove, freeCorner, heightAbove, makeLegend } from './draw/legend'
import { drawBar, drawContours, drawMap, drawRim } from './draw/map'
import type { PlacedPanel } from './layout'
import { columnsOf, hasLetters, layoutFigure } from './layout'
import type { Look } from './look'
import { makeLook } from './look'
import type { MapModel, PanelModel } from './model'
import { findPreset, presets } from './presets'
import type { Preset, PresetId } from './presets'
import { resolveFigure } from './resolve'
import type { Figure } from './specification'
import { labelText, parseLabel } from './text/label'
import type { FontMetrics } from './text/fonts'
import type { Typesetter } from './text/typeset'
import { createTypesetter } from './text/typeset'

export interface Composition {
  readonly list: DisplayList
  readonly faults: readonly Fault[]
  /** Resolution at which pictures were made. */
  readonly dpi: number
}

/** At most so many pixels across the page, so that a poster at 1200 dpi does not fill the memory. */
const mostPixels = 6e7

/**
 * The whole way from a specification and its data to a display list: resolve, lay out, draw. Pure; equal input gives an equal list.
 * Data that are missing leave an empty panel and a fault: a figure is always drawn.
 */
export function composeFigure(figure: Figure, data: FigureData, fonts: FontMetrics, options: { readonly preset?: PresetId; readonly dpi?: number; readonly outline?: DomainOutline } = {}): Composition {
  const faults: Fault[] = []
  const report = (fault: Fault): void => void faults.push(fault)
  const preset: Preset = findPreset(options.preset ?? figure.preset) ?? presets[0]
  // A preset asked for at export brings its own width.
  const sized: Figure = options.preset && options.preset !== figure.preset ? { ...figure, width: undefined, height: undefined } : figure
  const models = withSharedBars(resolveFigure(figure, data, preset, report, options.outline), columnsOf(sized, preset))
  const look = makeLook(preset)
  const type = createTypesetter({ fonts, family: figure.font ?? preset.font, formulae: preset.formulae, minimumScript: preset.minimumScriptPt, report })
  const hasMap = models.some(model => model.map)
  const dpi = limitedDpi(options.dpi ?? figure.dpi ?? (hasMap ? preset.dpi.mixed : preset.dpi.line), sized, preset, report)

  const legends = models.map(model => makeLegend(model, type, look))
  const above = models.map((model, p) => legends[p] !== undefined && (model.legend === 'above' || (model.legend === 'auto' && model.map !== undefined)))
  const lay = (): PlacedPanel[] => {
    layout = layoutFigure({ figure: sized, preset, models, look, type, dpi, legendHeights: models.map((_, p) => (above[p] ? heightAbove(legends[p]!, widths[p], look) : 0)) })
    return [...layout.panels]
  }
  let widths = models.map(() => (sized.width ?? preset.widthMm) * pointsPerMillimetre * 0.7)
  let layout!: ReturnType<typeof layoutFigure>
  let placed = lay()
  widths = placed.map(panel => panel.plot.width)
  const slopesOf = (panel: PlacedPanel): PlacedSlope[] => panel.model.slopes.flatMap(slope => placeSlope(slope, panel, look, type) ?? [])
  const cornerOf = (panel: PlacedPanel, p: number): Corner | undefined => {
    const legend = legends[p]
    if (!legend || above[p]) return undefined
    if (panel.model.legend !== 'auto') return panel.model.legend as Corner
    return freeCorner(legend, panel.plot, obstacles(panel, slopesOf(panel)), look)
  }
  let positions = placed.map(cornerOf)
  positions.forEach((corner, p) => {
    if (legends[p] && !corner) above[p] = true
  })
  placed = lay()
  positions = placed.map((panel, p) => cornerOf(panel, p) ?? positions[p])

  const letters = hasLetters(figure)
  const items = placed.flatMap((panel, p) => drawPanel(panel, { look, type, dpi, slopes: slopesOf(panel), legend: legends[p], corner: above[p] ? undefined : positions[p], letter: letters ? letterOf(p, preset) : undefined }))
  const title = labelText(parseLabel(figure.title ?? figure.id))
  return { list: { width: rounded(layout.width), height: rounded(layout.height), title, items: items.map(roundedImage) }, faults, dpi }
}

/** Maps side by side with the same colours need one bar: the last one keeps it. */
function withSharedBars(models: readonly PanelModel[], columns: number): PanelModel[] {
  const same = (a: MapModel, b: MapModel): boolean =>
    a.colours.map === b.colours.map && a.colours.scale.name === b.colours.scale.name && a.colours.range[0] === b.colours.range[0] && a.colours.range[1] === b.colours.range[1] && a.bar?.label === b.bar?.label
  return models.map((model, p) => {
    const next = models[p + 1]
    if (!model.map?.bar || (p + 1) % columns === 0 || !next?.map?.bar || !same(model.map, next.map)) return model
    const { bar: _, ...map } = model.map
    return { ...model, map }
  })
}

function limitedDpi(dpi: number, figure: Figure, preset: Preset, report: (fault: Fault) => void): number {
  const inches = (figure.width ?? preset.widthMm) / 25.4
  const most = Math.floor(Math.sqrt(mostPixels) / inches)
  if (dpi <= most) return dpi
  report({ severity: 'info', code: 'dpi-limited', message: `Pictures are drawn at ${most} dpi instead of ${dpi}: the page is ${Math.round(inches * 25.4)} mm wide.` })
  return most
}

const letterOf = (index: number, preset: Preset): string => (preset.letters.style === 'bold' ? String.fromCharCode(97 + index) : `(${String.fromCharCode(97 + index)})`)

const obstacles = (panel: PlacedPanel, slopes: readonly PlacedSlope[]): (readonly (readonly [number, number])[])[] => [
  ...panel.model.curves.flatMap(curve => curvePieces(curve, panel.model, panel.plot)),
  ...slopes.map(slope => [...slope.triangle, slope.triangle[0]]),
]

interface DrawOptions {
  readonly look: Look
  readonly type: Typesetter
  readonly dpi: number
  readonly slopes: readonly PlacedSlope[]
  readonly legend?: Legend
  readonly corner?: Corner
  readonly letter?: string
}

function drawPanel(panel: PlacedPanel, { look, type, dpi, slopes, legend, corner, letter }: DrawOptions): Item[] {
  const { model, plot } = panel
  const items: Item[] = []
  if (model.map) items.push(drawMap(model.map, panel, dpi))
  items.push(...drawContours(model.contours, panel, look, model.map?.outline), ...(model.map ? drawRim(model.map, panel, look) : []), ...drawGrid(panel, look), ...drawCurves(panel, look), ...slopes.flatMap(slope => slope.items))
  items.push(...drawAxes(panel, look, type))
  if (model.map && panel.type.bar) items.push(...drawBar(panel, model.map, look, type, dpi))
  if (legend) {
    items.push(...(corner ? drawLegend(legend, corner, plot, type, look) : drawLegendAbove(legend, plot, plot.y - panel.type.headroom, type, look)))
  }
  if (model.notice) {
    const notice = type.set(model.notice, look.base)
    items.push(...notice.place(plot.x + (plot.width - notice.width) / 2, plot.y + plot.height / 2))
  }
  if (letter) items.push(...type.set([{ text: letter }], look.letter).place(panel.corner.x, panel.corner.y + type.capHeight(look.letter) + 0.2))
  return items
}

function roundedImage(item: Item): Item {
  if (item.kind !== 'image') return item
  const x = rounded(item.x)
  const y = rounded(item.y)
  return { ...item, x, y, width: rounded(item.x + item.width - x), height: rounded(item.y + item.height - y) }
}
