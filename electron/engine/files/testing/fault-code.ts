import { FaultError } from '../../../../shared/fault'

/** The code of the fault that `work` ends with, `undefined` when it succeeds; anything else it throws goes through. For tests. */
export function faultCode(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (reason) {
    if (reason instanceof FaultError) return reason.faults[0].code
    throw reason
  }
}
