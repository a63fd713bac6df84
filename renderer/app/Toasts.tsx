import { useStore } from 'zustand'
import { useApp } from './app'

export function Toasts() {
  const { notices } = useApp()
  const list = useStore(notices.store, state => state.notices)
  return (
    <div className="toasts" role="region" aria-label="Messages" aria-live="polite">
      {list.map(notice => (
        <div key={notice.id} className={`toast ${notice.severity}`} role={notice.severity === 'error' ? 'alert' : 'status'}>
          <span className={`dot ${{ error: 'failed', warning: 'outdated', info: 'idle', done: 'done' }[notice.severity]}`} aria-hidden />
          <p>
            {notice.message} {notice.tip && <span className="secondary">{notice.tip}</span>}
          </p>
          {notice.action && (
            <button
              type="button"
              className="link"
              onClick={() => {
                notice.action?.run()
                notices.dismiss(notice.id)
              }}
            >
              {notice.action.label}
            </button>
          )}
          <button type="button" className="button quiet" aria-label="Dismiss" onClick={() => notices.dismiss(notice.id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  )
}
