import { timingSafeEqual } from 'node:crypto'

/**
 * Who may do what on the loopback server. A page from elsewhere in the same browser can send requests here, so every one is judged by Host (DNS rebinding),
 * Origin (cross-site pages) and the session cookie. One pure function, tested as a matrix.
 */
export interface RequestFacts {
  readonly method: string
  readonly path: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly cookie: string | undefined
  readonly upgrade: boolean
}

export interface ServerSecrets {
  readonly port: number
  /** The value that the session cookie must have; undefined until a token was exchanged. */
  readonly session: string | undefined
}

export type Verdict = { readonly allow: 'static' | 'exchange' | 'socket' } | { readonly refuse: 403 | 404 | 405 | 421; readonly reason: string }

export const cookieName = (port: number): string => `residuum-${port}`

export function judge(request: RequestFacts, { port, session }: ServerSecrets): Verdict {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  if (request.host === undefined || !hosts.includes(request.host)) return { refuse: 421, reason: 'host' }
  const ownOrigin = `http://${request.host}`
  if (request.upgrade) {
    if (request.method !== 'GET' || request.path !== '/socket') return { refuse: 404, reason: 'path' }
    if (request.origin !== ownOrigin) return { refuse: 403, reason: 'origin' }
    if (session === undefined || !sameSecret(cookieValue(request.cookie, cookieName(port)), session)) return { refuse: 403, reason: 'session' }
    return { allow: 'socket' }
  }
  if (request.method === 'POST') {
    if (request.path !== '/session') return { refuse: 404, reason: 'path' }
    if (request.origin !== ownOrigin) return { refuse: 403, reason: 'origin' }
    return { allow: 'exchange' }
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { refuse: 405, reason: 'method' }
  // Browsers leave Origin out of plain navigations; where it is given it must be ours.
  if (request.origin !== undefined && request.origin !== ownOrigin) return { refuse: 403, reason: 'origin' }
  if (request.path === '/socket' || request.path === '/session') return { refuse: 404, reason: 'path' }
  return { allow: 'static' }
}

export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/** Compares in constant time; lengths are fixed (64 hexadecimal digits), so a different length says nothing. */
export function sameSecret(given: string | undefined, secret: string): boolean {
  if (given === undefined) return false
  const a = Buffer.from(given)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}
