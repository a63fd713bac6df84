import type { ComponentChoice } from '../../../shared/fields/components'
import { componentLabel, defaultComponent } from '../../../shared/fields/components'
import type { ArrayInfo } from '../../../shared/protocol/contract'

/** Which component of a field a view shows, as it stands among its options: '' for the default, `magnitude`, or an index. */
export type ComponentOption = string

/** The component that is read; undefined on a scalar field. */
export function chosenComponent(array: ArrayInfo, option: ComponentOption): ComponentChoice | undefined {
  if (!array.components) return undefined
  const index = Number(option)
  if (option === 'magnitude') return 'magnitude'
  return option !== '' && Number.isInteger(index) && index >= 0 && index < array.components.length ? index : defaultComponent(array.components)
}

/** `u`, `|h|`, `Re h`, `v_x`. */
export const fieldLabel = (array: ArrayInfo, component: ComponentChoice | undefined): string => (component === undefined ? array.name : componentLabel(array.name, array.components, component))

export interface FieldChoice {
  /** `array:component`, as a select's value. */
  readonly key: string
  readonly array: string
  readonly component: ComponentOption
  readonly label: string
}

export const choiceKey = (array: ArrayInfo, component: ComponentChoice | undefined): string => `${array.name}:${component ?? ''}`

/** Everything of a step that a view of these axes can show: each field, and of fields with components each of them. */
export function fieldChoices(arrays: readonly ArrayInfo[], shown: ArrayInfo): FieldChoice[] {
  const axes = (array: ArrayInfo): string => (array.axes ?? []).map(axis => axis.name).join()
  return arrays.filter(array => array.axes && axes(array) === axes(shown)).flatMap(array => {
    const choices: (ComponentChoice | undefined)[] = array.components ? ['magnitude', ...array.components.keys()] : [undefined]
    return choices.map(component => ({ key: choiceKey(array, component), array: array.name, component: component === undefined ? '' : String(component), label: fieldLabel(array, component) }))
  })
}
