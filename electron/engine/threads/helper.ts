/** A helper thread: runs its share of each kernel. It sleeps between commands and ends when the conductor says stop. */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import { createInstances } from '../../../shared/kernels/instances'
import { pieceBegin } from '../../../shared/kernels/partition'
import { awaitChange, command, readyWord, slot, word, type HelperData } from './control'

const { rank, threads, memory, control, values, partials, failure, port } = workerData as HelperData & { readonly port: MessagePort }
const instances = createInstances(memory)
let loads = 0

function load(): void {
  while (loads < Atomics.load(control, word.loads)) {
    const received = receiveMessageOnPort(port)
    if (received === undefined) throw new Error('a kernel module was announced but did not arrive')
    const { name, module } = received.message as { name: string; module: WebAssembly.Module }
    loads++
    instances.load(name, module)
  }
}

function work(): void {
  load()
  const run = instances.at(control[word.kernel])
  const begin = values[slot.begin]
  const end = values[slot.end]
  const step = values[slot.step]
  const args = Array.from(values.subarray(slot.arguments, slot.arguments + control[word.argumentCount]))
  const pieces = control[word.pieces]
  const from = pieceBegin(begin, end, step, pieces, rank)
  const to = pieceBegin(begin, end, step, pieces, rank + 1)
  if (control[word.command] === command.parallel) {
    if (to > from) run(from, to, ...args)
  } else {
    for (let at = from; at < to; at += step) partials[(at - begin) / step] = run(at, Math.min(to, at + step), ...args)
  }
}

function fail(reason: unknown): void {
  if (Atomics.compareExchange(control, word.failed, 0, rank + 1) !== 0) return
  const text = new TextEncoder().encode(reason instanceof Error ? reason.message : String(reason)).subarray(0, failure.length - 1)
  failure.fill(0)
  failure.set(text)
}

/** True from the command on at which the conductor first counted on this helper (epochs wrap around, so compare by difference). */
function isEnlisted(): boolean {
  const since = Atomics.load(control, word.enlisted + rank)
  return since !== 0 && ((epoch - since) | 0) >= 0
}

let epoch = Atomics.load(control, word.epoch)
Atomics.store(control, readyWord(threads, rank), 1)
parentPort?.postMessage('ready')
while (Atomics.load(control, word.command) !== command.stop) {
  awaitChange(control, word.epoch, epoch)
  epoch = Atomics.load(control, word.epoch)
  if (Atomics.load(control, word.command) === command.stop || !isEnlisted()) continue
  try {
    if (rank < control[word.pieces]) work()
  } catch (reason) {
    fail(reason)
  }
  if (Atomics.sub(control, word.pending, 1) === 1) Atomics.notify(control, word.pending)
}
port.close()
