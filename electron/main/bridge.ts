import type { IpcMainEvent, WebContents } from 'electron'
import type { Connection, Message } from '../../shared/protocol/messages'
import { isOwnUrl } from './origin'

const maximumMessage = 256 * 1024 * 1024

/** Every message is judged by its sender: our own window, its main frame, our own origin, a size that fits. */
export function isTrustedSender(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, contents: WebContents): boolean {
  return event.sender === contents && event.senderFrame !== null && event.senderFrame === contents.mainFrame && isOwnUrl(event.senderFrame.url)
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'request' && sizeOf(value) <= maximumMessage
}

/** Bytes in typed arrays and text, enough to refuse what no honest window sends. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 2 * value.length
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 8
  if (depth > 64) return Infinity
  return Object.values(value).reduce<number>((total, item) => total + sizeOf(item, depth + 1), 16)
}

interface Ipc {
  on(channel: string, listener: (event: IpcMainEvent, message: unknown) => void): unknown
  removeListener(channel: string, listener: (event: IpcMainEvent, message: unknown) => void): unknown
}

/** One window's connection over IPC. Messages that do not come from that window's own page are dropped. */
export function windowConnection(ipc: Ipc, contents: WebContents): Connection {
  return {
    send: message => {
      if (!contents.isDestroyed()) contents.send('residuum', message)
    },
    onMessage: listener => {
      const receive = (event: IpcMainEvent, message: unknown): void => {
        if (isTrustedSender(event, contents) && isMessage(message)) listener(message)
      }
      ipc.on('residuum', receive)
      contents.once('destroyed', () => ipc.removeListener('residuum', receive))
    },
    onClose: listener => void contents.once('destroyed', listener),
  }
}
