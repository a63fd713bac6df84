import { BrowserWindow, Menu, app, dialog, ipcMain, nativeTheme, protocol, session, shell } from 'electron'
import type { ClientHandle, Handlers } from '../../shared/protocol/contract'
import { serveConnection } from '../../shared/protocol/messages'
import type { WindowFile } from '../server/window-files'
import { isTrustedSender, windowConnection } from './bridge'
import { menuSchema, menuTemplate } from './menu'
import { filesInArguments } from './opened-files'
import { origin, scheme } from './origin'
import { answerPage } from './page'
import { guardContents, windowOptions } from './window'

export interface DesktopParts {
  readonly handlers: Handlers
  readonly clientJoined: (client: ClientHandle) => void
  readonly clientLeft: (client: string) => void
  readonly files: ReadonlyMap<string, WindowFile>
  /** Path of preload.cjs. */
  readonly preload: string
  readonly reportBug: (reason: unknown) => void
}

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Serves the window's files, denies every permission, opens a window; returns what main does with files and closing. */
export function startDesktop(parts: DesktopParts): { openWindow(): BrowserWindow; openFile(path: string): void } {
  protocol.handle(scheme, request => answerPage(parts.files, request))
  const own = session.defaultSession
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  own.setPermissionCheckHandler(() => false)
  own.setDevicePermissionHandler(() => false)
  let windows = 0
  const clients = new Map<number, ClientHandle>()
  let waiting: string | undefined

  function openWindow(): BrowserWindow {
    const window = new BrowserWindow(windowOptions(parts.preload, nativeTheme.shouldUseDarkColors))
    const { webContents } = window
    guardContents(webContents, url => void shell.openExternal(url))
    const id = `window-${++windows}`
    const client = serveConnection(windowConnection(ipcMain, webContents), { ...parts.handlers, ...dialogHandlers(window) }, id, parts.reportBug)
    clients.set(window.id, client)
    parts.clientJoined(client)
    const onMenu = (event: Electron.IpcMainEvent, data: unknown): void => {
      const menu = isTrustedSender(event, webContents) ? menuSchema.safeParse(data) : undefined
      if (menu?.success) Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(menu.data, process.platform, command => client.emit('command', { id: command }))))
    }
    ipcMain.on('residuum-menu', onMenu)
    window.on('closed', () => {
      ipcMain.removeListener('residuum-menu', onMenu)
      clients.delete(window.id)
      parts.clientLeft(id)
    })
    // Unsaved work: the page asks with beforeunload; leaving is then up to the user.
    webContents.on('will-prevent-unload', event => {
      const choice = dialog.showMessageBoxSync(window, {
        type: 'question', buttons: ['Close', 'Keep open'], defaultId: 1, cancelId: 1,
        message: 'Close without saving?', detail: 'Your edits stay in the journal and can be recovered at the next start.',
      })
      if (choice === 0) event.preventDefault()
    })
    window.once('ready-to-show', () => window.show())
    webContents.once('did-finish-load', () => {
      if (waiting !== undefined) client.emit('open.requested', { path: waiting })
      waiting = undefined
    })
    void window.loadURL(`${origin}/`)
    return window
  }

  function openFile(path: string): void {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
    const client = window && clients.get(window.id)
    if (!window || !client) {
      waiting = path
      if (app.isReady()) openWindow()
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
    client.emit('open.requested', { path })
  }

  app.on('second-instance', (_event, argv, workingFolder) => {
    const [path] = filesInArguments(argv, workingFolder)
    if (path !== undefined) return openFile(path)
    const window = BrowserWindow.getAllWindows()[0]
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow()
  })
  return { openWindow, openFile }
}

const filters: Readonly<Record<string, { name: string; extensions: string[] }>> = {
  residuum: { name: 'Residuum experiment', extensions: ['residuum'] }, pdf: { name: 'PDF', extensions: ['pdf'] }, svg: { name: 'SVG', extensions: ['svg'] },
  png: { name: 'PNG', extensions: ['png'] }, npy: { name: 'NumPy array', extensions: ['npy'] }, csv: { name: 'CSV', extensions: ['csv'] }, vti: { name: 'VTK image data', extensions: ['vti'] }, vtu: { name: 'VTK mesh', extensions: ['vtu'] },
  onnx: { name: 'ONNX model', extensions: ['onnx'] },
}

function dialogHandlers(window: BrowserWindow): Pick<Handlers, 'dialog.open' | 'dialog.save'> {
  return {
    'dialog.open': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile'],
        filters: [{ name: 'Experiments', extensions: ['residuum', 'json'] }, { name: 'Data', extensions: ['mat', 'npy', 'npz', 'csv', 'dat'] }],
      })
      return canceled || filePaths[0] === undefined ? undefined : { path: filePaths[0] }
    },
    'dialog.save': async ({ suggestedName, kind }) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: suggestedName, filters: [filters[kind]] })
      return canceled || !filePath ? undefined : { path: filePath }
    },
  }
}
