import './app/schemas'
import '@fontsource-variable/inter/wght.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/dialog.css'
import { createRoot } from 'react-dom/client'
import { createApp } from './app/app'
import { connectToHost } from './app/host'
import { Root, shownExperiment } from './app/Root'
import { PanelBoundary } from './panels/docking/PanelBoundary'
import { StartFailure } from './app/StartFailure'

const root = createRoot(document.getElementById('root')!)

connectToHost()
  .then(createApp)
  .then(async app => {
    const shown = sessionStorage.getItem(shownExperiment)
    // Where the engine has closed it meanwhile, the gallery is the right first screen.
    if (shown !== null) await app.session.rejoin(shown).catch(() => undefined)
    return app
  })
  .then(
    app =>
      root.render(
        <PanelBoundary what="The window">
          <Root app={app} />
        </PanelBoundary>,
      ),
    (reason: unknown) => root.render(<StartFailure message={reason instanceof Error ? reason.message : String(reason)} />),
  )
