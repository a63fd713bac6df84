import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { newExperiment, openExample, openFile, openPath, recover } from '../../app/files'
import { ago } from '../../app/StatusBar'
import type { AppInfo, GalleryItem, Results } from '../../../shared/protocol/contract'
import { blobUrl } from '../figures/blob-url'
import { groupsOf, searchable } from './groups'
import './gallery.css'

/** The first screen: finished experiments with pictures, recent files, and what a crash left behind. */
export function Gallery() {
  const app = useApp()
  const [items, setItems] = useState<readonly GalleryItem[]>()
  const [recent, setRecent] = useState<Results['recent.list']>([])
  const [recovery, setRecovery] = useState<AppInfo['recovery']>(app.info.recovery)
  const opening = useStore(app.session.store, state => state.opening)
  useEffect(() => {
    void app.attempt(async () => setItems(await app.client.call('gallery.list', {}))).then(() => setItems(list => list ?? []))
    app.client.call('recent.list', {}).then(setRecent, () => undefined)
  }, [app])
  return (
    <main className="gallery" aria-busy={items === undefined}>
      <div className="gallery-inner">
        <header className="gallery-head">
          <div>
            <h1>Open an experiment</h1>
            <p className="secondary">{items?.every(item => item.hasResults) ? 'Each of these is finished: it opens with its results, and F8 computes it again.' : 'An example opens with its results where it has them; F8 computes it, or computes it again.'}</p>
          </div>
          <div className="gallery-actions">
            <button type="button" className="button" onClick={() => void openFile(app)} disabled={opening !== undefined}>
              Open…
            </button>
            <button type="button" className="button primary" onClick={() => void newExperiment(app)} disabled={opening !== undefined}>
              New experiment
            </button>
          </div>
        </header>
        {recovery.map(item => (
          <Recovery key={item.recover} item={item} onGone={() => setRecovery(list => list.filter(other => other.recover !== item.recover))} />
        ))}
        {items === undefined ? (
          <div className="cards" aria-hidden>
            {Array.from({ length: 6 }, (_, i) => (
              <div key={i} className="card skeleton" />
            ))}
          </div>
        ) : (
          items.length > 0 && <Examples items={items} />
        )}
        {items?.length === 0 && <p className="secondary">This installation has no examples. Start a new experiment, or open one of yours.</p>}
        {recent.length > 0 && (
          <section className="recent" aria-label="Recent files">
            <h2>Recent</h2>
            <ul>
              {recent.map(file => (
                <li key={file.path}>
                  <button type="button" onClick={() => void openPath(app, file.path)} disabled={opening !== undefined}>
                    <strong>{file.title}</strong>
                    <span className="secondary path">{file.path}</span>
                    <span className="secondary">{when(file.opened)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p className="secondary gallery-hint">Drop a .residuum file here to open it, or a .mat, .npy, .npz, .csv file to look at its data.</p>
      </div>
    </main>
  )
}

const when = (date: string): string => ago(date, Date.now())

const anchorOf = (name: string): string => `class-${name.toLowerCase().replace(/\W+/g, '-')}`

/** The cards by class, found by any word of theirs. */
function Examples({ items }: { readonly items: readonly GalleryItem[] }) {
  const app = useApp()
  const opening = useStore(app.session.store, state => state.opening)
  const [search, setSearch] = useState('')
  const groups = groupsOf(items, search)
  const shown = groups.reduce((n, group) => n + group.items.length, 0)
  return (
    <section aria-label="Examples">
      {items.length > searchable && (
        <div className="gallery-search">
          <input type="search" className="input" aria-label="Search examples" placeholder={`Search ${items.length} examples: an equation, a method, a class`} value={search} onChange={event => setSearch(event.target.value)} />
          {groups.length > 1 && (
            <nav aria-label="Classes">
              {groups.map(({ name }) => (
                <a key={name} href={`#${anchorOf(name)}`}>
                  {name}
                </a>
              ))}
            </nav>
          )}
        </div>
      )}
      {shown === 0 && <p className="secondary">No example has “{search.trim()}”.</p>}
      {groups.map(({ name, items: members }) => (
        <section key={name} className="gallery-group" aria-labelledby={anchorOf(name)}>
          <h2 id={anchorOf(name)} className={groups.length === 1 && search === '' ? 'visually-hidden' : ''}>
            {name}
          </h2>
          <ul className="cards">
            {members.map(item => (
              <li key={item.example}>
                <button type="button" className="card" onClick={() => void openExample(app, item.example, item.title)} disabled={opening !== undefined || item.fault !== undefined}>
                  <Picture item={item} />
                  <span className="card-text">
                    <strong>{item.title}</strong>
                    <span className={item.fault ? 'fault error' : 'secondary'}>{item.fault ?? item.summary}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  )
}

/** The picture of an example, read when its card comes near the screen; without one a quiet plate, never a broken image. */
function Picture({ item }: { readonly item: GalleryItem }) {
  const app = useApp()
  const plate = useRef<HTMLSpanElement>(null)
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!item.hasResults || !plate.current) return
    let made: string | undefined
    let wanted = true
    const seen = new IntersectionObserver(
      entries => {
        if (!entries.some(entry => entry.isIntersecting)) return
        seen.disconnect()
        app.client.call('gallery.picture', { example: item.example }).then(
          bytes => {
            if (wanted && bytes) setAddress((made = blobUrl(bytes, 'image/png')))
          },
          () => undefined,
        )
      },
      { rootMargin: '400px' },
    )
    seen.observe(plate.current)
    return () => {
      wanted = false
      seen.disconnect()
      if (made) URL.revokeObjectURL(made)
    }
  }, [app, item])
  return (
    <span ref={plate} className="card-picture">
      {address && <img src={address} alt="" />}
      {!item.hasResults && !item.fault && <span className="secondary card-note">not computed yet</span>}
    </span>
  )
}

function Recovery({ item, onGone }: { readonly item: AppInfo['recovery'][number]; readonly onGone: () => void }) {
  const app = useApp()
  const discard = async (): Promise<void> => {
    const answer = await app.dialogs.ask({
      title: `Throw away the unsaved work on “${item.title}”?`,
      text: 'It cannot be brought back afterwards.',
      answers: [
        { id: 'keep', label: 'Keep' },
        { id: 'discard', label: 'Throw away', style: 'danger' },
      ],
    })
    if (answer !== 'discard') return
    await app.attempt(() => app.client.call('experiment.discardRecovery', { recover: item.recover }))
    onGone()
  }
  return (
    <div className="recovery" role="alert">
      <span className="dot outdated" aria-hidden />
      <p>
        <strong>{item.title}</strong> was not saved before Residuum ended {when(item.changed)}. Everything up to its last second was kept.
      </p>
      <button type="button" className="button primary" onClick={() => void recover(app, item.recover, item.title)}>
        Recover
      </button>
      <button type="button" className="button" onClick={() => void discard()}>
        Throw away
      </button>
    </div>
  )
}
