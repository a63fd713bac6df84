import type { ComponentChoice } from '../../../shared/fields/components'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import type { ViewProps } from '../view'
import { choiceKey, fieldChoices } from './component'

/** Which unknown and which of its components the view shows; nothing where there is no choice. */
export function FieldChooser({ step, array, component, options, showArray }: Pick<ViewProps, 'step' | 'array' | 'options' | 'showArray'> & { readonly component: ComponentChoice | undefined }) {
  const choices = fieldChoices(step.result?.arrays ?? [], array)
  if (choices.length < 2) return null
  return (
    <select
      className="view-select"
      aria-label="Field and component"
      value={choiceKey(array, component)}
      onChange={event => {
        const choice = choices.find(c => c.key === event.target.value)
        if (choice) showArray(choice.array, { ...(isJsonObject(options as Json) ? (options as Record<string, Json>) : {}), component: choice.component })
      }}
    >
      {choices.map(choice => (
        <option key={choice.key} value={choice.key}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}

/** The component alone, for views that show several arrays at once. */
export function ComponentChooser({ array, component, onChange }: { readonly array: ArrayInfo; readonly component: ComponentChoice | undefined; readonly onChange: (component: string) => void }) {
  if (!array.components) return null
  const named: ArrayInfo = { ...array, name: 'u' }
  return (
    <select className="view-select" aria-label="Component" value={choiceKey(named, component)} onChange={event => onChange(event.target.value.split(':')[1])}>
      {fieldChoices([named], named).map(choice => (
        <option key={choice.key} value={choice.key}>
          {choice.component === 'magnitude' ? 'magnitude' : array.components![Number(choice.component)]}
        </option>
      ))}
    </select>
  )
}
