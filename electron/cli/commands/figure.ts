import { basename, extname, resolve } from 'node:path'
import { FaultError, error, nearestName } from '../../../shared/fault'
import { findPreset, presetIds } from '../../../shared/figures/presets'
import type { Json } from '../../../shared/json'
import { isJsonArray, isJsonObject } from '../../../shared/json'
import { atomicWrite } from '../../engine/files/atomic-write'
import { writeRecord } from '../../engine/store/records'
import { workspaceAt } from '../../engine/store/workspace'
import { oneOperand, usageFault } from '../arguments'
import type { Command, CommandContext } from '../command'
import { exitCode } from '../command'

const formats = ['pdf', 'svg', 'png'] as const

export const figure: Command = {
  name: 'figure',
  operands: 'FILE',
  summary: 'Draws a figure of an experiment with results, as the app does. Without figures in the document: the default figure of the last step with a field.',
  options: [
    { name: 'out', value: 'F.(pdf|svg|png)', help: 'Where to write it; the extension chooses the format.' },
    { name: 'id', value: 'ID', help: 'Which figure of the document; the first when absent.' },
    { name: 'preset', value: 'ID', help: 'Journal preset in place of the figure\'s: nature-single, neurips, … (residuum list presets).' },
  ],
  async run(args, context) {
    const { host, tell, stderr } = context
    const file = resolve(oneOperand(args, figure))
    const out = args.text('out')
    if (out === undefined) throw usageFault('missing-out', 'residuum figure needs --out.', 'For example: --out figure.pdf')
    const format = formats.find(f => extname(out).toLowerCase() === `.${f}`)
    if (!format) throw usageFault('unknown-format', `--out ${out}: figures are written as ${formats.map(f => `.${f}`).join(', ')}.`)
    const preset = args.text('preset')
    if (preset !== undefined && !findPreset(preset)) {
      const near = nearestName(preset, presetIds)
      throw usageFault('unknown-preset', `There is no preset "${preset}".`, near ? `Did you mean "${near}"?` : `The presets are ${presetIds.join(', ')}.`)
    }
    const workspace = host.temporaryFolder()
    const opened = await host.files.call('open', { workspace, path: file })
    // Seconds of trainings are data of figures too, and stand in the records.
    for (const record of opened.records) writeRecord(workspaceAt(workspace), record)
    for (const fault of opened.faults) tell(fault)
    const specification = await chosenFigure(context, opened.document, workspace, basename(file), args.text('id'), preset)
    const drawn = await host.files.call('figure', { workspace, document: opened.document, figure: specification, format, ...(preset === undefined ? {} : { preset }) })
    for (const fault of drawn.faults) tell(fault)
    if (drawn.faults.some(fault => fault.severity === 'error')) return exitCode.failed
    atomicWrite(resolve(out), drawn.bytes)
    stderr.write(`${out}: ${drawn.widthMm.toFixed(1)} × ${drawn.heightMm.toFixed(1)} mm\n`)
    return exitCode.done
  },
}

async function chosenFigure({ host }: CommandContext, document: Json, workspace: string, file: string, id: string | undefined, preset: string | undefined): Promise<Json> {
  const figures = isJsonObject(document) && isJsonArray(document.figures) ? document.figures : []
  const ids = figures.map(entry => (isJsonObject(entry) ? String(entry.id) : ''))
  if (id !== undefined && !ids.includes(id)) {
    const near = nearestName(id, ids)
    throw usageFault('unknown-figure', `${file} has no figure "${id}".`, near ? `Did you mean "${near}"?` : ids.length > 0 ? `It has ${ids.join(', ')}.` : 'It has none; leave --id out for the default figure.')
  }
  if (figures.length > 0) return figures[id === undefined ? 0 : ids.indexOf(id)]
  const steps = isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject).map(step => String(step.id)) : []
  for (const step of steps.reverse()) {
    try {
      return await host.files.call('suggest', { workspace, step, title: isJsonObject(document) ? String(document.title ?? '') : '', ...(preset === undefined ? {} : { preset }) })
    } catch (reason) {
      if (!(reason instanceof FaultError) || !['nothing-to-draw', 'no-result'].includes(reason.faults[0].code)) throw reason
    }
  }
  throw new FaultError(error('no-results', `${file} has no results to draw.`, { tip: `Run it first: residuum run ${file} --out ${file.replace(/\.json$/, '')}.residuum` }))
}
