import { FaultError, error } from '../../../shared/fault'
import type { FaultPlace } from '../../../shared/fault'

/** Ends reading or writing with one fault: a stable code and one clear sentence. */
export function refuse(code: string, message: string, rest: { where?: FaultPlace; tip?: string } = {}): never {
  throw new FaultError(error(code, message, rest))
}

/** Runs `work` and names the file in every fault that it ends with. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (reason) {
    if (reason instanceof FaultError) throw new FaultError(reason.faults.map(fault => ({ ...fault, where: { file, ...fault.where } })))
    throw reason
  }
}

/** A name from a foreign file as it may be shown: short, without control characters. */
export function printable(name: string): string {
  const clean = name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '?')
  return clean.length > 80 ? `${clean.slice(0, 77)}…` : clean
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
/** 1536 → "1.5 KiB". */
export function byteCount(bytes: number): string {
  let unit = 0
  let value = bytes
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return unit === 0 ? `${bytes} bytes` : `${value >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '')} ${units[unit]}`
}
