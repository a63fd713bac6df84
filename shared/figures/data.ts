import type { ComponentChoice } from '../fields/components'
import { componentLabel, defaultComponent, selectComponent } from '../fields/components'
import type { Field } from '../fields/field'
import { isMeshField } from '../fields/mesh'
import type { MeshField } from '../fields/mesh'
import { nominalGrid, rasterise } from '../fields/mesh-raster'
import type { Figure, Mark } from './specification'

/** An array that is not a field: residuals, a convergence table's column. */
export interface PlainArray {
  readonly name: string
  readonly values: Float64Array
  /** C-order; 1-D when absent. */
  readonly shape?: readonly number[]
  /** As an axis says it. */
  readonly title?: string
  /** What the whole numbers in it stand for. */
  readonly labels?: readonly string[]
}

/** What a data reference may stand for. */
export type FigureSource = Field | MeshField | PlainArray

/** What a mark draws: a scalar field on a grid, with the mesh field behind it where there is one; or an array. */
export type DrawnSource = (Field & { readonly exact?: MeshField }) | PlainArray

export interface DataReference {
  readonly step: string
  readonly array: string
}

/** Resolved data by reference text (`fd/u`). */
export type FigureData = ReadonlyMap<string, FigureSource>

export const isField = (source: FigureSource): source is Field => 'grid' in source

type DataMark = Exclude<Mark, { mark: 'slope' | 'band' | 'rule' }>

/** The component that a mark asks for; undefined on a scalar field. */
export function componentOf({ components }: { readonly components?: readonly string[] }, { component }: Pick<DataMark, 'component'>): ComponentChoice | undefined {
  if (!components) return undefined
  if (component === undefined) return defaultComponent(components)
  if (component === 'magnitude') return component
  const index = typeof component === 'number' ? component : components.indexOf(component)
  return index >= 0 && index < components.length ? index : undefined
}

const drawn = new WeakMap<FigureSource, Map<string, DrawnSource>>()

/** The scalar field (or array) behind a mark: its component, and of a mesh field its raster. Undefined where there are no data, or no such component. */
export function drawnSource(data: FigureData, mark: DataMark): DrawnSource | undefined {
  const source = data.get(mark.data)
  if (!source || !(isField(source) || 'mesh' in source)) return source
  const choice = componentOf(source, mark)
  if (source.components && choice === undefined) return undefined
  const known = drawn.get(source) ?? new Map<string, DrawnSource>()
  drawn.set(source, known)
  const key = String(choice ?? '')
  let made = known.get(key)
  if (!made) {
    const scalar: Field | MeshField = choice === undefined ? source : selectComponent(source as MeshField, choice)
    made = isMeshField(scalar) ? { ...rasterise(scalar, nominalGrid(scalar.mesh)), exact: scalar } : scalar
    known.set(key, made)
  }
  return made
}

/** The name of what a mark draws: `h`, `|h|`, `Re h`, `v_x`. */
export function drawnName(data: FigureData, mark: DataMark): string {
  const source = data.get(mark.data)
  const { array } = parseReference(mark.data)
  if (!source || !(isField(source) || 'mesh' in source)) return array
  const choice = componentOf(source, mark)
  return choice === undefined ? array : componentLabel(array, source.components, choice)
}

export function parseReference(text: string): DataReference {
  const slash = text.indexOf('/')
  return { step: text.slice(0, slash), array: text.slice(slash + 1) }
}

/** Every data reference of a figure, each once, in order of appearance: what a host must read before composing. */
export function figureReferences(figure: Figure): string[] {
  const found = new Set<string>()
  for (const panel of figure.panels) {
    for (const mark of panel.marks) {
      if (mark.mark === 'slope' || mark.mark === 'rule') continue
      found.add(mark.data)
      if ((mark.mark === 'line' || mark.mark === 'band') && mark.x) found.add(mark.x)
      if (mark.mark === 'band' && mark.group) found.add(mark.group)
    }
  }
  return [...found]
}
