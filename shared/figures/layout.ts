import type { Rectangle } from './display-list'
import { pointsPerMillimetre } from './display-list'
import type { Look } from './look'
import type { PanelType } from './measure'
import { measurePanel } from './measure'
import type { PanelModel } from './model'
import type { Preset } from './presets'
import type { Figure } from './specification'
import type { Typesetter } from './text/typeset'

export interface PlacedPanel {
  readonly model: PanelModel
  /** Inside of the axes, on the picture's pixel grid. */
  readonly plot: Rectangle
  /** Top left corner of the panel with all that belongs to it: where its letter stands. */
  readonly corner: { readonly x: number; readonly y: number }
  readonly type: PanelType
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly panels: readonly PlacedPanel[]
}

const golden = 0.6180339887498949
/** Where a preset names no height. */
const tallest = 250

export interface LayoutRequest {
  readonly figure: Figure
  readonly preset: Preset
  readonly models: readonly PanelModel[]
  readonly look: Look
  readonly type: Typesetter
  /** Height of the legend above each panel, 0 where it stands elsewhere. */
  readonly legendHeights: readonly number[]
  /** Pixels per inch of pictures: plots start and end on whole pixels. */
  readonly dpi: number
}

/**
 * Places the panels in rows and columns. Plots of one column share their left and right edges, plots of one row their top; plots without an aspect of their own
 * take the height of their row. Margins depend on the numbers, the numbers on the size: a few rounds settle it.
 */
export function layoutFigure({ figure, preset, models, look, type, legendHeights, dpi }: LayoutRequest): Layout {
  const width = (figure.width ?? preset.widthMm) * pointsPerMillimetre
  const columns = columnsOf(figure, preset)
  const rows = Math.ceil(models.length / columns)
  const letters = hasLetters(figure)
  const ofColumn = (c: number): number[] => models.map((_, p) => p).filter(p => p % columns === c)
  const ofRow = (r: number): number[] => models.map((_, p) => p).filter(p => Math.floor(p / columns) === r)
  const available = figure.height === undefined ? (preset.maximumHeightMm ?? tallest) * pointsPerMillimetre : figure.height * pointsPerMillimetre

  let sizes = models.map(model => ({ width: (0.75 * width) / columns, height: ((model.aspect ?? golden) * 0.75 * width) / columns }))
  let types: PanelType[] = []
  let lefts: number[] = []
  let rights: number[] = []
  let tops: number[] = []
  let bottoms: number[] = []
  let plotWidth = 0
  for (let round = 0; round < 4; round++) {
    types = models.map((model, p) => measurePanel(model, sizes[p], type, look, letters, legendHeights[p]))
    const greatest = (of: number[], side: 'left' | 'right' | 'top' | 'bottom'): number => Math.max(...of.map(p => types[p].margins[side]))
    lefts = Array.from({ length: columns }, (_, c) => greatest(ofColumn(c), 'left'))
    rights = Array.from({ length: columns }, (_, c) => greatest(ofColumn(c), 'right'))
    tops = Array.from({ length: rows }, (_, r) => greatest(ofRow(r), 'top'))
    bottoms = Array.from({ length: rows }, (_, r) => greatest(ofRow(r), 'bottom'))
    plotWidth = Math.max(4 * look.tick.size, (width - 2 * look.outer - (columns - 1) * look.panelGap - sum(lefts) - sum(rights)) / columns)
    const heights = rowHeights(models, columns, plotWidth)
    const around = sum(tops) + sum(bottoms) + (rows - 1) * look.panelGap + 2 * look.outer
    const natural = sum(heights)
    const scale = figure.height !== undefined || natural + around > available ? Math.max(0.05, (available - around) / natural) : 1
    sizes = models.map((model, p) => {
      const rowHeight = heights[Math.floor(p / columns)] * scale
      if (model.aspect === undefined) return { width: plotWidth, height: rowHeight }
      const w = Math.min(plotWidth, rowHeight / model.aspect)
      return { width: w, height: w * model.aspect }
    })
  }

  const pixel = 72 / dpi
  // Inwards on all sides, so that nothing around the plot is pushed off the page; an equal aspect is kept in whole pixels.
  const place = (x: number, y: number, { width: w, height: h }: { width: number; height: number }, aspect: number | undefined): Rectangle => {
    const [left, top] = [Math.ceil(x / pixel - 1e-6), Math.ceil(y / pixel - 1e-6)]
    const across = Math.max(1, Math.floor((x + w) / pixel + 1e-6) - left)
    const down = aspect === undefined ? Math.max(1, Math.floor((y + h) / pixel + 1e-6) - top) : Math.max(1, Math.round(aspect * across))
    return { x: left * pixel, y: top * pixel, width: across * pixel, height: down * pixel }
  }
  const panels: PlacedPanel[] = []
  let y = look.outer
  for (let r = 0; r < rows; r++) {
    const members = ofRow(r)
    const height = Math.max(...members.map(p => sizes[p].height))
    let x = look.outer
    for (const p of members) {
      const c = p % columns
      const size = sizes[p]
      const slack = (plotWidth - size.width) / 2
      const plot = place(x + lefts[c] + slack, y + tops[r], size, models[p].aspect)
      panels.push({ model: models[p], plot, corner: { x, y }, type: types[p] })
      x += lefts[c] + plotWidth + rights[c] + look.panelGap
    }
    y += tops[r] + height + bottoms[r] + (r + 1 < rows ? look.panelGap : 0)
  }
  return { width, height: figure.height === undefined ? y + look.outer : available, panels }
}

/** Panels side by side. */
export const columnsOf = (figure: Figure, preset: Preset): number =>
  Math.min(figure.panels.length, figure.columns ?? defaultColumns(figure.panels.length, (figure.width ?? preset.widthMm) * pointsPerMillimetre))

export const hasLetters = (figure: Figure): boolean => figure.letters ?? figure.panels.length > 1

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)

function defaultColumns(count: number, width: number): number {
  if (width < 120 * pointsPerMillimetre) return count <= 3 ? 1 : 2
  return count === 4 ? 2 : Math.min(3, count)
}

/** A row is as high as its tallest plot of fixed aspect; golden ratio when none is fixed, or when that would squash or stretch the others. */
function rowHeights(models: readonly PanelModel[], columns: number, plotWidth: number): number[] {
  const rows = Math.ceil(models.length / columns)
  return Array.from({ length: rows }, (_, r) => {
    const members = models.slice(r * columns, (r + 1) * columns)
    const fixed = members.flatMap(model => (model.aspect === undefined ? [] : [model.aspect * plotWidth]))
    if (fixed.length === members.length) return Math.max(...fixed)
    return Math.max(0.45 * plotWidth, fixed.length > 0 ? Math.min(1.2 * plotWidth, Math.max(...fixed)) : golden * plotWidth)
  })
}
