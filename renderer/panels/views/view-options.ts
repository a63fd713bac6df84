import { isJsonObject } from '../../../shared/json'
import type { Json } from '../../../shared/json'
import type { ColourMap } from '../../charts/colour-maps'
import { colourMapOf, defaultColourMap, suits } from '../../charts/colour-maps'
import { fittedScale, transforms, typedScale, valueKind } from '../../charts/value-scale'
import type { Transform, ValueKind, ValueScale } from '../../charts/value-scale'
import type { ShownField } from './field-pictures'

/** Options of a view as it saved them, each kept only where it has the type of its default. */
export function readOptions<T extends object>(saved: Json | undefined, defaults: T): T {
  if (!isJsonObject(saved as Json)) return defaults
  const out = { ...defaults } as Record<string, unknown>
  for (const [key, value] of Object.entries(saved as Record<string, unknown>)) {
    if (!Object.hasOwn(defaults, key)) continue
    const fallback = (defaults as Record<string, unknown>)[key]
    if (Array.isArray(fallback) ? Array.isArray(value) : typeof value === typeof fallback) out[key] = value
  }
  return out as T
}

/** How values become colours; shared by pictures and surfaces. */
export interface ColourOptions {
  /** Empty: what suits the field. */
  readonly map: string
  /** Empty: linear, and logarithmic for errors. */
  readonly transform: string
  readonly range: 'time' | 'all' | 'typed'
  readonly lower: number
  readonly upper: number
}
export const defaultColours: ColourOptions = { map: '', transform: '', range: 'all', lower: 0, upper: 1 }

/** Errors are told by their array's name; every other field by its values. */
export function kindOf(arrayName: string, minimum: number, maximum: number): ValueKind {
  if (/^(abs(olute)?|relative|pointwise)?[-_]?error$/i.test(arrayName) && minimum >= 0) return 'error'
  return valueKind(minimum, maximum)
}

export interface Colouring { readonly map: ColourMap; readonly scale: ValueScale; readonly kind: ValueKind }

/** Map and range for a field: the view's own choice, then the linked one where it suits, then the default of its kind. */
export function colouringOf(field: Pick<ShownField, 'minimum' | 'maximum' | 'minimumOverall' | 'maximumOverall'>, arrayName: string, options: ColourOptions, linked: { colourMap?: string; range?: readonly [number, number] } = {}): Colouring {
  const kind = kindOf(arrayName, field.minimumOverall, field.maximumOverall)
  const shared = linked.colourMap === undefined ? undefined : colourMapOf(linked.colourMap)
  const map = options.map !== '' ? colourMapOf(options.map) : shared && suits(shared, kind) ? shared : colourMapOf(defaultColourMap(kind))
  const transform = transforms.includes(options.transform as Transform) ? (options.transform as Transform) : kind === 'error' ? 'log' : 'linear'
  const [minimum, maximum] = options.range === 'time' ? [field.minimum, field.maximum] : [field.minimumOverall, field.maximumOverall]
  // A diverging map tells signs apart only when zero is in its middle.
  const centred: ValueKind = map.kind === 'diverging' && transform !== 'log' ? 'signed' : kind === 'signed' ? 'magnitude' : kind
  const typed = options.range === 'typed' ? ([options.lower, options.upper] as const) : linked.range
  return { map, kind, scale: typed ? typedScale(typed, transform) : fittedScale(minimum, maximum, centred, transform) }
}
