import { z } from 'zod'
import { presetIds } from './presets'

z.config({ jitless: true })

/**
 * A figure of an experiment document: a page of given width in millimetres, made of panels; a panel is a pair of axes with marks, a mark is data with
 * options. Everything has a default, so `{ "id": "f", "panels": [{ "marks": [{ "mark": "heatmap", "data": "fd/u" }] }] }` is a complete figure.
 *
 * Labels are plain text with LaTeX between dollar signs: `"error $\\|u-u_h\\|$"`; a literal dollar is `\\$`.
 */

/** `step/array`: a field or an array of a step's result, e.g. `fd/u`. */
export const dataReference = z.string().regex(/^[a-z][a-z0-9-]{0,31}\/[^/\s]{1,64}$/, 'A data reference reads "step/array", for example "fd/u".')

const label = z.string().max(500)
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'A colour is six hexadecimal digits, for example "#0072b2".')
const range = z.tuple([z.number(), z.number()])

export const scaleNames = ['linear', 'log', 'symlog'] as const
export const colourMapNames = ['viridis', 'cividis', 'magma', 'inferno', 'diverging', 'phase', 'grey'] as const

export const axisSchema = z.strictObject({
  label: label.optional().describe('Text beside the axis; LaTeX between dollar signs.').meta({ title: 'Label' }),
  scale: z.enum(scaleNames).optional().describe('symlog is linear around zero and logarithmic beyond the threshold.').meta({ title: 'Scale' }),
  range: range.optional().describe('Ends of the axis; the data decide when absent.').meta({ title: 'Range' }),
  threshold: z.number().positive().optional().describe('Where a symlog axis turns from linear to logarithmic.').meta({ title: 'Linear up to' }),
  ticks: z.union([z.number().int().min(2).max(20), z.array(z.number()).max(50)]).optional().describe('About how many ticks, or their values.').meta({ title: 'Ticks' }),
  grid: z.boolean().optional().describe('Hairlines at the ticks; some journals forbid them.').meta({ title: 'Grid lines' }),
})

export const colourScaleSchema = z.strictObject({
  map: z.enum(colourMapNames).optional().describe('viridis for magnitudes, diverging for signed fields (chosen by itself when absent), phase for angles.').meta({ title: 'Colour map' }),
  scale: z.enum(scaleNames).optional().meta({ title: 'Scale' }),
  threshold: z.number().positive().optional().meta({ title: 'Linear up to' }),
  range: range.optional().describe('Values at the ends of the map; symmetric about zero for a signed field when absent.').meta({ title: 'Range' }),
  bar: z.boolean().default(true).describe('Draws the colour bar.').meta({ title: 'Colour bar' }),
  label: label.optional().meta({ title: 'Label' }),
  ticks: z.union([z.number().int().min(2).max(20), z.array(z.number()).max(50)]).optional().meta({ title: 'Ticks' }),
  missing: colour.default('#ffffff').describe('Colour where there is no value: outside the domain.').meta({ title: 'Outside' }),
  below: colour.optional().describe('Colour of values below the range; the end of the map when absent.').meta({ title: 'Below' }),
  above: colour.optional().describe('Colour of values above the range; the end of the map when absent.').meta({ title: 'Above' }),
})

/** Where a field of more axes is cut: `{ "y": 0.5 }`. `t` is the mark's own `time`. */
const position = z.strictObject({ x: z.number().optional(), y: z.number().optional(), z: z.number().optional() })
/** Of a field with components. */
const componentOption = z.union([z.literal('magnitude'), z.enum(['re', 'im', 'x', 'y', 'z']), z.number().int().min(0).max(63)]).optional().describe('Part of a complex or vector field: magnitude, re, im, x, y, z; the magnitude when absent.').meta({ title: 'Component' })
const timeOption = z.number().optional().describe('Physical time; the nearest output is drawn, and named. The last one when absent.').meta({ title: 'Time' })

export const heatmapMark = z.strictObject({
  mark: z.literal('heatmap'),
  data: dataReference.describe('The field, "step/array".').meta({ title: 'Field' }),
  component: componentOption,
  /** `spacetime`: a field of one space axis over all its times, t to the right. */
  view: z.enum(['space', 'spacetime']).optional().describe('A field of one axis is drawn over space and time.').meta({ title: 'View' }),
  time: timeOption,
  at: position.optional().describe('Plane through a field of three axes.').meta({ title: 'Cut at' }),
  cells: z.boolean().default(false).describe('One flat cell per node instead of linear interpolation.').meta({ title: 'Flat cells' }),
  contours: z.union([z.number().int().min(0).max(40), z.array(z.number()).max(100)]).default(0).describe('About how many contour lines, or their levels.').meta({ title: 'Contour lines' }),
})

export const contourMark = z.strictObject({
  mark: z.literal('contour'),
  data: dataReference,
  component: componentOption,
  view: z.enum(['space', 'spacetime']).optional(),
  time: timeOption,
  at: position.optional(),
  levels: z.union([z.number().int().min(1).max(40), z.array(z.number()).max(100)]).default(8).meta({ title: 'Levels' }),
  colour: colour.default('#000000'),
  width: z.number().positive().max(10).default(0.5).meta({ title: 'Line width', unit: 'pt' }),
})

export const lineMark = z.strictObject({
  mark: z.literal('line'),
  data: dataReference.describe('A field (cut along one axis) or an array.').meta({ title: 'Data' }),
  component: componentOption,
  x: dataReference.optional().describe('Abscissa of an array; its index, from 1, when absent. With one value more it is the edges of bins, and the array is drawn as stairs.').meta({ title: 'Abscissa' }),
  time: z.union([z.number(), z.array(z.number()).min(1).max(12)]).optional().describe('One or several physical times: one curve each.').meta({ title: 'Time' }),
  along: z.enum(['x', 'y', 'z', 't']).optional().describe('Axis of the cut; the first when absent.').meta({ title: 'Along' }),
  at: position.optional().describe('Where the other axes are held; their middle when absent.').meta({ title: 'Cut at' }),
  label: label.optional().describe('Text in the legend.').meta({ title: 'Label' }),
  colour: colour.optional(),
  dash: z.enum(['solid', 'dashed', 'dotted', 'dash-dotted']).optional().meta({ title: 'Dash' }),
  markers: z.boolean().optional().describe('Points at the data; by itself for up to 24 points.').meta({ title: 'Markers' }),
  width: z.number().positive().max(10).optional().meta({ title: 'Line width', unit: 'pt' }),
  fit: z.boolean().default(false).describe('Names the fitted order log y / log x in the legend.').meta({ title: 'Fitted order' }),
})

/** The runs of a sweep: a line where the middle one is, and a band between the least and the greatest, for every group. */
export const bandMark = z.strictObject({
  mark: z.literal('band'),
  data: dataReference.describe('Curves [runs, points], or one number for each run.').meta({ title: 'Data' }),
  x: dataReference.optional().describe('Abscissa: of curves their steps (the index, from 1, when absent), of numbers what was varied.').meta({ title: 'Abscissa' }),
  group: dataReference.optional().describe('Which runs belong together; all when absent.').meta({ title: 'Groups' }),
  label: label.optional().describe('Text in the legend, before the name of the group.').meta({ title: 'Label' }),
  colour: colour.optional(),
  markers: z.boolean().optional().describe('Points at the data; by itself for up to 24 points.').meta({ title: 'Markers' }),
  width: z.number().positive().max(10).optional().meta({ title: 'Line width', unit: 'pt' }),
})

/** A triangle that shows the slope y ∝ x^order on two logarithmic axes, placed below the lowest curve at its middle. */
export const slopeMark = z.strictObject({
  mark: z.literal('slope'),
  order: z.number().optional().describe('Exponent p of y ∝ xᵖ; the whole number nearest to the fitted slope when absent.').meta({ title: 'Order' }),
  label: label.optional(),
})

/** A dotted line across the panel: a cut-off, a bound. */
export const ruleMark = z.strictObject({
  mark: z.literal('rule'),
  y: z.number().describe('Where it crosses the vertical axis.').meta({ title: 'Value' }),
  label: label.optional().describe('Text in the legend.').meta({ title: 'Label' }),
  colour: colour.optional(),
})

export const markSchema = z.discriminatedUnion('mark', [heatmapMark, contourMark, lineMark, bandMark, slopeMark, ruleMark])

export const panelSchema = z.strictObject({
  marks: z.array(markSchema).min(1).max(40),
  title: label.optional().meta({ title: 'Title' }),
  x: axisSchema.default({}),
  y: axisSchema.default({}),
  colours: colourScaleSchema.prefault({}),
  /** Height over width of the axes; `equal` gives both axes the same unit (default for space–space maps), golden ratio otherwise. */
  aspect: z.union([z.literal('equal'), z.number().positive().max(20)]).optional().meta({ title: 'Height over width' }),
  legend: z.enum(['auto', 'top-left', 'top-right', 'bottom-left', 'bottom-right', 'above', 'none']).default('auto').meta({ title: 'Legend' }),
})

export const figureSpecificationSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'An id starts with a letter and has lower-case letters, digits and hyphens.'),
  title: label.optional().describe('Name of the figure in lists and in the file; not drawn.').meta({ title: 'Title' }),
  preset: z.enum(presetIds).default('nature-single').describe('Widths, text sizes and manners of a journal.').meta({ title: 'Preset' }),
  width: z.number().min(15).max(2000).optional().describe("The preset's when absent.").meta({ title: 'Width', unit: 'mm' }),
  height: z.number().min(10).max(2000).optional().describe('What the panels need when absent.').meta({ title: 'Height', unit: 'mm' }),
  columns: z.number().int().min(1).max(6).optional().describe('Panels side by side.').meta({ title: 'Columns' }),
  letters: z.boolean().optional().describe('Panel letters; from two panels on when absent.').meta({ title: 'Panel letters' }),
  font: z.enum(['arimo', 'source-sans', 'serif']).optional().describe("Arimo has Arial's widths; serif sets text as New Computer Modern outlines.").meta({ title: 'Font' }),
  dpi: z.number().min(36).max(2400).optional().describe("Resolution of field images; the preset's when absent.").meta({ title: 'Resolution', unit: 'dpi' }),
  sharedColours: z.boolean().optional().describe('One colour range for all maps; when absent, for maps of the same unknown (truth and prediction, one field at several times).').meta({ title: 'Shared colour range' }),
  panels: z.array(panelSchema).min(1).max(26),
})

/** What a document may hold: everything with a default may be missing. */
export type FigureSpecification = z.input<typeof figureSpecificationSchema>
/** With defaults filled in. */
export type Figure = z.output<typeof figureSpecificationSchema>
export type Panel = z.output<typeof panelSchema>
export type PanelSpecification = z.input<typeof panelSchema>
export type Mark = z.output<typeof markSchema>
export type HeatmapMark = z.output<typeof heatmapMark>
export type ContourMark = z.output<typeof contourMark>
export type LineMark = z.output<typeof lineMark>
export type BandMark = z.output<typeof bandMark>
export type SlopeMark = z.output<typeof slopeMark>
export type RuleMark = z.output<typeof ruleMark>
export type AxisOptions = z.output<typeof axisSchema>
export type ColourScaleOptions = z.output<typeof colourScaleSchema>
export type ScaleName = (typeof scaleNames)[number]
export type ColourMapName = (typeof colourMapNames)[number]
