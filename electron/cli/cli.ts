import { FaultError, faultLine, nearestName } from '../../shared/fault'
import type { Fault } from '../../shared/fault'
import { engineVersion } from '../engine/version'
import { helpOf, parseArguments, usageFault } from './arguments'
import type { Command } from './command'
import { exitCode } from './command'
import { exportArray } from './commands/export'
import { figure } from './commands/figure'
import { importFiles } from './commands/import'
import { info } from './commands/info'
import { list } from './commands/list'
import { run } from './commands/run'
import { serve } from './commands/serve'
import { validate } from './commands/validate'
import { createCommandHost } from './host'

const commands: readonly Command[] = [run, info, validate, figure, exportArray, importFiles, list, serve]

/** The command line: `words` without the program's name. Resolves to the exit code; never throws. */
export async function main(words: readonly string[]): Promise<number> {
  const verbose = words.includes('--verbose')
  const stderr = process.stderr
  const tell = (fault: Fault): void => void stderr.write(`${fault.severity === 'error' ? '' : `${fault.severity}: `}${faultLine(fault)}\n`)
  const out = (text: string): void => void process.stdout.write(text)
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (reason: NodeJS.ErrnoException) => {
    if (reason.code !== 'EPIPE') throw reason
  })
  const host = createCommandHost(detail => void (verbose && stderr.write(`${detail}\n`)))
  try {
    const command = commandOf(words, out)
    if (typeof command === 'number') return command
    const args = parseArguments(words.slice(1), command)
    if (args.has('help')) {
      out(helpOf(command))
      return exitCode.done
    }
    return await command.run(args, { host, out, stderr, tell, verbose, onInterrupt })
  } catch (reason) {
    if (reason instanceof FaultError) {
      reason.faults.forEach(tell)
      if (verbose) stderr.write(`${reason.stack ?? ''}\n`)
      return exitCode.invalid
    }
    const { message, stack } = reason as Error
    stderr.write(verbose ? `${stack ?? message}\n` : `residuum ended by a fault in the program: ${message.split('\n')[0]}. Run it again with --verbose for details.\n`)
    return exitCode.failed
  } finally {
    host.dispose()
  }
}

function commandOf(words: readonly string[], out: (text: string) => void): Command | number {
  const [first] = words
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const named = first === 'help' ? commands.find(({ name }) => name === words[1]) : undefined
    out(named ? helpOf(named) : overview())
    return first === undefined ? exitCode.invalid : exitCode.done
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    out(`residuum ${engineVersion}\n`)
    return exitCode.done
  }
  const command = commands.find(({ name }) => name === first)
  if (command) return command
  const near = nearestName(first, commands.map(({ name }) => name))
  throw usageFault('unknown-command', `residuum has no command "${first}".`, near ? `Did you mean "${near}"?` : `It has ${commands.map(({ name }) => name).join(', ')}.`)
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'residuum: PDEs by classical and neural methods, with every error accounted for', '',
    'residuum COMMAND … [--verbose] [--help]', '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary.split(/(?<=\.)\s/)[0]}`), '',
    'residuum COMMAND --help says more. Exit codes: 0 done, 1 a step failed, 2 the input is invalid (nothing was run), 130 interrupted.', '',
  ].join('\n')
}

function onInterrupt(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
