import { Resvg } from '@resvg/resvg-js'
import type { DisplayList } from '../../../shared/figures/display-list'
import { encodePng } from '../../../shared/figures/png'
import type { PngChunk } from '../../../shared/figures/png'
import { renderSvg } from '../../../shared/figures/svg'
import { outlineText } from './fonts'
import { recipeChunk } from './recipe'

/**
 * Paints a display list as an RGB PNG on white at `dpi`. Text goes to the rasteriser as outlines, so no font is looked up anywhere; the page is a whole number of
 * pixels and pictures made at the same dpi land on them one to one. The file says its resolution (pHYs).
 */
export function paintPng(list: DisplayList, dpi: number, recipe: string): Uint8Array {
  const width = Math.max(1, Math.round((list.width * dpi) / 72))
  const height = Math.max(1, Math.round((list.height * dpi) / 72))
  const svg = renderSvg(list, { outline: outlineText, pixels: { width, height, dpi } })
  const image = new Resvg(svg, { background: '#ffffff', fitTo: { mode: 'original' }, font: { loadSystemFonts: false } }).render()
  const rgba = image.pixels
  const rgb = new Uint8Array(3 * image.width * image.height)
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) {
    rgb[j] = rgba[i]
    rgb[j + 1] = rgba[i + 1]
    rgb[j + 2] = rgba[i + 2]
  }
  return encodePng(image.width, image.height, rgb, [physicalSize(dpi), recipeChunk(recipe)])
}

function physicalSize(dpi: number): PngChunk {
  const bytes = new Uint8Array(9)
  const view = new DataView(bytes.buffer)
  const perMetre = Math.round(dpi / 0.0254)
  view.setUint32(0, perMetre)
  view.setUint32(4, perMetre)
  bytes[8] = 1
  return { type: 'pHYs', bytes }
}
