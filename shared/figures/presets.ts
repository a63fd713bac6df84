/**
 * Journal and conference presets: data, not code. Widths in millimetres, text in PDF points (72 per inch). Where a publisher gives TeX points
 * (72.27 per inch), the value here is already converted.
 */
export interface Preset {
  readonly id: string
  readonly name: string
  readonly widthMm: number
  readonly maximumHeightMm?: number
  /** Axis labels, legends. */
  readonly basePt: number
  readonly tickPt: number
  /** Nothing is set smaller, sub- and superscripts excepted. */
  readonly minimumPt: number
  readonly minimumScriptPt: number
  readonly letters: { readonly style: 'bold' | 'parentheses'; readonly pt: number }
  readonly font: 'arimo' | 'source-sans'
  /** `text`: simple formulae are set as text that stays editable; `paths`: always New Computer Modern outlines. */
  readonly formulae: 'text' | 'paths'
  readonly gridLines: boolean
  /** Around curves: the left and bottom axis, or all four sides. Maps always have four. */
  readonly frame: 'open' | 'box'
  /** Axis lines and ticks. */
  readonly axisPt: number
  readonly linePt: number
  /** Resolutions for pictures, for mixtures of picture and line work, and for line work. */
  readonly dpi: { readonly photo: number; readonly mixed: number; readonly line: number }
  readonly source: string
  readonly year: number
  /** True when widths and text sizes were both read at the source named; false where one of them rests on common use. */
  readonly verified: boolean
}

/** To a micrometre, so that lists show no rounding. */
const inches = (width: number): number => Math.round(width * 25400) / 1000

const paper = {
  minimumPt: 5, minimumScriptPt: 4.5, letters: { style: 'parentheses', pt: 9 }, font: 'arimo', formulae: 'paths', gridLines: false, frame: 'box',
  axisPt: 0.5, linePt: 1, dpi: { photo: 300, mixed: 300, line: 600 }, verified: false,
} as const

const natureBase = {
  maximumHeightMm: 170, basePt: 7, tickPt: 6, minimumPt: 5, minimumScriptPt: 5, letters: { style: 'bold', pt: 8 }, font: 'arimo', formulae: 'text',
  gridLines: false, frame: 'open', axisPt: 0.5, linePt: 0.9, dpi: { photo: 300, mixed: 450, line: 600 },
  source: 'Nature research figure guide, "Building and exporting figure panels" and "Preparing figures – our specifications"', year: 2024, verified: true,
} as const

const elsevierBase = {
  maximumHeightMm: 240, basePt: 8, tickPt: 7, minimumPt: 7, minimumScriptPt: 6, letters: { style: 'parentheses', pt: 8 }, font: 'arimo', formulae: 'text',
  gridLines: false, frame: 'box', axisPt: 0.5, linePt: 0.9, dpi: { photo: 300, mixed: 500, line: 1000 },
  source: 'Elsevier, Artwork and media instructions: sizing (text sizes), artwork types and guide for authors (resolutions); widths from the artwork guide', year: 2024, verified: false,
} as const

/** Capitals ≥ 2 mm: Arimo's capitals are 0.716 em, so 8 pt gives 2.02 mm. */
const apsBase = { ...paper, basePt: 8, tickPt: 8, minimumPt: 8, minimumScriptPt: 5.5, letters: { style: 'parentheses', pt: 8 }, source: 'APS, Physical Review style and notation guide: figures', year: 2011 } as const

const ieeeBase = {
  ...paper, basePt: 8, tickPt: 7, letters: { style: 'parentheses', pt: 8 }, maximumHeightMm: inches(9), dpi: { photo: 300, mixed: 300, line: 600 },
  source: 'IEEE Author Center, "Resolution and size" (graphics for your article)', year: 2024, verified: true,
} as const

const conference = (name: string, year: number): { source: string; year: number; verified: boolean } => ({ source: `${name} style file; widths and sizes as in TUEplots`, year, verified: true })

const table = [
  { ...paper, id: 'neurips', name: 'NeurIPS', widthMm: inches(5.5), maximumHeightMm: inches(9), basePt: 9, tickPt: 7, ...conference('NeurIPS', 2024) },
  { ...paper, id: 'iclr', name: 'ICLR', widthMm: inches(5.5), maximumHeightMm: inches(9), basePt: 9, tickPt: 7, ...conference('ICLR', 2024) },
  { ...paper, id: 'icml', name: 'ICML, one column', widthMm: inches(3.25), maximumHeightMm: inches(9), basePt: 8, tickPt: 6, ...conference('ICML', 2024) },
  { ...paper, id: 'icml-double', name: 'ICML, two columns', widthMm: inches(6.75), maximumHeightMm: inches(9), basePt: 8, tickPt: 6, ...conference('ICML', 2024) },
  { ...paper, id: 'aistats', name: 'AISTATS, one column', widthMm: inches(3.25), maximumHeightMm: inches(9.25), basePt: 9, tickPt: 7, ...conference('AISTATS', 2023) },
  { ...paper, id: 'aistats-double', name: 'AISTATS, two columns', widthMm: inches(6.75), maximumHeightMm: inches(9.25), basePt: 9, tickPt: 7, ...conference('AISTATS', 2023) },
  { ...paper, id: 'jmlr', name: 'JMLR', widthMm: inches(6), maximumHeightMm: inches(8.5), basePt: 9.91, tickPt: 8, ...conference('JMLR', 2022) },
  { ...paper, id: 'tmlr', name: 'TMLR', widthMm: inches(6.5), maximumHeightMm: inches(9), basePt: 9.91, tickPt: 8, ...conference('TMLR', 2023) },
  { ...paper, id: 'aaai', name: 'AAAI, one column', widthMm: inches(3.3), maximumHeightMm: inches(9), basePt: 9, tickPt: 7, ...conference('AAAI', 2024) },
  { ...paper, id: 'aaai-double', name: 'AAAI, two columns', widthMm: inches(6.975), maximumHeightMm: inches(9), basePt: 9, tickPt: 7, ...conference('AAAI', 2024) },
  { ...natureBase, id: 'nature-single', name: 'Nature, one column', widthMm: 89 },
  { ...natureBase, id: 'nature-double', name: 'Nature, two columns', widthMm: 183 },
  { ...elsevierBase, id: 'elsevier-single', name: 'Elsevier, one column', widthMm: 90 },
  { ...elsevierBase, id: 'elsevier-mid', name: 'Elsevier, one and a half columns', widthMm: 140 },
  { ...elsevierBase, id: 'elsevier-double', name: 'Elsevier, two columns', widthMm: 190 },
  { ...apsBase, id: 'aps-single', name: 'APS, one column', widthMm: 86 },
  { ...apsBase, id: 'aps-mid', name: 'APS, one and a half columns', widthMm: 140 },
  { ...apsBase, id: 'aps-double', name: 'APS, two columns', widthMm: 178 },
  { ...ieeeBase, id: 'ieee-single', name: 'IEEE, one column', widthMm: inches(3.5) },
  { ...ieeeBase, id: 'ieee-double', name: 'IEEE, two columns', widthMm: inches(7.16) },
  { ...paper, id: 'siam', name: 'SIAM', widthMm: inches(5), maximumHeightMm: inches(8), basePt: 9, tickPt: 8, source: 'SIAM standard LaTeX macros (text width as in common use)', year: 2022 },
  { ...paper, id: 'beamer', name: 'Beamer slide, 16:9', widthMm: 140, maximumHeightMm: 70, basePt: 9, tickPt: 8, font: 'source-sans', axisPt: 0.7, linePt: 1.4, source: 'beamer, aspectratio=169: text width 398.34 TeX pt, paper 160 mm × 90 mm', year: 2024, verified: true },
  { ...paper, id: 'poster', name: 'Poster column', widthMm: 380, maximumHeightMm: 800, basePt: 26, tickPt: 22, minimumPt: 18, minimumScriptPt: 16, letters: { style: 'bold', pt: 30 }, font: 'source-sans', axisPt: 1.5, linePt: 3.5, source: "A0 portrait, two columns: this application's own choice", year: 2026 },
] as const satisfies readonly Preset[]

export type PresetId = (typeof table)[number]['id']
export const presets: readonly Preset[] = table
export const presetIds = table.map(preset => preset.id) as [PresetId, ...PresetId[]]
export const defaultPreset: PresetId = 'nature-single'

export const findPreset = (id: string): Preset | undefined => presets.find(preset => preset.id === id)
