import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { formatName } from '../../../shared/experiment/document'
import { faultLine } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { freeId, safeFileName } from '../../engine/handlers/import'
import { onlyChoice } from '../../engine/jobs/foreign'
import { usageFault } from '../arguments'
import type { Command, CommandContext } from '../command'
import { exitCode } from '../command'

export const importFiles: Command = {
  name: 'import',
  operands: 'FILE…',
  summary: 'Makes an experiment of fields that somebody else computed: .mat (v5), .npy, .npz, .csv.',
  options: [
    { name: 'out', value: 'X.residuum', help: 'The file to make.' },
    { name: 'array', value: 'NAME', help: 'Which array of the file, where there are several.' },
    { name: 'axes', value: 'x=NAME,t=NAME', help: 'Which arrays hold the coordinates, where names and lengths do not tell; or "x=[-1,1]" for equally spaced nodes.' },
    { name: 'title', value: 'TEXT', help: 'Title of the experiment.' },
  ],
  async run(args, context) {
    if (args.operands.length === 0) throw usageFault('missing-operand', 'residuum import needs a file.', 'Usage: residuum import FILE… --out X.residuum')
    const out = args.text('out')
    if (out === undefined || !out.endsWith('.residuum')) throw usageFault('missing-out', 'residuum import needs --out X.residuum.')
    if (existsSync(out)) throw usageFault('out-exists', `${basename(out)} exists already.`, 'Choose another name, or remove it.')
    const axes = args.text('axes') === undefined ? undefined : parseAxes(args.text('axes')!)
    const { host, stderr, verbose } = context
    const folder = host.temporaryFolder()
    const steps: Json[] = []
    for (const operand of args.operands) steps.push(await importStep(context, resolve(operand), folder, steps, args.text('array'), axes))
    const session = host.session(folder)
    await session.open({ document: { format: formatName, title: args.text('title') ?? basename(args.operands[0]), steps } })
    let failed = false
    const { scheduler } = host.scheduler({
      changed: () => undefined, progress: () => undefined, log: () => undefined,
      ended: (_, step, end) => {
        failed ||= end.status !== 'done'
        for (const fault of end.faults) stderr.write(`${step}: ${faultLine(fault)}\n`)
      },
      detail: text => verbose && stderr.write(`${text}\n`),
    }, 1)
    await scheduler.compute(session)
    await scheduler.idle(session)
    if (!failed) await session.save(resolve(out), false)
    session.close(true)
    return failed ? exitCode.failed : exitCode.done
  },
}

async function importStep({ host }: CommandContext, path: string, folder: string, steps: readonly Json[], array: string | undefined, axes: Readonly<Record<string, string>> | undefined): Promise<Json> {
  const arrays = await host.files.call('inspect', { path, name: basename(path) })
  if (axes !== undefined && array === undefined && arrays.length === 1) array = arrays[0].array
  const choice = array !== undefined && axes !== undefined ? { array, axes } : onlyChoice(basename(path), arrays.map(({ array: name, ...rest }) => ({ name, ...rest })), array)
  const taken = (steps as readonly { id: string; file: string }[])
  const own = safeFileName(path)
  const file = taken.some(step => step.file === own) ? `${taken.length + 1}-${own}` : own
  mkdirSync(join(folder, 'files'), { recursive: true })
  copyFileSync(path, join(folder, 'files', file))
  return { id: freeId(file, taken.map(step => step.id)), kind: 'import', file, array: choice.array, axes: axes ?? choice.axes }
}

function parseAxes(text: string): Record<string, string> {
  // A comma within brackets belongs to the interval of equally spaced nodes: x=[-1,1].
  return Object.fromEntries(text.split(/,(?![^[]*\])/).map(pair => {
    const [, axis, name] = /^\s*([xyzt])\s*=\s*(.+?)\s*$/.exec(pair) ?? []
    if (!axis) throw usageFault('axes-syntax', `--axes ${text} is not of the form x=NAME,t=NAME.`, 'Coordinates are x, y, z and t.')
    return [axis, name]
  }))
}
