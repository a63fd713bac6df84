import { error, FaultError } from '../../fault'
import { callerLine, programLine } from './caller'

/** A fault with the line of the program that it is about. */
export const programFault = (code: string, what: string, tip: string): FaultError => new FaultError(error(code, `${callerLine()} ${what}.`, { tip }))

/** tfjs's complaint about a kernel without a gradient as a fault; anything else as it is. */
export function backwardFault(reason: unknown): unknown {
  const missing = reason instanceof Error && /gradient function not found for (\w+)/.exec(reason.message)
  return missing ? new FaultError(error('gradient-missing', `The operation ${missing[1]} has no gradient.`, { tip: 'Compute it outside the loss, or write it with other operations.' })) : reason
}

/** What tfjs itself refuses while tracing (shapes that do not fit, mostly) as a fault with the line of the program; errors of the program's own as they are. */
export function tracingFault(reason: unknown): unknown {
  if (!(reason instanceof Error) || reason instanceof FaultError) return reason
  const { inside, line } = programLine(reason.stack ?? '')
  return inside ? new FaultError(error('trace-refused', `${line}: ${reason.message.replace(/^Error in /, '').replace(/\s+/g, ' ')}`)) : reason
}
