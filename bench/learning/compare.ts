/**
 * A learning bench: the same model from the same initial parameters on the same data, trained by ours and by PyTorch. Prints the largest difference of the curves of losses over 50 steps, then one
 * JSON line for inference and one for a training step on two threads and on one. Every measurement runs in a process of its own, ours and the peer's in turn, after the same warm-up.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNpz } from '../../electron/engine/files/npz'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Precision } from '../../shared/learning/graph/graph'
import { initialParameters, type Arrays, type NumericArray } from './formula'
import type { BenchModel } from './model'
import { models } from './models'
import { inferenceProgram, adamProgram } from './program'

export interface Comparison {
  /** As the bench is called. */
  readonly name: string
  readonly model: string
  readonly precision: Precision
  /** Training steps in one call of ONNX Runtime. */
  readonly stepsPerCall?: number
}

/** Largest relative difference of the losses that is still the same training. */
const tolerance = { float32: 1e-4, float64: 1e-10 } as const
const steps = 50
const [warmUp, repetitions] = [3, 15]

interface Timing {
  readonly step_seconds: number
  readonly inference_seconds: number
  readonly step_processor_seconds: number
  readonly inference_processor_seconds: number
  readonly memory_bytes: number
  readonly variant?: string
  readonly peer?: string
  readonly backend?: string
  readonly trace_seconds?: number
  readonly prepare_seconds?: number
}

/** `options`: `--repetitions N`, `--threads 2,1`; `measure` and `curve` are how the bench calls itself. */
export async function compareWithPeer(comparison: Comparison, options: readonly string[], self: string): Promise<void> {
  const value = (name: string): string | undefined => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined)
  const count = Number(value('--repetitions') ?? repetitions)
  if (options[0] === 'measure') return console.log(JSON.stringify(await measure(comparison, options[1], Number(options[2]), count)))
  if (options[0] === 'curve') return console.log(JSON.stringify(await curve(comparison, options[1])))

  const directory = mkdtempSync(join(tmpdir(), 'residuum-bench-'))
  const ownProcess = <T>(...words: string[]): T => {
    const code = `import(${JSON.stringify(self)}).then(m => m.bench(${JSON.stringify([...words, '--repetitions', String(count)])}))`
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', maxBuffer: 1e8 })
    if (status !== 0) throw new Error(`measuring ${words.join(' ')} failed: ${stderr}`)
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as T
  }
  const peerProcess = (...words: string[]): Record<string, unknown>[] => {
    const { stdout, stderr, error } = spawnSync('/usr/bin/python3', ['bench/peers/peer.py', comparison.model, directory, '--precision', comparison.precision, '--repetitions', String(count), ...words], { encoding: 'utf8', maxBuffer: 1e8 })
    const said = error?.message ?? stderr
    if (said) process.stderr.write(`peer: ${said.trim()}\n`)
    return (stdout ?? '').split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Record<string, unknown>)
  }
  try {
    if (peerProcess('--only', 'curve', '--steps', String(steps)).length > 0) {
      const { losses, backend } = ownProcess<{ losses: number[]; backend: string }>('curve', directory)
      const expected = readArrays(join(directory, `${comparison.model}-${comparison.precision}.npz`)).losses.values
      const worst = losses.reduce((most, loss, k) => Math.max(most, lossDifference(loss, expected[k], expected[0])), 0)
      console.log(`${backend}: losses of ${steps} Adam steps within ${worst.toExponential(1)} of PyTorch's (${expected[0].toPrecision(7)} → ${expected[steps].toPrecision(7)})`)
      if (!(worst <= tolerance[comparison.precision])) {
        process.stderr.write(`The curves of losses differ by more than ${tolerance[comparison.precision]}: not the same training.\n`)
        process.exitCode = 1
      }
    }
    const measured = (value('--threads') ?? '2,1').split(',').map(Number).map(threads => {
      const ours = ownProcess<Timing>('measure', directory, String(threads))
      const peers = variantsOf(comparison.model).flatMap(variant => peerProcess('--only', 'time', '--threads', String(threads), ...(variant ? ['--variant', variant] : []))) as unknown as Timing[]
      console.log(`${ours.backend}: traced in ${ours.trace_seconds!.toFixed(2)} s, compiled in ${ours.prepare_seconds!.toFixed(2)} s, ${times(ours)}, ${mb(ours.memory_bytes)}`)
      for (const p of peers) console.log(`${p.peer} (${p.variant}), ${threads} thread${threads > 1 ? 's' : ''}: ${times(p)}, ${mb(p.memory_bytes)}`)
      return { threads, ours, peers }
    })
    for (const kind of ['inference', 'step'] as const) {
      for (const { threads, ours, peers } of measured) {
        const seconds = (t: Timing): number => t[`${kind}_seconds`]
        const processor = (t: Timing): number => t[`${kind}_processor_seconds`]
        const peer = [...peers].sort((a, b) => seconds(a) - seconds(b))[0]
        console.log(JSON.stringify({
          name: comparison.name, kind, ours_seconds: seconds(ours), peer: peer ? `${peer.peer} (${peer.variant})` : null, peer_seconds: peer ? seconds(peer) : null, ratio: peer ? seconds(peer) / seconds(ours) : null,
          threads, processor_ratio: peer ? processor(peer) / processor(ours) : null, trace_seconds: ours.trace_seconds, compile_seconds: ours.prepare_seconds, memory_bytes: ours.memory_bytes, peer_memory_bytes: peer?.memory_bytes ?? null,
        }))
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Relative; energies pass through zero, near which a tenth of the first one is the measure. */
export const lossDifference = (loss: number, expected: number, first: number): number => Math.abs(loss - expected) / Math.max(Math.abs(expected), 0.1 * Math.abs(first))

const ms = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`
const times = (t: Timing): string => `step ${ms(t.step_seconds)} (processor ${ms(t.step_processor_seconds)}), inference ${ms(t.inference_seconds)} (processor ${ms(t.inference_processor_seconds)})`
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** PyTorch programs to choose the fastest from, each measured in its own process. */
const variantsOf = (model: string): readonly (string | undefined)[] => (/^(pinn|ritz|laplacian)/.test(model) ? ['autograd', 'forward'] : model === 'unet' ? ['contiguous', 'channels-last'] : [undefined])

export const readArrays = (path: string): Record<string, NumericArray> => Object.fromEntries(readNpz(readFileSync(path)).map(array => [array.name, array.read()]))

const libm = loadLibm(readKernels())

/** Parameters and data: the peer's file where there is one, otherwise the formulae that it is written by. */
function start(comparison: Comparison, directory: string): { readonly model: BenchModel; readonly parameters: Arrays; readonly data: Arrays } {
  const model = models[comparison.model]('full', libm)
  const path = join(directory, 'initial.npz')
  if (!existsSync(path)) return { model, parameters: initialParameters(model.parameters, 1), data: model.data(1) }
  const arrays = readArrays(path)
  return {
    model, parameters: Object.fromEntries(model.parameters.map(({ name }) => [name, arrays[name]])),
    data: Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith('data.')).map(([name, array]) => [name.slice(5), array])),
  }
}

const feed = (data: Arrays, names: readonly string[], precision: Precision, copies = 1): Record<string, Float32Array | Float64Array> => Object.fromEntries(names.map(name => {
  const { values } = data[name]
  const stacked = precision === 'float64' ? new Float64Array(values.length * copies) : new Float32Array(values.length * copies)
  for (let k = 0; k < copies; k++) stacked.set(values, k * values.length)
  return [name, stacked]
}))

async function curve(comparison: Comparison, directory: string): Promise<{ losses: number[]; backend: string }> {
  const { model, parameters, data } = start(comparison, directory)
  const { precision } = comparison
  const program = adamProgram(model, data, { precision, libm, parameters })
  const execution = await createLearningRuntime({ threads: 1 }).prepare(program)
  const inputs = feed(data, Object.keys(data), precision)
  const losses: number[] = []
  for (let k = 0; k <= steps; k++) losses.push((await execution.run(inputs)).loss[0])
  return { losses, backend: execution.backend }
}

async function measure(comparison: Comparison, directory: string, threads: number, count: number): Promise<Timing> {
  const { model, parameters, data } = start(comparison, directory)
  const { precision, stepsPerCall = 1 } = comparison
  const runtime = createLearningRuntime({ threads })
  const started = performance.now()
  const program = adamProgram(model, data, { precision, libm, parameters, stepsPerCall })
  const traced = performance.now()
  const training = await runtime.prepare(program)
  const prepared = performance.now()
  const batches = feed(data, Object.keys(data), precision, stepsPerCall)
  const step = await median(() => training.run(batches), count)
  training.dispose()
  const inference = await runtime.prepare(inferenceProgram(model, data, { precision, libm, parameters }))
  const inputs = feed(data, model.outputData, precision)
  const answer = await median(() => inference.run(inputs), count)
  return {
    step_seconds: step.wall / stepsPerCall, step_processor_seconds: step.processor / stepsPerCall, inference_seconds: answer.wall, inference_processor_seconds: answer.processor, memory_bytes: process.resourceUsage().maxRSS * 1024,
    backend: training.backend, trace_seconds: (traced - started) / 1000, prepare_seconds: (prepared - traced) / 1000,
  }
}

/** Medians of wall-clock and processor time in seconds; on a machine with other work the second one says more. */
async function median(run: () => Promise<unknown>, count: number): Promise<{ readonly wall: number; readonly processor: number }> {
  for (let k = 0; k < warmUp; k++) await run()
  const [wall, processor]: number[][] = [[], []]
  for (let k = 0; k < count; k++) {
    const [from, worked] = [performance.now(), process.cpuUsage()]
    await run()
    wall.push((performance.now() - from) / 1000)
    const { user, system } = process.cpuUsage(worked)
    processor.push((user + system) / 1e6)
  }
  return { wall: middle(wall), processor: middle(processor) }
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(values.length - 1) >> 1] + sorted[values.length >> 1]) / 2
}
