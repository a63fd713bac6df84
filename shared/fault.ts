/**
 * A fault is what went wrong, as data: it crosses every border (file, process, window, command line) and is shown once.
 * Throw only for bugs, or `FaultError` where a call has no other way to say that its input cannot be used.
 */
export interface Fault {
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable reason code in kebab case, e.g. `unknown-key`, `zip-ratio`. Tests and translations match on it. */
  readonly code: string
  /** One clear sentence: what is wrong. */
  readonly message: string
  readonly where?: FaultPlace
  /** What to do about it, one sentence. */
  readonly tip?: string
}

export interface FaultPlace {
  /** Place in a document, e.g. `problem.equations[0]` or `steps[1].resolution`. */
  readonly path?: string
  /** The text in which `from`–`to` (half-open, UTF-16 units) is underlined. */
  readonly text?: string
  readonly from?: number
  readonly to?: number
  /** A file's name, never an absolute path that the user did not type. */
  readonly file?: string
}

export class FaultError extends Error {
  readonly faults: readonly Fault[]
  constructor(faults: Fault | readonly Fault[]) {
    const list = Array.isArray(faults) ? (faults as readonly Fault[]) : [faults as Fault]
    super(list.map(f => f.message).join('\n'))
    this.name = 'FaultError'
    this.faults = list
  }
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] }

export const succeed = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const fail = (...faults: Fault[]): { readonly ok: false; readonly faults: readonly Fault[] } => ({ ok: false, faults })

export function error(code: string, message: string, rest: { where?: FaultPlace; tip?: string } = {}): Fault {
  return { severity: 'error', code, message, ...rest }
}

/** One line for a terminal: `place: message tip`. Whatever a document quotes in it, the line stays of readable length and cannot steer the terminal. */
export function faultLine(fault: Fault): string {
  const { path, file, text, from } = fault.where ?? {}
  const place = [file, path && shortened(path, 200)].filter(Boolean).join(': ')
  const column = text !== undefined && from !== undefined ? `, column ${from + 1} of "${around(text, from)}"` : ''
  return visible(`${place || column ? `${place}${column}: ` : ''}${shortened(fault.message, 1000)}${fault.tip ? ` ${shortened(fault.tip, 600)}` : ''}`)
}

const shortened = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}…` : text)

/** At most some 200 characters of a text with the place in them. */
function around(text: string, place: number): string {
  if (text.length <= 200) return text
  const from = Math.max(0, Math.min(place - 60, text.length - 160))
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 160)}${from + 160 < text.length ? '…' : ''}`
}

/** Control characters, and those that turn the direction of writing, spelled out: a text of a foreign document must not steer a terminal. */
export const visible = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The candidate nearest to a misspelt name, or undefined when none is near: at most a third of the letters wrong, or one in a short name; transpositions count once. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = (name.length <= 1 ? 0 : Math.max(1, Math.ceil(name.length / 3))) + 1
  // No valid name is longer, and the distance takes the product of the lengths.
  if (name.length > longestName) return undefined
  for (const candidate of candidates) {
    if (candidate.length > longestName) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

const longestName = 64

function editDistance(a: string, b: string): number {
  const rows = a.length + 1
  const columns = b.length + 1
  const d = new Uint16Array(rows * columns)
  for (let i = 0; i < rows; i++) d[i * columns] = i
  for (let j = 0; j < columns; j++) d[j] = j
  for (let i = 1; i < rows; i++) {
    for (let j = 1; j < columns; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(d[(i - 1) * columns + j] + 1, d[i * columns + j - 1] + 1, d[(i - 1) * columns + j - 1] + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, d[(i - 2) * columns + j - 2] + 1)
      d[i * columns + j] = least
    }
  }
  return d[rows * columns - 1]
}
