import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { StepEnvelope } from '../experiment/document'
import { createSerialTeam } from '../kernels/serial-team'
import type { Run } from '../kernels/team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput, StepResult } from './step-kind'
import { train } from './train'
import { checkStart } from './train-start'

const kernels = readKernels()
const libm = loadLibm(kernels)
const { problem } = analyse({ catalogue: 'poisson-1d', parameters: { k: 1 } }, libm)
const run: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
const runner = train.load()
let clock = 0
async function trained(step: StepEnvelope, results: Readonly<Record<string, StepResult>> = {}): Promise<StepOutput> {
  return (await runner).run({ step, problem, run, libm, seed: 5, team: createSerialTeam({ kernels }), learning: createLearningRuntime({ threads: 1 }), now: () => (clock += 1), input: (id: string) => results[id] } as unknown as StepContext)
}
const parameters = (output: StepOutput): Float64Array => output.arrays.find(({ name }) => name === 'parameters')!.values
const loss = (output: StepOutput): Float64Array => output.arrays.find(({ name }) => name === 'loss')!.values

const common = { kind: 'train', diagnostics: [], points: { interior: 32, boundary: 2 }, resolution: [9], budget: { steps: 30 } }
it.each([['mlp', { width: 12, depth: 1 }], ['fourier-features', { width: 8, depth: 2, features: 4 }]])('a training of %s goes on with the network that another one has left', async (kind, options) => {
  const network = { kind, ...options }
  const adam = await trained({ id: 'adam', ...common, network, optimizer: { kind: 'adam', rate: 1e-3 } })
  const second = await trained({ id: 'second', ...common, network, optimizer: { kind: 'lbfgs' }, start: 'adam', budget: { steps: 1 } }, { adam })
  const finer = await trained({ id: 'second', ...common, network, optimizer: { kind: 'lbfgs' }, start: 'adam' }, { adam })
  // The first loss is that of the other's last network at this step's own points, not that of a network that was drawn.
  expect(loss(second)[0] / adam.metrics.loss).toBeGreaterThan(0.3)
  expect(loss(second)[0] / adam.metrics.loss).toBeLessThan(3)
  expect(loss(finer).at(-1)!).toBeLessThan(0.5 * loss(second)[0])
  // A rate of nothing leaves it as it came, bit by bit.
  const same = await trained({ id: 'same', ...common, network, optimizer: { kind: 'sgd', rate: 1e-300, schedule: 'constant' }, start: 'adam', budget: { steps: 2 } }, { adam })
  expect(parameters(same)).toEqual(parameters(adam))
})

it('Gauss–Newton goes on where L-BFGS has come to', async () => {
  const network = { kind: 'mlp', width: 16, depth: 1 }
  const lbfgs = await trained({ id: 'lbfgs', ...common, network, optimizer: { kind: 'lbfgs' } })
  const last = await trained({ id: 'last', ...common, network, start: 'lbfgs' }, { lbfgs })
  expect(last.metrics.relative_l2).toBeLessThan(0.1 * lbfgs.metrics.relative_l2)
})

const steps: StepEnvelope[] = [
  { id: 'adam', kind: 'train', network: { kind: 'mlp', width: 32 }, optimizer: { kind: 'adam' } }, { id: 'fd', kind: 'solve' },
  { id: 'other', kind: 'train', network: { kind: 'siren', width: 32 }, optimizer: { kind: 'adam' } },
]
it.each([
  [{ start: 'adan' }, 'There is no other train step "adan". Did you mean "adam"?'],
  [{ start: 'fd' }, 'There is no other train step "fd". The others are adam, other.'],
  [{ start: 'gn' }, 'There is no other train step "gn". The others are adam, other.'],
  [{ start: 'adam', network: { kind: 'mlp', width: 64, activation: 'sin' } }, 'The network of "adam" has width 32, activation tanh, and this one width 64, activation sin: its parameters do not fit. Give this step the network of "adam".'],
  [{ start: 'adam', network: { kind: 'mlp', width: 32 }, conditions: 'hard' }, 'The network of "adam" meets its conditions by terms of the loss, and this one holds its conditions by its form: the same parameters mean another function.'],
  [{ start: 'other', network: { kind: 'mlp', width: 32 } }, 'The network of "other" has kind siren,'],
])('what cannot be gone on from is told before: %j', (options, message) => {
  const step = { id: 'gn', kind: 'train', ...options }
  expect(checkStart(step, { steps: [...steps, step] }).map(fault => `${fault.message} ${fault.tip}`).join('\n')).toContain(message)
})

it('how parameters begin is no part of the network, and the other step is an input', () => {
  const step = { id: 'gn', kind: 'train', start: 'adam', network: { kind: 'mlp', width: 32, initialisation: 'spread' } }
  expect(checkStart(step, { steps: [...steps, step] })).toEqual([])
  expect(train.inputs(step)).toEqual(['adam'])
})

it('a result that holds another number of parameters is refused', async () => {
  const adam = { fields: [], metrics: {}, arrays: [{ name: 'parameters', values: new Float64Array(7) }] }
  await expect(trained({ id: 'gn', ...common, network: { kind: 'mlp', width: 4, depth: 1 }, start: 'adam' }, { adam })).rejects.toThrow('The result of "adam" holds 7 parameters, and this network has 13.')
})
