import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { dataFolder, root, type Outcome, type ValidationCase } from './case'
import { cases } from './cases'
import { table, type Row } from './table'

const record = join(root, 'docs/validation.json')
const page = join(root, 'docs/validation.md')
const [begin, end] = ['<!-- table -->', '<!-- end of table -->']

/** Exit code 0 when all that ran gave a number, 1 when one failed, 2 for a name that is no case. */
export async function validate(given: readonly string[]): Promise<number> {
  const at = given.indexOf('--seeds')
  const seeds = at >= 0 ? given[at + 1].split(',').map(Number) : [1, 2, 3, 4, 5]
  const names = given.filter((word, i) => !word.startsWith('--') && (at < 0 || i !== at + 1))
  const unknown = names.find(name => !cases.some(c => c.id === name))
  if (unknown !== undefined || seeds.some(s => !Number.isSafeInteger(s))) {
    console.error(unknown === undefined ? 'Seeds are whole numbers with commas between them.' : `There is no case "${unknown}". There are: ${cases.map(c => c.id).join(', ')}.`)
    return 2
  }
  let failed = 0
  for (const one of cases.filter(c => names.length === 0 || names.includes(c.id))) {
    const missing = one.data?.filter(file => !existsSync(join(dataFolder, file))) ?? []
    if (missing.length > 0) {
      console.error(`${one.id}: skipped, for ${missing.join(', ')} is not there.`)
      continue
    }
    const runs: Row['runs'][number][] = []
    for (const seed of seeds) {
      const outcome = await attempt(one, seed)
      if (!Number.isFinite(outcome.value)) failed++
      console.error(`${one.id}, seed ${seed}: ${outcome.value.toExponential(2)} after ${outcome.seconds.toFixed(1)} s${outcome.note === undefined ? '' : ` (${outcome.note})`}`)
      runs.push({ seed, ...outcome })
    }
    store(one, runs)
  }
  return failed > 0 ? 1 : 0
}

async function attempt(one: ValidationCase, seed: number): Promise<Outcome> {
  try {
    return await one.run(seed)
  } catch (reason) {
    return { value: NaN, seconds: NaN, note: (reason as Error).message }
  }
}

function store({ id }: ValidationCase, runs: Row['runs']): void {
  const known: Record<string, Row> = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as Record<string, Row>) : {}
  known[id] = { machine: `${cpus().length} × ${cpus()[0].model.replace(/\s+/g, ' ').trim()}`, node: process.version, runs }
  const ordered = Object.fromEntries(cases.flatMap(c => (known[c.id] ? [[c.id, known[c.id]]] : [])))
  writeFileSync(record, `${JSON.stringify(ordered, undefined, 1)}\n`)
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table(cases, ordered)}\n\n${text.slice(to)}`)
}
