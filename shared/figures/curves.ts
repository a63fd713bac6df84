import { error } from '../fault'
import type { Band } from './bands'
import { bandsOf } from './bands'
import type { FigureData } from './data'
import { drawnSource, isField } from './data'
import { log10, shortNumber } from './decimal'
import type { CurveModel, SlopeModel } from './model'
import type { Report } from './names'
import { axisOf, missingData, noComponent, texNumber } from './names'
import { seriesStyle } from './series'
import type { Curve } from './slices'
import { spaceCurve, timeCurve } from './slices'
import type { BandMark, LineMark, Panel } from './specification'

const markersUpTo = 24

/** Every curve of a panel's line marks: one per time asked for, in order, each with its own colour, dash and marker. */
export function resolveCurves(panel: Panel, data: FigureData, path: string, report: Report): CurveModel[] {
  const curves: CurveModel[] = []
  panel.marks.forEach((mark, m) => {
    if (mark.mark === 'band') {
      const bands = bandData(mark, data, `${path}.marks[${m}]`, report)
      for (const { x, median, lower, upper, runs, label } of bands) {
        // One group needs no name.
        const text = [mark.label, bands.length > 1 ? label : undefined].filter(word => word !== undefined).join(', ')
        curves.push({
          x, y: median, markers: mark.markers ?? x.length <= markersUpTo, style: { ...seriesStyle(curves.length), ...(mark.colour ? { colour: mark.colour } : {}) },
          ...(runs > 1 ? { band: { lower, upper } } : {}), ...(text ? { label: text } : {}), ...(mark.width === undefined ? {} : { width: mark.width }),
        })
      }
    }
    if (mark.mark !== 'line') return
    for (const { x, y, label } of curveData(mark, data, `${path}.marks[${m}]`, report)) {
      const style = seriesStyle(curves.length)
      curves.push({
        x, y, markers: mark.markers ?? (x.length <= markersUpTo && !isFieldMark(mark, data)),
        style: { ...style, ...(mark.colour ? { colour: mark.colour } : {}), ...(mark.dash ? { dash: mark.dash } : {}) },
        ...(label === undefined ? {} : { label }),
        ...(mark.width === undefined ? {} : { width: mark.width }),
      })
    }
  })
  // Across all of the panel: they follow when it is known how wide it is.
  const [from, to] = curves.reduce(([low, high], { x }) => [x.reduce((a, b) => Math.min(a, b), low), x.reduce((a, b) => Math.max(a, b), high)], [Infinity, -Infinity])
  for (const mark of panel.marks) {
    if (mark.mark !== 'rule' || !(to >= from)) continue
    curves.push({ x: Float64Array.of(from, to), y: Float64Array.of(mark.y, mark.y), markers: false, style: { ...seriesStyle(4), dash: 'dotted', ...(mark.colour ? { colour: mark.colour } : {}) }, ...(mark.label === undefined ? {} : { label: mark.label }) })
  }
  return curves
}

const isFieldMark = (mark: LineMark, data: FigureData): boolean => {
  const source = drawnSource(data, mark)
  return source !== undefined && isField(source)
}

interface CurveData {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly label?: string
}

function curveData(mark: LineMark, data: FigureData, path: string, report: Report): CurveData[] {
  const source = drawnSource(data, mark)
  if (!source) {
    report(data.has(mark.data) ? noComponent(mark.data, data.get(mark.data)!, `${path}.component`) : missingData(mark.data, `${path}.data`))
    return []
  }
  if (isField(source)) {
    if (axisOf(source, mark) === 't') {
      if (source.times) return [{ ...fromCurve(timeCurve(source, mark.at ?? {})), label: mark.label }]
      report(error('no-times', `"${mark.data}" has no times to run along.`, { where: { path: `${path}.along` } }))
      return []
    }
    const along = source.grid.axes.findIndex(axis => axis.name === axisOf(source, mark))
    if (along < 0) {
      report(error('no-axis', `"${mark.data}" has no axis ${mark.along}.`, { where: { path: `${path}.along` }, tip: `Its axes are ${source.grid.axes.map(axis => axis.name).join(', ')}.` }))
      return []
    }
    const times = Array.isArray(mark.time) ? mark.time : [mark.time as number | undefined]
    return times.map(time => {
      const curve = spaceCurve(source, along, time, mark.at ?? {})
      const timeLabel = curve.time !== undefined && (times.length > 1 || (mark.label === undefined && source.times!.length > 1)) ? `$t = ${texNumber(curve.time)}$` : undefined
      const label = timeLabel && mark.label !== undefined ? `${mark.label}, ${timeLabel}` : (mark.label ?? timeLabel)
      return { ...fromCurve(curve), label }
    })
  }
  const abscissa = mark.x === undefined ? undefined : data.get(mark.x)
  if (mark.x !== undefined && !abscissa) {
    report(missingData(mark.x, `${path}.x`))
    return []
  }
  const x = abscissa ? abscissa.values : Float64Array.from(source.values, (_, i) => i + 1)
  if (x.length === source.values.length + 1) return [{ ...stairs(x, source.values), label: mark.label }]
  if (x.length !== source.values.length) {
    report(error('length-differs', `"${mark.data}" has ${source.values.length} values, its abscissa "${mark.x}" has ${x.length}.`, { where: { path: `${path}.x` } }))
    return []
  }
  const order = mark.fit ? fittedOrder(x, source.values) : NaN
  const fit = Number.isFinite(order) ? `${order > 0 ? 'order' : 'slope'} ${shortNumber(Number(order.toFixed(2)))}` : undefined
  const label = fit ? (mark.label ? `${mark.label}, ${fit}` : fit) : mark.label
  return [{ x, y: source.values, label }]
}

/** A function that is constant on each bin. */
function stairs(edges: Float64Array, values: Float64Array): { readonly x: Float64Array; readonly y: Float64Array } {
  const count = 2 * values.length
  return { x: Float64Array.from({ length: count }, (_, i) => edges[(i + 1) >> 1]), y: Float64Array.from({ length: count }, (_, i) => values[i >> 1]) }
}

function bandData(mark: BandMark, data: FigureData, path: string, report: Report): Band[] {
  const found = (['data', 'x', 'group'] as const).map(key => {
    const reference = mark[key]
    const source = reference === undefined ? undefined : data.get(reference)
    if (reference !== undefined && !source) report(missingData(reference, `${path}.${key}`))
    return source && 'values' in source && !('grid' in source) && !('mesh' in source) ? source : undefined
  })
  const [source, x, group] = found
  if (!source || (mark.x !== undefined && !x) || (mark.group !== undefined && !group)) {
    if (data.has(mark.data) && !source) report(error('not-runs', `"${mark.data}" is a field, and a band is drawn of the runs of a sweep.`, { where: { path: `${path}.data` }, tip: 'Draw it with a line mark.' }))
    return []
  }
  const bands = bandsOf(source, x?.values, group)
  if (!bands) report(error('length-differs', `"${mark.data}" does not fit its ${mark.x === undefined ? '' : `abscissa "${mark.x}"`}${mark.x !== undefined && mark.group !== undefined ? ' or its ' : ''}${mark.group === undefined ? '' : `groups "${mark.group}"`}.`, { where: { path: `${path}.data` }, tip: 'A band needs curves [runs, points] over [points], or [runs] over [runs], and groups [runs].' }))
  return bands ?? []
}

const fromCurve = ({ axis, values }: Curve): CurveData => ({ x: axis.coordinates, y: values })

/** Least-squares slope of log y over log x, over the half of the points with the smallest y (at least three), where the asymptotic range is nearest; NaN with fewer than two points. */
export function fittedOrder(x: Float64Array, y: Float64Array): number {
  const points = Array.from(x, (v, i) => [v, y[i]] as const).filter(([a, b]) => a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b))
  points.sort((p, q) => p[1] - q[1])
  const used = points.slice(0, Math.max(Math.min(3, points.length), Math.ceil(points.length / 2))).map(([a, b]) => [log10(a), log10(b)] as const)
  if (used.length < 2) return NaN
  const meanX = used.reduce((s, p) => s + p[0], 0) / used.length
  const meanY = used.reduce((s, p) => s + p[1], 0) / used.length
  return used.reduce((s, p) => s + (p[0] - meanX) * (p[1] - meanY), 0) / used.reduce((s, p) => s + (p[0] - meanX) * (p[0] - meanX), 0)
}

/** The k-th of several slopes belongs to the k-th curve; a single one to the curve that ends lowest. */
export function resolveSlopes(panel: Panel, curves: readonly CurveModel[], path: string, report: Report): SlopeModel[] {
  const marks = panel.marks.flatMap((mark, m) => (mark.mark === 'slope' ? [{ mark, m }] : []))
  if (marks.length === 0) return []
  if (panel.x.scale !== 'log' || panel.y.scale !== 'log' || curves.length === 0) {
    report({ severity: 'warning', code: 'slope-needs-log', message: 'A slope is drawn beside a curve on two logarithmic axes; it is left out.', where: { path: `${path}.marks[${marks[0].m}]` }, tip: 'Set "scale": "log" on both axes.' })
    return []
  }
  const least = (curve: CurveModel): number => curve.y.reduce((low, v) => (v > 0 && v < low ? v : low), Infinity)
  const lowest = curves.reduce((best, curve, i) => (least(curve) < least(curves[best]) ? i : best), 0)
  return marks.map(({ mark }, k) => {
    const curve = marks.length === 1 ? lowest : Math.min(k, curves.length - 1)
    const fitted = fittedOrder(curves[curve].x, curves[curve].y)
    const order = mark.order ?? (Number.isFinite(fitted) ? Math.round(2 * fitted) / 2 || 1 : 1)
    return { order, curve, ...(mark.label === undefined ? {} : { label: mark.label }) }
  })
}
