import type { DomainOutline } from '../fields/outline'
import type { Colours } from './colour/colours'
import type { Scale } from './scales'
import type { SeriesStyle } from './series'
import type { Plane } from './slices'
import type { Segment } from './text/label'

/** A panel with its data found and its scales made; what layout and drawing work on. */
export interface PanelModel {
  readonly x: AxisModel
  readonly y: AxisModel
  readonly map?: MapModel
  readonly contours: readonly ContourModel[]
  readonly curves: readonly CurveModel[]
  readonly slopes: readonly SlopeModel[]
  readonly title?: string
  /** Height over width, when something fixes it. */
  readonly aspect?: number
  readonly legend: 'auto' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'above' | 'none'
  /** Said instead of a picture when no data are there. */
  readonly notice?: string
}

export interface AxisModel {
  readonly label: string | readonly Segment[]
  readonly scale: Scale
  readonly ticks?: number | readonly number[]
  readonly grid: boolean
}

export interface MapModel {
  readonly plane: Plane
  readonly colours: Colours
  readonly cells: boolean
  /** The rim by which the picture of a field on a grid with nodes outside the domain is clipped; its values go on a little beyond. */
  readonly outline?: DomainOutline
  readonly bar?: { readonly label: string; readonly ticks?: number | readonly number[] }
}

export interface ContourModel {
  readonly plane: Plane
  readonly levels: readonly number[]
  readonly colour: string
  readonly opacity: number
  readonly width?: number
}

export interface CurveModel {
  readonly x: Float64Array
  readonly y: Float64Array
  /** A filled band around the line, at the same abscissae. */
  readonly band?: { readonly lower: Float64Array; readonly upper: Float64Array }
  readonly label?: string
  readonly style: SeriesStyle
  readonly markers: boolean
  readonly width?: number
}

/** y ∝ x^order under one curve. */
export interface SlopeModel {
  readonly order: number
  readonly label?: string
  readonly curve: number
}
