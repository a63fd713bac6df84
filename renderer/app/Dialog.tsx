import { useEffect, useId, useRef, type ReactNode } from 'react'

interface Properties {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly className?: string
  /** Without the visible header (the palette); the title still names the dialog. */
  readonly bare?: boolean
}

/**
 * A modal dialog on the platform's own element: it traps focus, makes the rest inert, closes with Esc, and returns focus to where it
 * came from. No style element is injected, so it works under a strict content policy.
 */
export function Dialog({ title, onClose, children, footer, className = '', bare = false }: Properties) {
  const element = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    if (dialog && !dialog.open) {
      dialog.showModal()
      // The platform would focus the close button, the first in the dialog; the work begins in its first field.
      const first = ['[data-autofocus]', '.body input:not(.visually-hidden)', '.body select', 'footer .primary:not(:disabled)', 'footer button'].map(place => dialog.querySelector<HTMLElement>(place)).find(Boolean)
      first?.focus()
    }
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      {...(bare ? { 'aria-label': title } : { 'aria-labelledby': heading })}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={event => {
        // A press on the backdrop is a press on the dialog element itself, outside its box.
        if (event.target !== element.current) return
        const box = element.current.getBoundingClientRect()
        if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) onClose()
      }}
    >
      {!bare && (
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button quiet" onClick={onClose} aria-label="Close">
            ✕
          </button>
        </header>
      )}
      {bare ? children : <div className="body">{children}</div>}
      {footer && <footer>{footer}</footer>}
    </dialog>
  )
}
