import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { faultsWithin } from '../../app/checker'
import { replaceEdit, type Path } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { DomainDrawing } from './DomainDrawing'
import { FaultLine } from './FaultLine'
import { Section } from './Section'
import { ShapeLines } from './ShapeLines'
import { editProblem } from './spelled'
import { namesFrom } from './statement'
import { scalarFrom, TextField } from './TextField'
import { UnknownsLines } from './UnknownsLines'

/** Domain, time interval and unknowns: the first lines of a statement. */
export function DomainSection({ problem }: { readonly problem: Statement }) {
  const app = useApp()
  const result = useStore(app.checker.store, state => state.result)
  const { domain, eigenvalue } = problem
  const faults = result ? ['problem.domain', 'problem.time', 'problem.unknowns', 'problem.eigenvalue'].flatMap(place => faultsWithin(result.faults, place)) : []
  const set = (path: Path, value: Json | undefined): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', ...path], value))
  return (
    <Section title="Domain">
      <div className="domain-lines">
        <div>
          {domain.dimension !== undefined && domain.dimension > 3 ? <p className="secondary">A cube in {domain.dimension} dimensions: coordinates x1 … x{domain.dimension}.</p> : <ShapeLines domain={domain} />}
          <div className="line" data-path="problem.time">
            <label className="line-name inline">
              <input type="checkbox" className="check" checked={problem.time !== undefined} onChange={event => set(['time'], event.target.checked ? [0, 1] : undefined)} />
              Time
            </label>
            {problem.time ? (
              <div className="interval">
                <TextField label="First time" value={String(problem.time[0])} onCommit={text => set(['time', 0], scalarFrom(text))} />
                <span className="secondary">to</span>
                <TextField label="Last time" value={String(problem.time[1])} onCommit={text => set(['time', 1], scalarFrom(text))} />
              </div>
            ) : (
              <span className="secondary">steady</span>
            )}
          </div>
          <UnknownsLines problem={problem} />
          {problem.time === undefined && (
            <div className="line" data-path="problem.eigenvalue">
              <label className="line-name inline">
                <input type="checkbox" className="check" checked={eigenvalue !== undefined} onChange={event => set(['eigenvalue'], event.target.checked ? 'lambda' : undefined)} />
                Eigenvalue
              </label>
              {eigenvalue !== undefined && (
                <div className="interval">
                  <TextField label="Name of the eigenvalue" value={eigenvalue} fault={text => (namesFrom(text)?.length === 1 ? undefined : 'A name starts with a letter.')} onCommit={text => set(['eigenvalue'], text)} />
                </div>
              )}
            </div>
          )}
        </div>
        <DomainDrawing domain={domain} parameters={result?.parameters ?? {}} />
      </div>
      {faults.map((fault, i) => (
        <FaultLine key={i} fault={fault} />
      ))}
    </Section>
  )
}
