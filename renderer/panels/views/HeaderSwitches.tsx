import { Popover } from 'radix-ui'
import { useLayoutEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import type { Size } from './use-size'
import './view.css'

/** Room that a header's title keeps, in 1/16 rem. */
const titleRoom = 190

/** The words at the right of a panel's header; where the panel is too narrow for them they move into one sheet. What leads them stays in sight. */
export function HeaderSwitches({ header, size, lead, children }: { readonly header: HTMLElement | null; readonly size: Size | undefined; readonly lead?: ReactNode; readonly children: ReactNode }) {
  const words = useRef<HTMLDivElement>(null)
  const [needed, setNeeded] = useState(0)
  const [tabs, setTabs] = useState(0)
  const isNarrow = size !== undefined && needed > 0 && size.width < needed + tabs + titleRoom * size.unit
  useLayoutEffect(() => {
    if (words.current && words.current.offsetWidth > 0) setNeeded(words.current.offsetWidth)
    // Panels behind this one have their tabs in the same header.
    const behind = header?.closest('.dv-tabs-and-actions-container')?.querySelectorAll<HTMLElement>('.dv-inactive-tab') ?? []
    setTabs([...behind].reduce((width, tab) => width + tab.offsetWidth, 0))
  }, [header, size, isNarrow])
  if (!header) return null
  return createPortal(
    isNarrow ? (
      <div className="view-switches">
        {lead}
        <Sheet word="view" title="Switches of this view">
          <div className="view-switches wrapped" role="group" aria-label="View">
            {children}
          </div>
        </Sheet>
      </div>
    ) : (
      <div ref={words} className="view-switches" role="group" aria-label="View">
        {lead}
        {children}
      </div>
    ),
    header,
  )
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
