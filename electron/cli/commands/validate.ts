import { dirname, resolve } from 'node:path'
import { oneOperand } from '../arguments'
import type { Command } from '../command'
import { exitCode } from '../command'
import { faultsIn } from '../host'

export const validate: Command = {
  name: 'validate',
  operands: 'FILE',
  summary: 'Checks a document, and of a .residuum also every member against its checksum. Exit code 0, or one line per fault with its place and exit code 2.',
  options: [],
  async run(args, { host, tell }) {
    const file = resolve(oneOperand(args, validate))
    const { faults: damage } = await host.files.call('info', { path: file, verify: true })
    const workspace = host.temporaryFolder()
    const { document, records } = await host.files.call('open', { workspace, path: file })
    const knownHashes = Object.assign({}, ...records.map(record => record.fileHashes ?? {})) as Record<string, string>
    const { faults } = await host.files.call('analyse', { document, workspace, documentFolder: dirname(file), knownHashes })
    const all = faultsIn(file, [...damage, ...faults])
    all.forEach(tell)
    return all.some(fault => fault.severity === 'error' || fault.code.startsWith('member-')) ? exitCode.invalid : exitCode.done
  },
}
