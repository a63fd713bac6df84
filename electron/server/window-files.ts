import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.woff2': 'font/woff2', '.woff': 'font/woff', '.ttf': 'font/ttf', '.json': 'application/json', '.wasm': 'application/wasm',
}

export interface WindowFile {
  readonly type: string
  readonly bytes: Buffer
}

/** The built window as a fixed list: what is not in it cannot be asked for, whatever the path says. */
export function readWindowFiles(folder: string): ReadonlyMap<string, WindowFile> {
  const files = new Map<string, WindowFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const type = types[extname(entry.name)]
    if (type) files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: readFileSync(path) })
  }
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}

/** Nothing runs, loads or connects but what the window itself brings; style elements carry the nonce. */
export function contentSecurityPolicy(nonce: string, connect: string): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "style-src-attr 'none'", "img-src 'self' blob: data:", "font-src 'self'", "worker-src 'self'",
    `connect-src ${connect}`, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'",
  ].join('; ')
}

/** The page with this response's nonce in its `csp-nonce` meta element, where libraries that add style elements read it. */
export function pageWithNonce(page: Buffer, nonce: string): Buffer {
  return Buffer.from(page.toString('utf8').replace('<meta name="csp-nonce" content="">', `<meta name="csp-nonce" content="${nonce}">`))
}
