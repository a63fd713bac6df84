import { utilityProcess } from 'electron'
import type { Child, SpawnChild } from '../engine/jobs/child'

/** The engine's children as Electron utility processes, with the same limits as plain forks. */
export const utilityChild: SpawnChild = (entry, options): Child => {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Residuum numerics', stdio: ['ignore', 'ignore', 'pipe'], execArgv: [`--max-old-space-size=${options.heapMegabytes}`] })
  child.stderr?.on('data', (part: Buffer) => options.onError?.(part.toString('utf8')))
  const listeners: ((how: string) => void)[] = []
  let gone: string | undefined
  child.on('exit', code => {
    if (gone !== undefined) return
    gone = `exit code ${code}`
    for (const listener of listeners) listener(gone)
  })
  return {
    get pid() {
      return child.pid
    },
    send(message) {
      if (gone === undefined) child.postMessage(message)
    },
    onMessage: listener => void child.on('message', listener),
    onExit(listener) {
      if (gone === undefined) listeners.push(listener)
      else listener(gone)
    },
    kill() {
      // utilityProcess.kill asks politely; the supervisor means at once.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
