import { DropdownMenu } from 'radix-ui'
import { useStore } from 'zustand'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { compute, isActive } from '../../app/computing'
import { addStep, defaultOptions } from '../../app/steps'
import { StepRow } from './StepRow'

export function StepsList() {
  const app = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  const selected = useStore(app.layout, state => state.selectedStep)
  if (!document || !snapshot) return null
  const active = snapshot.steps.filter(isActive).length
  const outdated = snapshot.steps.filter(step => step.status === 'outdated').length
  const summary = active > 0 ? `${active} running` : outdated > 0 ? `${outdated} out of date` : document.steps.length === 0 ? '' : `${document.steps.length}`
  return (
    <section className="rail-section steps" aria-label="Steps">
      <header>
        <h2>Steps</h2>
        <span className="secondary">{summary}</span>
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger className="button quiet" disabled={snapshot.readOnly}>
            Add
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal container={window.document.querySelector('.rail')}>
            <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
              {app.registry.steps.map(kind => (
                <DropdownMenu.Item key={kind.id} onSelect={() => addStep(app, kind.id, defaultOptions(kind.id, document, app.registry))}>
                  <span className="menu-two">
                    <span>{kind.name}</span>
                    <span className="secondary">{kind.summary}</span>
                  </span>
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </header>
      {document.steps.length === 0 ? (
        <div className="rail-empty">
          <p className="secondary">A step solves the problem, compares two solutions, or measures convergence.</p>
          <button type="button" className="button" onClick={() => addStep(app, 'solve', defaultOptions('solve', document, app.registry))}>
            Add a solve step
          </button>
        </div>
      ) : (
        <ul className="step-list">
          {document.steps.map(step => (
            <StepRow key={step.id} step={step} state={snapshot.steps.find(s => s.id === step.id)} selected={step.id === selected} />
          ))}
        </ul>
      )}
      {outdated > 0 && active === 0 && (
        <button type="button" className="link rail-hint" onClick={() => void compute(app)}>
          Compute what is out of date
        </button>
      )}
    </section>
  )
}
