import type { ArrayEntry } from './foreign-content'
import type { Table } from './table'

/** The array that holds the times of COMSOL's columns `u (1) @ t=0.1`. */
const timeArray = '@t'
export const isTimeColumn = (name: string): boolean => name === timeArray

interface Label {
  readonly text: string
  /** Without unit and solution parameters: `u (1) @ t=0.1` is `u`. */
  readonly base: string
  readonly time?: number
}

function labelOf(text: string): Label {
  const [expression, parameters] = splitOnce(text, '@')
  const open = expression.lastIndexOf(' (')
  const base = open > 0 && expression.trimEnd().endsWith(')') ? expression.slice(0, open).trim() : expression.trim()
  const time = /^\s*t\s*=\s*([-+.\deE]{1,40})\s*$/.exec(parameters ?? '')
  return { text, base: base || text, ...(time && Number.isFinite(Number(time[1])) ? { time: Number(time[1]) } : {}) }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/**
 * A table's columns as arrays [rows]. Labels lose their unit where they stay different without it. COMSOL's columns of one expression at several times
 * become one array [times, rows], their times the array `@t`.
 */
export function arraysOfTable(table: Table): ArrayEntry[] {
  const labels = table.labels.map(labelOf)
  const series = timeSeries(labels)
  const arrays: ArrayEntry[] = []
  const used = new Set<string>()
  const unique = (label: Label): string => {
    const shared = labels.filter(other => other.base === label.base && !(series?.bases.has(other.base) && other.time !== undefined)).length > 1
    let name = shared ? label.text : label.base
    for (let n = 2; used.has(name) || name === timeArray; n++) name = `${label.text} [${n}]`
    used.add(name)
    return name
  }
  const done = new Set<string>()
  labels.forEach((label, k) => {
    if (!series?.bases.has(label.base) || label.time === undefined) {
      arrays.push(entry(unique(label), [table.rows], () => table.columns[k]))
      return
    }
    if (done.has(label.base)) return
    done.add(label.base)
    const columns = labels.flatMap((other, i) => (other.base === label.base && other.time !== undefined ? [table.columns[i]] : []))
    used.add(label.base)
    arrays.push(
      entry(label.base, [columns.length, table.rows], () => {
        const values = new Float64Array(columns.length * table.rows)
        columns.forEach((column, i) => values.set(column, i * table.rows))
        return values
      }),
    )
  })
  if (series) arrays.push(entry(timeArray, [series.times.length], () => Float64Array.from(series.times)))
  return arrays
}

const entry = (name: string, shape: readonly number[], values: () => Float64Array): ArrayEntry => ({ name, shape, complex: false, read: () => ({ shape, values: values() }) })

/** The expressions that come at several times, when all of them come at the same ones. */
function timeSeries(labels: readonly Label[]): { bases: Set<string>; times: number[] } | undefined {
  const byBase = new Map<string, number[]>()
  for (const { base, time } of labels) if (time !== undefined) byBase.set(base, [...(byBase.get(base) ?? []), time])
  const lists = [...byBase.values()]
  const [times] = lists
  if (!times || times.length < 2 || new Set(times).size !== times.length) return undefined
  if (!lists.every(list => list.length === times.length && list.every((time, i) => time === times[i]))) return undefined
  return { bases: new Set(byBase.keys()), times }
}
