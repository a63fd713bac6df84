import type { Fault } from '../../shared/fault'
import type { Arguments, CommandSpecification } from './arguments'
import type { CommandHost } from './host'

/** What a command may use beside its arguments. */
export interface CommandContext {
  readonly host: CommandHost
  readonly out: (text: string) => void
  readonly stderr: NodeJS.WriteStream
  /** Tells a fault on standard error. */
  readonly tell: (fault: Fault) => void
  readonly verbose: boolean
  /** Calls back at Ctrl-C or a polite request to end; returns the function that stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void
}

export interface Command extends CommandSpecification {
  /** Resolves to the exit code. */
  run(args: Arguments, context: CommandContext): Promise<number>
}

export const exitCode = { done: 0, failed: 1, invalid: 2, interrupted: 130 } as const
