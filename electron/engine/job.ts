/**
 * Entry of a job process. This main thread only pumps messages, so that Stop is acknowledged at once whatever the conductor does;
 * the conductor thread runs the step. The process ends by its supervisor's signal, or by its own when the supervisor is gone.
 */
import { Worker } from 'node:worker_threads'
import { control } from './jobs/messages'
import type { FromConductor, FromJob, ToJob } from './jobs/messages'
import { connectParent, ignoreTerminalSignals } from './jobs/parent'
import { builtFile } from './kernels'

ignoreTerminalSignals()
const parent = connectParent()
const send = (message: FromJob): void => parent.send(message)
const words = new Int32Array(new SharedArrayBuffer(4 * control.words))
const conductor = new Worker(builtFile('engine/conductor.mjs'), { workerData: { words }, stdout: true })

const cancel = (): void => {
  Atomics.store(words, control.cancel, 1)
  Atomics.notify(words, control.cancel)
}

let finished = false
conductor.on('message', (message: FromConductor) => {
  finished ||= message.kind === 'finished'
  send(message)
})
conductor.on('error', (reason: Error & { code?: string }) => {
  if (finished) return
  finished = true
  const outOfMemory = reason.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const fault = outOfMemory
    ? { severity: 'error' as const, code: 'out-of-memory', message: 'The step ran out of memory.', tip: 'Choose a smaller resolution.' }
    : { severity: 'error' as const, code: 'internal', message: `The step ended by a fault in the program: ${reason.message}.` }
  send({ kind: 'finished', status: 'failed', faults: [fault], stack: reason.stack })
})

parent.onMessage(raw => {
  const message = raw as ToJob
  switch (message.kind) {
    case 'start':
      return conductor.postMessage(message.order)
    case 'cancel':
      cancel()
      return send({ kind: 'cancelling' })
    case 'ping':
      return send({ kind: 'pong', id: message.id, residentBytes: process.memoryUsage.rss() })
    case 'frames': {
      const size = message.size ?? []
      size.forEach((nodes, axis) => Atomics.store(words, control.frameAxes + 1 + axis, nodes))
      Atomics.store(words, control.frameAxes, size.length)
      return void Atomics.store(words, control.frameCredit, size.length > 0 ? 1 : 0)
    }
    case 'next-frame':
      return void Atomics.store(words, control.frameCredit, 1)
  }
})
parent.onClose(() => {
  // Nobody is left to hear the result: write the checkpoint that Stop writes, then go.
  cancel()
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500)
})
send({ kind: 'ready' })
