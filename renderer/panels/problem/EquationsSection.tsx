import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { insertEdit, replaceEdit } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import { ExpressionField } from './ExpressionField'
import { FaultLine } from './FaultLine'
import { RemoveButton, Section } from './Section'
import { editProblem } from './spelled'

export function EquationsSection({ problem }: { readonly problem: Statement }) {
  const app = useApp()
  const result = useStore(app.checker.store, state => state.result)
  const add = (): void => editProblem(app, () => insertEdit(['problem', 'equations', problem.equations.length], 'u = 0'))
  const remove = (i: number): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'equations', i], undefined))
  return (
    <Section title="Equations" onAdd={add} addLabel="Add equation">
      {problem.equations.map((_, i) => (
        <div className="line wide" key={i}>
          <ExpressionField path={['problem', 'equations', i]} kind="equation" label={`Equation ${i + 1}`} hint="-lap(u) = f" />
          {problem.equations.length > 1 && <RemoveButton label={`Remove equation ${i + 1}`} onClick={() => remove(i)} />}
        </div>
      ))}
      {result?.faults
        .filter(fault => fault.where?.path === 'problem.equations')
        .map((fault, i) => <FaultLine key={i} fault={fault} />)}
    </Section>
  )
}
