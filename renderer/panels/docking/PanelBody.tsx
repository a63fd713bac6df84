import { lazy, Suspense, useEffect, useMemo, useState, type ComponentType } from 'react'
import { useStore } from 'zustand'
import type { DomainOutline } from '../../../shared/fields/outline'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { ProblemEditor } from '../problem/ProblemEditor'
import { outlineOf } from '../problem/shape'
import { statementOf } from '../problem/statement'
import type { ViewProps } from '../view'
import { RunCurves } from '../views/lines/RunCurves'
import { views } from '../views/registry'
import { useInk } from '../views/use-ink'
import { arraysOf } from './default-layout'
import type { PanelContent } from './docking'
import { headerSlots } from './header-slots'
import { PanelBoundary } from './PanelBoundary'

/** Each view's component is fetched once, when first shown. */
const components = new Map<string, ComponentType<ViewProps>>(views.map(view => [view.id, lazy(() => view.load())]))

export function PanelBody({ id, content, visible }: { readonly id: string; readonly content: PanelContent; readonly visible: boolean }) {
  if (content.kind === 'problem') return <ProblemEditor />
  return <ViewBody id={id} content={content} visible={visible} />
}

function ViewBody({ id, content, visible }: { readonly id: string; readonly content: Extract<PanelContent, { kind: 'view' }>; readonly visible: boolean }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const document = useDocument()
  const theme = useStore(app.theme, state => state.theme)
  const slot = useStore(headerSlots, state => state.elements[id] ?? null)
  const step = snapshot?.steps.find(s => s.id === content.step)
  const live = step?.status === 'running'
  const found = step && document ? arraysOf(step, document, statementOf(app.registry, document.problem)).find(array => array.name === content.array) : undefined
  const array = useSteady(found)
  const handlers = useMemo(
    () => ({
      setOptions: (options: Parameters<ViewProps['setOptions']>[0]) => app.docking.setOptions(id, options),
      showArray: (arrayName: string, options?: Parameters<ViewProps['setOptions']>[0]) => {
        app.docking.setArray(id, arrayName, options)
        // The view that somebody chooses in is the one that commands and figures are about.
        app.docking.focus(id)
      },
      onCommand: (listener: (command: string) => void) => app.docking.onCommand(id, listener),
      openView: (view: string, stepId: string, arrayName: string) => void app.docking.open({ kind: 'view', view, step: stepId, array: arrayName }, { beside: id, direction: 'right' }),
    }),
    [app, id],
  )
  const outline = useOutline()
  const View = components.get(content.view)
  if (!snapshot || !document) return null
  if (!View) return <Empty title="This view is not part of this version" text={`The layout names a view “${content.view}” that is not known here. Close the panel, or reset the layout in the View menu.`} />
  if (!step) return <Empty title={`There is no step ${content.step} any more`} text="Undo its removal, or close this panel." />
  if (!array) {
    return (
      <>
        <NoResult step={content.step} failed={step.status === 'failed'} active={step.status === 'running' || step.status === 'queued'} />
        {content.view === 'picture' && <LastCurves client={app.client} experiment={snapshot.experiment} step={content.step} theme={theme} />}
      </>
    )
  }
  return (
    <PanelBoundary key={`${content.view}/${content.step}/${content.array}`}>
      <Suspense fallback={<div className="empty" aria-busy="true" />}>
        <View
          client={app.client}
          experiment={snapshot.experiment}
          document={document}
          outline={outline}
          step={step}
          steps={snapshot.steps}
          array={array}
          live={live}
          linked={app.linked}
          theme={theme}
          header={visible ? slot : null}
          options={content.options}
          {...handlers}
        />
      </Suspense>
    </PanelBoundary>
  )
}

/** Where the domain ends, if that is not where its bounding box does. */
function useOutline(): DomainOutline | undefined {
  const app = useApp()
  const problem = useDocument()?.problem
  const parameters = useStore(app.checker.store, checked => checked.result?.parameters)
  return useMemo(() => {
    const domain = statementOf(app.registry, problem)?.domain
    if (!domain || domain.shape === 'mask' || ((domain.shape === 'box' || domain.shape === undefined) && !domain.holes?.length)) return undefined
    return outlineOf(domain, parameters ?? {})
  }, [app, problem, parameters])
}

/** Arrays made up for a first run are fresh objects at every drawing: equal ones keep their identity. */
function useSteady<T>(value: T): T {
  const [steady, setSteady] = useState(value)
  const changed = steady !== value && JSON.stringify(steady) !== JSON.stringify(value)
  useEffect(() => {
    if (changed) setSteady(value)
  }, [changed, value])
  return changed ? value : steady
}

function NoResult({ step, failed, active }: { readonly step: string; readonly failed: boolean; readonly active: boolean }) {
  if (active) return <Empty title={`${step} is running`} text="Its picture appears with the first frame." />
  return (
    <Empty
      title={failed ? `${step} has no result` : `${step} is not computed yet`}
      text={failed ? 'The list of steps says what went wrong and what was kept.' : 'Press F8 to compute it.'}
    />
  )
}

/** What a run measured before it ended without a result: a residual that grew says more than words. */
function LastCurves({ theme, ...run }: Pick<ViewProps, 'client' | 'experiment' | 'theme'> & { readonly step: string }) {
  return <RunCurves {...run} ink={useInk(theme, undefined)} isOver />
}

function Empty({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  )
}
