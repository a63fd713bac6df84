import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { decodeMessage, encodeMessage } from '../../shared/protocol/codec'
import type { Handlers } from '../../shared/protocol/contract'
import type { Connection, Message } from '../../shared/protocol/messages'
import { serveConnection } from '../../shared/protocol/messages'
import { cookieName, judge, sameSecret } from './access'
import type { WindowFile } from './window-files'
import { contentSecurityPolicy, pageWithNonce, readWindowFiles } from './window-files'

export interface ServerOptions {
  readonly handlers: Handlers
  /** Called when a window is closed or its connection is lost. */
  readonly clientLeft: (client: string) => void
  /** Called with the client when it connects, so that events can be sent to it. */
  readonly clientJoined: (client: ReturnType<typeof serveConnection>) => void
  /** dist/renderer. */
  readonly windowFolder: string
  /** 0 or absent: a free port. */
  readonly port?: number
  readonly reportBug: (reason: unknown) => void
}

export interface RunningServer {
  readonly port: number
  /** With the one-use token in the fragment, which browsers never send: show it once, never log it. */
  readonly address: string
  close(): Promise<void>
}

const maximumMessage = 256 * 1024 * 1024
const secret = (): string => randomBytes(32).toString('hex')

/** The loopback host: the built window over http, the engine contract over one WebSocket per window. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const files = readWindowFiles(options.windowFolder)
  let token: string | undefined = secret()
  let session: string | undefined
  let clients = 0
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessage, perMessageDeflate: false })

  const verdictOn = (request: IncomingMessage, upgrade: boolean): ReturnType<typeof judge> =>
    judge({ method: request.method ?? '', path: (request.url ?? '').split('?')[0], host: request.headers.host, origin: request.headers.origin, cookie: request.headers.cookie, upgrade }, { port: portOf(http), session })

  const http = createServer((request, response) => {
    const verdict = verdictOn(request, false)
    if ('refuse' in verdict) return end(response, verdict.refuse)
    if (verdict.allow === 'exchange') return exchange(request, response)
    const file = files.get((request.url ?? '/').split('?')[0])
    if (!file) return end(response, 404)
    send(request, response, file)
  })
  http.headersTimeout = 10_000
  http.requestTimeout = 30_000

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const verdict = verdictOn(request, true)
    socket.on('error', () => socket.destroy())
    if ('refuse' in verdict) return socket.end(`HTTP/1.1 ${verdict.refuse} Refused\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, webSocket => {
      const id = `window-${++clients}`
      // A frame that is too long or malformed ends its connection (1009, 1002); without a listener it would end the server.
      webSocket.on('error', options.reportBug)
      options.clientJoined(serveConnection(connectionOf(webSocket), options.handlers, id, options.reportBug))
      webSocket.on('close', () => options.clientLeft(id))
    })
  })

  /** The token works once; whoever holds it gets the session's cookie. */
  function exchange(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > 1024) return request.destroy()
      parts.push(part)
    })
    request.on('end', () => {
      const given = tokenIn(Buffer.concat(parts))
      if (token === undefined || !sameSecret(given, token)) return end(response, 403)
      token = undefined
      session = secret()
      response.setHeader('Set-Cookie', `${cookieName(portOf(http))}=${session}; HttpOnly; SameSite=Strict; Path=/`)
      end(response, 204)
    })
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const port = portOf(http)
  return {
    port,
    address: `http://127.0.0.1:${port}/#token=${token}`,
    close: () => new Promise<void>(resolve => {
      for (const socket of sockets.clients) socket.terminate()
      http.close(() => resolve())
      http.closeAllConnections()
    }),
  }
}

const portOf = (http: Server): number => (http.address() as AddressInfo | null)?.port ?? 0

function tokenIn(body: Buffer): string | undefined {
  try {
    const parsed = JSON.parse(body.toString('utf8')) as { token?: unknown }
    return typeof parsed.token === 'string' ? parsed.token : undefined
  } catch {
    return undefined
  }
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status
  response.setHeader('Cache-Control', 'no-store')
  response.end()
}

function send(request: IncomingMessage, response: ServerResponse, file: WindowFile): void {
  const nonce = randomBytes(16).toString('base64')
  const host = request.headers.host!
  const isPage = file.type.startsWith('text/html')
  response.setHeader('Content-Type', file.type)
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce, `'self' ws://${host}`))
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Cache-Control', isPage ? 'no-store' : 'no-cache')
  response.end(request.method === 'HEAD' ? undefined : isPage ? pageWithNonce(file.bytes, nonce) : file.bytes)
}

/** Binary frames carry the codec's messages; anything else ends the connection. */
function connectionOf(socket: WebSocket): Connection {
  socket.binaryType = 'nodebuffer'
  return {
    send: message => {
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message))
    },
    onMessage: listener => {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (!isBinary) return socket.close(1003)
        let message: Message
        try {
          message = decodeMessage(data) as Message
        } catch {
          return socket.close(1007)
        }
        if (typeof message !== 'object' || message === null) return socket.close(1007)
        listener(message)
      })
    },
    onClose: listener => void socket.on('close', listener),
  }
}
