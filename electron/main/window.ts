import type { BrowserWindowConstructorOptions, WebContents } from 'electron'
import { isOwnUrl, mayOpenOutside } from './origin'

export function windowOptions(preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1440, height: 900, minWidth: 960, minHeight: 600, show: false, title: 'Residuum',
    backgroundColor: dark ? '#181b22' : '#ffffff',
    webPreferences: {
      preload, contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webviewTag: false,
      webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, navigateOnDragDrop: false, spellcheck: false, enableWebSQL: false,
    },
  }
}

/** No navigation away, no new windows, no webviews; links to papers open in the user's browser. */
export function guardContents(contents: WebContents, openOutside: (url: string) => void): void {
  contents.on('will-navigate', event => {
    if (!isOwnUrl(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', event => {
    if (!isOwnUrl(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) openOutside(url)
    return { action: 'deny' }
  })
}
