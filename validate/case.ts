import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one run of a case gave. */
export interface Outcome {
  /** The number that is held against the published one. */
  readonly value: number
  /** On the clock, of the steps that count. */
  readonly seconds: number
  /** What else should be known: steps done, where it stopped. */
  readonly note?: string
}

/** One row of the table of validation. */
export interface ValidationCase {
  /** As in `npm run validate -- ID`. */
  readonly id: string
  /** The statement and the quantity, in words. */
  readonly problem: string
  readonly published: string
  /** The value that ours should not exceed, and within which time. */
  readonly aim: { readonly value: number; readonly minutes: number }
  /** Files of reference data that it needs, in `../shared/data`; without them the case is skipped with that reason. */
  readonly data?: readonly string[]
  run(seed: number): Outcome | Promise<Outcome>
}

/** The project's root, whether this runs from its source or as a bundle two folders below it. */
export const root = [1, 2, 3].map(up => join(dirname(fileURLToPath(import.meta.url)), ...new Array<string>(up).fill('..'))).find(folder => existsSync(join(folder, 'package.json')))!
export const dataFolder = join(root, '../shared/data')

export interface StepReport {
  readonly status: string
  readonly seconds: number
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * Runs a document through the command line, as a user would. `data` are files of the reference data, which the document calls by their names alone (`burgers_shock.mat`).
 * Returns the steps' reports; throws with the command's own message when nothing could be run.
 */
export function runDocument(document: object, seed: number, { threads = 2, data = [] }: { readonly threads?: number; readonly data?: readonly string[] } = {}): Readonly<Record<string, StepReport>> {
  const folder = mkdtempSync(join(tmpdir(), 'residuum-validate-'))
  try {
    const path = join(folder, 'experiment.json')
    for (const file of data) copyFileSync(join(dataFolder, file), join(folder, basename(file)))
    writeFileSync(path, JSON.stringify(document))
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'electron/cli/residuum.mjs'), 'run', path, '--out', join(folder, 'out.residuum'), '--seed', String(seed), '--threads', String(threads), '--json'], { encoding: 'utf8', maxBuffer: 1 << 28, cwd: root })
    const last = stdout.trim().split('\n').at(-1) ?? ''
    if (status !== 0 && !last.startsWith('{')) throw new Error(stderr.trim().split('\n').slice(-4).join(' '))
    return (JSON.parse(last) as { steps: Record<string, StepReport> }).steps
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A case that is one document: the value is a metric of one step, the seconds those of another (or the same). */
export function documentCase({ document, value: [step, metric], seconds = step, ...rest }: Omit<ValidationCase, 'run'> & { readonly document: object; readonly value: readonly [step: string, metric: string]; readonly seconds?: string }): ValidationCase {
  return {
    ...rest,
    run: seed => {
      const steps = runDocument(document, seed, { data: rest.data })
      const found = steps[step]?.metrics[metric]
      return { value: typeof found === 'number' ? found : NaN, seconds: steps[seconds]?.seconds ?? NaN, note: steps[seconds]?.metrics.iterations === undefined ? steps[step]?.status ?? 'no result' : `${steps[seconds].metrics.iterations} steps` }
    },
  }
}
