import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { faultsWithin } from '../../app/checker'
import { insertEdit, replaceEdit } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import { ExpressionField } from './ExpressionField'
import { FaultLine } from './FaultLine'
import { RemoveButton, Section } from './Section'
import { dimensionOf, hasSides } from './shape'
import { editProblem } from './spelled'
import { sidesOf } from './statement'
import { TextField } from './TextField'
import { nameOf } from './UnknownsLines'

const sideNames: Record<string, string> = { all: 'all sides', left: 'left (x)', right: 'right (x)', bottom: 'bottom (y)', top: 'top (y)', back: 'back (z)', front: 'front (z)', holes: 'holes' }

export function BoundarySection({ problem }: { readonly problem: Statement }) {
  const app = useApp()
  const result = useStore(app.checker.store, state => state.result)
  const entries = problem.boundary ?? []
  const { domain } = problem
  // Sides by name exist on boxes; periodic axes have none.
  const sides = hasSides(domain) ? sidesOf(dimensionOf(domain)).filter((_, i) => !domain.periodic?.[Math.floor(i / 2)]) : []
  const choices = ['all', ...sides, ...(domain.holes?.length ? ['holes'] : [])]
  const setOn = (i: number, on: string | string[]): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'boundary', i, 'on'], on))
  const add = (): void => {
    // The unknown that has no condition yet comes first.
    const names = problem.unknowns.map(nameOf)
    const unknown = names.find(name => !entries.some(entry => new RegExp(`\\b${name}\\b`).test(entry.condition))) ?? names[0]
    const line = { on: entries.length === 0 ? 'all' : choices[Math.min(entries.length, choices.length - 1)], condition: `${unknown} = 0` }
    editProblem(app, spelled => (problem.boundary ? insertEdit(['problem', 'boundary', entries.length], line) : replaceEdit(spelled, ['problem', 'boundary'], [line])))
  }
  const remove = (i: number): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'boundary', i], undefined))
  return (
    <Section title="Boundary" help={entries.length === 0 ? (choices.length === 1 && hasSides(domain) && domain.shape === 'box' ? 'Every axis is periodic: there is no boundary.' : 'u = g, dn(u) = g or dn(u) + b*u = g on each bounded side; periodic axes take none.') : undefined} onAdd={add}>
      {entries.map((entry, i) => {
        const named = typeof entry.on === 'string' ? entry.on : entry.on.length === 1 ? entry.on[0] : undefined
        const listed = named !== undefined && choices.includes(named)
        return (
          <div className="line" key={i}>
            <select
              className="select on"
              aria-label={`Where condition ${i + 1} holds`}
              value={listed ? named : 'other'}
              onChange={event => setOn(i, event.target.value === 'other' ? 'x < 0.5' : event.target.value)}
            >
              {choices.map(choice => (
                <option key={choice} value={choice}>
                  {choice === 'all' && sides.length === 0 ? 'everywhere' : sideNames[choice]}
                </option>
              ))}
              <option value="other">where…</option>
            </select>
            <div className="boundary-texts">
              {!listed &&
                (typeof entry.on === 'string' ? (
                  <ExpressionField path={['problem', 'boundary', i, 'on']} kind="condition" label={`Inequality of condition ${i + 1}`} hint="x < 0.5" />
                ) : (
                  <TextField label={`Sides of condition ${i + 1}`} value={entry.on.join(', ')} onCommit={text => setOn(i, text.split(/[,\s]+/).filter(Boolean))} />
                ))}
              <ExpressionField path={['problem', 'boundary', i, 'condition']} kind="equation" label={`Boundary condition ${i + 1}`} hint="u = 0" />
              {result &&
                faultsWithin(result.faults, `problem.boundary[${i}]`)
                  .filter(fault => fault.where?.path === `problem.boundary[${i}]` || (listed && fault.where?.path?.endsWith('.on')))
                  .map((fault, n) => <FaultLine key={n} fault={fault} />)}
            </div>
            <RemoveButton label={`Remove boundary condition ${i + 1}`} onClick={() => remove(i)} />
          </div>
        )
      })}
      {result?.faults
        .filter(fault => fault.where?.path === 'problem.boundary')
        .map((fault, i) => <FaultLine key={i} fault={fault} />)}
    </Section>
  )
}
