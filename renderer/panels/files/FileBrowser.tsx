import { useEffect, useRef, useState } from 'react'
import { useApp, useSnapshot } from '../../app/app'
import { Dialog } from '../../app/Dialog'
import { download, openPath, openUpload, saveTo, suggestedName } from '../../app/files'
import { receiveFile } from '../../app/imports'
import { faultsOf } from '../../app/session'
import type { Results } from '../../../shared/protocol/contract'
import './files.css'

/** Folders and files of the machine on which the engine runs, for hosts without native dialogs. */
export function FileBrowser({ purpose }: { readonly purpose: 'open' | 'save-as' }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const [listing, setListing] = useState<Results['files.list']>()
  const [fault, setFault] = useState<string>()
  const [path, setPath] = useState('')
  const [pending, setPending] = useState(false)
  const typed = useRef(false)
  const name = useRef(snapshot ? (snapshot.path?.split(/[\\/]/).pop() ?? suggestedName(snapshot, 'residuum')) : '')

  const show = async (folder?: string): Promise<void> => {
    setPending(true)
    try {
      const next = await app.client.call('files.list', folder === undefined ? {} : { folder })
      setListing(next)
      setFault(undefined)
      // A path typed while the first listing was on its way stays.
      if (folder !== undefined || !typed.current) setPath(joined(next.folder, purpose === 'save-as' ? name.current : ''))
    } catch (reason) {
      setFault(faultsOf(reason)[0].message)
    } finally {
      setPending(false)
    }
  }
  useEffect(() => {
    void show()
    // Once, when the dialog opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  const take = async (chosen: string): Promise<void> => {
    app.dialogs.close()
    if (purpose === 'open') await openPath(app, chosen)
    else await saveTo(app, /\.(residuum|json)$/i.test(chosen) ? chosen : `${chosen}.residuum`)
  }
  const enter = (): void => {
    const typed = path.trim()
    if (typed === '' || typed === listing?.folder) return
    const isFolder = /[\\/]$/.test(typed) || listing?.entries.some(entry => entry.folder && entry.path === typed)
    if (isFolder) void show(typed)
    else void take(typed)
  }
  const opens = purpose === 'open'
  return (
    <Dialog
      title={opens ? 'Open an experiment' : 'Save the experiment'}
      className="file-browser"
      onClose={app.dialogs.close}
      footer={
        <>
          {opens ? (
            <label className="button">
              From this computer…
              <input
                type="file"
                className="visually-hidden"
                accept=".residuum,.json,.mat,.npy,.npz,.csv,.dat"
                onChange={event => {
                  const file = event.target.files?.[0]
                  app.dialogs.close()
                  if (file) void (/\.(residuum|json)$/i.test(file.name) ? openUpload(app, file) : receiveFile(app, file))
                }}
              />
            </label>
          ) : (
            <button
              type="button"
              className="button"
              onClick={() => {
                app.dialogs.close()
                void download(app)
              }}
            >
              Download instead
            </button>
          )}
          <span className="spread" />
          <button type="button" className="button" onClick={app.dialogs.close}>
            Cancel
          </button>
          <button type="button" className="button primary" onClick={enter} disabled={path.trim() === '' || path.trim() === listing?.folder}>
            {opens ? 'Open' : 'Save'}
          </button>
        </>
      }
    >
      <div className="browser-path">
        <button type="button" className="button" aria-label="Parent folder" disabled={listing?.parent === undefined} onClick={() => void show(listing?.parent)}>
          ↑
        </button>
        <input
          className="input"
          aria-label="Path"
          aria-invalid={fault !== undefined || undefined}
          value={path}
          spellCheck={false}
          onChange={event => {
            typed.current = true
            setPath(event.target.value)
            name.current = event.target.value.split(/[\\/]/).pop() ?? ''
          }}
          onKeyDown={event => event.key === 'Enter' && enter()}
        />
      </div>
      {fault && <p className="fault error" role="alert">{fault}</p>}
      <ul className="browser-entries" aria-label="Files" aria-busy={pending}>
        {listing?.entries.map(entry => (
          <li key={entry.path}>
            <button
              type="button"
              onClick={() => {
                if (entry.folder) return void show(entry.path)
                name.current = entry.name
                setPath(entry.path)
              }}
              onDoubleClick={() => !entry.folder && void take(entry.path)}
              aria-pressed={entry.folder ? undefined : path === entry.path}
            >
              <span className={`entry-kind ${entry.folder ? 'folder' : 'file'}`} aria-hidden />
              <span className="entry-name">{entry.name}</span>
              <span className="secondary">{entry.folder ? 'folder' : entry.bytes === undefined ? '' : size(entry.bytes)}</span>
            </button>
          </li>
        ))}
        {listing && listing.entries.length === 0 && <li className="secondary browser-none">No folders or experiments here.</li>}
      </ul>
    </Dialog>
  )
}

const joined = (folder: string, name: string): string => (/[\\/]$/.test(folder) ? folder + name : `${folder}${folder.includes('\\') ? '\\' : '/'}${name}`)

const size = (bytes: number): string => (bytes < 1e3 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`)
