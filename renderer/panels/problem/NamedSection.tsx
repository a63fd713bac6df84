import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { shortNumber } from '../../app/computing'
import { replaceEdit } from '../../app/patches'
import type { Json } from '../../../shared/json'
import { ExpressionField } from './ExpressionField'
import { FaultLine } from './FaultLine'
import { nameLatex } from './instant'
import { RemoveButton, Section } from './Section'
import { editProblem } from './spelled'
import { freeName, namesFrom, renamedKey } from './statement'
import { TextField } from './TextField'

interface Properties {
  readonly title: string
  /** Key in the statement. */
  readonly name: 'parameters' | 'definitions' | 'initial' | 'exact'
  readonly entries: Readonly<Record<string, string | number>>
  readonly kind: 'scalar' | 'expression'
  readonly hint: string
  readonly help: string
  /** Names that belong here (the unknowns); without them names are free. */
  readonly suggested?: readonly string[]
}

/** Lines of `name = expression`. */
export function NamedSection({ title, name, entries, kind, hint, help, suggested }: Properties) {
  const app = useApp()
  const result = useStore(app.checker.store, state => state.result)
  const keys = Object.keys(entries)
  const missing = suggested?.filter(key => !keys.includes(key))
  const setAll = (record: Record<string, string | number>): void =>
    editProblem(app, spelled => replaceEdit(spelled, ['problem', name], Object.keys(record).length > 0 ? (record as Json) : undefined))
  const add = (): void => setAll({ ...entries, [missing?.[0] ?? freeName(keys)]: kind === 'scalar' ? 1 : '0' })
  const canAdd = missing === undefined || missing.length > 0
  return (
    <Section title={title} help={keys.length === 0 ? help : undefined} onAdd={canAdd ? add : undefined}>
      {keys.map(key => (
        <div className="line" key={key}>
          {suggested ? (
            <span className="line-name symbol">{key}</span>
          ) : (
            <TextField
              className="name symbol"
              label={`Name in ${title.toLowerCase()}`}
              value={key}
              fault={text => (namesFrom(text)?.length !== 1 ? 'A name starts with a letter.' : text !== key && keys.includes(text) ? `There is already a line “${text}”.` : undefined)}
              onCommit={text => setAll(renamedKey(entries, key, text))}
            />
          )}
          <ExpressionField
            path={['problem', name, key]}
            kind="expression"
            scalar={kind === 'scalar'}
            label={`${title}: ${key}`}
            hint={hint}
            showTypeset={kind !== 'scalar' || typeof entries[key] === 'string'}
            latexPrefix={kind === 'scalar' ? '' : `${nameLatex(key)} = `}
          />
          {kind === 'scalar' && typeof entries[key] === 'string' && result?.parameters[key] !== undefined && <span className="secondary value">= {shortNumber(result.parameters[key])}</span>}
          <RemoveButton
            label={`Remove ${key} from ${title.toLowerCase()}`}
            onClick={() => setAll(Object.fromEntries(Object.entries(entries).filter(([other]) => other !== key)))}
          />
        </div>
      ))}
      {result?.faults
        .filter(fault => fault.where?.path === `problem.${name}`)
        .map((fault, i) => <FaultLine key={i} fault={fault} />)}
    </Section>
  )
}
