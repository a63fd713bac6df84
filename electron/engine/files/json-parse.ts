import type { Json } from '../../../shared/json'
import { toJsonNumber } from '../../../shared/json'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { byteCount, printable, refuse } from './refusal'

/**
 * JSON (RFC 8259) from strangers: every fault has its line, depth and length are bounded, a key may come only once, and the keys by which
 * JavaScript objects are poisoned are refused. Non-finite numbers are the strings "NaN", "Infinity", "-Infinity" and stay strings here.
 * Faults: json-size, json-encoding, json-syntax, json-depth, json-number, json-duplicate-key, forbidden-key.
 */
export function parseJson(input: Uint8Array | string, limits: Limits = defaultLimits): Json {
  const length = input.length
  if (length > limits.jsonBytes) refuse('json-size', `The JSON text is ${byteCount(length)} long; at most ${byteCount(limits.jsonBytes)} are read.`)
  return new JsonReader(typeof input === 'string' ? input : decoded(input), limits.jsonDepth).document()
}

/** The text of a JSON member: indented, non-finite numbers as their strings, a line feed at the end. The same value gives the same bytes. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' ? toJsonNumber(item) : item), 2)}\n`
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse('json-encoding', 'The JSON text is not UTF-8.', { tip: 'Save it as UTF-8.' })
  }
}

class JsonReader {
  private at = 0
  constructor(
    private readonly text: string,
    private readonly maximumDepth: number,
  ) {
    if (text.charCodeAt(0) === 0xfeff) this.at = 1
  }

  document(): Json {
    const value = this.value(0)
    this.space()
    if (this.at < this.text.length) this.wrong('something follows after the end of the document')
    return value
  }

  private value(depth: number): Json {
    if (depth > this.maximumDepth) this.fault('json-depth', `it is nested more than ${this.maximumDepth} levels deep`)
    this.space()
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth)
      case '[':
        return this.array(depth)
      case '"':
        return this.string()
      case undefined:
        return this.wrong('it ends too early')
      default:
        return this.word()
    }
  }

  private object(depth: number): Json {
    const object: Record<string, Json> = {}
    this.at++
    this.space()
    if (this.text[this.at] === '}') {
      this.at++
      return object
    }
    for (;;) {
      this.space()
      const start = this.at
      if (this.text[start] !== '"') this.wrong(this.text[start] === '}' ? 'a comma stands before }' : 'a key in double quotes is expected')
      const key = this.string()
      if (forbiddenKeys.has(key)) this.fault('forbidden-key', `the key "${key}" is not allowed`, start)
      if (Object.hasOwn(object, key)) this.fault('json-duplicate-key', `the key "${printable(key)}" comes twice in one object`, start)
      this.space()
      if (this.text[this.at] !== ':') this.wrong('a colon is expected')
      this.at++
      object[key] = this.value(depth + 1)
      if (this.closes('}')) return object
    }
  }

  private array(depth: number): Json {
    const array: Json[] = []
    this.at++
    this.space()
    if (this.text[this.at] === ']') {
      this.at++
      return array
    }
    for (;;) {
      this.space()
      if (this.text[this.at] === ']') this.wrong('a comma stands before ]')
      array.push(this.value(depth + 1))
      if (this.closes(']')) return array
    }
  }

  /** After an item: true at the closing bracket, false after a comma. */
  private closes(bracket: string): boolean {
    this.space()
    const character = this.text[this.at]
    if (character !== bracket && character !== ',') this.wrong(character === undefined ? 'it ends too early' : `a comma or ${bracket} is expected`)
    this.at++
    return character === bracket
  }

  private string(): string {
    const start = this.at++
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code === 0x22) break
      if (Number.isNaN(code) || code < 0x20) this.wrong('a text is not closed by a double quote', start)
      this.at += code === 0x5c ? 2 : 1
    }
    this.at++
    const raw = this.text.slice(start, this.at)
    if (!raw.includes('\\')) return raw.slice(1, -1)
    try {
      // Bounded above to one string literal; resolves its escapes.
      return JSON.parse(raw) as string
    } catch {
      return this.wrong('a text has a backslash before a character that cannot follow it', start)
    }
  }

  private word(): Json {
    const start = this.at
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    number.lastIndex = start
    const match = number.exec(this.text)
    if (match) {
      this.at = number.lastIndex
      if (/[\w.+-]/.test(this.text[this.at] ?? ' ')) this.wrong('a number is malformed', start)
      const value = Number(match[0])
      if (!Number.isFinite(value)) this.fault('json-number', `the number ${match[0].slice(0, 30)} is too large`, start)
      return value
    }
    const word = /[A-Za-z]*/y
    word.lastIndex = start
    const name = word.exec(this.text)?.[0] ?? ''
    this.at = start + name.length
    if (name === 'true') return true
    if (name === 'false') return false
    if (name === 'null') return null
    if (/^(nan|inf|infinity)$/i.test(name)) this.wrong(`${name} must be written as a text, "${/^nan$/i.test(name) ? 'NaN' : 'Infinity'}"`, start)
    if (this.text[start] === '/') this.wrong('comments are not part of JSON', start)
    return this.wrong('a value is expected', start)
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.at++
    }
  }

  private wrong(what: string, at = this.at): never {
    return this.fault('json-syntax', what, at)
  }

  private fault(code: string, what: string, at = this.at): never {
    const before = this.text.slice(0, at)
    const line = before.split('\n').length
    const start = before.lastIndexOf('\n') + 1
    const end = this.text.indexOf('\n', at)
    const text = this.text.slice(start, end < 0 ? undefined : end)
    // A line of a machine-written file may be the whole file.
    const shown = text.length <= 200 ? { text, from: at - start, to: Math.min(at - start + 1, text.length) } : {}
    return refuse(code, `The JSON text is not valid in line ${line}: ${what}.`, { where: shown })
  }
}
