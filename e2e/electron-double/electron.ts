import { EventEmitter } from 'node:events'

/** See README.md: a double, not Electron. One module instance per test file; `reset()` forgets everything between tests. */
export const recorded = {
  schemes: [] as unknown[],
  handlers: new Map<string, (request: { url: string; method: string }) => Response | Promise<Response>>(),
  permissionRequest: undefined as ((contents: unknown, permission: string, decide: (granted: boolean) => void) => void) | undefined,
  permissionCheck: undefined as ((contents: unknown, permission: string) => boolean) | undefined,
  opened: [] as string[],
  menus: [] as unknown[],
  dialogAnswers: [] as unknown[],
  messageBoxAnswer: 1,
}

class Frame {
  constructor(public url: string) {}
}

export class WebContents extends EventEmitter {
  mainFrame = new Frame('about:blank')
  readonly sent: { channel: string; message: unknown }[] = []
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined
  private destroyed = false
  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message })
    this.emit('sent', channel, message)
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  destroy(): void {
    this.destroyed = true
    this.emit('destroyed')
  }
}

export class BrowserWindow extends EventEmitter {
  private static all: BrowserWindow[] = []
  private static next = 1
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.all.find(w => w.focused) ?? null
  }
  readonly id = BrowserWindow.next++
  readonly webContents = new WebContents()
  focused = false
  shown = false
  url = ''
  constructor(readonly options: { webPreferences: Record<string, unknown> } & Record<string, unknown>) {
    super()
    BrowserWindow.all.push(this)
  }
  async loadURL(url: string): Promise<void> {
    this.url = url
    this.webContents.mainFrame.url = url
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.focused = true
  }
  isMinimized(): boolean {
    return false
  }
  restore(): void {
    this.shown = true
  }
  destroy(): void {
    BrowserWindow.all = BrowserWindow.all.filter(w => w !== this)
    this.webContents.destroy()
    this.emit('closed')
  }
}

class App extends EventEmitter {
  isReady(): boolean {
    return true
  }
}
export const app = new App()
export const ipcMain = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: false }
export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => void recorded.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: { url: string; method: string }) => Response | Promise<Response>) => void recorded.handlers.set(scheme, handler),
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: typeof recorded.permissionRequest) => void (recorded.permissionRequest = handler),
    setPermissionCheckHandler: (handler: typeof recorded.permissionCheck) => void (recorded.permissionCheck = handler),
    setDevicePermissionHandler: () => undefined,
  },
}
export const shell = { openExternal: async (url: string) => void recorded.opened.push(url) }
export const Menu = { buildFromTemplate: (template: unknown) => template, setApplicationMenu: (menu: unknown) => void recorded.menus.push(menu) }
export const dialog = {
  showOpenDialog: async () => recorded.dialogAnswers.shift() ?? { canceled: true, filePaths: [] },
  showSaveDialog: async () => recorded.dialogAnswers.shift() ?? { canceled: true },
  showMessageBoxSync: () => recorded.messageBoxAnswer,
}

/** What the page would do over the bridge: an IPC message from a frame of a window. */
export function fromPage(window: BrowserWindow, channel: string, message: unknown, frame: unknown = window.webContents.mainFrame): void {
  ipcMain.emit(channel, { sender: window.webContents, senderFrame: frame }, message)
}

export function reset(): void {
  for (const window of [...BrowserWindow.getAllWindows()]) window.destroy()
  app.removeAllListeners()
  ipcMain.removeAllListeners()
  recorded.schemes.length = 0
  recorded.handlers.clear()
  recorded.opened.length = 0
  recorded.menus.length = 0
  recorded.dialogAnswers.length = 0
}
