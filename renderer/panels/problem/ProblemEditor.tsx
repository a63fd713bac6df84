import { useState } from 'react'
import { useApp, useDocument } from '../../app/app'
import { replaceEdit } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { BoundarySection } from './BoundarySection'
import { classTitles } from '../gallery/groups'
import { DomainSection } from './DomainSection'
import { EquationsSection } from './EquationsSection'
import { NamedSection } from './NamedSection'
import { ProblemsList } from './ProblemsList'
import { useSpelled } from './spelled'
import { statementOf } from './statement'
import { nameOf } from './UnknownsLines'
import './problem.css'

/** The statement, line by line; everything typed is an expression of the statement language. */
export function ProblemEditor() {
  const document = useDocument()
  const spelled = useSpelled()
  if (!document || !spelled) return null
  const problem = document.problem
  return (
    <div className="problem-editor" role="form" aria-label="Problem">
      <div className="problem-lines">
        <StartFrom />
        {problem === undefined ? (
          <div className="empty">
            <h2>No problem is stated</h2>
            <p>Start from one of the catalogue above, or write your own from this one.</p>
          </div>
        ) : 'catalogue' in spelled.problem! ? (
          <p className="fault error">The catalogue has no problem “{spelled.problem.catalogue}”.</p>
        ) : (
          <>
            {'catalogue' in problem && <FromCatalogue id={problem.catalogue} />}
            <StatementLines problem={spelled.problem!} />
          </>
        )}
      </div>
      <ProblemsList />
    </div>
  )
}

function StatementLines({ problem }: { readonly problem: Statement }) {
  const unknowns = problem.unknowns.map(nameOf)
  // An equation of second order in time starts with a rate too.
  const initial = unknowns.flatMap(name => (problem.equations.some(text => text.replace(/\s/g, '').includes(`dtt(${name})`)) || problem.initial?.[`dt(${name})`] !== undefined ? [name, `dt(${name})`] : [name]))
  return (
    <>
      <DomainSection problem={problem} />
      <EquationsSection problem={problem} />
      <NamedSection title="Definitions" name="definitions" entries={problem.definitions ?? {}} kind="expression" hint="2*pi^2*sin(pi*x)" help="Expressions with a name, in parameters, coordinates and earlier definitions." />
      <NamedSection title="Parameters" name="parameters" entries={problem.parameters ?? {}} kind="scalar" hint="0.01/pi" help="Numbers with a name; an expression of earlier parameters is a number too." />
      <BoundarySection problem={problem} />
      {problem.time && <NamedSection title="Initial values" name="initial" entries={problem.initial ?? {}} kind="expression" hint="-sin(pi*x)" suggested={initial} help="The unknown at the first time; of an equation with dtt(u) the rate dt(u) too." />}
      <NamedSection title="Exact solution" name="exact" entries={problem.exact ?? {}} kind="expression" hint="sin(pi*x)*sin(pi*y)" suggested={problem.eigenvalue === undefined ? unknowns : [...unknowns, problem.eigenvalue]} help="Where it is known, errors are measured against it." />
    </>
  )
}

function FromCatalogue({ id }: { readonly id: string }) {
  const entry = useApp().registry.problems.find(problem => problem.id === id)
  return (
    <p className="from-catalogue">
      <strong>{entry?.name}</strong> <span className="secondary">{entry?.summary} Taken from the catalogue; what you change becomes this experiment’s own.</span>
    </p>
  )
}

/** Replaces the whole statement by one of the catalogue, as one undo step. */
function StartFrom() {
  const { registry, session } = useApp()
  const [chosen, setChosen] = useState('')
  const start = (id: string): void => {
    const { document } = session.store.getState()
    const statement = statementOf(registry, { catalogue: id })
    const name = registry.problems.find(problem => problem.id === id)?.name
    if (document && statement) {
      const stated = replaceEdit(document, ['problem'], statement as unknown as Json)
      // What nobody has named yet takes the problem's name.
      session.edit(document.title === 'Untitled' && name !== undefined ? [stated, replaceEdit(document, ['title'], name)] : stated)
    }
    setChosen('')
  }
  return (
    <label className="start-from">
      <span className="secondary">Start from</span>
      <select className="select" value={chosen} onChange={event => start(event.target.value)}>
        <option value="" disabled>
          a problem of the catalogue…
        </option>
        {shelvesOf(registry.problems).map(({ name, problems }) => (
          <optgroup key={name} label={name}>
            {problems.map(problem => (
              <option key={problem.id} value={problem.id}>
                {problem.name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}

/** The catalogue by class, in its own order: every problem has one of these words among its tags. */
function shelvesOf<P extends { readonly supports?: readonly string[] }>(problems: readonly P[]): { readonly name: string; readonly problems: readonly P[] }[] {
  const shelf = ({ supports = [] }: P): string => supports.map(tag => classTitles.get(tag)).find(title => title !== undefined) ?? 'More'
  return [...new Set(problems.map(shelf))].map(name => ({ name, problems: problems.filter(problem => shelf(problem) === name) }))
}
