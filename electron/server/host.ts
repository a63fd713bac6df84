import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createEngine } from '../engine/engine'
import { builtFile } from '../engine/kernels'
import { startServer } from './server'

export interface HostOptions {
  readonly port?: number
  readonly threads?: number
  /** Opens the address in the user's browser. */
  readonly open?: boolean
  readonly log?: (detail: string) => void
}

/** Recent files and working folders: `RESIDUUM_DATA`, or the platform's place for application data. */
export function dataFolder(): string {
  if (process.env.RESIDUUM_DATA) return process.env.RESIDUUM_DATA
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Residuum')
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(homedir(), 'AppData/Roaming'), 'Residuum')
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'residuum')
}

export const examplesFolder = (): string => join(dirname(dirname(builtFile('kernels'))), 'examples')

/** The server host: engine and window on loopback. Resolves when it listens; the address carries the one-use token. */
export async function startHost(options: HostOptions): Promise<{ readonly address: string; readonly port: number; close(): Promise<void> }> {
  const engine = createEngine({ host: 'server', examplesFolder: examplesFolder(), dataFolder: dataFolder(), threads: options.threads, log: options.log })
  const server = await startServer({
    handlers: engine.handlers,
    clientJoined: client => engine.clientJoined(client),
    clientLeft: id => engine.clientLeft(id),
    windowFolder: builtFile('renderer'),
    port: options.port,
    reportBug: reason => options.log?.(reason instanceof Error ? reason.stack ?? reason.message : String(reason)),
  })
  if (options.open) openInBrowser(server.address)
  return {
    address: server.address,
    port: server.port,
    close: async () => {
      await server.close()
      await engine.dispose()
    },
  }
}

/** Where there is no browser to open, the printed address is enough. */
function openInBrowser(address: string): void {
  const [command, ...args] = process.platform === 'darwin' ? ['open', address] : process.platform === 'win32' ? ['explorer', address] : ['xdg-open', address]
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
