import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { decodeMessage, encodeMessage } from '../../shared/protocol/codec'
import type { Handlers } from '../../shared/protocol/contract'
import { cookieName, judge } from './access'
import type { RunningServer } from './server'
import { startServer } from './server'

const session = 'a'.repeat(64)
const port = 4321

describe('who may do what', () => {
  const hosts = ['127.0.0.1:4321', 'localhost:4321', '[::1]:4321', 'evil.example', 'evil.example:4321', '127.0.0.1', '127.0.0.1:80', undefined]
  const origins = ['same', 'http://evil.example', 'null', 'https://127.0.0.1:4321', 'http://127.0.0.1:80', undefined]
  const cookies = [`${cookieName(port)}=${session}`, `${cookieName(port)}=${'b'.repeat(64)}`, `residuum-99=${session}`, '', undefined]
  it('opens a socket for exactly one class of requests', () => {
    let tried = 0
    const opened: string[] = []
    for (const host of hosts) for (const given of origins) for (const cookie of cookies) for (const method of ['GET', 'POST']) for (const path of ['/socket', '/', '/session']) {
      tried++
      const origin = given === 'same' ? `http://${host}` : given
      if ('allow' in judge({ method, path, host, origin, cookie, upgrade: true }, { port, session })) opened.push([host, given, cookies.indexOf(cookie), method, path].join(' '))
    }
    expect(tried).toBeGreaterThanOrEqual(400)
    expect(opened).toEqual(['127.0.0.1:4321', 'localhost:4321', '[::1]:4321'].map(host => `${host} same 0 GET /socket`))
  })
  it('refuses every socket before a token was exchanged', () => {
    expect(judge({ method: 'GET', path: '/socket', host: '127.0.0.1:4321', origin: 'http://127.0.0.1:4321', cookie: `${cookieName(port)}=undefined`, upgrade: true }, { port, session: undefined })).toEqual({ refuse: 403, reason: 'session' })
  })
})

describe('the server host', () => {
  let server: RunningServer
  let token: string
  let cookie: string
  const left: string[] = []

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'residuum-window-'))
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="">')
    writeFileSync(join(folder, 'assets/a.js'), '1')
    const handlers = { 'app.info': async () => ({ numbers: new Float64Array([1, NaN]) }) } as unknown as Handlers
    server = await startServer({ handlers, clientJoined: () => undefined, clientLeft: id => left.push(id), windowFolder: folder, reportBug: () => undefined })
    token = new URL(server.address).hash.replace('#token=', '')
  })
  afterAll(() => server.close())

  function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
    return new Promise((resolve, reject) => {
      const call = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers }, response => {
        let text = ''
        response.on('data', part => (text += part))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
      })
      call.on('error', reject)
      call.end(body)
    })
  }
  const own = (): string => `http://127.0.0.1:${server.port}`

  it('serves its own files with a strict policy, and nothing else', async () => {
    const page = await ask('GET', '/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(page.text).toMatch(/content="[A-Za-z0-9+/=]{20,}"/)
    expect((await ask('GET', '/assets/a.js')).status).toBe(200)
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets', '/assets/../../x', '/nothing']) expect((await ask('GET', path)).status).toBe(404)
    expect((await ask('GET', '/', { Host: 'evil.example' })).status).toBe(421)
    expect((await ask('PUT', '/')).status).toBe(405)
  })
  it('exchanges the token once', async () => {
    const exchange = (given: string, origin = own()): ReturnType<typeof ask> => ask('POST', '/session', { Origin: origin, 'Content-Type': 'application/json' }, JSON.stringify({ token: given }))
    expect((await exchange('x'.repeat(64))).status).toBe(403)
    expect((await exchange(token, 'http://evil.example')).status).toBe(403)
    const good = await exchange(token)
    expect(good.status).toBe(204)
    const [set] = good.headers['set-cookie'] as string[]
    expect(set).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(set).not.toContain(token)
    cookie = set.split(';')[0]
    expect((await exchange(token)).status).toBe(403)
  })
  it('answers over the socket, typed arrays and all, and only with the cookie', async () => {
    const open = (headers: Record<string, string>): Promise<WebSocket> => new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers })
      socket.once('open', () => resolve(socket))
      socket.once('error', reject)
    })
    await expect(open({ Origin: own() })).rejects.toThrow('403')
    await expect(open({ Origin: 'http://evil.example', Cookie: cookie })).rejects.toThrow('403')
    const socket = await open({ Origin: own(), Cookie: cookie })
    const answer = await new Promise<Buffer>(resolve => {
      socket.once('message', data => resolve(data as Buffer))
      socket.send(encodeMessage({ kind: 'request', id: 3, channel: 'app.info', parameters: {} }))
    })
    const message = decodeMessage(answer) as { value: { numbers: Float64Array } }
    expect([...message.value.numbers]).toEqual([1, NaN])
    const closed = new Promise<number>(resolve => socket.once('close', resolve))
    socket.send('text is not a message')
    expect(await closed).toBe(1003)
    await expect.poll(() => left).toEqual(['window-1'])

    // Each of these ends its own connection only.
    const frames: [string, Buffer, number][] = [
      ['a length beyond the limit', Buffer.from([0x82, 0xff, 0, 0, 0, 0x80, 0, 0, 0, 0, 1, 2, 3, 4]), 1009],
      ['a frame without a mask', Buffer.from([0x82, 0x01, 0]), 1002],
      ['reserved bits', Buffer.from([0xf2, 0x81, 1, 2, 3, 4, 0]), 1002],
      ['text that is no text', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff]), 1007],
    ]
    for (const [, frame, code] of frames) {
      const hostile = await open({ Origin: own(), Cookie: cookie })
      const end = new Promise<number>(resolve => hostile.once('close', resolve))
      ;(hostile as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(frame)
      expect(await end).toBe(code)
    }
    const after = await open({ Origin: own(), Cookie: cookie })
    after.close()
  })
})
