import { useId } from 'react'
import type { Path } from '../../app/patches'
import { textFromPath } from '../../app/patches'
import type { Fault } from '../../../shared/fault'
import { isJsonObject, type Json } from '../../../shared/json'
import { FaultLine } from '../problem/FaultLine'
import { TextField } from '../problem/TextField'
import { constantValue } from './constant-value'
import type { Control as ControlOf, Suggestions } from './schema-form'
import { keptOptions, namedFrom, namedText, numberFrom, numbersFrom, numbersText, type FormField } from './schema-form'

interface Properties {
  readonly field: FormField
  /** Whether an option means anything in this step and for this statement. */
  readonly isOffered: (field: FormField, value: Json | undefined) => boolean
  readonly value: Json | undefined
  /** Within the step. */
  readonly path: Path
  /** Place of the step in the document, for faults and jumps. */
  readonly prefix: string
  readonly faults: readonly Fault[]
  readonly onChange: (path: Path, value: Json | undefined, gesture?: string) => void
  /** A choice with what goes well with it elsewhere: only values that were never changed, or were the last choice's own, follow. */
  readonly onChoose: (path: Path, value: Json | undefined, suggested?: Suggestions, before?: Suggestions) => void
}

/** One option: label left, control right, unit inside, help below while it has the focus. */
export function FieldControl(properties: Properties) {
  const { field, value, path, prefix, faults, onChange } = properties
  const help = useId()
  const label = useId()
  const place = `${prefix}.${textFromPath(path)}`
  const own = faults.filter(({ where }) => where?.path === place || where?.path?.startsWith(`${place}[`))
  if (field.control.kind === 'group') {
    const given = isJsonObject(value) ? value : undefined
    const inner = field.control.fields.filter(entry => properties.isOffered(entry, given?.[entry.key]))
    return inner.length === 0 ? null : (
      <fieldset className="option-group" data-path={place}>
        <legend>{field.title}</legend>
        {inner.map(entry => (
          <FieldControl key={entry.key} {...properties} field={entry} path={[...path, entry.key]} value={given?.[entry.key]} />
        ))}
        {own.filter(({ where }) => where?.path === place).map((fault, i) => <FaultLine key={i} fault={fault} />)}
      </fieldset>
    )
  }
  if (field.control.kind === 'variants') return <Variants {...properties} control={field.control} own={own} label={label} help={help} place={place} />
  return (
    <div className="option" data-path={place} role={field.control.kind === 'choice' ? undefined : 'group'} aria-labelledby={label}>
      <span className="option-label" id={label}>
        {field.title}
      </span>
      <div className="option-control">
        <Control {...properties} label={label} help={help} invalid={own.length > 0} onChange={onChange} />
        {field.unit && <span className="option-unit">{field.unit}</span>}
      </div>
      {field.help && (
        <p className="option-help secondary" id={help}>
          {field.help}
        </p>
      )}
      {own.map((fault, i) => (
        <FaultLine key={i} fault={fault} />
      ))}
    </div>
  )
}

/** One of several shapes: which one, and its own options below it, indented. What both shapes have in common is kept. */
function Variants({ control, own, label, help, place, ...properties }: Properties & { readonly control: Extract<ControlOf, { kind: 'variants' }>; readonly own: readonly Fault[]; readonly label: string; readonly help: string; readonly place: string }) {
  const { field, value, path, onChange, onChoose, isOffered } = properties
  const { discriminator, variants } = control
  const shown = isJsonObject(value) ? value : isJsonObject(field.default) ? field.default : undefined
  const variant = variants.find(option => option.value === shown?.[discriminator])
  const choose = (next: string): void => {
    const chosen = variants.find(option => option.value === next)
    onChoose(path, chosen && { [discriminator]: chosen.value, ...keptOptions(shown, variant?.fields ?? [], chosen.fields) }, chosen?.suggests, variant?.suggests)
  }
  // Options of a shape that is not written down yet are written down with it.
  const change: Properties['onChange'] = (at, next, gesture) => {
    const whole = { ...shown }
    if (isJsonObject(value) || at.length !== path.length + 1) return onChange(at, next, gesture)
    if (next === undefined) delete whole[String(at.at(-1))]
    else whole[String(at.at(-1))] = next
    onChange(path, whole, gesture)
  }
  const inner = variant?.fields.filter(entry => isOffered(entry, shown?.[entry.key])) ?? []
  return (
    <div className="option-variants">
      <div className="option" data-path={place}>
        <span className="option-label" id={label}>
          {field.title}
        </span>
        <div className="option-control">
          <select className="select" aria-labelledby={label} aria-describedby={field.help ? help : undefined} value={variant?.value ?? ''} onChange={event => choose(event.target.value)}>
            {(field.default === undefined || !variant) && <option value="">{field.unset ?? 'automatic'}</option>}
            {variants.map(option => (
              <option key={option.value} value={option.value}>
                {option.title}
              </option>
            ))}
          </select>
        </div>
        {field.help && (
          <p className="option-help secondary" id={help}>
            {field.help}
          </p>
        )}
        {own.filter(({ where }) => where?.path === place).map((fault, i) => <FaultLine key={i} fault={fault} />)}
      </div>
      {inner.length > 0 && (
        <div className="option-nested" role="group" aria-labelledby={label}>
          {inner.map(entry => (
            <FieldControl key={`${variant!.value}.${entry.key}`} {...properties} onChange={change} field={entry} path={[...path, entry.key]} value={shown?.[entry.key]} />
          ))}
        </div>
      )}
    </div>
  )
}

function Control({ field, value, path, onChange, label, help, invalid }: Properties & { readonly label: string; readonly help: string; readonly invalid: boolean }) {
  const { control } = field
  const shown = value ?? field.default
  const automatic = field.default === undefined ? (field.required ? '' : (field.unset ?? 'automatic')) : ''
  const common = { label: field.title, describedBy: field.help ? help : undefined, invalid }
  const clearOr = (text: string, read: (text: string) => void): void => (text === '' && !field.required ? onChange(path, undefined) : read(text))
  switch (control.kind) {
    case 'choice': {
      const mayBeNone = control.ofSteps === true && !field.required && field.default === undefined
      if (!mayBeNone && control.choices.length === 1 && (shown === undefined || shown === control.choices[0].value)) return <span className="option-fixed">{control.choices[0].label}</span>
      if (!mayBeNone && control.choices.length <= 3 && control.choices.every(choice => choice.label.length <= 11) && control.choices.reduce((n, choice) => n + choice.label.length, 0) <= 18) {
        return (
          <div className="segmented" role="radiogroup" aria-labelledby={label} aria-describedby={common.describedBy}>
            {control.choices.map(choice => (
              <button key={String(choice.value)} type="button" role="radio" aria-checked={shown === choice.value} onClick={() => onChange(path, choice.value)}>
                {choice.label}
              </button>
            ))}
          </div>
        )
      }
      const index = control.choices.findIndex(choice => choice.value === shown)
      return (
        <select className="select" aria-labelledby={label} aria-describedby={common.describedBy} value={index} onChange={event => onChange(path, control.choices[Number(event.target.value)]?.value)}>
          {(index < 0 || mayBeNone) && <option value={-1}>{shown === undefined || index >= 0 ? (mayBeNone ? (field.unset ?? 'none') : automatic || 'choose…') : Array.isArray(shown) ? shown.join(', ') : typeof shown === 'object' ? 'a file' : String(shown)}</option>}
          {control.choices.map((choice, i) => (
            <option key={i} value={i}>
              {choice.label}
            </option>
          ))}
        </select>
      )
    }
    case 'steps': {
      const chosen = typeof shown === 'string' ? [shown] : Array.isArray(shown) ? shown : []
      const toggle = (id: string): void => {
        const next = control.steps.filter(step => chosen.includes(step) !== (step === id))
        onChange(path, next.length === 0 ? undefined : next)
      }
      return (
        <div role="group" className="step-ticks" aria-labelledby={label} aria-describedby={common.describedBy}>
          {control.steps.map(id => (
            <label key={id}>
              <input type="checkbox" className="check" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              {id}
            </label>
          ))}
        </div>
      )
    }
    case 'several': {
      const chosen = Array.isArray(shown) ? shown : []
      const toggle = (value: string): void => onChange(path, control.choices.filter(choice => chosen.includes(choice.value) !== (choice.value === value)).map(choice => choice.value))
      return (
        <div role="group" className="step-ticks" aria-labelledby={label} aria-describedby={common.describedBy}>
          {control.choices.map(choice => (
            <label key={choice.value}>
              <input type="checkbox" className="check" checked={chosen.includes(choice.value)} onChange={() => toggle(choice.value)} />
              {choice.label}
            </label>
          ))}
        </div>
      )
    }
    case 'boolean':
      // Without a default the third answer is to leave it to the method.
      if (automatic) {
        return (
          <div className="segmented" role="radiogroup" aria-labelledby={label} aria-describedby={common.describedBy}>
            {([undefined, true, false] as const).map(choice => (
              <button key={String(choice)} type="button" role="radio" aria-checked={shown === choice} onClick={() => onChange(path, choice)}>
                {choice === undefined ? 'Auto' : choice ? 'On' : 'Off'}
              </button>
            ))}
          </div>
        )
      }
      return <input type="checkbox" className="check" aria-labelledby={label} aria-describedby={common.describedBy} checked={shown === true} onChange={event => onChange(path, event.target.checked)} />
    case 'number':
      return (
        <TextField
          {...common}
          value={shown === undefined ? '' : String(shown)}
          placeholder={automatic}
          inputMode={control.words ? 'text' : 'decimal'}
          fault={text => {
            if (control.words?.includes(text.trim())) return undefined
            const read = text === '' && !field.required ? { value: 0 } : numberFrom(text, control, constantValue)
            return 'fault' in read ? read.fault : undefined
          }}
          onCommit={text =>
            clearOr(text, typed => {
              if (control.words?.includes(typed.trim())) return onChange(path, typed.trim())
              const read = numberFrom(typed, control, constantValue)
              if ('value' in read) onChange(path, read.value)
            })
          }
        />
      )
    case 'numbers':
      return (
        <TextField
          {...common}
          value={numbersText(shown)}
          placeholder={automatic}
          fault={text => {
            const read = text === '' && !field.required ? { value: 0 } : numbersFrom(text, control, constantValue)
            return 'fault' in read ? read.fault : undefined
          }}
          onCommit={text =>
            clearOr(text, typed => {
              const read = numbersFrom(typed, control, constantValue)
              if ('value' in read) onChange(path, read.value)
            })
          }
        />
      )
    case 'text':
      return <TextField {...common} value={typeof shown === 'string' ? shown : shown === undefined ? '' : JSON.stringify(shown)} placeholder={automatic} onCommit={text => clearOr(text, typed => onChange(path, typed))} />
    case 'words':
      return (
        <TextField
          {...common} value={Array.isArray(shown) ? shown.join(', ') : ''} placeholder={automatic || 'none'}
          onCommit={text => {
            const names = text.split(/[,;]/).map(part => part.trim()).filter(Boolean)
            onChange(path, names.length === 0 && !field.required ? undefined : names)
          }}
        />
      )
    case 'named':
      return (
        <TextField
          {...common} value={namedText(shown)} placeholder={field.unset ?? 'name = value, …'}
          fault={text => {
            const read = namedFrom(text)
            return 'fault' in read ? read.fault : undefined
          }}
          onCommit={text => clearOr(text, typed => {
            const read = namedFrom(typed)
            if ('value' in read) onChange(path, read.value)
          })}
        />
      )
    default:
      return (
        <TextField
          {...common}
          value={shown === undefined ? '' : JSON.stringify(shown)}
          placeholder={automatic}
          fault={text => (text === '' || jsonFrom(text) !== undefined ? undefined : 'This is not valid JSON.')}
          onCommit={text => onChange(path, jsonFrom(text))}
        />
      )
  }
}

function jsonFrom(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
