import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Handlers } from '../../shared/protocol/contract'

vi.mock('electron', () => import('../../e2e/electron-double/electron'))

const double = await import('../../e2e/electron-double/electron')
const { declareScheme, startDesktop } = await import('./desktop')
const { filesInArguments } = await import('./opened-files')
const { mayOpenOutside } = await import('./origin')

const page = { type: 'text/html; charset=utf-8', bytes: Buffer.from('<meta name="csp-nonce" content=""><script type="module" src="/main.js"></script>') }
const script = { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('1') }

function start(): { window: InstanceType<typeof double.BrowserWindow>; left: string[]; openFile: (path: string) => void } {
  const left: string[] = []
  const handlers = { 'app.info': async () => ({ version: '1' }) } as unknown as Handlers
  const { openWindow, openFile } = startDesktop({
    handlers, clientJoined: () => undefined, clientLeft: id => left.push(id), files: new Map([['/', page], ['/main.js', script]]), preload: '/preload.cjs', reportBug: reason => { throw reason },
  })
  return { window: openWindow() as unknown as InstanceType<typeof double.BrowserWindow>, left, openFile }
}
const request = { kind: 'request', id: 7, channel: 'app.info', parameters: {} }
const answers = (window: InstanceType<typeof double.BrowserWindow>): unknown[] => window.webContents.sent.filter(s => s.channel === 'residuum').map(s => s.message)
const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20))

afterEach(() => double.reset())

describe('the desktop shell, against the double of the Electron API', () => {
  it('opens a sandboxed window on its own scheme', () => {
    declareScheme()
    const { window } = start()
    expect(window.url).toBe('app://residuum/')
    expect(window.options.webPreferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false })
    expect(double.recorded.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
    expect(window.shown).toBe(true)
  })

  it('serves only its fixed list of files, with a strict policy and a fresh nonce', async () => {
    start()
    const handler = double.recorded.handlers.get('app')!
    const get = async (url: string, method = 'GET'): Promise<Response> => handler({ url, method })
    const first = await get('app://residuum/')
    const policy = first.headers.get('Content-Security-Policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const nonce = /nonce-([^']+)'/.exec(policy)![1]
    expect(await first.text()).toContain(`content="${nonce}"`)
    expect((await get('app://residuum/')).headers.get('Content-Security-Policy')).not.toContain(nonce)
    expect((await get('app://residuum/main.js')).status).toBe(200)
    for (const url of ['app://residuum/../package.json', 'app://residuum/%2e%2e/package.json', 'app://residuum/main.js/..%2f', 'app://elsewhere/', 'file:///etc/passwd', 'app://residuum//etc/passwd']) expect((await get(url)).status).toBe(404)
    expect((await get('app://residuum/', 'POST')).status).toBe(405)
  })

  it('denies every permission', () => {
    start()
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'serial', 'hid', 'midi', 'pointerLock', 'fullscreen', 'openExternal', 'display-capture']) {
      let granted: boolean | undefined
      double.recorded.permissionRequest!(undefined, permission, answer => (granted = answer))
      expect(granted).toBe(false)
      expect(double.recorded.permissionCheck!(undefined, permission)).toBe(false)
    }
  })

  it('neither navigates nor opens windows; papers open outside', () => {
    const { window } = start()
    for (const event of ['will-navigate', 'will-redirect']) {
      for (const url of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x', 'app://elsewhere/']) {
        const preventDefault = vi.fn()
        window.webContents.emit(event, { url, preventDefault })
        expect(preventDefault).toHaveBeenCalledOnce()
      }
    }
    const preventDefault = vi.fn()
    window.webContents.emit('will-attach-webview', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    for (const url of ['https://doi.org/10.1137/1', 'https://evil.example/', 'javascript:alert(1)', 'file:///etc/passwd', 'https://doi.org.evil.example/', 'http://doi.org/1', 'https://user@doi.org/1']) {
      expect(window.webContents.windowOpenHandler!({ url })).toEqual({ action: 'deny' })
    }
    expect(double.recorded.opened).toEqual(['https://doi.org/10.1137/1'])
    expect(mayOpenOutside('https://arxiv.org/abs/1')).toBe(true)
  })

  it('answers its own page and nobody else', async () => {
    const { window } = start()
    double.fromPage(window, 'residuum', request)
    await settle()
    expect(answers(window)).toMatchObject([{ kind: 'response', id: 7, ok: true, value: { version: '1' } }])
    const strangers = [{ url: 'app://residuum/' }, { url: 'https://example.com/' }, null]
    for (const frame of strangers) double.fromPage(window, 'residuum', request, frame)
    window.webContents.mainFrame.url = 'https://example.com/'
    double.fromPage(window, 'residuum', request)
    window.webContents.mainFrame.url = 'app://residuum/'
    for (const message of [undefined, 7, 'x', { kind: 'response', id: 1, ok: true }, { kind: 'event' }, { ...request, parameters: { bytes: new Uint8Array(257 * 1024 * 1024) } }]) double.fromPage(window, 'residuum', message)
    await settle()
    expect(answers(window)).toHaveLength(1)
    double.fromPage(window, 'residuum', { ...request, channel: 'constructor' })
    double.fromPage(window, 'residuum', { ...request, parameters: { extra: 1 } })
    await settle()
    expect(answers(window).slice(1)).toMatchObject([{ ok: false, faults: [{ code: 'unknown-channel' }] }, { ok: false, faults: [{ code: 'malformed-request' }] }])
  })

  it('builds the native menu from the window’s own commands', async () => {
    const { window } = start()
    double.fromPage(window, 'residuum-menu', [{ label: 'File', items: [{ command: 'file.save', label: 'Save', accelerator: 'CmdOrCtrl+S' }, 'separator'] }])
    const [menu] = double.recorded.menus as { label: string; submenu: { label?: string; click?: () => void }[] }[][]
    const file = menu.find(m => m.label === 'File')!
    file.submenu[0].click!()
    expect(answers(window)).toEqual([{ kind: 'event', event: 'command', payload: { id: 'file.save' } }])
    double.fromPage(window, 'residuum-menu', [{ label: 'File', items: [{ role: 'quit' }] }])
    expect(double.recorded.menus).toHaveLength(1)
  })

  it('hands files over, from the system and from a second instance', () => {
    const { window, openFile } = start()
    openFile('/data/a.residuum')
    double.app.emit('second-instance', {}, ['residuum', '--flag', 'b.residuum'], '/work')
    expect(answers(window)).toEqual([{ kind: 'event', event: 'open.requested', payload: { path: '/data/a.residuum' } }, { kind: 'event', event: 'open.requested', payload: { path: '/work/b.residuum' } }])
    expect(filesInArguments(['x', '--inspect', 'notes.txt', '/a/b.mat'], '/')).toEqual(['/a/b.mat'])
  })

  it('keeps a window with unsaved work unless the user says so, and tells the engine who left', () => {
    const { window, left } = start()
    const preventDefault = vi.fn()
    window.webContents.emit('will-prevent-unload', { preventDefault })
    expect(preventDefault).not.toHaveBeenCalled()
    double.recorded.messageBoxAnswer = 0
    window.webContents.emit('will-prevent-unload', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    window.destroy()
    expect(left).toHaveLength(1)
  })

  it('passes native dialogs through', async () => {
    const { window } = start()
    double.recorded.dialogAnswers.push({ canceled: false, filePaths: ['/x.residuum'] }, { canceled: true })
    double.fromPage(window, 'residuum', { kind: 'request', id: 1, channel: 'dialog.open', parameters: {} })
    await settle()
    double.fromPage(window, 'residuum', { kind: 'request', id: 2, channel: 'dialog.save', parameters: { suggestedName: 'f.pdf', kind: 'pdf' } })
    await settle()
    expect(answers(window)).toEqual([{ kind: 'response', id: 1, ok: true, value: { path: '/x.residuum' } }, { kind: 'response', id: 2, ok: true, value: undefined }])
  })
})
