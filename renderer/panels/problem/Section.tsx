import type { ReactNode } from 'react'

interface Properties {
  readonly title: string
  readonly help?: string
  readonly onAdd?: () => void
  readonly addLabel?: string
  readonly children: ReactNode
}

export function Section({ title, help, onAdd, addLabel, children }: Properties) {
  return (
    <section className="problem-section" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {help && <span className="secondary">{help}</span>}
        {onAdd && (
          <button type="button" className="button quiet" onClick={onAdd}>
            {addLabel ?? 'Add'}
          </button>
        )}
      </header>
      {children}
    </section>
  )
}

export function RemoveButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="button quiet remove" aria-label={label} title={label} onClick={onClick}>
      ✕
    </button>
  )
}
