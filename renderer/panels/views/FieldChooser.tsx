import { DropdownMenu } from 'radix-ui'
import type { ComponentChoice } from '../../../shared/fields/components'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { SymbolText } from '../SymbolText'
import type { ViewProps } from '../view'
import { choiceKey, fieldChoices } from './component'

interface MenuChoice { readonly key: string; readonly label: string }

/** A small menu of fields: names are set as symbols, which a select of the system cannot do. */
function FieldMenu({ label, choices, value, onChoose }: { readonly label: string; readonly choices: readonly MenuChoice[]; readonly value: string; onChoose(key: string): void }) {
  const shown = choices.find(choice => choice.key === value)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="view-switch field-menu" aria-label={`${label}: ${shown?.label ?? ''}`} title={label}>
        <SymbolText name={shown?.label ?? ''} /> <span aria-hidden>▾</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('.centre')}>
        <DropdownMenu.Content className="menu field-choices" align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={value} onValueChange={onChoose}>
            {choices.map(choice => (
              <DropdownMenu.RadioItem key={choice.key} value={choice.key} textValue={choice.label} aria-label={choice.label}>
                <SymbolText name={choice.label} />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** Which unknown and which of its components the view shows; nothing where there is no choice. */
export function FieldChooser({ step, array, component, options, showArray }: Pick<ViewProps, 'step' | 'array' | 'options' | 'showArray'> & { readonly component: ComponentChoice | undefined }) {
  const choices = fieldChoices(step.result?.arrays ?? [], array)
  if (choices.length < 2) return null
  return (
    <FieldMenu
      label="Field and component"
      choices={choices}
      value={choiceKey(array, component)}
      onChoose={key => {
        const choice = choices.find(c => c.key === key)
        if (choice) showArray(choice.array, { ...(isJsonObject(options as Json) ? (options as Record<string, Json>) : {}), component: choice.component })
      }}
    />
  )
}

/** The component alone, for views that show several arrays at once; `name` is that of the unknown. */
export function ComponentChooser({ array, name, component, onChange }: { readonly array: ArrayInfo; readonly name: string; readonly component: ComponentChoice | undefined; readonly onChange: (component: string) => void }) {
  if (!array.components) return null
  const named: ArrayInfo = { ...array, name }
  return <FieldMenu label="Component" choices={fieldChoices([named], named)} value={choiceKey(named, component)} onChoose={key => onChange(key.slice(key.indexOf(':') + 1))} />
}
