import { decodeMessage, encodeMessage } from '../../shared/protocol/codec'
import type { EngineClient } from '../../shared/protocol/contract'
import type { Connection, Message } from '../../shared/protocol/messages'
import { reconnectingClient } from './connection'

/**
 * What the preload script of the desktop host puts on `window.residuum`: the window's end of a MessagePort, and nothing else.
 * Messages are those of shared/protocol, structured-cloned, or their bytes (shared/protocol/codec).
 */
export interface HostBridge {
  postMessage(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose?(listener: () => void): void
  /** The real path of a dropped file, where the host can tell. */
  pathOf?(file: File): string | undefined
  /** Shows these menus as the native menu bar. */
  setMenu?(menu: unknown): void
}

declare global {
  interface Window {
    readonly residuum?: HostBridge
  }
}

/** The engine behind this page: the desktop's bridge where there is one, otherwise the server that sent the page. */
export async function connectToHost(): Promise<EngineClient> {
  const bridge = window.residuum
  if (bridge) return reconnectingClient(() => Promise.resolve(bridgeConnection(bridge)))
  await exchangeToken()
  return reconnectingClient(openSocket)
}

function bridgeConnection(bridge: HostBridge): Connection {
  return {
    send: message => bridge.postMessage(message),
    onMessage: listener => bridge.onMessage(message => listener(messageFrom(message))),
    onClose: listener => bridge.onClose?.(listener),
  }
}

const messageFrom = (message: unknown): Message => (message instanceof Uint8Array ? decodeMessage(message) : message) as Message

/** The one-use token of the address's fragment becomes an HttpOnly cookie, and the fragment disappears from the address bar. */
async function exchangeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!token) return
  history.replaceState(null, '', location.pathname + location.search)
  const answer = await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }), credentials: 'same-origin' })
  // A token is good once: a reload of an old address still has its cookie, so a refusal only matters if the socket refuses too.
  await answer.arrayBuffer()
}

function openSocket(): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`)
    socket.binaryType = 'arraybuffer'
    socket.onerror = () => reject(new Error('The engine does not answer.'))
    socket.onopen = () => {
      resolve({
        send: message => socket.send(encodeMessage(message)),
        onMessage: listener => {
          socket.onmessage = event => listener(decodeMessage(new Uint8Array(event.data as ArrayBuffer)) as Message)
        },
        onClose: listener => {
          socket.onclose = () => listener()
        },
      })
    }
  })
}
