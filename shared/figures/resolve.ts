import { error } from '../fault'
import { continuedWithin, fitsOutline } from '../fields/outline'
import type { DomainOutline } from '../fields/outline'
import type { Colours } from './colour/colours'
import { joinedExtent, makeColours } from './colour/colours'
import { resolveCurves, resolveSlopes } from './curves'
import type { FigureData } from './data'
import { drawnName, drawnSource, isField, parseReference } from './data'
import { shortNumber } from './decimal'
import type { AxisModel, ContourModel, CurveModel, MapModel, PanelModel } from './model'
import type { Report } from './names'
import { axisOf, missingData, nameLabel, noComponent, texNumber } from './names'
import type { Preset } from './presets'
import { createScale, defaultThreshold, extent, scaleBetween, transformOf } from './scales'
import type { Plane, SliceAxis } from './slices'
import { spacePlane, spacetimePlane } from './slices'
import type { AxisOptions, BandMark, ContourMark, Figure, HeatmapMark, LineMark, Panel } from './specification'
import { contourLevels } from './ticks'

/** Finds the data of every panel, slices them, and makes scales and colours. */
export function resolveFigure(figure: Figure, data: FigureData, preset: Preset, report: Report, outline?: DomainOutline): PanelModel[] {
  const slices = figure.panels.map((panel, p) => panel.marks.map((mark, m) => (mark.mark === 'heatmap' || mark.mark === 'contour' ? slice(mark, data, `panels[${p}].marks[${m}]`, report) : undefined)))
  const ranges = colourRanges(figure, slices, data)
  return figure.panels.map((panel, p) => resolvePanel(panel, slices[p], ranges[p], data, preset, `panels[${p}]`, report, outline))
}

function slice(mark: HeatmapMark | ContourMark, data: FigureData, path: string, report: Report): Plane | undefined {
  const source = drawnSource(data, mark)
  if (!source) {
    report(data.has(mark.data) ? noComponent(mark.data, data.get(mark.data)!, `${path}.component`) : missingData(mark.data, `${path}.data`))
    return undefined
  }
  if (!isField(source)) {
    report(error('not-a-field', `"${mark.data}" is not a field, so it cannot be drawn as a map.`, { where: { path: `${path}.data` }, tip: 'Draw it with a line mark.' }))
    return undefined
  }
  const axes = source.grid.axes.length
  const spacetime = mark.view === 'spacetime' || (mark.view === undefined && axes === 1)
  if (spacetime && (axes !== 1 || (source.times?.length ?? 0) < 2)) {
    report(error('no-spacetime', `"${mark.data}" ${axes === 1 ? 'has a single time' : `has ${axes} space axes`}, so it has no space–time map.`, { where: { path: `${path}.view` }, tip: axes === 1 ? 'Draw it with a line mark.' : 'Remove "view".' }))
    return undefined
  }
  if (!spacetime && axes === 1) {
    report(error('no-plane', `"${mark.data}" has one space axis: a map needs two.`, { where: { path: `${path}.view` }, tip: 'Draw it with a line mark, or with "view": "spacetime".' }))
    return undefined
  }
  return spacetime ? spacetimePlane(source) : spacePlane(source, mark.time, mark.at ?? {})
}

/** Maps of one unknown are comparable, and so are the two fields of a compare step. */
function comparable(mark: HeatmapMark, data: FigureData): string {
  const { step, array } = parseReference(mark.data)
  const name = drawnName(data, mark)
  return array === 'a' || array === 'b' ? `${step}/a, b ${name.replaceAll(array, '')}` : name
}

/** Least and greatest value per panel; panels that share a range get the joined one. */
function colourRanges(figure: Figure, slices: readonly (readonly (Plane | undefined)[])[], data: FigureData): (readonly [number, number] | undefined)[] {
  const mapOf = (p: number): { name: string; plane: Plane } | undefined => {
    const m = figure.panels[p].marks.findIndex(mark => mark.mark === 'heatmap')
    const mark = figure.panels[p].marks[m]
    const plane = slices[p][m]
    return mark?.mark === 'heatmap' && plane ? { name: comparable(mark, data), plane } : undefined
  }
  const maps = figure.panels.map((_, p) => mapOf(p))
  return maps.map((map, p) => {
    if (!map) return undefined
    const shares = (other: typeof map | undefined): boolean => other !== undefined && (figure.sharedColours ?? other.name === map.name)
    const group = figure.sharedColours === false ? [map] : maps.filter(shares)
    return joinedExtent(group.map(g => g!.plane.values), figure.panels[p].colours.scale === 'log')
  })
}

/** Whether the plane is that of a field on a grid with nodes outside this domain; a mesh has its own rim. */
const endsAt = (outline: DomainOutline, { horizontal, vertical, values, exact }: Plane): boolean =>
  !exact && horizontal.name === 'x' && vertical.name === 'y' && fitsOutline(outline, [horizontal.lower, horizontal.upper], [vertical.lower, vertical.upper]) && values.some(v => v !== v)

function resolvePanel(panel: Panel, planes: readonly (Plane | undefined)[], range: readonly [number, number] | undefined, data: FigureData, preset: Preset, path: string, report: Report, outline: DomainOutline | undefined): PanelModel {
  const first = panel.marks.findIndex((mark, m) => mark.mark === 'heatmap' && planes[m])
  const mark = panel.marks[first] as HeatmapMark | undefined
  panel.marks.forEach((other, m) => {
    if (other.mark === 'heatmap' && m !== first && planes[m]) report({ severity: 'warning', code: 'second-map', message: 'A panel shows one map; the others are left out.', where: { path: `${path}.marks[${m}]` }, tip: 'Give each map a panel of its own.' })
  })
  const base = mark ? planes[first]! : planes.find(plane => plane !== undefined)
  const curves = resolveCurves(panel, data, path, report)
  const common = { ...(panel.title === undefined ? {} : { title: panel.title }), legend: panel.legend }
  if (!base && curves.length === 0) {
    const unit: AxisModel = { label: '', scale: createScale('linear', 0, 1), grid: false, ticks: [] }
    return { ...common, x: unit, y: unit, contours: [], curves: [], slopes: [], notice: 'no data', legend: 'none' }
  }
  const slopes = resolveSlopes(panel, curves, path, report)
  if (!base) {
    const lines = panel.marks.filter(m => m.mark === 'line' || m.mark === 'band')
    const x = curveAxis(panel.x, curves, 'x', lines, data, preset, `${path}.x`, report)
    const y = curveAxis(panel.y, curves, 'y', lines, data, preset, `${path}.y`, report, slopes.length > 0)
    return { ...common, x, y, contours: [], curves, slopes, ...(typeof panel.aspect === 'number' ? { aspect: panel.aspect } : {}) }
  }
  const horizontal = limited(base.horizontal, panel.x, `${path}.x`, report)
  const vertical = limited(base.vertical, panel.y, `${path}.y`, report)
  const rim = outline && endsAt(outline, base) ? outline : undefined
  const seen: Plane = { ...base, ...(rim ? { values: continuedWithin(rim, base.horizontal.coordinates, base.vertical.coordinates, base.values) ?? base.values } : {}), horizontal, vertical }
  const colours = makeColours(panel.colours, range)
  const map: MapModel | undefined = mark && { plane: seen, colours, cells: mark.cells, ...(rim ? { outline: rim } : {}), ...(panel.colours.bar ? { bar: { label: panel.colours.label ?? nameLabel(drawnName(data, mark)), ticks: panel.colours.ticks } } : {}) }
  const contours: ContourModel[] = []
  if (mark) contours.push(...contourModel(seen, mark.contours, colours, '#000000', 0.55))
  panel.marks.forEach((other, m) => {
    const plane = planes[m]
    if (other.mark === 'contour' && plane) contours.push(...contourModel({ ...plane, horizontal: base === plane ? horizontal : plane.horizontal }, other.levels, mark ? undefined : colours, other.colour, 1, other.width))
  })
  const isSpace = horizontal.name !== 't'
  const equal = panel.aspect === 'equal' || (panel.aspect === undefined && isSpace)
  const title = panel.title ?? (isSpace && severalTimes(mark?.data, data) && base.time !== undefined ? `$t = ${texNumber(base.time)}$` : undefined)
  return {
    legend: panel.legend, ...(title === undefined ? {} : { title }),
    x: mapAxis(horizontal, panel.x, preset), y: mapAxis(vertical, panel.y, preset),
    ...(map ? { map } : {}), contours, curves, slopes,
    ...(typeof panel.aspect === 'number' ? { aspect: panel.aspect } : equal ? { aspect: (vertical.upper - vertical.lower) / (horizontal.upper - horizontal.lower) } : {}),
  }
}

function severalTimes(reference: string | undefined, data: FigureData): boolean {
  const source = reference === undefined ? undefined : data.get(reference)
  return source !== undefined && 'times' in source && (source.times?.length ?? 0) > 1
}

/** A slice's axis cut to the range asked for; maps have linear axes. */
function limited(axis: SliceAxis, options: AxisOptions, path: string, report: Report): SliceAxis {
  if (options.scale && options.scale !== 'linear') report({ severity: 'warning', code: 'map-axis-linear', message: 'The axes of a map are linear; the scale is ignored.', where: { path: `${path}.scale` } })
  if (!options.range) return axis
  const lower = Math.max(axis.lower, Math.min(...options.range))
  const upper = Math.min(axis.upper, Math.max(...options.range))
  if (lower < upper) return { ...axis, lower, upper }
  report(error('range-outside', `The range lies outside the domain [${shortNumber(axis.lower)}, ${shortNumber(axis.upper)}].`, { where: { path: `${path}.range` } }))
  return axis
}

const mapAxis = (axis: SliceAxis, options: AxisOptions, preset: Preset): AxisModel => ({
  label: options.label ?? `$${axis.name}$`, scale: createScale('linear', axis.lower, axis.upper), ticks: options.ticks, grid: options.grid ?? preset.gridLines,
})

function contourModel(plane: Plane, wanted: number | readonly number[], colours: Colours | undefined, colour: string, opacity: number, width?: number): ContourModel[] {
  const range = colours?.range ?? extent(plane.values, false)
  if (!range || wanted === 0) return []
  const levels = typeof wanted === 'number' ? contourLevels(range[0], range[1], wanted) : wanted
  return [{ plane, levels, colour, opacity, ...(width === undefined ? {} : { width }) }]
}

const padding = 0.05

function curveAxis(options: AxisOptions, curves: readonly CurveModel[], direction: 'x' | 'y', lines: readonly (LineMark | BandMark)[], data: FigureData, preset: Preset, path: string, report: Report, roomBelow = false): AxisModel {
  const name = options.scale ?? 'linear'
  const values = curves.flatMap(curve => [curve[direction], ...(direction === 'y' && curve.band ? [curve.band.lower, curve.band.upper] : [])])
  const positive = name === 'log'
  if (positive) {
    const dropped = values.reduce((n, list) => n + list.reduce((k, v) => k + (v <= 0 ? 1 : 0), 0), 0)
    if (dropped > 0) report({ severity: 'warning', code: 'not-positive', message: `${dropped} ${dropped === 1 ? 'value is' : 'values are'} zero or negative and ${dropped === 1 ? 'has' : 'have'} no place on the logarithmic axis; ${dropped === 1 ? 'it is' : 'they are'} left out.`, where: { path: `${path}.scale` }, tip: 'Use "scale": "symlog" to show them.' })
  }
  const ends = options.range ?? joinedExtent(values, positive) ?? [positive ? 0.1 : 0, 1]
  const threshold = options.threshold ?? defaultThreshold(Math.max(Math.abs(ends[0]), Math.abs(ends[1])))
  const transform = transformOf(name, threshold)
  let from = transform(ends[0])
  let to = transform(ends[1])
  if (!(Number.isFinite(from) && Number.isFinite(to))) {
    report(error('range-not-positive', 'A logarithmic axis needs a range above zero.', { where: { path: `${path}.range` } }))
    from = 0
    to = 1
  }
  if (from === to) {
    const half = name === 'linear' ? Math.abs(from) * 0.1 || 0.5 : 0.5
    from -= half
    to += half
  }
  // Curves of fields run from wall to wall; points and the vertical direction get air.
  const air = options.range ? 0 : direction === 'y' || curves.every(curve => curve.markers) ? padding : 0
  const width = to - from
  const below = roomBelow && !options.range ? 0.18 : 0
  return {
    label: options.label ?? defaultLabel(lines, direction, data),
    scale: scaleBetween(name, from - (air + below) * width, to + air * width, threshold),
    ticks: options.ticks,
    grid: options.grid ?? preset.gridLines,
  }
}

function defaultLabel(lines: readonly (LineMark | BandMark)[], direction: 'x' | 'y', data: FigureData): string {
  const labels = new Set(lines.map(line => {
    if (line.mark === 'band') {
      const [source, abscissa] = [data.get(line.data), line.x === undefined ? undefined : data.get(line.x)]
      const words = (array: typeof source, name: string): string => nameLabel((array && 'title' in array ? array.title : undefined) ?? name.replace(/_curves$/, ''))
      return direction === 'y' ? words(source, parseReference(line.data).array) : line.x === undefined ? 'index' : words(abscissa, parseReference(line.x).array)
    }
    const source = drawnSource(data, line)
    if (direction === 'y') return nameLabel(drawnName(data, line))
    if (source && isField(source)) return `$${axisOf(source, line)}$`
    return line.x ? nameLabel(parseReference(line.x).array) : /residual|history/.test(line.data) ? 'iteration' : 'index'
  }))
  return labels.size === 1 ? [...labels][0] : direction === 'x' ? [...labels].join(', ') : ''
}
