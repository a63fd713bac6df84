import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { ScrollLine } from '../../app/ScrollLine'
import { faultsWithin } from '../../app/checker'
import { replaceEdit, textFromPath, valueAt, type Path } from '../../app/patches'
import type { Json } from '../../../shared/json'
import type { Fault } from '../../../shared/fault'
import { createCodeEditor, type CodeEditor } from './code-editor'
import { FaultLine } from './FaultLine'
import { Typeset } from './Typeset'
import { instantly, type TextKind } from './instant'
import { useNames } from './names'
import { editProblem, useSpelled } from './spelled'
import { spelledDocument } from './statement'

interface Properties {
  /** Place of the text in the document. */
  readonly path: Path
  readonly kind: TextKind
  readonly label: string
  readonly hint?: string
  /** Left of the typeset result, e.g. `f =`. */
  readonly latexPrefix?: string
  /** Where nothing stands yet, an empty text stays absent instead of becoming "". */
  readonly optional?: boolean
  /** Numbers are kept as numbers: `1` and not `"1"`. */
  readonly scalar?: boolean
  readonly showTypeset?: boolean
}

/** A text of the statement: what is typed, what it means typeset beside it, and what is wrong with it underlined and said below. */
export function ExpressionField({ path, kind, label, hint, latexPrefix = '', optional = false, scalar = false, showTypeset = true }: Properties) {
  const app = useApp()
  const document = useSpelled()
  const committed = textOf(valueAt(document as unknown as Json, path))
  const [typed, setTyped] = useState<string>()
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<CodeEditor>(undefined)
  const names = useNames()
  const shown = typed ?? committed

  const key = textFromPath(path)
  const latest = useRef({ path, committed, names, optional, scalar })
  useEffect(() => {
    latest.current = { path, committed, names, optional, scalar }
  })

  useEffect(() => {
    if (!host.current) return
    const draft = (text: string | undefined): void => {
      const { document: now } = app.session.store.getState()
      if (now) app.checker.draft(replaceEdit(spelledDocument(app.registry, now), latest.current.path, undefined), text)
    }
    const commit = (): void => {
      const text = created.text().trim()
      draft(undefined)
      setTyped(undefined)
      if (text === latest.current.committed) return created.setText(latest.current.committed)
      const value: Json | undefined = text === '' && latest.current.optional ? undefined : latest.current.scalar && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
      editProblem(app, now => replaceEdit(now, latest.current.path, value))
    }
    const created = createCodeEditor({
      parent: host.current,
      text: latest.current.committed,
      label,
      hint,
      names: () => latest.current.names,
      onType: text => {
        setTyped(text)
        draft(text)
      },
      onCommit: commit,
      onBlur: commit,
      onRevert: () => {
        draft(undefined)
        setTyped(undefined)
        created.setText(latest.current.committed)
      },
    })
    editor.current = created
    return () => {
      draft(undefined)
      created.destroy()
      editor.current = undefined
    }
  }, [app, key, label, hint])

  useEffect(() => {
    if (typed === undefined) editor.current?.setText(committed)
  }, [committed, typed])

  const own = useMemo(() => instantly(shown, kind), [shown, kind])
  const checked = useFaults(key, path, shown)
  const faults = shown.trim() === '' && optional ? noFaults : own.faults.length > 0 ? own.faults : checked
  useEffect(() => void editor.current?.setFaults(faults.filter(fault => fault.where?.text === undefined || fault.where.text === shown)), [faults, shown])

  return (
    <div className="expression-field" data-path={key}>
      <div ref={host} className={`expression ${faults.some(fault => fault.severity === 'error') ? 'wrong' : ''}`} />
      {showTypeset && own.latex !== undefined && shown.trim() !== '' && (
        <ScrollLine className="expression-result" label={`${label}, typeset`}>
          <Typeset latex={latexPrefix + own.latex} fallback={shown} />
        </ScrollLine>
      )}
      {faults.slice(0, 2).map((fault, i) => (
        <FaultLine key={i} fault={fault} />
      ))}
    </div>
  )
}

const textOf = (value: Json | undefined): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))

const noFaults: readonly Fault[] = []

/** What the last check says about this place, as long as it speaks of the text that stands there. */
function useFaults(key: string, path: Path, shown: string): readonly Fault[] {
  const { checker } = useApp()
  const { result, document } = useStore(checker.store)
  return useMemo(() => {
    if (!result || textOf(valueAt(document as unknown as Json, path)) !== shown) return noFaults
    const within = faultsWithin(result.faults, key)
    return within.length === 0 ? noFaults : within
    // The path is a fresh list at every drawing; its text stands for it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [result, document, key, shown])
}
