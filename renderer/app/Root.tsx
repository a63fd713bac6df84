import { useEffect } from 'react'
import { useStore } from 'zustand'
import { ExportFigure } from '../panels/figures/ExportFigure'
import { FileBrowser } from '../panels/files/FileBrowser'
import { ImportDialog } from '../panels/files/ImportDialog'
import { Gallery } from '../panels/gallery/Gallery'
import { About } from './About'
import { AppContext, type App } from './app'
import { useCommands, useShortcuts } from './commands/use-commands'
import { DropTarget } from './DropTarget'
import { openPath } from './files'
import { listFiles, Palette } from './Palette'
import { QuestionDialog } from './QuestionDialog'
import { Shortcuts } from './Shortcuts'
import { StatusBar } from './StatusBar'
import { Toasts } from './Toasts'
import { TopBar } from './TopBar'
import { Workbench } from './Workbench'
import './app.css'

/** Key in the page's session storage. */
export const shownExperiment = 'residuum.experiment'

export function Root({ app }: { readonly app: App }) {
  const commands = useCommands(app)
  useShortcuts(app, commands)
  useWindow(app)
  const opened = useStore(app.session.store, state => state.snapshot !== undefined)
  const opening = useStore(app.session.store, state => state.opening)
  useEffect(() => listFiles(app), [app, opened])
  const lost = useStore(app.connection, state => state.lost)
  const dialog = useStore(app.dialogs.store, state => state.dialog)
  return (
    <AppContext.Provider value={app}>
      <div className="window">
        <TopBar commands={commands} />
        {lost && (
          <div className="connection-bar" role="alert">
            <span className="dot failed" aria-hidden /> Connection to the engine lost. Trying again…
          </div>
        )}
        {opened ? <Workbench /> : <Gallery />}
        <StatusBar />
        {opening !== undefined && (
          <div className="opening" role="status">
            <span className="dot running" aria-hidden /> Opening {opening}…
          </div>
        )}
      </div>
      {dialog?.kind === 'palette' && <Palette commands={commands} />}
      {dialog?.kind === 'shortcuts' && <Shortcuts commands={commands} />}
      {dialog?.kind === 'about' && <About />}
      {(dialog?.kind === 'open' || dialog?.kind === 'save-as') && <FileBrowser purpose={dialog.kind} />}
      {dialog?.kind === 'import' && <ImportDialog source={dialog} />}
      {dialog?.kind === 'figure' && <ExportFigure step={dialog.step} index={dialog.index} />}
      <QuestionDialog />
      <Toasts />
      <DropTarget />
    </AppContext.Provider>
  )
}

/** Title, the question before leaving with unsaved work, files handed over by the system. */
function useWindow(app: App): void {
  const title = useStore(app.session.store, state => state.document?.title)
  const dirty = useStore(app.session.store, state => (state.snapshot?.dirty ?? false) || state.unconfirmed > 0)
  useEffect(() => {
    document.title = title === undefined ? 'Residuum' : `${dirty ? '• ' : ''}${title} – Residuum`
  }, [title, dirty])
  useEffect(() => {
    if (!dirty) return
    const leave = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', leave)
    return () => window.removeEventListener('beforeunload', leave)
  }, [dirty])
  // A reload of the page comes back to the experiment that it showed.
  const experiment = useStore(app.session.store, state => state.snapshot?.experiment)
  useEffect(() => {
    if (experiment === undefined) sessionStorage.removeItem(shownExperiment)
    else sessionStorage.setItem(shownExperiment, experiment)
  }, [experiment])
  useEffect(() => app.client.on('open.requested', ({ path }) => void openPath(app, path)), [app])
}
