import { useEffect, useRef, useState } from 'react'

interface Properties {
  readonly value: string
  readonly label: string
  readonly onCommit: (text: string) => void
  /** Why a text cannot be committed, or undefined. */
  readonly fault?: (text: string) => string | undefined
  readonly placeholder?: string
  readonly className?: string
  readonly disabled?: boolean
  readonly id?: string
  readonly describedBy?: string
  readonly invalid?: boolean
  readonly inputMode?: 'decimal' | 'numeric' | 'text'
}

/** A small text input with a desktop's manners: Tab and Enter commit, Esc reverts, a fault is said below and nothing is committed. */
export function TextField({ value, label, onCommit, fault, placeholder, className = '', disabled, id, describedBy, invalid, inputMode }: Properties) {
  const [typed, setTyped] = useState<string>()
  const element = useRef<HTMLInputElement>(null)
  const reverting = useRef(false)
  const problem = typed === undefined ? undefined : fault?.(typed.trim())
  const commit = (): void => {
    if (reverting.current || typed === undefined) return
    if (fault?.(typed.trim()) === undefined && typed.trim() !== value) onCommit(typed.trim())
    setTyped(undefined)
  }
  // A field that goes away with something typed commits it, as if it had lost focus.
  const last = useRef(commit)
  useEffect(() => {
    last.current = commit
  })
  useEffect(() => () => last.current(), [])
  return (
    <span className="text-field">
      <input
        ref={element}
        id={id}
        className={`input ${className}`}
        aria-label={label}
        aria-invalid={problem !== undefined || invalid ? true : undefined}
        aria-describedby={describedBy}
        value={typed ?? value}
        placeholder={placeholder}
        disabled={disabled}
        inputMode={inputMode}
        spellCheck={false}
        autoComplete="off"
        onChange={event => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={event => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) commit()
          if (event.key === 'Escape' && typed !== undefined) {
            event.stopPropagation()
            setTyped(undefined)
          }
        }}
      />
      {problem && (
        <span className="fault error" role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}

/** What a typed scalar becomes in a document: a number where it reads as one, else the expression as text. */
export const scalarFrom = (text: string): number | string => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text)
