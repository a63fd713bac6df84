import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import { FaultError, error, faultLine } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { JobEnd } from '../../engine/jobs/supervisor'
import type { Session } from '../../engine/store/session'
import { workspaceAt } from '../../engine/store/workspace'
import { oneOperand, usageFault, wholeNumber } from '../arguments'
import type { Command, CommandContext } from '../command'
import { exitCode } from '../command'
import { inDocument } from '../host'
import { createProgressLine, duration } from '../progress'
import { applySetting } from '../settings'
import { jsonLine, runSummary } from '../summary'
import type { StepSummary } from '../summary'

export const run: Command = {
  name: 'run',
  operands: 'FILE',
  summary: 'Runs the steps of an experiment (.json or .residuum), inputs first. Results that are there already and still belong to their step are used again.',
  details: [
    'With --out, results are kept in that file; work in progress lies in FILE.residuum.work beside it, so that running again after Ctrl-C or a crash continues.',
    'Without --out nothing is kept: the metrics are shown.',
  ].join('\n'),
  options: [
    { name: 'out', value: 'X.residuum', help: 'Keep the experiment and its results in this file.' },
    { name: 'set', value: 'PATH=VALUE', many: true, help: 'Change the document first: fd.resolution=[257,257], problem.parameters.k=2.' },
    { name: 'only', value: 'STEP', many: true, help: 'Run this step and what it needs; may be given several times.' },
    { name: 'seed', value: 'N', help: 'Seed in place of the document\'s.' },
    { name: 'threads', value: 'N', help: 'Threads to use; the results are the same for any number.' },
    { name: 'json', help: 'End with one JSON object on standard output.' },
  ],
  async run(args, context) {
    const file = resolve(oneOperand(args, run))
    const out = args.text('out') === undefined ? undefined : resolve(args.text('out')!)
    if (out !== undefined && !out.endsWith('.residuum')) throw usageFault('wrong-extension', `--out ${args.text('out')} does not end in .residuum.`)
    if (out !== undefined && !existsSync(dirname(out))) throw usageFault('missing-folder', `The folder of --out ${args.text('out')} does not exist.`, 'Make it first.')
    const threads = wholeNumber(args, 'threads', 1, 256)
    const seed = wholeNumber(args, 'seed', 0, Number.MAX_SAFE_INTEGER)
    const { document: read, packed } = await context.host.files.call('readDocument', { path: file })
    let document = args.texts('set').reduce(applySetting, read)
    if (seed !== undefined && isJsonObject(document)) document = { ...document, seed }
    const session = await prepare(context, { file, packed, out, document })
    try {
      return await compute(context, session, { file, out, only: args.texts('only'), threads, json: args.has('json') })
    } finally {
      session.close(false)
    }
  },
}

interface Preparation { readonly file: string; readonly packed: boolean; readonly out: string | undefined; readonly document: Json }

/** The working folder with whatever results are there: of an interrupted run, of --out, of the file itself. */
async function prepare({ host, tell }: CommandContext, { file, packed, out, document }: Preparation): Promise<Session> {
  const folder = out === undefined ? host.temporaryFolder() : `${out}.work`
  const session = host.session(folder)
  const options = { documentFolder: dirname(file) }
  try {
    if (existsSync(workspaceAt(folder).document)) {
      await session.recover()
    } else {
      const source = out !== undefined && existsSync(out) ? out : packed ? file : undefined
      if (source === undefined) await session.open({ document }, options)
      else {
        if (source === out && !(await host.files.call('readDocument', { path: source })).packed) throw usageFault('out-not-residuum', `${basename(source)} exists and is not a .residuum file.`, 'Choose another name for --out.')
        clearUnfinishedFolder(folder)
        await session.open({ path: source }, options)
      }
    }
    for (const fault of session.openingFaults) tell(fault)
    await session.replaceDocument(document, options.documentFolder)
    return session
  } catch (reason) {
    session.close(false)
    if (reason instanceof FaultError && reason.faults[0].code === 'locked' && out !== undefined) {
      throw new FaultError(error('out-locked', `${basename(out)} is being written by another run.`, { tip: 'Wait for it to end, or choose another name for --out.' }))
    }
    throw reason
  }
}

/** A folder without a document was left while it was unpacked: nothing in it is newer than the file. */
function clearUnfinishedFolder(folder: string): void {
  if (existsSync(folder)) for (const name of ['results', 'records', 'models', 'figures', 'files', 'experiment.json', 'provenance.json', 'thumbnail.png']) rmSync(`${folder}/${name}`, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}

interface ComputeRequest { readonly file: string; readonly out: string | undefined; readonly only: readonly string[]; readonly threads: number | undefined; readonly json: boolean }

async function compute(context: CommandContext, session: Session, { file, out, only, threads, json }: ComputeRequest): Promise<number> {
  const { host, stderr, tell, out: print } = context
  const line = createProgressLine(stderr)
  const ends = new Map<string, JobEnd>()
  const { scheduler, supervisor } = host.scheduler({
    changed: () => undefined,
    progress: (_, progress) => line.update(progress.step, progress),
    log: (_, step, severity, message) => severity !== 'error' && line.say(`${step}: ${message}`),
    ended(_, step, end) {
      ends.set(step, end)
      line.clear()
      for (const fault of end.faults) if (fault.severity === 'error') line.say(`${step}: ${faultLine(fault)}`)
      if (end.status === 'done') line.say(`${step}: done in ${duration(end.record?.seconds ?? 0)}${end.record?.converged === false ? ', not converged' : ''}`)
    },
    detail: text => context.verbose && line.say(text),
  }, threads)

  const document = session.document as unknown as ExperimentDocument
  for (const fault of session.analysis.faults) if (fault.severity !== 'error') tell(fault)
  await inDocument(file, () => scheduler.compute(session, only.length > 0 ? { steps: only } : {}))
  let interrupts = 0
  const stopListening = context.onInterrupt(() => {
    if (++interrupts === 1) {
      line.say('stopping; what is done is kept')
      scheduler.cancel(session)
    } else supervisor.dispose()
  })
  await scheduler.idle(session)
  line.clear()

  const wanted = only.length > 0 ? new Set([...needed(session, only)]) : undefined
  const steps: Record<string, StepSummary> = {}
  for (const { id } of document.steps) if (!wanted || wanted.has(id)) steps[id] = summaryOf(session, id, ends.get(id))
  const failed = Object.values(steps).some(step => step.status === 'failed')
  const cancelled = interrupts > 0 || Object.values(steps).some(step => step.status === 'cancelled')
  const keeps = out !== undefined && Object.keys(steps).some(id => session.recordOf(id))
  if (keeps) await session.save(out, true)
  if (out !== undefined && !failed && !cancelled) session.close(true)
  // Until here: an impatient second Ctrl-C must not fall into the saving.
  stopListening()
  if (json) print(jsonLine({ file: keeps ? out : null, steps }))
  else {
    print(runSummary(steps))
    if (out === undefined && !cancelled) stderr.write('Nothing was kept; give --out X.residuum to keep the results.\n')
    if (keeps) stderr.write(`${failed || cancelled ? 'What is done is in' : 'Results are in'} ${out}\n`)
  }
  return cancelled ? exitCode.interrupted : failed ? exitCode.failed : exitCode.done
}

function needed(session: Session, ids: readonly string[], found = new Set<string>()): Set<string> {
  for (const id of ids) {
    if (found.has(id)) continue
    found.add(id)
    needed(session, session.analysis.steps.find(step => step.id === id)?.inputs ?? [], found)
  }
  return found
}

function summaryOf(session: Session, id: string, end: JobEnd | undefined): StepSummary {
  const status = end === undefined ? 'reused' : end.status
  const found = session.recordOf(id)
  const record = status === 'failed' || (status === 'cancelled' && !found?.stopped) ? undefined : found
  return {
    status,
    seconds: record?.seconds ?? 0,
    metrics: record ? (session.result(id)?.metrics ?? {}) : {},
    ...(record && !record.converged ? { converged: false } : {}),
    ...(end && end.faults.length > 0 ? { faults: end.faults } : {}),
  }
}
