import type { Fault } from '../../../shared/fault'
import { FaultError, error, nearestName } from '../../../shared/fault'
import type { DomainOutline } from '../../../shared/fields/outline'
import { checkFigure } from '../../../shared/figures/check'
import { composeFigure } from '../../../shared/figures/compose'
import type { DataReference, FigureSource } from '../../../shared/figures/data'
import { figureReferences, parseReference } from '../../../shared/figures/data'
import { pointsPerMillimetre } from '../../../shared/figures/display-list'
import type { PresetId } from '../../../shared/figures/presets'
import { findPreset, presetIds } from '../../../shared/figures/presets'
import { renderSvg } from '../../../shared/figures/svg'
import { fontMetrics } from './fonts'
import { paintPdf } from './pdf'
import { paintPng } from './raster'
import type { Recipe } from './recipe'
import { recipeText } from './recipe'

export type { Recipe } from './recipe'
export { readRecipe } from './recipe'

export interface RenderRequest {
  /** One entry of a document's `figures`. */
  readonly specification: unknown
  /** The field or array of a step, or undefined when it has not been computed. */
  readonly data: (reference: DataReference) => Promise<FigureSource | undefined> | FigureSource | undefined
  readonly format: 'svg' | 'pdf' | 'png'
  /** Instead of the specification's; brings its own width. */
  readonly preset?: string
  /** Of pictures and of a PNG; the specification's, else the preset's, when absent. */
  readonly dpi?: number
  /** The rim of a planar domain that is more than its bounding box: pictures of fields on grids end there. */
  readonly outline?: DomainOutline
  readonly recipe: Recipe
}

export interface RenderedFigure {
  readonly bytes: Uint8Array
  readonly faults: readonly Fault[]
  readonly widthMm: number
  readonly heightMm: number
}

/**
 * Draws a figure: the same bytes for the same specification, data, recipe and version. Data that are missing leave an empty panel and a fault; a specification
 * or preset that cannot be read throws FaultError.
 */
export async function renderFigure({ specification, data, format, preset, dpi, outline, recipe }: RenderRequest): Promise<RenderedFigure> {
  const checked = checkFigure(specification)
  if (!checked.ok) throw new FaultError(checked.faults)
  if (preset !== undefined && !findPreset(preset)) {
    const near = nearestName(preset, presetIds)
    throw new FaultError(error('unknown-preset', `There is no preset "${preset}".`, { tip: near ? `Did you mean "${near}"?` : `The presets are ${presetIds.join(', ')}.` }))
  }
  const sources = new Map<string, FigureSource>()
  for (const reference of figureReferences(checked.value)) {
    const source = await data(parseReference(reference))
    if (source) sources.set(reference, source)
  }
  const composed = composeFigure(checked.value, sources, fontMetrics, { ...(preset === undefined ? {} : { preset: preset as PresetId }), ...(dpi === undefined ? {} : { dpi }), ...(outline ? { outline } : {}) })
  const { list, faults } = composed
  const text = recipeText(recipe)
  const bytes =
    format === 'svg' ? new TextEncoder().encode(renderSvg(list, { metadata: text })) : format === 'pdf' ? await paintPdf(list, text) : paintPng(list, composed.dpi, text)
  return { bytes, faults, widthMm: list.width / pointsPerMillimetre, heightMm: list.height / pointsPerMillimetre }
}
