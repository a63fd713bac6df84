import { error, FaultError } from '../../fault'
import { callerLine } from './caller'

/** A fault with the line of the program that it is about. */
export const programFault = (code: string, what: string, tip: string): FaultError => new FaultError(error(code, `${callerLine()} ${what}.`, { tip }))

/** tfjs's complaint about a kernel without a gradient as a fault; anything else as it is. */
export function backwardFault(reason: unknown): unknown {
  const missing = reason instanceof Error && /gradient function not found for (\w+)/.exec(reason.message)
  return missing ? new FaultError(error('gradient-missing', `The operation ${missing[1]} has no gradient.`, { tip: 'Compute it outside the loss, or write it with other operations.' })) : reason
}
