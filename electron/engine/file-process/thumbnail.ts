import { statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError } from '../../../shared/fault'
import { makeColours } from '../../../shared/figures/colour/colours'
import { encodePng } from '../../../shared/figures/png'
import type { ColourScaleOptions } from '../../../shared/figures/specification'
import { mainField } from '../../../shared/figures/suggest'
import { figureSpecificationSchema } from '../../../shared/figures/specification'
import type { Json, JsonObject } from '../../../shared/json'
import { isJsonArray, isJsonObject } from '../../../shared/json'
import { workspaceAt } from '../store/workspace'
import { describe, picture } from './arrays'
import { figure, suggest } from './figures'
import type { Described } from './methods'

/** Fields beyond this are not read again for a picture of a few hundred dots. */
const largestField = 128 * 2 ** 20
const width = 480
const height = 300
/** Painted where there is no domain, and declared transparent: in no colour map. */
const nowhere = '#010203'

/** What a thumbnail shows of a field. */
interface Subject {
  readonly step: string
  readonly array: string
  /** Physical time; without it an early one, when most happens. */
  readonly time?: number
  /** Index or name of a part; the magnitude when absent. */
  readonly component?: number | string
  readonly z?: number
  readonly colours: ColourScaleOptions
  /** The whole domain, in its proportions, instead of filling the card. */
  readonly whole: boolean
}

/**
 * A small PNG: the map that the document's first figure begins with, otherwise the last step with a field — the bare field, or the curves of a study; curves too where there is no field. Transparent outside the domain.
 * Undefined where there is nothing to draw.
 */
export async function thumbnailOf(workspace: string, document: Json, steps: ReadonlySet<string>): Promise<Uint8Array | undefined> {
  const listed = isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject).filter(step => steps.has(String(step.id))) : []
  // A field says more on a small card than the curves of a convergence study, and the solution more than its difference from another.
  const rank = (step: JsonObject): number => (isStudy(step.kind) ? 0 : step.kind === 'compare' ? 1 : 2)
  const ordered = listed.map((step, i) => ({ step, i })).sort((a, b) => rank(b.step) - rank(a.step) || b.i - a.i).map(({ step }) => step)
  const chosen = firstMap(document)
  const subjects = [...(chosen && steps.has(chosen.step) ? [chosen] : []), ...ordered.map(step => ({ step: String(step.id), kind: step.kind }))]
  for (const subject of subjects) {
    try {
      const fields = describe({ workspace, step: subject.step }).arrays.filter(array => array.axes)
      const bare = fields.length === 0 && 'kind' in subject && (subject.kind === 'train' || subject.kind === 'sweep')
      const drawn = 'kind' in subject && (isStudy(subject.kind) || bare)
      if ((fields.length === 0 && !drawn) || fields.some(field => statSync(join(workspaceAt(workspace).result(subject.step), `${field.name}.npy`)).size > largestField)) continue
      if (drawn) return await plot(workspace, document, subject.step, bare)
      const wanted = 'array' in subject ? subject : { step: subject.step, array: mainField(fields)!.name, colours: { bar: false, missing: nowhere }, whole: false }
      const field = fields.find(({ name }) => name === wanted.array)
      if (!field) continue
      const isMap = field.axes!.length > 1 || field.times !== undefined
      return isMap ? fieldPicture(workspace, wanted, field as Drawn) : await plot(workspace, document, subject.step)
    } catch (reason) {
      // A result that cannot be drawn is no reason not to save it; the figure panel says why.
      if (!(reason instanceof FaultError)) throw reason
    }
  }
  return undefined
}

/** Steps whose result is a plot of numbers over numbers. */
const isStudy = (kind: Json | undefined): boolean => kind === 'converge' || kind === 'energy-bounds' || kind === 'dimensions' || kind === 'formulations'

/** The heat map that the first figure begins with. */
function firstMap(document: Json): Subject | undefined {
  const first = isJsonObject(document) && isJsonArray(document.figures) ? figureSpecificationSchema.safeParse(document.figures[0]) : undefined
  const panel = first?.data?.panels[0]
  const mark = panel?.marks[0]
  if (!panel || mark?.mark !== 'heatmap') return undefined
  const [step, array] = mark.data.split('/')
  return { step, array, time: mark.time, component: mark.component, z: mark.at?.z, colours: { ...panel.colours, missing: nowhere }, whole: panel.aspect === 'equal' }
}

type Info = Described['arrays'][number]
type Drawn = Info & { readonly axes: NonNullable<Info['axes']> }

/** The field without axes: space and time of a 1-D field (time to the right), otherwise at one time, cut to the card's shape where that loses little. */
function fieldPicture(workspace: string, { step, array, time, component, z, colours: options, whole }: Subject, { axes, times = [], components = [] }: Drawn): Uint8Array {
  const spacetime = axes.length === 1
  const nearest = time === undefined ? Math.floor((times.length - 1) / 5) : times.reduce((best, t, i) => (Math.abs(t - time) < Math.abs(times[best] - time) ? i : best), 0)
  const size = spacetime ? [height, width] : [width, height, ...axes.slice(2).map(axis => axis.nodes)]
  const part = typeof component === 'string' ? components.indexOf(component) : component
  const choice = part === undefined || part < 0 ? {} : { component: part }
  const { shape, values, minimum, maximum } = picture({ workspace, step, array, ...choice, spacetime, timeIndex: spacetime ? 0 : Math.max(0, nearest), size })
  const colours = makeColours(options, Number.isFinite(minimum) ? [minimum, maximum] : undefined)
  const [nx, ny] = shape
  const depth = axes[2] ? Math.round((((z ?? (axes[2].lower + axes[2].upper) / 2) - axes[2].lower) / (axes[2].upper - axes[2].lower)) * (shape[2] - 1)) : 0
  const plane = values.subarray(nx * ny * depth, nx * ny * (depth + 1))
  const bilinear = (i: number, j: number): number => {
    const x = i * (nx - 1)
    const y = j * (ny - 1)
    const x0 = Math.max(0, Math.min(Math.floor(x), nx - 2))
    const y0 = Math.max(0, Math.min(Math.floor(y), ny - 2))
    const at = (a: number, b: number): number => plane[Math.min(b, ny - 1) * nx + Math.min(a, nx - 1)]
    const along = (b: number): number => at(x0, b) + (x - x0) * (at(x0 + 1, b) - at(x0, b))
    return along(y0) + (y - y0) * (along(y0 + 1) - along(y0))
  }
  const cut = spacetime ? [1, 1] : shares((axes[0].upper - axes[0].lower) / (axes[1].upper - axes[1].lower), whole || plane.some(v => !(v === v)))
  const rgb = new Uint8Array(3 * width * height)
  const none = Number.parseInt(nowhere.slice(1), 16)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const right = 0.5 + cut[0] * (column / (width - 1) - 0.5)
      const up = 0.5 + cut[1] * (0.5 - row / (height - 1))
      const at = 3 * (row * width + column)
      if (right < 0 || right > 1 || up < 0 || up > 1) rgb.set([none >> 16, (none >> 8) & 255, none & 255], at)
      else colours.paint(spacetime ? bilinear(up, right) : bilinear(right, up), rgb, at)
    }
  }
  return encodePng(width, height, rgb, [{ type: 'tRNS', bytes: Uint8Array.of(0, none >> 16, 0, (none >> 8) & 255, 0, none & 255) }])
}

/** Which part of the domain's width and height spans the card: below one, the middle; above one, everything with room beside it. Units stay equal. */
function shares(proportion: number, whole: boolean): [number, number] {
  const card = width / height
  const wider = proportion > card
  if (whole || proportion < 0.8 || proportion > 3) return wider ? [1, proportion / card] : [card / proportion, 1]
  return wider ? [card / proportion, 1] : [1, proportion / card]
}

/** The step's own plot; of curves alone, such as those of a training in many dimensions, the document's first figure where it has one. */
async function plot(workspace: string, document: Json, step: string, own = false): Promise<Uint8Array> {
  const first = own && isJsonObject(document) && isJsonArray(document.figures) && isJsonObject(document.figures[0]) ? document.figures[0] : undefined
  const specification = (first ?? suggest({ workspace, step, title: '' })) as unknown as JsonObject & { panels: readonly Json[] }
  const small = { ...specification, panels: specification.panels.slice(0, 1), preset: 'nature-single', width: 89, height: (89 * height) / width, dpi: 140 } as unknown as Json
  return (await figure({ workspace, document, figure: small, format: 'png' })).bytes
}
