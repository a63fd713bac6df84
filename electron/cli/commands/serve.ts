import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../engine/engine'
import { builtFile, examplesFolder } from '../../engine/kernels'
import { startServer } from '../../server/server'
import { FaultError, error } from '../../../shared/fault'
import { wholeNumber } from '../arguments'
import type { Command } from '../command'
import { exitCode } from '../command'

/** Where a host without an operating system's own place keeps recent files and working folders. */
export const defaultDataFolder = (): string =>
  process.env.RESIDUUM_DATA ?? (process.platform === 'win32' ? join(process.env.LOCALAPPDATA ?? homedir(), 'Residuum') : process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Application Support', 'Residuum') : join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'residuum'))

export const serve: Command = {
  name: 'serve',
  operands: '',
  summary: 'Opens the app to a browser on this machine: prints an address that works once. Reach a distant machine through an ssh tunnel to the port.',
  options: [
    { name: 'port', value: 'N', help: 'Port on the loopback interface; a free one when absent.' },
    { name: 'threads', value: 'N', help: 'Threads that computations may use.' },
    { name: 'open', help: 'Open the address in the default browser.' },
  ],
  async run(args, { out, stderr, verbose, onInterrupt }) {
    const port = wholeNumber(args, 'port', 0, 65535)
    const threads = wholeNumber(args, 'threads', 1, 256)
    const log = (text: unknown): void => void (verbose && stderr.write(`${text instanceof Error ? text.stack : String(text)}\n`))
    const engine = createEngine({ host: 'server', examplesFolder: examplesFolder(), dataFolder: defaultDataFolder(), log, ...(threads ? { threads } : {}) })
    try {
      const server = await startServer({
        handlers: engine.handlers, clientJoined: engine.clientJoined, clientLeft: engine.clientLeft, reportBug: log,
        windowFolder: builtFile('renderer'), ...(port === undefined ? {} : { port }),
      }).catch((reason: NodeJS.ErrnoException) => {
        if (reason.code === 'EADDRINUSE') throw new FaultError(error('port-in-use', `Port ${port} is in use.`, { tip: 'Choose another one, or leave --port out.' }))
        if (reason.code === 'EACCES') throw new FaultError(error('port-denied', `Port ${port} may not be used.`, { tip: 'Choose one above 1023.' }))
        throw reason
      })
      out(`${server.address}\n`)
      if (args.has('open')) openBrowser(server.address)
      await new Promise<void>(resolve => onInterrupt(resolve))
      await server.close()
      return exitCode.done
    } finally {
      await engine.dispose()
    }
  },
}

function openBrowser(address: string): void {
  const [program, ...before] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  if (process.platform === 'linux' && !existsSync('/usr/bin/xdg-open')) return
  spawn(program, [...before, address], { stdio: 'ignore', detached: true }).on('error', () => undefined).unref()
}
