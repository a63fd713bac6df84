import type { ArrayInfo, FieldPicture, JobFrame, StepState } from '../../../../shared/protocol/contract'
import { frameCoordinates } from '../field-pictures'

/** Curves of fields with one space axis. */
export interface CurveName { readonly step: string; readonly array: string }

export const isCurve = (array: ArrayInfo): boolean => array.axes?.length === 1
export const curveKey = ({ step, array }: CurveName): string => `${step}/${array}`

/** The other fields over the same coordinate that may be laid over this one; a difference is on another scale and not offered. */
export function otherCurves(steps: readonly StepState[], own: CurveName, array: ArrayInfo): readonly (CurveName & { readonly info: ArrayInfo; readonly state: StepState })[] {
  const coordinate = array.axes?.[0]?.name
  return steps.flatMap(state =>
    (state.result?.arrays ?? [])
      .filter(info => isCurve(info) && info.axes![0].name === coordinate && info.name !== 'difference' && !(state.id === own.step && info.name === own.array))
      .map(info => ({ step: state.id, array: info.name, info, state })),
  )
}

export interface Curve { readonly x: Float64Array; readonly y: Float64Array }

/** Repeats the first value at the end of a periodic axis. */
function closed(x: Float64Array, values: ArrayLike<number>, array: ArrayInfo): Curve {
  const y = Float64Array.from(values)
  const axis = array.axes?.[0]
  if (!axis?.periodic || !(axis.upper > x[x.length - 1])) return { x, y }
  return { x: Float64Array.of(...x, axis.upper), y: Float64Array.of(...y, y[0]) }
}

export const curveOfPicture = (read: FieldPicture, array: ArrayInfo): Curve => closed(read.axes[0].coordinates, read.values, array)
export const curveOfFrame = (frame: JobFrame, array: ArrayInfo): Curve => closed(frameCoordinates(array, 0, frame.shape[0]), frame.values, array)

/** Rows of text for other programs: one column per curve where they share their abscissa, else one block after another. */
export function csvOf(xName: string, series: readonly { readonly label: string; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[]): string {
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const shared = series.every(s => s.x.length === series[0].x.length && Array.from(s.x).every((v, i) => v === series[0].x[i]))
  if (shared && series.length > 0) {
    const rows = Array.from(series[0].x, (v, i) => [v, ...series.map(s => s.y[i])].join(','))
    return [[xName, ...series.map(s => quoted(s.label))].join(','), ...rows].join('\n') + '\n'
  }
  return ['curve', xName, 'value'].join(',') + '\n' + series.map(s => Array.from(s.x, (v, i) => `${quoted(s.label)},${v},${s.y[i]}\n`).join('')).join('')
}
