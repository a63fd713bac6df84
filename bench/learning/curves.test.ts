import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Precision } from '../../shared/learning/graph/graph'
import { lossDifference, readArrays } from './compare'
import curves from './curves.json'
import { initialParameters } from './formula'
import { models } from './models'
import { inferenceProgram, adamProgram } from './program'

const libm = loadLibm(readKernels())
const runtime = createLearningRuntime({ threads: 1, only: 'native' })
const names = Object.keys(models) as (keyof typeof curves)[]
const norm = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0))

/** Relative differences of losses, first gradients' norms and the first output's norm from PyTorch's in double precision. */
async function differences(name: keyof typeof curves, precision: Precision): Promise<{ losses: number; gradients: number; output: number }> {
  const model = models[name]('tiny', libm)
  const [parameters, data] = [initialParameters(model.parameters, 1), model.data(1)]
  const expected: { readonly losses: readonly number[]; readonly gradients: Readonly<Record<string, number>>; readonly output: number } = curves[name]
  const inputs = Object.fromEntries(Object.entries(data).map(([key, { values }]) => [key, values]))
  const training = await runtime.prepare(adamProgram(model, data, { precision, libm, parameters, gradients: true }))
  const largest = Math.max(...Object.values(expected.gradients))
  let [losses, gradients] = [0, 0]
  for (let k = 0; k < expected.losses.length; k++) {
    const result = await training.run(inputs)
    losses = Math.max(losses, lossDifference(result.loss[0], expected.losses[k], expected.losses[0]))
    if (k === 0) for (const [key, value] of Object.entries(expected.gradients)) gradients = Math.max(gradients, Math.abs(norm(result[`gradient.${key}`]) - value) / largest)
  }
  training.dispose()
  const inference = await runtime.prepare(inferenceProgram(model, data, { precision, libm, parameters }))
  const { output } = await inference.run(Object.fromEntries(model.outputData.map(key => [key, inputs[key]])))
  inference.dispose()
  return { losses, gradients, output: Math.abs(norm(output) / expected.output - 1) }
}

describe('50 Adam steps as PyTorch makes them', () => {
  it.each(names)('%s in double precision', async name => {
    const { losses, gradients, output } = await differences(name, 'float64')
    expect(losses).toBeLessThan(1e-10)
    expect(gradients).toBeLessThan(1e-12)
    expect(output).toBeLessThan(1e-12)
  })

  it.each(names)('%s in single precision', async name => {
    const { losses, gradients, output } = await differences(name, 'float32')
    expect(losses).toBeLessThan(1e-5)
    expect(gradients).toBeLessThan(1e-5)
    expect(output).toBeLessThan(1e-5)
  })
})

const python = '/usr/bin/python3'
const directory = mkdtempSync(join(tmpdir(), 'residuum-peers-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0
if (!hasTorch) console.log('PyTorch is missing: the stored curves are not compared with live ones')

it.skipIf(!hasTorch)('the peer makes the stored curves and the same parameters and data', () => {
  const { status, stderr } = spawnSync(python, ['bench/peers/peer.py', 'fno-1d', directory, '--size', 'tiny', '--precision', 'float64', '--only', 'curve'], { encoding: 'utf8' })
  expect(stderr + status).toBe('0')
  const { losses } = readArrays(join(directory, 'fno-1d-float64.npz'))
  curves['fno-1d'].losses.forEach((loss, k) => expect(Math.abs(losses.values[k] / loss - 1)).toBeLessThan(1e-12))
  const model = models['fno-1d']('tiny', libm)
  const file = readArrays(join(directory, 'initial.npz'))
  for (const [name, { values, shape }] of Object.entries(initialParameters(model.parameters, 1))) expect({ name, values: file[name].values, shape: file[name].shape }).toEqual({ name, values, shape })
  for (const [name, { values }] of Object.entries(model.data(1))) values.forEach((v, i) => expect(Math.abs(v - file[`data.${name}`].values[i])).toBeLessThan(1e-14))
})
