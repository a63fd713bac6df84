/** The window's one origin. A standard, secure scheme of our own: no file:// rights, no network. */
export const scheme = 'app'
export const origin = `${scheme}://residuum`

export function isOwnUrl(url: string | undefined): boolean {
  if (url === undefined) return false
  try {
    const parsed = new URL(url)
    return parsed.protocol === `${scheme}:` && parsed.host === 'residuum'
  } catch {
    return false
  }
}

/** The only pages that may be opened in the user's browser. */
const linkHosts = new Set(['doi.org', 'arxiv.org', 'github.com'])

export function mayOpenOutside(url: string): boolean {
  try {
    const parsed = new URL(url)
    return parsed.protocol === 'https:' && linkHosts.has(parsed.hostname) && parsed.port === '' && parsed.username === '' && parsed.password === ''
  } catch {
    return false
  }
}
