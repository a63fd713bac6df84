import { basename, extname, resolve } from 'node:path'
import { atomicWrite } from '../../engine/files/atomic-write'
import { oneOperand, usageFault } from '../arguments'
import type { Command } from '../command'
import { exitCode } from '../command'

const formats = ['npy', 'csv', 'vti', 'vtu'] as const

export const exportArray: Command = {
  name: 'export',
  operands: 'FILE',
  summary: 'Writes one array of a .residuum for other tools: NumPy, CSV with coordinates, VTK image data or a VTK mesh (last time).',
  options: [
    { name: 'array', value: 'STEP/NAME', help: 'Which array, for example fd/u.' },
    { name: 'out', value: 'F.(npy|csv|vti|vtu)', help: 'Where to write it; the extension chooses the format.' },
  ],
  async run(args, { host, tell }) {
    const file = resolve(oneOperand(args, exportArray))
    const [reference, out] = [args.text('array'), args.text('out')]
    if (reference === undefined) throw usageFault('missing-array', 'residuum export needs --array STEP/NAME.', `See what there is with: residuum info ${basename(file)}`)
    if (out === undefined) throw usageFault('missing-out', 'residuum export needs --out.', 'For example: --out u.npy')
    const format = formats.find(f => extname(out).toLowerCase() === `.${f}`)
    if (!format) throw usageFault('unknown-format', `--out ${out}: arrays are written as ${formats.map(f => `.${f}`).join(', ')}.`)
    const [step, array, ...rest] = reference.split('/')
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(step) || !array || rest.length > 0) throw usageFault('array-reference', `--array ${reference} is not of the form STEP/NAME.`, 'For example: --array fd/u')
    const workspace = host.temporaryFolder()
    const opened = await host.files.call('open', { workspace, path: file })
    for (const fault of opened.faults) tell(fault)
    atomicWrite(resolve(out), await host.files.call('exportArray', { workspace, step, array, format }))
    return exitCode.done
  },
}
