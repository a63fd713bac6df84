import { contextBridge, ipcRenderer, webUtils } from 'electron'

/** The bridge: the window's end of one channel, the real path of a dropped file, the window's menu. Nothing of Node or Electron goes through. */
contextBridge.exposeInMainWorld('residuum', {
  postMessage: (message: unknown) => ipcRenderer.send('residuum', message),
  onMessage: (listener: (message: unknown) => void) => {
    ipcRenderer.on('residuum', (_event, message: unknown) => listener(message))
  },
  pathOf: (file: File) => webUtils.getPathForFile(file) || undefined,
  setMenu: (menu: unknown) => ipcRenderer.send('residuum-menu', menu),
})
