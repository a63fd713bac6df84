import '@fontsource-variable/inter/wght.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/dialog.css'
import { createRoot } from 'react-dom/client'
import { createApp } from './app/app'
import { connectToHost } from './app/host'
import { Root } from './app/Root'
import { StartFailure } from './app/StartFailure'

const root = createRoot(document.getElementById('root')!)

connectToHost()
  .then(createApp)
  .then(
    app => root.render(<Root app={app} />),
    (reason: unknown) => root.render(<StartFailure message={reason instanceof Error ? reason.message : String(reason)} />),
  )
