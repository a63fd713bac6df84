import { views } from '../views/registry'
import type { PanelContent } from './docking'

/** A panel's header: what it shows in bold, how and from which step beside it. */
export function TabLabel({ id, content, onClose }: { readonly id: string; readonly content: PanelContent; readonly onClose: () => void }) {
  const view = content.kind === 'view' ? views.find(v => v.id === content.view) : undefined
  return (
    <div className="tab-label" data-panel={id}>
      {content.kind === 'problem' ? (
        <strong>Problem</strong>
      ) : (
        <>
          <strong>{content.array}</strong>
          <span className="secondary">
            {view?.title ?? content.view} · {content.step}
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
