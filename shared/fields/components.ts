import type { Field } from './field'
import { fieldComponents, gridSize } from './field'
import type { AnyField, MeshField } from './mesh'
import { isMeshField, meshNodes } from './mesh'

/** Which values of a field with components: one of them, or the magnitude √Σ uᵢ² (the modulus of a complex field). */
export type ComponentChoice = number | 'magnitude'

/** Nodes of a field, on a grid or a mesh. */
export const fieldNodes = (field: AnyField): number => (isMeshField(field) ? meshNodes(field.mesh) : gridSize(field.grid))

/** Values `[slab, component, node]` reduced to `[slab, node]`. A choice beyond the components is the last one. */
export function selectValues(values: Float64Array, nodes: number, components: number, choice: ComponentChoice): Float64Array {
  if (components === 1 && choice !== 'magnitude') return values
  const slabs = values.length / (nodes * components)
  const out = new Float64Array(slabs * nodes)
  for (let s = 0; s < slabs; s++) {
    const from = s * components * nodes
    const to = s * nodes
    if (choice !== 'magnitude') {
      const start = from + Math.min(choice, components - 1) * nodes
      out.set(values.subarray(start, start + nodes), to)
      continue
    }
    for (let c = 0; c < components; c++) for (let i = 0; i < nodes; i++) out[to + i] += values[from + c * nodes + i] * values[from + c * nodes + i]
    for (let i = to; i < to + nodes; i++) out[i] = Math.sqrt(out[i])
  }
  return out
}

/** A scalar field: one component or the magnitude, at all times. A scalar field asked for its only component is returned as it is. */
export function selectComponent<F extends Field | MeshField>(field: F, choice: ComponentChoice): F {
  const components = fieldComponents(field)
  if (components === 1 && field.components === undefined && choice !== 'magnitude') return field
  const { components: _, ...rest } = field
  return { ...rest, values: selectValues(field.values, fieldNodes(field), components, choice) } as F
}

/** What screens show first: the magnitude of a field with several components, otherwise its values. */
export const defaultComponent = (components: readonly string[] | undefined): ComponentChoice => (components && components.length > 1 ? 'magnitude' : 0)

/** `|h|`, `Re h`, `v_x`: the field's name with its component, in plain text. */
export function componentLabel(name: string, components: readonly string[] | undefined, choice: ComponentChoice): string {
  if (choice === 'magnitude') return `|${name}|`
  if (!components) return name
  const part = components[Math.min(choice, components.length - 1)]
  return part === 're' || part === 'im' ? `${part === 're' ? 'Re' : 'Im'} ${name}` : `${name}_${part}`
}
