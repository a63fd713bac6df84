/** The child's side of the channel to its parent: Node's IPC, or `process.parentPort` of an Electron utility process. */
export interface Parent {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called when the parent is gone. */
  onClose(listener: () => void): void
}

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

export function connectParent(): Parent {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (port) {
    // A utility process ends together with the application: there is no close to hear of.
    return { send: message => port.postMessage(message), onMessage: listener => port.on('message', event => listener(event.data)), onClose: () => undefined }
  }
  return {
    send: message => void (process.connected && process.send?.(message, undefined, undefined, () => undefined)),
    onMessage: listener => void process.on('message', listener),
    onClose: listener => void process.on('disconnect', listener),
  }
}

/** The terminal sends Ctrl-C to the whole group; children obey their parent alone. */
export function ignoreTerminalSignals(): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
}
