import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { faultsWithin } from '../../app/checker'
import { replaceEdit, type Edit, type Path } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { FaultLine } from './FaultLine'
import { Section } from './Section'
import { editProblem } from './spelled'
import { coordinateNames, namesFrom } from './statement'
import { scalarFrom, TextField } from './TextField'

/** Domain, time interval and unknowns: the first lines of a statement. */
export function DomainSection({ problem }: { readonly problem: Statement }) {
  const app = useApp()
  const result = useStore(app.checker.store, state => state.result)
  const bounds = problem.domain.bounds ?? []
  const faults = result ? [...faultsWithin(result.faults, 'problem.domain'), ...faultsWithin(result.faults, 'problem.time'), ...faultsWithin(result.faults, 'problem.unknowns')] : []
  const set = (path: Path, value: Json | undefined): void => {
    editProblem(app, spelled => replaceEdit(spelled, ['problem', ...path], value))
  }
  const setAxes = (count: number): void => {
    editProblem(app, spelled => {
      const grown = Array.from({ length: count }, (_, i) => bounds[i] ?? [0, 1])
      const edits: Edit[] = [replaceEdit(spelled, ['problem', 'domain', 'bounds'], grown as unknown as Json)]
      if (problem.domain.periodic) edits.push(replaceEdit(spelled, ['problem', 'domain', 'periodic'], Array.from({ length: count }, (_, i) => problem.domain.periodic?.[i] ?? false)))
      return edits
    })
  }
  const setPeriodic = (axis: number, periodic: boolean): void => set(['domain', 'periodic'], bounds.map((_, i) => (i === axis ? periodic : (problem.domain.periodic?.[i] ?? false))))
  return (
    <Section title="Domain">
      {problem.domain.shape === 'box' || problem.domain.shape === undefined ? (
        <>
          <div className="line">
            <span className="line-name" id="axes-label">
              Axes
            </span>
            <div className="segmented narrow" role="radiogroup" aria-labelledby="axes-label">
              {[1, 2, 3].map(count => (
                <button key={count} type="button" role="radio" aria-checked={bounds.length === count} onClick={() => setAxes(count)}>
                  {count}-D
                </button>
              ))}
            </div>
          </div>
          {bounds.map((bound, i) => (
            <div className="line" key={i} data-path={`problem.domain.bounds[${i}]`}>
              <span className="line-name symbol">{coordinateNames[i]}</span>
              <div className="interval">
                <TextField label={`Lower end of ${coordinateNames[i]}`} value={String(bound[0])} onCommit={text => set(['domain', 'bounds', i, 0], scalarFrom(text))} />
                <span className="secondary">to</span>
                <TextField label={`Upper end of ${coordinateNames[i]}`} value={String(bound[1])} onCommit={text => set(['domain', 'bounds', i, 1], scalarFrom(text))} />
                <label className="inline">
                  <input type="checkbox" className="check" checked={problem.domain.periodic?.[i] ?? false} onChange={event => setPeriodic(i, event.target.checked)} />
                  periodic
                </label>
              </div>
            </div>
          ))}
        </>
      ) : (
        <p className="secondary">A domain of shape {problem.domain.shape}: its numbers are edited in the document’s file.</p>
      )}
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
      <div className="line" data-path="problem.unknowns">
        <span className="line-name">Unknowns</span>
        <div className="interval">
          <TextField
            label="Unknowns"
            value={problem.unknowns.map(unknown => (typeof unknown === 'string' ? unknown : unknown.name)).join(', ')}
            fault={text => (namesFrom(text) ? undefined : 'Names start with a letter and have letters, digits and underscores.')}
            onCommit={text => set(['unknowns'], namesFrom(text))}
          />
        </div>
      </div>
      {faults.map((fault, i) => (
        <FaultLine key={i} fault={fault} />
      ))}
    </Section>
  )
}
