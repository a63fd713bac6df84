import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { byteCount, printable, refuse } from './refusal'

/** A text table: columns of numbers with their labels (empty cells are NaN). */
export interface Table {
  readonly labels: readonly string[]
  readonly columns: readonly Float64Array[]
  readonly rows: number
  /** COMSOL's header lines were found. */
  readonly comsol: boolean
}

/** One string of V8 holds a little less than 512 MiB. */
const maximumBytes = 500 * 1024 * 1024

/**
 * Reads numbers in columns: CSV with `,` `;` tab or `|`, or columns apart by spaces. The delimiter is found from the first rows. Lines that begin with
 * `#`, `%` or `//` are comments; the last comment before the data names the columns (numpy.savetxt, COMSOL) when it has as many words, or the first row does.
 * Numbers may use Fortran's D exponent, `nan`, `inf`, and with `;` a decimal comma.
 * Faults: table-encoding, table-size, table-empty, table-row, table-number, table-columns.
 */
export function readTable(bytes: Uint8Array, limits: Limits = defaultLimits): Table {
  const longest = Math.min(limits.arrayBytes, maximumBytes)
  if (bytes.length > longest) refuse('table-size', `The table is ${byteCount(bytes.length)} long; at most ${byteCount(longest)} are read.`, { tip: 'Save it as .npy or .npz.' })
  const lines = linesOf(decoded(bytes))
  const comments: string[] = []
  let first = lines.next()
  let line = 1
  while (!first.done && (first.value.trim() === '' || isComment(first.value))) {
    if (first.value.trim() !== '') comments.push(first.value.trim().replace(/^(#|%|\/\/)+\s?/, ''))
    first = lines.next()
    line++
  }
  if (first.done) return refuse('table-empty', 'The table has no rows.')
  const delimiter = sniff(first.value)
  const cells = split(first.value, delimiter)
  if (cells.length > 10_000) refuse('table-columns', `The table has ${cells.length} columns; at most 10000 are read.`)
  const hasHeader = cells.some(cell => cell !== '' && Number.isNaN(numberOf(cell, delimiter)) && !isNotANumber(cell))
  const columns: number[][] = cells.map(() => [])
  let rows = 0
  let lastColumnFilled = false
  const add = (row: readonly string[]): void => {
    // A delimiter at the end of every line is common and harmless.
    if (row.length !== columns.length && !(row.length === columns.length + 1 && row[row.length - 1] === '')) {
      refuse('table-row', `Line ${line} of the table has ${row.length} cells where the first row has ${columns.length}.`)
    }
    if (++rows * columns.length > limits.tableCells) refuse('table-size', `The table has more than ${limits.tableCells} cells.`)
    lastColumnFilled ||= row[columns.length - 1] !== ''
    for (let k = 0; k < columns.length; k++) {
      const value = numberOf(row[k], delimiter)
      if (Number.isNaN(value) && row[k] !== '' && !isNotANumber(row[k])) refuse('table-number', `Line ${line}, column ${k + 1} of the table is not a number: ${printable(row[k])}.`)
      columns[k].push(value)
    }
  }
  if (!hasHeader) add(cells)
  for (const text of lines) {
    line++
    if (text.trim() === '' || isComment(text)) continue
    add(split(text, delimiter))
  }
  if (rows === 0) refuse('table-empty', 'The table has a header and no rows.')
  const named = hasHeader ? cells.map(cell => cell.trim()) : namesFromComment(comments.at(-1), columns.length)
  // A last column without a name or a value is the delimiter at the end of the lines.
  const width = named.length > 1 && named[named.length - 1] === '' && !lastColumnFilled ? columns.length - 1 : columns.length
  const labels = named.slice(0, width).map((name, k) => name || `column${k + 1}`)
  return { labels, columns: columns.slice(0, width).map(column => Float64Array.from(column)), rows, comsol: comments.some(text => text.startsWith('Version:') && text.includes('COMSOL')) }
}

function decoded(bytes: Uint8Array): string {
  if (bytes.subarray(0, 4096).includes(0)) refuse('table-encoding', 'The file holds zero bytes, so it is not a text table.', { tip: 'Save it as UTF-8 text.' })
  // Old spreadsheets write Latin-1; only labels can differ, so a wrong character there is no reason to refuse.
  return new TextDecoder('utf-8').decode(bytes)
}

function* linesOf(text: string): Generator<string, undefined> {
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
    if (line.length > 4_000_000) refuse('table-row', 'A line of the table is longer than 4 million characters.')
    yield line
    at = end + 1
  }
  return undefined
}

const isComment = (line: string): boolean => /^\s*(#|%|\/\/)/.test(line)

const delimiters = [';', '\t', ',', '|'] as const
type Delimiter = (typeof delimiters)[number] | ' '

const sniff = (line: string): Delimiter => delimiters.find(delimiter => line.includes(delimiter)) ?? ' '

function split(line: string, delimiter: Delimiter): string[] {
  if (delimiter === ' ') return line.trim().split(/\s+/)
  if (!line.includes('"')) return line.split(delimiter).map(cell => cell.trim())
  const cells: string[] = []
  let at = 0
  for (;;) {
    while (line[at] === ' ') at++
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at)
      cells.push(line.slice(at, end < 0 ? undefined : end).trim())
      if (end < 0) return cells
      at = end + 1
      continue
    }
    let text = ''
    for (at++; at < line.length; at++) {
      if (line[at] !== '"') text += line[at]
      else if (line[at + 1] === '"') text += line[at++]
      else break
    }
    cells.push(text)
    const end = line.indexOf(delimiter, at)
    if (end < 0) return cells
    at = end + 1
  }
}

const isNotANumber = (cell: string): boolean => /^[+-]?nan$/i.test(cell)

function numberOf(cell: string, delimiter: Delimiter): number {
  const text = delimiter === ';' ? cell.replace(',', '.') : cell
  if (text.length > 100) return NaN
  // No digit can be matched in two ways, so a long cell cannot make the test slow.
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?$/.test(text)) return Number(text.replace(/[dD]/, 'e'))
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text)
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : NaN
}

/** Names in a comment: apart by two spaces or more (COMSOL's may hold single ones), by a delimiter, or by spaces. */
function namesFromComment(comment: string | undefined, count: number): string[] {
  for (const separator of [/\s{2,}/, /[,;|\t]/, /\s+/]) {
    const names = comment?.trim().split(separator).map(name => name.trim()) ?? []
    if (names.length === count) return names
  }
  return new Array<string>(count).fill('')
}
