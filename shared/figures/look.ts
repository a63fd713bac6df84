import type { Preset } from './presets'
import type { TypeStyle } from './text/typeset'

/** Lengths of the drawing in pt, all from the preset's text sizes and line widths. */
export interface Look {
  readonly base: TypeStyle
  readonly tick: TypeStyle
  readonly letter: TypeStyle
  readonly axisWidth: number
  readonly lineWidth: number
  readonly contourWidth: number
  readonly tickLength: number
  readonly minorTickLength: number
  /** Between tick and its number. */
  readonly tickGap: number
  /** Between numbers and the axis label. */
  readonly labelGap: number
  readonly barGap: number
  readonly barWidth: number
  readonly markerRadius: number
  /** Left and bottom axis only, around curves. */
  readonly openFrame: boolean
  /** Around everything. */
  readonly outer: number
  readonly panelGap: number
}

export function makeLook(preset: Preset): Look {
  const em = preset.tickPt
  return {
    base: { size: preset.basePt }, tick: { size: preset.tickPt }, letter: { size: preset.letters.pt, bold: preset.letters.style === 'bold' },
    axisWidth: preset.axisPt, lineWidth: preset.linePt, contourWidth: 0.8 * preset.axisPt,
    tickLength: 0.36 * em, minorTickLength: 0.2 * em, tickGap: 0.25 * em, labelGap: 0.3 * em, barGap: 0.9 * em, barWidth: 0.95 * em,
    markerRadius: 0.24 * em, openFrame: preset.frame === 'open', outer: Math.max(0.5, preset.axisPt), panelGap: 1.6 * em,
  }
}
