import { resolve } from 'node:path'
import { visible } from '../../../shared/fault'
import { fromJsonNumber, isJsonArray, isJsonObject } from '../../../shared/json'
import type { Json } from '../../../shared/json'
import type { ModelInfo, ModelPort } from '../../../shared/protocol/contract'
import type { FileInfo } from '../../engine/file-process/methods'
import { oneOperand } from '../arguments'
import type { Command } from '../command'
import { exitCode } from '../command'
import { jsonIndented, metricLines } from '../summary'

export const info: Command = {
  name: 'info',
  operands: 'FILE',
  summary: 'Says what a file holds: problem, steps, arrays with their shapes, metrics, provenance.',
  options: [{ name: 'json', help: 'As one JSON object.' }],
  async run(args, { host, out, tell }) {
    const path = resolve(oneOperand(args, info))
    const found = await host.files.call('info', { path, verify: false })
    for (const fault of found.faults) tell(fault)
    const { document } = found
    const part = (key: string): Json => (isJsonObject(document) ? (document[key] ?? null) : null)
    if (args.has('json')) {
      out(jsonIndented({
        file: path, format: part('format'), title: part('title'), seed: part('seed'), problem: part('problem'),
        steps: stepsOf(document).map(step => ({ ...step, ...(found.results[String(step.id)] ?? {}) })),
        provenance: found.provenance ?? null,
      }))
    } else out(description(found))
    return exitCode.done
  },
}

const stepsOf = (document: Json): Readonly<Record<string, Json>>[] => (isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject) : [])

function description({ document, results, provenance }: FileInfo): string {
  const title = isJsonObject(document) ? document.title : undefined
  const problem = isJsonObject(document) && isJsonObject(document.problem) ? document.problem : {}
  const lines = [String(title ?? 'Untitled')]
  if (typeof problem.catalogue === 'string') lines.push(`  problem: ${problem.catalogue} of the catalogue`)
  for (const equation of isJsonArray(problem.equations) ? problem.equations : []) lines.push(`  ${String(equation)}`)
  for (const step of stepsOf(document)) {
    const id = String(step.id)
    const result = results[id]
    lines.push('', `${id}  (${String(step.kind)}${typeof step.method === 'string' ? `, ${step.method}` : ''})${result ? '' : '  no result'}`)
    for (const [name, array] of Object.entries(result?.arrays ?? {})) lines.push(`  ${name}  ${array.shape.join(' × ')}`)
    for (const model of result?.models ?? []) lines.push(`  ${modelLine(model)}`)
    const metrics = isJsonObject(result?.metrics) ? result.metrics : {}
    const numbers = Object.entries(metrics).map(([name, value]) => [name, fromJsonNumber(value)] as const)
    lines.push(...metricLines(Object.fromEntries(numbers.filter((entry): entry is readonly [string, number] => entry[1] !== undefined)), 2))
  }
  if (isJsonObject(provenance) && isJsonObject(provenance.app)) lines.push('', `written by ${String(provenance.app.name)} ${String(provenance.app.version)}${typeof provenance.written === 'string' ? ` on ${provenance.written}` : ''}`)
  return `${lines.map(visible).join('\n')}\n`
}

function modelLine({ file, inputs, outputs, operatorSet, precision, parameters, fault }: ModelInfo): string {
  if (fault !== undefined) return `${file}  ${fault}`
  const port = ({ name, shape }: ModelPort): string => `${name} [${shape.join(', ')}]`
  return `${file}  ${inputs.map(port).join(', ')} → ${outputs.map(port).join(', ')}, ${precision ?? 'mixed precision'}, ${parameters} numbers, operator set ${operatorSet}`
}
