import { useEffect, useState } from 'react'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { Dialog } from '../../app/Dialog'
import { downloadBytes, hasNativeDialogs, suggestedName } from '../../app/files'
import { insertEdit, replaceEdit } from '../../app/patches'
import { FaultLine } from '../problem/FaultLine'
import { TextField } from '../problem/TextField'
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json'
import { comparedNames } from '../views/comparison/comparison'
import { asSeen, seenView } from './as-seen'
import { FigureOptions } from './FigureOptions'
import { Preview } from './Preview'
import { useRendered } from './use-rendered'
import './figures.css'

const formats = [['pdf', 'PDF', 'application/pdf'], ['svg', 'SVG', 'image/svg+xml'], ['png', 'PNG', 'image/png']] as const

/** A figure at true size: what it shows, the journal it is for, the file it becomes. */
export function ExportFigure({ step, index }: { readonly step?: string; readonly index?: number }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const document = useDocument()
  const steps = snapshot?.steps.filter(s => s.result).map(s => s.id) ?? []
  const [source, setSource] = useState(step !== undefined && steps.includes(step) ? step : (steps.at(-1) ?? ''))
  const [figure, setFigure] = useState<JsonObject | undefined>(() => (index === undefined ? undefined : objectOr(document?.figures?.[index])))
  const [format, setFormat] = useState<(typeof formats)[number][0]>('pdf')
  const [pending, setPending] = useState(false)
  const experiment = snapshot?.experiment

  useEffect(() => {
    if (index !== undefined || experiment === undefined || source === '') return
    let gone = false
    void app.attempt(async () => {
      const suggested = await app.client.call('figure.suggest', { experiment, step: source })
      // The preset chosen for one figure is meant for the next one too.
      if (gone || !isJsonObject(suggested)) return
      const { panels, active } = app.docking.store.getState()
      const { arrays = [], metrics } = app.session.store.getState().snapshot?.steps.find(s => s.id === source)?.result ?? {}
      const now = app.session.store.getState().document
      const names = now?.steps.find(s => s.id === source)?.kind === 'compare' ? comparedNames(source, now) : undefined
      const seen = asSeen(suggested, seenView(panels, active, source), arrays, app.linked.getState().time, names, metrics)
      setFigure(old => (old?.preset === undefined ? seen : { ...seen, preset: old.preset }))
    })
    return () => {
      gone = true
    }
  }, [app, experiment, source, index])

  const rendered = useRendered(figure)
  if (!snapshot || !document) return null
  const change = (key: string, value: Json | undefined): void =>
    setFigure(old => {
      const { [key]: _, ...rest } = old ?? {}
      return value === undefined ? rest : { ...rest, [key]: value }
    })

  const save = async (): Promise<void> => {
    if (!figure) return
    const [, , type] = formats.find(([id]) => id === format)!
    setPending(true)
    await app.attempt(async () => {
      const { bytes } = await app.client.call('figure.render', { experiment: snapshot.experiment, figure, format })
      const name = suggestedName({ ...snapshot, document: { ...document, title: String(figure.title ?? document.title) } }, format)
      if (!hasNativeDialogs(app)) {
        downloadBytes(name, bytes, type)
        app.notices.show({ severity: 'done', message: `${name} downloaded.` })
        return
      }
      const chosen = await app.client.call('dialog.save', { suggestedName: name, kind: format })
      if (!chosen) return
      await app.client.call('file.write', { path: chosen.path, bytes })
      app.notices.show({ severity: 'done', message: `Figure written to ${chosen.path}.` })
    })
    setPending(false)
  }
  const keep = (): void => {
    if (!figure) return
    const now = app.session.store.getState().document
    if (!now) return
    const figures = now.figures ?? []
    if (index !== undefined) app.session.edit(replaceEdit(now, ['figures', index], figure))
    else {
      const named = { ...figure, id: freeFigureId(String(figure.id ?? 'figure'), figures) }
      app.session.edit(now.figures ? insertEdit(['figures', figures.length], named) : replaceEdit(now, ['figures'], [named]))
    }
    app.notices.show({ severity: 'done', message: index === undefined ? 'The figure is part of the document now.' : 'The figure of the document is changed.' })
    app.dialogs.close()
  }
  const remove = (): void => {
    const now = app.session.store.getState().document
    if (now && index !== undefined) app.session.edit(replaceEdit(now, ['figures', index], undefined))
    app.dialogs.close()
  }
  return (
    <Dialog
      title={index === undefined ? 'Export figure' : 'Figure'}
      className="figure-dialog"
      onClose={app.dialogs.close}
      footer={
        <>
          {!snapshot.readOnly && (
            <button type="button" className="button" disabled={!figure} onClick={keep}>
              {index === undefined ? 'Add to document' : 'Keep changes'}
            </button>
          )}
          {index !== undefined && !snapshot.readOnly && (
            <button type="button" className="button danger" onClick={remove}>
              Remove
            </button>
          )}
          <span className="spread" />
          <div className="segmented" role="radiogroup" aria-label="Format">
            {formats.map(([id, label]) => (
              <button key={id} type="button" role="radio" aria-checked={format === id} onClick={() => setFormat(id)}>
                {label}
              </button>
            ))}
          </div>
          <button type="button" className="button primary" disabled={!figure || pending || rendered.failed} onClick={() => void save()}>
            {pending ? 'Drawing…' : 'Export'}
          </button>
        </>
      }
    >
      <div className="figure-columns">
        <div className="figure-side">
          {index === undefined && (
            <label className="stacked">
              <span className="secondary">Shows</span>
              <select className="select" value={source} onChange={event => setSource(event.target.value)}>
                {steps.map(id => (
                  <option key={id} value={id}>
                    {id}
                  </option>
                ))}
              </select>
            </label>
          )}
          <div className="stacked">
            <span className="secondary">Title in lists</span>
            <TextField label="Title in lists" value={String(figure?.title ?? '')} onCommit={text => change('title', text || undefined)} />
          </div>
          {figure && <FigureOptions figure={figure} onChange={change} />}
          <div className="figure-faults" role="status">
            {rendered.faults.map((fault, i) => (
              <FaultLine key={i} fault={fault} />
            ))}
          </div>
        </div>
        <Preview rendered={rendered} />
      </div>
    </Dialog>
  )
}

const objectOr = (value: Json | undefined): JsonObject | undefined => (isJsonObject(value) ? value : undefined)

function freeFigureId(id: string, figures: readonly Json[]): string {
  const taken = new Set(figures.map(figure => (isJsonObject(figure) ? figure.id : undefined)))
  if (!taken.has(id)) return id
  for (let n = 2; ; n++) if (!taken.has(`${id}-${n}`)) return `${id}-${n}`
}
