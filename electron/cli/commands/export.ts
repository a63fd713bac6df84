import { basename, extname, resolve } from 'node:path'
import { atomicWrite } from '../../engine/files/atomic-write'
import { oneOperand, usageFault, type Arguments } from '../arguments'
import type { Command, CommandContext } from '../command'
import { exitCode } from '../command'

const formats = ['npy', 'csv', 'vti', 'vtu'] as const

export const exportArray: Command = {
  name: 'export',
  operands: 'FILE',
  summary: 'Writes one array of a .residuum for other tools: NumPy, CSV with coordinates, VTK image data or a VTK mesh (last time); or a trained network as ONNX.',
  options: [
    { name: 'array', value: 'STEP/NAME', help: 'Which array, for example fd/u.' },
    { name: 'model', value: 'STEP', help: 'Which step’s network, for example pinn.' },
    { name: 'out', value: 'F.(npy|csv|vti|vtu|onnx)', help: 'Where to write it; the extension chooses the format.' },
  ],
  async run(args, context) {
    const file = resolve(oneOperand(args, exportArray))
    const out = args.text('out')
    const [array, model] = [args.text('array'), args.text('model')]
    if (array !== undefined && model !== undefined) throw usageFault('array-or-model', 'residuum export writes one thing at a time: --array or --model.')
    if (array === undefined && model === undefined) throw usageFault('missing-array', 'residuum export needs --array STEP/NAME or --model STEP.', `See what there is with: residuum info ${basename(file)}`)
    if (out === undefined) throw usageFault('missing-out', 'residuum export needs --out.', `For example: --out ${model === undefined ? 'u.npy' : `${model}.onnx`}`)
    const write = model === undefined ? arrayWriter(args, out) : modelWriter(model, out)
    const workspace = context.host.temporaryFolder()
    const opened = await context.host.files.call('open', { workspace, path: file })
    for (const fault of opened.faults) context.tell(fault)
    atomicWrite(resolve(out), await write(context, workspace))
    return exitCode.done
  },
}

type Writer = (context: CommandContext, workspace: string) => Promise<Uint8Array>
const stepPattern = /^[a-z][a-z0-9-]{0,31}$/

function arrayWriter(args: Arguments, out: string): Writer {
  const reference = args.text('array')!
  const format = formats.find(f => extname(out).toLowerCase() === `.${f}`)
  if (!format) throw usageFault('unknown-format', `--out ${out}: arrays are written as ${formats.map(f => `.${f}`).join(', ')}.`)
  const [step, array, ...rest] = reference.split('/')
  if (!stepPattern.test(step) || !array || rest.length > 0) throw usageFault('array-reference', `--array ${reference} is not of the form STEP/NAME.`, 'For example: --array fd/u')
  return ({ host }, workspace) => host.files.call('exportArray', { workspace, step, array, format })
}

function modelWriter(model: string, out: string): Writer {
  if (extname(out).toLowerCase() !== '.onnx') throw usageFault('unknown-format', `--out ${out}: networks are written as .onnx.`)
  const [step, name, ...rest] = model.split('.')
  if (!stepPattern.test(step) || (name !== undefined && !stepPattern.test(name)) || rest.length > 0) throw usageFault('model-reference', `--model ${model} is not the id of a step.`, 'For example: --model pinn')
  return ({ host }, workspace) => host.files.call('exportModel', { workspace, step, ...(name === undefined ? {} : { name }) })
}
