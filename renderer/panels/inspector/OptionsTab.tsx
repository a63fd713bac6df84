import { useStore } from 'zustand'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { ScrollLine } from '../../app/ScrollLine'
import { faultsWithin } from '../../app/checker'
import { replaceEdit, valueAt, type Path } from '../../app/patches'
import { idFault, renameStep } from '../../app/steps'
import type { Statement, StepEnvelope } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import type { DescriptorData } from '../../../shared/descriptor'
import { FaultLine } from '../problem/FaultLine'
import { TextField } from '../problem/TextField'
import { Typeset } from '../problem/Typeset'
import { statementOf } from '../problem/statement'
import { FieldControl } from './FieldControl'
import { stepFields, type FormField, type Suggestions } from './schema-form'

/** The options of a step as its descriptors declare them; nothing here knows a kind or a method by name. */
export function OptionsTab({ step }: { readonly step: StepEnvelope }) {
  const app = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  const result = useStore(app.checker.store, state => state.result)
  if (!document) return null
  const index = document.steps.findIndex(s => s.id === step.id)
  const { kind, method, fields, methodFields } = stepFields(step, app.registry, document.steps)
  const faults = result ? faultsWithin(result.faults, `steps[${index}]`) : []
  const shown = new Set([...fields, ...methodFields].map(field => `steps[${index}].${field.key}`))
  const problem = statementOf(app.registry, document.problem)
  const offers = (field: FormField, value: Json | undefined): boolean => isOffered(field, value, step, problem, [...fields, ...methodFields])
  const automatic = fields.some(field => field.key === 'method') && (step.method === undefined || step.method === 'auto')
  const readOnly = snapshot?.readOnly ?? false
  const set = (path: Path, value: Json | undefined, gesture?: string): void => {
    const { document: now } = app.session.store.getState()
    const at = now?.steps.findIndex(s => s.id === step.id) ?? -1
    if (now && at >= 0) app.session.edit(replaceEdit(now, ['steps', at, ...path], value), gesture)
  }
  const choose = (path: Path, value: Json | undefined, suggested: Suggestions = {}, before: Suggestions = {}): void => {
    const { document: now } = app.session.store.getState()
    const at = now?.steps.findIndex(s => s.id === step.id) ?? -1
    if (!now || at < 0) return
    const beside = Object.entries(suggested).flatMap(([place, next]) => {
      const target: Path = ['steps', at, ...place.split('.')]
      const given = valueAt(now as unknown as Json, target)
      return given === undefined || given === before[place] ? [replaceEdit(now, target, next)] : []
    })
    app.session.edit([replaceEdit(now, ['steps', at, ...path], value), ...beside])
  }
  return (
    <fieldset className="options" disabled={readOnly}>
      <legend className="visually-hidden">Options of {step.id}</legend>
      <div className="option">
        <span className="option-label">Name</span>
        <TextField label="Name of the step" value={step.id} fault={text => idFault(text, document.steps, step.id)} onCommit={text => renameStep(app, step.id, text)} />
      </div>
      {fields.filter(field => offers(field, step[field.key])).map(field => (
        <FieldControl key={`${step.id}.${field.key}`} field={field} value={step[field.key]} path={[field.key]} prefix={`steps[${index}]`} faults={faults} onChange={set} onChoose={choose} isOffered={offers} />
      ))}
      {automatic && result?.method && (
        <p className="method-reason" role="note" aria-label="Chosen method">
          <b>{app.registry.methods.find(m => m.id === result.method!.id)?.name ?? result.method.id}</b> <span className="secondary">{result.method.reason}</span>
        </p>
      )}
      {methodFields.length > 0 && <h3 className="options-heading">{method?.name}</h3>}
      {methodFields.filter(field => offers(field, step[field.key])).map(field => (
        <FieldControl key={`${step.id}.${step.method as string}.${field.key}`} field={field} value={step[field.key]} path={[field.key]} prefix={`steps[${index}]`} faults={faults} onChange={set} onChoose={choose} isOffered={offers} />
      ))}
      {faults
        .filter(fault => ![...shown].some(place => fault.where?.path?.startsWith(place)))
        .map((fault, i) => (
          <FaultLine key={i} fault={fault} />
        ))}
      {(method ?? kind) && <HelpCard descriptor={(method ?? kind)!} />}
    </fieldset>
  )
}

/** An option's value by its path, or its default. */
function valueOf(path: readonly string[], step: StepEnvelope, fields: readonly FormField[]): Json | undefined {
  const given = valueAt(step as unknown as Json, path)
  const [key, ...rest] = path
  const field = fields.find(other => other.key === key)
  if (given !== undefined || rest.length === 0) return given ?? field?.default
  return field?.control.kind === 'group' ? field.control.fields.find(other => other.key === rest[0])?.default : undefined
}

/**
 * Times are asked of evolutions only, the number of eigenvalues of eigenproblems, what belongs to a choice only beside it. What is given already is never hidden.
 */
function isOffered({ key, when, needs }: FormField, value: Json | undefined, step: StepEnvelope, problem: Statement | undefined, all: readonly FormField[]): boolean {
  if (value !== undefined) return true
  if (when && !Object.entries(when).every(([other, wanted]) => ([wanted].flat() as Json[]).includes(valueOf(other.split('.'), step, all) ?? null))) return false
  if (needs === 'data') return step.data !== undefined
  if (!problem) return true
  if (needs === 'time' || key === 'times' || key === 'time') return problem.time !== undefined
  return key !== 'eigenvalues' || problem.eigenvalue !== undefined
}

/** What a method is, in a formula and a sentence, with its reference. */
function HelpCard({ descriptor }: { readonly descriptor: DescriptorData }) {
  return (
    <section className="help-card" aria-label={descriptor.name}>
      <h3>{descriptor.name}</h3>
      {descriptor.equation && (
        <ScrollLine className="help-equation" label="Equation">
          <Typeset latex={descriptor.equation} />
        </ScrollLine>
      )}
      <p className="secondary">{descriptor.summary}</p>
      {descriptor.reference && (
        <p className="secondary">
          {descriptor.reference.text}
          {descriptor.reference.doi && <span className="doi"> doi:{descriptor.reference.doi}</span>}
          {descriptor.reference.arxiv && <span className="doi"> arXiv:{descriptor.reference.arxiv}</span>}
        </p>
      )}
    </section>
  )
}
