import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Snapshot, StepState } from '../../../shared/protocol/contract'
import { removeFolder, testEngine, type TestEngine, type TestWindow } from '../testing/engine'

let engine: TestEngine
let window: TestWindow
beforeEach(() => {
  engine = testEngine()
  window = engine.window()
})
afterEach(async () => {
  await engine.dispose()
  removeFolder(engine.folder)
})

const document = {
  format: 'residuum/1', title: 'Stopped', seed: 3, problem: { catalogue: 'poisson-2d' },
  steps: [
    { id: 'net', kind: 'train', network: { kind: 'mlp', width: 24, depth: 1 }, optimizer: { kind: 'lbfgs' }, points: { interior: 400, boundary: 60 }, budget: { steps: 1500 }, resolution: [17, 17] },
    { id: 'difference', kind: 'compare', a: 'net', b: 'net-again' }, { id: 'net-again', kind: 'solve', method: 'finite-difference', resolution: [17, 17] },
  ],
}
const open = (bytes: Uint8Array, name: string): Promise<Snapshot> => window.call('experiment.open', { source: { upload: name, bytes } })
const net = (snapshot: Snapshot): StepState => snapshot.steps[0]
const exported = async (experiment: string): Promise<readonly Uint8Array[]> => [
  ...(await Promise.all(['u', 'loss', 'relative_l2_curve', 'parameters'].map(async array => (await window.call('array.export', { experiment, ref: { step: 'net', array }, format: 'npy' })).bytes))),
  (await window.call('model.export', { experiment, step: 'net' })).bytes,
]

it('keeps the picture of a training that was stopped, and goes on from there to the same bits', async () => {
  const { experiment } = await open(new TextEncoder().encode(JSON.stringify(document)), 'a.json')
  const running = window.call('compute', { experiment, steps: ['net'] })
  await running
  while (!window.events('job.progress').some(progress => (progress.index ?? 0) > 20)) await new Promise(resolve => setTimeout(resolve, 5))
  expect(window.events('job.progress').at(-1)).toMatchObject({ loss: expect.any(Number) })
  await window.call('cancel', { experiment })
  const stopped = await window.until(s => net(s).status === 'cancelled')
  expect(net(stopped)).toMatchObject({ resumable: true, faults: [], result: { stopped: true, converged: false, faults: [{ code: 'stopped' }], models: [{ file: 'models/net.onnx', inputs: [{ shape: ['points', 2] }] }] } })
  const reached = net(stopped).result!.metrics
  expect(reached.iterations).toBeGreaterThan(20)
  expect(reached.iterations).toBeLessThan(1500)
  expect((await window.call('field.read', { experiment, ref: { step: 'net', array: 'u' } })).maximum).toBeGreaterThan(0.1)

  // Saved and opened elsewhere it is still no result of the step.
  const { bytes } = await window.call('experiment.download', { experiment })
  const copy = await open(bytes, 'b.residuum')
  expect(net(copy)).toMatchObject({ status: 'cancelled', resumable: false, result: { stopped: true, metrics: reached } })

  // A step that reads it computes it first.
  expect((await window.call('compute', { experiment, steps: ['difference'] })).queued).toEqual(['net', 'net-again', 'difference'])
  const resumed = await window.until(s => s.experiment === experiment && s.steps.every(step => step.status === 'done'))
  expect(net(resumed).result!.stopped).toBeUndefined()
  expect(window.events('job.log').map(line => line.message)).toContain('Continues from its last checkpoint.')
  const continued = await exported(experiment)
  expect((await window.call('compute', { experiment: copy.experiment, steps: ['net'] })).queued).toEqual(['net'])
  await window.until(s => s.experiment === copy.experiment && net(s).status === 'done')
  expect(await exported(copy.experiment)).toEqual(continued)

  // Computed once more and stopped: the finished result stays.
  await window.call('compute', { experiment, steps: ['net'] })
  await window.until(s => s.experiment === experiment && net(s).status === 'running')
  await new Promise(resolve => setTimeout(resolve, 300))
  await window.call('cancel', { experiment })
  const end = await window.until(s => s.experiment === experiment && net(s).status !== 'running')
  expect(net(end)).toMatchObject({ status: 'done', result: { metrics: net(resumed).result!.metrics } })
}, 60_000)
