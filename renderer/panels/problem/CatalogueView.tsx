import { useApp } from '../../app/app'
import { replaceEdit } from '../../app/patches'
import type { CatalogueReference } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { StatementSummary } from './StatementSummary'
import { Section } from './Section'
import { statementOf } from './statement'
import { scalarFrom, TextField } from './TextField'

/** A problem that the document takes from the catalogue: its parameters can be overridden, or the whole statement made the document's own. */
export function CatalogueView({ problem }: { readonly problem: CatalogueReference }) {
  const { registry, session } = useApp()
  const entry = registry.problems.find(p => p.id === problem.catalogue)
  const statement = statementOf(registry, problem)
  const set = (path: readonly string[], value: Json | undefined): void => {
    const { document } = session.store.getState()
    if (document) session.edit(replaceEdit(document, ['problem', ...path], value))
  }
  if (!entry || !statement) return <p className="fault error">The catalogue has no problem “{problem.catalogue}”.</p>
  return (
    <>
      <Section title={entry.name} help="from the catalogue">
        <p>{entry.summary}</p>
        <StatementSummary problem={statement} />
        <div>
          <button type="button" className="button" onClick={() => set([], statement as unknown as Json)}>
            Edit as own statement
          </button>
        </div>
      </Section>
      {statement.parameters && (
        <Section title="Parameters" help="Overrides of the catalogue’s values.">
          {Object.entries(statement.parameters).map(([name, value]) => (
            <div className="line" key={name} data-path={`problem.parameters.${name}`}>
              <span className="line-name symbol">{name}</span>
              <TextField label={`Parameter ${name}`} value={String(value)} onCommit={text => set(['parameters', name], scalarFrom(text))} />
            </div>
          ))}
        </Section>
      )}
    </>
  )
}
