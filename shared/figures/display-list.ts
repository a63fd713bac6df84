/**
 * What a figure is after layout: a list of drawing instructions in PDF points (72 per inch), origin at the top left, y downwards. Every coordinate is
 * rounded to 0.001 pt, there is no clock and there are no random names: equal input gives an equal list. SVG is written from it here, PDF and PNG by the host.
 */
export type Item = PathItem | GlyphsItem | TextItem | ImageItem | GroupItem

export interface PathItem {
  readonly kind: 'path'
  /** SVG path data with absolute M, L, C, Q, Z only. */
  readonly d: string
  readonly fill?: string
  readonly stroke?: Stroke
  readonly opacity?: number
}

export interface Stroke {
  readonly colour: string
  /** pt */
  readonly width: number
  /** pt, on–off pairs. */
  readonly dash?: readonly number[]
  readonly cap?: 'butt' | 'round' | 'square'
  readonly join?: 'miter' | 'round'
}

/** Outlines of a formula, or of characters that the font lacks; `source` is what they say. */
export interface GlyphsItem {
  readonly kind: 'glyphs'
  readonly d: string
  readonly fill: string
  readonly source: string
}

/** One run of text in one font, its baseline starting at (x, y), turned by `angle` degrees clockwise about that point. */
export interface TextItem {
  readonly kind: 'text'
  readonly x: number
  readonly y: number
  readonly text: string
  readonly font: FontName
  readonly size: number
  /** Advance of the run in pt, kerning included. */
  readonly width: number
  readonly fill: string
  readonly angle: number
}

export type FontFamily = 'arimo' | 'source-sans'
export type FontFace = 'regular' | 'bold' | 'italic'
export type FontName = `${FontFamily}-${FontFace}`

/** A picture that fills the rectangle exactly; `rgb` has rows·columns·3 bytes, the first row on top. */
export interface ImageItem {
  readonly kind: 'image'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly rows: number
  readonly rgb: Uint8Array
}

export interface GroupItem {
  readonly kind: 'group'
  /** Path data; nothing outside is drawn. */
  readonly clip?: string
  readonly items: readonly Item[]
}

export interface DisplayList {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly items: readonly Item[]
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const pointsPerMillimetre = 72 / 25.4

/** Rounded to 0.001 pt; never −0. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000 + 0

export type Point = readonly [number, number]

export function polyline(points: readonly Point[], closed = false): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('') + (closed ? 'Z' : '')
}

export const rectanglePath = ({ x, y, width, height }: Rectangle): string =>
  polyline([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], true)

/** A circle as four cubic arcs (largest radial error 2.7e-4 of the radius). */
export function circlePath(x: number, y: number, radius: number): string {
  const k = 0.5522847498 * radius
  const p = (dx: number, dy: number): string => `${rounded(x + dx)} ${rounded(y + dy)}`
  const r = radius
  return `M${p(r, 0)}C${p(r, k)} ${p(k, r)} ${p(0, r)}C${p(-k, r)} ${p(-r, k)} ${p(-r, 0)}C${p(-r, -k)} ${p(-k, -r)} ${p(0, -r)}C${p(k, -r)} ${p(r, -k)} ${p(r, 0)}Z`
}

export const line = (points: readonly Point[], stroke: Stroke): PathItem => ({ kind: 'path', d: polyline(points), stroke })
