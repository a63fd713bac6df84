import { nearestName } from '../../../shared/fault'
import { registryData } from '../../engine/registry'
import { usageFault } from '../arguments'
import type { Command } from '../command'
import { exitCode } from '../command'

const kinds = ['problems', 'methods', 'steps', 'networks', 'optimizers', 'architectures', 'quantizers', 'presets'] as const

export const list: Command = {
  name: 'list',
  operands: kinds.join('|'),
  summary: 'Lists what this version has of a kind.',
  options: [{ name: 'json', help: 'With all their data: options as JSON Schema, references, statements.' }],
  async run(args, { out }) {
    const [kind, extra] = args.operands
    if (kind === undefined || extra !== undefined) throw usageFault('missing-operand', 'residuum list needs one word: what to list.', `One of ${kinds.join(', ')}.`)
    if (!(kinds as readonly string[]).includes(kind)) {
      const near = nearestName(kind, kinds)
      throw usageFault('unknown-registry', `There is no list of "${kind}".`, near ? `Did you mean "${near}"?` : `One of ${kinds.join(', ')}.`)
    }
    const lines = registryData()[kind as (typeof kinds)[number]]
    if (args.has('json')) out(`${JSON.stringify(lines, undefined, 2)}\n`)
    else {
      const width = Math.max(0, ...lines.map(({ id }) => id.length))
      for (const line of lines) out(`${line.id.padEnd(width)}  ${'summary' in line ? `${line.name}. ${line.summary}` : `${line.name}, ${line.widthMm} mm wide`}\n`)
    }
    return exitCode.done
  },
}
