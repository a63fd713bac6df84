import { fork } from 'node:child_process'

/** A child process as supervisor and file client see it. The desktop makes one from `utilityProcess`, everything else from `fork`. */
export interface Child {
  readonly pid: number | undefined
  /** Messages to a process that is gone are dropped. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with what is known of its end: "signal SIGSEGV", "exit code 134". */
  onExit(listener: (how: string) => void): void
  /** Ends it at once (SIGKILL). */
  kill(): void
}

export interface SpawnOptions {
  /** Limit of the JavaScript heap; arrays lie outside of it. */
  readonly heapMegabytes: number
  /** Words of the child's standard error, as they come. */
  readonly onError?: (text: string) => void
}

export type SpawnChild = (entry: string, options: SpawnOptions) => Child

/** A child process of plain Node, with structured-clone messages. */
export const forkChild: SpawnChild = (entry, options) => {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${options.heapMegabytes}`, '--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (text: string) => options.onError?.(text))
  const listeners: ((how: string) => void)[] = []
  let gone: string | undefined
  const ended = (how: string): void => {
    if (gone !== undefined) return
    gone = how
    for (const listener of listeners) listener(how)
  }
  child.on('exit', (code, signal) => ended(signal ? `signal ${signal}` : `exit code ${code}`))
  child.on('error', reason => ended(reason.message))
  return {
    pid: child.pid,
    send(message) {
      if (gone === undefined && child.connected) child.send(message as object, () => undefined)
    },
    onMessage: listener => void child.on('message', listener),
    onExit(listener) {
      if (gone === undefined) listeners.push(listener)
      else listener(gone)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
