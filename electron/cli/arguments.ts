import { FaultError, error, nearestName } from '../../shared/fault'

/** An option of a command. */
export interface OptionSpecification {
  readonly name: string
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string
  readonly many?: boolean
  readonly help: string
}

export interface CommandSpecification {
  readonly name: string
  /** Positional arguments as the help shows them: `FILE`, `FILE…`. */
  readonly operands: string
  readonly summary: string
  readonly details?: string
  readonly options: readonly OptionSpecification[]
}

export interface Arguments {
  readonly operands: readonly string[]
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  has(name: string): boolean
}

/** Options that every command has. */
export const commonOptions: readonly OptionSpecification[] = [
  { name: 'verbose', help: 'Say more, also where a fault came from.' },
  { name: 'help', help: 'Show this.' },
]

export const usageFault = (code: string, message: string, tip?: string): FaultError => new FaultError(error(code, message, tip === undefined ? {} : { tip }))

/** `--name value`, `--name=value`, `--` before operands that begin with a dash. Faults: unknown-option, missing-value, repeated-option, unexpected-value. */
export function parseArguments(words: readonly string[], command: CommandSpecification): Arguments {
  const known = [...command.options, ...commonOptions]
  const values = new Map<string, string[]>()
  const operands: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === '--') {
      operands.push(...words.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    const [, flag, given] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(word)!
    const name = word === '-h' ? 'help' : word === '-v' ? 'verbose' : flag
    const option = word.startsWith('--') || name !== flag ? known.find(o => o.name === name) : undefined
    if (!option) {
      const near = nearestName(flag, known.map(o => o.name))
      throw usageFault('unknown-option', `residuum ${command.name} has no option ${word.split('=')[0]}.`, near ? `Did you mean --${near}?` : `See: residuum ${command.name} --help`)
    }
    const list = values.get(name) ?? []
    values.set(name, list)
    if (option.value === undefined) {
      if (given !== undefined) throw usageFault('unexpected-value', `--${name} takes no value.`)
      list.push('')
      continue
    }
    const value = given ?? words[++i]
    if (value === undefined || (given === undefined && /^--[a-z]/.test(value))) throw usageFault('missing-value', `--${name} needs a value: --${name} ${option.value}.`)
    if (list.length > 0 && !option.many) throw usageFault('repeated-option', `--${name} is given twice.`, 'Give it once.')
    list.push(value)
  }
  return { operands, text: name => values.get(name)?.[0], texts: name => values.get(name) ?? [], has: name => values.has(name) }
}

/** A whole number within bounds. Fault: wrong-number. */
export function wholeNumber(args: Arguments, name: string, least: number, most: number): number | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
    throw usageFault('wrong-number', `--${name} ${text} is not a whole number from ${least} to ${most}.`)
  }
  return value
}

export function oneOperand(args: Arguments, command: CommandSpecification): string {
  if (args.operands.length === 0) throw usageFault('missing-operand', `residuum ${command.name} needs a file.`, `Usage: residuum ${command.name} ${command.operands}`)
  if (args.operands.length > 1) throw usageFault('too-many-operands', `residuum ${command.name} takes one ${command.operands}, and ${args.operands.length} are given.`, `"${args.operands[1]}" is one too many.`)
  return args.operands[0]
}

export function helpOf(command: CommandSpecification): string {
  const options = [...command.options, ...commonOptions].map(o => [`--${o.name}${o.value ? ` ${o.value}` : ''}`, o.help] as const)
  const width = Math.max(...options.map(([left]) => left.length))
  return [
    `residuum ${command.name} ${command.operands}`.trim(), '', command.summary, ...(command.details ? ['', command.details] : []), '',
    ...options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`), '',
  ].join('\n')
}
