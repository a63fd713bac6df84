import { useEffect, useState } from 'react'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import { isJsonObject, type Json } from '../../../shared/json'
import { blobUrl } from '../figures/blob-url'

/** The figures of the document, drawn small. */
export function FiguresList() {
  const { dialogs } = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  if (!document || !snapshot) return null
  const figures = document.figures ?? []
  const results = snapshot.steps.some(step => step.result)
  return (
    <section className="rail-section figures" aria-label="Figures">
      <header>
        <h2>Figures</h2>
        <span className="secondary">{figures.length > 0 ? figures.length : ''}</span>
        <button type="button" className="button quiet" disabled={!results} onClick={() => dialogs.show({ kind: 'figure' })}>
          Add
        </button>
      </header>
      {figures.length === 0 ? (
        <p className="secondary rail-empty">{results ? 'Export a figure, and keep it here.' : 'Figures are made from results.'}</p>
      ) : (
        <ul className="thumbnails">
          {figures.map((figure, i) => (
            <li key={i}>
              <button type="button" onClick={() => dialogs.show({ kind: 'figure', index: i })} aria-label={`Figure ${figureName(figure, i)}`}>
                <Thumbnail figure={figure} />
                <span className="secondary">{figureName(figure, i)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export function figureName(figure: Json, index: number): string {
  if (!isJsonObject(figure)) return `${index + 1}`
  return String(figure.title ?? figure.id ?? index + 1)
}

function Thumbnail({ figure }: { readonly figure: Json }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const [address, setAddress] = useState<string>()
  const experiment = snapshot?.experiment
  // Redrawn when the figure or any result changes.
  const key = JSON.stringify([figure, snapshot?.steps.map(step => [step.id, step.status === 'running' ? 'running' : step.result?.metrics])])
  useEffect(() => {
    if (experiment === undefined) return
    let made: string | undefined
    let gone = false
    app.client.call('figure.render', { experiment, figure, format: 'svg' }).then(
      ({ bytes }) => {
        if (gone) return
        made = blobUrl(bytes, 'image/svg+xml')
        setAddress(made)
      },
      () => setAddress(undefined),
    )
    return () => {
      gone = true
      if (made) URL.revokeObjectURL(made)
    }
    // `key` stands for the figure and the results.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [app, experiment, key])
  return <span className="thumbnail">{address && <img src={address} alt="" />}</span>
}
