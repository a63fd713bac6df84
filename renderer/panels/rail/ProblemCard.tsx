import { useStore } from 'zustand'
import { useApp, useDocument } from '../../app/app'
import { domainLatex, StatementSummary } from '../problem/StatementSummary'
import { statementOf } from '../problem/statement'
import { Typeset } from '../problem/Typeset'
import { openProblem } from '../docking/open'

export function ProblemCard() {
  const app = useApp()
  const document = useDocument()
  const result = useStore(app.checker.store, state => state.result)
  const entry = document?.problem
  const problem = statementOf(app.registry, entry)
  const catalogue = entry && 'catalogue' in entry ? app.registry.problems.find(p => p.id === entry.catalogue)?.name : undefined
  const faults = result?.faults.filter(fault => fault.severity === 'error' && fault.where?.path?.startsWith('problem')).length ?? 0
  return (
    <section className="rail-section" aria-label="Problem">
      <header>
        <h2>Problem</h2>
        {catalogue && <span className="secondary">{catalogue}</span>}
        <button type="button" className="button quiet" onClick={() => openProblem(app)}>
          {problem ? 'Edit' : 'State one'}
        </button>
      </header>
      <div className="problem-card" onDoubleClick={() => openProblem(app)}>
        {problem ? (
          <>
            <StatementSummary problem={problem} />
            <p className="secondary card-domain">
              <Typeset latex={domainLatex(problem)} />
            </p>
            {result && result.traits.length > 0 && <p className="secondary">{result.traits.join(', ')}</p>}
            {faults > 0 && (
              <button type="button" className="link problem-faults" onClick={() => openProblem(app)}>
                <span className="dot failed" aria-hidden /> {faults} {faults === 1 ? 'problem' : 'problems'} to solve
              </button>
            )}
          </>
        ) : (
          <p className="secondary">No problem is stated yet.</p>
        )}
      </div>
    </section>
  )
}
