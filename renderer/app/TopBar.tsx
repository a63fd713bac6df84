import { useState } from 'react'
import { useStore } from 'zustand'
import { TextField } from '../panels/problem/TextField'
import { useApp, useDocument, useSnapshot } from './app'
import { isActive } from './computing'
import type { Command } from './commands/command'
import { ariaKeys, keysLabel } from './commands/keys'
import { mac } from './commands/use-commands'
import { MenuBar } from './MenuBar'
import { useNativeMenu } from './native-menu'
import { replaceEdit } from './patches'

export function TopBar({ commands }: { readonly commands: readonly Command[] }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const command = (id: string): Command | undefined => commands.find(c => c.id === id)
  useNativeMenu(commands)
  const active = snapshot?.steps.filter(isActive) ?? []
  const running = active.length > 0
  const stopping = useStore(app.jobs, jobs => jobs.stopping)
  const allStop = active.every(step => stopping.includes(step.id))
  return (
    <header className="topbar">
      <span className="brand">Residuum</span>
      {!app.info.capabilities.includes('native-menu') && <MenuBar commands={commands} />}
      {snapshot && <Title />}
      <button type="button" className="search-field" onClick={() => app.dialogs.show({ kind: 'palette' })} aria-keyshortcuts={ariaKeys('Mod+Shift+P', mac)}>
        <span>Search commands, steps, examples</span>
        <kbd>{keysLabel('Mod+Shift+P', mac)}</kbd>
      </button>
      {snapshot && (
        <div className="topbar-actions">
          <CommandButton command={command('edit.undo')} label="Undo" />
          <CommandButton command={command('figure.export')} label="Export figure" />
          {running ? <CommandButton command={command('compute.cancel')} label={allStop ? 'Stopping…' : 'Stop'} disabled={allStop} /> : <CommandButton command={command('compute.all')} label="Compute" primary />}
        </div>
      )}
    </header>
  )
}

function CommandButton({ command, label, primary = false, disabled = false }: { readonly command: Command | undefined; readonly label: string; readonly primary?: boolean; readonly disabled?: boolean }) {
  if (!command) return null
  const keys = command.keys?.[0]
  return (
    <button
      type="button"
      className={`button ${primary ? 'primary' : ''}`}
      disabled={!command.enabled || disabled}
      title={keys ? `${command.title} (${keysLabel(keys, mac)})` : command.title}
      onClick={() => void command.run()}
      data-command={command.id}
    >
      {label}
      {primary && keys && <kbd>{keysLabel(keys, mac)}</kbd>}
    </button>
  )
}

function Title() {
  const app = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  const [editing, setEditing] = useState(false)
  if (!document || !snapshot) return null
  const commit = (title: string): void => {
    const { document: now } = app.session.store.getState()
    if (now && title !== '') app.session.edit(replaceEdit(now, ['title'], title))
  }
  return (
    <div className="title" onBlur={() => setEditing(false)}>
      {editing ? (
        <span ref={element => element?.querySelector('input')?.focus()} onKeyDown={event => ['Enter', 'Escape'].includes(event.key) && setEditing(false)}>
          <TextField label="Title" value={document.title} onCommit={commit} />
        </span>
      ) : (
        <h1>
          <button type="button" className="title-button" onClick={() => !snapshot.readOnly && setEditing(true)} title="Rename">
            {document.title}
          </button>
        </h1>
      )}
      {snapshot.dirty && <span className="dirty" role="img" aria-label="Unsaved changes" title="Unsaved changes" />}
      {snapshot.readOnly && <span className="secondary">read only</span>}
    </div>
  )
}
