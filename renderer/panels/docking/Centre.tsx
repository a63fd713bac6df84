import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { compute, isActive } from '../../app/computing'
import { keysLabel } from '../../app/commands/keys'
import { mac } from '../../app/commands/use-commands'
import { addStep, defaultOptions } from '../../app/steps'
import { isJsonObject, type Json } from '../../../shared/json'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { initialLinkedView } from '../view'
import { views } from '../views/registry'
import { arraysOf, defaultChoices, stepToShow } from './default-layout'
import { Dock } from './Dock'
import type { App } from '../../app/app'
import { statementOf } from '../problem/statement'
import { isNarrow, openProblem } from './open'

/** The docked views, laid out as the experiment remembers them or as its results suggest. */
export function Centre() {
  const app = useApp()
  const { docking } = app
  const snapshot = useSnapshot()
  const panels = useStore(docking.store, state => state.panels)
  const experiment = snapshot?.experiment
  const arranged = useRef<string>(undefined)
  const emptied = useRef(false)
  const count = useRef(0)

  // A newly opened experiment: its saved layout, or the default one.
  useEffect(() => {
    if (experiment === undefined || arranged.current === experiment) return
    arranged.current = experiment
    emptied.current = false
    count.current = 0
    app.linked.setState(initialLinkedView, true)
    const { snapshot: now, document } = app.session.store.getState()
    docking.clear()
    const saved = isJsonObject(now?.view) ? now.view.dock : undefined
    const show = now && document ? stepToShow(now, document, statementOf(app.registry, document.problem)) : undefined
    app.layout.setState({ selectedStep: show?.id ?? document?.steps[0]?.id })
    if (saved !== undefined && docking.restore(saved)) return
    if (show) showStep(app, show.id)
    else if (document?.problem === undefined || document.steps.length === 0) openProblem(app)
  }, [app, docking, experiment])

  // Something to see appears while nothing is shown: a first run's frames, a first result.
  const running = snapshot?.steps.find(step => step.status === 'running')?.id
  const results = snapshot?.steps.filter(step => step.result).length
  useEffect(() => {
    const { snapshot: now, document } = app.session.store.getState()
    // A training is there to be watched: the first run of the chosen one takes the place of what is shown.
    if (running !== undefined && document?.steps.some(step => step.id === running && step.kind === 'train') && app.layout.getState().selectedStep === running && arranged.current === experiment && !emptied.current) return showStep(app, running)
    if (!now || !document || arranged.current !== experiment || emptied.current || docking.store.getState().panels.some(panel => panel.content.kind === 'view')) return
    const statement = statementOf(app.registry, document.problem)
    const visible = now.steps.find(step => step.id === running && arraysOf(step, document, statement).length > 0) ?? stepToShow(now, document, statement)
    if (visible) showStep(app, visible.id)
  }, [app, docking, running, results, experiment])
  // Views that the user closed stay closed until a step is chosen.
  useEffect(() => {
    if (panels.length > 0) emptied.current = false
    else if (count.current > 0 && arranged.current === experiment) emptied.current = true
    count.current = panels.length
  }, [panels, experiment])

  useEffect(() => docking.onShowStep(step => showStep(app, step)), [app, docking])
  useSavedLayout()

  return (
    <section className="centre" aria-label="Views">
      <Dock />
      {panels.length === 0 && <NothingShown />}
    </section>
  )
}

/** Brings forward what shows this step; opens its default views where nothing does. */
function showStep(app: App, id: string): void {
  const { snapshot, document } = app.session.store.getState()
  if (!snapshot || !document) return
  const statement = statementOf(app.registry, document.problem)
  const step = snapshot.steps.find(s => s.id === id) ?? stepToShow(snapshot, document, statement)
  if (!step) return
  const { panels, active } = app.docking.store.getState()
  const shown = panels.filter(panel => panel.content.kind === 'view' && panel.content.step === step.id)
  if (shown.length > 0) {
    if (!shown.some(panel => panel.id === active)) shown.forEach(panel => app.docking.focus(panel.id))
    return
  }
  // The views of another step make room: the same places, now tabs of this step.
  const places = panels.filter(panel => panel.content.kind === 'view').map(panel => panel.id)
  let last: string | undefined
  defaultChoices(step, document, views, statement).forEach((choice, i) => {
    const content = { kind: 'view', view: choice.view.id, step: step.id, array: choice.array.name } as const
    const other = panels.find(panel => panel.content.kind !== 'view')
    const place = places[i] !== undefined
      ? ({ beside: places[i], direction: 'within' } as const)
      : last !== undefined
        ? ({ beside: last, direction: isFlat(choice.array) ? 'below' : 'right' } as const)
        : other && ({ beside: other.id, direction: isNarrow() ? 'within' : 'right' } as const)
    last = app.docking.open(content, place) ?? last
  })
}

/** A field over a domain much wider than high: views of it stand one below the other. */
function isFlat({ axes }: ArrayInfo): boolean {
  if (axes?.length !== 2) return false
  return axes[0].upper - axes[0].lower > 2 * (axes[1].upper - axes[1].lower)
}

/** Keeps the layout with the experiment, a moment after its last change. */
function useSavedLayout(): void {
  const app = useApp()
  const state = useStore(app.docking.store)
  const experiment = useSnapshot()?.experiment
  useEffect(() => {
    if (experiment === undefined || state.panels.length === 0) return
    const timer = setTimeout(() => {
      const dock = app.docking.layout()
      // A layout is no edit: where it cannot be kept, nothing is lost that anybody typed.
      if (dock !== undefined) app.client.call('experiment.setView', { experiment, view: { dock } as Json }).catch(() => undefined)
    }, 600)
    return () => clearTimeout(timer)
  }, [app, state, experiment])
}

function NothingShown() {
  const app = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  if (!document || !snapshot) return null
  const busy = snapshot.steps.some(isActive)
  return (
    <div className="empty over-dock">
      {document.steps.length === 0 ? (
        <>
          <h2>Nothing to compute yet</h2>
          <p>State a problem, then add a step that solves it.</p>
          <div className="empty-actions">
            <button type="button" className="button" onClick={() => openProblem(app)}>
              Edit problem
            </button>
            <button type="button" className="button primary" onClick={() => addStep(app, 'solve', defaultOptions('solve', document, app.registry))}>
              Add a solve step
            </button>
          </div>
        </>
      ) : busy ? (
        <>
          <h2>Running</h2>
          <p>The picture appears with the first frame.</p>
        </>
      ) : (
        <>
          <h2>{snapshot.steps.some(step => step.result) ? 'No view is open' : 'Nothing is computed yet'}</h2>
          <p>Views open when a step has a result: choose a step in the list, or compute.</p>
          <button type="button" className="button primary" onClick={() => void compute(app)}>
            Compute <kbd>{keysLabel('F8', mac)}</kbd>
          </button>
        </>
      )}
    </div>
  )
}
