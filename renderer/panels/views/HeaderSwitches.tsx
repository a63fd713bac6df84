import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import './view.css'

/** The words at the right of a panel's header. */
export function HeaderSwitches({ header, children }: { readonly header: HTMLElement | null; readonly children: ReactNode }) {
  return header ? createPortal(<div className="view-switches" role="toolbar" aria-label="View">{children}</div>, header) : null
}

export function Switch({ word, pressed, onPress, title, disabled }: { readonly word: string; readonly pressed: boolean; readonly onPress: () => void; readonly title?: string; readonly disabled?: boolean }) {
  return (
    <button type="button" className="view-switch" data-word={word} aria-pressed={pressed} title={title} disabled={disabled} onClick={onPress}>
      {word}
    </button>
  )
}

/** A word that does something once. */
export function Act({ word, onPress, title, disabled }: { readonly word: string; readonly onPress: () => void; readonly title?: string; readonly disabled?: boolean }) {
  return (
    <button type="button" className="view-switch" title={title} disabled={disabled} onClick={onPress}>
      {word}
    </button>
  )
}

export function Choice<T extends string>({ label, options, value, onChange }: { readonly label: string; readonly options: readonly { readonly id: T; readonly word: string }[]; readonly value: T; readonly onChange: (id: T) => void }) {
  return (
    <div role="radiogroup" aria-label={label} style={{ display: 'flex' }}>
      {options.map(option => (
        <button key={option.id} type="button" role="radio" className="view-switch" data-word={option.word} aria-checked={option.id === value} onClick={() => onChange(option.id)}>
          {option.word}
        </button>
      ))}
    </div>
  )
}

/** A word that opens a small sheet of options. */
export function Sheet({ word, title, children }: { readonly word: string; readonly title?: string; readonly children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="view-switch" title={title}>
          {word} <span aria-hidden>▾</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="view-popover" align="end" sideOffset={4} collisionPadding={8}>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
