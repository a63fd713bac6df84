import { useStore } from 'zustand'
import { useApp, useSnapshot } from '../../app/app'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import { SymbolText } from '../SymbolText'
import { chosenComponent, fieldLabel } from '../views/component'
import { views } from '../views/registry'
import type { PanelContent } from './docking'

const componentOption = (options: Json | undefined): string => (isJsonObject(options as Json) && typeof (options as Record<string, Json>).component === 'string' ? ((options as Record<string, Json>).component as string) : '')

/** A panel's header: what it shows in bold, how and from which step beside it. */
export function TabLabel({ id, content, onClose }: { readonly id: string; readonly content: PanelContent; readonly onClose: () => void }) {
  const snapshot = useSnapshot()
  // Among views of several steps the step tells them apart, and stays where there is no room for both.
  const amongSteps = useStore(useApp().docking.store, ({ panels }) => new Set(panels.flatMap(panel => (panel.content.kind === 'view' ? [panel.content.step] : []))).size > 1)
  const view = content.kind === 'view' ? views.find(v => v.id === content.view) : undefined
  // A field is known by its name; a history or a comparison by what is made of it.
  const array = content.kind === 'view' ? snapshot?.steps.find(step => step.id === content.step)?.result?.arrays.find(a => a.name === content.array) : undefined
  const isField = array === undefined || (array.axes !== undefined && content.kind === 'view' && content.array !== 'difference')
  return (
    <div className="tab-label" data-panel={id}>
      {content.kind === 'problem' ? (
        <strong>Problem</strong>
      ) : (
        <>
          <strong>{isField ? <SymbolText name={array ? fieldLabel(array, chosenComponent(array, componentOption(content.options))) : content.array} /> : (view?.title ?? content.view)}</strong>
          <span className="secondary">
            {isField && !amongSteps && (view?.title ?? content.view)}
            {amongSteps && content.step}
            <span className="tab-step">{amongSteps ? isField && ` · ${view?.title ?? content.view}` : isField ? ` · ${content.step}` : content.step}</span>
          </span>
        </>
      )}
      <span
        className="tab-close"
        title="Close"
        aria-hidden
        onPointerDown={event => event.stopPropagation()}
        onClick={event => {
          event.stopPropagation()
          onClose()
        }}
      >
        ✕
      </span>
    </div>
  )
}
