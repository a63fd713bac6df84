import { mkdirSync, rmdirSync, writeSync } from 'node:fs'
import { FaultError } from '../../../../shared/fault'
import { acquireLock } from '../lock'

/** Takes and releases a lock so many times; counts how often another process was inside at the same time (a folder can be made only once). */
const [, , path, times] = process.argv
let held = 0
let overlaps = 0
const pause = new Int32Array(new SharedArrayBuffer(4))
while (held < Number(times)) {
  try {
    const lock = acquireLock(path)
    try {
      mkdirSync(`${path}.inside`)
      Atomics.wait(pause, 0, 0, 1)
      rmdirSync(`${path}.inside`)
    } catch {
      overlaps++
    }
    held++
    lock.release()
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
    Atomics.wait(pause, 0, 0, 2)
  }
}
writeSync(1, JSON.stringify({ held, overlaps }))
