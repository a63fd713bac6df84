import type { ValidationCase } from './case'

export interface Row {
  readonly machine: string
  readonly node: string
  readonly runs: readonly { readonly seed: number; readonly value: number | null; readonly seconds: number | null; readonly note?: string }[]
}

const short = (x: number | null): string => (x === null || !Number.isFinite(x) ? 'failed' : x === 0 ? '0' : x.toExponential(1).replace('e+0', ''))
const time = (s: number): string => (s < 120 ? `${s < 10 ? s.toFixed(1) : Math.round(s)} s` : `${Math.round(s / 60)} min`)

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
}

/** The Markdown table: each case with what was published, the aim, our median, every seed, and by how much an aim was missed. */
export function table(cases: readonly ValidationCase[], rows: Readonly<Record<string, Row>>): string {
  const lines = cases.flatMap(({ id, problem, published, aim }) => {
    const row = rows[id]
    if (!row) return []
    const numbers = row.runs.map(r => (r.value === null ? Infinity : r.value))
    const middle = median(numbers)
    const seconds = row.runs.flatMap(r => (r.seconds === null ? [] : [r.seconds]))
    const took = seconds.length > 0 ? median(seconds) : NaN
    const factor = middle / aim.value
    const late = took > 60 * aim.minutes * 1.05
    const verdict = !Number.isFinite(middle) ? 'failed' : factor > 1 ? `missed by a factor of ${factor < 10 ? factor.toFixed(1) : Math.round(factor)}` : late ? `met, but in ${time(took)}` : 'met'
    return [`| ${problem} (\`${id}\`) | ${published} | ${short(aim.value)} in ${time(60 * aim.minutes)} | ${short(middle)} | ${row.runs.map(r => `${r.seed}: ${short(r.value)}`).join(', ')} | ${Number.isFinite(took) ? time(took) : '—'} | ${verdict} |`]
  })
  return ['| problem | published | aim | ours, median | by seed | time, median | |', '|---|---|---|---|---|---|---|', ...lines].join('\n')
}
