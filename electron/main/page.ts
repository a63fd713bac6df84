import { randomBytes } from 'node:crypto'
import { contentSecurityPolicy, pageWithNonce } from '../server/window-files'
import type { WindowFile } from '../server/window-files'
import { isOwnUrl } from './origin'

/** Answers app:// requests from the fixed list of built files; everything else is 404, whatever the path looks like. */
export function answerPage(files: ReadonlyMap<string, WindowFile>, request: { readonly url: string; readonly method: string }): Response {
  const none = (status: number): Response => new Response(null, { status })
  if (!isOwnUrl(request.url)) return none(404)
  if (request.method !== 'GET') return none(405)
  const file = files.get(new URL(request.url).pathname)
  if (!file) return none(404)
  const nonce = randomBytes(16).toString('base64')
  const bytes = file.type.startsWith('text/html') ? pageWithNonce(file.bytes, nonce) : file.bytes
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': file.type,
      'Content-Security-Policy': contentSecurityPolicy(nonce, "'self'"),
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
